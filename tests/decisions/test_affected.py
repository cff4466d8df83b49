"""Records that are read again when others come or go."""

from __future__ import annotations

from pathlib import Path

from whykeeper_indexers.decisions import DecisionLayout, decision_layout
from whykeeper_indexers.decisions.affected import affected_records

TEXTS = {
    "docs/adr/0001-moor.md": "# 1. Moor\n\nSuperseded by 0007.\n",
    "docs/adr/0002-ring.md": "# 2. Ring\n\nSee [bells](0007-BELLS.md).\n",
    "docs/adr/0003-ferry.md": "# 3. Ferry\n\n2017-07-17, 70 ferries.\n",
    "docs/adr/20240101-lantern.md": "# Lantern\n\nAmends ADR-7.\n",
}


def test_only_those_are_read_again_that_name_what_came(tmp_path: Path) -> None:
    (tmp_path / "docs/adr").mkdir(parents=True)
    for path, text in TEXTS.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    before = decision_layout(tmp_path, TEXTS)

    def affected(*paths: str) -> list[str]:
        after = decision_layout(tmp_path, [*TEXTS, *paths])
        return sorted(affected_records(tmp_path, before, after, TEXTS.keys() | set(paths)))

    numbered = "docs/adr/0007-bells.md"
    assert affected(numbered) == [
        "docs/adr/0001-moor.md",
        "docs/adr/0002-ring.md",
        "docs/adr/0003-ferry.md",
        numbered,
        "docs/adr/20240101-lantern.md",
    ]
    assert affected("docs/adr/0009-fog.md") == ["docs/adr/0009-fog.md"]
    assert affected("rfcs/template-0000.md", "docs/adr/0009-fog.md")[0] == "docs/adr/0009-fog.md"


def test_all_are_read_again_where_the_places_are_others(tmp_path: Path) -> None:
    after = decision_layout(tmp_path, TEXTS)
    other = DecisionLayout(rfc_texts=frozenset({"text"}), candidates=after.candidates)
    assert affected_records(tmp_path, other, after, TEXTS.keys()) == TEXTS.keys()
