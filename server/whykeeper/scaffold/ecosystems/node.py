"""JavaScript and TypeScript: ``package.json``, with npm, pnpm, yarn or bun; Deno's ``deno.json``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from whykeeper.scaffold.facts import Fact, Matter, code, role_of
from whykeeper.scaffold.tree import Tree, table

__all__ = ["read"]

_LOCKS = {
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lockb": "bun",
    "bun.lock": "bun",
    "package-lock.json": "npm",
}
_MOST_PARTS = 40


def read(tree: Tree) -> Iterator[Fact]:
    """Say what the packages of a repository tell."""
    for path in tree.named("package.json")[:_MOST_PARTS]:
        loaded = tree.json(path)
        yield from _programs(tree, path, loaded)
        if "/" in path:
            yield from _part(tree, path, loaded)
        else:
            yield from _scripts(tree, path, loaded, _manager(tree, loaded))
    for path in ("deno.json", "deno.jsonc"):
        yield from _tasks(tree, path)


def _programs(tree: Tree, path: str, loaded: Mapping[str, Any]) -> Iterator[Fact]:
    programs = loaded.get("bin")
    name = loaded.get("name")
    if isinstance(programs, str) and isinstance(name, str):
        programs = {name.rpartition("/")[2]: programs}
    header = tree.line_of(path, r'^\s*"bin"\s*:')
    for program, target in programs.items() if isinstance(programs, dict) else ():
        if isinstance(target, str):
            line = tree.line_of(path, rf'"{re.escape(program)}"\s*:', header - 1) or header
            inside = f" in `{path.rpartition('/')[0]}/`" if "/" in path else ""
            yield Fact(Matter.ENTRY, f"{code(program)} starts {code(target)}{inside}", path, line)


def _part(tree: Tree, path: str, loaded: Mapping[str, Any]) -> Iterator[Fact]:
    if isinstance(name := loaded.get("name"), str) and name:
        line = tree.line_of(path, r'^\s*"name"\s*:')
        yield Fact(Matter.PART, f"`{path.rpartition('/')[0]}/` is the package {code(name)}", path, line)


def _scripts(tree: Tree, path: str, loaded: Mapping[str, Any], manager: str) -> Iterator[Fact]:
    header = tree.line_of(path, r'^\s*"scripts"\s*:')
    for name, script in table(loaded, "scripts").items():
        if isinstance(script, str) and (role := role_of(name)):
            line = tree.line_of(path, rf'"{re.escape(name)}"\s*:', header)
            yield Fact(role, f"{code(f'{manager} {name}')}, which runs {code(script)}", path, line)


def _manager(tree: Tree, loaded: Mapping[str, Any]) -> str:
    """What runs a script: named in the file, or told by the lock file; npm comes with Node."""
    named = loaded.get("packageManager")
    manager = named.partition("@")[0] if isinstance(named, str) else ""
    manager = manager or next((program for lock, program in _LOCKS.items() if lock in tree), "npm")
    return {"pnpm": "pnpm run", "yarn": "yarn run", "bun": "bun run"}.get(manager, "npm run")


def _tasks(tree: Tree, path: str) -> Iterator[Fact]:
    for name in table(tree.json(path), "tasks"):
        if role := role_of(name):
            line = tree.line_of(path, rf'"{re.escape(name)}"\s*:', tree.line_of(path, r'^\s*"tasks"\s*:'))
            yield Fact(role, code(f"deno task {name}"), path, line)
