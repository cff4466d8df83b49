"""Linters and formatters of a file, and the rules that only say what these enforce."""

from __future__ import annotations

from pathlib import Path

import pytest

from whykeeper_indexers.conventions import (
    ConfigurationFiles,
    configured_linters,
    enforcing,
    hooks_of,
    opposing,
    rules_of,
)


def written(root: Path, files: dict[str, str]) -> ConfigurationFiles:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return ConfigurationFiles(root)


def named(path: str, files: ConfigurationFiles) -> list[str]:
    return [f"{each.linter.name} {each.place}" for each in configured_linters(path, files)]


@pytest.mark.parametrize(
    ("path", "configuration", "text", "expected"),
    [
        ("a.py", "pyproject.toml", "[project]\n\n[tool.ruff.lint]\n", "ruff pyproject.toml:3"),
        ("a.py", ".ruff.toml", "", "ruff .ruff.toml"),
        ("a.py", "setup.cfg", "[x]\n[flake8]\n", "flake8 setup.cfg:2"),
        ("a.py", "pylintrc", "", "pylint pylintrc"),
        ("a.tsx", "eslint.config.mjs", "", "eslint eslint.config.mjs"),
        ("a.ts", ".eslintrc.json", "{}", "eslint .eslintrc.json"),
        ("a.js", "package.json", '{\n  "name": "a",\n  "eslintConfig": {}\n}', "eslint package.json:3"),
        ("a.css", ".prettierrc", "{}", "prettier .prettierrc"),
        ("a.ts", "biome.jsonc", "{}", "biome biome.jsonc"),
        ("a.anything", ".editorconfig", "", "EditorConfig .editorconfig"),
        ("a.go", ".golangci.yml", "", "golangci-lint .golangci.yml"),
        ("a.rs", "rustfmt.toml", "", "rustfmt rustfmt.toml"),
        ("A.java", "config/checkstyle/checkstyle.xml", "", "checkstyle config/checkstyle/checkstyle.xml"),
        ("Rakefile", ".rubocop.yml", "", "rubocop .rubocop.yml"),
        ("Dockerfile", ".hadolint.yaml", "", "hadolint .hadolint.yaml"),
        ("a.ex", ".formatter.exs", "", "mix format .formatter.exs"),
        ("a.cpp", ".clang-format", "", "clang-format .clang-format"),
        ("a.md", ".markdownlint.json", "", "markdownlint .markdownlint.json"),
    ],
)
def test_a_linter_is_found_where_it_is_configured(
    tmp_path: Path, path: str, configuration: str, text: str, expected: str
) -> None:
    assert expected in named(path, written(tmp_path, {configuration: text}))


def test_the_nearest_configuration_counts_and_only_for_its_language(tmp_path: Path) -> None:
    files = written(tmp_path, {"ruff.toml": "", "web/ruff.toml": "", "web/.eslintrc": ""})

    assert named("web/src/a.py", files) == ["ruff web/ruff.toml"]
    assert named("b.py", files) == ["ruff ruff.toml"]
    assert named("b.go", files) == []


def test_a_dependency_of_the_same_name_configures_nothing(tmp_path: Path) -> None:
    text = '{\n  "devDependencies": {\n    "prettier": "^3.0.0"\n  }\n}'
    assert named("a.ts", written(tmp_path, {"package.json": text})) == []


def test_go_code_alone_is_no_evidence_that_it_is_formatted(tmp_path: Path) -> None:
    assert named("a.go", written(tmp_path, {"go.mod": "module a\n"})) == []
    assert named("a.go", written(tmp_path, {"Makefile": "fmt:\n\tgofmt -w .\n"})) == ["gofmt Makefile:2"]


def test_nothing_outside_the_checkout_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    written(outside, {"pyproject.toml": "[tool.ruff]\n"})
    root.mkdir()
    (root / "pyproject.toml").symlink_to(outside / "pyproject.toml")
    (root / "web").symlink_to(outside)
    assert named("web/a.py", ConfigurationFiles(root)) == []


def test_hooks_are_named_by_their_ids(tmp_path: Path) -> None:
    text = "repos:\n  - repo: x\n    hooks:\n      - id: ruff\n      - id: mypy\n"
    files = written(tmp_path, {".pre-commit-config.yaml": text})
    assert hooks_of("src/a.py", files) == (".pre-commit-config.yaml", ("ruff", "mypy"))
    assert hooks_of("src/a.py", written(tmp_path / "none", {"a": ""})) is None


RUFF = "[tool.ruff]\nline-length = 110\n\n[tool.ruff.lint]\nselect = ['E', \"I\"]\n"


@pytest.mark.parametrize(
    "rule",
    [
        "Lines have at most 110 characters.",
        "Line length: 110 chars maximum",
        "Imports are sorted.",
        "Run `ruff format` before every commit.",
        "Always lint your code with ruff.",
    ],
)
def test_a_rule_that_repeats_what_is_configured_is_known(tmp_path: Path, rule: str) -> None:
    linters = configured_linters("a.py", written(tmp_path, {"pyproject.toml": RUFF}))
    assert enforcing(rules_of(rule, "AGENTS.md")[0], linters) is not None


@pytest.mark.parametrize(
    "rule",
    [
        "Lines have at most 100 characters.",
        "Lines have at most 110 characters, except in tests.",
        "Use single quotes.",
        "Run `uv run --frozen ruff check .`",
        "Never silence ruff with a bare noqa.",
        "Imports go at the top of the file.",
        "Prefer small functions.",
    ],
)
def test_a_rule_that_says_more_or_something_else_is_kept(tmp_path: Path, rule: str) -> None:
    linters = configured_linters("a.py", written(tmp_path, {"pyproject.toml": RUFF}))
    assert enforcing(rules_of(rule, "AGENTS.md")[0], linters) is None


EDITORCONFIG = (
    "root = true\n\n[*]\nindent_style = space\nindent_size = 4\n\n[Makefile]\nindent_style = tab\n"
    "\n[*.{js,json}]\nindent_size = 2\n"
)
PRETTIER = '{\n  "semi": false,\n  "singleQuote": false,\n  "trailingComma": "all"\n}\n'
SORTED = (
    "[tool.ruff]\nline-length = 110\n\n[tool.ruff.lint]\nselect = ['E', \"I\"]\n"
    '\n[tool.ruff.format]\nquote-style = "double"\n'
)


def judged(root: Path, rule: str, path: str) -> tuple[str, str]:
    texts = {".editorconfig": EDITORCONFIG, ".prettierrc": PRETTIER, "pyproject.toml": SORTED}
    linters = configured_linters(path, written(root, texts))
    (read,) = rules_of(rule, "AGENTS.md")
    enforced, opposed = enforcing(read, linters), opposing(read, linters)
    against = f"{opposed.sets} {opposed.configured.path}:{opposed.line}" if opposed else ""
    return enforced.linter.name if enforced else "", against


@pytest.mark.parametrize(
    ("path", "rule", "tool"),
    [
        ("a.py", "Use 4 spaces for indentation, never tabs.", "EditorConfig"),
        ("a.js", "Indent with 2 spaces.", "EditorConfig"),
        ("Makefile", "Use tabs for indentation.", "EditorConfig"),
        ("a.py", "Never use tabs for indentation.", "EditorConfig"),
        ("a.ts", "No semicolons.", "prettier"),
        ("a.ts", "Use double quotes, not single quotes.", "prettier"),
        ("a.ts", "Use trailing commas.", "prettier"),
        ("a.py", "Don't use single quotes.", "ruff"),
        ("a.py", "Sort imports.", "ruff"),
    ],
)
def test_a_rule_is_left_to_a_linter_that_is_set_to_the_same(
    tmp_path: Path, path: str, rule: str, tool: str
) -> None:
    assert judged(tmp_path, rule, path) == (tool, "")


@pytest.mark.parametrize(
    ("path", "rule", "against"),
    [
        ("a.py", "Use tabs for indentation.", "4 spaces .editorconfig:4"),
        ("a.py", "Use tabs.", "4 spaces .editorconfig:4"),
        ("a.py", "Indent with 2 spaces.", "4 spaces .editorconfig:5"),
        ("a.js", "Indent with 4 tabs.", "2 spaces .editorconfig:4"),
        ("a.ts", "Always use semicolons.", "no semicolons .prettierrc:2"),
        ("a.ts", "Use single quotes.", "double quotes .prettierrc:3"),
        ("a.ts", "Do not use trailing commas.", "trailing commas .prettierrc:4"),
        ("a.py", "Prefer single quotes over double quotes.", "double quotes pyproject.toml:8"),
        ("a.py", "Do not sort imports, their order matters.", "sorted imports pyproject.toml:5"),
    ],
)
def test_a_rule_against_what_a_linter_is_set_to_is_kept_and_both_places_are_known(
    tmp_path: Path, path: str, rule: str, against: str
) -> None:
    assert judged(tmp_path, rule, path) == ("", against)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("a.py", "Use tabs in Makefiles."),
        ("a.py", "Use tabs to switch between panels."),
        ("Makefile", "Use 4 spaces for indentation."),
        ("a.ts", "Use single quotes for JSX."),
        ("a.ts", "Use single quotes in Python."),
        ("a.ts", "Single or double quotes are used."),
        ("a.ts", "Use single quotes, except in tests."),
        ("a.py", "Always use semicolons."),
        ("a.py", "Lines have at most 100 characters."),
    ],
)
def test_a_rule_of_which_it_cannot_be_told_is_kept_without_a_word(
    tmp_path: Path, path: str, rule: str
) -> None:
    assert judged(tmp_path, rule, path) == ("", "")


def test_a_setting_that_is_for_some_files_or_in_a_comment_opposes_nothing(tmp_path: Path) -> None:
    overridden = '{\n  "semi": true,\n  "overrides": [{"options": {"semi": false}}]\n}\n'
    ignoring = '[lint]\nselect = ["ALL"]\nignore = [\n  "I001",\n]\n# quote-style = \'single\'\n'
    files = written(tmp_path, {".prettierrc": overridden, "ruff.toml": ignoring})
    for path, rule in (
        ("a.ts", "Use semicolons."),
        ("a.ts", "No semicolons."),
        ("a.py", "Imports are sorted."),
        ("a.py", "Do not sort imports."),
        ("a.py", "Use double quotes."),
    ):
        (read,) = rules_of(rule, "AGENTS.md")
        linters = configured_linters(path, files)
        assert (enforcing(read, linters), opposing(read, linters)) == (None, None)
