"""The use cases, for one checkout: what tools and command line share."""

from __future__ import annotations

import asyncio
import copy
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from whykeeper.answers import ContextAnswer, ItemAnswer, KindName, SearchAnswerModel, StatusAnswer
from whykeeper.config import LoadedConfig
from whykeeper.context import ContextRequest, context_of
from whykeeper.explaining.answer import ExplainAnswer
from whykeeper.explaining.explain import ExplainRequest, explain
from whykeeper.gaps.keeping import Asked, QuestionKeeper
from whykeeper.gaps.questions import Asker, QuestionStore
from whykeeper.opened import opened_files
from whykeeper.paths import relative_to_root, without_root
from whykeeper.reading import Source, read_item
from whykeeper.reporting import empty_kinds, empty_paths, file_report, status_report
from whykeeper.results import result_item
from whykeeper.watch import ChangeSet, CheckoutWatcher
from whykeeper.wiring import scan_options, settling
from whykeeper_indexers.errors import DamagedStoreError, ModelError, QueryError
from whykeeper_indexers.index.freshening import Freshener
from whykeeper_indexers.index.indexer import Indexed, Indexer
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.index.store import RepositoryStore
from whykeeper_indexers.scan import Repository
from whykeeper_indexers.search.engine import search
from whykeeper_indexers.search.recall import Recall, SearchRequest
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from whykeeper.plans.answer import PlanAnswer, ResumeAnswer
    from whykeeper.plans.request import PlanRequest
    from whykeeper.recording.answers import RecordAnswer
    from whykeeper.recording.requests import DecisionRequest, EntryRequest
    from whykeeper.verification.answer import VerifyAnswer
    from whykeeper.verification.process import VerifyingProcess

__all__ = ["Memory"]

_log = logging.getLogger(__name__)

BARRIER_S = 1.0
"""How long the watcher may take to hand over what was written before a question."""
CATCH_UP_S = 10.0
"""How long a question waits for those writes to be indexed; past it, the answer says so."""
_LATE_NOTE = (
    "many files have just changed and are still being indexed: parts of the answer may be out of date"
)
FIRST_INDEX_S = 2.0
"""How long a question waits where there is no index yet; a small repository's first one takes less."""
HISTORY_S = 2.0
"""How long a question waits for commits; reading the whole history of a repository takes longer."""
_LOOK_S = 0.01
_HISTORY_NOTE = "commits are still being read: an answer may lack some, or show some of another branch"
_Answer = TypeVar("_Answer")


class Memory:
    """One checkout, indexed, watched and answering.

    Args:
        repository: The checkout.
        loaded: Its configuration.
        store: Its repository's stores, shared with other worktrees.
        pool: Parses.
        verifying: Verifies changes.
        questions: What its repository could not answer, shared with other worktrees.
    """

    def __init__(
        self,
        repository: Repository,
        loaded: LoadedConfig,
        store: RepositoryStore,
        pool: ParsePool,
        verifying: VerifyingProcess,
        questions: QuestionStore,
    ) -> None:
        self.repository = repository
        self.loaded = loaded
        self.store = store
        config = loaded.config
        self.options = scan_options(config)
        self.pool = pool
        self.verifying = verifying
        self._listeners: dict[int, Callable[[Indexed], None]] = {}
        self._listeners_lock = threading.Lock()
        self.indexer = Indexer(
            repository,
            self.options,
            store.catalog,
            pool,
            store.encoding_gate,
            history_limit=config.index.history_limit if config.index.history else 0,
            on_indexed=self._on_indexed,
            on_damage=store.report_damage,
        )
        self.freshener = Freshener(
            repository,
            store.catalog,
            self.indexer.checkout,
            pool,
            lambda: self.indexer.busy or not self.indexer.complete,
        )
        self.questions = QuestionKeeper(questions, lambda text: pool.redact(text).result()[0], self._answers)
        self._watcher: CheckoutWatcher | None = None

    def start(self) -> None:
        """Begin to watch, then look at what changed meanwhile: in this order nothing is missed."""
        settings = self.loaded.config.watch
        if settings.enabled:
            self._watcher = CheckoutWatcher(
                self.repository,
                self._on_changes,
                options=self.options,
                settling=settling(self.loaded.config),
                polling=settings.mode == "polling",
                native=settings.mode == "native",
                scratch=self.store.folder,
            )
            self._watcher.start()
        self.indexer.start()
        self.freshener.wake()
        self.freshener.start()

    def close(self) -> None:
        """Stop watching and indexing; the stores are the host's to close."""
        if self._watcher is not None:
            self._watcher.stop()
        self.questions.close()
        self.freshener.close()
        self.indexer.close()

    @property
    def closed(self) -> bool:
        """Whether it has been closed: whoever needs it asks the host for another."""
        return self.indexer.queue.closed

    def seen_by(self, loaded: LoadedConfig, note: str | None = None) -> Memory:
        """Give the same memory to a session with settings of its own, as far as they are its own.

        Args:
            loaded: The session's settings.
            note: Why some of them are not obeyed.
        """
        view = copy.copy(self)
        view.loaded = replace(loaded, notes=(*loaded.notes, note)) if note else loaded
        return view

    @property
    def busy(self) -> bool:
        """Whether indexing or encoding is under way."""
        return self.indexer.busy or self.store.busy

    @property
    def watcher(self) -> CheckoutWatcher | None:
        """The watcher; None when watching is turned off."""
        return self._watcher

    async def search(
        self,
        query: str,
        *,
        limit: int | None,
        budget: int | None,
        kinds: list[KindName] | None,
        paths: list[str] | None,
        near: list[str] | None = None,
        explain: bool = False,
        by: Asker = "agent",
    ) -> SearchAnswerModel:
        """Answer a question; see ``search.engine.search``. What nothing answers is kept, see ``gaps``.

        Raises:
            QueryError: Empty or far too long, or a kind that does not exist.
        """
        started = time.monotonic()
        defaults = self.loaded.config.search
        request = SearchRequest(
            self._from_root(query),
            limit=limit or defaults.limit,
            budget=budget or defaults.budget_tokens,
            kinds=_kinds(kinds),
            paths=tuple(self.relative(path) for path in paths or ()),
        )
        notes = await self.catch_up()
        if near:
            opened, unknown = await self._ask(opened_files, near, self)
            request, notes = replace(request, near=opened), [*notes, *unknown]
        answer = await self._ask(search, request, self.recall())
        if isinstance(self.store.failure, ModelError) and self.store.encoder.ready:
            # It was put right meanwhile.
            self.store.retry()
        if answer.mode == "lexical" and self.store.vectors is not None and self.store.encoder.ready:
            self.store.suspect()
        if request.paths and not answer.results:
            notes += await self._ask(empty_paths, self, request.paths)
        if request.kinds and not answer.results:
            notes += await self._ask(empty_kinds, self, request.kinds)
        if not answer.confident and self.indexer.complete and self.loaded.config.gaps.keep:
            concerned = (*request.paths, *(each.path for each in request.near))
            self.questions.note(Asked(request.query, by, concerned, bool(request.paths or request.kinds)))
        return SearchAnswerModel(
            query=answer.query,
            confident=answer.confident,
            complete=self.indexer.complete,
            mode="hybrid" if answer.mode == "hybrid" else "lexical",
            took_ms=_since(started),
            results=[result_item(result, explain=explain) for result in answer.results],
            notes=[*notes, *answer.notes],
        )

    async def context(self, paths: list[str], *, task: str | None, budget: int | None) -> ContextAnswer:
        """Say what governs some paths or a task.

        Raises:
            QueryError: Neither a path nor a task was given.
            RepositoryError: A path lies outside the checkout.
        """
        started = time.monotonic()
        asked = list(dict.fromkeys(self.relative(path) for path in paths))
        request = ContextRequest(
            asked, self._from_root((task or "").strip()), budget or self.loaded.config.search.budget_tokens
        )
        notes = await self.catch_up()
        found = await self._ask(context_of, request, self.recall(), self.repository.root)
        return ContextAnswer(
            paths=asked,
            task=task,
            rules=found.rules,
            enforced=found.enforced,
            conflicts=found.conflicts,
            governing=found.governing,
            conventions=found.conventions,
            related=found.related,
            complete=self.indexer.complete,
            took_ms=_since(started),
            notes=[*notes, *found.notes],
        )

    async def explain(self, target: str, *, budget: int | None) -> ExplainAnswer:
        """Say why a file, a symbol or lines are as they are; see ``explaining.explain``.

        Raises:
            QueryError: No target was named, or a name with several definitions.
            NotFoundError: There is no such path, symbol or line.
            RepositoryError: It is a path outside the checkout.
        """
        started = time.monotonic()
        request = ExplainRequest(target, budget or self.loaded.config.search.budget_tokens)
        notes = await self.catch_up()
        source = Source(self.repository, self.options)
        answer = await self._ask(explain, request, self.repository, source, self.recall())
        said = {"notes": [*notes, *answer.notes], "complete": self.indexer.complete}
        return answer.model_copy(update={**said, "took_ms": _since(started)})

    async def read(self, item_id: str, *, budget: int | None) -> ItemAnswer:
        """Give one item whole.

        Raises:
            NotFoundError: No item, path or commit has that id.
        """
        notes = await self.catch_up()
        return await self._ask(
            read_item,
            item_id,
            Source(self.repository, self.options),
            self.store,
            self.indexer.checkout,
            budget,
            tuple(notes),
        )

    async def consider(self, request: DecisionRequest | EntryRequest) -> RecordAnswer:
        """Say what has to be decided about before something is written; see ``recording.use_cases``."""
        from whykeeper.recording.use_cases import consider

        return await consider(self, request)

    async def record(self, request: DecisionRequest, considered: RecordAnswer | None) -> RecordAnswer:
        """Record a decision, or change one, once related ones are decided about."""
        from whykeeper.recording.use_cases import record_decision

        return await record_decision(self, request, considered)

    async def remember(self, request: EntryRequest, considered: RecordAnswer | None) -> RecordAnswer:
        """Remember a convention, pattern, pitfall or note, or change one."""
        from whykeeper.recording.use_cases import remember_entry

        return await remember_entry(self, request, considered)

    async def save_plan(self, request: PlanRequest) -> PlanAnswer:
        """Make a plan of work, or change one; see ``plans.use_cases``."""
        from whykeeper.plans.use_cases import plan_saved

        return await plan_saved(self, request)

    async def resume(self, plan: str | None) -> ResumeAnswer:
        """Say where the work on a plan stands; see ``plans.use_cases``."""
        from whykeeper.plans.use_cases import resumed

        return await resumed(self, plan)

    async def verify(self, change: str, *, plan: str = "", budget: int | None) -> VerifyAnswer:
        """Hold a change against everything remembered; see ``verification.use_case``."""
        from whykeeper.verification.use_case import verify_named

        most = budget or self.loaded.config.search.budget_tokens
        return await verify_named(self, change, plan, most)

    async def status(self) -> StatusAnswer:
        """Say how fresh the index is and what is wrong."""
        return await self._ask(status_report, self)

    async def files(self, paths: list[str]) -> list[dict[str, Any]]:
        """Say for any path whether it is in the index and, if not, why."""
        await self.catch_up()
        return await self._ask(file_report, self, paths)

    async def index(
        self, *, rebuild: bool, progress: Callable[[dict[str, Any]], Awaitable[None]]
    ) -> dict[str, Any]:
        """Bring everything up to date, and return when it can be found by words and by meaning."""
        from whykeeper.indexing import index_everything

        return await index_everything(self, rebuild=rebuild, progress=progress)

    async def catch_up(self) -> list[str]:
        """Wait for every write finished before now to be indexed.

        Returns:
            Notes on what the answer may lack.
        """
        first_done = await self._first_index_done()
        notes = self._standing_notes()
        if not first_done:
            done = self.indexer.progress
            share = f" ({done.done} of {done.total} files)" if done.total else ""
            return [*notes, f"the first index is under way{share}: answers are incomplete until it is done"]
        ticket = await asyncio.to_thread(self._barrier)
        queue = self.indexer.queue
        if not queue.done_up_to(ticket) and not await asyncio.to_thread(queue.wait, ticket, CATCH_UP_S):
            notes.append(_LATE_NOTE)
        if not await self._history_read():
            notes.append(_HISTORY_NOTE)
        return notes

    async def _first_index_done(self) -> bool:
        """Wait a short while for the first index, where not even a part of it could answer yet."""
        indexer = self.indexer
        if indexer.complete:
            return True
        findable: int = await self._ask(self.store.catalog.count_files, indexer.checkout, tuple(Kind))
        if findable:
            return indexer.complete
        await _until(lambda: indexer.complete or indexer.failure is not None or self.closed, FIRST_INDEX_S)
        return indexer.complete

    async def _history_read(self) -> bool:
        """Wait a while for commits that have just come or gone."""
        return await _until(lambda: not self.indexer.reading_history, HISTORY_S)

    def _standing_notes(self) -> list[str]:
        """Say what has gone wrong and is not mended yet."""
        failure, store = self.indexer.failure, self.store
        self.note_mended()
        return [
            *self.repository.notes,
            *(store.notes if store.mending else ()),
            *(store.earlier.problems if store.earlier else ()),
            *([f"the index is not up to date: {failure}"] if failure else ()),
            *(
                [f"nothing is found by meaning: {store.failure}"]
                if store.failure and not store.vectors
                else ()
            ),
        ]

    def note_mended(self) -> None:
        """Note that damaged stores are rebuilt, once they are."""
        store = self.store
        if store.mending and self.indexer.complete and not self.busy and store.failure is None:
            store.mended()

    async def _ask(self, question: Callable[..., _Answer], *details: Any) -> _Answer:
        try:
            return await asyncio.to_thread(question, *details)
        except DamagedStoreError as error:
            self.store.report_damage(error)
            hint = "it is being rebuilt from the repository: ask again in a few seconds"
            raise DamagedStoreError(error.message, hint) from error

    def recall(self) -> Recall:
        """Give this checkout's view of its repository's stores, as they are now."""
        store = self.store
        return Recall(self.indexer.checkout, store.catalog, store.vectors, store.encoder, store.stand_ins)

    def _answers(self, question: str) -> bool:
        """Whether anything recorded answers, of whatever kind and wherever."""
        return search(SearchRequest(question, limit=1), self.recall()).confident

    def relative(self, path: str) -> str:
        """Read a path as a person or an agent gives it, relative to the root or absolute.

        Raises:
            RepositoryError: It lies outside the checkout.
        """
        return relative_to_root(path, self.repository.root)

    def _from_root(self, text: str) -> str:
        return without_root(text, self.repository.root)

    def listen(self, listener: Callable[[Indexed], None]) -> Callable[[], None]:
        """Have something told of whatever gets indexed, from the indexer's thread.

        Returns:
            Ends it.
        """
        with self._listeners_lock:
            key = max(self._listeners, default=0) + 1
            self._listeners[key] = listener
        return lambda: self._unlisten(key)

    def _unlisten(self, key: int) -> None:
        with self._listeners_lock:
            self._listeners.pop(key, None)

    def _barrier(self) -> int:
        watcher = self._watcher
        if watcher is None or not watcher.barrier(BARRIER_S):
            # Nothing watches, or it cannot promise: look at every file's stat instead.
            return self.indexer.queue.submit(rescan=True, history=watcher is None)
        return self.indexer.queue.latest

    def _on_changes(self, changes: ChangeSet) -> None:
        self.indexer.queue.submit(changes.paths, rescan=changes.rescan, history=changes.head_moved)

    def _on_indexed(self, indexed: Indexed) -> None:
        self.store.wake()
        self.freshener.wake()
        with self._listeners_lock:
            listeners = list(self._listeners.values())
        for listener in listeners:
            listener(indexed)


def _kinds(names: list[KindName] | None) -> tuple[Kind, ...]:
    try:
        return tuple(Kind(name) for name in names or ())
    except ValueError as error:
        raise QueryError(f"{error}", f"kinds are {', '.join(Kind)}") from error


async def _until(true: Callable[[], bool], limit_s: float) -> bool:
    """Wait for something to hold; whether it does in the end."""
    deadline = time.monotonic() + limit_s
    while not true() and time.monotonic() < deadline:
        await asyncio.sleep(_LOOK_S)
    return true()


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 2)
