"""Linters and formatters that a repository has a configuration of, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from whykeeper.scaffold.facts import Fact, Matter, code
from whykeeper.scaffold.tree import Tree

__all__ = ["linters"]

_BY_FILE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("EditorConfig", (".editorconfig",)),
    ("pre-commit", (".pre-commit-config.yaml", ".pre-commit-config.yml")),
    ("ruff", ("ruff.toml", ".ruff.toml")),
    ("flake8", (".flake8",)),
    ("pylint", (".pylintrc", "pylintrc")),
    ("mypy", ("mypy.ini", ".mypy.ini")),
    ("eslint", ("eslint.config.*", ".eslintrc", ".eslintrc.*")),
    ("prettier", (".prettierrc", ".prettierrc.*", "prettier.config.*")),
    ("biome", ("biome.json", "biome.jsonc")),
    ("dprint", ("dprint.json", ".dprint.json")),
    ("stylelint", (".stylelintrc", ".stylelintrc.*", "stylelint.config.*")),
    ("golangci-lint", (".golangci.yml", ".golangci.yaml", ".golangci.toml")),
    ("rustfmt", ("rustfmt.toml", ".rustfmt.toml")),
    ("clippy", ("clippy.toml", ".clippy.toml")),
    ("clang-format", (".clang-format",)),
    ("clang-tidy", (".clang-tidy",)),
    ("rubocop", (".rubocop.yml",)),
    ("standard (Ruby)", (".standard.yml",)),
    ("php-cs-fixer", (".php-cs-fixer.php", ".php-cs-fixer.dist.php")),
    ("PHPStan", ("phpstan.neon", "phpstan.neon.dist")),
    ("credo", (".credo.exs",)),
    ("mix format", (".formatter.exs",)),
    ("scalafmt", (".scalafmt.conf",)),
    ("ktlint", (".ktlint",)),
    ("detekt", ("detekt.yml", "detekt.yaml")),
    ("SwiftLint", (".swiftlint.yml",)),
    ("SwiftFormat", (".swiftformat",)),
    ("swift-format", (".swift-format",)),
    ("stylua", ("stylua.toml", ".stylua.toml")),
    ("hlint", (".hlint.yaml",)),
    ("ShellCheck", (".shellcheckrc",)),
    ("markdownlint", (".markdownlint.*", ".markdownlint-cli2.*")),
    ("yamllint", (".yamllint", ".yamllint.yml", ".yamllint.yaml")),
    ("commitlint", ("commitlint.config.*", ".commitlintrc", ".commitlintrc.*")),
)
_BY_TABLE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pyproject.toml": (
        ("ruff", r"^\[tool\.ruff(?:\]|\.)"),
        ("black", r"^\[tool\.black\]"),
        ("isort", r"^\[tool\.isort\]"),
        ("mypy", r"^\[tool\.mypy\]"),
        ("pylint", r"^\[tool\.pylint(?:\]|\.)"),
        ("pyright", r"^\[tool\.pyright\]"),
        ("import-linter", r"^\[tool\.importlinter\]"),
    ),
    "setup.cfg": (("flake8", r"^\[flake8\]"), ("isort", r"^\[isort\]"), ("mypy", r"^\[mypy\]")),
    "tox.ini": (("flake8", r"^\[flake8\]"),),
    "package.json": (
        ("eslint", r'^\s{1,8}"eslintConfig"\s*:'),
        ("prettier", r'^\s{1,8}"prettier"\s*:\s*[{]'),
    ),
}


def linters(tree: Tree) -> Iterator[Fact]:
    """Name what is configured in the root, each tool once."""
    seen: set[str] = set()
    root = [path for path in tree.paths if "/" not in path]
    for name, patterns in _BY_FILE:
        found = next((path for path in root if any(fnmatchcase(path, each) for each in patterns)), "")
        if found and name not in seen:
            seen.add(name)
            yield Fact(Matter.LINT, code(name), found)
    for path, tables in _BY_TABLE.items():
        for name, header in tables:
            line = tree.line_of(path, header)
            if line and name not in seen:
                seen.add(name)
                yield Fact(Matter.LINT, code(name), path, line)
