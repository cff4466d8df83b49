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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeVar

from whykeeper_indexers.catalog import Catalog, KnownFile
from whykeeper_indexers.decisions import CONFIGURATION_FILES, DecisionLayout, decision_layout
from whykeeper_indexers.decisions.affected import affected_records
from whykeeper_indexers.errors import DamagedStoreError, InternalError, WhykeeperError, WorkerError
from whykeeper_indexers.index.gate import Gate
from whykeeper_indexers.index.history_reading import HistoryBatch
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.index.reading import ReadFile
from whykeeper_indexers.index.retries import Retries
from whykeeper_indexers.index.upkeep import renew_history
from whykeeper_indexers.index.work_queue import Work, WorkQueue
from whykeeper_indexers.parse import ParseContext, worth
from whykeeper_indexers.scan import Repository, ScanOptions, ScanResult, scan, scan_paths
from whykeeper_indexers.types import CHUNKER_VERSION, Exclusion, ExclusionReason, FileStat

__all__ = ["Indexed", "Indexer", "Progress"]

_log = logging.getLogger(__name__)

BATCH_FILES = 32
BATCH_BYTES = 400_000
"""A batch is what one worker parses at once: small enough that a saved file needn't wait long."""
_RACY_NS = 50_000_000
_VERY_RACY_NS = 2_000_000_000
"""A file written this shortly before it is looked at may be written again and keep its times: within a
tick of the kernel's clock, or of a file system that counts whole seconds (git calls it racily clean)."""
_LOOK_AROUND_S = 0.05
_ATTEMPTS = 3
"""A parser may die of something else, while it happens to read a harmless file."""
_ALONE_S = 30.0
"""A single file takes milliseconds; one that has just brought a parser down is not waited for as long."""
_READ_AGAIN = -1
"""An inode no file has: the next scan finds that the file differs, and reads it."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Look:
    """How to look at what a scan found.

    Attributes:
        asked_ns: When the scan began.
        read: Paths to read whatever their stats say.
        parse: Paths to parse whatever is known of their contents.
    """

    asked_ns: int
    read: Collection[str] = ()
    parse: Collection[str] = ()


class _ClosedError(Exception):
    """The indexer is being closed: leave everything as it is."""


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
        encoding_gate: Held shut while many files are read: words come first, and fast.
        history_limit: Most commits to read; 0 reads none.
        on_indexed: Told after each piece of work, from the indexer's thread.
        on_damage: Told when the catalog turns out to be damaged.
    """

    def __init__(
        self,
        repository: Repository,
        options: ScanOptions,
        catalog: Catalog,
        pool: ParsePool,
        encoding_gate: Gate,
        *,
        history_limit: int,
        on_indexed: Callable[[Indexed], None],
        on_damage: Callable[[DamagedStoreError], None],
    ) -> None:
        self._repository = repository
        self._options = options
        self._catalog = catalog
        self._pool = pool
        self._gate = encoding_gate
        self._history_limit = history_limit
        self._on_indexed = on_indexed
        self._on_damage = on_damage
        self._checkout = catalog.checkout(repository.root)
        self._context = ParseContext(DecisionLayout())
        self._thread = threading.Thread(target=self._run, name=f"index {repository.root.name}", daemon=True)
        self._retries = Retries()
        self._first_scan = ExitStack()
        self._under_way: list[set[str]] = []
        self._reading_history = False
        self._history: Future[HistoryBatch] | None = None
        self.queue = WorkQueue()
        self.progress = Progress()
        self.notes: tuple[str, ...] = ()
        self.failure: WhykeeperError | None = None
        self.complete = catalog.scanned_at(self._checkout) is not None

    @property
    def checkout(self) -> int:
        """The checkout's number in the catalog."""
        return self._checkout

    @property
    def busy(self) -> bool:
        """Whether anything waits or is under way; trying again what failed before does not count."""
        return not self.queue.idle or self._reading_history

    @property
    def reading_history(self) -> bool:
        """Whether commits are still to be added that were there when it was last looked."""
        return self._reading_history

    @property
    def problem(self) -> str | None:
        """What keeps the index from being up to date; it is tried again by and by."""
        return str(self.failure) if self.failure else None

    def start(self) -> None:
        """Begin, with a rescan: what changed while nobody watched is found by its stats."""
        self.queue.submit(rescan=True, history=True)
        self._first_scan.enter_context(self._gate.shut())
        self._thread.start()

    def close(self) -> None:
        """Stop, leaving the batch under way."""
        self.queue.close()
        self._first_scan.close()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self.queue.closed:
            taken = self.queue.take(self._retries.wait_s)
            if taken is not None:
                self._perform(*taken)
            elif (owed := self._retries.due()) is not None:
                self._perform(owed, ())

    def _perform(self, work: Work, tickets: tuple[int, ...]) -> None:
        begun = False
        if work.history:
            # Before the tickets are done, so that there is no moment in which nothing seems to be under way.
            self._reading_history = self._reading_history or bool(tickets)
            # Read beside the files: a parser that waits for the compiled rules has nothing else to do.
            begun = self._try(Work(history=True), self._begin_history)
        try:
            self._try(replace(work, history=False), self._index)
        finally:
            self._first_scan.close()
            self.progress = Progress()
            self.queue.done(tickets)
        if work.history:
            if begun:
                self._try(Work(history=True), self._index_history)
            self.progress = Progress()
            self._reading_history = False

    def _try(self, work: Work, index: Callable[[Work], None]) -> bool:
        try:
            index(work)
        except _ClosedError:
            return False
        except WhykeeperError as error:
            self._fail(work, error)
        except Exception as error:  # noqa: BLE001 - the thread goes on; status and log say what happened
            if self.queue.closed:
                return False
            _log.exception("indexing %s failed", self._repository.root)
            said = f"indexing failed: {type(error).__name__}: {error}"
            self._fail(work, InternalError(said, "the log has the details"))
        else:
            self._retries.settle(work)
            if not self._retries:
                self.failure = None
            return True
        return False

    def _fail(self, work: Work, error: WhykeeperError) -> None:
        if self.queue.closed:
            return
        if str(error) != self.problem:
            _log.warning("indexing %s: %s", self._repository.root, error)
        self.failure = error
        self._retries.owe(work)
        if isinstance(error, DamagedStoreError):
            self._on_damage(error)

    def _index(self, work: Work) -> None:
        started = time.monotonic()
        if work.rescan or "" in work.paths:
            paths, chunks = self._rescan()
        else:
            paths, chunks = self._update(work.paths)
        if paths:
            self._on_indexed(Indexed(tuple(sorted(paths)), chunks, 0, (time.monotonic() - started) * 1000))

    def _rescan(self) -> tuple[set[str], int]:
        self.progress = Progress("scan")
        self._undo_other_settings()
        asked_ns = time.time_ns()
        found = scan(self._repository, self._options)
        self.notes = found.notes
        layout = decision_layout(self._repository.root, found.files)
        before, self._context = self._context.decisions, ParseContext(layout)
        name, described = f"layout {self._checkout}", layout.described()
        records: Collection[str] = ()
        if self._changed(name, described):
            records = layout.candidates | self._catalog.decisions(self._checkout).keys()
            if self._catalog.recalled(name) == before.described():
                records = affected_records(self._repository.root, before, layout, records)
        known = self._catalog.known_files(self._checkout)
        touched = self._reconcile(found, known, _Look(asked_ns, read=records, parse=records))
        self._catalog.remember(name, described)
        self._catalog.mark_scanned(self._checkout)
        self.complete = True
        return touched

    def _undo_other_settings(self) -> None:
        """Have every file read again that other settings, or another version, took or left out.

        Contents that are parsed already cost a reading and no more; one whose secrets are left in
        has a digest of its own.
        """
        settings = repr((self._options, CHUNKER_VERSION))
        if self._changed(f"options {self._checkout}", settings):
            self._catalog.forget_stats(self._checkout)
        self._catalog.remember(f"options {self._checkout}", settings)

    def _changed(self, name: str, value: str) -> bool:
        """Whether something else is remembered; what follows from it is done before the new value is.

        Killed in between, the next start finds that it changed and does it again.
        """
        return self._catalog.recalled(name) not in {None, value}

    def _update(self, paths: frozenset[str]) -> tuple[set[str], int]:
        for newer in self._under_way:
            newer.update(paths)
        asked_ns = time.time_ns()
        found = scan_paths(self._repository, self._options, sorted(paths))
        known = self._catalog.known_files(self._checkout, below=sorted(paths))
        touched, chunks = self._reconcile(found, known, _Look(asked_ns, read=paths))
        if not self._places_records(found, known):
            return touched, chunks
        if self._under_way:
            # A whole scan is under way; another follows it.
            self.queue.submit(rescan=True)
            return touched, chunks
        more, of_more = self._rescan()
        return touched | more, chunks + of_more

    def _places_records(self, found: ScanResult, known: Mapping[str, KnownFile]) -> bool:
        """Whether decision records came or went: others refer to them, which only a whole scan tells."""
        held = {path for path, file in known.items() if file.exclusion is None}
        moved = held.symmetric_difference(found.files)
        named = (path for path in found.files if PurePosixPath(path).name in CONFIGURATION_FILES)
        return any(self._context.decisions.place_of(path) for path in moved) or any(named)

    def _reconcile(
        self, found: ScanResult, known: Mapping[str, KnownFile], look: _Look
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
            _as_stored(stat, look.asked_ns)
            for stat in found.files.values()
            if stat.path in look.read or _differs(known.get(stat.path), stat)
        ]
        changed.sort(key=lambda stat: (worth(stat.path), stat.path))
        touched = {*gone, *(item.path for item in excluded if item.path in known)}
        chunks = 0
        with self._gate.shut() if len(changed) > BATCH_FILES else nullcontext(), self._superseded() as newer:
            for read in self._parsed(changed, look.parse):
                current = [file for file in read if not _is_below(file.stat.path, newer)]
                chunks += self._write(current)
                touched.update(file.stat.path for file in current if _is_news(file, known))
        return touched, chunks

    @contextmanager
    def _superseded(self) -> Iterator[set[str]]:
        """Paths indexed meanwhile by work that was let in between: what was read before is older."""
        newer: set[str] = set()
        self._under_way.append(newer)
        try:
            yield newer
        finally:
            self._under_way.remove(newer)

    def _parsed(self, stats: Sequence[FileStat], anew: Collection[str]) -> Iterator[list[ReadFile]]:
        """Parse ahead of writing, and let single changes in between."""
        waiting: deque[tuple[Future[list[ReadFile]], list[FileStat]]] = deque()
        batches = iter(_batches(stats))
        many = len(stats) > BATCH_FILES
        done = 0
        while True:
            if many:
                self.progress = Progress("words", done, len(stats))
            while len(waiting) <= self._pool.size and (batch := next(batches, None)) is not None:
                waiting.append((self._submit(batch, anew), batch))
            if not waiting:
                return
            future, batch = waiting.popleft()
            try:
                yield self._outcome(future, let_in=many)
            except WorkerError as error:
                _log.warning("reading %d files one by one: %s", len(batch), error)
                yield [self._read_alone(stat, let_in=many) for stat in batch]
            done += len(batch)

    def _submit(self, stats: Sequence[FileStat], anew: Collection[str] = ()) -> Future[list[ReadFile]]:
        known = self._catalog.parsed_digests([stat.path for stat in stats if stat.path not in anew])
        return self._pool.parse(self._repository.root, self._options, self._context, stats, known)

    def _read_alone(self, stat: FileStat, *, let_in: bool) -> ReadFile:
        """Read one file of a batch that failed; leave out the one that brings the parser down."""
        died, until = "", time.monotonic() + _ALONE_S
        for _ in range(_ATTEMPTS):
            try:
                alone = self._pool.parse(
                    self._repository.root, self._options, self._context, [stat], {}, timeout_s=_ALONE_S
                )
                return self._outcome(alone, let_in=let_in)[0]
            except WorkerError as error:
                died = str(error)
                # Nothing to read: fails only when it is the parser, and not the file, that is not well.
                self._outcome(self._submit([]), let_in=let_in)
            if time.monotonic() > until:
                break
        _log.warning("%s is left out: %s", stat.path, died)
        why = Exclusion(stat.path, ExclusionReason.UNREADABLE, "the parser did not survive it")
        return ReadFile(stat, exclusion=why)

    def _outcome(self, future: Future[_Result], *, let_in: bool) -> _Result:
        """Wait for a worker, and index small changes meanwhile."""
        while not future.done():
            taken = self.queue.take_small(future) if let_in else None
            if taken is not None:
                shown = self.progress
                self._perform(*taken)
                self.progress = shown
            elif self.queue.closed:
                future.cancel()
                raise _ClosedError
            elif not let_in:
                wait([future], _LOOK_AROUND_S)
        return future.result()

    def _write(self, files: Sequence[ReadFile]) -> int:
        result = self._catalog.apply(
            self._checkout,
            parsed=[(f.stat, f.digest, f.parsed, f.redactions) for f in files if f.parsed is not None],
            reused=[(f.stat, f.digest) for f in files if f.parsed is None and f.exclusion is None],
            excluded=[(f.stat, f.exclusion) for f in files if f.exclusion is not None],
        )
        chunks = sum(len(file.parsed.chunks) for file in files if file.parsed is not None)
        if result.missing:
            # Contents that were swept between the question whether they are known and now.
            missing = [file.stat for file in files if file.stat.path in result.missing]
            again = self._outcome(self._submit(missing, result.missing), let_in=False)
            chunks += self._write(again)
        return chunks

    def _begin_history(self, _work: Work) -> None:
        if not self._history_limit or not self._repository.is_git:
            self._catalog.forget_head(self._checkout)
            return
        renew_history(self._catalog)
        root, limit = self._repository.root, self._history_limit
        self._history = self._pool.history(root, self._known_tips(), limit)

    def _index_history(self, _work: Work) -> None:
        future, self._history = self._history, None
        if future is None:
            return
        started = time.monotonic()
        self.progress = Progress("history")
        added = self._apply_history(self._outcome(future, let_in=True))
        if added:
            self._on_indexed(Indexed((), 0, added, (time.monotonic() - started) * 1000))

    def _known_tips(self) -> list[str]:
        """Commits whose history is indexed as far back as it is wanted."""
        if self._catalog.remember(f"history limit {self._checkout}", str(self._history_limit)):
            self._catalog.forget_head(self._checkout)
            return []
        heads = (self._catalog.head(number) for number in self._catalog.checkouts().values())
        return sorted({head for head in heads if head})

    def _apply_history(self, batch: HistoryBatch) -> int:
        if batch.head is None or batch.head == self._catalog.head(self._checkout):
            return 0
        return self._catalog.apply_commits(self._checkout, batch.head, batch.commits)


def _as_stored(stat: FileStat, asked_ns: int) -> FileStat:
    """Have a file that may change without showing it read again at the next scan."""
    whole_seconds = stat.mtime_ns % 1_000_000_000 == 0
    racy = stat.mtime_ns > asked_ns - (_VERY_RACY_NS if whole_seconds else _RACY_NS)
    return replace(stat, inode=_READ_AGAIN) if racy else stat


def _is_below(path: str, others: Collection[str]) -> bool:
    return bool(others) and any(
        str(part) in others for part in (PurePosixPath(path), *PurePosixPath(path).parents)
    )


def _is_news(file: ReadFile, known: Mapping[str, KnownFile]) -> bool:
    before = known.get(file.stat.path)
    return file.parsed is not None or before is None or before.digest != file.digest


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
