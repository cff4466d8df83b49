"""Dependencies in ``pom.xml``, ``build.gradle``, ``build.gradle.kts`` and Gradle's version catalogues."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from xml.etree import ElementTree

from whykeeper_indexers.dependencies.types import Dependency, ManifestError

__all__ = ["catalogue", "gradle", "pom"]

_NAMESPACE = re.compile(r"^\{[^}]*\}")
_COORDINATES = re.compile(r"[\"']([A-Za-z0-9_.-]{1,120}:[A-Za-z0-9_.-]{1,120})(?::[^\"'\n]{0,120})?[\"']")
_NAMED = re.compile(
    r"\bgroup\s*[:=]\s*[\"']([\w.-]{1,120})[\"']\s*,\s*(?:name|module)\s*[:=]\s*[\"']([\w.-]{1,120})[\"']"
)
_CALL = re.compile(r"^\s*\w{1,60}\s*[( ]")
"""A configuration with what it asks for: its names are the project's own."""
_ADDRESS = "scm:"


def pom(text: str) -> Iterator[Dependency]:
    """Read a ``pom.xml``: dependencies, managed ones and plugins."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        # Entities that name others grow without end, and no such file needs them.
        raise ManifestError("a pom.xml with a document type is not read")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ManifestError(f"this is no XML: {error}") from error
    lines = text.split("\n")
    at = 0
    for element in root.iter():
        if _NAMESPACE.sub("", str(element.tag)) in ("dependency", "plugin"):
            fields = {_NAMESPACE.sub("", str(each.tag)): (each.text or "").strip() for each in element}
            artifact = fields.get("artifactId", "")
            if artifact:
                at = _line(lines, artifact, at)
                group = fields.get("groupId", "org.apache.maven.plugins")
                yield Dependency(at or 1, f"{group}:{artifact}")


def _line(lines: list[str], artifact: str, after: int) -> int:
    """Where an artifact is named, counted from the one before it: one may be named twice."""
    wanted = f"<artifactId>{artifact}</artifactId>"
    return next((number for number in range(after + 1, len(lines) + 1) if wanted in lines[number - 1]), after)


def gradle(text: str) -> Iterator[Dependency]:
    """Read a build script of Gradle, in Groovy or Kotlin, as far as coordinates stand in it."""
    for number, line in enumerate(text.split("\n"), 1):
        plain = line[:1_000]
        if plain.lstrip().startswith(("//", "*", "/*")) or not _CALL.match(plain):
            continue
        for found in _COORDINATES.finditer(plain):
            if not found[1].startswith(_ADDRESS):
                yield Dependency(number, found[1])
        for found in _NAMED.finditer(plain):
            yield Dependency(number, f"{found[1]}:{found[2]}")


def catalogue(text: str) -> Iterator[Dependency]:
    """Read a version catalogue, ``gradle/libs.versions.toml``."""
    try:
        libraries = tomllib.loads(text).get("libraries")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ManifestError(f"this is no TOML: {error}") from error
    lines = text.split("\n")
    for alias, value in libraries.items() if isinstance(libraries, dict) else ():
        module = _module(value)
        if module:
            pattern = re.compile(rf"\s*[\"']?{re.escape(alias)}[\"']?\s*[=.]")
            yield Dependency(next((at for at, line in enumerate(lines, 1) if pattern.match(line)), 1), module)


def _module(value: object) -> str:
    if isinstance(value, str):
        return ":".join(value.split(":")[:2])
    if isinstance(value, dict) and "module" in value:
        return str(value["module"])
    if isinstance(value, dict) and "group" in value and "name" in value:
        return f"{value['group']}:{value['name']}"
    return ""
