"""``whykeeper serve``: carries an agent's MCP messages to the daemon and back.

Standard library only, and little of it: five of these may run at once for every checkout, and an
agent waits for each to start.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from socket import SHUT_WR

from whykeeper.checkout import client_checkout, working_directory
from whykeeper.conversation import PARSE_ERROR, Conversation, error_line, parse
from whykeeper.daemon.address import read_address
from whykeeper.daemon.library_settings import start_again_with_settings
from whykeeper.daemon.lines import MAX_LINE_BYTES, LineSplitter
from whykeeper.daemon.starting import Link, Starter, attach, hello
from whykeeper.platform_folders import Folders
from whykeeper_indexers.errors import WhykeeperError

__all__ = ["Pipe", "main", "serve"]

_READ_BYTES = 65_536
_RETRY_FAILED_S = 1.0
"""How long a failure to start the daemon is repeated to the client before it is tried again."""
_LONGEST_PAUSE_S = 5.0
_RECENT_S = 30.0
_LAST_ANSWERS_S = 1.0
"""How long a client that closed its end may still be given answers, as in ``printf … | whykeeper serve``."""

_USAGE = """Usage: whykeeper serve [--repo PATH] [--in-process]

Serve MCP over standard input and output. Agents start this.

  --repo PATH    The checkout to serve. Default: $CLAUDE_PROJECT_DIR, then the one around
                 the working directory, or that folder where there is none.
  --in-process   Serve from this process, without the shared daemon.
"""


class Options:
    """The options of ``whykeeper serve``."""

    __slots__ = ("in_process", "repo")

    def __init__(self, repo: str | None, in_process: bool) -> None:
        self.repo = repo
        self.in_process = in_process


def main(argv: Sequence[str]) -> int:
    """Run ``whykeeper serve``.

    The command line must call this before it imports anything else.

    Args:
        argv: The arguments after ``serve``.

    Returns:
        The process's exit code.
    """
    if "-h" in argv or "--help" in argv:
        sys.stdout.write(_USAGE)
        return 0
    try:
        options = _options(argv)
    except ValueError as error:
        sys.stderr.write(f"whykeeper serve: {error}\n{_USAGE}")
        return 2
    try:
        folders = Folders.of(os.environ)
    except WhykeeperError as error:
        return _refuse(error)
    if options.in_process:
        start_again_with_settings()
        # By name, so that nothing the daemon needs is within the pipe's reach.
        from importlib import import_module

        return int(import_module("whykeeper.daemon.in_process").main(options.repo, os.environ))
    return serve(options.repo, os.environ, Starter(folders))


def serve(repo: str | None, env: Mapping[str, str], starter: Starter) -> int:
    """Carry messages between standard input and output and the daemon until either side ends.

    Args:
        repo: The checkout that was asked for.
        env: This process's environment.
        starter: How to start the daemon.
    """
    opening = hello("mcp", *client_checkout(repo, env, working_directory()), env)

    def stopped_on_purpose() -> bool:
        starter.settle()
        return read_address(starter.folders.data_dir) is None

    return Pipe(lambda: attach(starter, opening, env), stopped_on_purpose).run()


class Pipe:
    """Two descriptors on one side, a daemon on the other.

    One thread reads the client; the calling thread reads the daemon, and finds the next one when
    it is lost. Threads and not a selector, because Windows can wait for no pipe.

    Args:
        connect: Finds or starts a daemon; raises WhykeeperError when it cannot.
        stopped_on_purpose: Whether the daemon that was lost had been told to stop. The next is
            then not looked for before the client needs it.
        source: Descriptor the client writes to.
        target: Descriptor the client reads from.
    """

    def __init__(
        self,
        connect: Callable[[], Link],
        stopped_on_purpose: Callable[[], bool],
        source: int = 0,
        target: int = 1,
    ) -> None:
        self._connect = connect
        self._stopped_on_purpose = stopped_on_purpose
        self._source = source
        self._target = target
        self._conversation = Conversation()
        self._writing = threading.Lock()
        # Guards everything below, and the conversation.
        self._changed = threading.Condition()
        self._link: Link | None = None
        self._failure: WhykeeperError | None = None
        self._failed_at = 0.0
        self._wanted = True
        self._client_gone = False
        self._losses: list[float] = []

    def run(self) -> int:
        """Carry messages until either side ends; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        threading.Thread(target=self._read_client, name="client", daemon=True).start()
        try:
            while self._daemon_wanted():
                self._pause()
                if self._attach():
                    self._read_daemon()
        except BrokenPipeError:
            # The client closed the end it reads from.
            return 0
        return 0

    def _daemon_wanted(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._client_gone)
            return not self._client_gone

    def _pause(self) -> None:
        """Wait before the next attempt, longer the more daemons were lost of late."""
        now = time.monotonic()
        self._losses = [moment for moment in self._losses if now - moment < _RECENT_S]
        if len(self._losses) > 1:
            seconds = min(_LONGEST_PAUSE_S, 0.05 * 2 ** len(self._losses))
            with self._changed:
                self._changed.wait_for(lambda: self._client_gone, seconds)

    def _attach(self) -> bool:
        try:
            link = self._connect()
        except WhykeeperError as error:
            self._fail(error)
            return False
        with self._changed:
            replay = self._conversation.replay()
        # Where it is lost again, reading from it will tell.
        with suppress(OSError):
            link.socket.sendall(replay)
        with self._changed:
            self._link, self._failure = link, None
            self._changed.notify_all()
        return True

    def _fail(self, error: WhykeeperError) -> None:
        sys.stderr.write(f"whykeeper: {error}\n")
        with self._changed:
            self._failure, self._failed_at = error, time.monotonic()
            self._wanted = False
            answers = self._conversation.failed(error)
            self._changed.notify_all()
        self._write(answers)

    def _read_daemon(self) -> None:
        link = self._link
        assert link is not None
        splitter, data = LineSplitter(), link.received
        while True:
            self._pass_to_client(splitter.feed(data))
            try:
                data = link.socket.recv(_READ_BYTES)
            except OSError:
                data = b""
            if not data:
                break
        link.socket.close()
        self._lose()

    def _pass_to_client(self, lines: list[bytes]) -> None:
        if not lines:
            return
        with self._changed:
            lines = [line for line in lines if self._conversation.received(line)]
            if self._client_gone or not self._conversation.waiting:
                self._changed.notify_all()
        self._write(lines)

    def _lose(self) -> None:
        on_purpose = self._stopped_on_purpose()
        with self._changed:
            self._link = None
            self._wanted = not on_purpose
            self._losses.append(time.monotonic())
            answers = [] if self._client_gone else self._conversation.lost(repeats=not on_purpose)
            self._changed.notify_all()
        self._write(answers)

    def _read_client(self) -> None:
        splitter = LineSplitter()
        while data := self._read_source():
            dropped = splitter.dropped
            for line in splitter.feed(data):
                self._pass_to_daemon(line)
            if splitter.dropped > dropped:
                self._write([error_line(None, PARSE_ERROR, f"a message is over {MAX_LINE_BYTES} bytes")])
        self._client_left()

    def _read_source(self) -> bytes:
        try:
            return os.read(self._source, _READ_BYTES)
        except OSError:
            return b""

    def _pass_to_daemon(self, line: bytes) -> None:
        message = parse(line)
        with self._changed:
            link = self._await_link()
            if link is None:
                assert self._failure is not None
                answers, passed = self._conversation.refused(line, message, self._failure), False
            else:
                answers, passed = [], self._conversation.sent(line, message)
        self._write(answers)
        if link is not None and passed:
            # Where the daemon is lost, the other thread answers what was in flight.
            with suppress(OSError):
                link.socket.sendall(line)

    def _await_link(self) -> Link | None:
        """Wait for a daemon, asking for one where none is looked for; None when none can be had."""
        if self._failure is not None and time.monotonic() - self._failed_at > _RETRY_FAILED_S:
            self._failure = None
        if self._link is None and self._failure is None:
            self._wanted = True
            self._changed.notify_all()
        self._changed.wait_for(lambda: self._link is not None or self._failure is not None)
        return self._link

    def _client_left(self) -> None:
        with self._changed:
            if self._link is not None:
                self._changed.wait_for(
                    lambda: self._link is None or not self._conversation.waiting, _LAST_ANSWERS_S
                )
            self._client_gone = True
            link = self._link
            self._changed.notify_all()
        if link is not None:
            # The daemon ends the session and closes its side, which ends the other thread.
            with suppress(OSError):
                link.socket.shutdown(SHUT_WR)
            time.sleep(_LONGEST_PAUSE_S)
        # The other thread waits for a daemon that nobody needs any more.
        with self._writing:
            os._exit(0)

    def _write(self, lines: list[bytes]) -> None:
        """Write whole lines, and nothing between their parts.

        Raises:
            BrokenPipeError: The client is gone; on its own thread this ends the process.
        """
        if not lines:
            return
        remaining = memoryview(lines[0] if len(lines) == 1 else b"".join(lines))
        with self._writing:
            try:
                while remaining:
                    remaining = remaining[os.write(self._target, remaining) :]
            except OSError as error:
                if threading.current_thread() is threading.main_thread():
                    raise BrokenPipeError from error
                os._exit(0)


def _refuse(error: WhykeeperError) -> int:
    """Answer every request with why there is nothing to serve: clients show that, and not a process's end."""

    def connect() -> Link:
        raise type(error)(error.message, error.hint)

    return Pipe(connect, lambda: True).run()


def _options(argv: Sequence[str]) -> Options:
    repo, in_process, rest = None, False, list(argv)
    while rest:
        argument = rest.pop(0)
        if argument == "--in-process":
            in_process = True
        elif argument == "--repo" and rest:
            repo = rest.pop(0)
        elif argument.startswith("--repo="):
            repo = argument.partition("=")[2]
        else:
            raise ValueError(f"what is {argument!r}?" if argument != "--repo" else "--repo needs a path")
    return Options(repo, in_process)


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(130 if number == signal.SIGINT else 0)
