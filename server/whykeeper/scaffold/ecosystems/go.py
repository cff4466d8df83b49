"""Go: modules and the programs in them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from whykeeper.scaffold.facts import Fact, Matter, code
from whykeeper.scaffold.tree import Tree

__all__ = ["read"]

_MOST = 20
_HELPERS = frozenset({"scripts", "script", "hack", "tools", "tool", "contrib", "internal", "build", "ci"})
"""Folders whose programs help those who work on the project."""
_READ = 400
"""Files looked at: ``main`` is nearly always in a ``main.go``, and these are read first."""


def read(tree: Tree) -> Iterator[Fact]:
    """Say what modules and programs there are."""
    modules = tree.named("go.mod")
    for path in modules[:_MOST]:
        line = tree.line_of(path, r"^module\s")
        name = tree.text(path).split("\n")[line - 1].split()[1] if line else ""
        if not name:
            continue
        where = posixpath.dirname(path)
        yield Fact(
            Matter.PART, f"{f'`{where}/`' if where else 'the root'} is the module {code(name)}", path, line
        )
    if "go.mod" in tree:
        yield Fact(Matter.TEST, code("go test ./..."), "go.mod")
        yield Fact(Matter.BUILD, code("go build ./..."), "go.mod")
    if modules:
        yield from _programs(tree)


def _programs(tree: Tree) -> Iterator[Fact]:
    sources = [path for path in tree.own() if path.endswith(".go") and not path.endswith("_test.go")]
    likely = [path for path in sources if path.endswith("main.go") or "cmd" in path.split("/")]
    likely = [path for path in likely if _HELPERS.isdisjoint(path.split("/"))]
    seen: set[str] = set()
    for path in likely[:_READ]:
        folder = posixpath.dirname(path)
        if folder in seen or len(seen) >= _MOST or not tree.line_of(path, r"^func main\(\)"):
            continue
        text = tree.text(path)
        # `//go:build ignore` marks a script of the build, which is no program of the project.
        if tree.line_of(path, r"^package main\b") and "//go:build ignore" not in text:
            seen.add(folder)
            what = f"`./{folder}`" if folder else "the root"
            yield Fact(Matter.ENTRY, f"{what} is a program", path, tree.line_of(path, r"^func main\(\)"))
