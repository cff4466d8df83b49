"""Keeps one checkout's part of the catalog true to its files.

One thread a checkout takes what the queue holds: single paths from the watcher, or a rescan. A
rescan is cut into batches, and changes that come in between go first, so that a file saved
during the first index is found as soon as at any other time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from whykeeper_indexers.catalog import Catalog, KnownFile
from whykeeper_indexers.decisions import DecisionLayout, decision_layout
from whykeeper_indexers.errors import WhykeeperError, WorkerError
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.index.reading import ReadFile
from whykeeper_indexers.index.work_queue import Work, WorkQueue
from whykeeper_indexers.parse import ParseContext, worth
from whykeeper_indexers.scan import Repository, ScanOptions, ScanResult, scan, scan_paths
from whykeeper_indexers.types import CHUNKER_VERSION, Exclusion, FileStat

__all__ = ["Indexed", "Indexer", "Progress"]

_log = logging.getLogger(__name__)

BATCH_FILES = 32
BATCH_BYTES = 400_000
"""A batch is what one worker parses at once: small enough that a saved file needn't wait long."""
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the way in has come.

    Attributes:
        phase: ``scan``, ``words``, ``history`` or ``idle``.
        done: Files so far.
        total: Files in all.
    """

    phase: str = "idle"
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Indexed:
    """What has just become findable by words.

    Attributes:
        paths: Files added, changed or removed, sorted.
        chunks: How many chunks they hold now.
        commits: How many commits were added.
        took_ms: From taking the work to the commit of its last batch.
    """

    paths: tuple[str, ...]
    chunks: int
    commits: int
    took_ms: float


class Indexer:
    """The way in, for one checkout.

    Args:
        repository: The checkout.
        options: What belongs in the index.
        catalog: Where it is written.
        pool: Parses.
        history_limit: Most commits to read; 0 reads none.
        on_indexed: Told after each piece of work, from the indexer's thread.
    """

    def __init__(
        self,
        repository: Repository,
        options: ScanOptions,
        catalog: Catalog,
        pool: ParsePool,
        *,
        history_limit: int,
        on_indexed: Callable[[Indexed], None],
    ) -> None:
        self._repository = repository
        self._options = options
        self._catalog = catalog
        self._pool = pool
        self._history_limit = history_limit
        self._on_indexed = on_indexed
        self._checkout = catalog.checkout(repository.root)
        self._context = ParseContext(DecisionLayout())
        self._thread = threading.Thread(target=self._run, name=f"index {repository.root.name}", daemon=True)
        self._excluded: Mapping[str, Exclusion] = {}
        self.queue = WorkQueue()
        self.progress = Progress()
        self.notes: tuple[str, ...] = ()
        self.problem: str | None = None
        self.complete = catalog.scanned_at(self._checkout) is not None

    @property
    def checkout(self) -> int:
        """The checkout's number in the catalog."""
        return self._checkout

    @property
    def busy(self) -> bool:
        """Whether anything waits or is under way."""
        return not self.queue.idle

    def start(self) -> None:
        """Begin, with a rescan: what changed while nobody watched is found by its stats."""
        self.queue.submit(rescan=True, history=True)
        self._thread.start()

    def close(self) -> None:
        """Stop after the batch under way."""
        self.queue.close()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self.queue.closed:
            taken = self.queue.take()
            if taken is not None:
                self._perform(*taken)

    def _perform(self, work: Work, tickets: tuple[int, ...]) -> None:
        try:
            self._index(work)
            self.problem = None
        except WhykeeperError as error:
            _log.warning("indexing %s: %s", self._repository.root, error)
            self.problem = str(error)
        except Exception as error:  # noqa: BLE001 - the thread goes on; status and log say what happened
            _log.exception("indexing %s failed", self._repository.root)
            self.problem = f"indexing failed: {type(error).__name__}: {error} (the log has the details)"
        finally:
            self.progress = Progress()
            self.queue.done(tickets)
        if work.history and not self.problem:
            self._try_history()

    def _index(self, work: Work) -> None:
        started = time.monotonic()
        if work.rescan:
            paths, chunks = self._rescan()
        else:
            paths, chunks = self._update(work.paths)
        if paths:
            self._on_indexed(Indexed(tuple(sorted(paths)), chunks, 0, (time.monotonic() - started) * 1000))

    def _rescan(self) -> tuple[set[str], int]:
        self.progress = Progress("scan")
        found = scan(self._repository, self._options)
        self.notes = found.notes
        layout = decision_layout(self._repository.root, found.files)
        self._context = ParseContext(layout)
        reread = self._catalog.remember(f"layout {self._checkout}", repr(layout))
        self._undo_other_settings()
        known = self._catalog.known_files(self._checkout)
        touched = self._reconcile(found, known, reread=reread)
        self._catalog.mark_scanned(self._checkout)
        self.complete = True
        return touched

    def _update(self, paths: Iterable[str]) -> tuple[set[str], int]:
        found = scan_paths(self._repository, self._options, sorted(paths))
        known = self._catalog.known_files(self._checkout, below=sorted(paths))
        return self._reconcile(found, known, reread=False)

    def _undo_other_settings(self) -> None:
        """Have looked at again what other settings, or another version, left out or cut out."""
        settings = repr((self._options, CHUNKER_VERSION))
        if self._catalog.remember(f"options {self._checkout}", settings):
            self._catalog.forget_exclusions(self._checkout)
        if self._catalog.remember(f"secrets cut {self._checkout}", str(self._options.cut_secrets)):
            self._catalog.mark_stale(self._checkout)

    def _reconcile(
        self, found: ScanResult, known: Mapping[str, KnownFile], *, reread: bool
    ) -> tuple[set[str], int]:
        excluded = [
            exclusion
            for path, exclusion in found.excluded.items()
            if _newly_excluded(known.get(path), exclusion)
        ]
        gone = [path for path in known if path not in found.files and path not in found.excluded]
        if excluded or gone:
            self._catalog.apply(self._checkout, excluded=[(None, item) for item in excluded], removed=gone)
        changed = [
            stat
            for stat in found.files.values()
            if _differs(known.get(stat.path), stat) or (reread and worth(stat.path) < 2)
        ]
        changed.sort(key=lambda stat: (worth(stat.path), stat.path))
        touched = {*gone, *(item.path for item in excluded if item.path in known)}
        chunks = 0
        for read in self._parsed(changed, reread=reread):
            chunks += self._write(read)
            touched.update(file.stat.path for file in read)
        return touched, chunks

    def _parsed(self, stats: Sequence[FileStat], *, reread: bool) -> Iterator[list[ReadFile]]:
        """Parse ahead of writing, and let single changes in between."""
        waiting: deque[tuple[Future[list[ReadFile]], int]] = deque()
        batches = iter(_batches(stats))
        done = 0
        if len(stats) > BATCH_FILES:
            self.progress = Progress("words", 0, len(stats))
        while True:
            while len(waiting) <= self._pool.size and (batch := next(batches, None)) is not None:
                waiting.append((self._submit(batch, reread=reread), len(batch)))
            if not waiting or self.queue.closed:
                return
            future, size = waiting.popleft()
            if len(stats) > BATCH_FILES:
                self._serve_urgent(future)
            yield future.result()
            done += size
            if len(stats) > BATCH_FILES:
                self.progress = Progress("words", done, len(stats))

    def _submit(self, stats: Sequence[FileStat], *, reread: bool) -> Future[list[ReadFile]]:
        known = {} if reread else self._catalog.parsed_digests([stat.path for stat in stats])
        return self._pool.parse(self._repository.root, self._options, self._context, stats, known)

    def _serve_urgent(self, until: Future[Any]) -> None:
        while not until.done() and not self.queue.closed:
            taken = self.queue.take(POLL_S, urgent=True)
            if taken is None:
                if not until.done():
                    time.sleep(POLL_S / 4)
                continue
            shown = self.progress
            work, tickets = taken
            self._perform(replace(work, history=False), tickets)
            self.progress = shown

    def _write(self, files: Sequence[ReadFile]) -> int:
        result = self._catalog.apply(
            self._checkout,
            parsed=[(f.stat, f.digest, f.parsed, f.redactions) for f in files if f.parsed is not None],
            reused=[(f.stat, f.digest) for f in files if f.parsed is None and f.exclusion is None],
            excluded=[(f.stat, f.exclusion) for f in files if f.exclusion is not None],
        )
        if result.missing:
            self.queue.submit(result.missing)
        return sum(len(file.parsed.chunks) for file in files if file.parsed is not None)

    def _try_history(self) -> None:
        if not self._history_limit or not self._repository.is_git:
            self._catalog.forget_head(self._checkout)
            return
        started = time.monotonic()
        self.progress = Progress("history")
        try:
            added = self._index_history()
        except (WhykeeperError, WorkerError) as error:
            _log.warning("reading the history of %s: %s", self._repository.root, error)
            self.problem = f"the history could not be read: {error}"
            return
        finally:
            self.progress = Progress()
        if added:
            self._on_indexed(Indexed((), 0, added, (time.monotonic() - started) * 1000))

    def _index_history(self) -> int:
        future = self._pool.history(self._repository.root, self._known_tips(), self._history_limit)
        self._serve_urgent(future)
        batch = future.result()
        if batch.head is None or (batch.head == self._catalog.head(self._checkout)):
            return 0
        return self._catalog.apply_commits(self._checkout, batch.head, batch.commits)

    def _known_tips(self) -> list[str]:
        """Commits whose history is indexed as far back as it is wanted."""
        if self._catalog.remember(f"history limit {self._checkout}", str(self._history_limit)):
            self._catalog.forget_head(self._checkout)
            return []
        heads = (self._catalog.head(number) for number in self._catalog.checkouts().values())
        return sorted({head for head in heads if head})


def _differs(known: KnownFile | None, stat: FileStat) -> bool:
    return known is None or known.stale or known.stat != stat


def _newly_excluded(known: KnownFile | None, exclusion: Exclusion) -> bool:
    return known is None or known.exclusion is None or known.exclusion.reason is not exclusion.reason


def _batches(stats: Sequence[FileStat]) -> Iterator[list[FileStat]]:
    batch: list[FileStat] = []
    size = 0
    for stat in stats:
        if batch and (len(batch) >= BATCH_FILES or size + stat.size > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(stat)
        size += stat.size
    if batch:
        yield batch
