"""A helper process with a call interface, for work the daemon must not do itself.

Parsing untrusted files and running a model can be slow, hang or crash; in a process of its
own either costs one call and never the daemon. Parent and child exchange pickled frames,
each prefixed by its length, over the child's standard input and output::

    parent ── (id, method, arguments, urgent) ─▶ child   reader thread ─▶ priority queue ─▶ main thread
           ◀─ (id, succeeded, value or error) ──

The child moves both ends to private descriptors before anything else runs, so that a print
in a library cannot reach the wire. Its reader thread is its watchdog: end of input means
that the parent is gone, killed or not, and ends the child in the middle of a computation.

The parent runs ``WorkerProcess("package.module", …).call("method", …)``; that module's
``__main__`` part calls ``serve({"method": function})``.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeAlias, cast

from whykeeper_indexers.errors import WhykeeperError, WorkerError

__all__ = ["WorkerProcess", "minimal_environment", "serve"]

logger = logging.getLogger(__name__)

_HEADER = struct.Struct("!Q")
_FRAME_LIMIT = 1 << 30
_NICENESS = "WHYKEEPER_WORKER_NICENESS"
_STOP_GRACE_S = 2.0
# Deaths in a row that are answered by a restart at once; later ones wait, doubling to the limit.
_PATIENCE = 3
_BACK_OFF_LIMIT_S = 60.0
# Of the lane that is not urgent: a quarter of the processor where an urgent call wants it.
_BACKGROUND_NICENESS = 5

_Inbox: TypeAlias = "queue.PriorityQueue[tuple[bool, int, bytes]]"

_INHERITED = (
    *("HOME", "USERPROFILE", "PATH", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "LC_CTYPE", "TZ"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "WINDIR", "COMSPEC", "NUMBER_OF_PROCESSORS"),
)


def minimal_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """What an interpreter needs of this process's environment to start, and nothing else.

    Args:
        extra: Variables to add.
    """
    kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**kept, "MALLOC_ARENA_MAX": "2", **(extra or {})}


class WorkerProcess:
    """The parent's end: starts the helper on the first call and again after its death.

    Safe to use from several threads at once.

    Args:
        module: Module run as ``python -I -m module``, or a script's path; it must call `serve`.
            Types that cross the wire must not be defined in it: there its name is ``__main__``.
        name: What log lines and errors call the helper.
        niceness: Added to the child's niceness (lower priority on Windows).
        env: The child's whole environment; `minimal_environment` by default.
        log: Where the child's standard error goes; this process's own by default.
        arguments: Given to the module on its command line.
    """

    def __init__(
        self,
        module: str | Path,
        *,
        name: str,
        niceness: int = 0,
        env: Mapping[str, str] | None = None,
        log: IO[Any] | None = None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        # -I keeps a json.py in the user's repository, or PYTHONPATH, out of the helper.
        program = (str(module),) if isinstance(module, Path) else ("-m", module)
        self._command = (sys.executable, "-I", "-X", "utf8", *program, *arguments)
        self._name = name
        self._niceness = niceness
        self._env = dict(minimal_environment() if env is None else env)
        self._log = log
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._closed = False
        self._deaths = 0
        self._not_before = 0.0

    @property
    def name(self) -> str:
        """What log lines and errors call the helper."""
        return self._name

    @property
    def pid(self) -> int | None:
        """Process id of the running child; None when there is none."""
        child = self._child
        return None if child is None or child.gone else child.process.pid

    @property
    def running(self) -> bool:
        """Whether a child is there to take calls."""
        return self.pid is not None

    @property
    def waiting(self) -> int:
        """How many calls have been sent and not answered."""
        child = self._child
        return 0 if child is None else child.waiting

    def call(self, method: str, *args: object, timeout_s: float, urgent: bool = False) -> Any:
        """Run a method of the child and return its result.

        Args:
            method: One of the names the child serves.
            *args: Anything that can be pickled.
            timeout_s: Counted from now, so it includes starting the child and calls queued
                before this one. A child that overruns it is taken for stuck and killed.
            urgent: Overtake the calls that are queued and not urgent.

        Raises:
            WhykeeperError: What the method raised, when it is one of ours.
            WorkerError: The child died, overran its time, failed otherwise, or may not be
                started again yet.
        """
        body = pickle.dumps((method, args), pickle.HIGHEST_PROTOCOL)
        child = self._running_child()
        future = child.submit(body, urgent)
        try:
            value = future.result(timeout_s)
        except TimeoutError:
            child.kill(f"it took more than {timeout_s:g} s for {method!r}")
            raise WorkerError(f"{self._name}: {method!r} took more than {timeout_s:g} s") from None
        self._deaths = 0
        return value

    def stop(self) -> None:
        """End the child, if there is one. Calls in flight fail; the next call starts another."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.stop()

    def close(self) -> None:
        """End the child for good."""
        self._closed = True
        self.stop()

    def _running_child(self) -> _Child:
        with self._lock:
            if self._closed:
                raise WorkerError(f"{self._name} is closed")
            if self._child is not None and self._child.gone:
                self._note_death()
            if self._child is None:
                self._child = self._start()
            return self._child

    def _note_death(self) -> None:
        self._child = None
        self._deaths += 1
        if self._deaths >= _PATIENCE:
            wait = min(2.0 ** (self._deaths - _PATIENCE), _BACK_OFF_LIMIT_S)
            self._not_before = time.monotonic() + wait

    def _start(self) -> _Child:
        wait = self._not_before - time.monotonic()
        if wait > 0:
            raise WorkerError(f"{self._name} died {self._deaths} times in a row; next start in {wait:.0f} s")
        try:
            process = self._spawn()
        except OSError as error:
            raise WorkerError(f"{self._name} could not be started: {error}") from error
        logger.debug("%s started as process %d", self._name, process.pid)
        return _Child(process, self._name)

    def _spawn(self) -> subprocess.Popen[bytes]:
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW
            flags |= subprocess.BELOW_NORMAL_PRIORITY_CLASS if self._niceness > 0 else 0
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            # The root folder: the daemon may have been started in one that is deleted later.
            cwd=os.path.abspath(os.sep),  # noqa: PTH100
            env={**self._env, _NICENESS: str(self._niceness)},
            creationflags=flags,
        )


class _Child:
    """One life of the helper: its process, the calls in flight and the threads that serve them."""

    def __init__(self, process: subprocess.Popen[bytes], name: str) -> None:
        self.process = process
        self.gone = False
        self._name = name
        self._lock = threading.Lock()
        self._in_flight: dict[int, Future[Any]] = {}
        self._next_id = 0
        self._end = ""
        # Writing in a thread: a full pipe to a stuck child must not hold a caller past its timeout.
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        for target in (self._write, self._read):
            threading.Thread(target=target, name=f"{name} {target.__name__}", daemon=True).start()

    @property
    def waiting(self) -> int:
        return len(self._in_flight)

    def submit(self, body: bytes, urgent: bool) -> Future[Any]:
        future: Future[Any] = Future()
        with self._lock:
            if self.gone:
                raise WorkerError(self._epitaph())
            self._next_id += 1
            self._in_flight[self._next_id] = future
            self._outbox.put(pickle.dumps((self._next_id, urgent, body), pickle.HIGHEST_PROTOCOL))
        return future

    def kill(self, why: str) -> None:
        with self._lock:
            # From here on: the next call must not be given to a process that is dying.
            self.gone = True
        self._end = self._end or f"was ended: {why}"
        self.process.kill()

    def stop(self) -> None:
        self._end = self._end or "was stopped"
        self._outbox.put(None)
        try:
            self.process.wait(_STOP_GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _write(self) -> None:
        pipe = cast("BinaryIO", self.process.stdin)
        # A broken pipe is the child's death, which the reader reports; close() flushes and can see it too.
        with suppress(OSError):
            while (frame := self._outbox.get()) is not None:
                _write_frame(pipe, frame)
        with suppress(OSError):
            pipe.close()

    def _read(self) -> None:
        pipe = cast("BinaryIO", self.process.stdout)
        try:
            while (frame := _read_frame(pipe)) is not None:
                self._settle(*pickle.loads(frame))
        except Exception:
            # A border: whatever the child sent, its callers must get an answer.
            logger.exception("%s answered nonsense", self._name)
            self.kill("it answered nonsense")
        self._bury()
        pipe.close()

    def _settle(self, request_id: int, succeeded: bool, value: object) -> None:
        with self._lock:
            future = self._in_flight.pop(request_id)
        if succeeded:
            future.set_result(value)
        else:
            future.set_exception(cast("BaseException", value))

    def _bury(self) -> None:
        self.process.wait()
        with self._lock:
            self.gone = True
            lost, self._in_flight = self._in_flight, {}
        self._outbox.put(None)
        logger.log(logging.DEBUG if self._end else logging.WARNING, "%s", self._epitaph())
        for future in lost.values():
            future.set_exception(WorkerError(self._epitaph()))

    def _epitaph(self) -> str:
        code = self.process.returncode
        died = f"was killed by signal {-code}" if code and code < 0 else f"ended with code {code}"
        return f"{self._name} (process {self.process.pid}) {self._end or died}"


def serve(methods: Mapping[str, Callable[..., Any]], *, urgent_lane: bool = False) -> None:
    """Answer the parent's calls one at a time, urgent ones first, until it goes away.

    Call it first of all in the child: what was printed before would be on the wire. Methods
    run in the main thread. It does not return.

    Args:
        methods: What can be called, by name.
        urgent_lane: Run urgent calls in a second thread beside the others, which then have
            a lower priority where the system knows priorities of threads (Linux). Threads
            that a library starts for a call inherit it.
    """
    source, sink = _take_wire()
    # Ctrl-C in a terminal reaches the whole group; the parent decides when its helper ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(int(os.environ.get(_NICENESS, "0")))
    inbox: _Inbox = queue.PriorityQueue()
    urgent: _Inbox = queue.PriorityQueue() if urgent_lane else inbox
    answer = _Answerer(methods, sink)
    threads = [threading.Thread(target=_receive, args=(source, inbox, urgent), name="wire", daemon=True)]
    if urgent_lane:
        threads.append(threading.Thread(target=answer.forever, args=(urgent,), name="urgent", daemon=True))
    for thread in threads:
        thread.start()
    if urgent_lane and sys.platform == "linux":
        # Below its own: whoever was started as nicer than that may not raise itself.
        niceness = os.getpriority(os.PRIO_PROCESS, 0) + _BACKGROUND_NICENESS
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
    answer.forever(inbox)


class _Answerer:
    """Runs calls and writes their answers, from one thread or two."""

    def __init__(self, methods: Mapping[str, Callable[..., Any]], sink: BinaryIO) -> None:
        self._methods = methods
        self._sink = sink
        self._lock = threading.Lock()

    def forever(self, inbox: _Inbox) -> None:
        while True:
            _, request_id, body = inbox.get()
            frame = _answer(self._methods, request_id, body)
            try:
                with self._lock:
                    _write_frame(self._sink, frame)
            except OSError:
                # Nobody reads any more; the wire's thread is about to say the same.
                os._exit(0)


def _take_wire() -> tuple[BinaryIO, BinaryIO]:
    """Move the wire to private descriptors; prints and reads of the standard ones are harmless then."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, sink


def _receive(source: BinaryIO, inbox: _Inbox, urgent_inbox: _Inbox) -> None:
    while (frame := _read_frame(source)) is not None:
        request_id, urgent, body = pickle.loads(frame)
        (urgent_inbox if urgent else inbox).put((not urgent, request_id, body))
    # At once and without clean-up: the main thread may be deep in a computation nobody waits for.
    os._exit(0)


def _answer(methods: Mapping[str, Callable[..., Any]], request_id: int, body: bytes) -> bytes:
    try:
        method, args = pickle.loads(body)
        return pickle.dumps((request_id, True, methods[method](*args)), pickle.HIGHEST_PROTOCOL)
    except WhykeeperError as error:
        return pickle.dumps((request_id, False, error), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        # The border of the process: log it here, where the traceback is, and tell the caller.
        logging.getLogger(__name__).exception("call %d failed", request_id)
        return pickle.dumps((request_id, False, WorkerError(f"{type(error).__name__}: {error}")))


def _write_frame(pipe: BinaryIO, frame: bytes) -> None:
    pipe.write(_HEADER.pack(len(frame)) + frame)
    pipe.flush()


def _read_frame(pipe: BinaryIO) -> bytes | None:
    header = pipe.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    (size,) = _HEADER.unpack(header)
    if size > _FRAME_LIMIT:
        raise WorkerError(f"a frame of {size} bytes is not one")
    frame = pipe.read(size)
    return frame if len(frame) == size else None
