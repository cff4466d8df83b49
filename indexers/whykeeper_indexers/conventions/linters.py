"""Linters and formatters, and where each is configured: one table, a row a tool.

What they enforce needs no rule that is read before every edit; that they do, and where it is written, does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from fnmatch import fnmatchcase

__all__ = ["LINTERS", "Linter", "Matter"]


class Matter(Enum):
    """What a tool may enforce that convention files often say again."""

    BLANKS = auto()
    """Indentation, width of lines, blanks at their ends."""
    LAYOUT = auto()
    """Quotes, semicolons, commas."""
    IMPORTS = auto()
    """The order of imports."""


_PYTHON = frozenset({".py", ".pyi"})
_SCRIPT = frozenset(
    {".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte", ".astro"}
)
_TYPED_SCRIPT = frozenset({".ts", ".tsx", ".mts", ".cts"})
_STYLE = frozenset({".css", ".scss", ".sass", ".less"})
_MARKUP = frozenset({".json", ".jsonc", ".html", ".md", ".mdx", ".yaml", ".yml", ".graphql"})
_GO = frozenset({".go"})
_RUST = frozenset({".rs"})
_JAVA = frozenset({".java"})
_KOTLIN = frozenset({".kt", ".kts"})
_SCALA = frozenset({".scala", ".sc", ".sbt"})
_RUBY = frozenset({".rb", ".rake", ".gemspec"})
_PHP = frozenset({".php"})
_ELIXIR = frozenset({".ex", ".exs"})
_C = frozenset({".c", ".h", ".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".m", ".mm", ".proto"})
_SHELL = frozenset({".sh", ".bash", ".ksh"})
_YAML = frozenset({".yaml", ".yml"})
_MARKDOWN = frozenset({".md", ".markdown"})
_CSHARP = frozenset({".cs", ".csx", ".vb"})
_HASKELL = frozenset({".hs"})
_LUA = frozenset({".lua"})
_SWIFT = frozenset({".swift"})

_BLANKS = frozenset({Matter.BLANKS})
_LAYOUT = frozenset({Matter.BLANKS, Matter.LAYOUT})
_IMPORTS = frozenset({Matter.IMPORTS})


@dataclass(frozen=True, slots=True)
class Linter:
    """One tool.

    Attributes:
        name: What it is called.
        suffixes: Of the files it reads; empty for any.
        files: Names of files that are its configuration, as ``fnmatch`` has it; some with a folder.
        within: Files shared with others, each with the expression whose line begins its part.
        key: Of the outermost object of ``package.json``; empty for none.
        enforces: What it enforces however it is configured.
        sorts: Found in a configuration that has it order imports; None where none does.
        words: By which a rule says to run it; its name alone by default.
        names: Of files it reads besides, by their name.
        sectioned: Its configuration has a part for each kind of files.
    """

    name: str
    suffixes: frozenset[str]
    files: tuple[str, ...] = ()
    within: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    enforces: frozenset[Matter] = frozenset()
    sorts: re.Pattern[str] | None = None
    key: str = ""
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sectioned: bool = False

    def reads(self, name: str) -> bool:
        """Say whether it reads a file, by the file's own name."""
        suffix = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
        return (
            not self.suffixes
            or suffix in self.suffixes
            or any(fnmatchcase(name, each) for each in self.names)
        )


def _table(name: str) -> Mapping[str, re.Pattern[str]]:
    return {"pyproject.toml": re.compile(rf"^\[{re.escape(name)}(?:\]|\.)", re.MULTILINE)}


def _section(name: str, *files: str) -> Mapping[str, re.Pattern[str]]:
    return dict.fromkeys(files, re.compile(rf"^\[{name}\]", re.MULTILINE))


def _plugin(*names: str) -> Mapping[str, re.Pattern[str]]:
    """A plug-in that a build applies."""
    named = re.compile("|".join(map(re.escape, names)))
    return dict.fromkeys(("build.gradle", "build.gradle.kts", "pom.xml"), named)


_RUFF_SORTS = re.compile(r"[\"'](?:I|I001|ALL)[\"']")
_SCRIPT_SORTS = re.compile(
    r"import/order|import-x/order|sort-imports|import-sort|organizeImports|perfectionist"
)
_RUNS_GOFMT = re.compile(r"^[ \t]*(?:-[ \t]*)?@?(?:gofmt|gofumpt|go fmt)\b", re.MULTILINE)
_GOFMT = dict.fromkeys((".golangci.yml", ".golangci.yaml", "Makefile", "justfile"), _RUNS_GOFMT)

LINTERS: tuple[Linter, ...] = (
    Linter("ruff", _PYTHON, ("ruff.toml", ".ruff.toml"), _table("tool.ruff"), _LAYOUT, _RUFF_SORTS),
    Linter("black", _PYTHON, (), _table("tool.black"), _LAYOUT),
    Linter(
        "isort",
        _PYTHON,
        (".isort.cfg",),
        {**_table("tool.isort"), **_section("isort", "setup.cfg", "tox.ini")},
        _IMPORTS,
    ),
    Linter("flake8", _PYTHON, (".flake8",), _section("flake8", "setup.cfg", "tox.ini"), _BLANKS),
    Linter(
        "pylint",
        _PYTHON,
        (".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml"),
        _table("tool.pylint"),
    ),
    Linter(
        "mypy",
        _PYTHON,
        ("mypy.ini", ".mypy.ini"),
        {**_table("tool.mypy"), **_section("mypy", "setup.cfg")},
    ),
    Linter("pyright", _PYTHON, ("pyrightconfig.json",), _table("tool.pyright")),
    Linter(
        "import-linter",
        _PYTHON,
        (".importlinter",),
        {**_table("tool.importlinter"), **_section("importlinter", "setup.cfg")},
        words=("import-linter", "lint-imports"),
    ),
    Linter(
        "eslint",
        _SCRIPT,
        ("eslint.config.*", ".eslintrc", ".eslintrc.*"),
        {},
        key="eslintConfig",
        sorts=_SCRIPT_SORTS,
    ),
    Linter(
        "prettier",
        _SCRIPT | _STYLE | _MARKUP,
        (".prettierrc", ".prettierrc.*", "prettier.config.*"),
        {},
        _LAYOUT,
        _SCRIPT_SORTS,
        key="prettier",
    ),
    Linter(
        "biome",
        _SCRIPT | _STYLE | {".json", ".jsonc"},
        ("biome.json", "biome.jsonc"),
        {},
        _LAYOUT,
        _SCRIPT_SORTS,
    ),
    Linter("stylelint", _STYLE, (".stylelintrc", ".stylelintrc.*", "stylelint.config.*"), key="stylelint"),
    Linter("oxlint", _SCRIPT, (".oxlintrc.json", "oxlint.config.*")),
    Linter("oxfmt", _SCRIPT, (".oxfmtrc.json", ".oxfmtrc.jsonc"), {}, _LAYOUT),
    Linter("dprint", _SCRIPT | _MARKUP, ("dprint.json", ".dprint.json", "dprint.jsonc"), {}, _LAYOUT),
    Linter("tslint", _TYPED_SCRIPT, ("tslint.json", "tslint.y*ml")),
    Linter(
        "EditorConfig",
        frozenset(),
        (".editorconfig",),
        {},
        _BLANKS,
        words=("editorconfig",),
        sectioned=True,
    ),
    Linter("golangci-lint", _GO, (".golangci.y*ml", ".golangci.toml", ".golangci.json"), {}, _BLANKS),
    # gofmt has nothing to configure: what runs it is the evidence that somebody does.
    Linter("gofmt", _GO, (), _GOFMT, _LAYOUT, words=("gofmt", "go fmt", "gofumpt")),
    Linter("rustfmt", _RUST, ("rustfmt.toml", ".rustfmt.toml"), {}, _LAYOUT, words=("rustfmt", "cargo fmt")),
    Linter(
        "clippy",
        _RUST,
        ("clippy.toml", ".clippy.toml"),
        {"Cargo.toml": re.compile(r"^\[(?:workspace\.)?lints\.clippy\]", re.MULTILINE)},
        words=("clippy", "cargo clippy"),
    ),
    Linter(
        "checkstyle",
        _JAVA,
        ("checkstyle*.xml", "config/checkstyle/checkstyle.xml"),
        _plugin("checkstyle"),
        _BLANKS,
    ),
    Linter(
        "spotless", _JAVA | _KOTLIN, (), _plugin("com.diffplug.spotless", "spotless-maven-plugin"), _LAYOUT
    ),
    Linter("ktlint", _KOTLIN, (), _plugin("org.jlleitschuh.gradle.ktlint", "ktlint-maven-plugin"), _BLANKS),
    Linter(
        "detekt",
        _KOTLIN,
        ("detekt*.y*ml", "config/detekt/detekt.y*ml"),
        _plugin("io.gitlab.arturbosch.detekt"),
    ),
    Linter("scalafmt", _SCALA, (".scalafmt.conf",), {}, _LAYOUT),
    Linter("scalafix", _SCALA, (".scalafix.conf",)),
    Linter("standard", _RUBY, (".standard.yml",), {}, _LAYOUT, words=("standardrb",)),
    Linter("rubocop", _RUBY, (".rubocop.yml",), {}, _BLANKS, names=("Gemfile", "Rakefile")),
    Linter(
        "php-cs-fixer",
        _PHP,
        (".php-cs-fixer.php", ".php-cs-fixer.dist.php", ".php_cs", ".php_cs.dist"),
        {},
        _LAYOUT,
    ),
    Linter("phpcs", _PHP, ("phpcs.xml", "phpcs.xml.dist", ".phpcs.xml"), {}, _BLANKS),
    Linter("phpstan", _PHP, ("phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon")),
    Linter("credo", _ELIXIR, (".credo.exs",), words=("credo", "mix credo")),
    Linter("mix format", _ELIXIR, (".formatter.exs",), {}, _LAYOUT),
    Linter("clang-format", _C, (".clang-format", "_clang-format"), {}, _LAYOUT),
    Linter("clang-tidy", _C, (".clang-tidy",)),
    Linter("StyleCop", _CSHARP, ("stylecop.json",), {}, _BLANKS),
    Linter("SwiftLint", _SWIFT, (".swiftlint.yml",), {}, _BLANKS, words=("swiftlint",)),
    Linter("swift-format", _SWIFT, (".swift-format",), {}, _LAYOUT),
    Linter("SwiftFormat", _SWIFT, (".swiftformat",), {}, _LAYOUT, words=("swiftformat",)),
    Linter("stylua", _LUA, ("stylua.toml", ".stylua.toml"), {}, _LAYOUT),
    Linter("hlint", _HASKELL, (".hlint.yaml",)),
    Linter("shellcheck", _SHELL, (".shellcheckrc", "shellcheckrc")),
    Linter(
        "hadolint",
        frozenset({".dockerfile"}),
        (".hadolint.y*ml",),
        names=("Dockerfile", "Dockerfile.*", "Containerfile"),
    ),
    Linter("markdownlint", _MARKDOWN, (".markdownlint.*", ".markdownlint-cli2.*", ".mdlrc"), {}, _BLANKS),
    Linter("yamllint", _YAML, (".yamllint", ".yamllint.y*ml"), {}, _BLANKS),
    Linter(
        "commitlint",
        frozenset(),
        ("commitlint.config.*", ".commitlintrc", ".commitlintrc.*"),
        {},
        key="commitlint",
    ),
)
"""In the order in which they are named."""
