from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

GAP: dict[str, Any] = {
    "title": "why do we retry webhooks thrice",
    "form": "decision",
    "where": "docs/adr/",
    "because": "where decisions are recorded",
    "times": 4,
    "by_agents": 3,
    "by_people": 1,
    "first_asked": "2026-11-01T10:00:00+00:00",
    "last_asked": "2026-11-20T10:00:00+00:00",
    "paths": ["src/hooks"],
    "questions": [{"text": text, "times": 1, "last_asked": "2026-11-20T10:00:00+00:00"} for text in "abcdef"],
}


def test_gaps_are_shown_as_documents_worth_writing(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["gaps"] = {"gaps": [GAP], "more": 2, "answered": 1, "notes": ["a note"]}

    ran = whykeeper("gaps", "--limit", "1")

    assert whykeeper.daemon.params == {"limit": 1}
    assert ran.out.splitlines() == [
        "1. why do we retry webhooks thrice",
        "   asked 4 times, last on 2026-11-20",
        "   a decision, for docs/adr/, where decisions are recorded",
        "   about src/hooks",
        "   also: b",
        "   also: c",
        "   also: d",
        "   and 2 more wordings",
        "",
        "and 2 more: --limit N shows them",
        "note: a note",
        "note: 1 question asked before can be answered by now",
    ]
    assert whykeeper("gaps", "--json").json["gaps"][0]["where"] == "docs/adr/"


def test_without_gaps_it_says_so(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["gaps"] = {"gaps": [], "more": 0, "answered": 0, "notes": []}
    assert whykeeper("gaps").out == "No question is waiting for an answer.\n"


def test_forgetting_asks_first(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["gaps"] = {"forgotten": 3}
    refused = whykeeper("gaps", "--forget")
    assert (refused.code, "--yes" in refused.err, whykeeper.daemon.asked) == (1, True, [])
    assert whykeeper("gaps", "--forget", "--yes").out == "3 questions deleted\n"
    assert whykeeper.daemon.params == {"forget": True}
    assert whykeeper("gaps", "--forget", "--yes", "--json").json == {"forgotten": 3}
