"""Linters and formatters that a repository has a configuration of, each with its place."""

from __future__ import annotations

from collections.abc import Iterator

from whykeeper.scaffold.facts import Fact, Matter, code
from whykeeper.scaffold.tree import Tree
from whykeeper_indexers.conventions import ConfigurationFiles, configured_linters, hooks_of

__all__ = ["linters"]

_ROOT = ""


def linters(tree: Tree) -> Iterator[Fact]:
    """Name what is configured in the root, each tool once."""
    files, known = ConfigurationFiles(tree.root), frozenset(tree.paths)
    for each in configured_linters(_ROOT, files):
        if each.path in known:
            yield Fact(Matter.LINT, code(each.linter.name), each.path, each.line if each.line > 1 else 0)
    hooks = hooks_of(_ROOT, files)
    if hooks and hooks[0] in known:
        yield Fact(Matter.LINT, code("pre-commit"), hooks[0])
