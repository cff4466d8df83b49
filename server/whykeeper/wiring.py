"""From settings to the parts they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whykeeper.watch.changes import Settling
from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.encoder.client import Encoder
from whykeeper_indexers.encoder.models import DEFAULT_MODEL, ModelSettings, Tier
from whykeeper_indexers.scan import ScanOptions
from whykeeper_indexers.vectors import VectorSettings

if TYPE_CHECKING:
    from whykeeper.config import Config
    from whykeeper.locations import Locations

__all__ = ["make_encoder", "model_settings", "scan_options", "settling", "vector_settings"]


def make_encoder(config: Config, locations: Locations) -> KindEncoder:
    """Make the encoder of the configured model; nothing is loaded yet."""
    encoder = Encoder(model_settings(config), locations.data_dir / "models")
    return KindEncoder(encoder, Tier(config.model.code))


def model_settings(config: Config) -> ModelSettings:
    """Say in the encoder's terms which model is wanted."""
    model = config.model
    return ModelSettings(
        model=DEFAULT_MODEL if model.name == "default" else model.name,
        query_prompt=model.query_prompt,
        passage_prompt=model.passage_prompt,
        dimensions=model.dimensions or None,
        max_length=model.max_length or None,
        dtype=model.dtype,
        batch_size=model.batch_size,
        threads=model.threads or None,
        allow_hub=model.allow_download,
    )


def scan_options(config: Config) -> ScanOptions:
    """Say in the indexers' terms what is to be indexed."""
    index = config.index
    return ScanOptions(
        tuple(index.include),
        tuple(index.exclude),
        index.max_file_bytes,
        cut_secrets=config.secrets.enabled,
    )


def settling(config: Config) -> Settling:
    """Say how long the watcher waits for more."""
    return Settling(settle_s=config.watch.settle_ms / 1000)


def vector_settings(config: Config) -> VectorSettings:
    """Say where vectors are kept."""
    vectors = config.vectors
    return VectorSettings(mode=vectors.mode, host=vectors.host, port=vectors.port, ssl=vectors.ssl)
