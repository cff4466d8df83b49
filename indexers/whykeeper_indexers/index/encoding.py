"""Gives every chunk its vector, the most worthy kinds first.

One thread a repository. What is left to encode is read from the catalog, so a process killed at
any moment goes on where it stopped; a vector the store already holds is not computed again.
"""

from __future__ import annotations

import logging
import threading
import time

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.errors import WhykeeperError
from whykeeper_indexers.index.embedding_text import embedding_text
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import VectorStore

__all__ = ["EncodingThread"]

_log = logging.getLogger(__name__)

BATCH = 128
RETRY_S = 5.0


class EncodingThread:
    """Encodes what the catalog says is not yet encoded.

    Args:
        catalog: Knows what is missing.
        vectors: Where vectors go.
        encoder: Computes them.
    """

    def __init__(self, catalog: Catalog, vectors: VectorStore, encoder: KindEncoder) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._encoder = encoder
        self._wake = threading.Event()
        self._idle = threading.Condition()
        self._working = True
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="encode", daemon=True)
        self.problem: str | None = None

    def start(self) -> None:
        """Begin with whatever is left from before."""
        self._wake.set()
        self._thread.start()

    def wake(self) -> None:
        """Say that there may be something to encode."""
        with self._idle:
            self._working = True
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether anything is left to encode."""
        return self._working

    def wait(self, timeout_s: float) -> bool:
        """Wait until everything is encoded.

        Returns:
            False when the time ran out, or encoding stopped on a problem.
        """
        deadline = time.monotonic() + timeout_s
        with self._idle:
            self._idle.wait_for(
                lambda: not self._working or self._closed or self.problem is not None,
                max(deadline - time.monotonic(), 0),
            )
            return not self._working

    def close(self) -> None:
        """Stop after the batch under way."""
        self._closed = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._closed:
            # After a problem, try again by and by: a process may have died, a disk may have room again.
            self._wake.wait(RETRY_S if self.problem else None)
            self._wake.clear()
            self._drain()

    def _drain(self) -> None:
        try:
            while not self._closed and self._encode_some():
                self.problem = None
        except WhykeeperError as error:
            _log.warning("encoding stopped: %s", error)
            self._stop_for(str(error))
            return
        except Exception as error:  # noqa: BLE001 - the thread goes on; status and log say what happened
            _log.exception("encoding failed")
            self._stop_for(f"encoding failed: {type(error).__name__}: {error} (the log has the details)")
            return
        with self._idle:
            self._working = self._wake.is_set()
            self._idle.notify_all()

    def _stop_for(self, problem: str) -> None:
        with self._idle:
            self.problem = problem
            self._idle.notify_all()

    def _encode_some(self) -> bool:
        for kind in Kind:
            pending = self._catalog.unencoded(kind, BATCH)
            if not pending:
                continue
            by_key = {each.vector_key: each.chunk for each in pending}
            missing = sorted(by_key.keys() - self._vectors.known(kind, list(by_key)))
            if missing:
                texts = [embedding_text(by_key[key]) for key in missing]
                self._vectors.add(kind, missing, self._encoder.encode_passages(texts, kind))
            self._catalog.mark_encoded(kind, list(by_key))
            return True
        return False
