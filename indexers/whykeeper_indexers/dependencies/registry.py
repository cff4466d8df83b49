"""Every manifest that is read: one function each, by the file's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from whykeeper_indexers.dependencies.go import go_mod
from whykeeper_indexers.dependencies.jvm import catalogue, gradle, pom
from whykeeper_indexers.dependencies.node import package_json
from whykeeper_indexers.dependencies.others import composer, dotnet, gemfile
from whykeeper_indexers.dependencies.python import pipfile, pyproject, requirements
from whykeeper_indexers.dependencies.rust import cargo
from whykeeper_indexers.dependencies.types import Dependency

__all__ = ["dependencies_in", "is_manifest"]

_Reader = Callable[[str], Iterator[Dependency]]
_BY_NAME: Mapping[str, _Reader] = {
    "pyproject.toml": pyproject,
    "Pipfile": pipfile,
    "package.json": package_json,
    "go.mod": go_mod,
    "pom.xml": pom,
    "build.gradle": gradle,
    "build.gradle.kts": gradle,
    "Cargo.toml": cargo,
    "composer.json": composer,
    "Gemfile": gemfile,
    "Directory.Packages.props": dotnet,
}
_BY_PATTERN: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (
        re.compile(r"(?:.*/)?(?:[\w.-]{0,60}requirements[\w.-]{0,60}|requirements/[\w.-]{1,60})\.(?:txt|in)"),
        requirements,
    ),
    (re.compile(r"(?:.*/)?[\w.-]{1,60}\.versions\.toml"), catalogue),
    (re.compile(r"(?:.*/)?[\w.-]{1,60}\.gradle(?:\.kts)?"), gradle),
    (re.compile(r"(?:.*/)?[\w.-]{1,80}\.(?:cs|fs|vb)proj"), dotnet),
)


def is_manifest(path: str) -> bool:
    """Whether a file asks for packages."""
    return _reader(path) is not None


def dependencies_in(path: str, text: str) -> tuple[Dependency, ...]:
    """List what a manifest asks for.

    Args:
        path: Its name says what it is.
        text: Of the file.

    Raises:
        ManifestError: It cannot be read.
    """
    reader = _reader(path)
    return tuple(reader(text)) if reader is not None else ()


def _reader(path: str) -> _Reader | None:
    named = _BY_NAME.get(path.rpartition("/")[2])
    return named or next((reader for pattern, reader in _BY_PATTERN if pattern.fullmatch(path)), None)
