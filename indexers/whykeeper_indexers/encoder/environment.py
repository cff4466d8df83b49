"""What the encoder's processes find in their environment."""

from __future__ import annotations

from whykeeper_indexers.worker import minimal_environment

__all__ = ["encoder_environment"]

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
}
_QUIET = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
    # Two lanes share the cores: a thread that waits must not spin on one.
    "OMP_WAIT_POLICY": "PASSIVE",
}


def encoder_environment(*, allow_hub: bool) -> dict[str, str]:
    """Make the environment: offline unless a model may be downloaded, and no telemetry in any case."""
    return minimal_environment(_QUIET if allow_hub else {**_OFFLINE, **_QUIET})
