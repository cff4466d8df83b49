"""How patterns are read."""

from __future__ import annotations

import time

import pytest

from whykeeper_indexers.conventions.globs import anchor, matches, split_globs


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("**/*.ts", "a.ts"),
        ("**/*.ts", "a/b/c.ts"),
        ("src/**", "src/a/b.py"),
        ("src/**/*", "src/a.py"),
        ("src/**/test/*.py", "src/test/a.py"),
        ("src/**/test/*.py", "src/x/test/y/test/a.py"),
        ("src/*.{ts,tsx}", "src/a.tsx"),
        ("{src,lib}/**/*.{js,ts}", "lib/x/a.js"),
        ("a{b,{c,d}e}.py", "ade.py"),
        ("part{1..3}.md", "part2.md"),
        ("*.@(ts|tsx)", "a.tsx"),
        ("src/", "src/a/b.py"),
        ("src/api", "src/api/v1/a.py"),
        ("./src/*.py", "src/a.py"),
        ("/src/*.py", "src/a.py"),
        ("**", "any/thing"),
        ("*", "file"),
        ("[!a]*.py", "b.py"),
        ("[^a]*.py", "b.py"),
        (".github/**", ".github/workflows/ci.yml"),
        ("**/*", ".hidden"),
        ("src/a?c.py", "src/abc.py"),
        ("app/[id]/page.tsx", "app/i/page.tsx"),
    ],
)
def test_a_pattern_takes_in(glob: str, path: str) -> None:
    assert matches([glob], path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*.ts", "a/b.ts"),
        ("src/*.ts", "src/a/b.ts"),
        ("src/**", "lib/src/a.py"),
        ("src/api", "src/api2/a.py"),
        ("src/**/test/*.py", "src/test/deep/a.py"),
        ("**/*.ts", "a.tsx"),
        ("{a,b}.py", "c.py"),
        ("[!a]*.py", "a.py"),
        ("!src/**", "src/a.py"),
        ("src/a?c.py", "src/a/c.py"),
    ],
)
def test_a_pattern_leaves_out(glob: str, path: str) -> None:
    assert not matches([glob], path)


def test_a_later_exclamation_mark_takes_back_and_a_later_pattern_gives_again() -> None:
    globs = ["src/**", "!src/gen/**", "src/gen/keep.py"]

    assert [matches(globs, path) for path in ("src/a.py", "src/gen/b.py", "src/gen/keep.py")] == [
        True,
        False,
        True,
    ]


def test_commas_within_braces_do_not_separate() -> None:
    assert split_globs("src/**/*.{ts,tsx}, '*.md' ,\"a b.py\"") == ("src/**/*.{ts,tsx}", "*.md", "a b.py")


@pytest.mark.parametrize("value", [None, 3, {}, [None, 2], "", " , ", "x" * 501])
def test_what_is_no_pattern_is_none(value: object) -> None:
    assert split_globs(value) == ()


def test_patterns_relative_to_a_folder_are_moved_to_the_root() -> None:
    assert anchor(["src/**", "!./gen/**", "/a.py"], "web") == ("web/src/**", "!web/gen/**", "web/a.py")


@pytest.mark.parametrize(
    "glob",
    [
        "*a" * 100 + "b",
        "**/" * 60 + "b",
        "{a,b}" * 60,
        "{" * 400,
        "[" * 400,
        "(" * 300,
        "*" * 400 + "b",
        "@(" * 200,
    ],
)
def test_a_hostile_pattern_costs_no_time(glob: str) -> None:
    path = "/".join(["a" * 250] * 16)
    started = time.perf_counter()

    matches([glob], path)

    assert time.perf_counter() - started < 1.0
