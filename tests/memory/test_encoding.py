"""Encoding in the background: many passages, a part ahead of the one that is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import WorkerError
from whykeeper_indexers.index.embedding_text import embedding_text
from whykeeper_indexers.index.encoding import AHEAD
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from conftest import Machine

PARTS = 2.5
FILES = 10


def write_code(checkout: Any) -> int:
    """Write more functions than are encoded at once, each long enough for a passage; returns how many."""
    each = int(PARTS * AHEAD / FILES)
    for file in range(FILES):
        functions = []
        for number in range(each):
            body = "".join(f"    lamp_{file}_{number}_{line} = shine({line})\n" for line in range(40))
            functions.append(f"def light_{file}_{number}():\n{body}\n\n")
        checkout.write(f"src/lamps_{file}.py", "".join(functions))
    return each * FILES


def test_every_passage_gets_its_own_vector(machine: Machine, checkout: Any) -> None:
    functions = write_code(checkout)
    desk = machine.sit(checkout.root)
    desk.index()
    store, number = desk.memory.store, desk.memory.indexer.checkout
    assert store.vectors is not None
    stored = [
        each
        for file in range(FILES)
        for each in store.catalog.file_chunks(number, f"src/lamps_{file}.py")
        if each.chunk.kind is Kind.CODE
    ]
    assert len(stored) >= functions > 2 * AHEAD
    for each in stored[:: len(stored) // 50]:
        wanted = machine.encoder.vector(embedding_text(each.chunk, Tier.TRANSFORMER))
        assert dict(store.vectors.query(Kind.CODE, wanted, 200))[each.vector_key] > 0.999


def test_the_files_that_a_commit_touched_are_found_by_words_and_hide_from_the_model_what_it_says(
    machine: Machine, checkout: Any
) -> None:
    machine.settings["INDEX__HISTORY"] = "true"
    for number in range(8):
        checkout.write(f"cellar/barrel_{number}.py", f"AGE = {number}\n")
    checkout.commit("Turn the barrels\n\nThe wine spoils because sediment settles on one side of the oak.")
    desk = machine.sit(checkout.root)
    desk.index()

    read = [text for text in machine.encoder.encoded if "Turn the barrels" in text]
    assert read and not any("barrel_" in text for text in read)
    found = desk.search("barrel_7", kinds=["commit"]).results[0]
    assert found.title == "Turn the barrels" and "cellar/barrel_7.py" in found.text


def test_what_could_not_be_encoded_is_encoded_when_it_can_be(machine: Machine, checkout: Any) -> None:
    write_code(checkout)
    machine.encoder.refusal = WorkerError("no room")
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.store.failure is not None)
    assert desk.status().index["waiting"]["code"] > 2 * AHEAD

    machine.encoder.refusal = None
    desk.index()
    assert not desk.status().index["waiting"]
