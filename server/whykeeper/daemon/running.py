"""Starts the daemon in this process: lock, socket, and only then the heavy imports."""

from __future__ import annotations

import argparse
import asyncio
import faulthandler
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from whykeeper.daemon.ownership import lock_of, owned_elsewhere, owner, write_owner
from whykeeper.locations import Locations, locations
from whykeeper_indexers.errors import StorageError, WhykeeperError

if TYPE_CHECKING:
    from whykeeper.daemon.listening import Listening
    from whykeeper.daemon.oslock import OsLock
    from whykeeper.daemon.protocols import HostFactory
    from whykeeper.daemon.server import Daemon

__all__ = ["import_daemon", "main", "product_host", "take_lock"]

_LOCK_POLL_S = 0.01


def main(argv: Sequence[str], host_factory: HostFactory | None = None) -> int:
    """Run the daemon until it is told to stop or nobody needs it.

    Args:
        argv: Where its folders are, and how long it stays when idle.
        host_factory: Makes what is behind the sockets; whykeeper's own by default.

    Returns:
        The process's exit code.
    """
    try:
        options = _parser().parse_args(argv)
        places = Locations(options.data_dir, options.runtime_dir, options.config_dir, options.log_dir)
        _forget_client()
        faulthandler.enable()
        lock = take_lock(places, options.lock_timeout)
        # So that it keeps no client's folder, or the disk it is on, from being removed.
        os.chdir(places.data_dir)
        try:
            return _run(places, options.idle_timeout, host_factory)
        finally:
            lock.release()
    except WhykeeperError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def take_lock(
    places: Locations, timeout_s: float, what: str = "daemon", checkout: str | None = None
) -> OsLock:
    """Take the lock that makes this process the owner of the data folder.

    Args:
        places: The folders.
        timeout_s: How long to wait for another owner to go.
        what: What this process is, for the message to the one that comes second.
        checkout: The one checkout that this process serves.

    Raises:
        LockedError: Another process is the owner.
        StorageError: The data folder cannot be written to.
    """
    lock = lock_of(str(places.data_dir))
    deadline = time.monotonic() + timeout_s
    try:
        places.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        while not lock.acquire():
            # One that serves alone goes when its client does, which may be hours.
            found = owner(lock)
            if time.monotonic() >= deadline or (found and found.is_alone):
                raise owned_elsewhere(str(places.data_dir))
            time.sleep(_LOCK_POLL_S)
        write_owner(lock, what, checkout)
    except OSError as error:
        raise StorageError(f"cannot write to {places.data_dir}: {error.strerror}") from error
    return lock


def import_daemon() -> type[Daemon]:
    """Import the SDK and all that answers a handshake, as fast as can be.

    Building its thousands of classes sets the collector off again and again, to find nothing:
    without it the import takes a sixth less time.
    """
    gc.disable()
    try:
        from whykeeper.daemon.server import Daemon
    finally:
        gc.freeze()
        gc.enable()
    return Daemon


def product_host() -> HostFactory:
    """Import whykeeper's own host, after the SDK."""
    from whykeeper.host import create_host

    return create_host


def _run(places: Locations, idle_timeout_s: float | None, host_factory: HostFactory | None) -> int:
    from whykeeper.daemon.listening import Listening

    try:
        listening = Listening(places)
    except OSError as error:
        raise StorageError(f"cannot listen in {places.runtime_dir}: {error.strerror}") from error
    try:
        daemon_class = import_daemon()
        make_host = host_factory or product_host()
        daemon = partial(daemon_class, places, make_host, listening.token, idle_timeout_s)
        asyncio.run(_serve(daemon, listening, places))
    finally:
        listening.stop(for_good=False)
    return 0


async def _serve(make_daemon: Callable[[], Daemon], listening: Listening, places: Locations) -> None:
    from whykeeper.daemon.logs import configure_logging

    configure_logging(places.log_dir)
    daemon = make_daemon()
    _on_signals(daemon)
    await daemon.serve(listening)


def _on_signals(daemon: Daemon) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(daemon.stop))
        else:
            loop.add_signal_handler(number, daemon.stop)


def _forget_client() -> None:
    """Drop what whoever started this process had in its environment: clients send their own."""
    for name in list(os.environ):
        if name.startswith("WHYKEEPER_") or name == "CLAUDE_PROJECT_DIR":
            del os.environ[name]


def _parser() -> argparse.ArgumentParser:
    defaults = locations(os.environ)
    parser = argparse.ArgumentParser(prog="python -m whykeeper.daemon", allow_abbrev=False)
    for name in ("data_dir", "runtime_dir", "config_dir", "log_dir"):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=_absolute, default=getattr(defaults, name))
    parser.add_argument("--idle-timeout", type=float, default=None, metavar="SECONDS")
    parser.add_argument("--lock-timeout", type=float, default=0.0, metavar="SECONDS")
    return parser


def _absolute(path: str) -> Path:
    return Path(path).absolute()
