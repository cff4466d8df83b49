"""Questions that nothing recorded answers: kept, grouped, shown as documents worth writing, and forgotten."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Desk, Machine
from tests.surface.conftest import Agent, AgentAt

WHY = "why do walruses juggle porcelain teapots"
AGAIN = "reason walruses juggles porcelain teapots"
HOW = "how should we polish the zeppelin hull"
WHERE = "what does the carousel museum exhibit"


@pytest.fixture
def agent(agent_at: AgentAt, project: GitFolder) -> Agent:
    return agent_at(project.root)


def gaps(desk: Desk, **params: Any) -> dict[str, Any]:
    return desk.control("gaps", **params)


def titles(desk: Desk) -> list[str]:
    return [gap["title"] for gap in gaps(desk)["gaps"]]


def kept_files(machine: Machine) -> list[Path]:
    return sorted((machine.data_dir / "questions").glob("*.sqlite3"))


def test_a_question_nothing_answers_is_kept_with_how_often_it_was_asked_and_by_whom(agent: Agent) -> None:
    for _ in range(2):
        assert agent.answer("search_memory", query=WHY)["confident"] is False
    agent.desk.control("search", query=f"  {WHY.upper()}? ")

    (gap,) = gaps(agent.desk)["gaps"]

    assert (gap["times"], gap["by_agents"], gap["by_people"]) == (3, 2, 1)
    assert gap["title"].lower().strip("? ") == WHY
    assert gap["first_asked"] <= gap["last_asked"]


def test_a_question_that_is_answered_is_not_kept(agent: Agent) -> None:
    assert agent.answer("search_memory", query="why squid for the proxy")["confident"] is True
    assert gaps(agent.desk)["gaps"] == []


def test_a_name_or_a_path_that_is_looked_up_is_no_question(agent: Agent) -> None:
    for looked_up in ("ZeppelinHull", "src/zeppelin.py", "zeppelin_hull.polish", "zeppelin"):
        assert agent.answer("search_memory", query=looked_up)["confident"] is False
    assert gaps(agent.desk)["gaps"] == []


@pytest.mark.parametrize(
    "asked",
    [
        "which decisions are deprecated?",
        "what is the progress of the zeppelin today",
        "asdf qwerty zxcv",
        "hello foo bar baz",
        "testing testing 123 456",
    ],
)
def test_how_things_are_now_and_what_asks_nothing_are_no_gaps(agent: Agent, asked: str) -> None:
    assert agent.answer("search_memory", query=asked)["confident"] is False
    assert gaps(agent.desk)["gaps"] == []


def test_a_question_that_only_its_filter_kept_from_an_answer_is_not_kept(agent: Agent) -> None:
    asked = {"query": "why squid for the proxy", "kinds": ["code"], "paths": ["src/api"]}
    assert agent.answer("search_memory", **asked)["confident"] is False
    asked = {"query": WHY, "paths": ["src/api"]}
    assert agent.answer("search_memory", **asked)["confident"] is False

    (gap,) = gaps(agent.desk)["gaps"]
    assert (gap["title"], gap["paths"]) == (WHY, ["src/api"])


def test_wordings_of_one_question_are_one_gap_and_reasons_rules_and_places_are_told_apart(
    agent: Agent, machine: Machine
) -> None:
    machine.encoder.same = {"juggles": "juggle"}
    for question in (WHY, AGAIN, HOW, WHERE):
        agent.answer("search_memory", query=question, near=["src/api/handlers.py"])

    found = {gap["title"]: gap for gap in gaps(agent.desk)["gaps"]}

    assert {gap["form"] for gap in found.values()} == {"decision", "convention", "document"}
    (why,) = (gap for gap in found.values() if gap["form"] == "decision")
    assert {each["text"] for each in why["questions"]} == {WHY, AGAIN}
    assert why["where"] == "docs/decisions/"
    assert found[HOW]["where"] == "src/api/AGENTS.md"
    assert found[WHERE]["where"] == "docs/"
    assert found[HOW]["paths"] == ["src/api/handlers.py"]


def test_a_question_leaves_the_list_once_a_document_answers_it_and_comes_back_without_it(
    agent: Agent, project: GitFolder
) -> None:
    agent.answer("search_memory", query=WHY)
    assert titles(agent.desk) == [WHY]
    note = project.write("docs/walrus.md", f"# The walrus\n\n{WHY}: because porcelain is light. {WHY}.\n")
    agent.desk.encoded()

    answer = gaps(agent.desk)
    assert (answer["gaps"], answer["answered"]) == ([], 1)
    assert "unanswered" not in agent.answer("memory_status")["index"]

    note.unlink()
    agent.desk.encoded()
    assert titles(agent.desk) == [WHY]


def test_the_status_says_in_a_line_how_many_there_are(agent: Agent) -> None:
    agent.answer("search_memory", query=WHY)
    agent.answer("search_memory", query=HOW)
    assert len(titles(agent.desk)) == 2

    assert agent.answer("memory_status")["index"]["unanswered"] == 2
    shown = str(agent.call("memory_status").content[0].model_dump()["text"])
    assert "unanswered: 2 questions: `whykeeper gaps` shows what is worth writing" in shown


def test_no_secret_is_kept(agent: Agent, machine: Machine) -> None:
    secret = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"[:36]
    agent.answer("search_memory", query=f"why do walruses call zeppelins with token {secret}")

    (title,) = titles(agent.desk)

    assert title.startswith("why do walruses call zeppelins with")
    assert "[redacted" in title
    (file,) = kept_files(machine)
    assert secret.encode() not in file.read_bytes()


def test_no_password_that_is_given_in_words_is_kept(agent: Agent) -> None:
    agent.answer("search_memory", query="why do walruses refuse password=Tr0ub4dor&3xyz for zeppelins")

    assert titles(agent.desk) == ["why do walruses refuse password=[redacted: password] for zeppelins"]


def test_they_are_shared_by_worktrees_and_outlive_the_index_and_the_daemon(
    agent: Agent, machine: Machine, project: GitFolder, tmp_path: Path, agent_at: AgentAt
) -> None:
    project.git("worktree", "add", "-q", str(tmp_path / "other"))
    agent.answer("search_memory", query=WHY)
    assert titles(agent.desk) == [WHY]
    agent.desk.index(rebuild=True)
    machine.stop()
    assert [path.name for path in machine.stores()] != []
    other = agent_at(tmp_path / "other")

    assert titles(other.desk) == [WHY]
    assert len(kept_files(machine)) == 1
    assert machine.data_dir.joinpath("questions").stat().st_mode & 0o077 == 0
    assert "kept on this machine alone" in (machine.data_dir / "questions" / "README.md").read_text()


def test_with_the_setting_off_nothing_is_kept_or_shown(agent_at: AgentAt, project: GitFolder) -> None:
    on = agent_at(project.root)
    on.answer("search_memory", query=WHY)
    assert titles(on.desk) == [WHY]
    off = agent_at(project.root, GAPS__KEEP="false")
    off.answer("search_memory", query=HOW)

    answer = gaps(off.desk)

    assert (answer["gaps"], answer["notes"]) == (
        [],
        ["keep = false under [gaps]: no question is kept or shown"],
    )
    assert "unanswered" not in off.answer("memory_status")["index"]
    assert titles(on.desk) == [WHY]


def test_forgetting_deletes_the_file(agent: Agent, machine: Machine) -> None:
    agent.answer("search_memory", query=WHY)
    assert gaps(agent.desk, forget=True) == {"forgotten": 1}
    assert kept_files(machine) == []
    assert gaps(agent.desk)["gaps"] == []
    assert gaps(agent.desk, forget=True) == {"forgotten": 0}


def test_without_the_model_they_are_grouped_by_words_and_that_is_said(agent: Agent, machine: Machine) -> None:
    agent.answer("search_memory", query=WHY)
    agent.answer("search_memory", query="why do walruses juggle porcelain saucers")
    agent.answer("search_memory", query="why was the zeppelin painted green")
    machine.encoder.failure = "the model's files are gone"
    machine.encoder.ready = machine.encoder.loads = False

    answer = gaps(agent.desk)

    assert sorted(len(gap["questions"]) for gap in answer["gaps"]) == [1, 2]
    assert answer["notes"] == [
        "grouped by words, and not asked again: the embedding model failed: the model's files are gone"
    ]


def test_a_damaged_file_harms_no_answer_and_is_told_of(agent: Agent, machine: Machine) -> None:
    agent.answer("search_memory", query=WHY)
    assert titles(agent.desk) == [WHY]
    (file,) = kept_files(machine)
    file.write_bytes(b"no database at all" * 100)

    assert agent.answer("search_memory", query=HOW)["confident"] is False
    assert agent.desk.memory.questions.drain(30)
    notes = agent.answer("memory_status")["notes"]
    assert any("cannot be read or written" in note and "--forget" in note for note in notes)
    assert gaps(agent.desk, forget=True) == {"forgotten": 0}
    agent.answer("search_memory", query=HOW)
    assert titles(agent.desk) == [HOW]


def test_only_so_many_are_kept_and_none_for_longer_than_half_a_year(agent: Agent, machine: Machine) -> None:
    store = agent.desk.memory.questions.store
    for number in range(510):
        store.keep(f"why is wheel number {number} square", "agent", [f"src/{number}.py"])
    assert len(store.questions()) == 500
    (file,) = kept_files(machine)
    with sqlite3.connect(file) as connection:
        (concerned,) = connection.execute("SELECT count(*) FROM concerned").fetchone()
        connection.execute("UPDATE questions SET last_asked = ?", (time.time() - 181 * 86_400,))
    connection.close()
    assert concerned == 500
    assert store.questions() == []
    store.keep(WHY, "agent", [])
    assert [each.text for each in store.questions()] == [WHY]
