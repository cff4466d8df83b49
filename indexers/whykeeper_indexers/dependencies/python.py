"""Dependencies in ``pyproject.toml`` (PEP 621, PEP 735, Poetry), ``requirements*.txt`` and ``Pipfile``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from whykeeper_indexers.dependencies.types import Dependency, ManifestError, placed

__all__ = ["pipfile", "pyproject", "requirements"]

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]{0,100}[A-Za-z0-9])?)(?=\s*(?:[\[<>=!~;@(,\s]|$))")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]{1,100})")


def pyproject(text: str) -> Iterator[Dependency]:
    """Read a ``pyproject.toml``."""
    manifest = _toml(text)
    project, tool = _table(manifest, "project"), _table(manifest, "tool")
    requirements = [
        *_strings(project.get("dependencies")),
        *_strings(_table(manifest, "build-system").get("requires")),
    ]
    for group in (_table(project, "optional-dependencies"), _table(manifest, "dependency-groups")):
        requirements += [each for listed in group.values() for each in _strings(listed)]
    poetry = _table(tool, "poetry")
    tables = [_table(poetry, "dependencies"), _table(poetry, "dev-dependencies")]
    tables += [
        _table(group, "dependencies") for group in _table(poetry, "group").values() if isinstance(group, dict)
    ]
    named = [name for each in requirements if (name := _name(each))]
    named += [name for table in tables for name in table if name != "python"]
    yield from placed(named, text)


def pipfile(text: str) -> Iterator[Dependency]:
    """Read a ``Pipfile``."""
    manifest = _toml(text)
    yield from placed([*_table(manifest, "packages"), *_table(manifest, "dev-packages")], text)


def requirements(text: str) -> Iterator[Dependency]:
    """Read requirements as pip takes them, one a line; other files that they name are read as files."""
    for number, line in enumerate(text.split("\n"), 1):
        plain = line.split(" #")[0].strip()
        if plain.startswith(("#", "-r", "-c", "--requirement", "--constraint")):
            continue
        egg = _EGG.search(plain)
        name = egg[1] if egg else "" if plain.startswith("-") else _name(plain)
        if name:
            yield Dependency(number, name)


def _name(requirement: str) -> str:
    found = _NAME.match(requirement[:400])
    return found[1] if found else ""


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ManifestError(f"this is no TOML: {error}") from error


def _table(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = parent.get(key)
    return found if isinstance(found, dict) else {}


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
