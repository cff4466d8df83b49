"""The parse workers, as the indexer sees them."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from whykeeper_indexers.change import Change, ChangedFile, Tree
from whykeeper_indexers.facts.changed_code import ChangedCode
from whykeeper_indexers.facts.matching import Matched
from whykeeper_indexers.facts.types import FileFacts
from whykeeper_indexers.freshness import Assessment, AssessmentRequest
from whykeeper_indexers.index.history_reading import HistoryBatch
from whykeeper_indexers.index.reading import ReadFile
from whykeeper_indexers.parse import ParseContext
from whykeeper_indexers.scan import ScanOptions
from whykeeper_indexers.secrets import FoundSecret
from whykeeper_indexers.types import FileStat, Redaction
from whykeeper_indexers.worker import WorkerProcess

__all__ = ["ParsePool"]

_MODULE = "whykeeper_indexers.index.parse_worker"
_BATCH_TIMEOUT_S = 120.0
_HISTORY_TIMEOUT_S = 300.0
_NICENESS = 10
"""Parsing gives way to queries and to the user's own work."""


class ParsePool:
    """A few parse workers, started when first needed and let go when idle.

    Args:
        size: How many batches are parsed at once.
        rules: Folder where compiled rules of the secret scanner are kept.
        log: Where the workers' standard error goes.
    """

    def __init__(self, size: int, rules: Path, log: IO[bytes] | None = None) -> None:
        self._workers = [
            WorkerProcess(
                _MODULE, name=f"parser {number}", niceness=_NICENESS, log=log, arguments=(str(rules),)
            )
            for number in range(size)
        ]
        self._free = list(reversed(self._workers))
        self._rules = rules
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="parse")
        self._used_at = time.monotonic()

    @property
    def size(self) -> int:
        """How many batches are parsed at once."""
        return len(self._workers)

    def compile_rules(self) -> None:
        """Begin to compile the secret scanner's rules, unless they are compiled."""
        if not any(path.suffix != ".lock" for path in self._rules.glob("*")):
            self._threads.submit(self._call, "redact", ("",), _BATCH_TIMEOUT_S)

    def parse(
        self,
        root: Path,
        options: ScanOptions,
        context: ParseContext,
        stats: Sequence[FileStat],
        known: Mapping[str, Collection[str]],
        *,
        timeout_s: float = _BATCH_TIMEOUT_S,
    ) -> Future[list[ReadFile]]:
        """Read and parse a batch; see ``reading.read_and_parse``."""
        return self._threads.submit(
            self._call, "read_and_parse", (root, options, context, stats, known), timeout_s
        )

    def history(self, root: Path, tips: Sequence[str], limit: int) -> Future[HistoryBatch]:
        """Read commits; see ``history_reading.read_history``."""
        return self._threads.submit(self._call, "read_history", (root, tips, limit), _HISTORY_TIMEOUT_S)

    def redact(self, text: str) -> Future[tuple[str, tuple[Redaction, ...]]]:
        """Cut the secrets out of a text; see ``secrets.redact``, whose rules only the workers load."""
        return self._threads.submit(self._call, "redact", (text,), _BATCH_TIMEOUT_S)

    def assess(self, request: AssessmentRequest) -> Future[Assessment]:
        """Judge documents; see ``freshness.assess``."""
        return self._threads.submit(self._call, "assess", (request,), request.time_s + _BATCH_TIMEOUT_S)

    def facts(
        self, root: Path, tree: str, variables: Mapping[str, str], context: ParseContext, paths: list[str]
    ) -> Future[list[FileFacts]]:
        """Read what files of a tree say; see ``facts.reading.read_facts``."""
        return self._threads.submit(
            self._call, "read_facts", (root, tree, dict(variables), context, paths), _BATCH_TIMEOUT_S
        )

    def matching(
        self, root: Path, tree: str, variables: Mapping[str, str], language: str, data: str, paths: list[str]
    ) -> Future[Matched]:
        """Hold a pattern against files of a tree; see ``facts.matching.match_pattern``."""
        asked = (root, tree, dict(variables), language, data, paths)
        return self._threads.submit(self._call, "match_pattern", asked, _BATCH_TIMEOUT_S)

    def changed_code(self, change: Change, files: Sequence[ChangedFile]) -> Future[list[ChangedCode]]:
        """Read what a change does to code; see ``facts.changed_code.read_changed_code``."""
        base, head = change.base, change.head
        variables = {**base.variables, **head.variables}
        arguments = (head.root, base.name, head.name, variables, list(files))
        return self._threads.submit(self._call, "read_changed_code", arguments, _BATCH_TIMEOUT_S)

    def secrets(self, tree: Tree, key: bytes, paths: Sequence[str]) -> Future[list[tuple[FoundSecret, ...]]]:
        """Look for secrets in files of a tree; see ``facts.changed_secrets.read_secrets``."""
        arguments = (tree.root, tree.name, dict(tree.variables), key, list(paths))
        return self._threads.submit(self._call, "read_secrets", arguments, _BATCH_TIMEOUT_S)

    def release(self, idle_s: float) -> bool:
        """Let the workers go when they have had nothing to do for some time.

        Args:
            idle_s: For how long, seconds.

        Returns:
            Whether they were let go.
        """
        if time.monotonic() - self._used_at < idle_s:
            return False
        with self._lock:
            for worker in self._free:
                worker.stop()
        return True

    def close(self) -> None:
        """End the workers; batches under way fail."""
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _call(self, method: str, arguments: tuple[object, ...], timeout_s: float) -> Any:
        with self._lock:
            worker = self._free.pop()
        try:
            return worker.call(method, *arguments, timeout_s=timeout_s)
        finally:
            self._used_at = time.monotonic()
            with self._lock:
                self._free.append(worker)
