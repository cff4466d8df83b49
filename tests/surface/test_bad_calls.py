"""Calls that cannot be answered: one line that says what to do, and a session that goes on."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, AgentAt

from whykeeper.budgets import LEAST_BUDGET
from whykeeper.tools import create_server
from whykeeper_indexers.errors import DaemonError

WRONG: list[tuple[str, dict[str, Any], list[str]]] = [
    ("search_memory", {"query": ""}, ["the question is empty", "ask in plain words"]),
    ("search_memory", {"query": " \n\t"}, ["the question is empty"]),
    ("search_memory", {"query": "why " * 25_000}, ["100,000 characters", "20,000 is the most"]),
    ("search_memory", {}, ["query is required"]),
    ("search_memory", {"query": "ink", "kinds": ["adr"]}, ["kinds.0", "'decision'", "not 'adr'"]),
    ("search_memory", {"query": "ink", "limit": 101}, ["limit", "100", "not 101"]),
    (
        "search_memory",
        {"query": "ink", "budget_tokens": LEAST_BUDGET - 1},
        ["budget_tokens", str(LEAST_BUDGET)],
    ),
    ("search_memory", {"query": "ink", "kind": ["code"]}, ["no argument 'kind'", "did you mean 'kinds'"]),
    ("search_memory", {"query": "ink", "foo": 1}, ["no argument 'foo'", "query, kinds, paths, near"]),
    ("search_memory", {"query": "ink", "paths": ["../x"]}, ["../x is outside the repository", "below /"]),
    ("get_context", {}, ["neither a path nor a task"]),
    ("get_context", {"task": "  "}, ["neither a path nor a task"]),
    ("get_context", {"paths": ["/etc/passwd"]}, ["/etc/passwd is outside the repository"]),
    ("get_context", {"paths": ["src/../../x.py"]}, ["outside the repository"]),
    ("get_context", {"paths": ["x" * 100_000]}, ["too long for a path"]),
    ("get_context", {"task": "x" * 100_000}, ["20,000 is the most"]),
    ("memory_status", {"foo": 1}, ["there is no argument 'foo'; memory_status takes no arguments"]),
    ("read_memory", {"id": ""}, ["no id was given"]),
    ("read_memory", {"id": "nonesuch"}, ["nothing is remembered under 'nonesuch'", "search_memory"]),
    ("read_memory", {"id": "z" * 100_000}, ["too long"]),
    ("read_memory", {"id": "../../etc/passwd"}, ["outside the repository"]),
    ("read_memory", {"id": "/etc/passwd"}, ["outside the repository"]),
    ("read_memory", {"id": "src/prxy.py"}, ["there is no file src/prxy.py"]),
    ("read_memory", {"id": "elsewhere/proxy.py"}, ["no file", "did you mean src/proxy.py?"]),
    ("read_memory", {"id": "src"}, ["src is not in the index", "folder"]),
    ("read_memory", {"id": "nul\0.md"}, ["nul"]),
]


def test_each_wrong_call_says_how_to_put_it_right_and_costs_no_session(
    agent_at: AgentAt, project: GitFolder
) -> None:
    agent = agent_at(project.root)
    for tool, arguments, said in WRONG:
        refusal = agent.refusal(tool, **arguments)
        assert len(refusal) < 600, refusal
        assert "\n" not in refusal
        assert "Traceback" not in refusal
        for part in said:
            assert part in refusal, (tool, str(arguments)[:80], refusal)
    assert agent.answer("search_memory", query="why squid")["results"]


@pytest.mark.parametrize("target", ["/etc", "../outside"])
def test_a_link_leads_no_tool_out_of_the_checkout(agent_at: AgentAt, project: GitFolder, target: str) -> None:
    outside = project.root.parent / "outside"
    outside.mkdir()
    (outside / "passwd").write_text("treasure\n", encoding="utf-8")
    (project.root / "link").symlink_to(target)
    agent = agent_at(project.root)

    assert "symbolic link that leaves the repository" in agent.refusal("read_memory", id="link/passwd")
    assert agent.answer("get_context", paths=["link/passwd"])["governing"]
    assert agent.answer("search_memory", query="treasure root:x")["confident"] is False
    assert agent.verdict("link/passwd")["reason"] == "symbolic link that leaves the repository"


def test_links_in_a_circle_cost_nothing_but_themselves(agent_at: AgentAt, project: GitFolder) -> None:
    (project.root / "loop").symlink_to("loop")
    agent = agent_at(project.root)

    for path in ("loop", str(project.root.parent / "loop"), str(project.root / "loop" / ".." / "loop")):
        agent.call("search_memory", query="ink", paths=[path])
    assert agent.verdict("loop")["detail"] == "symbolic link in a circle"
    assert agent.verdict("loop/in.md")["reason"] == "missing"
    assert "not in the index" in agent.refusal("read_memory", id="loop")
    assert agent.governing("loop", "src/proxy.py")


@pytest.mark.parametrize("name", [".whykeeper.toml", "pyproject.toml", ".adr-dir"])
def test_settings_behind_links_in_a_circle_are_no_fault_of_ours(
    agent_at: AgentAt, project: GitFolder, machine: Machine, name: str
) -> None:
    (project.root / name).symlink_to(name)
    agent = Agent(machine, machine.sit(project.root))

    said = str(agent.call("memory_status").content)
    assert "whykeeper failed" not in said


def test_a_circle_outside_the_checkout_is_outside(agent_at: AgentAt, project: GitFolder) -> None:
    (project.root.parent / "circle").symlink_to("circle")
    agent = agent_at(project.root)

    refusal = agent.refusal("search_memory", query="ink", paths=[str(project.root.parent / "circle/a.md")])
    assert "outside the repository" in refusal


def test_a_name_that_is_not_utf_8_is_given_as_its_reason(agent_at: AgentAt, project: GitFolder) -> None:
    (project.root / os.fsdecode(b"bad\xff.md")).write_text("# Bad\n", encoding="utf-8")
    agent = agent_at(project.root)

    assert agent.verdict(r"bad\xff.md")["detail"] == "its name is not valid UTF-8"
    assert "AGENTS.md" in agent.governing(r"bad\xff.md", "src/proxy.py")


def test_what_a_killed_watcher_left_in_the_data_folder_is_swept_by_the_next(
    agent_at: AgentAt, machine: Machine, project: GitFolder
) -> None:
    agent_at(project.root)
    machine.stop()
    (store,) = machine.stores()
    (store / "whykeeper-l3ft0v3r").mkdir()
    (store / "whykeeper-l3ft0v3r" / "7").touch()

    agent_at(project.root)

    kept = list(store.glob("whykeeper-*"))
    assert len(kept) == 1
    assert kept[0].name != "whykeeper-l3ft0v3r"


def test_an_unknown_setting_is_named_with_the_nearest_known_one_until_it_is_put_right(
    machine: Machine, project: GitFolder
) -> None:
    project.write(".whykeeper.toml", "[search]\nlimt = 3\n")
    agent = Agent(machine, machine.sit(project.root))

    refusal = agent.refusal("search_memory", query="squid")
    assert "unknown key search.limt; did you mean search.limit?" in refusal
    project.write(".whykeeper.toml", "[search]\nlimit = 1\n")
    agent.desk.settled()
    assert len(agent.answer("search_memory", query="squid proxy")["results"]) == 1


def test_a_repository_may_not_turn_the_cutting_of_secrets_off(machine: Machine, project: GitFolder) -> None:
    project.write(".whykeeper.toml", "[secrets]\nenabled = false\n")

    refusal = Agent(machine, machine.sit(project.root)).refusal("memory_status")

    assert "secrets.enabled may not be set by a repository" in refusal


def test_a_folder_that_is_no_repository_is_served_with_a_note(agent_at: AgentAt, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("# Note\n\nThe pelican rests.\n", encoding="utf-8")
    agent = agent_at(tmp_path)

    found = agent.answer("search_memory", query="pelican rests")
    assert found["results"][0]["path"] == "note.md"
    assert "not a git repository" in found["notes"][0]
    assert "not a git repository" in agent.answer("memory_status")["notes"][0]


@pytest.mark.parametrize("commit", [False, True])
def test_an_empty_repository_answers_that_nothing_is_recorded(
    agent_at: AgentAt, git_folder: GitFolder, commit: bool
) -> None:
    if commit:
        git_folder.commit("Begin")
    agent = agent_at(git_folder.root)

    found = agent.call("search_memory", query="why is it so")
    assert found.structured_content is not None
    assert (found.structured_content["results"], found.structured_content["confident"]) == ([], False)
    assert "Nothing is recorded about this." in str(found.content[0])
    assert agent.answer("get_context", paths=["src/new.py"])["governing"] == []
    assert agent.answer("memory_status")["index"]["state"] == "complete"


def test_a_session_outside_any_checkout_is_told_how_to_get_one(machine: Machine) -> None:
    from whykeeper.daemon.protocols import Session

    session = Session(None, "/home/ada is in no git checkout", machine.home / "config", "mcp")
    desk = type("Seat", (), {"session": session})()

    refusal = Agent(machine, desk).refusal("search_memory", query="why")

    assert refusal.startswith("/home/ada is in no git checkout: ")
    assert "--repo PATH" in refusal


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ZeroDivisionError("a secret detail"), "whykeeper failed: try again"),
        (DaemonError("the encoder is gone", "look at the log"), "(the encoder is gone: look at the log)"),
    ],
)
async def test_a_fault_of_ours_is_owned_up_to_and_logged(
    error: Exception, said: str, caplog: pytest.LogCaptureFixture, anyio_backend: str
) -> None:
    async def broken() -> Any:
        raise error

    with caplog.at_level(logging.ERROR):
        async with Client(create_server(broken)) as client:
            result = await client.call_tool("memory_status", {})

    text = str(result.content[0].model_dump()["text"])
    assert result.is_error
    assert said in text
    assert "a secret detail" not in text
    assert caplog.records[-1].exc_info is not None


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
