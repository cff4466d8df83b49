from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from whykeeper_indexers.errors import DaemonLostError, DaemonStoppedError

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

LOST = DaemonLostError("the daemon went away during index", "try again")
RESULT = {
    "files": 1200,
    "chunks": 8000,
    "by_kind": {"decision": 4, "code": 7000},
    "vectors": 7900,
    "took_s": 12.34,
    "excluded": {"binary": 3},
    "notes": ["a note"],
}


def test_the_result_is_on_standard_output_and_progress_on_standard_error(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["index"] = RESULT
    whykeeper.daemon.events = [
        {"phase": "idle", "done": 0, "total": 0},
        {"phase": "scan", "done": 0, "total": None},
        *({"phase": "words", "done": done, "total": 1000} for done in range(1, 1001)),
        {"phase": "odd\x1b", "done": 1, "total": 1},
    ]
    ran = whykeeper("index")
    assert whykeeper.daemon.params == {"wait": True, "rebuild": False}
    assert ran.out.splitlines() == [
        "1,200 files, 8,000 passages, 7,900 vectors, in 12.3 s",
        "  4 decision, 7,000 code",
        "  left out: 3 binary (`whykeeper status --files PATH` says why)",
        "note: a note",
    ]
    lines = ran.err.splitlines()
    assert lines[0] == "Listing files"
    assert lines[1] == "Searchable by words 1 of 1,000"
    assert "Searchable by words 1,000 of 1,000" in lines
    assert len(lines) < 20


def test_json_is_the_daemons_answer_alone(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["index"] = RESULT
    whykeeper.daemon.events = [{"phase": "scan", "done": 0, "total": 1}]
    assert whykeeper("index", "--rebuild", "--json").json == RESULT
    assert whykeeper.daemon.params["rebuild"] is True


def test_a_daemon_that_is_lost_is_followed_by_the_next(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["index"] = iter([LOST, LOST, RESULT])
    ran = whykeeper("index", "--rebuild", "--json")
    assert (ran.code, ran.json) == (0, RESULT)
    said = "whykeeper: the daemon went away during index; going on with the next one"
    assert ran.err.splitlines() == [said, said]
    assert [params["rebuild"] for _, _, params in whykeeper.daemon.asked] == [True, True, True]


@pytest.mark.parametrize("verb", ["index", "watch"])
def test_one_lost_daemon_after_another_ends_it_with_one_line(whykeeper: CommandLine, verb: str) -> None:
    whykeeper.daemon.answers[verb] = iter([LOST] * 9)
    ran = whykeeper(verb)
    assert (ran.code, len(whykeeper.daemon.asked)) == (1, 3)
    assert "error: the daemon went away 3 times within 120 s\n" in ran.err
    assert "hint: `whykeeper daemon logs` shows" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("verb", ["index", "watch"])
def test_a_daemon_that_somebody_stopped_is_not_started_again(whykeeper: CommandLine, verb: str) -> None:
    whykeeper.daemon.answers[verb] = iter([DaemonStoppedError("the daemon was stopped", "run it again"), {}])
    ran = whykeeper(verb)
    assert (ran.code, len(whykeeper.daemon.asked)) == (1, 1)
    assert ran.err == "whykeeper: error: the daemon was stopped\nwhykeeper: hint: run it again\n"
