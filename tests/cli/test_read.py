from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
    assert "superseded by:\n  docs/2.md\ntags: none\n\nline 0 " in out
    assert out.endswith("x\nnote: cut to the budget\n")


def test_a_text_that_was_cut_says_so(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["read"] = {**ITEM, "text": "The beginning", "truncated": True, "details": {}}
    assert "The beginning\n[…] cut to the budget: --budget N gives more\n" in whykeeper("read", "d1").out


def test_json_is_the_daemons_answer(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["read"] = ITEM
    assert whykeeper("read", "d1", "--json", "--budget", "900").json == ITEM
    assert whykeeper.daemon.params == {"id": "d1", "budget": 900}


@pytest.mark.parametrize("identifier", ["", " "])
def test_an_empty_id_is_refused_without_asking_the_daemon(whykeeper: CommandLine, identifier: str) -> None:
    ran = whykeeper("read", identifier)
    assert (ran.code, ran.out, whykeeper.daemon.asked) == (1, "", [])
    assert ran.err.splitlines()[0] == "whykeeper: error: the ID is empty"
