"""When a version or a model changes, what it touches is rebuilt and the rest stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import UserError
from whykeeper_indexers.types import CHUNKER_VERSION

if TYPE_CHECKING:
    from conftest import Desk, Machine

RECORD = "docs/adr/0001-queue-in-postgres.md"


@pytest.fixture
def indexed(machine: Machine, checkout: Any) -> Any:
    """The checkout, after a daemon has indexed it, its history too, and ended."""
    machine.settings["INDEX__HISTORY"] = "true"
    machine.sit(checkout.root).settled()
    machine.stop()
    machine.encoder.encoded.clear()
    return checkout


def change(machine: Machine, statement: str) -> None:
    (folder,) = machine.stores()
    with closing(sqlite3.connect(folder / "catalog" / "catalog.sqlite3")) as database, database:
        database.execute(statement)


def ask(machine: Machine, question: str) -> Any:
    (folder,) = machine.stores()
    with closing(sqlite3.connect(folder / "catalog" / "catalog.sqlite3")) as database:
        return database.execute(question).fetchall()


def test_another_chunker_reads_the_files_again_and_keeps_their_vectors(
    machine: Machine, indexed: Any
) -> None:
    change(machine, "UPDATE parsed SET chunker_version = 0")
    desk = machine.sit(indexed.root)
    # What the older one made of them answers until then.
    assert RECORD in desk.finds("postgres")
    desk.index()
    assert RECORD in desk.finds("postgres")
    assert machine.encoder.encoded.total() == 0
    machine.stop()
    assert ask(machine, "SELECT DISTINCT chunker_version FROM parsed") != [(0,)]


def test_another_chunker_looks_again_at_files_that_were_left_out(machine: Machine, checkout: Any) -> None:
    checkout.write("bin/drain", "#!/bin/bash\n# Because the turbine needs ten seconds.\nsleep 10\n")
    machine.sit(checkout.root).settled()
    machine.stop()
    change(
        machine,
        "UPDATE files SET parsed_id = NULL, reason = 'no text worth remembering' WHERE path = 'bin/drain'",
    )
    change(machine, f"UPDATE meta SET value = replace(value, ', {CHUNKER_VERSION})', ', 0)')")
    desk = machine.sit(checkout.root).settled()
    assert "bin/drain" in desk.finds("turbine")


@pytest.mark.parametrize("version", ["UPDATE meta SET value = '1'", "DELETE FROM meta"])
def test_another_version_of_the_history_reads_every_commit_again(
    machine: Machine, checkout: Any, tmp_path: Path, version: str
) -> None:
    machine.settings["INDEX__HISTORY"] = "true"
    sha = checkout.git("rev-parse", "HEAD")
    checkout.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    roots = (checkout.root, tmp_path / "second")
    for root in roots:
        machine.sit(root).settled()
    machine.stop()
    # What the older version made of it: it kept the commit and found nothing worth remembering in it.
    change(machine, "UPDATE chunks SET id = 'gone', commit_id = -1 WHERE commit_id IS NOT NULL")
    change(machine, f"{version} WHERE name = 'history version'")
    for desk in [machine.sit(root) for root in roots]:
        assert sha in desk.settled().finds("provider")
        assert desk.status().index["commits"] == 1
    machine.stop()
    assert ask(machine, "SELECT count(*) FROM commits") == [(1,)]
    change(machine, "UPDATE commits SET subject = 'not read again'")
    machine.sit(checkout.root).settled()
    machine.stop()
    assert ask(machine, "SELECT subject FROM commits") == [("not read again",)]


def test_another_splitting_of_words_rebuilds_the_words_alone(machine: Machine, indexed: Any) -> None:
    change(machine, "UPDATE meta SET value = '0' WHERE name = 'words_version'")
    change(machine, "INSERT INTO words_prose (words_prose) VALUES ('delete-all')")
    desk = machine.sit(indexed.root)
    assert RECORD in desk.finds("postgres")
    assert machine.encoder.encoded.total() == 0


def test_a_catalog_of_a_newer_version_is_left_alone_and_named(machine: Machine, indexed: Any) -> None:
    change(machine, "PRAGMA user_version = 99")
    with pytest.raises(UserError, match=r"schema version 99.*update whykeeper"):
        machine.sit(indexed.root).search("postgres")
    assert ask(machine, "PRAGMA user_version") == [(99,)]


def test_another_model_encodes_everything_again_while_questions_are_answered(
    machine: Machine, indexed: Any
) -> None:
    machine.encoder.names = {tier: f"other-{tier}-0123456789" for tier in Tier}
    machine.encoder.open.clear()
    machine.encoder.ready = machine.encoder.loads = False
    desk = machine.sit(indexed.root)
    answer = desk.search("jobs wait in postgres")
    assert answer.mode == "lexical" and any("found by words only" in note for note in answer.notes)
    assert answer.results[0].path == RECORD
    machine.encoder.open.set()
    machine.encoder.loads = True
    told = desk.index()
    assert told["vectors"] == machine.encoder.encoded.total()
    assert desk.search("jobs wait in postgres").mode == "hybrid"


def test_another_quick_model_encodes_commits_alone(machine: Machine, indexed: Any) -> None:
    machine.encoder.names[Tier.STATIC] = "other-static-0123456789"
    told = machine.sit(indexed.root).index()
    again = machine.encoder.encoded
    assert again.total() == told["by_kind"]["commit"] > 0
    assert not any("Jobs wait" in text for text in again)


def test_a_model_that_changes_while_it_is_used_is_followed(machine: Machine, checkout: Any) -> None:
    # As when a model turns out not to be distillable, and commits fall to the transformer.
    machine.encoder.open.clear()
    desk = machine.sit(checkout.root)
    machine.encoder.names[Tier.STATIC] = machine.encoder.names[Tier.TRANSFORMER]
    machine.encoder.open.set()
    desk.index()
    store = desk.memory.store
    assert store.vectors is not None
    names = {space.fingerprint.removesuffix("-d1") for space in store.vectors.spaces()}
    assert names == {machine.encoder.names[Tier.STATIC]}
    assert "src/retry.py" in desk.finds("backoff")


def test_vectors_of_a_former_model_go_once_nobody_needs_them(machine: Machine, indexed: Any) -> None:
    machine.encoder.names[Tier.STATIC] = "other-static-0123456789"
    desk = machine.sit(indexed.root).settled()
    assert "words-static-0123456789" in _fingerprints(desk)
    _tidy(desk)
    assert _fingerprints(desk) == {
        "words-transformer-0123456789",
        "words-transformer-0123456789-d1",
        "other-static-0123456789",
    }


def test_vectors_of_text_that_is_gone_go_when_there_is_time(machine: Machine, indexed: Any) -> None:
    desk = machine.sit(indexed.root)
    for number in range(6):
        indexed.write("docs/guide.md", f"# Guide\n\nVersion {number} of the guide.\n")
        desk.encoded()
    before = _count(desk)
    _tidy(desk)
    # Three earlier contents of a path are kept, for going back to.
    assert _count(desk) == before - 3
    assert machine.encoder.encoded.total() == 6
    indexed.write("docs/guide.md", "# Guide\n\nVersion 3 of the guide.\n")
    desk.encoded()
    assert machine.encoder.encoded.total() == 6


def test_a_checkout_whose_folder_is_gone_is_forgotten(machine: Machine, indexed: Any, tmp_path: Path) -> None:
    desk = machine.sit(indexed.root)
    indexed.git("worktree", "add", "-q", str(tmp_path / "second"))
    second = machine.sit(tmp_path / "second")
    second.settled()
    second.leave()
    machine.stop()
    indexed.git("worktree", "remove", "--force", str(tmp_path / "second"))
    desk = machine.sit(indexed.root).settled()
    _tidy(desk)
    assert list(desk.memory.store.catalog.checkouts()) == [indexed.root]


def _fingerprints(desk: Desk) -> set[str]:
    assert desk.memory.store.vectors is not None
    return {space.fingerprint for space in desk.memory.store.vectors.spaces()}


def _count(desk: Desk) -> int:
    assert desk.memory.store.vectors is not None
    return sum(desk.memory.store.vectors.spaces().values())


def _tidy(desk: Desk) -> None:
    store = desk.memory.store
    store.tidy({desk.memory.indexer.checkout})
    assert store.encoding is not None
    desk.wait(lambda: not store.encoding.tidying)
