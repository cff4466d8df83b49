from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from whykeeper.budgets import LEAST_BUDGET, MOST_BUDGET

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine


def result(**values: Any) -> dict[str, Any]:
    return {
        "id": "d1",
        "kind": "decision",
        "path": "docs/adr/0001-pipe.md",
        "lines": [3, 9],
        "commit": None,
        "title": "Use a pipe",
        "status": "accepted",
        "freshness": "current",
        "score": 1.0,
        "text": "We use a pipe.\nIt is small.",
        **values,
    }


def answer(*results: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {
        "query": "why",
        "confident": True,
        "mode": "hybrid",
        "took_ms": 5.0,
        "results": list(results),
        "notes": [],
        **values,
    }


def test_a_result_shows_its_evidence(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["search"] = answer(result())
    ran = whykeeper("search", "why", "a", "pipe?")
    assert whykeeper.daemon.asked == [(whykeeper.runtime.cwd, "search", {"query": "why a pipe?"})]
    assert ran.out.splitlines() == [
        "1. Use a pipe",
        "   decision  accepted  docs/adr/0001-pipe.md:3-9  current",
        "   We use a pipe.",
        "   It is small.",
        "   id: d1",
    ]


def test_json_is_the_daemons_answer_on_one_line(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["search"] = answer(result(text="ä\n\x1b[2J"))
    ran = whykeeper("search", "--json", "why")
    assert ran.json == whykeeper.daemon.answers["search"]
    assert ran.out.count("\n") == 1
    assert "\x1b" not in ran.out


def test_options_narrow_the_question(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["search"] = answer()
    whykeeper(
        *("search", "-n", "3", "--budget", "200", "--kind", "decision", "--kind", "code"),
        *("--path", "src/", "--path", "./docs/../lib", "--near", "src/./a.py", "--explain", "why"),
    )
    assert whykeeper.daemon.asked[0][2] == {
        "query": "why",
        "limit": 3,
        "budget": 200,
        "kinds": ["decision", "code"],
        "paths": ["src", "lib"],
        "near": ["src/a.py"],
        "explain": True,
    }


def test_paths_are_meant_from_the_working_directory(whykeeper: CommandLine) -> None:
    inside = whykeeper.runtime.cwd / "pkg"
    inside.mkdir()
    whykeeper.change(cwd=inside)
    whykeeper("search", "--path", "a.py", "--path", "..", "why")
    assert whykeeper.daemon.params["paths"] == ["pkg/a.py", "."]


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_an_empty_question_is_refused_without_asking_the_daemon(whykeeper: CommandLine, query: str) -> None:
    ran = whykeeper("search", query)
    assert ran.code == 1
    assert "the question is empty" in ran.err
    assert whykeeper.daemon.asked == []


def test_nothing_found_and_nothing_sure_are_said(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["search"] = answer(confident=False)
    assert whykeeper("search", "why").out == "Nothing that is recorded answers this.\n"
    whykeeper.daemon.answers["search"] = answer(result(), confident=False)
    assert whykeeper("search", "why").out.startswith("Nothing that is recorded clearly answers this")


def test_a_lexical_answer_and_notes_are_said(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["search"] = answer(result(), mode="lexical", notes=["2 files waiting"])
    lines = whykeeper("search", "why").out.splitlines()
    assert lines[-2:] == ["note: found by words alone; the model is still loading", "note: 2 files waiting"]


def test_a_commit_is_named_by_its_hash_and_long_text_is_trimmed(whykeeper: CommandLine) -> None:
    text = "\n".join(f"line {number}" for number in range(30))
    commit = result(kind="commit", path=None, lines=None, commit="0123456789abcdef", status=None, text=text)
    whykeeper.daemon.answers["search"] = answer(commit)
    out = whykeeper("search", "why").out
    assert "   commit  commit 0123456789ab  current" in out
    assert "line 7\n   (22 more lines)" in out


def test_text_from_the_repository_cannot_drive_the_terminal(whykeeper: CommandLine) -> None:
    hostile = "\x1b]0;owned\x07 \u202edcba\u2066 \x9b2J\rover \N{ZERO WIDTH NO-BREAK SPACE}[bold]x[/bold]"
    whykeeper.daemon.answers["search"] = answer(
        result(title=hostile, text=hostile, path=hostile, status=hostile)
    )
    out = whykeeper("search", "why").out
    assert not set("\x1b\x07\u202e\u2066\x9b\r\ufeff") & set(out)
    assert "\\x1b]0;owned\\x07 \\u202edcba\\u2066 \\x9b2J\\x0dover \\ufeff[bold]x[/bold]" in out


def test_half_a_surrogate_pair_is_written_as_an_escape(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["search"] = answer(result(path="caf\udce9.md"))
    assert whykeeper("search", "--json", "why").json["results"][0]["path"] == "caf\udce9.md"
    assert "caf\\udce9.md:3-9" in whykeeper("search", "why").out


def test_what_the_budget_cut_or_left_out_is_marked(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["search"] = answer(
        result(truncated=True), result(text="", truncated=True), result(text="")
    )
    lines = whykeeper("search", "why").out.splitlines()
    assert lines[2:6] == ["   We use a pipe.", "   It is small.", "   […]", "   id: d1"]
    assert lines[9:11] == ["   (text left out: read it by its id)", "   id: d1"]
    assert lines[14] == "   id: d1"


@pytest.mark.parametrize("verb", ["search", "context", "read"])
def test_a_budget_too_small_for_any_passage_is_refused(whykeeper: CommandLine, verb: str) -> None:
    ran = whykeeper(verb, "x", "--budget", str(LEAST_BUDGET - 1))
    assert (ran.code, whykeeper.daemon.asked) == (2, [])
    assert f"{LEAST_BUDGET}<=x<={MOST_BUDGET}" in ran.err.splitlines()[-1]


def test_scores_are_explained_on_request(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["search"] = answer(result(signals={"words": 0.5, "meaning": 0.25}))
    out = whykeeper("search", "--explain", "why").out
    assert "score of 1: 1.000 (words 0.500, meaning 0.250)" in out
