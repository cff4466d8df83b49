"""Whether documents still hold against the code: judged in the background, shown beside what is found."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt
from tests.surface.staleness import GUIDE, findings, head, stale


def test_a_file_that_is_gone_breaks_the_document_that_names_it(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nThe harbour master reads `src/harbour/lamp.py` at dusk.\n")
    project.write("src/harbour/lamp.py", "def shine():\n    return 1\n")
    project.commit("Light the harbour")
    project.git("rm", "-q", "src/harbour/lamp.py")
    project.commit("Take the lamp away")

    agent = agent_at(project.root)
    found = stale(agent)[GUIDE]

    assert found["state"] == "broken"
    assert found["findings"][0] == {
        "state": "broken",
        "line": 3,
        "kind": "path",
        "names": "src/harbour/lamp.py",
        "what": "removed",
        "commit": head(project),
        "hint": "take it out, or name what took its place",
    }
    said = f"broken: line 3 names src/harbour/lamp.py, removed in {head(project)[:8]}"
    (shown,) = [
        each
        for each in agent.answer("search_memory", query="harbour master at dusk")["results"]
        if each.get("path") == GUIDE
    ]
    assert shown["freshness"] == said
    text = agent.call("search_memory", query="harbour master at dusk").content[0].text  # type: ignore[union-attr]
    assert f"[document, {said}]" in text
    assert agent.answer("memory_status")["index"]["freshness"]["broken"] == 1


def test_context_says_that_what_binds_a_file_is_stale(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("AGENTS.md", "# Rules\n\nEvery handler is listed in `src/api/registry.py`, always.\n")
    project.write("src/api/registry.py", "HANDLERS = []\n")
    project.commit("List the handlers")
    project.git("rm", "-q", "src/api/registry.py")
    project.commit("Find handlers by themselves")

    agent = agent_at(project.root)
    stale(agent)

    governing = agent.answer("get_context", paths=["src/api/handlers.py"])["governing"]
    assert {each["path"]: each.get("freshness") for each in governing}["AGENTS.md"].startswith(
        "broken: line 3"
    )


def test_a_renamed_file_is_named_by_what_it_is_called_now(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nSee [the lamp](../src/lamp.py).\n")
    project.write("src/lamp.py", "def shine():\n    return 'light over the water'\n")
    project.commit("Light the harbour")
    project.git("mv", "src/lamp.py", "src/beacon.py")
    project.commit("Call it a beacon")

    assert findings(agent_at(project.root)) == [("broken", 3, "../src/lamp.py", "renamed to src/beacon.py")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (GUIDE, "# Guide\n\nPut your settings into `src/yours/settings.py`.\n"),
        (GUIDE, "# Guide\n\n`src/lamp.py` was removed, the sun does.\n"),
        (GUIDE, "# Guide\n\n## Migrating from 1.x\n\nIt lies in `src/lamp.py`.\n"),
        ("CHANGELOG.md", "# Changes\n\nThe lamp is in `src/lamp.py`.\n"),
        ("docs/light_v0_v1_difference.md", "# Light\n\nThe lamp is in `src/lamp.py`.\n"),
        ("docs/plans/2024-05-light.md", "# Light\n\nThe lamp is in `src/lamp.py`.\n"),
        (
            "docs/decisions/0002-light.md",
            "# 2. Light\n\n## Status\n\nSuperseded by 0003\n\n## Decision\n\nThe lamp is in `src/lamp.py`.\n",
        ),
    ],
    ids=[
        "never existed",
        "told as past",
        "under a heading of the past",
        "change log",
        "two versions",
        "plan",
        "superseded",
    ],
)
def test_what_makes_no_claim_on_the_present_is_not_stale(
    agent_at: AgentAt, project: GitFolder, path: str, text: str
) -> None:
    project.write(path, text)
    project.write("src/lamp.py", "def shine():\n    return 1\n")
    project.commit("Light the harbour")
    project.git("rm", "-q", "src/lamp.py")
    project.commit("Rely on the sun")

    assert stale(agent_at(project.root)) == {}


def test_a_line_that_was_written_after_the_removal_is_not_stale(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write("src/lamp.py", "def shine():\n    return 1\n")
    project.commit("Light the harbour")
    project.git("rm", "-q", "src/lamp.py")
    project.commit("Rely on the sun")
    project.write(GUIDE, "# Guide\n\nWhoever misses `src/lamp.py` looks at the sun.\n")
    project.commit("Explain the dark")

    assert stale(agent_at(project.root)) == {}


def test_a_decision_in_force_ages_and_is_never_broken(agent_at: AgentAt, project: GitFolder) -> None:
    project.git("rm", "-q", "src/proxy.py")
    project.commit("Let the ink out")

    (found,) = findings(agent_at(project.root), "docs/decisions/0001-use-squid.md")
    assert found[0] == "ageing"
    assert found[2:] == ("src/proxy.py", "removed")


def test_a_symbol_that_no_code_has_any_more_breaks_a_document(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\n`SquidProxy.forward_ink()` writes, `other_lib.tentacles()` does not.\n")
    project.write("src/proxy.py", "class SquidProxy:\n    def forward_ink(self):\n        return 'ink'\n")
    project.commit("Forward ink")
    project.write("src/proxy.py", "class SquidProxy:\n    def pass_on(self):\n        return 'ink'\n")
    project.commit("Pass it on")

    assert findings(agent_at(project.root)) == [
        ("broken", 3, "SquidProxy.forward_ink", "no longer in the code; it was in src/proxy.py")
    ]


def test_targets_options_and_versions_are_held_against_what_declares_them(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(
        GUIDE,
        "# Guide\n\nRun `make harbour` and `make lint`. Python 3.9 or newer is required.\n\n"
        "```console\n$ squid --dim-lights --verbose-ink\n```\n",
    )
    project.write("Makefile", "harbour:\n\ttrue\n\nlint:\n\ttrue\n")
    project.write("pyproject.toml", '[project]\nname = "squid"\nrequires-python = ">=3.9"\n')
    option = "parser.add_argument('--verbose-ink')\n"
    project.write("src/cli.py", f"parser.add_argument('--dim-lights')\n{option}")
    project.commit("Add the commands")
    project.write("Makefile", "lint:\n\ttrue\n")
    project.write("pyproject.toml", '[project]\nname = "squid"\nrequires-python = ">=3.12"\n')
    project.write("src/cli.py", option)
    project.commit("Slim down")

    assert findings(agent_at(project.root)) == [
        ("broken", 3, "make harbour", "Makefile has no harbour any more"),
        ("drifted", 3, "python 3.9", "3.9 is asked for here, 3.12 in pyproject.toml"),
        ("drifted", 6, "--dim-lights", "no command declares it any more; it was declared in src/cli.py"),
    ]


def test_a_tree_that_is_drawn_of_the_readers_project_is_not_held_against_this_one(
    agent_at: AgentAt, project: GitFolder
) -> None:
    drawn = "my-project/\n├── .harbour/\n│   ├── store/\n│   └── config.yaml\n├── app/\n└── README.md\n"
    named = "harbour/\n├── docs/\n│   └── guide.md\n├── src/\n│   └── lamp.py\n└── README.md\n"
    project.write(
        GUIDE, f"# Guide\n\nYours looks like this:\n\n```\n{drawn}```\n\nOurs:\n\n```\n{named}```\n"
    )
    for path in (".harbour/config.yaml", ".harbour/kept", "src/lamp.py", "src/kept", "README.md"):
        project.write(path, "a: 1\n")
    project.commit("Keep settings")
    project.git("rm", "-q", ".harbour/config.yaml", "src/lamp.py")
    project.commit("Keep none")

    assert [each[2] for each in findings(agent_at(project.root))] == ["harbour/src/lamp.py"]


def test_a_tree_of_which_much_never_was_here_is_somebody_elses(agent_at: AgentAt, project: GitFolder) -> None:
    drawn = "service/\n├── config.yaml\n├── handlers/\n├── views/\n├── src/\n├── docs/\n└── README.md\n"
    project.write(GUIDE, f"# Guide\n\nA service has this layout:\n\n```\n{drawn}```\n")
    for path in ("config.yaml", "src/kept", "README.md"):
        project.write(path, "a: 1\n")
    project.commit("Keep settings")
    project.git("rm", "-q", "config.yaml")
    project.commit("Keep none")

    assert stale(agent_at(project.root)) == {}


def test_what_readers_have_is_not_held_against_the_repository(agent_at: AgentAt, project: GitFolder) -> None:
    drawn = "myapp/\n├── src/\n│   └── m.py\n└── settings.yaml\n"
    project.write(
        GUIDE,
        f"# Guide\n\nYour project:\n\n```\n{drawn}```\n\nUsers add `src/m.py` to their own project.\n",
    )
    project.write("src/m.py", "VALUE_OF_THE_LANTERN = 1\n")
    project.write("settings.yaml", "a: 1\n")
    project.commit("Start")
    project.git("mv", "src/m.py", "src/n.py")
    project.commit("Call it n")

    assert stale(agent_at(project.root)) == {}


@pytest.mark.parametrize(
    ("before", "hint"),
    [
        (["tools/install.sh"], "take it out, or name what took its place"),
        ([], "perhaps tools/install.sh is meant now"),
    ],
    ids=["stood beside it", "came later"],
)
def test_a_file_of_the_same_name_is_offered_only_where_it_can_have_taken_the_place(
    agent_at: AgentAt, project: GitFolder, before: list[str], hint: str
) -> None:
    project.write(GUIDE, "# Guide\n\nRun `hooks/install.sh` once.\n")
    for path in ("hooks/install.sh", *before):
        project.write(path, f"echo {path}\n")
    project.commit("Install hooks")
    project.git("rm", "-q", "hooks/install.sh")
    project.commit("Install no hooks")
    if not before:
        project.write("tools/install.sh", "set -e\ncurl the.harbour | sh\n")
        project.commit("Install everything")

    (found,) = stale(agent_at(project.root))[GUIDE]["findings"]
    assert found["hint"] == hint


def test_code_that_was_rewritten_makes_a_document_age(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nLanterns are in `src/lanterns.py`.\n")
    project.write("src/lanterns.py", "".join(f"lantern_{number} = {number}\n" for number in range(60)))
    project.commit("Count the lanterns")
    project.write("src/lanterns.py", "".join(f"beacon_{number} = {number}\n" for number in range(60)))
    project.commit("Make them beacons")

    agent = agent_at(project.root)
    assert stale(agent) == {}
    assert findings(agent) == [
        ("ageing", 3, "src/lanterns.py", "100 % of it was rewritten since this was last touched")
    ]


def test_fresh_and_unknown_documents_are_told_apart(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nThe proxy is `src/proxy.py`.\n")
    project.write("docs/poem.md", "# Poem\n\nThe sea, the sea.\n")
    project.commit("Write")

    found = stale(agent_at(project.root), all=True)

    assert (found[GUIDE]["state"], found["docs/poem.md"]["state"]) == ("fresh", "unknown")


def test_a_document_that_is_mended_is_fresh_again(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nThe lamp is `src/lamp.py`, the proxy `src/proxy.py`.\n")
    project.write("src/lamp.py", "def shine():\n    return 1\n")
    project.commit("Light the harbour")
    project.git("rm", "-q", "src/lamp.py")
    project.commit("Rely on the sun")
    agent = agent_at(project.root)
    assert list(stale(agent)) == [GUIDE]

    project.write(GUIDE, "# Guide\n\nThe proxy is `src/proxy.py`.\n")

    assert stale(agent) == {}


def test_the_one_who_asks_is_told_that_documents_are_being_judged(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(GUIDE, "# Guide\n\nThe proxy is `src/proxy.py`.\n")
    project.commit("Write")
    agent = agent_at(project.root)
    agent.desk.settled()

    told: list[dict[str, Any]] = []
    agent.desk.control("stale", told=told)

    assert {"phase": "judging"}.items() <= told[-1].items()


def test_without_git_it_says_that_there_is_nothing_to_judge_by(agent_at: AgentAt, tmp_path: Any) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "guide.md").write_text("# Guide\n\nSee `src/lamp.py`.\n", encoding="utf-8")

    answer = agent_at(folder).desk.control("stale")

    assert (answer["documents"], answer["notes"]) == (
        [],
        ["there is no git history here to judge documents by"],
    )
