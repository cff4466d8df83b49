"""From files and environment to one checked layer each.

A layer is a flat mapping of ``section.key`` to value; every key is checked where it is read, so
that an error names the file or variable it stands in.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from whykeeper.settings_model import REPOSITORY_MAY_SET, Config
from whykeeper_indexers.errors import ConfigurationError

__all__ = [
    "ENVIRONMENT_PREFIX",
    "Layer",
    "environment_layer",
    "expectation",
    "repository_layers",
    "user_layer",
]

ENVIRONMENT_PREFIX = "WHYKEEPER_"
REPOSITORY_FILE = ".whykeeper.toml"
USER_FILE = "config.toml"
MAX_FILE_BYTES = 1024 * 1024
"""No settings file is longer; a longer one is not read, so that a repository cannot cost memory."""

_ENVIRONMENT = "environment "
_SHOWN_VALUE = 60
_TRUE_FALSE = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


@dataclass(frozen=True, slots=True)
class Layer:
    """Settings from one place.

    Attributes:
        values: ``section.key`` to value, checked.
        origins: ``section.key`` to the file or variable, for a person.
        notes: What a person should know of the place.
    """

    values: Mapping[str, object]
    origins: Mapping[str, str]
    notes: tuple[str, ...] = ()


def repository_layers(root: Path, user_file: Path) -> tuple[Layer, ...]:
    """Read the repository's own settings: ``.whykeeper.toml``, else ``[tool.whykeeper]``.

    Where both are present the dedicated file is taken and the other is named in a note, as
    ruff and pytest do.

    Raises:
        ConfigurationError: The file is broken, or sets what a repository may not.
    """
    table, note = _pyproject_table(root)
    layers = [] if note is None else [Layer({}, {}, (note,))]
    dedicated = root / REPOSITORY_FILE
    pyproject = root / "pyproject.toml"
    if dedicated.exists() or dedicated.is_symlink():
        if table is not None:
            ignored = f"{pyproject}: [tool.whykeeper] is not read, because {dedicated} is there"
            layers.append(Layer({}, {}, (ignored,)))
        table, source, allowed = _read_toml(dedicated, root), str(dedicated), REPOSITORY_MAY_SET
    else:
        source, allowed = f"{pyproject} [tool.whykeeper]", REPOSITORY_MAY_SET
    if table is not None:
        layers.append(_file_layer(table, source, allowed=allowed, user_file=user_file))
    return tuple(layers)


def user_layer(user_file: Path) -> Layer:
    """Read the user's own file, which may be missing.

    Raises:
        ConfigurationError: It is broken.
    """
    if not user_file.exists() and not user_file.is_symlink():
        return Layer({}, {})
    return _file_layer(_read_toml(user_file, None), str(user_file), allowed=None, user_file=user_file)


def environment_layer(env: Mapping[str, str]) -> Layer:
    """Read ``WHYKEEPER_SECTION__KEY`` variables; others that begin alike are not settings.

    Raises:
        ConfigurationError: A variable names no setting, or its value does not fit.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name in sorted(env):
        if not name.upper().startswith(ENVIRONMENT_PREFIX) or "__" not in name:
            continue
        section, _, key = name[len(ENVIRONMENT_PREFIX) :].lower().partition("__")
        source = f"{_ENVIRONMENT}{name}"
        field = _find(section, key, source, spell=_variable)
        values[f"{section}.{key}"] = _check(section, key, _from_text(env[name], field), source)
        origins[f"{section}.{key}"] = source
    return Layer(values, origins)


def expectation(field: FieldInfo) -> str:
    """Say in words which values a setting takes."""
    kind = field.annotation
    if get_origin(kind) is Literal:
        return f"one of {_choices(kind)}"
    if get_origin(kind) is tuple:
        return "a list of texts"
    if get_origin(kind) is dict:
        return "a table of names, each with one of " + _choices(get_args(kind)[1])
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    assert isinstance(kind, type)
    return words[kind] + _bounds(field)


def _choices(kind: object) -> str:
    return ", ".join(f'"{choice}"' for choice in get_args(kind))


def _bounds(field: FieldInfo) -> str:
    limits = {name: getattr(item, name) for item in field.metadata for name in _limit_names(item)}
    if "ge" in limits:
        return f" from {limits['ge']:,} to {limits['le']:,}"
    if "gt" in limits:
        return f" above {limits['gt']:,}, at most {limits['le']:,}"
    return " that is not empty" if "min_length" in limits else ""


def _limit_names(item: object) -> list[str]:
    return [name for name in ("ge", "gt", "le", "min_length") if getattr(item, name, None) is not None]


def _pyproject_table(root: Path) -> tuple[dict[str, Any] | None, str | None]:
    """Find ``[tool.whykeeper]``; a pyproject.toml that is broken but none of ours gives a note."""
    path = root / "pyproject.toml"
    if not path.is_file():
        return None, None
    try:
        tool = _read_toml(path, root).get("tool", {})
    except ConfigurationError as error:
        if _mentions_us(path, root):
            raise
        return None, error.message
    table = tool.get("whykeeper") if isinstance(tool, dict) else None
    if table is None:
        return None, None
    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: tool.whykeeper: expected a table, not {_shown(table)}")
    return table, None


def _lies_within(path: Path, root: Path) -> bool:
    # `Path.resolve` raises where links lead in a circle.
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _mentions_us(path: Path, root: Path) -> bool:
    if not _lies_within(path, root):
        return False
    try:
        return b"tool.whykeeper" in path.read_bytes()[:MAX_FILE_BYTES]
    except OSError:
        return False


def _read_toml(path: Path, inside: Path | None) -> dict[str, Any]:
    if inside is not None and not _lies_within(path, inside):
        raise ConfigurationError(f"{path}: a link that leaves the repository is not followed")
    try:
        if not path.is_file():
            raise ConfigurationError(f"{path}: not a regular file")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ConfigurationError(f"{path}: larger than {MAX_FILE_BYTES:,} bytes, so it is not read")
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8 text: {error.reason} at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path}: nested too deeply") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error


def _file_layer(
    table: Mapping[str, Any], source: str, *, allowed: frozenset[str] | None, user_file: Path
) -> Layer:
    values: dict[str, Any] = {}
    for section, keys in table.items():
        _section(section, source)
        if not isinstance(keys, dict):
            raise ConfigurationError(f"{source}: {section}: expected a table, not {_shown(keys)}")
        for key, value in keys.items():
            _find(section, key, source)
            if allowed is not None and not allowed & {section, f"{section}.{key}"}:
                raise _refused(section, key, source, user_file)
            values[f"{section}.{key}"] = _check(section, key, value, source)
    return Layer(values, dict.fromkeys(values, source))


def _refused(section: str, key: str, source: str, user_file: Path) -> ConfigurationError:
    return ConfigurationError(
        f"{source}: {section}.{key} may not be set by a repository",
        f"take it out there; your own file {user_file} or {_variable(section, key)} may set it",
    )


def _section(name: str, source: str) -> type[BaseModel]:
    field = Config.model_fields.get(name)
    if field is None:
        raise _unknown(source, f"section [{name}]", _nearest(name, Config.model_fields))
    assert isinstance(field.annotation, type)
    return field.annotation


def _plain(section: str, key: str) -> str:
    return f"{section}.{key}"


def _variable(section: str, key: str) -> str:
    return f"{ENVIRONMENT_PREFIX}{section}__{key}".upper()


def _find(section: str, key: str, source: str, spell: Callable[[str, str], str] = _plain) -> FieldInfo:
    fields = _section(section, source).model_fields if section in Config.model_fields else {}
    if key in fields:
        return fields[key]
    near = _nearest_setting(section, key)
    what = f"key {section}.{key}" if spell is _plain else "setting"
    raise _unknown(source, what, spell(*near) if near else None)


def _nearest_setting(section: str, key: str) -> tuple[str, str] | None:
    """Find the setting that was meant: in the same section, else a like one in any."""
    same = section if section in Config.model_fields else _nearest(section, Config.model_fields)
    for name in (*([same] if same else []), *Config.model_fields):
        found = _nearest(key, _section(name, "").model_fields)
        if found:
            return name, found
    return None


def _unknown(source: str, what: str, near: str | None) -> ConfigurationError:
    suggestion = f"; did you mean {near}?" if near else ""
    message = f"{source}: unknown {what}{suggestion}"
    return ConfigurationError(message, "config.example.toml lists every setting")


def _nearest(word: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


def _check(section: str, key: str, value: object, source: str) -> object:
    model = _section(section, source)
    given = tuple(value) if isinstance(value, list) else value
    try:
        checked: object = getattr(model.model_validate({key: given}, strict=True), key)
    except ValidationError as error:
        wanted = expectation(model.model_fields[key])
        message = f"{source}: {section}.{key}: expected {wanted}, not {_shown(value)}"
        raise ConfigurationError(message, _mend(source)) from error
    return checked


def _mend(source: str) -> str:
    variable = source.startswith(_ENVIRONMENT)
    return "put the variable right, or unset it" if variable else "put it right there"


def _shown(value: object) -> str:
    text = ("true" if value else "false") if isinstance(value, bool) else repr(value)
    return text if len(text) <= _SHOWN_VALUE else text[:_SHOWN_VALUE] + "…"


def _from_text(text: str, field: FieldInfo) -> object:
    """Read a variable's text as the setting's type; what does not fit is left for the check."""
    kind = field.annotation
    if kind is bool:
        return _TRUE_FALSE.get(text.strip().lower(), text)
    if kind is int or kind is float:
        try:
            return kind(text)
        except ValueError:
            return text
    if get_origin(kind) is tuple:
        return _list_from_text(text)
    if get_origin(kind) is dict:
        return _table_from_text(text)
    return text


def _table_from_text(text: str) -> object:
    """Read ``name=value, name=value``, or the same as an inline table of TOML."""
    if not text.lstrip().startswith("{"):
        pairs = [item.partition("=") for item in text.split(",") if item.strip()]
        return {name.strip(): value.strip() for name, _, value in pairs}
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _list_from_text(text: str) -> object:
    if not text.lstrip().startswith("["):
        return [item.strip() for item in text.split(",") if item.strip()]
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
