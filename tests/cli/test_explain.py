from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

ANSWER: dict[str, Any] = {
    "path": "net.py",
    "summary": "net.py:3: as it is since 1a2b3c4d5e6f (2024-01-02, Ada): Cast the net",
    "reasons": [
        {
            "id": "1a2b3c4d5e6f",
            "kind": "commit",
            "commit": "1a2b3c4d5e6f" + "0" * 28,
            "title": "Cast the net",
            "date": "2024-01-02",
            "author": "Ada",
            "issues": ["#7", "GH-12"],
            "because": "wrote this line",
            "text": "The kraken leaked.",
        }
    ],
    "notes": ["older commits may be missing"],
}


def test_reasons_are_shown_with_who_when_and_how(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["explain"] = ANSWER
    out = whykeeper("explain", "net.py:3", "--budget", "500").out
    assert whykeeper.daemon.params == {"target": "net.py:3", "budget": 500}
    assert out.startswith(ANSWER["summary"])
    assert "1. Cast the net\n   commit  commit 1a2b3c4d5e6f\n" in out
    assert "   2024-01-02 · Ada · #7, GH-12 · wrote this line\n   The kraken leaked.\n" in out
    assert out.endswith("note: older commits may be missing\n")


def test_json_is_the_daemons_answer(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["explain"] = ANSWER
    assert whykeeper("explain", "net.py", "--json").json == ANSWER


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("a.py", "src/a.py"),
        ("a.py:12-30", "src/a.py:12-30"),
        ("a.py::Net.cast", "src/a.py::Net.cast"),
        ("../top.py:3", "top.py:3"),
        ("Net.cast", "Net.cast"),
        ("Net::cast", "Net::cast"),
        (".", "src"),
        ("o\nd.py:3", "src/o\nd.py:3"),
        ("o\ndd", "o\ndd"),
    ],
)
def test_paths_are_meant_from_the_working_directory(whykeeper: CommandLine, typed: str, asked: str) -> None:
    root = whykeeper.runtime.cwd
    (root / "src").mkdir()
    (root / "src/a.py").touch()
    (root / "src/o\nd.py").touch()
    whykeeper.change(cwd=root / "src")
    whykeeper("explain", typed)
    assert whykeeper.daemon.params["target"] == asked


def test_an_empty_target_is_refused_without_asking_the_daemon(whykeeper: CommandLine) -> None:
    ran = whykeeper("explain", " ")
    assert (ran.code, whykeeper.daemon.asked) == (1, [])
    assert "TARGET is empty" in ran.err


@pytest.mark.parametrize("typed", ["a" * 5_000, "a/" * 2_500])
def test_a_target_that_is_too_long_is_refused_without_asking_the_daemon(
    whykeeper: CommandLine, typed: str
) -> None:
    ran = whykeeper("explain", typed)
    assert (ran.code, whykeeper.daemon.asked) == (1, [])
    assert "TARGET is no path or symbol: it has 5,000 characters" in ran.err
