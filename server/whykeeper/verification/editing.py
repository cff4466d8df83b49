"""Edits of the files in which a repository says how it is verified, each shown as a diff."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING

from whykeeper.recording.writing import changed_meanwhile, writer
from whykeeper_indexers.errors import RecordingError

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["edit_file"]


def edit_file(memory: Memory, path: str, edit: Callable[[str], str], *, write: bool = True) -> str:
    """Edit a file of the checkout, which may be missing.

    Args:
        memory: Of the checkout.
        path: Relative to its root.
        edit: Gives the new text of the file for its present one.
        write: Otherwise nothing is written.

    Returns:
        The edit as a unified diff; empty where nothing changes.

    Raises:
        RecordingError: It cannot be read or written, or somebody else changed it meanwhile.
    """
    with writer(memory.repository, memory.store.folder) as pen:
        target = pen.place(path)
        try:
            data = target.read_bytes() if target.exists() else None
            before = (data or b"").decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RecordingError(f"{path} cannot be read: {error}", "put the file right") from error
        after = edit(before)
        if write and after != before:
            new = after.encode("utf-8")
            done = pen.create(path, new) if data is None else pen.replace(path, data, new)
            if not done:
                raise changed_meanwhile(path)
    return _diff(path, before, after, new=data is None)


def _diff(path: str, before: str, after: str, *, new: bool) -> str:
    old = "/dev/null" if new else f"a/{path}"
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), old, f"b/{path}", lineterm="")
    return "\n".join(lines)
