"""What is near to the files that a caller has open."""

from __future__ import annotations

import pytest

from whykeeper_indexers.catalog import StoredChunk
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.open_paths import NEAR, OpenFile, closeness, open_file, prefer_near
from whykeeper_indexers.types import Chunk, Kind, LineRange, Role

OPENED = OpenFile("src/shop/cart/totals.py")


def candidate(path: str | None, text: str = "text", score: float = 1.0) -> Candidate:
    chunk = Chunk(Kind.CODE, Role.SYMBOL, "title", text, path, LineRange(1, 2))
    return Candidate(StoredChunk(1, path or "", chunk, "key", None, None, 0), score=score)


def order(opened: list[OpenFile], *candidates: Candidate) -> list[str | None]:
    prefer_near(candidates, opened)
    return [each.chunk.path for each in sorted(candidates, key=lambda each: -each.score)]


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        ("src/shop/cart/totals.py", "src/shop/cart/taxes.py"),
        ("src/shop/cart/taxes.py", "src/shop/stock.py"),
        ("src/shop/cart/taxes.py", "src/shop/stock/units.py"),
        ("src/shop/stock/units.py", "src/blog/posts/new.py"),
        ("src/blog/posts/new.py", "tools/release.py"),
    ],
)
def test_what_shares_more_folders_is_nearer(nearer: str, farther: str) -> None:
    assert closeness(nearer, "", OPENED) > closeness(farther, "", OPENED)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("from shop.stock import weigh", "src/shop/stock/__init__.py"),
        ("from shop.stock.units import weigh", "src/shop/stock/units.py"),
        ('import { weigh } from "../stock/units"', "src/shop/stock/units.ts"),
        ("# as src/shop/stock/units.py does", "src/shop/stock/units.py"),
        ("# run by .ci/steps/build.py, see there", ".ci/steps/build.py"),
        ("from .stock.units import weigh", "src/shop/stock/units.py"),
    ],
)
def test_what_an_open_file_imports_or_names_is_as_near_as_its_folder(text: str, named: str) -> None:
    opened = open_file("web/page.py", text)

    assert closeness(named, "", opened) == closeness("web/other.py", "", opened)
    assert closeness("src/shop/stock/crates.py", "", opened) == 0


@pytest.mark.parametrize(
    "text",
    [
        "See totals.py for the sums.",
        "Sums are made in src/shop/cart/totals.py.",
        "from shop.cart.totals import sums",
        'import sums from "cart/totals"',
    ],
)
def test_a_passage_that_names_or_imports_an_open_file_is_near_it(text: str) -> None:
    assert closeness("docs/sums.md", text, OPENED) > closeness("docs/sums.md", "Sums.", OPENED) == 0


@pytest.mark.parametrize("name", ["__init__.py", "index.ts", "README.md", "a.py"])
def test_a_name_that_every_folder_may_have_brings_nothing_near(name: str) -> None:
    assert closeness(f"lib/other/{name}", f"Sums are in {name}.", OpenFile(f"src/shop/{name}")) == 0


def test_among_what_matches_alike_the_nearest_to_any_open_file_comes_first() -> None:
    found = [candidate("tools/release.py"), candidate("src/shop/stock.py"), candidate("web/page.py")]

    assert order([OPENED, OpenFile("web/site.py")], *found) == [
        "web/page.py",
        "src/shop/stock.py",
        "tools/release.py",
    ]


def test_a_clearly_better_match_stays_first_and_the_reason_is_given() -> None:
    near, better = candidate("src/shop/cart/taxes.py"), candidate("tools/release.py", score=1.01 + NEAR)

    assert order([OPENED], near, better)[0] == "tools/release.py"
    assert near.signals == {"near open paths": 1 + NEAR}
    assert better.signals == {}


def test_a_folder_is_near_to_what_lies_in_it() -> None:
    opened = OpenFile("src/shop/")

    assert closeness("src/shop/stock.py", "", opened) == 1
    assert closeness("src/blog/new.py", "", opened) == 0.5


def test_without_open_files_nothing_changes() -> None:
    found = [candidate("a.py"), candidate(None)]

    prefer_near(found, [])

    assert [each.score for each in found] == [1.0, 1.0]


def test_a_commit_is_near_nothing() -> None:
    commit = candidate(None, "Fix src/shop/cart/totals.py")

    prefer_near([commit], [OPENED])

    assert commit.score == 1.0
