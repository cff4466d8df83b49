"""What joins documents and code, as data."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt


def links(agent: Agent, path: str) -> dict[str, Any]:
    (found,) = agent.desk.control("links", paths=[path])["links"]
    assert isinstance(found, dict)
    return found


def test_code_shows_the_documents_that_name_it_and_how(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("docs/guide.md", "# Guide\n\nAsk `SquidProxy.forward()`.\n\nAll of `src/*.py` is ours.\n")
    project.write("docs/poem.md", "# Poem\n\nThe sea, the proxy, the sea.\n")
    project.commit("Write")

    found = links(agent_at(project.root), "src/proxy.py")["named_by"]

    assert [(each["path"], each["kind"], each["status"], each["governs"]) for each in found] == [
        ("docs/decisions/0001-use-squid.md", "decision", "accepted", True),
        ("docs/guide.md", "document", None, False),
    ]
    places = [(each["line"], each["kind"], each["name"]) for each in found[1]["places"]]
    assert places == [(3, "symbol", "SquidProxy.forward"), (5, "glob", "src/*.py")]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Kraken.swallow", ["src/sea/kraken.py"]),
        ("sea.Kraken.swallow", ["src/sea/kraken.py"]),
        ("Squid.swallow", []),
        ("SquidProxy.swallow", ["src/sea/kraken.py"]),
        ("kraken.swallow", []),
        ("kraken.swallow_whole", ["src/sea/kraken.py"]),
        ("swallow_whole", ["src/sea/kraken.py"]),
        ("Swallow_Whole", []),
        ("String()", []),
        ("string()", ["src/sea/kraken.py"]),
        ("sea.count_arms", ["src/sea/arms.py"]),
        ("count_arms", []),
        ("Promise.count_arms", []),
        ("other.package.swallow_whole", []),
        ("tried_kraken", []),
    ],
)
def test_a_symbol_is_meant_by_its_spelling_and_by_what_qualifies_it(
    agent_at: AgentAt, project: GitFolder, name: str, meant: list[str]
) -> None:
    members = ["swallow(self):\n        return 1", "swallow_whole(self):\n        return 2"]
    project.write(
        "src/sea/kraken.py",
        "class Kraken:\n    def " + "\n\n    def ".join(members) + "\n\n\ndef string():\n    return 3\n",
    )
    for path in ("src/sea/arms.py", "src/land/arms.py"):
        project.write(path, "def legs():\n    return 8\n\n\ndef count_arms():\n    return 9\n")
    project.write("tests/test_kraken.py", "def tried_kraken():\n    return 1\n")
    project.write("docs/guide.md", f"# Guide\n\nAsk `{name}` for it.\n")
    project.commit("Write")
    agent = agent_at(project.root)
    paths = ["src/sea/kraken.py", "src/sea/arms.py", "src/land/arms.py", "tests/test_kraken.py"]

    naming = [
        path for path in paths if "docs/guide.md" in [each["path"] for each in links(agent, path)["named_by"]]
    ]

    assert naming == meant


def test_a_document_that_uses_an_older_name_is_shown_with_that_name(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write("src/lamp.py", "def shine():\n    return 1\n")
    project.write("docs/guide.md", "# Guide\n\nTurn on `src/lamp.py`.\n")
    project.commit("Write")
    project.git("mv", "src/lamp.py", "src/lantern.py")
    project.commit("Rename the lamp")
    found = links(agent_at(project.root), "src/lantern.py")["named_by"]
    assert [(each["path"], each["formerly"]) for each in found] == [("docs/guide.md", "src/lamp.py")]


def test_what_is_not_there_or_lies_outside_is_said_beside_the_links_of_the_others(
    agent_at: AgentAt, project: GitFolder
) -> None:
    paths = ["nosuch", "../outside", "."]
    nosuch, outside, root = agent_at(project.root).desk.control("links", paths=paths)["links"]
    assert nosuch == {"path": "nosuch", "problem": "there is no file or folder nosuch"}
    assert "outside the repository" in outside["problem"]
    assert root["path"] == "."


def test_a_test_is_named_by_the_document_beside_it(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("tests/test_kraken.py", "def tried_kraken():\n    return 1\n")
    project.write("tests/README.md", "# Tests\n\nThe slow one is `tried_kraken`.\n")
    project.commit("Write")
    found = links(agent_at(project.root), "tests/test_kraken.py")["named_by"]
    assert [each["path"] for each in found] == ["tests/README.md"]


def test_front_matter_names_what_a_document_is_about(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(
        "docs/api.md", "---\naffects: [src/api/]\npaths: src/api/**\n---\n\n# Interface\n\nIt checks.\n"
    )
    project.commit("Write")

    found = links(agent_at(project.root), "src/api/handlers.py")["named_by"]

    assert ("docs/api.md", "glob") in [(each["path"], each["places"][0]["kind"]) for each in found]


def test_a_document_shows_what_it_names_and_whether_it_is_there(
    agent_at: AgentAt, project: GitFolder
) -> None:
    text = "# Guide\n\nAsk `SquidProxy`, not `src/lamp.py`, `src/proxy.py` or `docs/**/*.adoc`.\n"
    project.write("docs/guide.md", text)
    project.write("src/lamp.py", "def shine():\n    return 1\n")
    project.commit("Write")
    project.git("rm", "-q", "src/lamp.py")
    project.commit("Rely on the sun")
    agent = agent_at(project.root)
    agent.desk.control("stale")

    found = {each["name"]: each["state"] for each in links(agent, "docs/guide.md")["names"]}

    assert found["src/lamp.py"]["what"] == "removed"
    assert {name: state for name, state in found.items() if isinstance(state, str)} == {
        "SquidProxy": "there: src/proxy.py",
        "src/proxy.py": "there: src/proxy.py",
        "docs/**/*.adoc": "matches nothing",
    }


def test_a_command_says_whether_there_is_such_a_target(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("Makefile", "include rules.inc\n\nlint:\n\truff check .\n")
    project.write("rules.inc", "haul:\n\techo up\n")
    project.write("package.json", '{"scripts": {"sail": "boat"}}\n')
    project.write(
        "docs/guide.md", "Run `make lint`, `make haul`, `make land`, `npm run sail`, `tox -e sea`.\n"
    )
    project.commit("Write")
    found = {each["name"]: each["state"] for each in links(agent_at(project.root), "docs/guide.md")["names"]}
    assert found == {
        "make lint": "there",
        "make haul": "there",
        "make land": "no such target",
        "npm run sail": "there",
        "tox -e sea": "no such target",
    }


def test_what_the_same_commits_changed_is_shown_for_both(agent_at: AgentAt, project: GitFolder) -> None:
    for number in range(2):
        project.write("docs/guide.md", f"# Guide\n\nThe sea {number}.\n")
        project.write("src/proxy.py", f"INK = {number}\n")
        project.commit(f"Change both {number}")
    for number in range(40):
        project.write(f"docs/page{number}.md", f"# Page {number}\n")
    project.write("src/proxy.py", "INK = 'all'\n")
    project.commit("Import the pages")
    newest = project.git("rev-parse", "HEAD~1").strip()

    agent = agent_at(project.root)

    together = [{"path": "docs/guide.md", "commits": 3, "newest": newest}]
    assert links(agent, "src/proxy.py")["changed_with"] == together
    assert [each["path"] for each in links(agent, "docs/guide.md")["changed_with"]] == ["src/proxy.py"]


def test_what_is_gone_is_so_wherever_the_document_names_it(agent_at: AgentAt, project: GitFolder) -> None:
    text = "# Guide\n\nSee `src/lamp.py`.\n\nRead [it](../src/lamp.py).\n\nAnd `lib/old.c`.\n"
    project.write("docs/guide.md", text)
    project.write("src/lamp.py", "def shine():\n    return 'light over the water'\n")
    project.write("lib/old.c", "int old_driver(void) { return 1; }\n")
    project.commit("Light the harbour")
    project.git("mv", "src/lamp.py", "src/light.py")
    project.git("rm", "-q", "lib/old.c")
    project.commit("Call it light")
    agent = agent_at(project.root)
    agent.desk.control("stale")

    states = {each["line"]: each["state"] for each in links(agent, "docs/guide.md")["names"]}
    assert [states[line]["what"] for line in (3, 5, 7)] == ["renamed to src/light.py"] * 2 + ["removed"]


def test_a_file_missing_from_a_drawn_tree_is_no_page(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("README.md", "# Squid\n\nLayout:\n\n```\nsrc/\n├── größe.py\n└── cli.py\n```\n")
    project.write("src/größe.py", "VALUE_OF_THE_LANTERN = 1\n")
    project.write("src/cli.py", "VALUE_OF_THE_COMMAND = 1\n")
    project.commit("Start")
    project.git("mv", "src/größe.py", "src/maß.py")
    project.commit("Measure")
    agent = agent_at(project.root)
    agent.desk.control("stale")

    found = {each["name"]: each["state"] for each in links(agent, "README.md")["names"]}
    assert found["src/cli.py"] == "there: src/cli.py"
    assert found["src/größe.py"]["what"] == "renamed to src/maß.py"
