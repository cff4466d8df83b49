"""A file's text with what nobody may change by the way: its byte order mark and its line ends."""

from __future__ import annotations

import codecs
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from whykeeper_indexers.decisions.writing import Edit
from whykeeper_indexers.decisions.writing.edits import from_behind
from whykeeper_indexers.errors import RecordingError
from whykeeper_indexers.scan.opening import open_beneath, read_bounded

__all__ = ["RawText", "read_raw"]

MOST_BYTES = 4_000_000
"""Nobody writes a record or rules of that size by hand."""
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class RawText:
    """A file as it is.

    Attributes:
        data: Its bytes.
        mark: Its byte order mark, or nothing.
        lines: Without their ends.
        ends: Of the lines; the last line's may be empty.
    """

    data: bytes
    mark: bytes
    lines: tuple[str, ...]
    ends: tuple[str, ...]

    @property
    def text(self) -> str:
        """The text with line feeds."""
        return "".join(line + ("\n" if end else "") for line, end in zip(self.lines, self.ends, strict=True))

    @property
    def line_end(self) -> str:
        """What most of its lines end with."""
        counted = Counter(end for end in self.ends if end)
        return counted.most_common(1)[0][0] if counted else "\n"

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file's bytes after some edits; every line that is in none of them stays as it is."""
        own = self.line_end
        lines, ends = list(self.lines), list(self.ends)
        for edit in from_behind(edits):
            last = edit.end >= len(lines)
            if edit.lines and edit.start >= len(lines) and ends and not ends[-1]:
                ends[-1] = own
            lines[edit.start : edit.end] = edit.lines
            # The last line of a file keeps the end it had, which may be none.
            kept = ends[-1] if last and edit.start < edit.end else own
            ends[edit.start : edit.end] = [*[own] * (len(edit.lines) - 1), kept][: len(edit.lines)]
        text = "".join(line + end for line, end in zip(lines, ends, strict=True))
        return self.mark + text.encode("utf-8")


def read_raw(root: Path, path: str) -> RawText:
    """Read a file of the checkout as it is.

    Args:
        root: The checkout.
        path: Relative to it; links that stay within the checkout are followed.

    Raises:
        RecordingError: It cannot be read, or is no text in UTF-8.
    """
    real = Path(os.path.realpath(root / path))
    if not real.is_relative_to(root):
        raise RecordingError(f"{path} leads out of the repository", "name a file of the repository")
    try:
        descriptor, _ = open_beneath(str(root), real.relative_to(root).as_posix())
        try:
            data = read_bounded(descriptor, MOST_BYTES + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise RecordingError(f"{path} cannot be read: {error}", "see whether it is there") from error
    return _decoded(path, data)


def _decoded(path: str, data: bytes) -> RawText:
    if len(data) > MOST_BYTES:
        raise RecordingError(f"{path} is over {MOST_BYTES:,} bytes", "change it by hand")
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        text = data[len(mark) :].decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path} is not UTF-8", "save it as UTF-8, or change it by hand") from error
    pairs = [(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]
    return RawText(data, mark, tuple(line for line, _ in pairs), tuple(end for _, end in pairs))
