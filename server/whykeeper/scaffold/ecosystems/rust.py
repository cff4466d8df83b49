"""Rust: crates, their programs, and workspaces."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from whykeeper.scaffold.facts import Fact, Matter, code
from whykeeper.scaffold.tree import Tree, table

__all__ = ["read"]

_MOST = 40


def read(tree: Tree) -> Iterator[Fact]:
    """Say what crates and programs there are."""
    for path in tree.named("Cargo.toml")[:_MOST]:
        folder = posixpath.dirname(path)
        loaded = tree.toml(path)
        name = table(loaded, "package").get("name")
        line = tree.line_of(path, r"^name\s*=", tree.line_of(path, r"^\[package\]"))
        if not isinstance(name, str):
            continue
        if folder:
            yield Fact(Matter.PART, f"`{folder}/` is the crate {code(name)}", path, line)
        yield from _programs(tree, path, folder, name)
    if "Cargo.toml" in tree:
        yield Fact(Matter.TEST, code("cargo test"), "Cargo.toml")
        yield Fact(Matter.BUILD, code("cargo build"), "Cargo.toml")


def _programs(tree: Tree, path: str, folder: str, name: str) -> Iterator[Fact]:
    loaded = tree.toml(path)
    named = loaded.get("bin")
    listed = [each for each in named if isinstance(each, dict)] if isinstance(named, list) else []
    after = 0
    for each in listed:
        after = tree.line_of(path, r"^\[\[bin\]\]", after) or after
        if isinstance(program := each.get("name"), str):
            yield Fact(Matter.ENTRY, f"{code(program)} is a program of the crate {code(name)}", path, after)
    main = posixpath.join(folder, "src/main.rs")
    if not listed and main in tree:
        yield Fact(Matter.ENTRY, f"the crate {code(name)} is a program", main)
