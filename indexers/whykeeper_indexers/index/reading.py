"""Reading and parsing a batch of files: what the parse worker does.

Parsing is pure Python and C that holds the interpreter's lock; in the daemon it would slow
every query, so it happens in a process of its own. That process opens no store.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from whykeeper_indexers.catalog import PreparedFile, prepare_file
from whykeeper_indexers.parse import ParseContext, parse_file
from whykeeper_indexers.read import read_source
from whykeeper_indexers.scan import ScanOptions
from whykeeper_indexers.types import Exclusion, ExclusionReason, FileStat, Redaction

__all__ = ["ReadFile", "read_and_parse"]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What became of one file.

    Attributes:
        stat: The file.
        digest: Of its raw bytes; empty when it was left out.
        parsed: Its chunks; None when it was left out, or is known under this digest already.
        exclusion: Why it was left out.
        redactions: What was cut out of it.
    """

    stat: FileStat
    digest: str = ""
    parsed: PreparedFile | None = None
    exclusion: Exclusion | None = None
    redactions: tuple[Redaction, ...] = ()


def read_and_parse(
    root: Path,
    options: ScanOptions,
    context: ParseContext,
    stats: Sequence[FileStat],
    known: Mapping[str, Collection[str]],
) -> list[ReadFile]:
    """Read and parse a batch of files.

    Args:
        root: The checkout.
        options: What belongs in the index.
        context: What parsers must know of the whole repository.
        stats: The files.
        known: For a path, the digests that are parsed already.

    Returns:
        One entry a file, in order.
    """
    return [_read_one(root, options, context, stat, known.get(stat.path, ())) for stat in stats]


def _read_one(
    root: Path, options: ScanOptions, context: ParseContext, stat: FileStat, known: Collection[str]
) -> ReadFile:
    source = read_source(root, stat, options)
    if isinstance(source, Exclusion):
        return ReadFile(stat, exclusion=source)
    if source.digest in known:
        return ReadFile(stat, source.digest, redactions=source.redactions)
    parsed = parse_file(source, context)
    if parsed is None:
        return ReadFile(stat, exclusion=Exclusion(stat.path, ExclusionReason.UNSUPPORTED))
    return ReadFile(stat, source.digest, prepare_file(parsed), redactions=source.redactions)
