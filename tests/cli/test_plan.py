from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import CommandLine
from tests.waiting import eventually

PLAN: dict[str, Any] = {
    "name": "ink",
    "path": ".whykeeper/plans/ink.md",
    "title": "Less ink",
    "state": "open",
    "branch": "squid",
    "done": 1,
    "steps": 3,
    "here": True,
}
SAVED = {"plan": PLAN["path"], "done": 1, "steps": 3, "left": [], "honours": [], "notes": ["a note"]}


def test_open_plans_are_listed_those_of_this_branch_marked(whykeeper: CommandLine) -> None:
    other = {**PLAN, "name": "lamps", "branch": "lit", "here": False, "over": "merged here"}
    whykeeper.daemon.answers["plans"] = {"plans": [PLAN, other], "closed": 2, "notes": ["a note"]}

    ran = whykeeper("plan", "list")

    assert whykeeper.daemon.params == {"all": False}
    assert ran.out.splitlines() == [
        "* ink  open, branch squid, 1 of 3 steps done",
        "    Less ink",
        "  lamps  open, branch lit (merged here), 1 of 3 steps done",
        "    Less ink",
        "2 closed: --all lists them",
        "note: a note",
    ]
    assert whykeeper("plan", "list", "--all", "--json").json["closed"] == 2
    assert whykeeper.daemon.params == {"all": True}
    whykeeper.daemon.answers["plans"] = {"plans": [], "closed": 0, "notes": []}
    assert whykeeper("plan", "list").out == "No plan is open.\n"


def test_a_plan_is_shown_as_it_is_written(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["plan"] = {**PLAN, "text": "# Less ink\n\n- [x] a\x1b[2J\n", "notes": []}

    ran = whykeeper("plan", "show")

    assert whykeeper.daemon.params == {"plan": None}
    assert ran.out.splitlines() == [
        ".whykeeper/plans/ink.md: open, 1 of 3 steps done",
        "",
        "# Less ink",
        "",
        "- [x] a\\x1b[2J",
    ]
    whykeeper("plan", "show", "ink")
    assert whykeeper.daemon.params == {"plan": "ink"}


@pytest.mark.parametrize(
    ("arguments", "asked", "said"),
    [
        (("new", "Less", "ink", "--name", "ink"), {"plan": "ink", "goal": "Less ink"}, "saved"),
        (("close",), {"plan": None, "state": "done", "note": None}, "closed"),
        (
            ("close", "ink", "--dropped", "--note", "No squid"),
            {"plan": "ink", "state": "dropped", "note": "No squid"},
            "given up",
        ),
        (("reopen", "ink"), {"plan": "ink", "state": "open"}, "opened again"),
    ],
)
def test_plans_are_made_closed_and_opened_again(
    whykeeper: CommandLine, arguments: tuple[str, ...], asked: dict[str, Any], said: str
) -> None:
    whykeeper.daemon.answers["plan_save"] = SAVED

    ran = whykeeper("plan", *arguments)

    assert whykeeper.daemon.params == asked
    assert ran.out.splitlines() == [f"{PLAN['path']}: {said}, 1 of 3 steps done", "note: a note"]
    assert whykeeper("plan", *arguments, "--json").json == SAVED


def test_resume_prints_what_a_session_is_told(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["resume"] = {"text": "Plan “Less ink”.\nLeft:\n1. Pour", "plan": PLAN}

    assert whykeeper("resume").out.splitlines() == ["Plan “Less ink”.", "Left:", "1. Pour"]
    assert whykeeper.daemon.params == {"plan": None}
    assert whykeeper("resume", "ink", "--json").json["plan"] == PLAN
    assert whykeeper.daemon.params == {"plan": "ink"}


def is_running(pid: int) -> bool:
    try:
        return " Z " not in (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


class TestRunning:
    """``verify --run``."""

    @pytest.fixture
    def offered(self, whykeeper: CommandLine) -> CommandLine:
        whykeeper.daemon.answers["verify"] = {"findings": [], "what": "the working tree"}
        self.offer(whykeeper, "echo squid > ran.txt")
        return whykeeper

    def offer(self, whykeeper: CommandLine, *commands: str, **known: Any) -> None:
        given = {"current": False, "code": None, "at": "", **known}
        listed = [{"command": each, **given} for each in commands]
        answer = {"path": PLAN["path"], "state": "s1", "commands": listed, "notes": []}
        whykeeper.daemon.answers["plan_commands"] = answer

    def ran(self, whykeeper: CommandLine) -> list[dict[str, Any]]:
        found = whykeeper.daemon.params.get("ran")
        assert isinstance(found, list)
        return found

    def test_a_secret_in_a_command_is_not_run_as_it_is_shown(self, whykeeper: CommandLine) -> None:
        whykeeper.daemon.answers["verify"] = {"findings": [], "what": "the working tree"}
        self.offer(whykeeper, "curl -H [redacted: github-pat] localhost")

        ran = whykeeper("verify", "--run", "--yes")

        assert "not run, for what it shows is not what it is" in ran.err
        assert "have passed" not in ran.err

    def test_nothing_is_run_where_nobody_can_be_asked(self, offered: CommandLine, checkout: Path) -> None:
        ran = offered("verify", "--run")

        assert ran.code == 1
        assert "not a terminal, so nobody can be asked" in ran.err
        assert [verb for _, verb, _ in offered.daemon.asked] == ["plan_commands"]
        assert not (checkout / "ran.txt").exists()

    @pytest.mark.parametrize("agreed", [True, False])
    def test_a_person_sees_the_exact_commands_and_decides(
        self, offered: CommandLine, checkout: Path, monkeypatch: pytest.MonkeyPatch, agreed: bool
    ) -> None:
        offered.change(can_ask=True)
        monkeypatch.setattr("click.confirm", lambda *_a, **_k: agreed)

        ran = offered("verify", "--run")

        assert "    echo squid > ran.txt" in ran.err.splitlines()
        assert (checkout / "ran.txt").exists() is agreed
        assert len(self.ran(offered)) == agreed

    def test_what_a_command_came_to_is_told_with_the_state_it_was_run_on(
        self, offered: CommandLine, checkout: Path
    ) -> None:
        self.offer(offered, "echo squid; exit 3", "cat ink && false", "true")

        ran = offered("verify", "--run", "--yes", "--json")

        assert ran.json["findings"] == []
        first, second, third = self.ran(offered)
        assert (first["command"], first["code"], first["state"]) == ("echo squid; exit 3", 3, "s1")
        assert first["tail"] == "squid\n"
        assert (second["code"], third["code"]) == (1, 0)
        assert "failed with 3" in ran.err
        assert checkout.exists()

    def test_a_command_that_takes_too_long_is_ended_with_what_it_started(
        self, offered: CommandLine, checkout: Path
    ) -> None:
        self.offer(offered, "sleep 100 & echo $! > started; wait")

        offered("verify", "--run", "--yes", "--time-limit", "1")

        assert self.ran(offered)[0]["code"] is None
        started = int((checkout / "started").read_text(encoding="utf-8"))
        assert eventually(lambda: not is_running(started), within_s=20)

    def test_what_has_passed_on_this_state_is_not_run_again(self, offered: CommandLine) -> None:
        self.offer(offered, "false", current=True, code=0)

        ran = offered("verify", "--run")

        assert "there is no acceptance command to run: all have passed on this state" in ran.err
        assert self.ran(offered) == []

    def test_a_command_that_shows_otherwise_than_it_is_is_not_run(
        self, offered: CommandLine, checkout: Path
    ) -> None:
        self.offer(offered, "true #\u202e ; touch ran.txt\necho")

        ran = offered("verify", "--run", "--yes")

        assert "not run, for what it shows is not what it is: true #\\u202e" in ran.err
        assert self.ran(offered) == []
        assert not (checkout / "ran.txt").exists()

    @pytest.mark.parametrize("other", [["HEAD~1..HEAD"], ["--staged"]])
    def test_commands_are_run_for_the_working_tree_alone(
        self, offered: CommandLine, other: list[str]
    ) -> None:
        ran = offered("verify", *other, "--run", "--yes")
        assert ran.code == 1
        assert "--run runs commands in the working tree" in ran.err

    def test_git_of_a_command_does_not_meet_the_hooks_repository(
        self, offered: CommandLine, checkout: Path
    ) -> None:
        self.offer(offered, 'test -z "$GIT_DIR$GIT_INDEX_FILE"')
        offered.change(env={**offered.runtime.env, "GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index"})

        offered("verify", "--run", "--yes")

        assert self.ran(offered)[0]["code"] == 0
        assert checkout.exists()
