"""The folders whykeeper keeps its files in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from whykeeper.platform_folders import config_folder, data_folder, log_folder, runtime_folder

__all__ = ["Locations", "locations"]


@dataclass(frozen=True, slots=True)
class Locations:
    """The folders of one user's whykeeper. None of them need exist yet.

    Attributes:
        data_dir: Derived data, and the lock and address of the daemon that owns them. Another data
            folder is another daemon.
        runtime_dir: The daemon's socket.
        config_dir: The user's own settings.
        log_dir: Log files.
    """

    data_dir: Path
    runtime_dir: Path
    config_dir: Path
    log_dir: Path


def locations(env: Mapping[str, str]) -> Locations:
    """Return the folders that an environment names.

    Args:
        env: A process's environment. ``WHYKEEPER_DATA_DIR`` moves the data folder, and the logs with it.

    Raises:
        ConfigurationError: ``WHYKEEPER_DATA_DIR`` is a relative path.
    """
    return Locations(
        data_dir=Path(data_folder(env)),
        runtime_dir=Path(runtime_folder(env)),
        config_dir=Path(config_folder(env)),
        log_dir=Path(log_folder(env)),
    )
