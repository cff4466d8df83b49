"""Task runners of any language: make, just and Task."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from whykeeper.scaffold.facts import Fact, code, role_of
from whykeeper.scaffold.tree import Tree, table

__all__ = ["read"]

_RULE = re.compile(r"([A-Za-z][\w./-]*(?:[ \t]+[A-Za-z][\w./-]*)*)[ \t]*::?(?![=:])")
_RECIPE = re.compile(r"@?([A-Za-z][\w-]*)(?:[ \t][^:=]*)?:(?!=)")
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_JUSTFILES = ("justfile", "Justfile", ".justfile")
_TASKFILES = ("Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "taskfile.yaml")


def read(tree: Tree) -> Iterator[Fact]:
    """Name the tasks in the root that say by their name what they are for."""
    for path in [name for name in _MAKEFILES if name in tree][:1]:
        yield from _targets(tree, path)
    for path in [name for name in _JUSTFILES if name in tree][:1]:
        yield from _named(tree, path, _RECIPE, "just")
    for path in [name for name in _TASKFILES if name in tree][:1]:
        yield from _tasks(tree, path)


def _targets(tree: Tree, path: str) -> Iterator[Fact]:
    seen: set[str] = set()
    for number, line in enumerate(tree.text(path).split("\n"), start=1):
        rule = _RULE.match(line)
        for name in rule[1].split() if rule else ():
            role = role_of(name)
            if role and name not in seen:
                seen.add(name)
                yield Fact(role, code(f"make {name}"), path, number)


def _named(tree: Tree, path: str, pattern: re.Pattern[str], program: str) -> Iterator[Fact]:
    seen: set[str] = set()
    for number, line in enumerate(tree.text(path).split("\n"), start=1):
        if (found := pattern.match(line)) and found[1] not in seen and (role := role_of(found[1])):
            # One recipe may be there for each operating system.
            seen.add(found[1])
            yield Fact(role, code(f"{program} {found[1]}"), path, number)


def _tasks(tree: Tree, path: str) -> Iterator[Fact]:
    try:
        loaded = yaml.safe_load(tree.text(path))
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    for name in table(loaded, "tasks"):
        if isinstance(name, str) and (role := role_of(name)):
            line = tree.line_of(path, rf"^\s+[\"']?{re.escape(name)}[\"']?\s*:")
            yield Fact(role, code(f"task {name}"), path, line)
