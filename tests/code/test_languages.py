"""Which paths are code, and in which language."""

from __future__ import annotations

import pytest

from whykeeper_indexers.code import is_code, language_of
from whykeeper_indexers.decisions import DecisionLayout
from whykeeper_indexers.parse import ParseContext, parse_file
from whykeeper_indexers.types import Kind, Role, SourceText


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a/b.py", "python"),
        ("a/b.pyi", "python"),
        ("web/App.tsx", "tsx"),
        ("web/app.mts", "typescript"),
        ("lib/x.jsx", "javascript"),
        ("Main.java", "java"),
        ("build.gradle.kts", "kotlin"),
        ("include/x.hpp", "cpp"),
        ("Rakefile", "ruby"),
        ("deploy/Dockerfile.dev", "dockerfile"),
        ("Makefile", "make"),
        ("CMakeLists.txt", "cmake"),
        ("infra/main.tf", "hcl"),
        ("api/v1.proto", "proto"),
        ("web/tsconfig.build.json", "json"),
        ("package.json", "json"),
        ("go.mod", "go.mod"),
        (".github/workflows/ci.yml", "yaml"),
    ],
)
def test_a_path_names_its_language(path: str, language: str) -> None:
    assert language_of(path) == language
    assert is_code(path)


@pytest.mark.parametrize(
    "path", ["README.md", "data/people.json", "notes.txt", "logo.png", "LICENSE", "go.sum", ""]
)
def test_data_and_prose_are_not_code(path: str) -> None:
    assert not is_code(path)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("#!/bin/sh", "bash"),
        ("#!/bin/bash -eu", "bash"),
        ("#! /bin/dash", "bash"),
        ("#!/bin/zsh", "bash"),
        ("#!/usr/bin/env ksh", "bash"),
        ("#!/bin/busybox sh", "bash"),
        ("#!/usr/bin/env bash", "bash"),
        ("#!/usr/bin/python3 -I", "python"),
        ("#!/usr/bin/env python", "python"),
        ("#!/usr/bin/env python3", "python"),
        ("#!/opt/python/bin/python3.12", "python"),
        ("#!/usr/bin/env -S python3 -u", "python"),
        ("#!/usr/bin/env -S uv run --script", "python"),
        ("#!/usr/bin/env -S PYTHONPATH=. poetry run python", "python"),
        ("#!/usr/bin/env node", "javascript"),
        ("#!/usr/bin/env -S node --no-warnings", "javascript"),
        ("#!/usr/bin/env -iS -u HOME node", "javascript"),
        ("#!/usr/bin/env -S deno run --allow-net", "typescript"),
        ("#!/usr/bin/env bun", "typescript"),
        ("#!/usr/bin/env ts-node", "typescript"),
        ("#!/usr/bin/env -S npx -y tsx", "typescript"),
        ("#!/usr/bin/env -Stsx", "typescript"),
        ("#!/usr/bin/env --split-string=tsx", "typescript"),
        ("#!/usr/bin/env ruby2.7", "ruby"),
        ("#!/usr/bin/php8.3 -q", "php"),
        ("#!/usr/bin/lua5.4", "lua"),
        ("#!/usr/bin/env luajit", "lua"),
        ("#!/usr/bin/env elixir", "elixir"),
        ("#!/usr/bin/env runhaskell", "haskell"),
        ("#!/usr/bin/env stack", "haskell"),
        ("#!/usr/bin/env -S cargo +nightly -Zscript", "rust"),
        ("#!/usr/bin/perl -w", "perl"),
        ("#!/usr/bin/env Rscript", "r"),
    ],
)
def test_a_script_without_extension_is_known_by_its_first_line(line: str, language: str) -> None:
    assert language_of("bin/release", line) == language
    assert is_code("bin/release", line)


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "",
        "#!",
        "#!/usr/bin/env",
        "#!/usr/bin/env -u",
        "#!/opt/bash/bin/unheard-of",
        "#!/bin/unheard-of python",
        "# !/bin/sh",
        "say #!/bin/sh",
        "#!" + "-" * 5_000,
    ],
)
def test_another_first_line_makes_no_script(line: str) -> None:
    assert language_of("bin/release", line) is None


def test_a_known_name_says_more_than_the_first_line() -> None:
    assert language_of("bin/release.py", "#!/bin/sh") == "python"
    assert language_of("Makefile", "#!/bin/sh") == "make"
    assert language_of("Dockerfile", "#!/bin/sh") == "dockerfile"
    assert language_of("hooks/pre-commit.sample", "#!/bin/sh") == "bash"


DEPLOY = """\
#!/usr/bin/env bash
set -e

# The old release stays up, because the balancer needs ten seconds to notice.
drain() {
  sleep 10
}
"""


@pytest.mark.parametrize("path", ["bin/deploy", "bin/install", "hooks/pre-commit.sample"])
def test_a_script_is_read_as_code_with_its_symbols_and_reasons(path: str) -> None:
    parsed = parse_file(SourceText(path, DEPLOY, "digest"), ParseContext(DecisionLayout()))

    assert parsed is not None
    assert (parsed.kind, parsed.language) == (Kind.CODE, "bash")
    assert "drain" in [chunk.symbol for chunk in parsed.chunks]
    assert any(chunk.role is Role.REASON and "balancer" in chunk.text for chunk in parsed.chunks)


@pytest.mark.parametrize("path", ["notes.md", "INSTALL", "data/people.csv"])
def test_a_file_that_is_no_script_is_what_it_was(path: str) -> None:
    text = "Run it.\n\n#!/bin/sh\n"

    parsed = parse_file(SourceText(path, text, "digest"), ParseContext(DecisionLayout()))

    assert parsed is None or parsed.kind is Kind.DOCUMENT
