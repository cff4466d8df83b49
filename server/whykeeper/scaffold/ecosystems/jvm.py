"""Java, Kotlin, Scala: Gradle, Maven and sbt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whykeeper.scaffold.facts import Fact, Matter, code
from whykeeper.scaffold.tree import Tree

__all__ = ["read"]

_INCLUDED = re.compile(r"[\"']:?([\w.-]+(?::[\w.-]+)*)[\"']")
_MODULE = re.compile(r"<module>\s*([\w./-]+)\s*</module>")
_MAIN = r"^\s*mainClass(?:\.set\(|\s*=\s*|Name\s*=\s*)\s*[\"']([\w.$]+)[\"']"
_MOST = 40


def read(tree: Tree) -> Iterator[Fact]:
    """Say what modules there are and how they are built."""
    yield from _gradle(tree)
    yield from _maven(tree)
    if "build.sbt" in tree:
        yield Fact(Matter.TEST, code("sbt test"), "build.sbt")
        yield Fact(Matter.BUILD, code("sbt compile"), "build.sbt")


def _gradle(tree: Tree) -> Iterator[Fact]:
    builds = tree.named("build.gradle", "build.gradle.kts")
    settings = next((name for name in ("settings.gradle.kts", "settings.gradle") if name in tree), "")
    source = settings or next((path for path in builds if "/" not in path), "")
    if not source:
        return
    program = "./gradlew" if "gradlew" in tree else "gradle"
    yield Fact(Matter.TEST, code(f"{program} test"), source)
    yield Fact(Matter.BUILD, code(f"{program} build"), source)
    if settings:
        yield from _included(tree, settings)
    for path in builds[:_MOST]:
        if line := tree.line_of(path, _MAIN):
            main = re.search(_MAIN, tree.text(path).split("\n")[line - 1])
            assert main is not None
            yield Fact(Matter.ENTRY, f"{code(main[1])} is the main class", path, line)


def _included(tree: Tree, settings: str) -> Iterator[Fact]:
    """Projects that the settings include and whose folder is where Gradle looks for it."""
    folders = {path.rpartition("/")[0] for path in tree.paths}
    inside = False
    count = 0
    for number, line in enumerate(tree.text(settings).split("\n"), start=1):
        bare = line.strip()
        inside = (bare.startswith("include") and not bare.startswith("includeBuild")) or (
            inside and bare.startswith(("'", '"'))
        )
        for name in _INCLUDED.findall(line) if inside else ():
            folder = name.replace(":", "/")
            if any(each == folder or each.startswith(f"{folder}/") for each in folders) and count < _MOST:
                count += 1
                yield Fact(Matter.PART, f"`{folder}/` is the project {code(f':{name}')}", settings, number)


def _maven(tree: Tree) -> Iterator[Fact]:
    if "pom.xml" not in tree:
        return
    program = "./mvnw" if "mvnw" in tree else "mvn"
    yield Fact(Matter.TEST, code(f"{program} test"), "pom.xml")
    yield Fact(Matter.BUILD, code(f"{program} package"), "pom.xml")
    for number, line in enumerate(tree.text("pom.xml").split("\n"), start=1):
        for folder in _MODULE.findall(line)[:_MOST]:
            if f"{folder}/pom.xml" in tree:
                yield Fact(Matter.PART, f"`{folder}/` is a module", "pom.xml", number)
