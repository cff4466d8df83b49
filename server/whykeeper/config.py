"""Configuration: loaded once at an entry point and passed down.

Places, the stronger one later: the defaults; the repository's ``.whykeeper.toml`` or
``[tool.whykeeper]`` in its pyproject.toml; the user's ``config.toml``; ``WHYKEEPER_SECTION__KEY``
variables. ``python -m whykeeper.config`` prints ``config.example.toml``.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from whykeeper.settings_loading import (
    USER_FILE,
    environment_layer,
    expectation,
    repository_layers,
    user_layer,
)
from whykeeper.settings_model import REPOSITORY_MAY_SET, Config

__all__ = ["Config", "LoadedConfig", "example", "load_config", "settings"]

DEFAULT_ORIGIN = "default"
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """The configuration, and where each value came from.

    Attributes:
        config: The settings.
        origins: ``section.key`` to "default", a file's path, or "environment NAME"; complete.
        notes: What a person should know, for ``doctor`` and ``status``.
    """

    config: Config
    origins: Mapping[str, str]
    notes: tuple[str, ...] = ()


def load_config(root: Path | None, config_dir: Path, env: Mapping[str, str]) -> LoadedConfig:
    """Load every place and merge them, the stronger over the weaker.

    Args:
        root: The checkout's root; None outside a repository.
        config_dir: Folder of the user's own ``config.toml``.
        env: The client's environment; ``os.environ`` is never read here.

    Raises:
        ConfigurationError: An unknown key, a value that does not fit, a broken file, or a
            repository's file that sets what only the user may.
    """
    user_file = config_dir / USER_FILE
    layers = (
        *(repository_layers(root, user_file) if root else ()),
        user_layer(user_file),
        environment_layer(env),
    )
    origins = {name: DEFAULT_ORIGIN for name, _ in settings()}
    tables: dict[str, dict[str, Any]] = {}
    for layer in layers:
        origins.update(layer.origins)
        for name, value in layer.values.items():
            section, _, key = name.partition(".")
            tables.setdefault(section, {})[key] = value
    notes = tuple(note for layer in layers for note in layer.notes)
    return LoadedConfig(Config.model_validate(tables), origins, notes)


def settings() -> Iterator[tuple[str, FieldInfo]]:
    """Yield every setting as ``section.key`` and its field, in order."""
    for section, model in _sections():
        for key, field in model.model_fields.items():
            yield f"{section}.{key}", field


def example() -> str:
    """Write ``config.example.toml`` from the model."""
    lines = textwrap.dedent(_PREAMBLE).strip().splitlines()
    for section, model in _sections():
        lines += ["", f"# {model.__doc__}", f"[{section}]"]
        for key, field in model.model_fields.items():
            lines += ["", *_described(section, key, field), f"# {key} = {_toml(field.default)}"]
    return "\n".join(lines) + "\n"


def _sections() -> Iterator[tuple[str, type[BaseModel]]]:
    for section, field in Config.model_fields.items():
        assert isinstance(field.annotation, type)
        yield section, field.annotation


def _described(section: str, key: str, field: FieldInfo) -> list[str]:
    text = f"{field.description} Takes {expectation(field)}."
    if not REPOSITORY_MAY_SET & {section, f"{section}.{key}"}:
        text += " Not in a repository's file."
    return textwrap.wrap(
        text, width=_WIDTH, initial_indent="# ", subsequent_indent="# ", break_long_words=False
    )


def _toml(value: object) -> str:
    """Write a default as TOML: JSON spells these types alike."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


_PREAMBLE = """
# Every setting of whykeeper, with its default. Written by `just config`; don't edit it by hand.
#
# Copy what you want to change, without its leading "# ", to one of these places. A later one is stronger:
#
#   1. .whykeeper.toml at the root of a repository, or [tool.whykeeper.SECTION] in its pyproject.toml
#      (where both are there, .whykeeper.toml is read and the other is not);
#   2. config.toml in your own configuration folder (`whykeeper doctor` names it);
#   3. the environment: WHYKEEPER_SECTION__KEY, for example WHYKEEPER_SEARCH__LIMIT=20. Lists are written as
#      "a, b" or '["a", "b"]', tables as "a=b, c=d" or '{"a" = "b", "c" = "d"}'.
#
# A repository's file is as untrusted as the repository: what reaches beyond its own index is refused there.
# `whykeeper doctor` shows every value and where it came from.
"""


if __name__ == "__main__":
    sys.stdout.write(example())
