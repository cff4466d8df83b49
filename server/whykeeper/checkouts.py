"""Which checkouts are open: shared by sessions, kept for a while, opened anew when they must be."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whykeeper.verification.process import VerifyingProcess
from whykeeper_indexers.errors import ConfigurationError, RepositoryError

if TYPE_CHECKING:
    from whykeeper.config import Config, LoadedConfig
    from whykeeper.daemon.protocols import Session
    from whykeeper.memory import Memory
    from whykeeper_indexers.encoder.by_kind import KindEncoder
    from whykeeper_indexers.index.parse_pool import ParsePool
    from whykeeper_indexers.index.store import RepositoryStore
    from whykeeper_indexers.scan import Repository

__all__ = ["Checkouts", "OpenCheckout", "repository_folder", "rules_folder"]

_log = logging.getLogger(__name__)

PARSERS = 2
BETWEEN_MENDS_S = 60.0
"""On a disk that fails, building a catalog anew again and again helps nobody."""
_OF_CHECKOUT = {"index", "model", "secrets", "vectors", "watch"}
_OF_REPOSITORY = {"model", "vectors"}
_OTHERS_NOTE = (
    "other sessions serve this {what} with other settings of {sections}; "
    "this session's apply once they have ended"
)


@dataclass(slots=True)
class OpenCheckout:
    """A checkout that is served.

    Attributes:
        memory: Answers for it.
        left_at: When its last session went.
        read_at: Commit at which what verifications need was read ahead; empty for none yet.
    """

    memory: Memory
    left_at: float = field(default_factory=time.monotonic)
    read_at: str = ""


@dataclass(slots=True)
class _Visit:
    """A session at a checkout.

    Attributes:
        memory: The checkout's, with the session's own way of answering.
        wanted: Its settings, as they were read last.
        stamp: Of the files these settings were read from.
    """

    session: Session
    memory: Memory
    wanted: LoadedConfig
    stamp: tuple[object, ...]

    @property
    def root(self) -> Path:
        return self.memory.repository.root

    def current(self) -> bool:
        """Whether nothing has happened that asks for another memory."""
        memory = self.memory
        return (
            not memory.closed
            and memory.store.damage is None
            and _stamp(self.root, self.session.config_dir) == self.stamp
        )


class Checkouts:
    """One memory for each checkout, one store for each repository, one encoder for each model.

    Methods are called on one event loop; what takes time happens in threads.

    Args:
        data_dir: Where what is derived is kept.
        make_encoder: Makes the encoder of a configuration's model.
    """

    def __init__(self, data_dir: Path, make_encoder: Callable[[Config], KindEncoder]) -> None:
        self._data_dir = data_dir
        self._make_encoder = make_encoder
        self._open: dict[Path, OpenCheckout] = {}
        self._visits: dict[Session, _Visit | None] = {}
        self._stores: dict[str, tuple[RepositoryStore, str]] = {}
        self._encoders: dict[str, KindEncoder] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._mended_at: defaultdict[str, float] = defaultdict(lambda: -BETWEEN_MENDS_S)
        self._making = threading.Lock()
        self._pool: ParsePool | None = None
        self.verifying = VerifyingProcess(rules_folder(data_dir))
        self._opening: set[asyncio.Task[Any]] = set()
        self._closed = False

    def __iter__(self) -> Iterator[OpenCheckout]:
        return iter(list(self._open.values()))

    def sessions(self, opened: OpenCheckout) -> int:
        """How many sessions have used an open checkout and not ended."""
        return len(self._visitors(opened.memory.repository.root))

    @property
    def stores(self) -> list[RepositoryStore]:
        """The open stores."""
        return [store for store, _ in self._stores.values()]

    @property
    def encoders(self) -> list[KindEncoder]:
        """The encoders in use; their models may be loaded or not."""
        return list(self._encoders.values())

    @property
    def pool(self) -> ParsePool | None:
        """The parsers; None before the first checkout."""
        return self._pool

    def enter(self, session: Session) -> None:
        """Count on a session."""
        self._visits.setdefault(session, None)

    def leave(self, session: Session) -> None:
        """Let go of the session's checkout; it stays open for a while."""
        visit = self._visits.pop(session, None)
        if visit is not None and (opened := self._open.get(visit.root)) is not None:
            opened.left_at = time.monotonic()

    async def memory(self, session: Session, checkout: Path) -> Memory:
        """Give the memory of a checkout, opening it when it is not.

        Raises:
            RepositoryError: It cannot be read.
            ConfigurationError: A setting is wrong.
            StorageError: The data folder cannot be written.
        """
        visit = self._visits.get(session)
        # In a thread: a disk that is asleep must not hold up other sessions.
        if visit is not None and await asyncio.to_thread(visit.current):
            return visit.memory
        if self._closed:
            raise RepositoryError("whykeeper is ending", "try again")
        opening = asyncio.get_running_loop().create_task(self._visit(session, checkout))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        # A call that is cancelled must not leave behind what it had half opened.
        return await asyncio.shield(opening)

    async def close_left(self, linger_s: float) -> None:
        """Close checkouts whose sessions have gone for so long, and the stores nobody uses."""
        for root, opened in list(self._open.items()):
            if self._visitors(root) or time.monotonic() - opened.left_at < linger_s or opened.memory.busy:
                continue
            async with self._locks[opened.memory.repository.identity]:
                if not self._visitors(root) and self._open.get(root) is opened:
                    await self._close(opened)
        for identity in list(self._stores):
            async with self._locks[identity]:
                if not self._opened_of(identity):
                    await self._close_store(identity)
        await self._close_unused_encoders()

    async def mend(self) -> None:
        """Open anew what stands on a damaged catalog."""
        for identity, (store, _) in list(self._stores.items()):
            if store.damage is not None:
                async with self._locks[identity]:
                    await self._replace_damaged(identity)

    async def aclose(self) -> None:
        """Close everything."""
        self._closed = True
        await asyncio.gather(*self._opening, return_exceptions=True)
        await _all_in_threads(opened.memory.close for opened in self)
        for store in self.stores:
            store.stop()
        # Before the stores: their threads may be waiting for an answer of these.
        await _all_in_threads(encoder.close for encoder in self.encoders)
        await _all_in_threads([self.verifying.close, *([self._pool.close] if self._pool else [])])
        await _all_in_threads(store.close for store in self.stores)
        self._open.clear()
        self._stores.clear()
        self._encoders.clear()

    async def _visit(self, session: Session, checkout: Path) -> Memory:
        from whykeeper.config import load_config
        from whykeeper_indexers.scan import open_repository

        repository = await asyncio.to_thread(open_repository, checkout)
        stamp = _stamp(repository.root, session.config_dir)
        loaded = await asyncio.to_thread(load_config, repository.root, session.config_dir, session.env)
        async with self._locks[repository.identity]:
            await self._replace_damaged(repository.identity)
            opened, note = await self._opened(repository, loaded, session)
        memory = opened.memory.seen_by(loaded, note)
        if session in self._visits:
            self._visits[session] = _Visit(session, memory, loaded, stamp)
        return memory

    async def _opened(
        self, repository: Repository, loaded: LoadedConfig, session: Session
    ) -> tuple[OpenCheckout, str | None]:
        """Find the open checkout, or open it; with a note when others' settings stand in the way."""
        opened = self._open.get(repository.root)
        if opened is not None and opened.memory.repository == repository:
            sections = _differing(opened.memory.loaded.config, loaded.config, _OF_CHECKOUT)
            if not sections:
                return opened, None
            if await self._wanted(self._visitors(repository.root, session), opened.memory.loaded, sections):
                return opened, _OTHERS_NOTE.format(what="checkout", sections=" and ".join(sections))
        if opened is not None:
            await self._close(opened)
        note = await self._give_way(repository.identity, loaded, session)
        opened = OpenCheckout(await asyncio.to_thread(self._start, repository, loaded))
        self._open[repository.root] = opened
        return opened, note

    async def _give_way(self, identity: str, loaded: LoadedConfig, session: Session) -> str | None:
        """Close the repository's store when its settings are not wanted any more, or say who wants them."""
        users = self._opened_of(identity)
        if identity not in self._stores or self._stores[identity][1] == _store_settings(loaded.config):
            return None
        for opened in users:
            visitors = self._visitors(opened.memory.repository.root, session)
            sections = _differing(opened.memory.loaded.config, loaded.config, _OF_REPOSITORY)
            if sections and await self._wanted(visitors, opened.memory.loaded, sections):
                return _OTHERS_NOTE.format(what="repository", sections=" and ".join(sections))
        for opened in users:
            await self._close(opened)
        await self._close_store(identity)
        return None

    async def _wanted(self, visits: Iterable[_Visit], loaded: LoadedConfig, sections: list[str]) -> bool:
        """Whether a session still wants these sections as they are."""
        from whykeeper.config import load_config

        for visit in visits:
            stamp = _stamp(visit.root, visit.session.config_dir)
            if stamp != visit.stamp:
                try:
                    visit.wanted = await asyncio.to_thread(
                        load_config, visit.root, visit.session.config_dir, visit.session.env
                    )
                except ConfigurationError:
                    continue
            if not _differing(visit.wanted.config, loaded.config, set(sections)):
                return True
        return False

    def _visitors(self, root: Path, apart_from: Session | None = None) -> list[_Visit]:
        return [
            visit
            for session, visit in self._visits.items()
            if visit is not None and visit.root == root and session is not apart_from
        ]

    def _opened_of(self, identity: str) -> list[OpenCheckout]:
        return [opened for opened in self if opened.memory.repository.identity == identity]

    def _start(self, repository: Repository, loaded: LoadedConfig, damage: str | None = None) -> Memory:
        from whykeeper.gaps.questions import QuestionStore
        from whykeeper.memory import Memory

        parsers = self._parsers()
        if loaded.config.secrets.enabled:
            # First of all: it takes seconds, once, and every file waits for it.
            parsers.compile_rules()
        questions = QuestionStore.of_repository(self._data_dir, repository)
        store = self._store(repository, loaded, damage)
        memory = Memory(repository, loaded, store, parsers, self.verifying, questions)
        memory.start()
        # Second: the first scan has the store wait.
        memory.store.start()
        return memory

    def _parsers(self) -> ParsePool:
        from whykeeper_indexers.index.parse_pool import ParsePool

        with self._making:
            if self._pool is None:
                self._pool = ParsePool(PARSERS, rules_folder(self._data_dir))
            return self._pool

    def _store(self, repository: Repository, loaded: LoadedConfig, damage: str | None) -> RepositoryStore:
        from whykeeper.watch.scratch import sweep_scratch
        from whykeeper.wiring import vector_settings
        from whykeeper_indexers.index.earlier import ModelChoice
        from whykeeper_indexers.index.store import RepositoryStore

        identity = repository.identity
        if identity not in self._stores:
            folder = repository_folder(self._data_dir, repository)
            # One daemon owns the data folder, and nobody watches for a store that is not open.
            sweep_scratch(folder)
            encoder = self._encoder(loaded.config)
            choice = ModelChoice(loaded.config.model.model_dump_json(), self._encoder_of)
            store = RepositoryStore(folder, encoder, vector_settings(loaded.config), choice, damage=damage)
            self._stores[identity] = store, _store_settings(loaded.config)
        return self._stores[identity][0]

    def _encoder_of(self, settings: str) -> KindEncoder | None:
        """Give the encoder of a model that was configured once, as ``ModelSection`` writes itself."""
        from pydantic import ValidationError

        from whykeeper.settings_model import Config, ModelSection

        try:
            return self._encoder(Config(model=ModelSection.model_validate_json(settings)))
        except ValidationError:
            return None

    def _encoder(self, config: Config) -> KindEncoder:
        settings = config.model.model_dump_json()
        with self._making:
            if settings not in self._encoders:
                self._encoders[settings] = self._make_encoder(config)
            return self._encoders[settings]

    async def _close(self, opened: OpenCheckout) -> None:
        self._open.pop(opened.memory.repository.root, None)
        await asyncio.to_thread(opened.memory.close)

    async def _close_store(self, identity: str) -> None:
        store, _ = self._stores.pop(identity)
        await asyncio.to_thread(store.close)

    async def _close_unused_encoders(self) -> None:
        for settings, encoder in list(self._encoders.items()):
            # Stores ask for those of earlier models from threads of their own.
            with self._making:
                used = self._opening or any(settings in store.models_in_use for store in self.stores)
                if not used:
                    del self._encoders[settings]
            if not used:
                await asyncio.to_thread(encoder.close)

    async def _replace_damaged(self, identity: str) -> None:
        """Open a repository's store anew, its damaged catalog put aside, and its checkouts with it."""
        store, _ = self._stores.get(identity, (None, ""))
        lately = time.monotonic() - self._mended_at[identity] < BETWEEN_MENDS_S
        if store is None or store.damage is None or lately:
            return
        self._mended_at[identity] = time.monotonic()
        users = self._opened_of(identity)
        for opened in users:
            await self._close(opened)
        await self._close_store(identity)
        for opened in users:
            repository, loaded = opened.memory.repository, opened.memory.loaded
            memory = await asyncio.to_thread(self._start, repository, loaded, store.damage.message)
            self._open[repository.root] = OpenCheckout(memory, opened.left_at)


def repository_folder(data_dir: Path, repository: Repository) -> Path:
    """Name the folder that holds what is derived from one repository, whichever worktree asks."""
    parent = data_dir / "repositories"
    identity = repository.identity[:12]
    there = sorted(parent.glob(f"*-{identity}"))
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", repository.root.name)[:40] or "repository"
    return there[0] if there else parent / f"{readable}-{identity}"


def rules_folder(data_dir: Path) -> Path:
    """Where the compiled rules of the secret scanner are."""
    return data_dir / "rules"


def _store_settings(config: Config) -> str:
    return config.model_dump_json(include=_OF_REPOSITORY)


def _differing(one: Config, other: Config, sections: set[str]) -> list[str]:
    return sorted(name for name in sections if getattr(one, name) != getattr(other, name))


def _stamp(root: Path, config_dir: Path) -> tuple[object, ...]:
    """What changes when the settings' files do, or when the folder becomes another repository."""
    from whykeeper.settings_loading import REPOSITORY_FILE, USER_FILE

    files = (root / REPOSITORY_FILE, root / "pyproject.toml", config_dir / USER_FILE)
    return (*map(_written, files), (root / ".git").exists(), root.is_dir())


def _written(file: Path) -> tuple[int, int, int] | None:
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino


async def _all_in_threads(jobs: Iterable[Callable[[], object]]) -> None:
    """Do all of them, whatever becomes of each."""
    for outcome in await asyncio.gather(*map(asyncio.to_thread, jobs), return_exceptions=True):
        if isinstance(outcome, BaseException):
            _log.error("closing failed", exc_info=outcome)
