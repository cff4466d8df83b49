"""``get_context``: the effective rules of all convention files that apply, linters named, conflicts shown."""

from __future__ import annotations

from typing import Any

import pytest
from mcp_types import TextContent
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

RULES = "# Rules\n\n## Tests\n\n- Write tests first.\n- Never log ink in the harbour.\n"
RECORD = (
    "# 2. Use Postgres for orders\n\nDate: 2024-01-02\n\n## Status\n\nAccepted\n\n"
    "## Context\n\nThey got lost.\n\n## Considered Options\n\n* Postgres\n* SQLite\n\n"
    "## Decision Outcome\n\nChosen option: Postgres, it keeps them.\n"
)
API = "# API\n\n- Every handler checks its caller.\n- Lines have at most 90 characters.\n"


@pytest.fixture
def repository(git_folder: GitFolder) -> GitFolder:
    git_folder.write("AGENTS.md", RULES)
    git_folder.write("CLAUDE.md", f"{RULES}- Orders are kept for a year.\n")
    git_folder.write("src/api/AGENTS.md", API)
    git_folder.write(".cursor/rules/sql.mdc", "---\nglobs: *.sql\n---\n- Keywords in capitals.\n")
    git_folder.write("pyproject.toml", "[project]\nname = 'a'\n\n[tool.ruff]\nline-length = 90\n")
    git_folder.write("src/api/orders.py", "def store_order(order):\n    return order\n")
    git_folder.write("src/web/page.py", "PAGE = 1\n")
    git_folder.commit("Begin")
    return git_folder


def places(answer: dict[str, Any]) -> list[str]:
    return [f"{rule['path']}:{rule['line']}" for rule in answer["rules"]]


def text_of(agent: Agent, **arguments: object) -> str:
    (content,) = agent.call("get_context", **arguments).content
    assert isinstance(content, TextContent)
    return content.text


def test_rules_of_all_files_that_apply_come_once_nearest_first(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    answer = agent_at(repository.root).answer("get_context", paths=["src/api/orders.py"])

    assert places(answer) == ["src/api/AGENTS.md:3", "AGENTS.md:5", "AGENTS.md:6", "CLAUDE.md:7"]
    assert answer["rules"][1] == {
        "text": "Write tests first.",
        "path": "AGENTS.md",
        "line": 5,
        "under": "Tests",
        "also": ["CLAUDE.md:5"],
    }


def test_a_file_whose_rules_are_told_is_not_told_again_by_a_passage(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    agent = agent_at(repository.root)
    answer = agent.answer("get_context", paths=["src/api/orders.py"])

    assert {item["path"]: item["text"] for item in answer["governing"]}["AGENTS.md"] == ""
    text = text_of(agent, paths=["src/api/orders.py"])
    assert text.count("Write tests first.") == 1
    assert "Rules of src/api/AGENTS.md (nearest AGENTS.md), by line:\n```\n3: Every handler" in text
    assert "[Tests]\n5 (also CLAUDE.md:5): Write tests first." in text


def test_what_a_linter_enforces_is_named_with_its_place_and_not_repeated(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    agent = agent_at(repository.root)
    answer = agent.answer("get_context", paths=["src/api/orders.py"])

    assert answer["enforced"] == ["ruff (pyproject.toml:4, said again in src/api/AGENTS.md:4)"]
    assert "Lines have" not in text_of(agent, paths=["src/api/orders.py"])
    assert (
        "enforced" not in agent.answer("get_context", paths=["a.sql"])
        or not agent.answer("get_context", paths=["a.sql"])["enforced"]
    )


def test_of_several_files_a_rule_says_which_it_is_for_where_it_is_not_for_all(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    answer = agent_at(repository.root).answer(
        "get_context", paths=["src/api/orders.py", "src/web/page.py", "db/new.sql"]
    )

    paths = {rule["path"]: rule.get("paths") for rule in answer["rules"]}
    assert paths["src/api/AGENTS.md"] == ["src/api/orders.py"]
    assert paths[".cursor/rules/sql.mdc"] == ["db/new.sql"]
    assert paths["AGENTS.md"] is None


def test_a_change_of_many_files_is_bound_by_the_rules_for_each(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    many = [f"src/web/page{number}.py" for number in range(40)]
    answer = agent_at(repository.root).answer(
        "get_context", paths=[*many, "db/last.sql"], budget_tokens=3_000
    )

    (sql,) = [rule for rule in answer["rules"] if rule["path"] == ".cursor/rules/sql.mdc"]
    assert sql["paths"] == ["db/last.sql"]


def test_rules_that_speak_of_the_task_come_first_and_the_rest_is_counted(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    many = "".join(
        f"- Number {number} of the ferry rules is to be kept by everybody.\n" for number in range(150)
    )
    repository.write("AGENTS.md", f"# Rules\n\n{many}- An albatross is always fed at noon.\n")

    answer = agent_at(repository.root).answer(
        "get_context", paths=["src/web/page.py"], task="feed the albatross at noon", budget_tokens=300
    )

    assert "AGENTS.md:153" in places(answer)
    (note,) = [note for note in answer["notes"] if "are left out" in note]
    assert " of AGENTS.md (lines 3-" in note


RITUALS = "".join(f"- You MUST always tell the harbour master number {n} of it.\n" for n in range(60))


def test_what_binds_an_edit_goes_before_recipes_for_releases_unless_the_task_is_one(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    agent = agent_at(repository.root)
    repository.write("src/web/AGENTS.md", f"# Web\n\n## Release process\n\n{RITUALS}")
    editing = agent.answer("get_context", paths=["src/web/page.py"], budget_tokens=300)
    releasing = agent.answer(
        "get_context", paths=["src/web/page.py"], task="make a release", budget_tokens=300
    )

    assert {"AGENTS.md:5", "AGENTS.md:6"} <= set(places(editing))
    assert "AGENTS.md:6" not in places(releasing)


def test_one_long_file_leaves_room_for_the_rules_of_others(agent_at: AgentAt, repository: GitFolder) -> None:
    repository.write("src/web/AGENTS.md", f"# Web\n\n## Ships\n\n{RITUALS}")

    answer = agent_at(repository.root).answer("get_context", paths=["src/web/page.py"], budget_tokens=900)

    assert "AGENTS.md:6" in places(answer)
    assert len([place for place in places(answer) if place.startswith("src/web/")]) >= 5


def test_a_linked_file_binds_where_its_links_lie(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write(".agents/AGENTS.md", "- Moor at the quay.\n")
    (git_folder.root / "AGENTS.md").symlink_to(".agents/AGENTS.md")
    git_folder.write("src/a.py", "A = 1\n")

    answer = agent_at(git_folder.root).answer("get_context", paths=["src/a.py"])

    assert places(answer) == [".agents/AGENTS.md:1"]


def test_what_is_imported_and_what_is_commented_out_is_read_as_the_tool_reads_it(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write(
        "CLAUDE.md", "@docs/style.md\n\n<!--\n- Nobody reads this.\n-->\n\n- Moor at the quay.\n"
    )
    git_folder.write("docs/style.md", "# Style\n\n- Say what a thing is.\n")
    git_folder.write("src/a.py", "A = 1\n")

    answer = agent_at(git_folder.root).answer("get_context", paths=["src/a.py"])

    assert places(answer) == ["CLAUDE.md:7", "docs/style.md:3"]


def test_a_rule_against_a_decision_in_force_is_shown_with_both_places_and_counted_by_the_status(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    repository.write("docs/decisions/0002-use-postgres-for-orders.md", RECORD)
    repository.write("src/api/AGENTS.md", "# API\n\n- Use SQLite to store orders.\n")
    agent = agent_at(repository.root)

    (conflict,) = agent.answer("get_context", paths=["src/api/orders.py"])["conflicts"]

    record = "docs/decisions/0002-use-postgres-for-orders.md:16"
    assert conflict.startswith(f"src/api/AGENTS.md:3 advises SQLite, which {record} refused")
    assert f"conflict: {conflict}" in agent.answer("memory_status")["notes"]
    assert agent.answer("get_context", paths=["src/web/page.py"]).get("conflicts", []) == []
    assert "Conflicts, which nobody has settled:" in text_of(agent, paths=["src/api/orders.py"])


def test_a_conflict_goes_when_it_is_settled(agent_at: AgentAt, repository: GitFolder) -> None:
    repository.write("docs/decisions/0002-use-postgres-for-orders.md", RECORD)
    repository.write("src/api/AGENTS.md", "# API\n\n- Use SQLite to store orders.\n")
    agent = agent_at(repository.root)
    assert agent.answer("get_context", paths=["src/api/orders.py"])["conflicts"]

    repository.write("src/api/AGENTS.md", "# API\n\n- Use Postgres to store orders.\n")

    assert agent.answer("get_context", paths=["src/api/orders.py"]).get("conflicts", []) == []


@pytest.mark.parametrize("budget", [100, 200, 400, 1_500])
def test_rules_conflicts_and_linters_count_into_the_budget(
    agent_at: AgentAt, repository: GitFolder, budget: int
) -> None:
    many = "".join(f"- Number {number} of the ferry rules is kept by everybody.\n" for number in range(150))
    repository.write("AGENTS.md", f"# Rules\n\n{many}")
    repository.write("docs/decisions/0002-use-postgres-for-orders.md", RECORD)
    repository.write("src/api/AGENTS.md", "# API\n\n- Use SQLite to store orders.\n")

    text = text_of(agent_at(repository.root), paths=["src/api/orders.py"], budget_tokens=budget)

    lines = [line for line in text.splitlines() if not line.startswith("Note:")]
    assert 0 < len(" ".join(lines).split()) <= budget


def test_a_file_that_was_deleted_is_not_called_new(agent_at: AgentAt, repository: GitFolder) -> None:
    (repository.root / "src/web/page.py").unlink()

    notes = agent_at(repository.root).answer("get_context", paths=["src/web/page.py"])["notes"]

    assert "src/web/page.py is deleted: what binds its place is given" in notes


def test_imports_are_followed_through_an_imported_agents_file(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("CLAUDE.md", "@AGENTS.md\n")
    git_folder.write("AGENTS.md", "# Rules\n\n@docs/style.md\n\n- Moor at the quay.\n")
    git_folder.write("docs/style.md", "# Style\n\n- Say what a thing is.\n")
    git_folder.write("src/a.py", "A = 1\n")

    answer = agent_at(git_folder.root).answer("get_context", paths=["src/a.py"])

    assert set(places(answer)) == {"AGENTS.md:5", "docs/style.md:3"}


def test_what_is_said_of_many_paths_is_said_once_and_rules_that_are_not_read_are_named(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("AGENTS.md", "".join(f"- Rule of quay {n}, which is number {n}.\n" for n in range(700)))

    answer = agent_at(git_folder.root).answer("get_context", paths=["src/a.py", "src/b.py"])

    assert "2 paths are not there yet: what binds its place is given: src/a.py, src/b.py" in answer["notes"]
    assert "of AGENTS.md only the first 600 rules are read" in answer["notes"]


def test_a_rule_that_a_formatter_would_undo_is_shown_with_both_places(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    repository.write("AGENTS.md", "# Rules\n\n- Use tabs for indentation.\n- No trailing whitespace.\n")
    repository.write("src/AGENTS.md", "# Source\n\n- Use 4 spaces for indentation, never tabs.\n")
    repository.write(".editorconfig", "[*]\nindent_style = space\nindent_size = 4\n")

    answer = agent_at(repository.root).answer("get_context", paths=["src/web/page.py"])

    assert "AGENTS.md:3" in places(answer)
    assert "src/AGENTS.md:3" not in places(answer)
    assert answer["conflicts"] == [
        "AGENTS.md:3 asks for tabs, .editorconfig:2 sets 4 spaces (EditorConfig): “Use tabs for indentation.”"
    ]
    assert "EditorConfig (.editorconfig, said again in src/AGENTS.md:3)" in answer["enforced"]


def test_a_short_rule_that_forbids_what_another_file_asks_for_is_told(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    repository.write("AGENTS.md", "## Tests\n\n- Use pytest for all tests.\n\n## Errors\n\n- Say so.\n")
    repository.write("CLAUDE.md", "## Tests\n\n- Use unittest for all tests, never pytest.\n")
    repository.write("src/AGENTS.md", "## Tests\n\n- Use nose for all tests, never pytest.\n")

    answer = agent_at(repository.root).answer("get_context", paths=["src/web/page.py"])

    (said,) = answer["conflicts"]
    assert said == (
        "AGENTS.md:3 and CLAUDE.md:3 disagree under the same heading: "
        "“Use pytest for all tests.” and “Use unittest for all tests, never pytest.”"
    )


def test_an_override_stands_in_place_of_the_file_beside_it(agent_at: AgentAt, repository: GitFolder) -> None:
    repository.write("src/api/AGENTS.override.md", "# API\n\n- Handlers are frozen.\n")
    repository.write("src/web/AGENTS.md", "# Web\n\n- Pages are plain.\n")
    repository.write("src/web/AGENTS.override.md", "\n")
    agent = agent_at(repository.root)

    api, web = (
        agent.answer("get_context", paths=[path]) for path in ("src/api/orders.py", "src/web/page.py")
    )

    assert places(api)[0] == "src/api/AGENTS.override.md:3"
    assert "src/api/AGENTS.md:3" not in places(api)
    assert "src/api/AGENTS.md" not in api["conventions"]
    assert "src/web/AGENTS.md:3" in places(web)


def test_an_import_is_no_rule_and_one_of_a_missing_file_is_said_to_be_so(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    repository.write("docs/style.md", "# Style\n\n- Be plain.\n")
    repository.write("CLAUDE.md", "# Claude\n@docs/style.md\n@~/own.md\n@docs/gone.md @harbour/quay\n")

    answer = agent_at(repository.root).answer("get_context", paths=["src/web/page.py"])

    assert not [rule for rule in answer["rules"] if "@" in rule["text"]]
    assert "docs/style.md:3" in places(answer)
    assert answer["conventions"] == ["AGENTS.md", "CLAUDE.md", "docs/style.md"]
    assert [note for note in answer["notes"] if "imported" in note] == [
        "docs/gone.md is imported by CLAUDE.md, but not there"
    ]


def test_one_that_is_left_out_is_spoken_of_as_one(agent_at: AgentAt, repository: GitFolder) -> None:
    asked = "".join(f"- Moor boat number {n} at the quay.\n" for n in range(6))
    refused = "".join(f"- Never moor boat number {n} at the quay.\n" for n in range(6))
    repository.write("AGENTS.md", f"# Rules\n\n## Boats\n\n{asked}")
    repository.write("CLAUDE.md", f"# Rules\n\n## Boats\n\n{refused}- {'Ferries are slow. ' * 60}\n")
    agent = agent_at(repository.root)

    answer = agent.answer("get_context", paths=["src/web/page.py"], budget_tokens=1_200)
    status = agent.answer("memory_status")

    assert len(answer["conflicts"]) == 5
    assert "1 more conflict among the rules is not shown" in answer["notes"]
    assert "1 more conflict among conventions and decisions" in status["notes"]


def test_one_rule_and_one_record_that_do_not_fit_are_spoken_of_as_one(
    agent_at: AgentAt, repository: GitFolder
) -> None:
    long = "Ferries are slow. " * 80
    for path in ("AGENTS.md", "CLAUDE.md"):
        repository.write(path, f"# Rules\n\n- Be kind to the crew.\n- {long}\n")
    record = f"# 1. Pages\n\n## Status\n\nAccepted\n\n## Decision\n\nsrc/web/page.py has PAGE. {long}\n"
    for number in range(1, 5):
        repository.write(f"docs/decisions/000{number}-pages.md", record.replace("1.", f"{number}."))
    agent = agent_at(repository.root)

    def notes(budget: int) -> list[str]:
        answer = agent.answer("get_context", paths=["src/web/page.py"], budget_tokens=budget)
        return list(answer["notes"])

    assert "1 rule that says less about this is left out: AGENTS.md:4" in notes(100)
    said = [note for budget in range(100, 320, 20) for note in notes(budget) if " govern" in note]
    assert [note for note in said if note.startswith("1 more governs this and does not fit the budget: ")]
    assert not [note for note in said if note.startswith("1 more govern ")]
