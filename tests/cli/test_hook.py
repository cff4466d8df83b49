from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.test_verify import ERROR, FOUND, NOTHING, WARNING
from tests.conftest import GitFolder

from whykeeper.commands.group import VERBS
from whykeeper_indexers.errors import InternalError, QueryError

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine, Ran


@pytest.fixture
def changed(git_folder: GitFolder, whykeeper: CommandLine) -> GitFolder:
    """A repository with a change that has an error."""
    git_folder.write("a.py", "x = 1\n")
    git_folder.commit()
    git_folder.write("a.py", "x = 2\n")
    whykeeper.change(cwd=git_folder.root, env={})
    whykeeper.daemon.answers["verify"] = FOUND
    return git_folder


@pytest.fixture
def hook(whykeeper: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(client: str, event: str, given: object = None) -> Ran:
        text = given if isinstance(given, str) else json.dumps(given or {})
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        return whykeeper("hook", client, event)

    return run


def test_errors_keep_claude_from_ending_its_turn(
    changed: GitFolder, hook: Any, whykeeper: CommandLine
) -> None:
    ran = hook("claude", "stop", {"stop_hook_active": False, "cwd": str(changed.root)})

    assert (ran.code, ran.json["decision"]) == (0, "block")
    assert whykeeper.daemon.asked == [(changed.root.resolve(), "verify", {})]
    assert f"1. error src/lamp.py:12-14: {ERROR['message']}" in ran.json["reason"]
    assert WARNING["id"] not in ran.json["reason"]


def test_errors_are_given_to_cursor_as_its_next_message(changed: GitFolder, hook: Any) -> None:
    ran = hook(
        "cursor", "stop", {"status": "completed", "loop_count": 0, "workspace_roots": [str(changed.root)]}
    )
    assert ERROR["message"] in ran.json["followup_message"]


@pytest.mark.parametrize(
    ("client", "given"),
    [
        ("claude", {"stop_hook_active": True}),
        ("cursor", {"loop_count": 1, "status": "completed"}),
        ("cursor", {"loop_count": 0, "status": "aborted"}),
    ],
)
def test_a_turn_is_held_once_and_never_in_a_loop(
    changed: GitFolder, hook: Any, whykeeper: CommandLine, client: str, given: dict[str, object]
) -> None:
    ran = hook(client, "stop", given)
    assert (ran.code, ran.out, ran.err, whykeeper.daemon.asked) == (0, "", "", [])


@pytest.mark.parametrize(
    "answer",
    [
        NOTHING,
        {**FOUND, "findings": [WARNING], "counts": {"warning": 1}},
        QueryError("it is no repository"),
        InternalError("it is broken"),
    ],
)
def test_a_turn_ends_quietly_where_nothing_weighs_an_error_or_whykeeper_fails(
    changed: GitFolder, hook: Any, whykeeper: CommandLine, answer: object
) -> None:
    whykeeper.daemon.answers["verify"] = answer
    for given in ({}, "", "no json", "[]", '{"cwd": 3}'):
        ran = hook("claude", "stop", given)
        assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_where_nothing_has_changed_nothing_is_verified(
    changed: GitFolder, hook: Any, whykeeper: CommandLine
) -> None:
    changed.commit("done")
    ran = hook("claude", "stop")
    assert (ran.code, ran.out, whykeeper.daemon.asked) == (0, "", [])


@pytest.mark.parametrize("event", ["stop", "session-start"])
def test_a_folder_that_is_no_repository_is_left_alone(
    hook: Any, whykeeper: CommandLine, tmp_path: Any, event: str
) -> None:
    whykeeper.change(cwd=tmp_path, env={})
    ran = hook("claude", event)
    assert (ran.code, ran.out, ran.err, whykeeper.daemon.asked) == (0, "", "", [])


def test_a_session_starts_with_what_resume_prints(
    changed: GitFolder, hook: Any, whykeeper: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another verb that prints: which plan is open is no matter of the hook's.
    monkeypatch.setitem(VERBS, "resume", VERBS["read"])
    ran = hook("claude", "session-start", {"source": "startup"})
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    monkeypatch.setitem(VERBS, "resume", VERBS["status"])
    whykeeper.daemon.answers["status"] = {"checkout": "here", "notes": ["the lamp is lit"]}
    ran = hook("claude", "session-start", {"source": "startup"})
    assert (ran.code, "note: the lamp is lit" in ran.out) == (0, True)
    assert "the lamp is lit" in hook("cursor", "session-start").json["additional_context"]
