"""Languages whose one tool builds and tests every project alike: a file in the root says which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from whykeeper.scaffold.facts import Fact, Matter, code, role_of
from whykeeper.scaffold.tree import Tree, table

__all__ = ["read"]

_COMMANDS: tuple[tuple[str, Matter, str], ...] = (
    ("mix.exs", Matter.TEST, "mix test"),
    ("mix.exs", Matter.BUILD, "mix compile"),
    ("Package.swift", Matter.TEST, "swift test"),
    ("Package.swift", Matter.BUILD, "swift build"),
    ("build.zig", Matter.BUILD, "zig build"),
    ("cabal.project", Matter.BUILD, "cabal build all"),
    ("cabal.project", Matter.TEST, "cabal test all"),
    ("stack.yaml", Matter.BUILD, "stack build"),
    ("stack.yaml", Matter.TEST, "stack test"),
    ("*.sln", Matter.BUILD, "dotnet build"),
    ("*.sln", Matter.TEST, "dotnet test"),
    (".rspec", Matter.TEST, "bundle exec rspec"),
    ("pubspec.yaml", Matter.TEST, "dart test"),
    ("CMakeLists.txt", Matter.BUILD, "cmake -B build && cmake --build build"),
)
_RAKE_TASK = r"^\s*Rake::TestTask\.new(?:\(\s*:?[\"']?(\w+)|\s+do|$)"
_ZIG_TEST = r"\.step\(\"test\""
_ADDS_PROGRAM = re.compile(r"^[ \t]*add_executable\([ \t]*([\w.-]+)", re.IGNORECASE | re.MULTILINE)
_SWIFT_PROGRAM = re.compile(r"\.executableTarget\(\s*name:\s*\"([\w.-]+)\"")
_MOST = 20


def read(tree: Tree) -> Iterator[Fact]:
    """Say by which commands the project is built and tested, and what programs it makes."""
    root = [path for path in tree.paths if "/" not in path]
    for pattern, matter, command in _COMMANDS:
        for path in [name for name in root if fnmatchcase(name, pattern)][:1]:
            yield Fact(matter, code(command), path)
    yield from _ruby(tree)
    yield from _php(tree)
    if line := tree.line_of("build.zig", _ZIG_TEST):
        yield Fact(Matter.TEST, code("zig build test"), "build.zig", line)
    for path, makes in (("CMakeLists.txt", _ADDS_PROGRAM), ("Package.swift", _SWIFT_PROGRAM)):
        for found in list(makes.finditer(tree.text(path)))[:_MOST]:
            line = tree.text(path).count("\n", 0, found.start(1)) + 1
            yield Fact(Matter.ENTRY, f"{code(found[1])} is a program", path, line)


def _ruby(tree: Tree) -> Iterator[Fact]:
    if line := tree.line_of("Rakefile", _RAKE_TASK):
        found = re.search(_RAKE_TASK, tree.text("Rakefile").split("\n")[line - 1])
        name = (found[1] if found else None) or "test"
        yield Fact(Matter.TEST, code(f"bundle exec rake {name}"), "Rakefile", line)


def _php(tree: Tree) -> Iterator[Fact]:
    header = tree.line_of("composer.json", r'^\s*"scripts"\s*:')
    for name in table(tree.json("composer.json"), "scripts"):
        if role := role_of(name):
            line = tree.line_of("composer.json", rf'"{re.escape(name)}"\s*:', header)
            yield Fact(role, code(f"composer {name}"), "composer.json", line)
    for path in ("phpunit.xml", "phpunit.xml.dist"):
        if path in tree:
            yield Fact(Matter.TEST, f"{code('phpunit')} is configured", path)
            return
