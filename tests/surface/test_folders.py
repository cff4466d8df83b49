"""What an agent gets who asks for a folder by its path."""

from __future__ import annotations

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, seated

FOLDER = "services/harbour"


@pytest.fixture(scope="module")
def agent(shared_machine: Machine, shared_project: GitFolder) -> Agent:
    shared_project.write(f"{FOLDER}/README.md", "# Boats\n\nWhat moors here, and for how long.\n")
    shared_project.write(f"{FOLDER}/__init__.py", '"""Boats and cranes."""\n')
    for name in ("barge", "crane", "ferry"):
        shared_project.write(f"{FOLDER}/{name}.py", f"def {name}():\n    return 'moored'\n")
    shared_project.write(f"{FOLDER}/deep/diver.py", "def dive():\n    return 'moored'\n")
    shared_project.write(f"old/{FOLDER}/README.md", "# Boats of old\n\nWhat moored in services/harbour.\n")
    shared_project.write("docs/tides.md", "# Tides\n\nThe tide is told by services/harbour twice a day.\n")
    files = "\n".join(f"- {FOLDER}/{name}.py" for name in ("barge", "crane", "ferry"))
    for number in range(6):
        shared_project.git("add", "-A")
        body = f"Because of services/harbour, these were moved:\n{files}\nround {number}"
        shared_project.git("commit", "-q", "--allow-empty", "-m", f"Move services/harbour {number}\n\n{body}")
    return seated(shared_machine, shared_project.root)


def found(agent: Agent, query: str, **more: object) -> list[str]:
    answer = agent.answer("search_memory", query=query, limit=20, budget_tokens=5_000, **more)
    assert answer["confident"]
    return list(dict.fromkeys(each.get("path", "a commit") for each in answer["results"]))


@pytest.mark.parametrize(
    "query", [FOLDER, f"{FOLDER}/", f"`{FOLDER}`", f"what is in {FOLDER}?", f"./{FOLDER}/"]
)
def test_a_folders_own_documents_come_first_then_its_files_then_the_rest(agent: Agent, query: str) -> None:
    paths = found(agent, query)

    assert paths[:2] == [f"{FOLDER}/README.md", f"{FOLDER}/__init__.py"]
    assert sorted(paths[2:5]) == [f"{FOLDER}/{name}.py" for name in ("barge", "crane", "ferry")]
    assert paths[5:7] == [f"{FOLDER}/deep/diver.py", f"old/{FOLDER}/README.md"]


def test_the_end_of_a_folders_path_is_enough(agent: Agent) -> None:
    assert {f"{FOLDER}/README.md", f"old/{FOLDER}/README.md"} == set(found(agent, "harbour/")[:2])


def test_whoever_says_more_is_answered_where_that_is_said(agent: Agent) -> None:
    assert found(agent, f"how often is the tide told by {FOLDER}")[0] == "docs/tides.md"


def test_a_folder_is_found_among_the_kinds_and_paths_asked_for_alone(agent: Agent) -> None:
    assert found(agent, FOLDER, kinds=["document"])[0] == f"{FOLDER}/README.md"
    assert found(agent, FOLDER, paths=[f"{FOLDER}/deep"])[0] == f"{FOLDER}/deep/diver.py"


def test_a_folder_that_is_not_there_is_only_words(agent: Agent) -> None:
    answer = agent.answer("search_memory", query="services/lighthouse/")

    assert not any(each.get("path", "").startswith("services/lighthouse") for each in answer["results"])
