"""Where this platform keeps an application's files, as plain strings.

The front-end pipe must start in a few milliseconds and stay small, so this module imports
nothing beyond ``os``: ``platformdirs`` costs 19 ms and 3 MB here, ``pathlib`` 10 ms. Everything
else uses `whykeeper.locations`.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping

from whykeeper_indexers.errors import ConfigurationError, StorageError

__all__ = [
    "Folders",
    "config_folder",
    "data_folder",
    "log_folder",
    "make_private",
    "runtime_folder",
]

_APPLICATION = "whykeeper"


class Folders:
    """The folders of one user's whykeeper, as strings; see `whykeeper.locations.Locations`."""

    __slots__ = ("config_dir", "data_dir", "log_dir", "runtime_dir")

    def __init__(self, data_dir: str, runtime_dir: str, config_dir: str, log_dir: str) -> None:
        self.data_dir = data_dir
        self.runtime_dir = runtime_dir
        self.config_dir = config_dir
        self.log_dir = log_dir

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Folders:
        """Return the folders that an environment names.

        Raises:
            ConfigurationError: ``WHYKEEPER_DATA_DIR`` is a relative path.
        """
        return cls(data_folder(env), runtime_folder(env), config_folder(env), log_folder(env))


def data_folder(env: Mapping[str, str]) -> str:
    """Return the folder of the derived data; ``WHYKEEPER_DATA_DIR`` names another.

    Raises:
        ConfigurationError: It is a relative path.
    """
    if chosen := env.get("WHYKEEPER_DATA_DIR"):
        folder = os.path.expanduser(chosen)
        if not os.path.isabs(folder):
            # Agents start in folders of their own: each would have its own data, and its own daemon.
            raise ConfigurationError(
                f"WHYKEEPER_DATA_DIR is a relative path: {chosen}", "set it to an absolute one, or unset it"
            )
        return os.path.abspath(folder)
    if sys.platform == "win32":
        return os.path.join(_windows_folder(env, "LOCALAPPDATA", "Local"), _APPLICATION, "data")
    if sys.platform == "darwin":
        return os.path.join(_home(env), "Library", "Application Support", _APPLICATION)
    return _xdg(env, "XDG_DATA_HOME", ".local", "share")


def config_folder(env: Mapping[str, str]) -> str:
    """Return the folder of the user's own settings."""
    if sys.platform == "win32":
        return os.path.join(_windows_folder(env, "APPDATA", "Roaming"), _APPLICATION)
    if sys.platform == "darwin":
        return os.path.join(_home(env), "Library", "Application Support", _APPLICATION)
    return _xdg(env, "XDG_CONFIG_HOME", ".config")


def log_folder(env: Mapping[str, str]) -> str:
    """Return the folder of the log files: beside the data when that was moved."""
    if env.get("WHYKEEPER_DATA_DIR"):
        return os.path.join(data_folder(env), "logs")
    if sys.platform == "win32":
        return os.path.join(_windows_folder(env, "LOCALAPPDATA", "Local"), _APPLICATION, "logs")
    if sys.platform == "darwin":
        return os.path.join(_home(env), "Library", "Logs", _APPLICATION)
    return os.path.join(_xdg(env, "XDG_STATE_HOME", ".local", "state"), "log")


def runtime_folder(env: Mapping[str, str]) -> str:
    """Return the folder for the socket.

    ``XDG_RUNTIME_DIR`` where there is one that is ours; else a folder below ``/tmp``, whose name is
    short enough for a socket's path (108 bytes on Linux, 104 on macOS).
    """
    if sys.platform == "win32":
        return os.path.join(data_folder(env), "run")
    runtime = env.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and len(os.fsencode(runtime)) <= 60 and _is_ours(runtime):
        return os.path.join(runtime, _APPLICATION)
    return f"/tmp/{_APPLICATION}-{os.getuid()}"


def make_private(folder: str) -> None:
    """Make a folder that only its owner can enter, or refuse one that is not so.

    Raises:
        StorageError: It cannot be made, is a link, or belongs to somebody else.
    """
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        found = os.lstat(folder)
    except OSError as error:
        raise StorageError(
            f"cannot make the folder {folder}: {error.strerror}", "check its permissions and free space"
        ) from error
    if sys.platform == "win32":
        return
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise StorageError(f"{folder} is a link or belongs to another user", "remove it and try again")
    if found.st_mode & 0o077:
        os.chmod(folder, 0o700)


def _home(env: Mapping[str, str]) -> str:
    return env.get("HOME") or os.path.expanduser("~")


def _xdg(env: Mapping[str, str], name: str, *default: str) -> str:
    chosen = env.get(name, "")
    # The base directory specification: a relative path is to be ignored.
    base = chosen if os.path.isabs(chosen) else os.path.join(_home(env), *default)
    return os.path.join(base, _APPLICATION)


def _windows_folder(env: Mapping[str, str], name: str, default: str) -> str:
    return env.get(name) or os.path.join(os.path.expanduser("~"), "AppData", default)


def _is_ours(folder: str) -> bool:
    try:
        found = os.stat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and os.access(folder, os.W_OK)
