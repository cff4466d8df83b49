"""What the files that an agent has open do to an answer."""

from __future__ import annotations

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, seated

from whykeeper.opened import MOST_OPEN


@pytest.fixture(scope="module")
def agent(shared_machine: Machine, shared_project: GitFolder) -> Agent:
    for folder in ("alpha", "omega"):
        shared_project.write(
            f"src/{folder}/barge.py", f"def moor_{folder}():\n    return 'the barge moors at dusk'\n"
        )
        shared_project.write(f"src/{folder}/crane.py", "def lift():\n    return 1\n")
    for name in ("ebb", "flow"):
        shared_project.write(
            f"src/tides/{name}.py", f"def tell_{name}():\n    '''The tide turns at noon.'''\n"
        )
    shared_project.write("src/omega/ferry.py", "import src.alpha.barge\n")
    return seated(shared_machine, shared_project.root)


def found(agent: Agent, *near: str) -> list[str]:
    answer = agent.answer("search_memory", query="barge moors at dusk", near=list(near))
    assert answer["notes"] == []
    paths = [item.get("path", "") for item in answer["results"]]
    return [path for path in paths if path.endswith("barge.py")]


def test_among_what_matches_alike_comes_first_what_is_near_to_an_open_file(agent: Agent) -> None:
    assert found(agent, "src/alpha/crane.py")[0] == "src/alpha/barge.py"
    assert found(agent, "src/omega/crane.py")[0] == "src/omega/barge.py"
    assert found(agent, "src/omega/")[0] == "src/omega/barge.py"
    assert sorted(found(agent)) == ["src/alpha/barge.py", "src/omega/barge.py"]


@pytest.mark.parametrize("opened", ["src/tides/ebb.py", "src/tides/flow.py"])
def test_an_open_file_is_nearer_to_itself_than_its_neighbours(agent: Agent, opened: str) -> None:
    answer = agent.answer("search_memory", query="the tide turns at noon", near=[opened])

    assert answer["results"][0]["path"] == opened


def test_a_better_match_stays_first(agent: Agent) -> None:
    answer = agent.answer("search_memory", query="why squid for the proxy", near=["src/omega/crane.py"])

    assert answer["results"][0]["path"] == "docs/decisions/0001-use-squid.md"


def test_no_open_file_is_the_same_as_none_given(agent: Agent) -> None:
    plain = agent.answer("search_memory", query="barge moors at dusk")
    empty = agent.answer("search_memory", query="barge moors at dusk", near=[])

    assert plain["results"] == empty["results"]


def test_absolute_paths_are_understood(agent: Agent, shared_project: GitFolder) -> None:
    assert found(agent, str(shared_project.root / "src/omega/crane.py"))[0] == "src/omega/barge.py"


def test_a_file_that_is_unknown_is_named_and_its_place_counts(agent: Agent) -> None:
    answer = agent.answer("search_memory", query="barge moors at dusk", near=["src/omega/handlers.py"])

    assert answer["results"][0]["path"] == "src/omega/barge.py"
    (note,) = answer["notes"]
    assert "src/omega/handlers.py is not in the index (did you mean src/api/handlers.py?)" in note


def test_an_open_file_of_another_project_is_named_and_the_question_answered(agent: Agent) -> None:
    answer = agent.answer("search_memory", query="barge moors at dusk", near=["/etc/hosts", "."])

    assert answer["results"]
    outside, whole = answer["notes"]
    assert "/etc/hosts is outside the repository" in outside
    assert "the whole repository" in whole


def test_of_many_open_files_the_first_count(agent: Agent) -> None:
    near = ["src/alpha/crane.py"] * MOST_OPEN + ["src/omega/crane.py"]

    (note,) = agent.answer("search_memory", query="barge moors at dusk", near=near)["notes"]

    assert note == f"near: only the first {MOST_OPEN} of {MOST_OPEN + 1} count"


def test_how_near_a_result_is_can_be_explained(agent: Agent) -> None:
    asked = {"query": "barge moors at dusk", "near": ["src/omega/crane.py"], "explain": True}

    signals = [each["signals"] for each in agent.desk.control("search", **asked)["results"]]

    assert any("near open paths" in each for each in signals)


def test_a_task_in_a_place_is_answered_with_what_is_recorded_near_it(agent: Agent) -> None:
    answer = agent.answer("get_context", paths=["src/omega/crane.py"], task="the barge moors at dusk")

    assert answer["related"][0]["path"] == "src/omega/barge.py"
