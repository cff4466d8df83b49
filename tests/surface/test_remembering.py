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
        ({"text": "x", "replaces": "AGENTS.md:1"}, "stands at AGENTS.md:1"),
        ({"text": "x", "paths": ["../elsewhere"]}, "outside the repository"),
        ({"text": "\u200b", "replaces": "AGENTS.md:1"}, "nothing that can be seen"),
        ({"text": "x" * 3_000}, "more than 2,000 characters"),
    ],
)
def test_what_cannot_be_remembered_is_refused(
    agent_at: AgentAt, project: GitFolder, given: dict[str, object], said: str
) -> None:
    assert said in agent_at(project.root).refusal("remember", **given)
    assert project.git("status", "--porcelain") == ""


def test_what_names_or_heads_an_entry_is_read_for_secrets_too(agent_at: AgentAt, project: GitFolder) -> None:
    token = "ghp_" + "x4Kd93LqPz7WmB2vNc8RtY5sHf6JgA1eUo0Q"
    agent = agent_at(project.root)
    assert "it holds a secret" in agent.refusal("remember", text="Tides are logged.", heading=f"Key {token}")
    assert "it holds a secret" in agent.refusal(
        "remember", text="Tides are logged.", paths=f"src/{token}.py", confirm_new=True
    )
    assert project.git("status", "--porcelain") == ""


def test_what_is_given_cannot_change_what_stands_around_it(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)

    remembered(
        agent,
        "Log tides\u202e in <details> or `<b>`.\u200b",
        kind="note",
        heading="## Tides\n\n- and \u2066moons ##",
        paths="src/a`b.py",
        confirm_new=True,
    )

    assert text(project, "docs/context/notes.md") == (
        "# Notes\n\n## Tides - and moons\n\n- `` src/a`b.py ``: Log tides in \\<details> or `<b>`.\n"
    )
    remembered(
        agent,
        "- # Moor - here\n---\n```\n# as it is\n```",
        kind="note",
        heading="Tides - and moons",
        paths=[f"{project.root}/src/", "src/../docs/*.md"],
        confirm_new=True,
    )
    assert text(project, "docs/context/notes.md").endswith(
        "`<b>`.\n- `src/`, `docs/*.md`: \\# Moor - here\n  \\---\n  ```\n  # as it is\n  ```\n"
    )


def test_a_new_heading_joins_the_rules_that_are_there(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("AGENTS.md", "# Rules\n\n## Conventions\n\n- Be kind.\n\n## Errors\n\n- None is lost.\n")
    project.commit("Rules")
    agent = agent_at(project.root)

    assert remembered(agent, "Ferries moor at dusk.", heading="Harbour") == ["AGENTS.md"]
    assert remembered(agent, "Every failure has a number.", heading="errors", confirm_new=True) == [
        "AGENTS.md"
    ]

    assert text(project, "AGENTS.md") == (
        "# Rules\n\n## Conventions\n\n- Be kind.\n\n## Errors\n\n- None is lost.\n"
        "- Every failure has a number.\n\n## Harbour\n\n- Ferries moor at dusk.\n"
    )


def test_an_entry_is_named_by_its_words_or_id_and_what_goes_is_told(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(
        "docs/context/conventions.md",
        "# Conventions\n\n- Walruses sleep on ice.\n- Gulls eat first.\n- Gulls eat first.\n",
    )
    project.commit("Rules")
    agent = agent_at(project.root)

    assert "names 2 entries" in agent.refusal("remember", replaces="Gulls eat first.")
    answer = agent.answer(
        "remember", text="Walruses sleep in water.", replaces="walruses sleep on ice", heading="Zoo"
    )
    assert answer["id"] == "docs/context/conventions.md:3"
    assert answer["notes"] == [
        "it takes the place of: Walruses sleep on ice.",
        "it stays under “Conventions”: what replaces an entry stands where that stood",
    ]
    answer = agent.answer("remember", replaces="docs/context/conventions.md:4")
    assert answer["notes"] == ["removed from docs/context/conventions.md:4: Gulls eat first."]
    assert text(project, "docs/context/conventions.md") == (
        "# Conventions\n\n- Walruses sleep in water.\n- Gulls eat first.\n"
    )


def test_another_choice_in_the_same_matter_comes_first(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("docs/context/conventions.md", "# Conventions\n\n- Strings have single quotes.\n")
    project.commit("Rules")
    agent = agent_at(project.root)
    (shown,) = agent.answer("remember", text="Prefer double quotes everywhere")["related"]
    assert shown["because"] == "it chooses otherwise in the same matter"


def test_ours_lie_where_the_project_keeps_its_documents(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write("doc/guide.md", "# Guide\n\nThe lantern explains the harbour.\n")
    git_folder.write("doc/more.md", "# More\n\nOf the harbour.\n")
    git_folder.commit("Begin")
    agent = agent_at(git_folder.root)
    assert remembered(agent, "Ferries moor at dusk.") == ["doc/context/conventions.md"]
    assert remembered(agent, "Gulls eat first.", confirm_new=True) == ["doc/context/conventions.md"]
    best = agent.answer("search_memory", query="when ferries moor")["results"][0]
    assert (best["path"], best["kind"]) == ("doc/context/conventions.md", "convention")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("- Gulls eat first.\n", "- Gulls eat first.\n- Ferries moor at dusk.\n"),
        ("# Harbour\n\n* Gulls eat first.\n", "# Harbour\n\n* Gulls eat first.\n* Ferries moor at dusk.\n"),
        (
            "# Harbour\n\n## Birds\n\n- Gulls eat first.\n",
            "# Harbour\n\n## Birds\n\n- Gulls eat first.\n\n## Conventions\n\n- Ferries moor at dusk.\n",
        ),
    ],
)
@pytest.mark.parametrize("file", ["AGENTS.md", "CLAUDE.md"])
def test_a_convention_joins_the_rules_that_agents_read(
    agent_at: AgentAt, git_folder: GitFolder, file: str, rules: str, expected: str
) -> None:
    git_folder.write(file, rules)
    git_folder.commit("Rules")

    assert remembered(agent_at(git_folder.root), "Ferries moor at dusk.", confirm_new=True) == [file]

    assert text(git_folder, file) == expected


@pytest.mark.parametrize(
    ("kept", "kind", "written"),
    [
        ({"docs/context/conventions.md": "# Conventions\n\n- Be kind.\n"}, "convention", "conventions.md"),
        ({}, "note", "notes.md"),
    ],
)
def test_what_the_team_keeps_apart_stays_apart_from_what_agents_read(
    agent_at: AgentAt, git_folder: GitFolder, kept: dict[str, str], kind: str, written: str
) -> None:
    for path, said in {"AGENTS.md": "# Harbour\n\n- Gulls eat first.\n", **kept}.items():
        git_folder.write(path, said)
    git_folder.commit("Rules")
    agent = agent_at(git_folder.root)

    assert remembered(agent, "Ferries moor at dusk.", kind=kind, confirm_new=True) == [
        f"docs/context/{written}"
    ]


STYLE = (
    "# Style\n\nGulls are fed first,\nat dawn.\n\n- Ferries moor at dusk.\n- Boats:\n  - rest at noon\n\n"
    "| Ship | Speed |\n| --- | --- |\n| Cutter | Ten knots |\n\n> Quays are painted green.\n"
)


@pytest.fixture
def importing(agent_at: AgentAt, project: GitFolder) -> Agent:
    """An agent whose rules bring in a document, as `get_context` tells."""
    project.write("CLAUDE.md", "@docs/style.md\n")
    project.write("docs/style.md", STYLE)
    project.commit("Rules")
    agent = agent_at(project.root)
    told = {f"{each['path']}:{each['line']}" for each in agent.answer("get_context", paths=["src"])["rules"]}
    assert {f"docs/style.md:{line}" for line in (3, 6, 7, 12)} <= told
    return agent


@pytest.mark.parametrize("name", ["docs/style.md:3", "docs/style.md:4", "gulls are fed first, at dawn"])
def test_a_paragraph_that_binds_is_replaced_by_its_place_or_words(
    importing: Agent, project: GitFolder, name: str
) -> None:
    answer = importing.answer("remember", text="Gulls are fed last.", replaces=name)

    assert answer["written"] == ["docs/style.md"]
    assert "it takes the place of: Gulls are fed first, at dawn." in answer["notes"]
    assert text(project, "docs/style.md") == STYLE.replace(
        "Gulls are fed first,\nat dawn.", "Gulls are fed last."
    )


def test_what_an_imported_document_says_is_removed(importing: Agent, project: GitFolder) -> None:
    importing.answer("remember", replaces="docs/style.md:6")
    importing.answer("remember", replaces="Gulls are fed first, at dawn.")

    left = STYLE.replace("- Ferries moor at dusk.\n", "").replace("Gulls are fed first,\nat dawn.\n\n", "")
    assert text(project, "docs/style.md") == left


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("docs/style.md:12", "docs/style.md:12 is a row of a table"),
        ("| Cutter | Ten knots |", "edit line 12 of docs/style.md by hand"),
        ("docs/style.md:8", "docs/style.md:8 is nested in the list item of line 7"),
        ("docs/style.md:14", "stands at docs/style.md:14"),
        ("docs/guide.md:3", "is no file of conventions or notes"),
    ],
)
def test_what_is_no_entry_by_itself_is_left_to_be_edited_by_hand(
    importing: Agent, project: GitFolder, name: str, said: str
) -> None:
    assert said in importing.refusal("remember", text="Ten.", replaces=name)
    assert text(project, "docs/style.md") == STYLE


DATABASE = (
    "# Rules\n\n## Style\n\n- Names are short.\n\n## Database\n\n- Use PostgreSQL for storage.\n\n"
    "## Tests\n\n- None sleeps.\n"
)


@pytest.mark.parametrize(
    "said",
    [
        "Do not use PostgreSQL for storage; use SQLite.",
        "Never use PostgreSQL for storage, use SQLite with its journal on every machine of the harbour.",
        "The harbour has few ships and one clerk. Do not use PostgreSQL for storage.",
    ],
)
def test_a_clause_that_contradicts_comes_first_and_goes_where_its_matter_is(
    agent_at: AgentAt, git_folder: GitFolder, said: str
) -> None:
    git_folder.write("AGENTS.md", DATABASE)
    git_folder.commit("Rules")
    agent = agent_at(git_folder.root)

    (shown,) = agent.answer("remember", text=said)["related"]
    assert (shown["path"], shown["line"], shown["because"]) == ("AGENTS.md", 9, "it may say the opposite")
    assert text(git_folder, "AGENTS.md") == DATABASE

    assert remembered(agent, said, confirm_new=True) == ["AGENTS.md"]
    assert text(git_folder, "AGENTS.md") == DATABASE.replace("for storage.\n", f"for storage.\n- {said}\n")


def test_what_says_when_a_rule_holds_is_no_clause(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write("AGENTS.md", "# Rules\n\n- In Rust, use spaces.\n- Wharves have numbers; see `a; b`.\n")
    git_folder.commit("Rules")

    assert remembered(agent_at(git_folder.root), "For makefiles of the harbour, use tabs.") == ["AGENTS.md"]


def test_a_password_given_in_words_is_written_nowhere(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    for said in ("Log in with password=SuperSecret123!", "The password: correcthorse99."):
        assert "gives a password or token in words" in agent.refusal("remember", text=said)
        assert "gives a password or token in words" in agent.refusal(
            "record_decision", title="Use one login", context="Ink.", decision=said, confirm_new=True
        )
    assert project.git("status", "--porcelain") == ""

    for said in (
        "Log in with password=<yours2024>.",
        "The token: ${SQUID_TOKEN1}.",
        "The secret: xxxxxxxx1.",
    ):
        assert remembered(agent, said, confirm_new=True)
