"""One agent's MCP session over a socket."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.server import MCPServer
from mcp.shared.message import SessionMessage
from mcp.types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError

from whykeeper.daemon.lines import MAX_LINE_BYTES, LineSplitter
from whykeeper.daemon.whole_text import parsed, whole_text

__all__ = ["MCPConnection"]

logger = logging.getLogger(__name__)

_READ_BYTES = 262_144
_ENDLESS_METHODS = frozenset({"subscriptions/listen"})


class MCPConnection:
    """Newline-delimited MCP on a pair of asyncio streams.

    Args:
        reader: What the client sends.
        writer: What it is sent.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._in_flight: set[str | int] = set()

    @property
    def in_flight(self) -> int:
        """Requests being worked on, without those that never end."""
        return len(self._in_flight)

    async def serve(self, server: MCPServer[Any]) -> None:
        """Serve until the client closes its side, which cancels what is in flight."""
        to_server, from_client = anyio.create_memory_object_stream[SessionMessage | Exception]()
        to_client, from_server = anyio.create_memory_object_stream[SessionMessage]()
        # The SDK has no public way to run an MCPServer on streams; its own in-memory client does this.
        lowlevel = server._lowlevel_server
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._read, to_server)
            tasks.start_soon(self._write, from_server, tasks.cancel_scope)
            await lowlevel.run(from_client, to_client, lowlevel.create_initialization_options())

    async def _read(self, to_server: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
        splitter, dropped = LineSplitter(), 0
        async with to_server:
            while data := await self._receive():
                for line in splitter.feed(data):
                    if line.strip():
                        await self._pass_on(line, to_server)
                if splitter.dropped > dropped:
                    dropped = splitter.dropped
                    await self._refuse(None, PARSE_ERROR, f"a message is over {MAX_LINE_BYTES} bytes")

    async def _receive(self) -> bytes:
        try:
            return await self._reader.read(_READ_BYTES)
        except ConnectionError:
            return b""

    async def _pass_on(
        self, line: bytes, to_server: MemoryObjectSendStream[SessionMessage | Exception]
    ) -> None:
        try:
            message = _message(line)
        except ValidationError:
            logger.debug("a malformed message of %d bytes", len(line))
            await self._refuse(*_objection(line))
            return
        self._note(message)
        await to_server.send(SessionMessage(message))

    def _note(self, message: JSONRPCMessage) -> None:
        if isinstance(message, JSONRPCRequest) and message.method not in _ENDLESS_METHODS:
            self._in_flight.add(message.id)
        elif isinstance(message, JSONRPCNotification) and message.method == "notifications/cancelled":
            self._in_flight.discard((message.params or {}).get("requestId", ""))

    async def _refuse(self, identifier: object, code: int, reason: str) -> None:
        answer = {"jsonrpc": "2.0", "id": identifier, "error": {"code": code, "message": reason}}
        self._writer.write(json.dumps(answer).encode() + b"\n")
        with suppress(ConnectionError):
            await self._writer.drain()

    async def _write(
        self, from_server: MemoryObjectReceiveStream[SessionMessage], session: anyio.CancelScope
    ) -> None:
        async with from_server:
            async for item in from_server:
                line = item.message.model_dump_json(by_alias=True, exclude_unset=True)
                self._writer.write(line.encode() + b"\n")
                if isinstance(item.message, JSONRPCResponse | JSONRPCError):
                    self._in_flight.discard(item.message.id if item.message.id is not None else "")
                try:
                    await self._writer.drain()
                except ConnectionError:
                    session.cancel()


def _message(line: bytes) -> JSONRPCMessage:
    """Read a line; a string with half a surrogate pair in it costs the request nothing but that.

    Raises:
        ValidationError: It is no message.
    """
    try:
        return jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValidationError as error:
        try:
            given = parsed(line)
            whole = whole_text(given)
        except ValueError:
            raise error from None
        # An id that is not whole cannot be given back by the SDK.
        if not isinstance(given, dict) or whole == given or whole.get("id") != given.get("id"):
            raise
        return jsonrpc_message_adapter.validate_python(whole, by_name=False)


def _objection(line: bytes) -> tuple[object, int, str]:
    """Return the id, code and message of the answer to a line that is no message."""
    try:
        message = parsed(line)
    except ValueError:
        return None, PARSE_ERROR, "Parse error: the line is not JSON"
    identifier = message.get("id") if isinstance(message, dict) else None
    if not isinstance(identifier, str | int):
        identifier = None
    return identifier, INVALID_REQUEST, "Invalid request: the line is not a JSON-RPC 2.0 message"
