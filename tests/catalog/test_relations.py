"""What decisions are to one another where only one of the two says so."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.catalog.conftest import Bench

from whykeeper_indexers.types import Alternative, DecisionContent, DecisionRecord, Kind

OLD, NEW, NEWEST = "docs/adr/0001.md", "docs/adr/0002.md", "docs/adr/0003.md"


def record(
    bench: Bench, path: str, status: str | None, *supersedes: str, checkout: int | None = None
) -> None:
    decision = DecisionRecord("nygard", path, path, status=status, supersedes=supersedes)
    text = f"{path} {status} {supersedes}"
    bench.write(path, text, Kind.DECISION, decision=decision, checkout=checkout)


def status(bench: Bench, path: str, checkout: int | None = None) -> tuple[str | None, tuple[str, ...]]:
    where = bench.main if checkout is None else checkout
    listed = bench.catalog.decisions(where)[path]
    stored = bench.catalog.file_chunks(where, path)[0].file
    assert stored is not None and stored.decision == listed
    return listed.status, listed.superseded_by


@pytest.mark.parametrize("successor", ["accepted", None, "deprecated"])
def test_it_is_superseded_whatever_its_own_text_says(bench: Bench, successor: str | None) -> None:
    record(bench, OLD, "accepted")
    assert status(bench, OLD) == ("accepted", ())
    record(bench, NEW, successor, OLD)

    assert status(bench, OLD) == ("superseded", (NEW,))


@pytest.mark.parametrize("successor", ["proposed", "rejected", "in review"])
def test_a_record_that_is_not_in_effect_takes_no_place(bench: Bench, successor: str) -> None:
    record(bench, OLD, "accepted")
    record(bench, NEW, successor, OLD)

    assert status(bench, OLD) == ("accepted", ())


def test_the_middle_of_a_chain_still_stands_after_its_first(bench: Bench) -> None:
    record(bench, OLD, "accepted")
    record(bench, NEW, "accepted", OLD)
    record(bench, NEWEST, "accepted", NEW)

    assert status(bench, OLD) == ("superseded", (NEW,))
    assert status(bench, NEW) == ("superseded", (NEWEST,))
    assert status(bench, NEWEST) == ("accepted", ())


def test_its_own_word_for_being_out_of_force_stays(bench: Bench) -> None:
    record(bench, OLD, "deprecated")
    record(bench, NEW, "accepted", OLD)

    assert status(bench, OLD) == ("deprecated", (NEW,))


def test_a_successor_that_goes_gives_the_place_back(bench: Bench) -> None:
    record(bench, OLD, "accepted")
    record(bench, NEW, "accepted", OLD)
    bench.catalog.apply(bench.main, removed=[NEW])

    assert status(bench, OLD) == ("accepted", ())


def test_another_checkout_has_its_own_successors(bench: Bench) -> None:
    branch = bench.catalog.checkout(Path("/srv/branch"))
    record(bench, OLD, "accepted")
    record(bench, OLD, "accepted", checkout=branch)
    record(bench, NEW, "accepted", OLD, checkout=branch)

    assert status(bench, OLD) == ("accepted", ())
    assert status(bench, OLD, branch) == ("superseded", (NEW,))


def test_an_index_of_the_first_schema_learns_of_its_successors(bench: Bench) -> None:
    record(bench, OLD, "accepted")
    record(bench, NEW, "accepted", OLD)
    bench.catalog.close()
    with sqlite3.connect(bench.folder / "catalog.sqlite3") as direct:
        for table in ("relations", "named", "freshness", "history_facts", "defined"):
            direct.execute(f"DROP TABLE {table}")
        direct.execute("ALTER TABLE parsed DROP COLUMN decision_content")
        direct.execute("DROP INDEX parsed_decisions")
        direct.execute("PRAGMA user_version = 1")
    direct.close()
    bench.reopen()

    assert status(bench, OLD) == ("superseded", (NEW,))


def test_the_later_record_knows_what_only_the_earlier_one_says(bench: Bench) -> None:
    decision = DecisionRecord("nygard", OLD, OLD, status="superseded", superseded_by=(NEW,))
    bench.write(OLD, "old", Kind.DECISION, decision=decision)
    record(bench, NEW, "accepted")

    assert bench.catalog.decisions(bench.main)[NEW].supersedes == (OLD,)


def test_an_amended_record_stays_in_force_and_names_its_amendment(bench: Bench) -> None:
    record(bench, OLD, "accepted")
    decision = DecisionRecord("nygard", NEW, NEW, status="accepted", amends=(OLD,))
    bench.write(NEW, "new", Kind.DECISION, decision=decision)

    found = bench.catalog.decisions(bench.main)
    assert (found[OLD].status, found[OLD].amended_by, found[NEW].amends) == ("accepted", (NEW,), (OLD,))


def test_what_a_decision_says_comes_back_part_by_part(bench: Bench) -> None:
    content = DecisionContent("because", "do it", (Alternative("not", "too slow"),), "fast", "a test")
    bench.write(OLD, "x", Kind.DECISION, decision=DecisionRecord("nygard", OLD, OLD), content=content)
    record(bench, NEW, "accepted")

    assert bench.catalog.decision_contents(bench.main) == {OLD: content}
