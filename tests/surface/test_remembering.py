"""Rules and facts remembered through the tool: in the team's own lists, and found at once."""

from __future__ import annotations

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt


def text(project: GitFolder, path: str) -> str:
    return (project.root / path).read_bytes().decode()


def remembered(agent: Agent, said: str, **given: object) -> list[str]:
    written: list[str] = agent.answer("remember", text=said, **given)["written"]
    return written


def test_where_nothing_is_kept_each_kind_has_a_file_of_ours(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write("src/a.py", "A = 1\n")
    git_folder.commit("Begin")
    agent = agent_at(git_folder.root)

    files = {
        kind: remembered(agent, f"The {kind} of walruses: tusks first.", kind=kind, confirm_new=True)
        for kind in ("convention", "pattern", "avoid", "pitfall", "note")
    }

    assert files == {
        "convention": ["docs/context/conventions.md"],
        "pattern": ["docs/context/patterns.md"],
        "avoid": ["docs/context/patterns.md"],
        "pitfall": ["docs/context/pitfalls.md"],
        "note": ["docs/context/notes.md"],
    }
    assert text(git_folder, "docs/context/patterns.md") == (
        "# Patterns\n\n- The pattern of walruses: tusks first.\n\n"
        "## Avoid\n\n- The avoid of walruses: tusks first.\n"
    )
    best = agent.answer("search_memory", query="convention of walruses")["results"][0]
    assert (best["path"], best["kind"]) == ("docs/context/conventions.md", "convention")


RULES = (
    "\ufeff# Rules\r\n\r\n## Code style\r\n\r\n* Tabs, never spaces.\r\n* Short names.\r\n\r\nSee above.\r\n"
    "\r\n## Tests\r\n"
)


def test_the_teams_own_list_is_added_to_in_its_manner_and_nothing_else_changes(
    agent_at: AgentAt, project: GitFolder
) -> None:
    (project.root / "AGENTS.md").write_bytes(RULES.encode())
    project.commit("Rules")
    agent = agent_at(project.root)

    assert remembered(agent, "Ferries moor\nat dusk.") == ["AGENTS.md"]

    expected = RULES.replace("Short names.\r\n", "Short names.\r\n* Ferries moor\r\n  at dusk.\r\n")
    assert text(project, "AGENTS.md") == expected


def test_a_rule_for_some_paths_goes_to_the_nearest_rules_and_names_them(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write("src/api/AGENTS.md", "# Rules of the interface\n\n- Every handler checks its caller.\n")
    project.commit("Rules")
    agent = agent_at(project.root)

    assert remembered(agent, "Orders are read once.", paths="src/api/*.py") == ["src/api/AGENTS.md"]

    assert text(project, "src/api/AGENTS.md") == (
        "# Rules of the interface\n\n- Every handler checks its caller.\n"
        "- `src/api/*.py`: Orders are read once.\n"
    )


def test_what_it_repeats_or_contradicts_comes_first(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(
        "docs/context/conventions.md", "# Conventions\n\n- Indent with tabs everywhere.\n- Be kind.\n"
    )
    project.commit("Rules")
    agent = agent_at(project.root)

    answer = agent.answer("remember", text="Never indent with tabs.")

    assert answer["written"] == []
    (shown,) = answer["related"]
    assert (shown["path"], shown["line"]) == ("docs/context/conventions.md", 3)
    assert shown["because"] == "it may say the opposite"
    assert project.git("status", "--porcelain") == ""
    agent.answer("remember", text="Never indent with tabs.", replaces="docs/context/conventions.md:3")
    assert text(project, "docs/context/conventions.md") == (
        "# Conventions\n\n- Never indent with tabs.\n- Be kind.\n"
    )


def test_an_entry_is_removed_alone(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("docs/context/notes.md", "# Notes\n\n1. One,\n   and more.\n2. Two.\n\nEnd.")
    project.commit("Notes")
    agent = agent_at(project.root)

    agent.answer("remember", replaces="docs/context/notes.md:4")
    assert text(project, "docs/context/notes.md") == "# Notes\n\n2. Two.\n\nEnd."
    agent.answer("remember", text="Three.", kind="note")
    assert text(project, "docs/context/notes.md") == "# Notes\n\n2. Two.\n3. Three.\n\nEnd."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "no text to remember"),
        ({"text": "x", "replaces": "docs/guide.md:1"}, "is no file of conventions or notes"),
        ({"text": "x", "replaces": "AGENTS.md"}, "give it as path:line"),
        ({"text": "x", "replaces": "AGENTS.md:1"}, "no entry of a list stands at AGENTS.md:1"),
        ({"text": "x", "paths": ["../elsewhere"]}, "outside the repository"),
        ({"text": "x" * 3_000}, "more than 2,000 characters"),
    ],
)
def test_what_cannot_be_remembered_is_refused(
    agent_at: AgentAt, project: GitFolder, given: dict[str, object], said: str
) -> None:
    assert said in agent_at(project.root).refusal("remember", **given)
    assert project.git("status", "--porcelain") == ""
