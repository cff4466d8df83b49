"""What an agent gets who names a file: to look into it alone, or as the whole question."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, seated

MANUAL = "docs/manual.md"
CRANES = "src/yard/cranes.py"
PARTS = ("bow", "stern", "keel", "mast", "helm", "hold")


@pytest.fixture(scope="module")
def agent(shared_machine: Machine, shared_project: GitFolder) -> Agent:
    sections = "\n".join(
        f"## The {part}\n\nPaint the {part} of a lugger twice.\n\n{f'The {part} dries late. ' * 60}\n"
        for part in PARTS
    )
    shared_project.write(MANUAL, f"# Manual\n\nHow luggers are kept.\n\n{sections}")
    shared_project.write("docs/lugger.md", "# Lugger\n\nA boat; paint it.\n")
    body = "\n".join(f"    x = hoist_{number}(x)" for number in range(60))
    functions = "\n\n".join(f"def {part}_crane(x):\n{body}\n    return x\n" for part in PARTS)
    shared_project.write(CRANES, f'"""Everything that lifts."""\n\n\n{functions}')
    shared_project.write("src/yard/paint.py", 'def paint():\n    """Used by src/yard/cranes.py."""\n')
    shared_project.commit("Paint every lugger\n\nBecause a lugger rots where it is not painted.")
    return seated(shared_machine, shared_project.root)


def results(agent: Agent, query: str, **more: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = agent.answer(
        "search_memory", query=query, limit=20, budget_tokens=5_000, **more
    )["results"]
    return found


def test_whoever_looks_into_one_file_gets_all_of_it_that_matches_and_its_commits(agent: Agent) -> None:
    inside = results(agent, "paint a lugger", paths=[MANUAL])
    anywhere = results(agent, "paint a lugger")

    passages = [each for each in inside if each.get("path")]
    assert {each["path"] for each in passages} == {MANUAL}
    assert {f"Manual > The {part}" for part in PARTS} <= {each["title"] for each in passages}
    assert all(each["text"] for each in passages)
    assert [each["kind"] for each in inside if not each.get("path")] == ["commit"]
    assert [each.get("path") for each in anywhere].count(MANUAL) == 2


def test_whoever_looks_into_a_folder_gets_two_passages_of_a_file_at_most(agent: Agent) -> None:
    paths = [each.get("path") for each in results(agent, "paint a lugger", paths=["docs"])]

    assert paths.count(MANUAL) == 2


def test_commits_are_left_out_by_asking_for_other_kinds(agent: Agent) -> None:
    kinds = {each["kind"] for each in results(agent, "luggers", paths=[MANUAL], kinds=["document"])}

    assert kinds == {"document"}


@pytest.mark.parametrize("query", [CRANES, f"./{CRANES}", "yard/cranes.py", "cranes.py", f"`{CRANES}`"])
def test_a_file_that_is_the_whole_question_is_shown_by_its_opening(agent: Agent, query: str) -> None:
    answer = agent.answer("search_memory", query=query)

    assert answer["confident"]
    assert answer["results"][0]["path"] == CRANES
    assert answer["results"][0]["lines"][0] == 1


@pytest.mark.parametrize(
    "query",
    [
        f"{CRANES}:52",
        f"{CRANES}:52:7",
        "cranes.py:50-54",
        f"{CRANES}#L50-L54",
        f"{CRANES} line 52",
        f"{CRANES}, lines 50 to 54",
        f"error: x is wrong at {CRANES}:52",
    ],
)
def test_lines_beside_a_path_are_what_is_shown_first(agent: Agent, query: str) -> None:
    first = agent.answer("search_memory", query=query)["results"][0]

    assert first["path"] == CRANES
    start, end = first["lines"]
    assert start <= 52 <= end


def test_all_passages_at_the_lines_are_given(agent: Agent) -> None:
    found = results(agent, f"{CRANES}:1-150")

    assert [each.get("path") for each in found[:3]] == [CRANES] * 3


def test_lines_past_the_end_give_the_last_passage(agent: Agent) -> None:
    first = agent.answer("search_memory", query=f"{CRANES}:9000")["results"][0]

    assert first["title"] == "hold_crane"
