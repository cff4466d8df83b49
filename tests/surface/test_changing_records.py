"""Records changed and retired through the tool: git shows that change and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

PATH = "docs/decisions/0001-use-squid.md"
MADR = (
    "---\nstatus: accepted\ndate: 2024-01-02\n---\n\n# Use squid\n\n"
    "## Context and Problem Statement\n\nInk.\n\n"
    '## Considered Options\n\n* squid\n* nginx\n\n## Decision Outcome\n\nChosen option: "squid".\n\n'
    "### Consequences\n\n* Good, because fast\n\n"
    "## Pros and Cons of the Options\n\n### nginx\n\n* Bad, because new\n"
)


def changed_lines(project: GitFolder) -> list[str]:
    lines = project.git("diff", "--unified=0").splitlines()
    return [line for line in lines if (line[:1] in "+-" and line[:3] not in ("+++", "---")) or line == "---"]


@pytest.fixture
def agent(agent_at: AgentAt, project: GitFolder) -> Agent:
    return agent_at(project.root)


def test_a_record_is_deprecated_with_its_reason(agent: Agent, project: GitFolder) -> None:
    agent.answer("record_decision", id="ADR-0001", status="deprecated", reason="The kraken\nis gone.")

    removed, *added = changed_lines(project)
    assert removed == "-Accepted"
    assert added[0] == "+Deprecated"
    assert added[2].endswith(": The kraken is gone.")
    assert agent.answer("read_memory", id=PATH)["status"] == "deprecated"


def test_a_part_gets_another_text_and_a_missing_one_is_added(agent: Agent, project: GitFolder) -> None:
    agent.answer("record_decision", id="1", context="The kraken leaked twice.", consequences="Less ink.")

    text = (project.root / PATH).read_text(encoding="utf-8")
    assert "## Context\n\nThe kraken leaked twice.\n\n## Decision\n\nWe use squid for" in text
    assert text.endswith("must not leak ink.\n\n## Consequences\n\nLess ink.\n")


def test_a_title_is_changed_in_its_heading(agent: Agent, project: GitFolder) -> None:
    agent.answer("record_decision", id=PATH, title="Use squid everywhere")
    assert changed_lines(project) == ["-# 1. Use squid", "+# 1. Use squid everywhere"]


def test_alternatives_are_added_in_both_places_of_madr(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write(PATH, MADR)
    git_folder.commit("Decide")
    agent_at(git_folder.root).answer(
        "record_decision",
        id="1",
        alternatives={"haproxy": "Nobody knows it."},
        status="rejected",
        reason="Ink.",
    )

    assert [line for line in changed_lines(git_folder) if len(line) > 1][:3] == [
        "-status: accepted",
        "+status: rejected",
        "+* haproxy",
    ]
    text = (git_folder.root / PATH).read_text(encoding="utf-8")
    assert (
        "* Bad, because new\n\n### haproxy\n\nNobody knows it.\n\n## More Information\n\n* Rejected on "
        in text
    )


def test_an_alternative_that_is_told_of_already_is_not_added_again(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write(PATH, MADR)
    git_folder.commit("Decide")

    refusal = agent_at(git_folder.root).refusal(
        "record_decision", id="1", alternatives={"Nginx": "Too new.", "haproxy": "Nobody knows it."}
    )

    assert "tells of the alternative “Nginx” already" in refusal
    assert git_folder.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"id": "1"}, "nothing is to be changed"),
        ({"id": "9"}, "no decision record is called '9'"),
        ({"id": "1", "status": "superseded"}, "record that one, without id"),
        ({"id": "1", "supersedes": ["1"]}, "record the new decision, without id"),
        ({"id": "1", "status": "???"}, "is no status"),
    ],
)
def test_what_cannot_be_changed_is_refused(agent: Agent, given: dict[str, object], said: str) -> None:
    assert said in agent.refusal("record_decision", **given)


def test_line_ends_and_marks_stay(agent_at: AgentAt, git_folder: GitFolder) -> None:
    before = ("\ufeff" + MADR).replace("\n", "\r\n").rstrip("\r\n").encode()
    (git_folder.root / PATH).parent.mkdir(parents=True)
    (git_folder.root / PATH).write_bytes(before)
    git_folder.commit("Decide")
    agent = agent_at(git_folder.root)

    agent.answer("record_decision", id="1", status="rejected")
    assert (git_folder.root / PATH).read_bytes() == before.replace(b"status: accepted", b"status: rejected")
    new = agent.answer(
        "record_decision", title="Use nginx", context="Ink.", decision="Nginx.", confirm_new=True
    )["written"][0]
    assert b"\r\n" in (git_folder.root / new).read_bytes()


def test_a_folder_that_cannot_be_made_is_said_so(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write("docs", "No folder.\n")
    git_folder.commit("Begin")
    asked = {"title": "Use nginx", "context": "Ink.", "decision": "Nginx."}
    assert "cannot be written" in agent_at(git_folder.root).refusal("record_decision", **asked)


def test_numbers_of_branches_and_worktrees_are_taken(
    agent_at: AgentAt, project: GitFolder, tmp_path: Path
) -> None:
    project.git("checkout", "-q", "-b", "other")
    project.write("docs/decisions/0005-on-a-branch.md", "# 5. On a branch\n")
    project.commit("Elsewhere")
    project.git("checkout", "-q", "main")
    side = tmp_path / "side"
    project.git("worktree", "add", "-q", "--detach", str(side), "main")
    (side / "docs/decisions/0008-uncommitted.md").write_text("# 8. Uncommitted\n", encoding="utf-8")
    asked = {"title": "Use nginx", "context": "Ink.", "decision": "Nginx.", "confirm_new": True}

    here = agent_at(project.root).answer("record_decision", **asked)["written"]
    there = agent_at(side).answer("record_decision", **asked)["written"]

    assert here == ["docs/decisions/0009-use-nginx.md"]
    assert there == ["docs/decisions/0010-use-nginx.md"]
    assert (side / there[0]).is_file()


def test_a_status_below_a_heading_that_lost_its_underline_is_replaced(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write(
        "docs/decisions/0007-endpoint.rst",
        "Endpoint\n########\n\nStatus\n**Draft**\n\nContext\n*******\n\nInk.\n\nDecision\n********\n\nSquid.\n",
    )
    git_folder.commit("Decide")

    agent_at(git_folder.root).answer("record_decision", id="7", status="accepted")

    assert [line.strip("+-*") for line in changed_lines(git_folder)] == ["Draft", "Accepted"]


def test_a_paragraph_without_a_heading_stays_out_of_the_status(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write(
        PATH,
        "# Use squid\n\nThe kraken leaked.\n\n## Considered Options\n\n* squid\n* nginx\n\n"
        "## Decision Outcome\n\nsquid.\n",
    )
    git_folder.commit("Decide")

    agent_at(git_folder.root).answer(
        "record_decision", title="Use nginx", context="Ink.", decision="nginx.", supersedes=["1"]
    )

    text = (git_folder.root / PATH).read_text(encoding="utf-8")
    assert "# Use squid\n\nThe kraken leaked.\n\n## Status\n\nsuperseded by" in text


def test_a_status_that_would_take_other_parts_with_it_is_left_alone(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write(PATH, "# Use squid\n\n## Status\n\n- 2024-01-01: draft\n- 2024-02-01: accepted\n")
    git_folder.commit("Decide")

    refusal = agent_at(git_folder.root).refusal("record_decision", id="1", status="rejected")

    assert "cannot be changed without changing more" in refusal
    assert git_folder.git("status", "--porcelain") == ""


def test_a_decision_that_holds_again_says_so_below_what_took_it_out_of_force(
    agent: Agent, project: GitFolder
) -> None:
    agent.answer("record_decision", id="1", status="rejected", reason="wrong")
    agent.answer("record_decision", id="1", status="accepted")

    text = (project.root / PATH).read_text(encoding="utf-8")
    rejected, _, after = text.partition(": wrong\n")
    assert "\nRejected on " in rejected
    assert after.strip().startswith("Accepted again on ")

    agent.answer("record_decision", id="1", status="deprecated")
    assert (project.root / PATH).read_text(encoding="utf-8").count(" again on ") == 1
