"""Editing one table of a TOML file, every other byte kept.

A new table is appended as text and an old one is cut out as text; tomlkit does the rest. Each edit
is checked by reading both texts: nothing but the table may differ.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from whykeeper_indexers.errors import ConfigurationError

__all__ = ["insert", "lookup", "parse", "remove", "update"]

_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


def parse(text: str) -> Any:
    """Read a text as plain values.

    Raises:
        ConfigurationError: It is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"not valid TOML: {error}") from error
    except RecursionError as error:
        raise ConfigurationError("not valid TOML: nested too deeply") from error


def lookup(text: str, path: Sequence[str]) -> Any:
    """Return the value at a path of keys; None when it is not there."""
    value = parse(text)
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def insert(text: str, path: Sequence[str], value: Mapping[str, Any]) -> str:
    """Add a table that is not there yet, at the end.

    Raises:
        ConfigurationError: The text is broken, or has no room for a table of that name.
    """
    wanted = _with(parse(text), path, value)
    for candidate in (_appended(text, path, value), _rewritten(text, path, value)):
        if candidate is not None and _reads_as(candidate, wanted):
            return candidate
    raise ConfigurationError(f"{'.'.join(path)}: cannot be added to this file by a program")


def update(text: str, path: Sequence[str], values: Mapping[str, Any]) -> str:
    """Set keys of a table that is there; its other keys stay.

    Raises:
        ConfigurationError: The text is broken, or there is no table at the path.
    """
    present = lookup(text, path)
    if not isinstance(present, dict):
        raise ConfigurationError(f"{'.'.join(path)}: expected a table")
    merged = {**present, **values}
    changed = {key: value for key, value in values.items() if present.get(key) != value}
    candidate = _rewritten(text, path, changed)
    if candidate is None or not _reads_as(candidate, _with(parse(text), path, merged)):
        raise ConfigurationError(f"{'.'.join(path)}: cannot be changed in this file by a program")
    return candidate


def remove(text: str, path: Sequence[str]) -> str:
    """Take a table out, with its own sub-tables; comments behind it stay.

    Raises:
        ConfigurationError: The text is broken, or the table cannot be told from the rest.
    """
    if lookup(text, path) is None:
        return text
    wanted = _without(parse(text), path)
    for candidate in (_cut(text, path), _deleted(text, path)):
        if candidate is not None and _reads_as(candidate, wanted):
            return candidate
    raise ConfigurationError(f"{'.'.join(path)}: cannot be taken out of this file by a program")


def _appended(text: str, path: Sequence[str], value: Mapping[str, Any]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    table = tomlkit.table()
    table.update(value)
    block = f"[{'.'.join(tomlkit.key(key).as_string() for key in path)}]\n{table.as_string()}"
    gap = "" if not text else newline if text.endswith("\n") else newline * 2
    return text + gap + block.replace("\n", newline)


def _rewritten(text: str, path: Sequence[str], values: Mapping[str, Any]) -> str | None:
    try:
        document = tomlkit.parse(text)
        owner: Any = document
        for key in path:
            if key not in owner:
                owner[key] = tomlkit.inline_table()
            owner = owner[key]
        owner.update(values)
        return str(document.as_string())
    except (TOMLKitError, TypeError, AttributeError, ValueError):
        return None


def _cut(text: str, path: Sequence[str]) -> str:
    """Cut every ``[path]`` and ``[path.…]`` block, up to the comments before the next header."""
    ours = re.compile(
        r"^[ \t]*\[[ \t]*"
        + r"[ \t]*\.[ \t]*".join(rf"[\"']?{re.escape(key)}[\"']?" for key in path)
        + r"[ \t]*[.\]]",
        re.MULTILINE,
    )
    while found := ours.search(text):
        following = _HEADER.search(text, found.end())
        end = following.start() if following else len(text)
        body_end = found.end() + len(_without_trailing_trivia(text[found.end() : end]))
        start = found.start()
        if body_end >= len(text) and text[:start].endswith(("\n\n", "\n\r\n")):
            start -= 2 if text[:start].endswith("\r\n") else 1
        text = text[:start] + text[body_end:]
    return text


def _without_trailing_trivia(text: str) -> str:
    """Drop blank and comment lines from the end; they belong to what follows."""
    lines = text.splitlines(keepends=True)
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return "".join(lines)


def _deleted(text: str, path: Sequence[str]) -> str | None:
    try:
        document = tomlkit.parse(text)
        owner: Any = document
        for key in path[:-1]:
            owner = owner[key]
        del owner[path[-1]]
        return str(document.as_string())
    except (TOMLKitError, TypeError, AttributeError, ValueError):
        return None


def _reads_as(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return bool(_pruned(tomllib.loads(text)) == _pruned(wanted))
    except tomllib.TOMLDecodeError:
        return False


def _pruned(value: Any) -> Any:
    """Drop empty tables: a header that only names a parent comes and goes with its children."""
    if not isinstance(value, dict):
        return value
    pruned = {key: _pruned(item) for key, item in value.items()}
    return {key: item for key, item in pruned.items() if item != {}}


def _with(data: Any, path: Sequence[str], value: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ConfigurationError(f"{path[0]}: expected a table above it")
    inner = value if len(path) == 1 else _with(data.get(path[0], {}), path[1:], value)
    return {**data, path[0]: dict(inner)}


def _without(data: Mapping[str, Any], path: Sequence[str]) -> dict[str, Any]:
    rest = {key: item for key, item in data.items() if key != path[0]}
    return rest if len(path) == 1 else {**data, path[0]: _without(data[path[0]], path[1:])}
