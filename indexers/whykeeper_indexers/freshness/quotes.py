"""Code that a document quotes and that was changed since."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from whykeeper_indexers.freshness.case import Case, Check
from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.freshness.lineage import Said
from whykeeper_indexers.freshness.present import is_same_file, unspaced
from whykeeper_indexers.link_types import Finding, Freshness, Reference, ReferenceKind
from whykeeper_indexers.links.quotes import LEAST_LINES
from whykeeper_indexers.path_roles import is_aside

__all__ = ["QUOTED_SHARE", "QuoteCheck"]

QUOTED_SHARE = 0.6
"""Of a block's telling lines that one file had, each as it is written: then it was copied from there."""


class QuoteCheck(Check):
    """A block of code stands in the repository as it is quoted."""

    def names(self, reference: Reference) -> Collection[str]:
        """The telling lines, whole."""
        return reference.detail.split("\n")

    def holds(self, case: Case) -> bool | None:
        """Every line is there."""
        return None if case.present.lacking(case.reference.detail.split("\n")) else True

    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """It was copied from a file of that commit, which has it otherwise now."""
        lines = case.reference.detail.split("\n")
        having: Counter[str] = Counter()
        for line in set(lines):
            having.update(
                {
                    each.path
                    for each in history.occurrences(sha, line)
                    if each.text.strip() == line and not is_aside(each.path)
                }
            )
        if not having:
            return None
        path, count = having.most_common(1)[0]
        if path not in case.present.paths:
            # Where it went nothing tells: it may be a copy that is gone, and the quotation right.
            return None
        if count < LEAST_LINES or count < QUOTED_SHARE * len(set(lines)):
            return None
        then = {line.strip() for line in history.lines_at(sha, path)}
        if not is_same_file(then, case.present.text_lines(path)):
            # A scratch file, or one that was written anew: it does not tell what became of the quotation.
            return None
        lost = [line for line in case.present.lacking(lines) if line in then]
        if not lost:
            return None
        line = unspaced(lost[0])
        # Of the line as it is compared, the longest word is written alike however it is laid out.
        word = max(re.findall(r"\w+", lost[0]), key=len)
        said = Said(
            word, lambda lines: any(word in each and unspaced(each) == line for each in lines), lost[0]
        )
        commit = history.lineage.ended(said, sha, [path])
        if not commit:
            return None
        are = "is" if len(lost) == 1 else "are"
        what = f"{len(lost)} of {count} lines quoted from {path} {are} no longer in the code: {lost[0][:100]}"
        return Finding(
            Freshness.DRIFTED,
            case.reference.line,
            ReferenceKind.QUOTE,
            case.reference.target[:80],
            what,
            commit,
            "quote it anew",
        )
