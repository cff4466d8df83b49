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


def test_what_could_not_be_encoded_is_encoded_when_it_can_be(machine: Machine, checkout: Any) -> None:
    write_code(checkout)
    machine.encoder.refusal = WorkerError("no room")
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.store.failure is not None)
    assert desk.status().index["waiting"]["code"] > 2 * AHEAD

    machine.encoder.refusal = None
    desk.index()
    assert not desk.status().index["waiting"]
