"""Composition: which parts make up the daemon's memory. Nothing else chooses an implementation."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whykeeper.tools import create_server
from whykeeper_indexers.errors import QueryError, RepositoryError

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from whykeeper.config import LoadedConfig
    from whykeeper.daemon.protocols import Progress, Session
    from whykeeper.locations import Locations
    from whykeeper.memory import Memory
    from whykeeper_indexers.encoder.by_kind import KindEncoder
    from whykeeper_indexers.index.parse_pool import ParsePool
    from whykeeper_indexers.index.store import RepositoryStore

__all__ = ["MemoryHost", "create_host"]

_log = logging.getLogger(__name__)

PARSERS = 2
HOUSEKEEPING_S = 15.0
PARSER_IDLE_S = 120.0
LINGER_S = 300.0
"""How long a checkout stays open after its last client has gone: the next one often follows."""


@dataclass(slots=True)
class _Open:
    """A checkout that is served."""

    memory: Memory
    sessions: set[int] = field(default_factory=set)
    left_at: float = field(default_factory=time.monotonic)


def create_host(locations: Locations) -> MemoryHost:
    """Make the daemon's host. Instant: stores and models wait for the first session."""
    return MemoryHost(locations)


class MemoryHost:
    """All checkouts of one user, behind the daemon's socket.

    Args:
        locations: The user's folders.
    """

    def __init__(self, locations: Locations) -> None:
        self._locations = locations
        self._open: dict[Path, _Open] = {}
        self._opening: dict[Path, asyncio.Lock] = {}
        self._stores: dict[str, RepositoryStore] = {}
        self._encoders: dict[str, KindEncoder] = {}
        self._pool: ParsePool | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._keeper: asyncio.Task[None] | None = None
        self._used_at = time.monotonic()

    def mcp_server(self, session: Session) -> MCPServer[Any]:
        """Give the server for an agent's session."""
        return create_server(lambda: self.memory(session))

    def session_opened(self, session: Session) -> None:
        """Begin to open the session's checkout, so that the first question needn't wait."""
        if self._keeper is None:
            self._keeper = asyncio.get_running_loop().create_task(self._housekeeping())
        if session.role == "mcp" and session.checkout is not None:
            task = asyncio.get_running_loop().create_task(self._prepare(session))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def session_closed(self, session: Session) -> None:
        """Let go of the session's checkout; it stays open for a while."""
        for opened in self._open.values():
            if id(session) in opened.sessions:
                opened.sessions.discard(id(session))
                opened.left_at = time.monotonic()

    def busy(self) -> bool:
        """Whether indexing or encoding is under way."""
        return any(opened.memory.busy for opened in self._open.values())

    async def control(
        self, session: Session, verb: str, params: dict[str, Any], progress: Progress
    ) -> dict[str, Any]:
        """Do one verb of the command line.

        Raises:
            QueryError: There is no such verb.
        """
        from whykeeper.control_verbs import VERBS

        if verb not in VERBS:
            raise QueryError(
                f"the daemon knows no verb {verb!r}", "the command line and the daemon differ in version"
            )
        return await VERBS[verb](await self.memory(session), params, progress)

    async def aclose(self) -> None:
        """Stop everything and close the stores."""
        for task in (*self._tasks, *([self._keeper] if self._keeper else [])):
            task.cancel()
        await asyncio.gather(*(asyncio.to_thread(opened.memory.close) for opened in self._open.values()))
        await asyncio.gather(*(asyncio.to_thread(store.close) for store in self._stores.values()))
        for encoder in self._encoders.values():
            await asyncio.to_thread(encoder.close)
        if self._pool is not None:
            await asyncio.to_thread(self._pool.close)

    def describe(self) -> list[dict[str, Any]]:
        """List the open checkouts, for ``daemon status``."""
        return [
            {"root": str(root), "sessions": len(opened.sessions), "busy": opened.memory.busy}
            for root, opened in self._open.items()
        ]

    async def memory(self, session: Session) -> Memory:
        """Give the memory of a session's checkout, opening it when it is not.

        Raises:
            RepositoryError: There is no checkout, or it cannot be read.
            ConfigurationError: A setting is wrong.
        """
        self._used_at = time.monotonic()
        if session.checkout is None:
            raise RepositoryError(
                session.checkout_error or "no repository was found",
                "start the client inside a repository, or register `whykeeper serve --repo PATH`",
            )
        lock = self._opening.setdefault(session.checkout, asyncio.Lock())
        async with lock:
            opened = await self._opened(session, session.checkout)
        opened.sessions.add(id(session))
        return opened.memory

    async def _opened(self, session: Session, checkout: Path) -> _Open:
        from whykeeper.config import load_config
        from whykeeper_indexers.scan import open_repository

        repository = await asyncio.to_thread(open_repository, checkout)
        loaded = await asyncio.to_thread(load_config, repository.root, session.config_dir, session.env)
        opened = self._open.get(repository.root)
        if (
            opened is not None
            and opened.memory.loaded.config != loaded.config
            and not opened.sessions - {id(session)}
        ):
            await asyncio.to_thread(opened.memory.close)
            del self._open[repository.root]
            opened = None
        if opened is None:
            opened = self._open[repository.root] = _Open(
                await asyncio.to_thread(self._start, repository, loaded)
            )
        return opened

    def _start(self, repository: Any, loaded: LoadedConfig) -> Memory:
        from whykeeper.memory import Memory
        from whykeeper_indexers.index.parse_pool import ParsePool

        if self._pool is None:
            self._pool = ParsePool(PARSERS, self._locations.data_dir / "rules")
        store = self._store(repository.identity, repository.root.name, loaded)
        memory = Memory(repository, loaded, store, self._pool)
        memory.start()
        return memory

    def _store(self, identity: str, name: str, loaded: LoadedConfig) -> RepositoryStore:
        from whykeeper.wiring import vector_settings
        from whykeeper_indexers.index.store import RepositoryStore

        if identity not in self._stores:
            folder = repository_folder(self._locations.data_dir, identity, name)
            store = RepositoryStore(folder, self._encoder(loaded), vector_settings(loaded.config))
            store.start()
            self._stores[identity] = store
        return self._stores[identity]

    def _encoder(self, loaded: LoadedConfig) -> KindEncoder:
        from whykeeper.wiring import make_encoder

        settings = loaded.config.model.model_dump_json()
        if settings not in self._encoders:
            self._encoders[settings] = make_encoder(loaded.config, self._locations)
        return self._encoders[settings]

    async def _prepare(self, session: Session) -> None:
        try:
            memory = await self.memory(session)
        except Exception as error:  # noqa: BLE001 - each tool call meets it again and reports it
            _log.info("cannot open %s yet: %s", session.checkout, error)
            return
        memory.store.encoder.warm()

    async def _housekeeping(self) -> None:
        while True:
            await asyncio.sleep(HOUSEKEEPING_S)
            try:
                await self._tidy()
            except Exception:  # noqa: BLE001 - tried again at the next round
                _log.exception("housekeeping failed")

    async def _tidy(self) -> None:
        idle = time.monotonic() - self._used_at
        if self.busy():
            return
        idle_s = min(
            (o.memory.loaded.config.daemon.encoder_idle_timeout_s for o in self._open.values()), default=0
        )
        for encoder in self._encoders.values():
            await asyncio.to_thread(encoder.release_if_idle, idle_s)
        if self._pool is not None:
            self._pool.release(PARSER_IDLE_S)
        for root, opened in list(self._open.items()):
            if not opened.sessions and time.monotonic() - opened.left_at > LINGER_S and idle > LINGER_S:
                del self._open[root]
                await asyncio.to_thread(opened.memory.close)


def repository_folder(data_dir: Path, identity: str, name: str) -> Path:
    """Name the folder that holds what is derived from one repository."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:40] or "repository"
    return data_dir / "repositories" / f"{readable}-{identity[:12]}"
