"""Recording, from a call to a file that the next question finds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from whykeeper.recording.answers import RecordAnswer
from whykeeper.recording.books import book_of
from whykeeper.recording.decisions import record, related_to
from whykeeper.recording.editing import change
from whykeeper.recording.remembering import related_entries, remember
from whykeeper.recording.requests import DecisionRequest, EntryRequest
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["consider", "record_decision", "remember_entry"]

FOUND_S: Final = 20.0
"""How long a call waits until what it wrote is found; a record brings a scan of the whole checkout."""
MODEL_S: Final = 8.0
"""How long a call waits for the model; loading takes 3 to 6 s."""
_LOOK_S: Final = 0.05
_ASK: Final = (
    "nothing was written yet: read these, then call again with supersedes or amends naming the ones it "
    "replaces or changes, or with confirm_new=true to let it stand beside them"
)
_HELD: Final = (
    "nothing was written yet: only words could be compared, and nothing was found by them; call again in "
    "some seconds to have it compared by meaning, or with confirm_new=true to write it now"
)
_ASK_ENTRY: Final = (
    "nothing was written yet: call again with replaces naming the entry whose place it takes (path:line), "
    "or with confirm_new=true to let both stand"
)


async def consider(memory: Memory, request: DecisionRequest | EntryRequest) -> RecordAnswer:
    """Say what has to be decided about before something is written, if anything.

    Raises:
        WhykeeperError: The request lacks something, or names what is not there.
    """
    request.checked()
    await memory.catch_up()
    if isinstance(request, EntryRequest):
        if request.confirm_new or not request.text.strip():
            return RecordAnswer()
        await _model_loaded(memory)
        return RecordAnswer(related=await asyncio.to_thread(related_entries, request, memory))
    if request.id is not None or request.confirm_new:
        return RecordAnswer()
    await _model_loaded(memory)
    return await asyncio.to_thread(_compared, request, memory)


def _compared(request: DecisionRequest, memory: Memory) -> RecordAnswer:
    book = book_of(memory)
    encoder = memory.store.encoder
    waiting = not encoder.ready_for(Kind.DECISION) and not encoder.failed
    related, notes = related_to(request, book)
    held = waiting and bool(book.records) and not (request.supersedes or request.amends)
    return RecordAnswer(related=related, notes=notes).after_comparing(book.records, held=held)


async def record_decision(
    memory: Memory, request: DecisionRequest, considered: RecordAnswer | None
) -> RecordAnswer:
    """Record a decision, or change one.

    Args:
        memory: Of the checkout.
        request: What is to be recorded.
        considered: From `consider`; None has it looked for now.

    Returns:
        What was written, or what has to be decided about first.

    Raises:
        WhykeeperError: It may not or cannot be written.
    """
    request.checked()
    first = considered or await consider(memory, request)
    if first.related:
        return first.model_copy(update={"notes": [*first.notes, _ASK]})
    if first.held:
        return first.model_copy(update={"notes": [*first.notes, _HELD]})
    if request.id is not None:
        return await _written(memory, lambda: change(request, book_of(memory)), first)
    answer = await _written(memory, lambda: record(request, book_of(memory), first.compared), first)
    return answer.model_copy(update={"notes": [*answer.notes, _ASK]}) if answer.related else answer


async def remember_entry(
    memory: Memory, request: EntryRequest, considered: RecordAnswer | None
) -> RecordAnswer:
    """Remember something, or change what is remembered; as `record_decision`."""
    request.checked()
    first = considered or await consider(memory, request)
    if first.related:
        return first.model_copy(update={"notes": [*first.notes, _ASK_ENTRY]})
    return await _written(memory, lambda: remember(request, memory), first)


async def _written(memory: Memory, write: Callable[[], RecordAnswer], before: RecordAnswer) -> RecordAnswer:
    answer = await asyncio.to_thread(write)
    missing = await found(memory, answer.written)
    return answer.model_copy(update={"notes": [*before.notes, *answer.notes, *missing]})


async def _model_loaded(memory: Memory) -> None:
    """Wait a while for the model where it is on its way: what is written once is worth the comparison."""
    encoder, deadline = memory.store.encoder, time.monotonic() + MODEL_S
    encoder.warm()
    while not encoder.ready_for(Kind.DECISION) and not encoder.failed and time.monotonic() < deadline:
        await asyncio.sleep(_LOOK_S)


async def found(memory: Memory, paths: Sequence[str]) -> list[str]:
    """Wait until files that were written are found by words.

    Returns:
        A note where they are not.
    """
    queue = memory.indexer.queue
    ticket = queue.submit(paths)
    if not await asyncio.to_thread(queue.wait, ticket, FOUND_S) or not memory.indexer.complete:
        return ["it is written, but not yet found by questions: the index is still busy with other files"]
    entries = memory.store.catalog.file_entries(memory.indexer.checkout, list(paths))
    left = {each.path: each.exclusion for each in entries if each.exclusion is not None}
    if memory.indexer.failure is not None:
        return [f"it is written, but not found by questions: {memory.indexer.failure}"]
    return [f"{path} is written, but not indexed: {why.reason}" for path, why in left.items()]
