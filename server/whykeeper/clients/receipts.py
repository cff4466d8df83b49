"""What ``install`` did to which file, so that ``uninstall`` can undo exactly that.

Kept in the data folder as JSON. A receipt holds the text that was put in and, where an empty
document had to be opened up for it, the few characters that were taken out, or the entry of the same
name that was replaced; never anything else of the person's file. Without a receipt (another machine, a
purged data folder) uninstall still works, by the file's structure alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from whykeeper.clients.files import TextFile, read_file, write_file
from whykeeper.platform_folders import make_private

__all__ = ["Receipt", "Receipts", "entry_digest", "make_receipt", "undo"]

_FILE = "registrations.json"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One installation.

    Attributes:
        after: SHA-256 of the file's bytes behind the edit, hexadecimal.
        offset: Where the edit stands, in characters.
        removed: What stood there before.
        inserted: What stands there now.
        created_file: There was no file before.
        created_key: The file had no table of servers before.
        folders: Folders that were made, outermost first.
        replaced: The entry of the same name that a person had there before; None when there was none.
        installed: Digest of the entry as it was left; empty where an earlier version did not keep it.
    """

    after: str
    offset: int
    removed: str
    inserted: str
    created_file: bool
    created_key: bool
    folders: tuple[str, ...] = ()
    replaced: dict[str, Any] | None = None
    installed: str = ""


class Receipts:
    """The receipts of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / _FILE

    def get(self, real: Path) -> Receipt | None:
        """Return the receipt for a file; None when there is none that can be read."""
        found = self._load().get(str(real))
        try:
            return None if found is None else Receipt(**{**found, "folders": tuple(found["folders"])})
        except (TypeError, KeyError):
            return None

    def put(self, real: Path, receipt: Receipt | None) -> None:
        """Keep a receipt for a file, or with None forget it.

        Raises:
            StorageError: The data folder cannot be written.
        """
        entries = dict(self._load())
        if receipt is None and str(real) not in entries:
            return
        entries.pop(str(real), None)
        if receipt is not None:
            entries[str(real)] = asdict(receipt)
        make_private(str(self._path.parent))
        text = json.dumps(entries, indent=2, sort_keys=True) + "\n"
        write_file(read_file(self._path, None), text, private=True)

    def _load(self) -> Mapping[str, Any]:
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return entries if isinstance(entries, dict) else {}


def make_receipt(file: TextFile, after: str, *, created_key: bool, folders: tuple[Path, ...]) -> Receipt:
    """Describe an edit by what differs between a file as it was read and its new text."""
    before = file.text
    offset = _common(before, after)
    tail = _common(before[offset:][::-1], after[offset:][::-1])
    return Receipt(
        after=_digest(file.encode(after)),
        offset=offset,
        removed=before[offset : len(before) - tail],
        inserted=after[offset : len(after) - tail],
        created_file=file.raw is None,
        created_key=created_key,
        folders=tuple(map(str, folders)),
    )


def undo(receipt: Receipt, file: TextFile) -> str | None:
    """Return the text before the edit; None when the file has changed since."""
    if file.raw is None or _digest(file.raw) != receipt.after:
        return None
    text = file.text
    return text[: receipt.offset] + receipt.removed + text[receipt.offset + len(receipt.inserted) :]


def entry_digest(entry: object) -> str:
    """Tell one entry from another without keeping it; the order of its keys means nothing."""
    return _digest(json.dumps(entry, sort_keys=True, default=str).encode())


def _common(first: str, second: str) -> int:
    """Count the characters two texts begin with alike."""
    pairs = zip(first, second, strict=False)
    return next(
        (place for place, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second))
    )


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
