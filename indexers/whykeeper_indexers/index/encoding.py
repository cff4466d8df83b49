"""Gives every chunk its vector, the most worthy kinds first.

One thread a repository, the only one that adds vectors or removes them. What is left to encode is
read from the catalog, so a process killed at any moment goes on where it stopped; a vector the
store already holds is not computed again.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from whykeeper_indexers.catalog import Catalog, Waiting
from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import DamagedStoreError, InternalError, WhykeeperError
from whykeeper_indexers.index.earlier import EarlierModels
from whykeeper_indexers.index.embedding_text import embedding_text
from whykeeper_indexers.index.gate import Gate
from whykeeper_indexers.index.upkeep import tidy_vectors
from whykeeper_indexers.types import Chunk, Kind
from whykeeper_indexers.vectors import ProvisionalVectors, VectorStore

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["EncodingThread"]

_log = logging.getLogger(__name__)

BATCH = 1_024
AHEAD = 512
"""Passages encoded while so many before them are stored."""
SLOW_BATCH = 256
"""Two seconds of the transformer's time: so long may a file saved meanwhile wait for its turn."""
SLOW_AHEAD = 64
"""The same as `AHEAD`, of the transformer's passages."""
BRIDGED_FROM = 96
"""Passages that wait for the transformer; fewer are done before anybody asks."""
BRIDGE_BATCH = 512
MOST_BRIDGED = 20_000
"""Of a kind: 20 MB."""
FEW = (Kind.DECISION, Kind.CONVENTION)
"""Kinds of which there are a hundred where there are thousands of documents."""
LOOK_S = 0.2
RETRY_S = 5.0
LONGEST_RETRY_S = 60.0


class EncodingThread:
    """Encodes what the catalog says is not yet encoded.

    Args:
        catalog: Knows what is missing.
        vectors: Where vectors go.
        encoder: Computes them.
        earlier: Answers meanwhile for what an earlier model has read.
        gate: Shut while the processor is wanted for something more urgent.
        on_damage: Told, from the thread, when a store seems to be damaged.
    """

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        encoder: KindEncoder,
        earlier: EarlierModels,
        gate: Gate,
        on_damage: Callable[[], None],
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._encoder = encoder
        self.earlier = earlier
        self._gate = gate
        self._on_damage = on_damage
        # Those the stores were opened with: the model may have been found since.
        self._fingerprints = {kind: catalog.fingerprint(kind) or encoder.fingerprint(kind) for kind in Kind}
        # What takes a second need not wait for what takes minutes.
        self._turns = sorted(Kind, key=lambda kind: (kind not in FEW, encoder.slow(kind)))
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="encode ahead")
        self._news = threading.Condition()
        self._woken = True
        self._working = True
        self._tidying_due = False
        self._closed = False
        self._failures = 0
        self._bridge_due = self._gathering_due = True
        self._prepared = False
        self._quick_asked = False
        self._reading: Kind | None = None
        self.provisional = ProvisionalVectors()
        self._thread = threading.Thread(target=self._run, name="encode", daemon=True)
        self.failure: WhykeeperError | None = None

    def start(self) -> None:
        """Begin with whatever is left from before."""
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be something to encode."""
        with self._news:
            self._woken = self._working = self._bridge_due = self._gathering_due = True
            self._news.notify_all()

    def retry(self) -> None:
        """Try again now what stopped on a problem."""
        with self._news:
            self.failure = None
        self.wake()

    def tidy(self) -> None:
        """Let vectors go that nobody needs, once nothing is left to encode."""
        with self._news:
            self._tidying_due = True
            self._news.notify_all()

    @property
    def tidying(self) -> bool:
        """Whether letting go is due or under way."""
        return self._tidying_due

    @property
    def busy(self) -> bool:
        """Whether anything is left to encode and nothing keeps it from being encoded."""
        return self._working and self.failure is None

    @property
    def problem(self) -> str | None:
        """What keeps the rest from being encoded; it is tried again by and by."""
        return str(self.failure) if self.failure else None

    def stop(self) -> None:
        """Stop after the batch under way, without waiting for it."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        self._gate.remove()

    def close(self) -> None:
        """Stop after the batch under way."""
        self.stop()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while self._await_work():
            if self._guarded(self._drain):
                self._settle()
                # Now, when the processor has nothing else to do.
                self._encoder.prepare_compiled()
            if self._tidying_due and not self._working:
                self._guarded(self._tidy)
        self._ahead.shutdown(wait=False, cancel_futures=True)

    def _await_work(self) -> bool:
        # After a problem, again by and by: a process may have died, a disk may have room again.
        pause_s = min(RETRY_S * 2.0**self._failures / 2, LONGEST_RETRY_S)
        with self._news:
            if self.failure is not None:
                self._news.wait_for(lambda: self._closed or self.failure is None, pause_s)
            else:
                self._news.wait_for(lambda: self._closed or self._woken or self._tidying_due)
            self._woken = False
            return not self._closed

    def _guarded(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except WhykeeperError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - the thread goes on; status and log say what happened
            _log.exception("encoding failed")
            self._fail(InternalError(f"encoding failed: {type(error).__name__}: {error}", "see the log"))
        else:
            return True
        return False

    def _fail(self, error: WhykeeperError) -> None:
        if self._closed:
            return
        if str(error) != self.problem:
            _log.warning("encoding stopped: %s", error)
        self._failures += 1
        self._gathering_due = True
        self.failure = error
        if isinstance(error, DamagedStoreError):
            self._on_damage()

    def _settle(self) -> None:
        with self._news:
            self._failures = 0
            self.failure = None
            self._working = self._woken

    def _drain(self) -> None:
        while not self._closed:
            self._gate.pass_through()
            for kind in Kind:
                self._fingerprint_changed(kind)
            self._bridge()
            if self._bridge_due and self._encoder.quick_coming:
                self._leave_processor_to_quick_model()
            elif not self._encode_some(self._turns):
                self.provisional.clear()
                self.earlier.release_done()
                return
            self.failure = None

    def _leave_processor_to_quick_model(self) -> None:
        """Encode the worthiest alone: with two at work, both would take twice as long."""
        if not self._encode_some(FEW):
            self._pause()

    def _bridge(self) -> None:
        """Have the quick model's vectors stand in for those that would be waited for."""
        if self._gathering_due:
            self._gathering_due = False
            self.earlier.gather()
        if not self._bridge_due:
            return
        slow = [kind for kind in Kind if self._encoder.slow(kind)]
        backlog = sum(len(self._without_earlier(kind, BRIDGED_FROM)) for kind in slow)
        if backlog >= BRIDGED_FROM and not self._encoder.quick_ready and not self._prepared:
            self._prepared = True
            self._encoder.prepare_quick()
        if backlog >= BRIDGED_FROM and self._encoder.quick_coming:
            return
        # Without a quick model, by now, everything waits for its turn.
        self._bridge_due = self._prepared = False
        if backlog >= BRIDGED_FROM and self._encoder.quick_ready:
            for kind in slow:
                self._bridge_kind(kind)
        if backlog >= BRIDGED_FROM:
            self._encoder.prepare_compiled()

    def _bridge_kind(self, kind: Kind) -> None:
        unbridged = self._unbridged(kind)
        for start in range(0, len(unbridged), BRIDGE_BATCH):
            some = unbridged[start : start + BRIDGE_BATCH]
            vectors = self._encoder.encode_passages_quickly(
                [embedding_text(each.chunk, Tier.STATIC) for each in some]
            )
            self.provisional.add(kind, [each.vector_key for each in some], vectors)
            if self._closed:
                return

    def _without_earlier(self, kind: Kind, limit: int) -> list[Waiting]:
        """Of the newest that wait, those that no earlier model's vector stands in for."""
        waiting = self._catalog.unencoded(kind, limit)
        held = self.earlier.held(kind, [each.vector_key for each in waiting])
        return [each for each in waiting if each.vector_key not in held]

    def _unbridged(self, kind: Kind) -> list[Waiting]:
        """What waits and has nothing to stand in for it: the newest, until some that has."""
        limit = BRIDGE_BATCH
        while True:
            waiting = self._catalog.unencoded(kind, limit)
            keys = [each.vector_key for each in waiting]
            held = self.provisional.held(kind, keys) | self.earlier.held(kind, keys)
            if held or len(waiting) < limit or limit >= MOST_BRIDGED:
                return [each for each in waiting if each.vector_key not in held]
            limit = min(4 * limit, MOST_BRIDGED)

    def _encode_some(self, kinds: Iterable[Kind]) -> bool:
        put_off = False
        for kind in kinds:
            pending = self._catalog.unencoded(kind, SLOW_BATCH if self._encoder.slow(kind) else BATCH)
            if not pending:
                continue
            if self._quick_model_awaited(kind):
                put_off = True
                continue
            if kind is not self._reading:
                self._reading = kind
                self.earlier.release_done()
            by_key = {each.vector_key: each.chunk for each in pending}
            if self._fill(kind, by_key):
                self._catalog.mark_encoded(kind, list(by_key))
                self.provisional.discard(kind, by_key)
            return True
        if put_off:
            self._pause()
        return put_off

    def _quick_model_awaited(self, kind: Kind) -> bool:
        """Whether a kind has to wait for the quick model, while whatever is saved need not."""
        if self._encoder.slow(kind) or self._encoder.quick_ready:
            return False
        if not self._quick_asked:
            self._encoder.prepare_quick()
        # If it failed, whoever encodes meets the reason.
        self._quick_asked = self._encoder.quick_coming
        return self._quick_asked

    def _pause(self) -> None:
        with self._news:
            self._news.wait_for(lambda: self._closed, LOOK_S)

    def _fill(self, kind: Kind, by_key: dict[str, Chunk]) -> bool:
        """Have the store hold these vectors; False when another model has taken over meanwhile."""
        missing = sorted(by_key.keys() - self._vectors.known(kind, list(by_key)))
        if missing and not self._closed:
            return self._store(kind, missing, by_key)
        return not self._closed

    def _store(self, kind: Kind, keys: Sequence[str], by_key: Mapping[str, Chunk]) -> bool:
        """Encode ahead of storing: one happens in another process, the other in this one."""
        size = SLOW_AHEAD if self._encoder.slow(kind) else AHEAD
        parts = [keys[start : start + size] for start in range(0, len(keys), size)]
        ahead: deque[Future[NDArray[np.float32]]] = deque()
        tier = self._encoder.tier(kind)
        for number, part in enumerate(parts):
            while len(ahead) < 2 and number + len(ahead) < len(parts):
                texts = [embedding_text(by_key[key], tier) for key in parts[number + len(ahead)]]
                ahead.append(self._ahead.submit(self._encoder.encode_passages, texts, kind))
            encoded = ahead.popleft().result()
            if self._closed or self._fingerprint_changed(kind):
                return False
            self._vectors.add(kind, part, encoded)
        return not self._closed

    def _fingerprint_changed(self, kind: Kind) -> bool:
        """Move a kind to another space.

        Its model is found at last; or one that cannot be distilled encodes code itself.
        """
        now = self._encoder.fingerprint(kind)
        if now == self._fingerprints[kind]:
            return False
        _log.info("vectors of kind %s are made by another model from now on", kind)
        self._catalog.rekey(kind, now, should_stop=lambda: self._closed)
        self._vectors.use(kind, now)
        self._fingerprints[kind] = now
        self.earlier.note_present()
        self.earlier.forget(kind)
        self._bridge_due = self._gathering_due = True
        return True

    def _tidy(self) -> None:
        tidy_vectors(self._catalog, self._vectors, self._fingerprints, lambda: self._closed)
        self._tidying_due = False
