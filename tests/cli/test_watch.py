from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

EVENTS = [
    {"event": "watching", "state": "watching by inotify"},
    {"event": "indexed", "paths": ["a.md", "b\n.py"], "chunks": 3, "commits": 0, "took_ms": 41.7},
    {"event": "indexed", "paths": ["c.md", "d.md"], "removed": ["d.md"], "chunks": 1, "took_ms": 3.0},
    {"event": "indexed", "paths": [], "chunks": 0, "commits": 2, "took_ms": 9.0},
    {"event": "paused", "why": "a rebase"},
]


def test_events_are_shown_as_they_come_until_interrupted(whykeeper: CommandLine) -> None:
    whykeeper.daemon.events = list(EVENTS)
    whykeeper.daemon.answers["watch"] = KeyboardInterrupt()
    ran = whykeeper("watch")
    assert ran.code == 130
    assert ran.out.splitlines() == [
        "watching: watching by inotify",
        "indexed a.md, b\\x0a.py, 3 passages in 42 ms",
        "indexed c.md, d.md (removed), 1 passage in 3 ms",
        "indexed 2 commits, 0 passages in 9 ms",
        "event: paused, why: a rebase",
    ]


def test_json_is_an_object_a_line(whykeeper: CommandLine) -> None:
    whykeeper.daemon.events = list(EVENTS)
    assert [json.loads(line) for line in whykeeper("watch", "--json").out.splitlines()] == EVENTS
