"""Where the daemon listens: its sockets, and the file in the data folder that names them.

The address lies in the data folder and not in the runtime folder, because two clients of one
user may see different ``XDG_RUNTIME_DIR`` (an editor started from a desktop, an agent with a
scrubbed environment), and must still find the same daemon. Light: the front-end imports this.
"""

from __future__ import annotations

import json
import os
import socket
import sys

from whykeeper.platform_folders import make_private

__all__ = ["Address", "connect", "listen", "read_address", "remove_address", "write_address"]

_FILE = "daemon.json"
_MAX_SOCKET_PATH = 100
"""Bytes. Linux takes 107 and macOS 103."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Address:
    """How to reach a daemon.

    Attributes:
        path: Its Unix socket; empty where it listens on TCP.
        port: Its port on the loopback interface; 0 where it listens on a Unix socket.
        token: What a client must send to be let in.
        pid: Its process, for people.
        version: Its whykeeper version, for people.
    """

    __slots__ = ("path", "pid", "port", "token", "version")

    def __init__(self, path: str, port: int, token: str, pid: int, version: str) -> None:
        self.path = path
        self.port = port
        self.token = token
        self.pid = pid
        self.version = version


def read_address(data_dir: str) -> Address | None:
    """Return the address a daemon left; None when there is none, or it is not readable as one."""
    try:
        with open(os.path.join(data_dir, _FILE), encoding="utf-8") as file:
            found: dict[str, Any] = json.loads(file.read(10_000))
        return Address(
            str(found["socket"]),
            int(found["port"]),
            str(found["token"]),
            int(found["pid"]),
            str(found["version"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_address(data_dir: str, address: Address) -> None:
    """Publish an address, readable by its owner alone. Written aside and moved into place."""
    content = json.dumps(
        {
            "socket": address.path,
            "port": address.port,
            "token": address.token,
            "pid": address.pid,
            "version": address.version,
        }
    )
    target = os.path.join(data_dir, _FILE)
    aside = f"{target}.{os.getpid()}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    os.replace(aside, target)


def remove_address(data_dir: str) -> None:
    """Withdraw the address: the daemon stops on purpose."""
    path = os.path.join(data_dir, _FILE)
    if os.path.lexists(path):
        os.unlink(path)


def listen(data_dir: str, runtime_dir: str) -> tuple[socket.socket, str, int]:
    """Open the daemon's listening socket.

    Only the holder of the daemon's lock may call this: it replaces what a dead one left behind.

    Args:
        data_dir: The data folder, whose hash names the socket.
        runtime_dir: The folder for the socket.

    Returns:
        The socket, its path (empty for TCP), its port (0 for a Unix socket).
    """
    if sys.platform != "win32" and hasattr(socket, "AF_UNIX"):
        make_private(runtime_dir)
        path = os.path.join(runtime_dir, _socket_name(data_dir))
        if len(os.fsencode(path)) <= _MAX_SOCKET_PATH:
            return _listen_unix(path), path, 0
    return _listen_loopback()


def connect(address: Address, timeout_s: float) -> socket.socket:
    """Connect to a daemon.

    Raises:
        OSError: Nobody listens there (any more).
    """
    if address.path:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        target: Any = address.path
    else:
        link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        target = ("127.0.0.1", address.port)
    link.settimeout(timeout_s)
    try:
        link.connect(target)
    except OSError:
        link.close()
        raise
    return link


def _socket_name(data_dir: str) -> str:
    # Loads OpenSSL, which only the daemon has room for.
    from hashlib import sha256

    return sha256(os.fsencode(os.path.realpath(data_dir))).hexdigest()[:16] + ".sock"


def _listen_unix(path: str) -> socket.socket:
    if os.path.lexists(path):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    os.chmod(path, 0o600)
    listener.listen(128)
    return listener


def _listen_loopback() -> tuple[socket.socket, str, int]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener, "", int(listener.getsockname()[1])
