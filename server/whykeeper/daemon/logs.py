"""The daemon's log files."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

__all__ = ["configure_logging", "log_path", "set_level"]

_MAX_BYTES = 2_000_000
_KEPT = 3


def log_path(log_dir: Path) -> Path:
    """Return the daemon's log file."""
    return log_dir / "daemon.log"


def configure_logging(log_dir: Path) -> None:
    """Send every logger's records to the log file, or to standard error where there can be none."""
    handler: logging.Handler
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            log_path(log_dir), maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8", errors="replace"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    set_level("INFO")


def set_level(level: str) -> None:
    """Record nothing below a level from now on."""
    logging.getLogger().setLevel(level)
    # It reports every request.
    logging.getLogger("mcp").setLevel(max(logging.WARNING, logging.getLogger().level))
