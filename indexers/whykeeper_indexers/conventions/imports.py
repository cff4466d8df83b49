"""Files that a convention file brings in, and how far that goes.

An import counts only in prose: Markdown's own parser says what is code or a comment.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from whykeeper_indexers.types import ConventionRecord

__all__ = ["MAX_HOPS", "at_imports", "imported_by", "linked_files", "within_root"]

MAX_HOPS = 4
"""How far Claude Code follows imports of imports."""

MAX_IMPORTS = 100
_MAX_CHARACTERS = 200_000

_AT = re.compile(r"(?:^|(?<=[\s(\[\"']))@((?:\./|\.\./|[\w.-])[^\s@`<>\"'|*]{0,300})")
_KIRO = re.compile(r"#\[\[file:([^\]\n]{1,300})\]\]")
_MDC_LINK = "mdc:"
_SENTENCE_END = ".,;:!?)]}"


def at_imports(body: str, path: str) -> tuple[str, ...]:
    """Read ``@file`` imports, relative to the importing file.

    Args:
        body: Markdown.
        path: The file it stands in.

    Returns:
        Paths within the root in order; mentions that cannot be a file (``@someone``) are left out.
    """
    if "@" not in body:
        return ()
    folder = posixpath.dirname(path)
    named = (match[1].rstrip(_SENTENCE_END) for text in _prose(body) for match in _AT.finditer(text))
    return _kept(within_root(folder, name) for name in named if _could_be_a_file(name))


def linked_files(body: str, path: str) -> tuple[str, ...]:
    """Read Kiro's ``#[[file:…]]`` and Cursor's ``mdc:`` links, both relative to the root."""
    named = [match[1].strip() for text in _prose(body) for match in _KIRO.finditer(text)]
    named += [
        target.removeprefix(_MDC_LINK) for target in _link_targets(body) if target.startswith(_MDC_LINK)
    ]
    return _kept(within_root("", name) for name in named if name != path)


def imported_by(
    start: str, records: Mapping[str, ConventionRecord], read: Callable[[str], str]
) -> tuple[str, ...]:
    """Follow a convention file's imports, and theirs, at most ``MAX_HOPS`` of them; cycles are cut.

    Args:
        start: The convention file.
        records: Convention files by path.
        read: Gives the text of an imported file; empty for none.

    Returns:
        What it brings in, in the order it would be read; a file that has a record by its own path.
    """
    owners = {alias: path for path, record in records.items() for alias in record.aliases}
    seen, level, found = {start}, [start], []
    for _hop in range(MAX_HOPS):
        named = [
            owners.get(name, name)
            for path in level
            for name in _named_by(path, records, read, follows=path != start)
        ]
        level = [name for name in dict.fromkeys(named) if name not in seen][:MAX_IMPORTS]
        seen.update(level)
        found += level
    return tuple(found)


def _named_by(
    path: str, records: Mapping[str, ConventionRecord], read: Callable[[str], str], *, follows: bool
) -> tuple[str, ...]:
    """What a file imports; whoever follows imports reads them in what is imported, whosever file that is."""
    known = records[path].imports if path in records else ()
    return known or (at_imports(read(path), path) if follows else ())


def within_root(folder: str, name: str) -> str | None:
    """Resolve a name relative to a folder; None when it is absolute or leaves the root."""
    if name.startswith(("/", "~", "\\")) or ":" in name or "\0" in name:
        return None
    resolved = posixpath.normpath(posixpath.join(folder, name))
    return None if resolved in {".", ".."} or resolved.startswith("../") else resolved


def _kept(paths: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for path in paths if path))[:MAX_IMPORTS]


def _could_be_a_file(name: str) -> bool:
    """Tell ``@docs/a.md``, ``@package.json`` and ``@README`` from a person's or a scope's name."""
    return "." in name.strip(".") or "/" in name or name.isupper()


def _prose(body: str) -> Iterator[str]:
    for token in _inline_tokens(body):
        if token.type == "text":
            yield token.content


def _link_targets(body: str) -> Iterator[str]:
    for token in _inline_tokens(body):
        if token.type == "link_open":
            yield str(token.attrs.get("href", ""))


def _inline_tokens(body: str) -> Iterator[Token]:
    parser = MarkdownIt("commonmark")
    # Cursor's scheme is not one that browsers know, and no link is ever followed from here.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    for token in parser.parse(body[:_MAX_CHARACTERS]):
        yield from token.children or ()
