"""``whykeeper index``: bring everything up to date, telling how far it has come."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from whykeeper_indexers.errors import InternalError, WhykeeperError

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["index_everything"]

FIRST_TICK_S = 0.01
LONGEST_TICK_S = 0.15
"""Between two looks: a small repository is done in a moment, a large one need not be looked at so often."""
COUNTING_SHARE = 20
"""So many times as long as it takes to count what is done passes before it is counted again."""
_WORDS_ONLY = "everything is searchable by words, but not by meaning"
_Tell = Callable[[dict[str, Any]], Awaitable[None]]


async def index_everything(memory: Memory, *, rebuild: bool, progress: _Tell) -> dict[str, Any]:
    """Look at every file again and return when all of it can be found by words and by meaning.

    Args:
        memory: The checkout's.
        rebuild: Parse files again that have not changed.
        progress: Told the phase and how much of it is done.

    Returns:
        Counts: files, chunks, by_kind, vectors, took_s, excluded, notes.

    Raises:
        InternalError: Indexing or encoding stopped on a problem.
    """
    started = time.monotonic()
    if rebuild:
        await asyncio.to_thread(memory.store.catalog.mark_stale, memory.indexer.checkout)
    memory.store.retry()
    ticket = memory.indexer.queue.submit(rescan=True, history=True)
    await _follow_words(memory, ticket, progress)
    words_s = time.monotonic() - started
    await _follow_meaning(memory, progress)
    statistics = await asyncio.to_thread(memory.store.catalog.statistics, memory.indexer.checkout)
    if any(statistics.encoded.values()):
        await _await_model(memory, progress)
    memory.note_mended()
    return {
        "files": statistics.files,
        "chunks": sum(statistics.chunks.values()),
        "by_kind": {kind.value: count for kind, count in statistics.chunks.items()},
        "vectors": sum(statistics.encoded.values()),
        "excluded": dict(statistics.excluded),
        "words_s": round(words_s, 2),
        "took_s": round(time.monotonic() - started, 2),
        "notes": [*memory.repository.notes, *memory.indexer.notes, *memory.store.notes],
    }


async def _follow_words(memory: Memory, ticket: int, progress: _Tell) -> None:
    indexer = memory.indexer
    ticks = _ticks()
    while not indexer.queue.done_up_to(ticket) or indexer.busy:
        now = indexer.progress
        await progress({"phase": now.phase, "done": now.done, "total": now.total})
        await asyncio.sleep(next(ticks))
        if memory.closed:
            raise InternalError("the checkout was closed meanwhile", "run the command again")
    if indexer.failure is not None:
        raise _unfinished("the index is not complete", indexer.failure)


async def _follow_meaning(memory: Memory, progress: _Tell) -> None:
    store = memory.store
    store.wake()
    ticks, count_at = _ticks(), 0.0
    while store.busy and not memory.closed:
        if (began := time.monotonic()) >= count_at:
            done, total = await asyncio.to_thread(store.catalog.encoding_progress)
            await progress({"phase": "meaning", "done": done, "total": total, "detail": store.encoder.state})
            # The processor is for what is counted.
            count_at = time.monotonic() + COUNTING_SHARE * (time.monotonic() - began)
        await asyncio.sleep(next(ticks))
    if store.failure is not None:
        raise _unfinished(_WORDS_ONLY, store.failure)


async def _await_model(memory: Memory, progress: _Tell) -> None:
    """Have the model loaded: where nothing was left to encode, the next question would begin with that."""
    if not memory.store.encoder.ready:
        await progress({"phase": "model"})
    try:
        await asyncio.to_thread(memory.store.encoder.load)
    except WhykeeperError as error:
        raise _unfinished(_WORDS_ONLY, error) from error


def _ticks() -> Iterator[float]:
    tick_s = FIRST_TICK_S
    while True:
        yield tick_s
        tick_s = min(1.2 * tick_s, LONGEST_TICK_S)


def _unfinished(what: str, failure: WhykeeperError) -> WhykeeperError:
    """Say what stopped it, as an error of the same kind: whose fault it is stays the same."""
    return type(failure)(f"{what}: {failure.message}", failure.hint or "see `whykeeper daemon logs`")
