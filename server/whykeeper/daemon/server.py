"""The daemon: welcomes front-ends, and decides when to go."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

import whykeeper
from whykeeper.daemon.control_session import serve_control
from whykeeper.daemon.listening import Listening
from whykeeper.daemon.logs import log_path, set_level
from whykeeper.daemon.mcp_session import MCPConnection
from whykeeper.daemon.preamble import Preamble, is_newer
from whykeeper.daemon.protocols import Host, HostFactory, Progress, Session
from whykeeper.daemon.user_settings import DEFAULTS, user_settings
from whykeeper.locations import Locations
from whykeeper_indexers.errors import UserError

__all__ = ["Daemon"]

logger = logging.getLogger(__name__)

MAX_PREAMBLE_BYTES = 1_048_576
_PREAMBLE_LIMIT_S = 10.0
_LOOK_AROUND_S = 2.0
_LAST_REQUESTS_S = 5.0
"""How long a daemon that goes lets requests finish."""
_CLOSING_LIMIT_S = 15.0
_SUCCESSION_S = 0.1
"""Head start of the newer front-end, so that it starts the next daemon and no older one does."""


class Daemon:
    """Serves every front-end of one data folder.

    The caller holds the data folder's lock.

    Args:
        places: Its folders.
        host_factory: Makes what is behind the sockets.
        token: What a front-end must send to be let in.
        idle_timeout_s: How long it stays when nobody is connected and nothing is worked on; None
            leaves it to the user's settings.
    """

    def __init__(
        self, places: Locations, host_factory: HostFactory, token: str, idle_timeout_s: float | None = None
    ) -> None:
        self._places = places
        self._log = str(log_path(places.log_dir))
        self._token = token
        self._fixed_idle_timeout_s = idle_timeout_s
        self._settings = user_settings(places.config_dir, {}) or DEFAULTS
        self._host: Host = host_factory(places)
        self._connections: dict[Session, MCPConnection | None] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = asyncio.Event()
        self._replaced = False
        self._closing = False
        self._started_at = self._last_active = time.monotonic()
        self._own_verbs: dict[str, Callable[[], dict[str, Any]]] = {
            "daemon_status": self._status,
            "daemon_stop": self._stop_on_request,
        }

    async def serve(self, listening: Listening) -> None:
        """Serve the listening socket until told to stop, then close everything."""
        await listening.start(self.welcome)
        logger.info("whykeeper %s serves %s", whykeeper.__version__, self._places.data_dir)
        idle_watch = asyncio.create_task(self._look_around(listening))
        try:
            await self._stopping.wait()
        finally:
            idle_watch.cancel()
            listening.stop(for_good=not self._replaced)
            await self.aclose()
            logger.info("ended")

    async def adopt(self, connection: socket.socket) -> None:
        """Serve one socket that is connected already, until it ends."""
        await self.welcome(*await asyncio.open_connection(sock=connection, limit=MAX_PREAMBLE_BYTES))

    def stop(self) -> None:
        """Begin an orderly end."""
        self._stopping.set()

    async def aclose(self) -> None:
        """Let requests finish, end the sessions, close the host."""
        if self._replaced:
            await asyncio.sleep(_SUCCESSION_S)
        deadline = time.monotonic() + _LAST_REQUESTS_S
        self._closing = True
        while self._in_flight() and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await asyncio.wait_for(self._host.aclose(), _CLOSING_LIMIT_S)
        except Exception:
            logger.exception("closing failed")

    async def welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one front-end, whatever it does."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._receive(reader, writer)
        except asyncio.CancelledError:
            # Our own doing. asyncio would report a cancelled welcome as an error of its callback.
            if not self._closing:
                raise
            logger.info("a session was ended with the daemon")
        except (ConnectionError, TimeoutError):
            logger.debug("a front-end went away", exc_info=True)
        except Exception as error:
            # The SDK's streams break in one another's hands when all of them are cancelled.
            if self._closing:
                logger.info("a session was ended with the daemon (%s)", error)
            else:
                logger.exception("a session ended with an error")
        finally:
            self._tasks.discard(task)
            self._last_active = time.monotonic()
            writer.close()
            with suppress(OSError, *([asyncio.CancelledError] if self._closing else [])):
                await writer.wait_closed()

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        preamble = await self._read_preamble(reader)
        refusal = self._refusal(preamble)
        if preamble is None or refusal:
            await _send(writer, {"ok": False, "retry": False, "hint": "", **refusal})
            return
        session = preamble.session()
        try:
            serve = self._prepare(session, reader, writer)
        except Exception as error:
            logger.exception("a session could not be opened")
            await _send(writer, {"ok": False, "error": str(error), "hint": f"the log is {self._log}"})
            return
        await _send(writer, {"ok": True, "version": whykeeper.__version__, "pid": os.getpid()})
        logger.info("%s session of process %d in %s", session.role, session.client_pid, session.checkout)
        self._obey(session)
        try:
            self._host.session_opened(session)
            await serve()
        finally:
            self._connections.pop(session, None)
            self._host.session_closed(session)

    async def _read_preamble(self, reader: asyncio.StreamReader) -> Preamble | None:
        async with asyncio.timeout(_PREAMBLE_LIMIT_S):
            try:
                line = await reader.readline()
                if not line:
                    raise ConnectionAbortedError
                return Preamble.model_validate_json(line)
            except ValidationError as error:
                logger.warning("not a front-end of ours: %d faults in its first line", error.error_count())
            except ValueError:
                logger.warning("not a front-end of ours: its first line is too long")
        return None

    def _refusal(self, preamble: Preamble | None) -> dict[str, Any]:
        if preamble is None:
            return {"error": "not a whykeeper front-end", "hint": "update whykeeper, then restart the client"}
        if not hmac.compare_digest(preamble.token.encode(), self._token.encode()):
            # The front-end may have read the address of the daemon before this one.
            return {"error": "wrong token", "retry": True}
        if preamble.takes_over and is_newer(preamble.version, whykeeper.__version__):
            logger.info("handing over to version %s", preamble.version)
            self._replaced = True
            self.stop()
        return {"error": "on its way out", "retry": True} if self._stopping.is_set() else {}

    def _prepare(
        self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Callable[[], Awaitable[None]]:
        if session.role == "mcp":
            connection = MCPConnection(reader, writer)
            server = self._host.mcp_server(session)
            self._connections[session] = connection
            return lambda: connection.serve(server)

        async def answer(verb: str, params: dict[str, Any], progress: Progress) -> dict[str, Any]:
            if own := self._own_verbs.get(verb):
                return own()
            return await self._host.control(session, verb, params, progress)

        self._connections[session] = None
        return lambda: serve_control(reader, writer, answer, self._log, self._ends_for_good)

    def _ends_for_good(self) -> bool:
        return self._closing and not self._replaced

    def _obey(self, session: Session) -> None:
        """Take over what a session's user says of the daemon itself.

        Its repository has no say. A fault in these settings is told by the host, to each client.
        """
        self._settings = user_settings(session.config_dir, session.env) or self._settings
        set_level(self._settings.log_level)

    @property
    def _idle_timeout_s(self) -> float:
        return self._fixed_idle_timeout_s or self._settings.idle_timeout_s

    def _in_flight(self) -> int:
        return sum(connection.in_flight for connection in self._connections.values() if connection)

    async def _look_around(self, listening: Listening) -> None:
        """Leave when idle; listen anew when something swept the socket away."""
        while not self._stopping.is_set():
            await asyncio.sleep(min(_LOOK_AROUND_S, self._idle_timeout_s / 4))
            now = time.monotonic()
            if self._connections or self._tasks or self._host.busy():
                self._last_active = now
            elif now - self._last_active >= self._idle_timeout_s:
                logger.info("idle for %.0f s", now - self._last_active)
                self.stop()
            try:
                await listening.mend()
            except (OSError, UserError):
                logger.exception("the socket is gone and cannot be made again")
                self.stop()

    def _status(self) -> dict[str, Any]:
        sessions = [
            {
                "role": session.role,
                "checkout": str(session.checkout) if session.checkout else None,
                "client_pid": session.client_pid,
                "version": session.client_version,
                "in_flight": connection.in_flight if connection else 0,
            }
            for session, connection in self._connections.items()
        ]
        return {
            "pid": os.getpid(),
            "version": whykeeper.__version__,
            "uptime_s": round(time.monotonic() - self._started_at, 1),
            "rss_mb": _resident_mb(),
            "sessions": sessions,
            "checkouts": sorted({str(s["checkout"]) for s in sessions if s["checkout"]}),
            "log": self._log,
        }

    def _stop_on_request(self) -> dict[str, Any]:
        # After the answer has been written.
        asyncio.get_running_loop().call_later(0.05, self.stop)
        return {"stopping": True, "pid": os.getpid()}


async def _send(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    writer.write(json.dumps(message).encode() + b"\n")
    await writer.drain()


def _resident_mb() -> float | None:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 -- not worth a Path
            pages = int(file.read().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576, 1)
