"""Work is told from idleness, and what is idle gives its memory back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from whykeeper.host import Pace
from whykeeper_indexers.errors import ModelError, WorkerError

if TYPE_CHECKING:
    from conftest import Machine

RECORD = "docs/adr/0001-queue-in-postgres.md"


def test_the_host_is_busy_until_everything_is_encoded_and_no_longer(machine: Machine, checkout: Any) -> None:
    machine.encoder.open.clear()
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.indexer.complete and not desk.memory.indexer.busy)
    assert machine.host.busy()
    machine.encoder.open.set()
    desk.wait(lambda: not machine.host.busy())
    assert desk.status().index["waiting"] == {}


def test_the_host_is_busy_while_the_history_is_read(machine: Machine, checkout: Any) -> None:
    desk = machine.sit(checkout.root, INDEX__HISTORY="true").settled()
    assert desk.status().index["by_kind"]["commit"] == 1
    for number in range(3):
        reason = f"Change {number}\n\nBecause somebody asked for the number {number} to be written down."
        checkout.commit(reason)
        ticket = desk.memory.indexer.queue.submit(history=True)
        desk.wait(lambda ticket=ticket: desk.memory.indexer.queue.done_up_to(ticket))
        desk.wait(lambda: not machine.host.busy())
        assert desk.status().index["by_kind"]["commit"] == number + 2


def test_encoding_that_cannot_go_on_does_not_keep_the_host_busy(machine: Machine, checkout: Any) -> None:
    machine.encoder.refusal = WorkerError("no more")
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.store.problem and not machine.host.busy())
    # Not for a moment either while it is tried again.
    assert not any(machine.host.busy() for _ in range(1000))


def test_an_idle_host_lets_the_model_the_vectors_and_the_parsers_go_and_gets_them_back(
    machine: Machine, checkout: Any
) -> None:
    machine.pace = Pace(look_s=0.05, parsers_s=0.2, vectors_s=0.2)
    desk = machine.sit(checkout.root, DAEMON__ENCODER_IDLE_TIMEOUT_S="0.2")
    desk.index()
    desk.wait(lambda: not machine.encoder.ready)
    desk.wait(lambda: not desk.parsers())
    machine.encoder.loads = False
    answer = desk.search("jobs wait in postgres")
    assert answer.mode == "lexical" and answer.results[0].path == RECORD
    assert any("words only" in note for note in answer.notes)
    machine.encoder.loads = True
    desk.wait(lambda: desk.search("jobs wait in postgres").mode == "hybrid")
    checkout.write("docs/new.md", "# New\n\nThe numbat.\n")
    assert desk.finds("numbat") == ["docs/new.md"]


def test_after_an_index_with_nothing_to_do_the_next_question_is_answered_by_meaning(
    machine: Machine, checkout: Any
) -> None:
    machine.sit(checkout.root).settled()
    machine.stop()
    machine.encoder.release()
    encoded = machine.encoder.encoded.total()
    desk = machine.sit(checkout.root, "control")
    desk.index()
    answer = desk.search("jobs wait in postgres")
    assert (answer.mode, answer.notes) == ("hybrid", [])
    assert machine.encoder.encoded.total() == encoded


def test_an_index_says_when_the_model_cannot_be_loaded_any_more(machine: Machine, checkout: Any) -> None:
    machine.sit(checkout.root).settled()
    machine.stop()
    machine.encoder.release()
    machine.encoder.failure = "no such architecture"
    with pytest.raises(ModelError, match="by words, but not by meaning: no such architecture"):
        machine.sit(checkout.root, "control").index()


@pytest.mark.border
def test_upkeep_happens_by_itself_when_nobody_asks(machine: Machine, checkout: Any) -> None:
    machine.pace = Pace(look_s=0.05, upkeep_s=0.3)
    desk = machine.sit(checkout.root)
    for number in range(6):
        checkout.write("docs/guide.md", f"# Guide\n\nVersion {number} of the guide.\n")
        desk.encoded()
    vectors = desk.memory.store.vectors
    assert vectors is not None
    wanted = desk.status().index["chunks"] + 3
    desk.wait(lambda: sum(vectors.spaces().values()) == wanted)


def test_nothing_is_left_of_a_host_that_was_closed(machine: Machine, checkout: Any) -> None:
    desk = machine.sit(checkout.root).settled()
    assert desk.parsers()
    machine.stop()
    assert not desk.parsers()
