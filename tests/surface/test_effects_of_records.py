"""What a new or changed record does to those that it names: all of it, once it is in effect, or nothing."""

from __future__ import annotations

import os

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

from whykeeper.recording.writing import Writer
from whykeeper_indexers.errors import RecordingError

OLD = "docs/decisions/0001-use-squid.md"
NGINX = {"title": "Use nginx", "context": "The kraken leaked.", "decision": "nginx is the proxy."}
NEW = "docs/decisions/0002-use-nginx.md"
HAPROXY = {**NGINX, "title": "Use haproxy", "decision": "haproxy is the proxy."}


@pytest.fixture
def agent(agent_at: AgentAt, project: GitFolder) -> Agent:
    return agent_at(project.root)


def status_of(agent: Agent, path: str) -> str:
    status = agent.answer("read_memory", id=path)["status"]
    assert isinstance(status, str)
    return status


def test_a_proposal_leaves_in_force_what_it_would_replace_until_it_is_accepted(agent: Agent) -> None:
    answer = agent.answer("record_decision", **NGINX, supersedes=["1"], status="proposed")
    assert answer["written"] == [NEW]
    assert answer["notes"][-1].startswith("it is proposed: what it names stays as it is")
    assert (status_of(agent, OLD), status_of(agent, NEW)) == ("accepted", "proposed")

    assert agent.answer("record_decision", id="2", status="accepted")["written"] == [NEW, OLD]

    assert (status_of(agent, OLD), status_of(agent, NEW)) == ("superseded", "accepted")


def test_what_was_replaced_once_is_not_replaced_again(agent: Agent, project: GitFolder) -> None:
    agent.answer("record_decision", **NGINX, supersedes=["1"])
    before = (project.root / OLD).read_bytes()

    refusal = agent.refusal("record_decision", **HAPROXY, supersedes=["1"])

    assert f"{OLD} is superseded already, by {NEW}" in refusal
    assert f"name what holds in its place: {NEW}" in refusal
    assert (project.root / OLD).read_bytes() == before
    assert agent.answer("record_decision", **HAPROXY, supersedes=["2"])["written"][1] == NEW


def test_what_was_rejected_stays_so_when_another_decision_is_said_to_supersede_it(agent: Agent) -> None:
    agent.answer("record_decision", id="1", status="rejected")

    answer = agent.answer("record_decision", **NGINX, supersedes=["1"])

    assert answer["written"] == [NEW]
    assert f"{OLD} stays as it is: it was rejected, and never held" in answer["notes"]
    assert status_of(agent, OLD) == "rejected"


def test_one_record_is_not_superseded_and_amended_at_once(agent: Agent) -> None:
    refusal = agent.refusal("record_decision", **NGINX, supersedes=["1"], amends=[OLD])
    assert f"{OLD} is to be superseded and amended" in refusal


def test_a_replaced_record_is_reinstated_once_its_successor_is_withdrawn(agent: Agent) -> None:
    agent.answer("record_decision", **NGINX, supersedes=["1"])
    assert f"stays superseded as long as {NEW}" in agent.refusal("record_decision", id="1", status="accepted")

    notes = agent.answer("record_decision", id="2", status="rejected")["notes"]
    assert notes == [f"{OLD} still says that {NEW} superseded it; give it the status it has now"]
    agent.answer("record_decision", id="1", status="accepted")

    assert (status_of(agent, OLD), status_of(agent, NEW)) == ("accepted", "rejected")


def test_what_is_amended_says_by_which(agent: Agent, project: GitFolder) -> None:
    answer = agent.answer("record_decision", **NGINX, amends=["1"])
    assert answer["written"] == [NEW, OLD]
    text = (project.root / OLD).read_text(encoding="utf-8")
    assert "Accepted\n\nAmended by [2. Use nginx](0002-use-nginx.md)\n" in text
    assert status_of(agent, OLD) == "accepted"


@pytest.mark.parametrize("name", ["ADR-1", "adr 1", "#1", f"{OLD}:1-13", "0001-use-squid", "Use squid"])
def test_a_record_is_known_by_each_of_its_names(agent: Agent, name: str) -> None:
    assert agent.answer("record_decision", **NGINX, supersedes=[name])["written"] == [NEW, OLD]


def test_a_record_is_known_by_the_id_of_a_result(agent: Agent) -> None:
    best = agent.answer("search_memory", query="squid proxy leak ink", kinds=["decision"])["results"][0]
    assert best["path"] == OLD
    assert agent.answer("record_decision", **NGINX, supersedes=[best["id"]])["written"] == [NEW, OLD]


def test_a_status_that_only_a_successor_gives_is_refused(agent: Agent) -> None:
    assert "is superseded by another" in agent.refusal("record_decision", id="1", status="superseded by 3")


def test_a_change_that_changes_nothing_says_so(agent: Agent, project: GitFolder) -> None:
    answer = agent.answer("record_decision", id="1", title="Use squid", reason="Because.", folder="adr")
    assert answer["written"] == []
    assert answer["notes"] == [
        f"folder was left aside: {OLD} stays where it is",
        "reason was not written: it is for a change of status",
        f"nothing was written: {OLD} says exactly that already",
    ]
    assert project.git("status", "--porcelain") == ""


def test_a_record_that_cannot_be_changed_leaves_no_half_behind(agent: Agent, project: GitFolder) -> None:
    if os.access("/", os.W_OK):
        (project.root / OLD).unlink()
        (project.root / OLD).write_bytes(b"# 1. Use squid\n\n## Status\n\nAccepted\n\n\xff\n")
    else:
        (project.root / OLD).chmod(0o444)

    agent.refusal("record_decision", **NGINX, supersedes=["1"])

    assert not (project.root / NEW).exists()


def test_a_write_that_fails_half_way_is_undone(
    agent: Agent, project: GitFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_pen: Writer, path: str, _before: bytes, _after: bytes) -> bool:
        raise RecordingError(f"{path}: no space is left", "free some")

    monkeypatch.setattr(Writer, "replace", fails)

    refusal = agent.refusal("record_decision", **NGINX, supersedes=["1"])

    assert f"{OLD}: no space is left; nothing was written" in refusal
    assert project.git("status", "--porcelain") == ""


def test_one_record_in_another_encoding_does_not_block_the_folder(
    agent_at: AgentAt, project: GitFolder
) -> None:
    (project.root / "docs/decisions/0002-café.md".encode().decode()).write_bytes(
        "# 2. Café\n\n## Status\n\nAccepted\n".encode("latin-1")
    )
    assert agent_at(project.root).answer("record_decision", **NGINX)["written"] == [
        "docs/decisions/0003-use-nginx.md"
    ]


def test_a_number_in_the_title_and_marks_without_width_are_left_out(agent: Agent, project: GitFolder) -> None:
    answer = agent.answer("record_decision", **{**NGINX, "title": "12. Use \u202enginx\u200b"})
    assert answer["written"] == [NEW]
    assert (project.root / NEW).read_text(encoding="utf-8").startswith("# 2. Use nginx\n")


def test_a_fixtures_configuration_is_no_place_for_records(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(
        "tests/fixtures/shop/.log4brains.yml",
        "project:\n  name: Shop\n  tz: UTC\n  adrFolder: ./docs/adr\n",
    )
    project.write("tests/fixtures/shop/docs/adr/20240101-sell.md", "# Sell\n\n- Status: accepted\n")
    assert agent_at(project.root).answer("record_decision", **NGINX)["written"] == [NEW]


def test_a_folder_is_taken_as_it_is_spelled(agent: Agent) -> None:
    assert agent.answer("record_decision", **NGINX, folder="Docs/Decisions")["written"] == [NEW]
