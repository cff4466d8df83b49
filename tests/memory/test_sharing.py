"""What has been read or encoded once is not read or encoded again, wherever it turns up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper_indexers.index.indexer import Indexed

if TYPE_CHECKING:
    from conftest import Desk, Machine

RECORD = "docs/adr/0001-queue-in-postgres.md"


@contextmanager
def parsed_in(desk: Desk) -> Iterator[list[Indexed]]:
    """Collect what gets indexed at a desk meanwhile."""
    seen: list[Indexed] = []
    stop = desk.memory.listen(seen.append)
    yield seen
    stop()


@pytest.fixture
def desk(machine: Machine, checkout: Any) -> Desk:
    return machine.sit(checkout.root).settled()


def test_every_text_is_encoded_once(machine: Machine, desk: Desk) -> None:
    assert machine.encoder.encoded and set(machine.encoder.encoded.values()) == {1}


def test_a_second_worktree_costs_no_parsing_and_no_encoding(
    machine: Machine, desk: Desk, checkout: Any, tmp_path: Path
) -> None:
    encoded = machine.encoder.encoded.total()
    checkout.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    second = machine.sit(tmp_path / "second")
    with parsed_in(second) as seen:
        told = second.index()
    assert told["files"] == desk.index()["files"]
    assert sum(each.chunks for each in seen) == 0
    assert machine.encoder.encoded.total() == encoded
    assert RECORD in second.finds("postgres")
    assert len(machine.stores()) == 1


def test_worktrees_answer_from_their_own_files(
    machine: Machine, desk: Desk, checkout: Any, tmp_path: Path
) -> None:
    checkout.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    second = machine.sit(tmp_path / "second")
    second.settled()
    (tmp_path / "second" / "only.md").write_text("# Only here\n\nThe narwhal.\n", encoding="utf-8")
    assert second.finds("narwhal") == ["only.md"]
    assert desk.finds("narwhal") == []


def test_the_worktree_that_is_opened_first_makes_no_difference(
    machine: Machine, desk: Desk, checkout: Any, tmp_path: Path
) -> None:
    checkout.git("worktree", "add", "-q", str(tmp_path / "second"), "-b", "second")
    machine.stop()
    encoded = machine.encoder.encoded.total()
    machine.sit(tmp_path / "second").settled()
    assert len(machine.stores()) == 1
    assert machine.encoder.encoded.total() == encoded


def test_a_rename_costs_no_encoding(machine: Machine, desk: Desk, checkout: Any) -> None:
    encoded = machine.encoder.encoded.total()
    (checkout.root / "docs").rename(checkout.root / "documentation")
    desk.encoded()
    assert "documentation/guide.md" in desk.finds("turnip")
    assert machine.encoder.encoded.total() == encoded


def test_a_branch_there_and_back_costs_nothing_the_second_time(
    machine: Machine, desk: Desk, checkout: Any
) -> None:
    checkout.git("checkout", "-qb", "feature")
    checkout.write("docs/guide.md", "# Guide\n\n## Setting up\n\nInstall the parsnip adapter first.\n")
    (checkout.root / "src/retry.py").unlink()
    checkout.commit("Feature")
    desk.encoded()
    encoded = machine.encoder.encoded.total()
    with parsed_in(desk) as seen:
        for branch, word in (("main", "turnip"), ("feature", "parsnip"), ("main", "turnip")):
            checkout.git("checkout", "-q", branch)
            assert "docs/guide.md" in desk.finds(word)
        desk.settled()
    assert (machine.encoder.encoded.total(), sum(each.chunks for each in seen)) == (encoded, 0)


def test_vectors_of_what_was_deleted_are_not_counted(machine: Machine, desk: Desk, checkout: Any) -> None:
    counted = sum(desk.status().index["encoded"].values())
    (checkout.root / "docs/guide.md").unlink()
    desk.encoded()
    assert sum(desk.status().index["encoded"].values()) == counted - 1
    assert desk.index()["vectors"] == counted - 1


def test_a_revert_costs_nothing(machine: Machine, desk: Desk, checkout: Any) -> None:
    before = (checkout.root / "docs/guide.md").read_text(encoding="utf-8")
    checkout.write("docs/guide.md", "# Guide\n\nSomething else.\n")
    desk.encoded()
    encoded = machine.encoder.encoded.total()
    with parsed_in(desk) as seen:
        checkout.write("docs/guide.md", before)
        assert "docs/guide.md" in desk.finds("turnip")
        desk.settled()
    assert (machine.encoder.encoded.total(), sum(each.chunks for each in seen)) == (encoded, 0)


def test_a_touched_file_is_not_told_as_changed(desk: Desk, checkout: Any) -> None:
    with parsed_in(desk) as seen:
        (checkout.root / "docs/guide.md").touch()
        desk.search("anything")
        checkout.write("docs/other.md", "# Other\n\nOther.\n")
        desk.search("anything")
    assert [each.paths for each in seen] == [("docs/other.md",)]


def test_a_restart_reads_and_encodes_nothing(machine: Machine, desk: Desk, checkout: Any) -> None:
    encoded = machine.encoder.encoded.total()
    machine.stop()
    again = machine.sit(checkout.root)
    with parsed_in(again) as seen:
        again.settled()
        assert RECORD in again.finds("postgres")
    assert (machine.encoder.encoded.total(), sum(each.chunks for each in seen)) == (encoded, 0)
