"""The daemon's log files."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

__all__ = ["configure_logging", "log_path"]

_MAX_BYTES = 2_000_000
_KEPT = 3


def log_path(log_dir: Path) -> Path:
    """Return the daemon's log file."""
    return log_dir / "daemon.log"


def configure_logging(log_dir: Path, level: str = "INFO") -> None:
    """Send every logger's records to the log file, or to standard error where there can be none.

    Args:
        log_dir: Folder of the log files.
        level: Lowest level recorded.
    """
    handler: logging.Handler
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            log_path(log_dir), maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8", errors="replace"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # It reports every request.
    logging.getLogger("mcp").setLevel(max(logging.WARNING, logging.getLogger().level))
