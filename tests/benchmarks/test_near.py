"""Commits as tasks: one changed file is open, the others are sought."""

from __future__ import annotations

import pytest
from benchmarks.retrieval import near
from benchmarks.retrieval.near import Change, changes_of, table, variants
from tests.conftest import GitFolder

from whykeeper_indexers.search import open_paths


@pytest.fixture
def history(git_folder: GitFolder) -> GitFolder:
    git_folder.git("config", "user.name", "Ada")
    git_folder.git("config", "user.email", "ada@example.org")
    for number, subject in enumerate(
        [
            "Let the cart add taxes (#12)",
            "Bump the version of everything",
            "Typo",
            "Sweep over all of the files",
            "Change one file on its own",
        ]
    ):
        for name in {3: "abcdefghij", 4: "a"}.get(number, "abc"):
            git_folder.write(f"src/{name}.py", f"{number}\n")
        git_folder.commit(subject)
    return git_folder


def test_only_commits_that_ask_something_and_changed_a_few_files_are_tasks(history: GitFolder) -> None:
    indexed = frozenset(f"src/{name}.py" for name in "abcdefghij")

    (change,) = changes_of(history.root, indexed, 10)

    assert change.question == "Let the cart add taxes"
    assert change.sought | {change.opened} == {"src/a.py", "src/b.py", "src/c.py"}
    assert change.opened not in change.sought
    assert changes_of(history.root, indexed, 10) == [change]


def test_files_that_cannot_be_found_are_not_sought(history: GitFolder) -> None:
    (change,) = changes_of(history.root, frozenset(["src/a.py", "src/c.py"]), 10)

    assert change.sought | {change.opened} == {"src/a.py", "src/c.py"}


def test_the_file_of_another_task_is_none_of_this_one() -> None:
    tasks = [
        Change("q", "a", frozenset("bc")),
        Change("q", "b", frozenset("a")),
        Change("q", "d", frozenset("e")),
    ]
    opened = variants([])["with a file of another task"].opened
    assert opened is not None

    assert opened(tasks, 0) == "d"
    assert opened(tasks, 1) == "d"
    assert opened(tasks, 2) == "a"


def test_every_constant_that_is_varied_is_there() -> None:
    for variant in variants([1.0]).values():
        assert all(hasattr(open_paths, name) for name in variant.constants)


def test_the_table_gives_the_differences_over_all_and_over_halves() -> None:
    scores = {near.WITHOUT: {"a": [0.5, 0.5], "b": [0.0]}, near.WITH: {"a": [1.0, 0.5], "b": [0.0]}}

    lines = table(scores, {near.WITHOUT: near.WITHOUT, near.WITH: near.WITHOUT}).splitlines()

    assert "all (3 commits) | one half (2 commits) | other half (1 commits)" in lines[0]
    assert "| 0.333 | 0.500 | 0.000 |" in lines[2]
    assert "| 0.500 (+0.167 [" in lines[3] and lines[3].endswith("| 0.000 |")
