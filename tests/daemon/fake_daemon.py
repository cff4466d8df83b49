"""The daemon with a host of few words behind its real sockets. Run as a script by the tests."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import whykeeper
from whykeeper.daemon.protocols import Progress, Session
from whykeeper.locations import Locations
from whykeeper_indexers.errors import NotFoundError


class FakeHost:
    """Answers at once, slowly, loudly or not at all, and writes down what it saw."""

    def __init__(self, places: Locations) -> None:
        self.diary = places.data_dir / "diary"
        self.note("made")

    def note(self, line: str) -> None:
        with self.diary.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def mcp_server(self, session: Session) -> Any:
        if "WHYKEEPER_UNBEARABLE" in session.env:
            raise RuntimeError("not this client")
        from mcp.server.mcpserver import Context, MCPServer

        server = MCPServer("fake", version=whykeeper.__version__)

        @server.tool()
        def whereami() -> dict[str, Any]:
            return {
                "checkout": str(session.checkout),
                "checkout_error": session.checkout_error,
                "env": dict(session.env),
                "config_dir": str(session.config_dir),
                "daemon_env": dict(os.environ),
                "daemon_cwd": str(Path.cwd()),
                "daemon_pid": os.getpid(),
            }

        @server.tool()
        def echo(text: str) -> str:
            # As a library might, past Python's own streams too.
            os.write(1, b"printed by a tool\n")
            return text

        @server.tool()
        async def hang() -> str:
            self.note("hanging")
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                self.note("cancelled")
                raise
            return "too late"

        @server.tool()
        async def wait_for(path: str) -> str:
            self.note("waiting")
            while not Path(path).exists():
                await asyncio.sleep(0.01)
            return "seen"

        @server.tool()
        async def search_memory(query: str) -> str:
            """As whykeeper's own, a tool that only reads: it waits for a path to be there."""
            self.note("searching")
            if query == "poison":
                os.kill(os.getpid(), signal.SIGKILL)
            while not Path(query).exists():
                await asyncio.sleep(0.01)
            return query

        @server.tool()
        async def announce(ctx: Context) -> str:
            await ctx.notify_tools_changed()
            return "announced"

        return server

    async def control(
        self, session: Session, verb: str, params: dict[str, Any], progress: Progress
    ) -> dict[str, Any]:
        if verb == "count":
            for number in range(params["to"]):
                await progress({"n": number})
            return {"counted": params["to"], "checkout": str(session.checkout)}
        if verb == "echo":
            return params
        if verb == "hang":
            await progress({"hanging": True})
            try:
                await asyncio.sleep(60)
            finally:
                self.note("control cancelled")
        if verb == "missing":
            raise NotFoundError("no such item: 7", "ask for another")
        raise RuntimeError("the fake host knows no such verb")

    def session_opened(self, session: Session) -> None:
        self.note(f"opened {session.role}")

    def session_closed(self, session: Session) -> None:
        self.note(f"closed {session.role}")

    def busy(self) -> bool:
        return (self.diary.parent / "busy").exists()

    async def aclose(self) -> None:
        self.note("closed")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--as-version"]:
        whykeeper.__version__ = arguments[1]
        arguments = arguments[2:]
    from whykeeper.daemon.running import main

    sys.exit(main(arguments, FakeHost))
