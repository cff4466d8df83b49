"""Functions too small for git's copy detection, followed to the file they were moved from."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt
from tests.surface.explainer import explain

ALPHA = "def alpha(knot):\n    return knot + 1\n"
BETA = "def beta(knot):\n    return knot + 2\n"
REASON = "Count by two\n\nThe harbour weighs in pairs, because its scales have two pans."


def commits(answer: dict[str, Any]) -> dict[str, str]:
    return {each["commit"]: each["because"] for each in answer["reasons"] if each["kind"] == "commit"}


def test_a_small_function_moved_to_another_file_keeps_whoever_wrote_it(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("src/a.py", ALPHA)
    git_folder.commit("Begin")
    git_folder.write("src/a.py", f"{ALPHA}\n\n{BETA}")
    wrote = git_folder.commit(REASON)
    git_folder.write("src/a.py", ALPHA)
    git_folder.write("src/b.py", f'"""Pairs."""\n\n{BETA}')
    moved = git_folder.commit("Split the files")

    agent = agent_at(git_folder.root)

    for target in ("src/b.py:3-4", "beta"):
        answer = explain(agent, target)
        assert commits(answer) == {
            wrote: "wrote these lines (in src/a.py)",
            moved: "moved these lines from src/a.py",
        }
        assert (answer["last_commit"], answer["confident"]) == (wrote, True)


@pytest.mark.parametrize(
    ("left", "other"),
    [
        (f"{ALPHA}\n\n{BETA}", "x = 1\n"),
        (f"{ALPHA}\n\n{BETA.replace('2', '3')}", "x = 1\n"),
        (ALPHA, "x = 1\n"),
    ],
    ids=["still there", "a part of it went", "gone from two files"],
)
def test_a_small_function_that_did_not_surely_come_from_there_was_written(
    agent_at: AgentAt, git_folder: GitFolder, left: str, other: str
) -> None:
    git_folder.write("src/a.py", f"{ALPHA}\n\n{BETA}")
    git_folder.write("src/c.py", f"x = 1\n\n\n{BETA}" if left == ALPHA else other)
    git_folder.commit(REASON)
    git_folder.write("src/a.py", left)
    git_folder.write("src/c.py", other)
    git_folder.write("src/b.py", f'"""Pairs."""\n\n{BETA}')
    wrote = git_folder.commit("Split the files")
    assert commits(explain(agent_at(git_folder.root), "src/b.py:3-4")) == {wrote: "wrote these lines"}
