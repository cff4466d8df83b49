"""One request of the command line over a socket."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel, Field

from whykeeper.daemon.protocols import Progress
from whykeeper.daemon.whole_text import parsed, whole_text
from whykeeper_indexers.errors import DaemonStoppedError, InternalError, WhykeeperError

__all__ = ["Answer", "serve_control"]

logger = logging.getLogger(__name__)

_MAX_REQUEST_BYTES = 16 * 1024 * 1024

Answer = Callable[[str, dict[str, Any], Progress], Awaitable[dict[str, Any]]]


class _ClientLeftError(Exception):
    """Nobody reads the progress any more."""


class _Request(BaseModel):
    id: int
    verb: str
    params: dict[str, Any] = Field(default_factory=dict)


async def serve_control(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    answer: Answer,
    log_path: str,
    stopped: Callable[[], bool],
) -> None:
    """Read one request, answer it, and stop working on it when its client goes away.

    Cancelled because the daemon was told to stop, it says so before the connection is closed. A client
    that hears nothing knows that this daemon died or made way for another, and may look for that one.

    Args:
        reader: What the client sends.
        writer: What it is sent.
        answer: Does a verb with its parameters.
        log_path: Named in the answer when a failure is ours.
        stopped: Whether the daemon ends because it was told to, and not to make way for another.
    """
    line = await _read_request(reader)
    if line is None:
        return
    try:
        request = _Request.model_validate(whole_text(parsed(line)))
    except ValueError:
        await _send(writer, {"id": 0, "error": {"code": 2, "message": "not a control request", "hint": ""}})
        return

    async def progress(report: dict[str, Any]) -> None:
        try:
            await _send(writer, {"id": request.id, "progress": report})
        except ConnectionError as error:
            raise _ClientLeftError from error

    work = asyncio.ensure_future(answer(request.verb, request.params, progress))
    gone = asyncio.ensure_future(reader.read(1))
    try:
        try:
            await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            if stopped():
                # Closing the connection sends it; a daemon that goes waits for no client to read.
                writer.write(
                    _line({"id": request.id, **_error(DaemonStoppedError.during(request.verb), log_path)})
                )
            raise
        if not work.done() or _was_left(work):
            logger.info("the client of %s went away before it was done", request.verb)
        else:
            await _send(writer, {"id": request.id, **_outcome(work, request.verb, log_path)})
    finally:
        await _cancel(work, gone)


async def _read_request(reader: asyncio.StreamReader) -> bytes | None:
    pieces, size = [], 0
    while data := await reader.read(65_536):
        pieces.append(data)
        size += len(data)
        if data.endswith(b"\n"):
            return b"".join(pieces)
        if size > _MAX_REQUEST_BYTES:
            break
    return None


def _was_left(work: asyncio.Future[dict[str, Any]]) -> bool:
    return not work.cancelled() and isinstance(work.exception(), _ClientLeftError)


def _outcome(work: asyncio.Future[dict[str, Any]], verb: str, log_path: str) -> dict[str, Any]:
    error = asyncio.CancelledError() if work.cancelled() else work.exception()
    if error is None:
        return {"result": work.result()}
    said = f"{verb} failed: {type(error).__name__}: {error}"
    told = error if isinstance(error, WhykeeperError) else InternalError(said)
    if told.exit_code == InternalError.exit_code:
        logger.error("%s failed", verb, exc_info=error)
    return _error(told, log_path)


def _error(error: WhykeeperError, log_path: str) -> dict[str, Any]:
    return {
        "error": {
            "type": type(error).__name__,
            "code": error.exit_code,
            "message": error.message,
            "hint": error.hint,
            "log": log_path,
        }
    }


async def _send(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    writer.write(_line(message))
    await writer.drain()


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, default=str).encode() + b"\n"


async def _cancel(*tasks: asyncio.Future[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
