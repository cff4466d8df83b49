from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

FINDING = {
    "state": "broken",
    "line": 12,
    "kind": "path",
    "names": "src/lamp.py",
    "what": "renamed to src/beacon.py",
    "commit": "0123456789abcdef",
    "hint": "name src/beacon.py instead",
}
DOCUMENT = {"path": "docs/guide.md", "state": "broken", "checked": 3, "findings": [FINDING]}


def test_stale_lists_documents_with_what_does_not_hold(whykeeper: CommandLine) -> None:
    counts = {"broken": 1, "fresh": 4}
    whykeeper.daemon.answers["stale"] = {"documents": [DOCUMENT], "counts": counts, "notes": ["a note"]}

    ran = whykeeper("stale")

    assert whykeeper.daemon.params == {"all": False}
    assert ran.out.splitlines() == [
        "broken  docs/guide.md",
        "   line 12: src/lamp.py: renamed to src/beacon.py (commit 0123456789)",
        "      name src/beacon.py instead",
        "",
        "documents: 1 broken, 4 fresh",
        "note: a note",
    ]
    assert whykeeper("stale", "--all", "--json").json["documents"] == [DOCUMENT]
    assert whykeeper.daemon.params == {"all": True}


def test_where_nothing_is_stale_it_says_so(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["stale"] = {"documents": [], "counts": {}, "notes": []}
    assert whykeeper("stale").out == "No document is known to be stale.\n"


def test_it_shows_how_far_it_has_come_on_standard_error(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["stale"] = {"documents": [], "counts": {}, "notes": []}
    whykeeper.daemon.events = [
        {"phase": "words", "done": 3, "total": 3},
        {"phase": "idle", "done": 0, "total": 0},
        *({"phase": "judging", "done": 0, "total": 1_200} for _ in range(50)),
    ]

    ran = whykeeper("stale")

    assert ran.err.splitlines() == [
        "Searchable by words 3 of 3",
        "Holding documents against the code 0 of 1,200",
    ]
    assert ran.out == "No document is known to be stale.\n"
