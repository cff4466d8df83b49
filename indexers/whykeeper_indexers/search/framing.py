"""What stands around a passage when it is shown: written where answers are, counted into their budget."""

from __future__ import annotations

import re
from collections.abc import Sequence

from whykeeper_indexers.link_types import Freshness
from whykeeper_indexers.printable import one_line

__all__ = [
    "CUT",
    "binding_line",
    "fence",
    "headline",
    "place",
    "rule_line",
    "rules_heading",
    "short_title",
    "standing",
    "under_line",
]

MOST_TITLE = 120
"""Characters of a title that are shown: the names of all constants tell no more than the first of them."""
CUT = "[…]"

_TICKS = re.compile("`+")
_BREADCRUMB = " > "


def headline(where: str, kind: str, title: str, item_id: str, standing: Sequence[str] = ()) -> str:
    """Write the line above a passage: its place, what it is, and the id to read the whole by."""
    return one_line(f"{where} [{', '.join((kind, *standing))}] {title} (id {item_id})")


def standing(
    status: str | None,
    superseded_by: Sequence[str] | None,
    amended_by: Sequence[str] | None,
    freshness: str | None = None,
) -> tuple[str, ...]:
    """Say of a decision whether it holds and which say more about that; of a document what is stale."""
    by = f" by {', '.join(superseded_by)}" if superseded_by else ""
    said = f"{status or 'superseded'}{by}" if status or by else ""
    amended = f"amended by {', '.join(amended_by)}" if amended_by else ""
    stale = freshness if freshness != Freshness.FRESH else None
    return tuple(filter(None, (said, amended, stale)))


def binding_line(because: str | None) -> str:
    """Write the line that says why something binds."""
    return f"   applies: {because}"


def rules_heading(
    path: str, because: str | None, paths: Sequence[str] | None, freshness: str | None = None
) -> str:
    """Write the line above the rules of a file: whether it is stale, why it binds, and what if not all."""
    stale = "".join(f" [{said}]" for said in standing(None, (), (), freshness))
    why = f" ({because})" if because else ""
    bound = f", for {', '.join(paths)}" if paths else ""
    return f"Rules of {path}{stale}{why}{bound}, by line:"


def under_line(under: str) -> str:
    """Write what the rules that follow stand under."""
    return f"[{under}]"


def rule_line(line: int, text: str, also: Sequence[str] | None) -> str:
    """Write a rule with its line, and the other places that say the same."""
    places = f" (also {', '.join(also)})" if also else ""
    return f"{line}{places}: {text}"


def place(path: str | None, lines: tuple[int, int] | None, commit: str | None) -> str:
    """Say where something stands: path and lines, or commit."""
    if commit and not path:
        return f"commit {commit[:12]}"
    return f"{path}:{lines[0]}-{lines[1]}" if lines else str(path)


def fence(text: str) -> str:
    """The backticks to put around a text that may hold some."""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    return "`" * max(3, longest + 1)


def short_title(title: str) -> str:
    """Cut an overlong title: of headings the outer ones go, of a list of names the last."""
    if len(title) <= MOST_TITLE:
        return title
    *outer, last = title.split(_BREADCRUMB)
    if len(last) > MOST_TITLE:
        return f"{last[:MOST_TITLE].rsplit(' ', 1)[0].rstrip(',')} …"
    while len(_BREADCRUMB.join((*outer, last))) > MOST_TITLE:
        outer.pop(0)
    return _BREADCRUMB.join(("…", *outer, last))
