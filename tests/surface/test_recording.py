"""Decisions recorded through the tool: in the repository's form, found at once, and never half."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

QUEUE = {
    "title": "Keep the queue in Postgres",
    "context": "Jobs must not be lost when a walrus trips over the cable.",
    "decision": "Jobs wait in a table of Postgres.",
    "alternatives": {"RabbitMQ": "One more thing to run."},
    "consequences": "Workers poll.",
    "confirmation": "A test kills a worker.",
}


def written(agent: Agent, project: GitFolder, **given: Any) -> tuple[str, str]:
    """The path and text of what a call wrote first."""
    answer = agent.answer("record_decision", **{**QUEUE, **given})
    path = answer["written"][0]
    return path, (project.root / path).read_bytes().decode()


def test_where_nothing_is_recorded_it_begins_with_madr_4(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write("src/a.py", "A = 1\n")
    git_folder.commit("Begin")
    agent = agent_at(git_folder.root)

    path, text = written(agent, git_folder)

    assert path == "docs/decisions/0001-keep-the-queue-in-postgres.md"
    assert text.startswith("---\nstatus: accepted\ndate: ")
    assert "\n---\n\n# Keep the queue in Postgres\n\n## Context and Problem Statement\n\nJobs must" in text
    assert "## Considered Options\n\n* RabbitMQ\n\n## Decision Outcome\n\nJobs wait" in text


def test_what_is_recorded_is_found_by_the_next_question(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    path, text = written(agent, project)

    best = agent.answer("search_memory", query="walrus trips over the cable")["results"][0]

    assert (best["path"], best["kind"], best["status"]) == (path, "decision", "accepted")
    assert path == "docs/decisions/0002-keep-the-queue-in-postgres.md"
    assert text.startswith("# 2. Keep the queue in Postgres\n\nDate: ")


def test_what_it_may_contradict_comes_first_and_nothing_is_written(
    agent_at: AgentAt, project: GitFolder
) -> None:
    agent = agent_at(project.root)
    asked = {**QUEUE, "title": "The use of squid"}

    answer = agent.answer("record_decision", **asked)

    assert answer["written"] == []
    (shown,) = answer["related"]
    assert shown == {
        "path": "docs/decisions/0001-use-squid.md",
        "title": "Use squid",
        "status": "accepted",
        "because": "its title says nearly the same",
    }
    assert project.git("status", "--porcelain") == ""
    assert agent.answer("record_decision", **asked, confirm_new=True)["written"] == [
        "docs/decisions/0002-the-use-of-squid.md"
    ]


def test_the_record_that_is_replaced_says_so_in_one_line(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)

    answer = agent.answer("record_decision", **{**QUEUE, "title": "Use nginx"}, supersedes="1")

    assert answer["written"] == ["docs/decisions/0002-use-nginx.md", "docs/decisions/0001-use-squid.md"]
    changed = project.git("diff", "--unified=0").splitlines()
    assert [line for line in changed if line[0] in "+-" and line[1] not in "+-"] == [
        "-Accepted",
        "+Superceded by [2. Use nginx](0002-use-nginx.md)",
    ]
    new = (project.root / answer["written"][0]).read_text(encoding="utf-8")
    assert "## Status\n\nAccepted\n\nSupercedes [1. Use squid](0001-use-squid.md)\n" in new
    old = agent.answer("read_memory", id="docs/decisions/0001-use-squid.md")
    assert old["status"] == "superseded"


def test_a_record_that_was_meant_otherwise_is_named(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    assert "no decision record is called '7'" in agent.refusal("record_decision", **QUEUE, supersedes=["7"])
    assert "needs its context and decision" in agent.refusal("record_decision", title="Use nginx")


def test_a_secret_is_refused_by_its_rule(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    secret = "ghp_" + "x7Kq9mZt4Rw2Bn8Vc5Lp1Js6Dh3Fg0Aa9Qe2"
    refusal = agent.refusal("record_decision", **{**QUEUE, "context": f"The token is {secret}."})

    assert "holds a secret (" in refusal
    assert secret not in refusal
    assert project.git("status", "--porcelain") == ""


def test_a_place_that_git_ignores_is_refused(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(".gitignore", "docs/decisions/0002*\n")
    agent = agent_at(project.root)
    assert "ignored by git (.gitignore:1:docs/decisions/0002*)" in agent.refusal("record_decision", **QUEUE)


def test_a_folder_behind_a_link_out_of_the_checkout_is_refused(
    agent_at: AgentAt, project: GitFolder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (project.root / "adr").symlink_to(outside)
    agent = agent_at(project.root)
    assert "leads out of the repository" in agent.refusal("record_decision", **QUEUE, folder="adr")
    assert list(outside.iterdir()) == []


def test_a_folder_that_is_no_repository_keeps_records_too(agent_at: AgentAt, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n\nThe walrus sings.\n", encoding="utf-8")
    agent = agent_at(tmp_path)

    written = agent.answer("record_decision", **QUEUE)["written"]

    assert written == ["docs/decisions/0001-keep-the-queue-in-postgres.md"]
    assert sorted(path.name for path in (tmp_path / "docs/decisions").iterdir()) == [
        written[0].split("/")[-1]
    ]


@pytest.mark.usefixtures("machine")
def test_without_the_model_words_are_compared_and_a_note_says_so(
    agent_at: AgentAt, project: GitFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whykeeper.recording.use_cases.MODEL_S", 0.1)
    agent = agent_at(project.root)
    encoder = agent.machine.encoder
    encoder.ready = encoder.loads = False

    answer = agent.answer("record_decision", **QUEUE)

    assert answer["notes"][0].startswith("records were compared by words alone: the embedding model is")


def test_a_template_is_followed_where_there_is_no_record_yet(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write(
        "adr/template.md",
        "# Title\n\n## Status\n\nWhat is it?\n\n## Background\n\nWhy?\n\n"
        "## Decision\n\nWhat?\n\n## Implications\n\nSo?\n",
    )
    git_folder.commit("Begin")
    agent = agent_at(git_folder.root)

    path, text = written(agent, git_folder, folder="adr")

    assert path == "adr/0001-keep-the-queue-in-postgres.md"
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Status",
        "## Background",
        "## Decision",
        "## Alternatives",
        "## Implications",
        "## Confirmation",
    ]


def test_a_record_of_madr_that_names_no_version_is_followed_by_one_of_version_4(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write(
        "docs/decisions/0001-use-nets.md",
        "---\nstatus: accepted\ndate: 2024-01-02\n---\n\n# Use nets\n\n"
        "## Context and Problem Statement\n\nFish.\n\n"
        "## Considered Options\n\n* Nets\n\n## Decision Outcome\n\nNets.\n",
    )
    git_folder.commit()

    _, text = written(agent_at(git_folder.root), git_folder, confirm_new=True)

    assert "### Confirmation\n\nA test kills a worker.\n" in text


def test_a_folder_of_a_submodule_is_refused_by_its_name(
    agent_at: AgentAt, project: GitFolder, tmp_path: Path
) -> None:
    other = GitFolder(tmp_path / "other")
    other.root.mkdir()
    other.git("init", "-q", "-b", "main")
    other.write("docs/adr/0001-use-nets.md", "# 1. Use nets\n\n## Status\n\nAccepted\n\n## Context\n\nx\n")
    other.commit()
    project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "lib")
    project.commit("Take the nets in")

    refusal = agent_at(project.root).refusal("record_decision", **QUEUE, folder="lib/docs/adr")

    assert "lib/docs/adr" in refusal and "lies in the submodule lib" in refusal
