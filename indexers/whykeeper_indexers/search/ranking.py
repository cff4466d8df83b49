"""What a list of vectors does not know: pure adjustments of a candidate's score.

Each function looks at one candidate and the question's analysis and gives a factor; 1 means no
opinion. The constants are small on purpose: they settle close calls, they don't outvote evidence. Only
what a question spells outright is put before everything else.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from whykeeper_indexers.decisions.sections import is_appendix
from whykeeper_indexers.search.agreement import AGREEING_CHUNK, MAX_AGREEING, by_file, lift_best
from whykeeper_indexers.search.analysis import QueryAnalysis
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.code_ranking import (
    CODE_FEATURES,
    Feature,
    defines_name,
    factors_of,
    rank_code,
    source_before_tests,
)
from whykeeper_indexers.search.folders import asks_for_folder, named_folder
from whykeeper_indexers.search.names import question
from whykeeper_indexers.search.statuses import has_asked_status
from whykeeper_indexers.types import Kind

__all__ = [
    "COMPARED_CLOSELY",
    "FEATURES",
    "Opinions",
    "collapse",
    "consider",
    "is_named",
    "prefer_agreement",
    "rank",
    "spelled_files",
    "spells_path",
]

_COPY_PART = re.compile(
    r"(^|/)(vendor|third_party|node_modules|dist|archive[ds]?|legacy|deprecated|old|versioned_docs)/",
    re.IGNORECASE,
)
_ISSUE = re.compile(r"#(\d{1,7})\b")
_TRANSLATION = re.compile(
    r"(^|/)(i18n|locales?|translations?|l10n)/[a-z]{2}([_-][A-Za-z]{2,4})?/|"
    r"(readme[._-]|\.)(de|es|fr|it|ja|ko|pt|ru|zh)([_-](br|cn|tw|hans|hant))?\.(mdx?|rst|txt|adoc)$",
    re.IGNORECASE,
)
_PATHS_REMEMBERED = 20_000

OVERTAKEN_DECISION = 0.8
"""A decision that no longer holds stands below the one that does, but is still found."""
COPIED_SOURCE = 0.7
TRANSLATED_DOCUMENT = 0.6
"""A translation says what its original says, to fewer readers."""
NAMED_FILE = 1.5
"""For a file of a name that the question spells: other folders may have one too."""
NAMED_OUTRIGHT = 20.0
"""For what the question spells the path or the record's number of. That is no evidence to be weighed: whoever
spells it means it, and it says nothing that words or meaning could find."""
ASKED_STATUS = 1.5
"""For records of a status that is asked for beside a matter: of others than those, on this matter, something
may be worth knowing too."""
RECORD_APPENDIX = 0.8
"""Which passage of a record comes first is nothing that measures of whole files see."""
THIN_PASSAGE = 0.85
THIN_CHARACTERS = 160
"""Two lines: a heading with a pointer. Both retrievers overrate them, for being short."""

COMPARED_CLOSELY = 20
"""Candidates that are compared with the question word by word; with 30 or 45 the answers are the same."""
AGREEMENT_WEIGHT = 2.0
"""Of a cosine, in the logarithm of a score; 1 to 4 are alike."""

SAME_WORDS = 0.8
"""Share of words (Jaccard, 1901) from which on two passages under one heading are versions of each other; 0.6
to 0.9 find the same."""

PER_FILE = 2
"""Results of one file in an answer: the caller can read the rest by id."""


def decision_in_force(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put a decision in force before the one it replaced, unless that is what is asked for."""
    decision = candidate.decision
    if decision is None or decision.in_force or has_asked_status(decision, analysis.status):
        return 1.0
    return OVERTAKEN_DECISION


def original_before_copy(candidate: Candidate, _analysis: QueryAnalysis) -> float:
    """Put a document before its translation, and live sources before vendored and archived ones."""
    return _originality(candidate.chunk.path or "")


@lru_cache(_PATHS_REMEMBERED)
def _originality(path: str) -> float:
    if _TRANSLATION.search(path):
        return TRANSLATED_DOCUMENT
    return COPIED_SOURCE if _COPY_PART.search(path) else 1.0


def named_file(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put the file whose path or name the question spells first."""
    path = candidate.chunk.path
    if not analysis.paths or not path:
        return 1.0
    if spells_path(analysis, path):
        exactly = analysis.only_paths and path in analysis.paths
        return NAMED_OUTRIGHT ** (1 + _is_shown_first(candidate, analysis) + exactly)
    name = PurePosixPath(path).name
    return NAMED_FILE if any(path.endswith(asked) or name == asked for asked in analysis.paths) else 1.0


def named_record(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put the decision record whose number the question names first."""
    return NAMED_OUTRIGHT if spells_record(candidate, analysis) else 1.0


def asked_status(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put the decision records first that have the status which is asked for."""
    if analysis.status is None or not has_asked_status(candidate.decision, analysis.status):
        return 1.0
    # A project's own records come before those that its tests read.
    outright = NAMED_OUTRIGHT ** (1.0 if source_before_tests(candidate, analysis) < 1.0 else 1.5)
    return outright if analysis.status.alone else ASKED_STATUS


def named_commit(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put the commit first whose hash, issue or pull request the question spells."""
    return NAMED_OUTRIGHT if spells_commit(candidate, analysis) else 1.0


def _is_shown_first(candidate: Candidate, analysis: QueryAnalysis) -> bool:
    """Whether a candidate is what a named file is shown by, where the file itself is what is asked for."""
    return candidate.opens and (analysis.only_paths or bool(analysis.lines))


def spells_path(analysis: QueryAnalysis, path: str) -> bool:
    """Whether a question spells a file's path, or enough of its end."""
    return any(path == asked or path.endswith(f"/{asked}") for asked in spelled_files(analysis))


def spelled_files(analysis: QueryAnalysis) -> list[str]:
    """Give the ends of paths that a question means a file by.

    They have a folder's name; the file's is enough where nothing else is said, or its lines are.
    """
    alone = analysis.only_paths
    return [asked for asked in analysis.paths if "/" in asked or alone or asked in analysis.lines]


def spells_record(candidate: Candidate, analysis: QueryAnalysis) -> bool:
    """Whether a question spells the number of the decision record that a candidate stands in."""
    return candidate.decision is not None and candidate.decision.number in analysis.records


def spells_commit(candidate: Candidate, analysis: QueryAnalysis) -> bool:
    """Whether a question spells the hash of a commit that was taken in for it, or a number in its subject."""
    if candidate.chunk.kind is not Kind.COMMIT:
        return False
    numbers = map(int, _ISSUE.findall(candidate.chunk.title)) if analysis.issues else ()
    return (bool(analysis.commits) and candidate.opens) or not analysis.issues.isdisjoint(numbers)


def is_named(candidate: Candidate, analysis: QueryAnalysis) -> bool:
    """Whether a question spells what a candidate stands in: a path, a record, a commit or a folder."""
    spelled = spells_path(analysis, candidate.chunk.path or "") or spells_record(candidate, analysis)
    listed = bool(analysis.status and analysis.status.alone)
    spelled = spelled or (listed and has_asked_status(candidate.decision, analysis.status))
    return spelled or spells_commit(candidate, analysis) or asks_for_folder(candidate, analysis)


def matter_before_appendix(candidate: Candidate, _analysis: QueryAnalysis) -> float:
    """Put what a decision record says before its links and its status, which use the same words."""
    return RECORD_APPENDIX if candidate.decision and is_appendix(candidate.chunk) else 1.0


def says_enough(candidate: Candidate, _analysis: QueryAnalysis) -> float:
    """Put a passage that says something before a line or two that happens to share words."""
    return THIN_PASSAGE if candidate.chunk.characters < THIN_CHARACTERS else 1.0


def kind_prior(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Weigh the kind of memory by what the question's wording asks for."""
    return analysis.priors[candidate.chunk.kind]


FEATURES: dict[str, Feature] = {
    "kind": kind_prior,
    "in force": decision_in_force,
    "source before tests": source_before_tests,
    "original before copy": original_before_copy,
    "defines the name": defines_name,
    "names the file": named_file,
    "names the folder": named_folder,
    "names the record": named_record,
    "has the status": asked_status,
    "names the commit": named_commit,
    "matter": matter_before_appendix,
    "says enough": says_enough,
}


class Opinions(NamedTuple):
    """What features say of rows, before their scores are known.

    Attributes:
        general: Of passages of all kinds.
        of_code: Further ones, of code.
    """

    general: Mapping[int, Sequence[tuple[str, float]]]
    of_code: Mapping[int, Sequence[tuple[str, float]]]


def consider(candidates: Collection[Candidate], analysis: QueryAnalysis) -> Opinions:
    """Ask the features about candidates whose scores are still to come."""
    code = [each for each in candidates if each.chunk.kind is Kind.CODE]
    return Opinions(
        {each.stored.rowid: factors_of(FEATURES, each, analysis) for each in candidates},
        {each.stored.rowid: factors_of(CODE_FEATURES, each, analysis) for each in code},
    )


NO_OPINIONS = Opinions({}, {})


def rank(
    candidates: Iterable[Candidate], analysis: QueryAnalysis, known: Opinions = NO_OPINIONS
) -> list[Candidate]:
    """Apply every feature and sort.

    Args:
        candidates: With fused scores; changed in place.
        analysis: Of the question.
        known: What the features say of some of them.

    Returns:
        Best first; ties in the order given.
    """
    ranked = list(candidates)
    for candidate in ranked:
        factors = known.general.get(candidate.stored.rowid)
        for name, factor in factors_of(FEATURES, candidate, analysis) if factors is None else factors:
            candidate.scale(name, factor)
    for same_file in by_file(candidate for candidate in ranked if candidate.chunk.kind is not Kind.CODE):
        lift_best(same_file, AGREEING_CHUNK, MAX_AGREEING)
    code = [candidate for candidate in ranked if candidate.chunk.kind is Kind.CODE]
    rank_code(code, analysis, known.of_code)
    return sorted(ranked, key=lambda candidate: -candidate.score)


def prefer_agreement(
    ranked: Sequence[Candidate], agreements: Sequence[float], analysis: QueryAnalysis
) -> list[Candidate]:
    """Raise the best candidates by how well they say each of the question's words.

    A question of a few words names what it seeks, and names tell which code that is; one of many describes
    it. So all code is raised among all kinds, and reordered in itself the more words a question has.

    Args:
        ranked: Best first; their scores change.
        agreements: Of the first of them, -1 to 1; see ``LateInteraction.agreement``.
        analysis: Of the question.

    Returns:
        Best first; those without an agreement count like the one that agrees least.
    """
    least = min(agreements, default=0.0)
    factors = [math.exp(AGREEMENT_WEIGHT * (agreement - least)) for agreement in agreements]
    compared = list(zip(ranked, factors, strict=False))
    code = [(each, factor) for each, factor in compared if each.chunk.kind is Kind.CODE and each.score > 0]
    for candidate, factor in compared:
        if candidate.chunk.kind is not Kind.CODE:
            candidate.scale("says the words", factor)
    level = sorted((each.score * factor for each, factor in code), reverse=True)
    share = question(analysis.text).describes
    code.sort(key=lambda pair: -pair[0].score * pair[1] ** share)
    for (candidate, _), score in zip(code, level, strict=True):
        candidate.scale("says the words", score / candidate.score)
    return sorted(ranked, key=lambda candidate: -candidate.score)


class _Versions:
    """Passages under the same heading in other documents, to know another version of one by."""

    def __init__(self) -> None:
        self._words: defaultdict[str, list[frozenset[str]]] = defaultdict(list)

    def has_another(self, title: str, text: str) -> bool:
        """Whether one that was shown here before says nearly the same in the same words."""
        words, others = frozenset(text.lower().split()), self._words[title]
        if any(len(words & other) >= SAME_WORDS * len(words | other) for other in others):
            return True
        others.append(words)
        return False


def collapse(candidates: Iterable[Candidate], limit: int, asked_for: Collection[str] = ()) -> list[Candidate]:
    """Keep at most a few chunks of one file, and drop passages that others repeat or contain.

    Args:
        candidates: Best first, with their texts.
        limit: How many to keep.
        asked_for: Files that the caller named to look into: of these, any number of chunks.

    Returns:
        At most ``limit``, best first.
    """
    texts: defaultdict[str, list[str]] = defaultdict(list)
    everything: set[str] = set()
    versions = _Versions()
    kept: list[Candidate] = []
    for candidate in candidates:
        chunk = candidate.whole.chunk
        of_file, text = texts[chunk.path or chunk.commit or ""], " ".join(chunk.text.split())
        wanted = candidate.opens or chunk.path in asked_for
        most = 1 if chunk.kind is Kind.COMMIT else limit if wanted else PER_FILE
        if len(of_file) >= most or text in everything:
            continue
        if any(text in other or other in text for other in of_file):
            continue
        if chunk.kind is Kind.DOCUMENT and versions.has_another(chunk.title, text):
            continue
        of_file.append(text)
        everything.add(text)
        kept.append(candidate)
        if len(kept) == limit:
            break
    return kept
