"""Which paths are code, and in which language."""

from __future__ import annotations

import pytest

from whykeeper_indexers.code import is_code, language_of


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


def test_a_script_without_extension_is_known_by_its_first_line() -> None:
    assert language_of("bin/release", "#!/usr/bin/env bash") == "bash"
    assert language_of("bin/release", "#!/usr/bin/python3 -I") == "python"
    assert language_of("bin/release", "hello") is None
