"""How much of the code that a document names has changed since the document was touched."""

from __future__ import annotations

from collections.abc import Iterator

from whykeeper_indexers.code import is_code
from whykeeper_indexers.freshness.case import Document
from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.freshness.present import Present
from whykeeper_indexers.link_types import Finding, Freshness, Reference, ReferenceKind

__all__ = ["ageing"]

AGEING_SHARE = 0.4
"""Of the lines that a named file had, those that are gone: from here on little can be taken for granted."""
LEAST_LINES = 30
"""Of a file; what is said of a few lines is soon read."""
MOST_FILES = 40
"""Of one document: one that names more is a list of files."""


def ageing(document: Document, present: Present, history: History) -> Iterator[Finding]:
    """Files of code that were largely rewritten since the document was touched.

    Args:
        document: Which names them.
        present: The repository now.
        history: And then.
    """
    files = _named(document, present)
    if not files or document.touched is None:
        return
    changed = history.changed(document.touched, list(files))
    for path, reference in files.items():
        added, deleted = changed.get(path, (0, 0))
        before = _count(present.text_lines(path)) - added + deleted
        if before >= LEAST_LINES and deleted >= AGEING_SHARE * before:
            share = min(100, round(100 * deleted / before))
            it = "it" if reference.target.strip("./") == path else path
            what = f"{share} % of {it} was rewritten since this was last touched"
            commit = history.lineage.changed(path, document.touched)
            yield Finding(
                Freshness.AGEING,
                reference.line,
                ReferenceKind.PATH,
                reference.target,
                what,
                commit,
                "read it again beside the code",
            )


def _count(lines: list[str]) -> int:
    """Lines as a difference counts them: those that are not blank."""
    return sum(bool(line.strip()) for line in lines)


def _named(document: Document, present: Present) -> dict[str, Reference]:
    found: dict[str, Reference] = {}
    for each in document.references:
        if each.kind is not ReferenceKind.PATH or each.past:
            continue
        meant = present.paths.found(each.target, document.path, each.form)
        if len(meant) == 1 and meant[0] in present.paths.files and is_code(meant[0], ""):
            found.setdefault(meant[0], each)
    return dict(list(found.items())[:MOST_FILES])
