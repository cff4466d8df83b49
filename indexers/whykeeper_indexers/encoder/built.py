"""Models made on the user's machine: built aside, put in place at once, and not tried twice in vain."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from whykeeper_indexers.errors import ModelError

__all__ = ["build_aside", "why_build_failed"]

logger = logging.getLogger(__name__)

ABANDONED_AFTER_S = 3_600
"""No build takes that long: the folder aside is of a process that was killed."""


def build_aside(
    folder: Path, build: Callable[[Path], None], is_whole: Callable[[Path], bool], libraries: Sequence[str]
) -> None:
    """Build a model into ``folder``, unless it is there.

    Args:
        folder: Where it goes.
        build: Fills the empty folder it is given, and proves that what it made can be used.
        is_whole: Whether a folder holds all of it.
        libraries: Distributions that the build depends on.

    Raises:
        ModelError: It cannot be built; noted, so that it is not tried again until one of the
            libraries changes.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder)
    aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        build(aside)
        # Whole before it is in place: a kill between the two leaves only an aside folder.
        if not is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
            aside.replace(folder)
    except Exception as error:
        # A border: the libraries' own errors for a model they cannot take apart are of any type.
        logger.exception("%s cannot be built", folder)
        why = f"{type(error).__name__}: {error}"
        note = json.dumps({"why": why, "versions": _versions(libraries)})
        _failure_note(folder).write_text(note, encoding="utf-8")
        raise ModelError(why) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def why_build_failed(folder: Path, libraries: Sequence[str]) -> str | None:
    """Why an earlier build by the libraries installed now failed; None when there was none."""
    try:
        note = json.loads(_failure_note(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(note["why"]) if note.get("versions") == _versions(libraries) else None


def _remove_abandoned(folder: Path) -> None:
    for aside in folder.parent.glob(f"{folder.name}.*/"):
        try:
            abandoned = time.time() - aside.stat().st_mtime > ABANDONED_AFTER_S
        except FileNotFoundError:
            continue
        if abandoned:
            shutil.rmtree(aside, ignore_errors=True)


def _failure_note(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.failed.json")


def _versions(libraries: Sequence[str]) -> dict[str, str]:
    found = {}
    for name in libraries:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "absent"
    return found
