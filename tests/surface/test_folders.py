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
    shared_project.write("README.md", "# Port\n\nEverything that floats, and where.\n")
    for name in ("dry-dock/a.py", "dry-dock/b.py", "yard/a.py", "crane/a.py", "crane/b.py"):
        shared_project.write(name, f"PLACE = {name!r}\n")
    shared_project.write("yard/README.md", "# Where hulls lie\n\nUntil they are mended.\n")
    shared_project.write("setup.py", "NAME = 'port'\n")
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


@pytest.mark.parametrize(
    "query",
    [
        "services/",
        "./services",
        "./services/",
        "{root}/services",
        "{root}/services/",
        "dry-dock",
        "`yard`",
        "yard",
    ],
)
def test_a_folder_of_the_root_is_known_by_its_name_alone(
    agent: Agent, shared_project: GitFolder, query: str
) -> None:
    paths = found(agent, query.format(root=shared_project.root))

    folder = query.strip("`/").rpartition("/")[2]
    assert [path.split("/")[0] for path in paths[:2]] == [folder, folder]


def test_a_name_is_a_folder_only_where_there_is_one_and_nothing_else_is_said(agent: Agent) -> None:
    tides = agent.answer("search_memory", query="how often are tides told in services")["results"]

    assert tides[0]["path"] == "docs/tides.md"
    assert found(agent, "tides")[0] == "docs/tides.md"
    assert found(agent, "crane")[0] == f"{FOLDER}/crane.py"


@pytest.mark.parametrize("query", [".", "./", "`.`", "{root}", "{root}/", "`{root}/`"])
def test_the_root_gives_its_own_documents_then_its_files(
    agent: Agent, shared_project: GitFolder, query: str
) -> None:
    paths = found(agent, query.format(root=shared_project.root))

    assert paths[0] == "README.md"
    assert set(paths[1:3]) == {"AGENTS.md", "setup.py"}


def test_the_root_in_a_sentence_and_a_sibling_of_it_are_no_trouble(
    agent: Agent, shared_project: GitFolder
) -> None:
    root = shared_project.root

    assert found(agent, f"how often is the tide told in {root}?")[0] == "docs/tides.md"
    assert agent.answer("search_memory", query=f"{root}-old/x.py")["query"] == f"{root}-old/x.py"
