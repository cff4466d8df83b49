"""The command line's way to the daemon."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from whykeeper.daemon.address import read_address
from whykeeper.daemon.lines import LineSplitter
from whykeeper.daemon.oslock import OsLock
from whykeeper.daemon.starting import Link, Starter, attach, hello, try_attach
from whykeeper.platform_folders import Folders
from whykeeper_indexers import errors
from whykeeper_indexers.errors import (
    DaemonError,
    DaemonLostError,
    DaemonStoppedError,
    InternalError,
    UserError,
    WhykeeperError,
)

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["call", "daemon_running", "ensure_daemon"]

_STATUS, _STOP = "daemon_status", "daemon_stop"
_STOP_LIMIT_S = 25.0


def call(
    checkout: Path | None,
    verb: str,
    params: dict[str, Any],
    on_progress: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Ask the daemon for one verb and return its result.

    Starts the daemon when there is none, except for ``daemon_status`` and ``daemon_stop``. The
    latter returns when the daemon has gone. A ``KeyboardInterrupt`` closes the connection, which
    cancels the work.

    Args:
        checkout: Root of the checkout the verb is about.
        verb: What to do; see the daemon's control verbs.
        params: Its parameters, as JSON values.
        on_progress: Called with each progress report.

    Raises:
        DaemonStoppedError: Somebody stopped the daemon meanwhile.
        DaemonLostError: It died meanwhile, or made way for another: asking again finds the next.
        WhykeeperError: The subclass that the daemon raised, or DaemonError when it cannot be reached.
    """
    folders = Folders.of(os.environ)
    about_it = verb in (_STATUS, _STOP)
    root = str(checkout) if checkout else None
    opening = hello("control", root, None, os.environ, takes_over=not about_it)
    if about_it:
        link = try_attach(folders, opening)
        if link is None:
            raise UserError("no whykeeper daemon is running", "any other command starts one")
    else:
        link = attach(Starter(folders), opening, os.environ)
    try:
        result = _converse(link, verb, params, on_progress)
    finally:
        link.socket.close()
    if result is None:
        raise _gone(folders, verb)
    if verb == _STOP:
        _await_end(folders)
    return result


def daemon_running() -> bool:
    """Tell whether a daemon answers for this user's data folder."""
    opening = hello("control", None, None, os.environ, takes_over=False)
    link = try_attach(Folders.of(os.environ), opening)
    if link is not None:
        link.socket.close()
    return link is not None


def ensure_daemon() -> None:
    """Start the daemon unless one answers already.

    Raises:
        DaemonError: It could not be started; the hint names the log.
    """
    opening = hello("control", None, None, os.environ)
    attach(Starter(Folders.of(os.environ)), opening, os.environ).socket.close()


def _converse(
    link: Link, verb: str, params: dict[str, Any], on_progress: Callable[[dict[str, Any]], None] | None
) -> dict[str, Any] | None:
    """Return the verb's result; None when the daemon closed the connection without a word."""
    # Where the daemon has gone already, reading tells, and maybe why.
    with suppress(OSError):
        link.socket.sendall(json.dumps({"id": 1, "verb": verb, "params": params}).encode() + b"\n")
    for answer in _answers(link):
        if "progress" in answer:
            if on_progress is not None:
                on_progress(answer["progress"])
        elif "error" in answer:
            raise _raised(answer["error"])
        else:
            result: dict[str, Any] = answer["result"]
            return result
    return None


def _gone(folders: Folders, verb: str) -> WhykeeperError:
    """Tell a daemon that was stopped, and withdrew its address, from one that died or made way."""
    if read_address(folders.data_dir) is None:
        return DaemonStoppedError.during(verb)
    return DaemonLostError(
        f"the daemon went away during {verb}", "try again; `whykeeper daemon logs` shows why"
    )


def _answers(link: Link) -> Iterator[dict[str, Any]]:
    splitter, data = LineSplitter(), link.received
    while True:
        yield from map(json.loads, splitter.feed(data))
        try:
            data = link.socket.recv(65_536)
        except OSError:
            return
        if not data:
            return


def _raised(error: dict[str, Any]) -> WhykeeperError:
    """Return the error the daemon raised, as what it was."""
    internal = error.get("code") == InternalError.exit_code
    kind = getattr(errors, str(error.get("type")), None)
    if not (isinstance(kind, type) and issubclass(kind, WhykeeperError)):
        kind = InternalError if internal else UserError
    hint = str(error.get("hint", ""))
    if internal and error.get("log"):
        hint = f"{hint}; the log is {error['log']}" if hint else f"the log is {error['log']}"
    found: WhykeeperError = kind(str(error.get("message", "")), hint)
    return found


def _await_end(folders: Folders) -> None:
    lock = OsLock(os.path.join(folders.data_dir, "daemon.lock"))  # noqa: PTH118 -- as light as the pipe
    deadline = time.monotonic() + _STOP_LIMIT_S
    while not lock.acquire():
        if time.monotonic() > deadline:
            raise DaemonError("the daemon has not ended yet", "`whykeeper daemon status` shows what it does")
        time.sleep(0.02)
    lock.release()
