"""Writing ``[verify.severity]`` into the file in which a repository keeps its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from whykeeper.clients import toml_table
from whykeeper.verification.editing import edit_file
from whykeeper_indexers.errors import ConfigurationError, RecordingError

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["set_severities"]

_OWN_FILE: Final = ".whykeeper.toml"
_SHARED_FILE: Final = "pyproject.toml"
_TABLE: Final = ("verify", "severity")


def set_severities(memory: Memory, severities: Mapping[str, str], *, write: bool) -> dict[str, Any]:
    """Set what findings weigh; everything else in the file stays as it is.

    Args:
        memory: Of the checkout.
        severities: By rule or check.
        write: Otherwise the edit is only shown.

    Returns:
        The file, and the edit as a diff; empty where it says so already.

    Raises:
        RecordingError: The file cannot be read, changed or written.
    """
    path, table = _place(memory)
    diff = edit_file(memory, path, lambda text: _edited(path, text, table, severities), write=write)
    return {"path": path, "diff": diff, "written": write and bool(diff)}


def _place(memory: Memory) -> tuple[str, Sequence[str]]:
    """The file that is read: a new one beside a pyproject.toml with our table would hide that."""
    root = memory.repository.root
    if not (root / _OWN_FILE).exists() and (root / _SHARED_FILE).is_file():
        try:
            shared = (root / _SHARED_FILE).read_text(encoding="utf-8")
            if toml_table.lookup(shared, ("tool", "whykeeper")) is not None:
                return _SHARED_FILE, ("tool", "whykeeper", *_TABLE)
        except (OSError, UnicodeDecodeError, ConfigurationError) as error:
            raise RecordingError(f"{_SHARED_FILE} cannot be read: {error}", "put the file right") from error
    return _OWN_FILE, _TABLE


def _edited(path: str, text: str, table: Sequence[str], severities: Mapping[str, str]) -> str:
    try:
        if toml_table.lookup(text, table) is None:
            return toml_table.insert(text, table, severities)
        return toml_table.update(text, table, severities)
    except ConfigurationError as error:
        raise RecordingError(f"{path}: {error.message}", "write the table by hand") from error
