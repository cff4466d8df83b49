"""Composition: which parts make up the daemon's memory. Nothing else chooses an implementation."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from whykeeper.checkouts import Checkouts, rules_folder
from whykeeper.tools import create_server
from whykeeper_indexers.errors import QueryError, RepositoryError, WhykeeperError
from whykeeper_indexers.secrets import use_rule_cache

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from whykeeper.config import Config
    from whykeeper.daemon.protocols import Progress, Session
    from whykeeper.locations import Locations
    from whykeeper.memory import Memory
    from whykeeper_indexers.encoder.by_kind import KindEncoder

__all__ = ["MemoryHost", "Pace", "create_host"]

_log = logging.getLogger(__name__)

THREADS = 32
"""Questions of several sessions may wait, each in a thread, for files that are being indexed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the host looks around, and how long it keeps what nobody uses; in seconds.

    Attributes:
        look_s: Between two looks.
        linger_s: A checkout stays open after its last client has gone: the next one often follows.
        parsers_s: Parsers stay after the last file.
        vectors_s: Vectors stay in memory after the last question.
        upkeep_s: Between two rounds of letting go what nobody needs any more.
    """

    look_s: float = 15.0
    linger_s: float = 300.0
    parsers_s: float = 120.0
    vectors_s: float = 300.0
    upkeep_s: float = 3600.0


def create_host(locations: Locations) -> MemoryHost:
    """Make the daemon's host. Instant: stores and models wait for the first session."""
    # The parsers compile the rules; whoever reads a file by its path has this process load them.
    use_rule_cache(rules_folder(locations.data_dir))
    return MemoryHost(locations)


class MemoryHost:
    """All checkouts of one user, behind the daemon's socket.

    Args:
        locations: The user's folders.
        make_encoder: Makes the encoder of a configuration's model; whykeeper's own by default.
        pace: How often it looks around.
    """

    def __init__(
        self,
        locations: Locations,
        *,
        make_encoder: Callable[[Config], KindEncoder] | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._locations = locations
        self._pace = pace or Pace()
        self._checkouts = Checkouts(locations.data_dir, make_encoder or self._encoder)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._keeper: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._used_at = time.monotonic()
        self._kept_up_at = time.monotonic()

    def mcp_server(self, session: Session) -> MCPServer[Any]:
        """Give the server for an agent's session."""
        return create_server(lambda: self.memory(session))

    def session_opened(self, session: Session) -> None:
        """Begin to open the session's checkout, so that the first question needn't wait."""
        loop = asyncio.get_running_loop()
        if self._keeper is None:
            loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="work"))
            self._keeper = loop.create_task(self._housekeeping())
        self._checkouts.enter(session)
        if session.role == "mcp" and session.checkout is not None:
            task = loop.create_task(self._prepare(session))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def session_closed(self, session: Session) -> None:
        """Let go of the session's checkout; it stays open for a while."""
        self._checkouts.leave(session)

    def busy(self) -> bool:
        """Whether indexing or encoding is under way."""
        return any(opened.memory.busy for opened in self._checkouts)

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
        tasks = [*self._tasks, *(each for each in (self._keeper, self._reading) if each)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._checkouts.aclose()

    def describe(self) -> list[dict[str, Any]]:
        """List the open checkouts, for ``daemon status``."""
        return [
            {
                "root": str(opened.memory.repository.root),
                "sessions": self._checkouts.sessions(opened),
                "busy": opened.memory.busy,
            }
            for opened in self._checkouts
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
        return await self._checkouts.memory(session, session.checkout)

    def _encoder(self, config: Config) -> KindEncoder:
        from whykeeper.wiring import make_encoder

        return make_encoder(config, self._locations)

    async def _prepare(self, session: Session) -> None:
        try:
            memory = await self.memory(session)
        except Exception as error:  # noqa: BLE001 - each tool call meets it again and reports it
            _log.info("cannot open %s yet: %s", session.checkout, error)
            return
        if memory.indexer.complete:
            memory.store.encoder.warm()

    async def _housekeeping(self) -> None:
        while True:
            await asyncio.sleep(self._pace.look_s)
            jobs = (self._checkouts.mend, self._close_left, self._read_ahead, self._release, self._keep_up)
            for job in jobs:
                try:
                    await job()
                except Exception:  # noqa: BLE001 - tried again at the next round
                    _log.exception("housekeeping failed")

    async def _read_ahead(self) -> None:
        """Read what verifications need, once a checkout is indexed and after its commits have changed."""
        if self._reading is not None and not self._reading.done():
            return
        for opened in self._checkouts:
            memory = opened.memory
            if not memory.repository.is_git or not memory.indexer.complete or memory.indexer.busy:
                continue
            head = await asyncio.to_thread(memory.store.catalog.head, memory.indexer.checkout)
            if head is not None and opened.read_at != head:
                opened.read_at = head
                self._reading = asyncio.get_running_loop().create_task(_read_quietly(memory))
                return

    async def _close_left(self) -> None:
        await self._checkouts.close_left(self._pace.linger_s)

    async def _release(self) -> None:
        """Give memory back that nothing has needed for a while."""
        if self.busy():
            return
        idle_s = time.monotonic() - self._used_at
        settings = [opened.memory.loaded.config.daemon for opened in self._checkouts]
        for encoder in self._checkouts.encoders:
            longest_s = min((each.encoder_idle_timeout_s for each in settings), default=0.0)
            await asyncio.to_thread(encoder.release_if_idle, longest_s)
        if self._checkouts.pool is not None:
            await asyncio.to_thread(self._checkouts.pool.release, self._pace.parsers_s)
        await asyncio.to_thread(self._checkouts.verifying.release, self._pace.parsers_s)
        if idle_s > self._pace.vectors_s:
            for store in self._checkouts.stores:
                await asyncio.to_thread(store.release)

    async def _keep_up(self) -> None:
        """Let go of what is derived and needed by nobody any more."""
        now = time.monotonic()
        in_use = self.busy() or now - self._used_at < self._pace.look_s
        if in_use or now - self._kept_up_at < self._pace.upkeep_s:
            return
        self._kept_up_at = now
        for store in self._checkouts.stores:
            served = {
                opened.memory.indexer.checkout for opened in self._checkouts if opened.memory.store is store
            }
            await asyncio.to_thread(store.tidy, served)


async def _read_quietly(memory: Memory) -> None:
    """Read ahead; what goes wrong is met again, and told, by whoever asks for a verification."""
    from whykeeper.verification.use_case import read_ahead

    try:
        await asyncio.to_thread(read_ahead, memory)
    except WhykeeperError as error:
        _log.info("what verifications of %s need could not be read yet: %s", memory.repository.root, error)
