"""``get_context``: what binds files, folders, new files and tasks."""

from __future__ import annotations

import threading

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, AgentAt, seated

from whykeeper.context import MOST_PATHS
from whykeeper_indexers.errors import StorageError
from whykeeper_indexers.vectors import VectorStore

RECORD = "docs/decisions/0001-use-squid.md"


@pytest.fixture(scope="module")
def agent(shared_machine: Machine, shared_project: GitFolder) -> Agent:
    project = shared_project
    project.write(".cursor/rules/sql.mdc", "---\nglobs: src/db/*.sql\n---\n\nKeywords in capitals.\n")
    project.write("src/db/orders.sql", "SELECT 1;\n")
    project.write("src/db/orders.py", "def load_orders():\n    return []\n")
    project.write("src/api/README.md", "# The interface\n\nSpeaks to the harbour.\n")
    project.commit("Add a store")
    return seated(shared_machine, project.root)


def test_a_file_is_bound_by_what_names_it_and_by_what_lies_nearest(agent: Agent) -> None:
    proxy, handlers = agent.governing("src/proxy.py"), agent.governing("src/api/handlers.py")

    assert next(iter(proxy)) == RECORD
    assert "names src/proxy.py" in proxy[RECORD]
    assert "src/api/AGENTS.md" not in proxy
    assert next(iter(handlers)) == "src/api/AGENTS.md"
    assert handlers["src/api/AGENTS.md"].startswith("nearest AGENTS.md")
    assert {"AGENTS.md", "src/api/README.md"} <= set(handlers)


def test_convention_files_that_apply_are_listed_most_specific_first(agent: Agent) -> None:
    answer = agent.answer("get_context", paths=["src/api/handlers.py"])

    assert answer["conventions"] == ["src/api/AGENTS.md", "AGENTS.md"]


def test_what_a_convention_imports_binds_as_well_and_what_that_imports(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("CLAUDE.md", "# Rules\n\nSee @docs/style.md and @docs/gone.md.\n")
    git_folder.write("docs/style.md", "# Style\n\nFour spaces. More in @deep/names.md.\n")
    git_folder.write("docs/deep/names.md", "# Names\n\nSay what a thing is.\n")
    git_folder.write("empty/AGENTS.md", "")
    git_folder.write("empty/main.py", "print(1)\n")
    answer = agent_at(git_folder.root).answer("get_context", paths=["empty/main.py"])

    because = {each["path"]: each["because"] for each in answer["governing"]}
    assert because["docs/style.md"] == because["docs/deep/names.md"] == "imported by CLAUDE.md"
    rules = ["CLAUDE.md", "docs/style.md", "docs/deep/names.md"]
    assert [each for each in answer["conventions"] if each in {*rules, "docs/gone.md"}] == rules
    assert "docs/gone.md is imported by CLAUDE.md, but not there" in answer["notes"]


def test_a_folder_is_bound_by_its_own_rules_and_by_those_of_its_parts(agent: Agent) -> None:
    api, source = agent.governing("src/api"), agent.governing("src/")

    assert api["src/api/AGENTS.md"].startswith("nearest AGENTS.md")
    assert source["src/api/AGENTS.md"].startswith("binds a part of src: src/api/")
    assert source[".cursor/rules/sql.mdc"] == "binds a part of src: src/db/orders.sql"
    assert list(source).index("AGENTS.md") < list(source).index("src/api/AGENTS.md")


def test_a_file_that_is_yet_to_be_written_is_bound_by_its_place(agent: Agent) -> None:
    answer = agent.answer("get_context", paths=["src/db/invoices.sql"])

    assert answer["governing"][0]["path"] == ".cursor/rules/sql.mdc"
    assert answer["governing"][0]["because"].startswith("glob src/db/*.sql")
    assert answer["notes"] == ["src/db/invoices.sql is not there yet: what binds its place is given"]


def test_a_path_that_was_mistyped_is_answered_with_the_one_that_was_meant(agent: Agent) -> None:
    (note,) = agent.answer("get_context", paths=["source/proxy.py"])["notes"]

    assert "did you mean src/proxy.py?" in note


def test_a_file_that_is_not_remembered_is_still_bound(agent: Agent, shared_project: GitFolder) -> None:
    (shared_project.root / "src/api/logo.png").write_bytes(b"\x89PNG")
    answer = agent.answer("get_context", paths=["src/api/logo.png"])

    assert answer["governing"][0]["path"] == "src/api/AGENTS.md"


def test_of_several_files_each_document_comes_once_with_the_file_it_binds_most(agent: Agent) -> None:
    bound = agent.governing("src/proxy.py", "src/api/handlers.py", "src/proxy.py")

    assert bound[RECORD].startswith("src/proxy.py: ")
    assert bound["src/api/AGENTS.md"].startswith("src/api/handlers.py: ")


def test_a_list_too_long_is_cut_with_a_word_about_it(agent: Agent) -> None:
    many = [f"src/new{number}.py" for number in range(MOST_PATHS + 5)]

    notes = agent.answer("get_context", paths=many)["notes"]

    assert f"only the first {MOST_PATHS} of {len(many)} paths" in notes[0]


def test_a_task_alone_gets_the_rules_for_everything_and_what_is_recorded_about_it(agent: Agent) -> None:
    answer = agent.answer("get_context", task="replace squid, the proxy that must not leak ink")

    assert [item["because"] for item in answer["governing"]] == ["binds the whole repository"]
    assert answer["related"][0]["path"] == RECORD
    assert answer["related"][0]["status"] == "accepted"


def test_a_task_nobody_wrote_about_says_so(agent: Agent) -> None:
    answer = agent.answer("get_context", task="zeppelin mooring qqq")

    assert answer.get("related", []) == []
    assert "nothing that is recorded clearly speaks of this task" in answer["notes"]


def test_what_governs_is_not_repeated_as_related(agent: Agent) -> None:
    answer = agent.answer("get_context", paths=["src/proxy.py"], task="let squid leak less ink in the proxy")
    governing = {item["path"] for item in answer["governing"]}

    assert RECORD in governing
    assert not governing & {item.get("path") for item in answer.get("related", [])}


def test_absolute_paths_and_the_root_are_understood(agent: Agent, shared_project: GitFolder) -> None:
    absolute = agent.governing(str(shared_project.root / "src/proxy.py"))

    assert absolute == agent.governing("src/proxy.py")
    assert agent.governing(str(shared_project.root))["AGENTS.md"] == "binds the whole repository"


def test_the_budget_bounds_the_text(agent: Agent) -> None:
    small = agent.answer("get_context", paths=["src/proxy.py"], budget_tokens=100)

    assert sum(len(item["text"].split()) for item in small["governing"]) <= 100
    assert small["governing"]


def test_the_nearest_rules_are_named_first(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("CONTRIBUTING.md", "# Contributing\n\nEvery handler in src/api/handlers.py is reviewed.\n")
    project.write("CLAUDE.md", "# Rules\n\nhandle_order in src/api/handlers.py is old.\n")
    agent = agent_at(project.root)

    named = agent.answer("get_context", paths=["src/api/handlers.py"])["conventions"]

    assert named[0] == "src/api/AGENTS.md"
    assert set(named) == {"src/api/AGENTS.md", "AGENTS.md", "CLAUDE.md", "CONTRIBUTING.md"}
    assert named[-1] == "CONTRIBUTING.md"


def test_what_the_budget_leaves_out_is_named(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("CLAUDE.md", "# Rules\n\n" + "Handlers are kept short, for they are read often. " * 40)
    agent = agent_at(project.root)

    found = agent.answer("get_context", paths=["src/api/handlers.py"], budget_tokens=100)

    told = {rule["path"] for rule in found["rules"]}
    (note,) = [note for note in found["notes"] if " left out" in note]
    assert "CLAUDE.md:3" in note
    assert all(path in note for path in set(found["conventions"]) - told)


@pytest.mark.usefixtures("machine")
def test_a_document_on_the_same_matter_in_other_words_is_given(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("docs/charter.md", "# Charter\n\nA jetty never lets a vessel wait for its berth.\n")
    project.write(
        "src/dock.py", '"""Quays: ferries go first."""\n\n\ndef moor(ferry, quay):\n    return quay\n'
    )
    agent = agent_at(project.root)
    encoder = agent.machine.encoder
    encoder.same = {
        "quay": "jetty",
        "quays": "jetty",
        "ferry": "vessel",
        "ferries": "vessel",
        "moor": "berth",
    }
    agent.desk.index(rebuild=True)

    assert agent.governing("src/dock.py")["docs/charter.md"] == "document on the same matter"


def test_a_document_that_the_file_names_comes_first(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("docs/lights.md", "# Lights\n\nOne lamp a pier.\n")
    project.write(
        "src/api/handlers.py", "# As docs/lights.md has it.\ndef handle_order(order):\n    return order\n"
    )

    bound = agent_at(project.root).governing("src/api/handlers.py")

    assert next(iter(bound)) == "docs/lights.md"
    assert bound["docs/lights.md"].startswith("the file names it; document")


@pytest.mark.usefixtures("machine")
def test_what_the_model_has_yet_to_read_is_compared_by_words_and_a_note_says_so(
    agent_at: AgentAt, project: GitFolder
) -> None:
    agent = agent_at(project.root)
    agent.machine.encoder.turns = threading.Semaphore(0)
    project.write("src/late.py", "def arrive():\n    return 1\n")

    notes = agent.answer("get_context", paths=["src/late.py"])["notes"]

    assert "src/late.py is compared by words only: the embedding model has yet to read it" in notes


@pytest.mark.usefixtures("machine")
def test_code_that_another_model_reads_is_compared_by_words_as_it_is_set(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write("docs/charter.md", "# Charter\n\nEvery quay has a ferry.\n")
    project.write("src/dock.py", "def moor(ferry, quay):\n    return quay\n")
    agent = agent_at(project.root, MODEL__CODE="static")

    answer = agent.answer("get_context", paths=["src/dock.py"])

    assert "document on the same matter" not in {each["because"] for each in answer["governing"]}
    assert answer["notes"] == []


def test_a_store_that_fails_leaves_the_words_and_a_note_says_so(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageError("the disk is gone", "look for it")

    monkeypatch.setattr(VectorStore, "directions", fail)
    answer = agent.answer("get_context", paths=["src/proxy.py"])

    assert answer["governing"][0]["path"] == RECORD
    assert answer["notes"] == ["src/proxy.py is compared by words only: the disk is gone"]


def test_what_binds_comes_before_documents_that_merely_resemble(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(".claude/rules/dock.md", '---\npaths: ["src/dock.py"]\n---\n\nAsk the pilots first.\n')
    code = "def moor(ferry, quay, hawser, bollard, fender, pilot, tide, berth):\n    return berth\n"
    project.write("src/dock.py", code)
    project.write("docs/manual.md", f"# Manual\n\n{code}")
    project.write("docs/primer.md", f"# Primer\n\n{code}{'A long walk along the shore. ' * 60}")

    bound = list(agent_at(project.root).governing("src/dock.py"))

    assert bound[0] == ".claude/rules/dock.md"
    assert bound.index("AGENTS.md") < bound.index("docs/manual.md")


def test_only_what_governs_is_said_to_govern_and_what_was_replaced_is_marked(
    agent_at: AgentAt, project: GitFolder
) -> None:
    long = "The harbour is kept calm, for ships are easily upset. " * 40
    record = "# {}. Handlers\n\n## Status\n\n{}\n\n## Decision\n\nsrc/api/handlers.py has handle_order. {}\n"
    project.write("docs/decisions/0002-handlers.md", record.format(2, "Superseded", long))
    for number in range(3, 9):
        project.write(f"docs/decisions/{number:04}-handlers.md", record.format(number, "Accepted", long))
    project.write("docs/api-handlers.md", f"# Handlers of ships\n\nAnyone may wait. {long}")

    notes = agent_at(project.root).answer("get_context", paths=["src/api/handlers.py"], budget_tokens=100)[
        "notes"
    ]

    governing, others = (note for note in notes if "do not fit the budget" in note)
    assert "govern" in governing
    assert "govern" not in others
    assert "docs/decisions/0002-handlers.md (superseded)" in others
    assert "docs/api-handlers.md" in others
    assert "0002" not in governing


def test_of_several_paths_it_is_said_how_many_something_binds(agent_at: AgentAt, project: GitFolder) -> None:
    answer = agent_at(project.root).answer("get_context", paths=["src/proxy.py", "src/api/handlers.py"])

    because = {each["path"]: each["because"] for each in answer["governing"]}
    assert because["AGENTS.md"].startswith("src/proxy.py: ")
    assert because["AGENTS.md"].endswith("; binds 1 more of them")
    assert "more of them" not in because["src/api/AGENTS.md"]
