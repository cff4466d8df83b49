from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

ITEM = {
    "id": "d1",
    "kind": "document",
    "path": "README.md",
    "lines": [1, 40],
    "title": "The project",
    "status": None,
    "text": "\n".join(f"line {number} " + "x" * 200 for number in range(40)),
    "details": {"superseded_by": ["docs/2.md"], "tags": []},
    "notes": ["cut to the budget"],
}


def test_an_item_is_printed_whole_and_never_folded(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["read"] = ITEM
    out = whykeeper("read", "d1").out
    assert whykeeper.daemon.params == {"id": "d1"}
    assert str(ITEM["text"]) in out
    assert "superseded by:\n  docs/2.md\ntags: none\nnote: cut to the budget\n" in out


def test_json_is_the_daemons_answer(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["read"] = ITEM
    assert whykeeper("read", "d1", "--json", "--budget", "9").json == ITEM
    assert whykeeper.daemon.params == {"id": "d1", "budget": 9}
