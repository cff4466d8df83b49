"""Finds the daemon, or starts it. Light: the front-end imports this."""

from __future__ import annotations

import json
import os
import site
import socket
import sys
import time
from collections.abc import Mapping, Sequence

import whykeeper
from whykeeper.checkout import working_directory
from whykeeper.daemon.address import connect, read_address
from whykeeper.daemon.library_settings import LIBRARY_SETTINGS
from whykeeper.daemon.oslock import OsLock
from whykeeper.daemon.ownership import owned_elsewhere, serving_alone
from whykeeper.platform_folders import Folders
from whykeeper_indexers.errors import DaemonError, StorageError, UserError

__all__ = ["Link", "Starter", "attach", "hello", "introduce", "try_attach"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_START_LIMIT_S = 30.0
_HELLO_LIMIT_S = 30.0
_POLL_S = 0.004
_LONGEST_POLL_S = 0.1
_MAX_ANSWER_BYTES = 65_536
_MAX_OUTPUT_BYTES = 1_000_000
# What a process of the platform needs to run git and an interpreter; nothing of the client's.
_KEPT_ENVIRONMENT = (
    *("HOME", "USER", "LOGNAME", "PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"),
    *("TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT"),
    *("USERPROFILE", "APPDATA", "LOCALAPPDATA"),
)


class Link:
    """A connection that the daemon has accepted.

    Attributes:
        socket: Blocking.
        received: What came after the daemon's answer already.
    """

    __slots__ = ("received", "socket")

    def __init__(self, connection: socket.socket, received: bytes) -> None:
        self.socket = connection
        self.received = received


class Starter:
    """Knows how to start a daemon on one set of folders.

    Args:
        folders: Where it keeps its files.
        command: The program and its first arguments; the daemon's own by default.
    """

    __slots__ = ("_command", "_pid", "_settled", "folders")

    def __init__(self, folders: Folders, command: Sequence[str] = ()) -> None:
        self.folders = folders
        self._command = tuple(command) or _default_command()
        self._pid = 0
        self._settled: list[int] = []

    @property
    def output_path(self) -> str:
        """Where the daemon's standard error goes."""
        return os.path.join(self.folders.log_dir, "daemon-output.log")

    def prepare(self) -> None:
        """Make the folders.

        Raises:
            StorageError: They cannot be made.
        """
        for folder in (self.folders.data_dir, self.folders.log_dir):
            try:
                os.makedirs(folder, mode=0o700, exist_ok=True)
            except OSError as error:
                raise StorageError(
                    f"cannot make the folder {folder}: {error.strerror}",
                    "check its permissions and free space, or set WHYKEEPER_DATA_DIR",
                ) from error

    def spawn(self, env: Mapping[str, str]) -> None:
        """Start the daemon, detached from this process and its terminal.

        Args:
            env: This process's environment, of which the daemon gets the platform's part alone.
        """
        folders = self.folders
        command = [
            *self._command,
            *("--data-dir", folders.data_dir, "--runtime-dir", folders.runtime_dir),
            *("--config-dir", folders.config_dir, "--log-dir", folders.log_dir),
            # The one before may be handing over.
            *("--lock-timeout", "20"),
        ]
        kept = {name: env[name] for name in _KEPT_ENVIRONMENT if name in env} | LIBRARY_SETTINGS
        output = self._open_output()
        try:
            self._pid = _spawn_detached(command, kept, output)
        except OSError as error:
            raise DaemonError(f"cannot run {command[0]}: {error.strerror}", self._hint()) from error
        finally:
            os.close(output)

    def check(self) -> None:
        """Raise when the daemon that was started ended before it welcomed anybody.

        Raises:
            LockedError: A process that serves its own client only owns the data folder.
            DaemonError: With the last line it printed.
        """
        if self._pid and _has_ended(self._pid):
            self._pid = 0
            if serving_alone(self.folders.data_dir):
                raise owned_elsewhere(self.folders.data_dir)
            raise DaemonError(f"the whykeeper daemon did not start: {self._last_words()}", self._hint())

    def settle(self) -> None:
        """Take note that a daemon welcomed us; collect those that we started and that have ended."""
        if self._pid:
            self._settled.append(self._pid)
            self._pid = 0
        self._settled = [pid for pid in self._settled if not _has_ended(pid)]

    def timed_out(self) -> DaemonError:
        """Return the error for a daemon that never listened."""
        return DaemonError("the whykeeper daemon did not answer in time", self._hint())

    def _hint(self) -> str:
        return f"try again; the log is in {self.folders.log_dir}"

    def _open_output(self) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        try:
            output = os.open(self.output_path, flags, 0o600)
            if os.fstat(output).st_size > _MAX_OUTPUT_BYTES:
                os.ftruncate(output, 0)
        except OSError:
            # A full disk must not keep the daemon from starting and saying so.
            return os.open(os.devnull, os.O_WRONLY)
        return output

    def _last_words(self) -> str:
        try:
            with open(self.output_path, "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - 2_000))
                lines = file.read().decode("utf-8", "replace").split("\n")
        except OSError:
            lines = []
        said = [line.strip() for line in lines if line.strip()]
        return said[-1][:500] if said else "it said nothing"


def hello(
    role: str,
    checkout: str | None,
    checkout_error: str | None,
    env: Mapping[str, str],
    *,
    takes_over: bool = True,
) -> dict[str, Any]:
    """Return what a front-end says first, but for the token.

    Args:
        role: ``mcp`` or ``control``.
        checkout: Root of the client's checkout.
        checkout_error: Why there is none.
        env: The front-end's environment, of which whykeeper's own variables are sent.
        takes_over: Whether an older daemon must make way.
    """
    if checkout is not None and not _is_text(checkout):
        checkout, checkout_error = None, "the checkout's path is not valid UTF-8: rename the folder"
    cwd = working_directory()
    return {
        "whykeeper": 1,
        "version": whykeeper.__version__,
        "role": role,
        "checkout": checkout,
        "checkout_error": checkout_error,
        "takes_over": takes_over,
        "env": {
            name: value for name, value in env.items() if name.startswith("WHYKEEPER_") and _is_text(value)
        },
        "config_dir": Folders.of(env).config_dir,
        "client": {"pid": os.getpid(), "cwd": cwd if _is_text(cwd) else None},
    }


def attach(starter: Starter, opening: dict[str, Any], env: Mapping[str, str]) -> Link:
    """Connect to the daemon; start it first when there is none.

    Raises:
        WhykeeperError: It could not be started, or refused.
    """
    starter.prepare()
    deadline, pause = time.monotonic() + _START_LIMIT_S, _POLL_S
    while time.monotonic() < deadline:
        connection = _connect(starter.folders) or _start(starter, env, deadline)
        link = introduce(connection, _token(starter.folders), opening) if connection else None
        if link:
            starter.settle()
            return link
        starter.check()
        time.sleep(pause)
        # Nothing to gain from haste where a daemon closes or another front-end starts one.
        pause = min(pause * 1.05, _LONGEST_POLL_S)
    raise starter.timed_out()


def try_attach(folders: Folders, opening: dict[str, Any]) -> Link | None:
    """Connect to the daemon if there is one.

    Raises:
        WhykeeperError: It refused.
    """
    connection = _connect(folders)
    return introduce(connection, _token(folders), opening) if connection else None


def _connect(folders: Folders) -> socket.socket | None:
    address = read_address(folders.data_dir)
    if address is None:
        return None
    try:
        return connect(address, _HELLO_LIMIT_S)
    except OSError:
        return None


def _start(starter: Starter, env: Mapping[str, str], deadline: float) -> socket.socket | None:
    """Start the daemon unless another front-end is doing so; None when another is."""
    lock = OsLock(os.path.join(starter.folders.data_dir, "start.lock"))
    try:
        if not lock.acquire():
            return None
    except OSError as error:
        raise StorageError(f"cannot write to {starter.folders.data_dir}: {error.strerror}") from error
    try:
        # It may have been started between our attempt and the lock.
        connection = _connect(starter.folders)
        if connection is None:
            starter.spawn(env)
        while connection is None and time.monotonic() < deadline:
            time.sleep(_POLL_S)
            connection = _connect(starter.folders)
            if connection is None:
                starter.check()
        return connection
    finally:
        lock.release()


def introduce(connection: socket.socket, token: str, opening: dict[str, Any]) -> Link | None:
    """Say hello; None when that daemon is on its way out and another should be found.

    Args:
        connection: To the daemon.
        token: What it lets in.
        opening: What `hello` returned.

    Raises:
        WhykeeperError: It refused.
    """
    try:
        connection.sendall(json.dumps({**opening, "token": token}).encode() + b"\n")
        line, received = _read_line(connection)
        answer = json.loads(line)
    except (OSError, ValueError):
        connection.close()
        return None
    if isinstance(answer, dict) and answer.get("ok") is True:
        connection.settimeout(None)
        return Link(connection, received)
    connection.close()
    if not isinstance(answer, dict) or answer.get("retry"):
        return None
    kind = UserError if answer.get("code") == 1 else DaemonError
    raise kind(str(answer.get("error", "the daemon refused")), str(answer.get("hint", "")))


def _token(folders: Folders) -> str:
    address = read_address(folders.data_dir)
    return address.token if address else ""


def _read_line(connection: socket.socket) -> tuple[bytes, bytes]:
    held = b""
    while b"\n" not in held and len(held) < _MAX_ANSWER_BYTES:
        data = connection.recv(4096)
        if not data:
            break
        held += data
    line, _, rest = held.partition(b"\n")
    return line, rest


def _default_command() -> tuple[str, ...]:
    # Isolated, so that a ``json.py`` or ``mcp`` folder in the user's repository is not imported.
    # Isolation also leaves out the user's own site folder, which may be where whykeeper is.
    isolation: tuple[str, ...] = ("-I",)
    if site.ENABLE_USER_SITE and __file__.startswith(site.getusersitepackages()):
        isolation = ("-E", "-P")
    return (sys.executable, *isolation, "-m", "whykeeper.daemon")


def _is_text(value: str) -> bool:
    """Tell whether a string from the operating system can be sent as JSON."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _has_ended(pid: int) -> bool:
    """Collect a child process; True when it has ended."""
    if sys.platform == "win32":
        return False
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def _spawn_detached(command: list[str], env: dict[str, str], output: int) -> int:
    """Start a process in a session of its own and return its id.

    `posix_spawn` because importing `subprocess` would cost the front-end 11 ms and 2 MB.
    """
    if sys.platform == "win32":
        import subprocess

        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, creationflags=flags
        ).pid
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, output, 1),
        (os.POSIX_SPAWN_DUP2, output, 2),
    ]
    return os.posix_spawn(command[0], command, env, file_actions=actions, setsid=True)
