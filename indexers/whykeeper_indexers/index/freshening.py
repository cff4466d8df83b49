"""Keeps it known whether documents still hold: judged in the background, when something has changed.

A round reads the whole checkout and asks git, in a parser's process: seconds, a minute at most. So it
follows commits and edited documents, not each save of a source file, and waits until nothing else is done.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.catalog.linking import DescribedDocument
from whykeeper_indexers.errors import DamagedStoreError, WhykeeperError
from whykeeper_indexers.freshness import AssessmentRequest, Document
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.scan import Repository

__all__ = ["Freshener"]

_log = logging.getLogger(__name__)

FRESHNESS_VERSION = 4
"""Raise when documents are judged otherwise: they are judged again."""
SETTLE_S = 3.0
"""Without anything being indexed before a round begins."""
BETWEEN_S = 30.0
"""Between two rounds that nobody asked for."""
_LOOK_S = 0.25
MOST_ROUNDS = 4
"""One after another, where time ran out: what each has asked of the history is known to the next."""


class Freshener:
    """Judges one checkout's documents.

    Args:
        repository: The checkout.
        catalog: Where documents are read, and what is found is written.
        checkout: Its number.
        pool: Whose processes do it.
        busy: Whether something is being indexed.
    """

    def __init__(
        self,
        repository: Repository,
        catalog: Catalog,
        checkout: int,
        pool: ParsePool,
        busy: Callable[[], bool],
    ) -> None:
        self._repository = repository
        self._catalog = catalog
        self._checkout = checkout
        self._pool = pool
        self._busy = busy
        self._condition = threading.Condition()
        self._asked = 0
        self._done = 0
        self._urgent = False
        self._closed = False
        self._began_at = -BETWEEN_S
        self.failure: WhykeeperError | None = None
        self.complete = False
        self.under_way: tuple[int, int] | None = None
        """Of a round: documents that are judged, and all; None when there is none."""
        self._thread = threading.Thread(
            target=self._run, name=f"freshness {repository.root.name}", daemon=True
        )

    def start(self) -> None:
        """Begin; a checkout without git has no history to judge by, and is left alone."""
        if self._repository.is_git:
            self._thread.start()

    def close(self) -> None:
        """Stop, without waiting for a round under way."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def wake(self) -> None:
        """Say that documents or commits have changed."""
        with self._condition:
            self._asked += 1
            self._condition.notify_all()

    def judge(self, limit_s: float) -> bool:
        """Have a round begun at once, and wait for it.

        Args:
            limit_s: How long.

        Returns:
            Whether every document was judged.
        """
        if not self._repository.is_git:
            return True
        with self._condition:
            self._asked += 1
            self._urgent = True
            ticket = self._asked
            self._condition.notify_all()
            done = self._condition.wait_for(lambda: self._closed or self._done >= ticket, limit_s)
        return done and self.complete

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._closed or self._asked > self._done)
            if not self._settled():
                return
            with self._condition:
                ticket, urgent, self._urgent = self._asked, self._urgent, False
            self._try(urgent=urgent)
            with self._condition:
                self._done = ticket
                self._condition.notify_all()

    def _settled(self) -> bool:
        """Wait until nothing has been indexed for a while, or somebody asks; False when it is to end."""
        quiet_since = time.monotonic()
        while not self._closed:
            now = time.monotonic()
            if self._busy():
                quiet_since = now
            elif self._urgent or (now - quiet_since >= SETTLE_S and now - self._began_at >= BETWEEN_S):
                return True
            with self._condition:
                self._condition.wait(_LOOK_S)
        return False

    def _try(self, *, urgent: bool) -> None:
        try:
            self._round(urgent=urgent)
        except DamagedStoreError as error:
            # Whoever asks the catalog next reports it.
            self.failure = error
        except WhykeeperError as error:
            if not self._closed:
                _log.warning("documents could not be judged: %s", error)
            self.failure = error
        except Exception:  # noqa: BLE001 - a border: the thread goes on, and answers do without
            if not self._closed:
                _log.exception("documents could not be judged")
        else:
            self.failure = None
        finally:
            self.under_way = None

    def _round(self, *, urgent: bool) -> None:
        described = self._catalog.described(self._checkout)
        marker = self._marker(described)
        name = f"freshness {self._checkout}"
        if not urgent and self._catalog.recalled(name) == marker:
            self.complete = True
            return
        self._began_at = time.monotonic()
        documents = self._documents(described)
        past = tuple(self._catalog.paths_of_history(self._checkout))
        self.under_way = (0, len(documents))
        for _ in range(MOST_ROUNDS):
            request = AssessmentRequest(self._repository.root, documents, past, self._catalog.history_facts())
            found = self._pool.assess(request).result()
            if self._closed:
                return
            digests = {each.path: each.digest for each in described}
            judged = [(digests[each.path], each) for each in found.reports]
            self._catalog.keep_freshness(self._checkout, judged, found.facts, whole=found.complete)
            self.complete = found.complete
            self.under_way = (len(judged), len(documents))
            if found.complete or self._closed:
                break
        self._catalog.remember(name, marker if self.complete else "")

    def _marker(self, described: list[DescribedDocument]) -> str:
        """Names all that a round looks at, but for code that is not committed yet."""
        digest = hashlib.sha256(f"{FRESHNESS_VERSION} {self._catalog.head(self._checkout)}".encode())
        for each in described:
            digest.update(f"\0{each.path}\0{each.digest}".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()

    def _documents(self, described: list[DescribedDocument]) -> tuple[Document, ...]:
        decisions = self._catalog.decisions(self._checkout)
        over = {path for path, record in decisions.items() if not record.in_force}
        return tuple(
            Document(each.path, each.digest, each.kind, each.references, each.touched, each.path in over)
            for each in described
        )
