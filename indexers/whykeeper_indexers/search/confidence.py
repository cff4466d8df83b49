"""Does anything that was found answer the question?

An agent acts on the first results, so an answer about something else is worse than none. Two
independent signs are weighed: how near the best passages are in meaning, and how much of what the
question's words can give the first one has. Whoever asks whether something is recorded at all gets a
yes for more evidence only, of which it is a part how much of the topic one passage of prose says. A
question that names what no passage mentions needs more, too.

The weights are a logistic regression's, over 151 questions that have an answer, 12 that have none, and
302 asked of another repository than their own; fixed on three repositories and checked on three others, both
ways round.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence

from whykeeper_indexers.catalog import query_terms
from whykeeper_indexers.catalog.words import spellings
from whykeeper_indexers.search.analysis import QueryAnalysis
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.ranking import is_named
from whykeeper_indexers.types import Kind

__all__ = ["CONSIDERED", "is_confident"]

ENOUGH = 0.36
"""Evidence, in cosines of the default model, above which an answer is taken for one."""
OF_MANY = 0.03
"""So much more for e times as many passages to be near by chance, from `FEW` on."""
FEW = 650
WORDS_SHARE = 0.5
"""What a first passage with all words of the question adds to the cosine."""
RECORDED = 1.1
"""What is called for, topic included, where it is asked whether anything is recorded."""
TOPIC_SHARE = 0.5
"""What a passage of prose with all words of the topic adds there."""
NAME_MISSING = 0.3
"""So much more where the question spells a name that nothing considered mentions; 0.2 tells apart as well."""
NEAR_WITHOUT_WORDS = 0.6
"""The cosine where none of the question's words is in it: gibberish, too, is near to something."""
COVERED = 0.34
"""Share of the question's words that must stand in the best passages when meaning is silent."""
CONSIDERED = 5
"""Of the results, however many were asked for."""
NEAREST = 3
"""Of those considered, the mean of so many: one alone may be near by chance."""
SHORT_WORD = 5
SHORT_NAME = 3
_RECORDS = frozenset({Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT})
"""Code and commits that use the words of a question don't say that anything was decided."""
_WORD = re.compile(r"\w+")


def is_confident(
    top: Sequence[Candidate],
    terms: Sequence[str],
    analysis: QueryAnalysis,
    comparable: Collection[Kind],
    compared: int = FEW,
) -> bool:
    """Judge an answer.

    Args:
        top: Results, best first.
        terms: The question's distinct words as ``catalog.query_terms`` gives them; without one that carries
            meaning only what the question names outright is an answer.
        analysis: Of the question.
        comparable: Kinds whose cosines are the transformer's; the static model's are higher, for anything.
        compared: How many passages of these kinds the question was compared with.

    Returns:
        False when nothing in ``top`` is likely to answer.
    """
    considered = top[:CONSIDERED]
    if not considered:
        return False
    if any(is_named(candidate, analysis) for candidate in considered):
        return True
    if not terms or (analysis.only_paths and _misses_name(considered, analysis)):
        return False
    if analysis.status is not None and analysis.status.alone:
        # Records of a status are asked for, and none is among what was found.
        return False
    coverage = max(_coverage(candidate, terms) for candidate in considered)
    if all(candidate.similarity is None for candidate in considered):
        in_doubt = analysis.asks_whether or _misses_name(considered, analysis)
        return _recorded(considered, analysis) >= 1.0 if in_doubt else coverage >= COVERED
    nearest = sorted(
        (c.similarity for c in considered if c.similarity is not None and c.chunk.kind in comparable),
        reverse=True,
    )[:NEAREST]
    if not coverage:
        return bool(nearest) and nearest[0] >= NEAR_WITHOUT_WORDS and not analysis.asks_whether
    meaning = sum(nearest) / len(nearest) if nearest else 0.0
    evidence = meaning + WORDS_SHARE * considered[0].word_strength
    called_for = ENOUGH
    if analysis.asks_whether:
        called_for = RECORDED
        evidence += TOPIC_SHARE * _recorded(considered, analysis)
    by_chance = OF_MANY * math.log(max(compared, FEW) / FEW)
    return evidence >= called_for + by_chance + NAME_MISSING * _misses_name(considered, analysis)


def _recorded(considered: Sequence[Candidate], analysis: QueryAnalysis) -> float:
    """How much of what is asked about one passage of prose says."""
    topic = query_terms(analysis.topic)
    return max((_coverage(each, topic) for each in considered if each.chunk.kind in _RECORDS), default=0.0)


def _misses_name(considered: Sequence[Candidate], analysis: QueryAnalysis) -> bool:
    """Whether nothing mentions a name or a file that the question spells."""
    names = (*analysis.names, *analysis.files)
    said = " ".join(map(_said, considered)) if names else ""
    return any(not _mentions(said, name) for name in names)


def _mentions(said: str, name: str) -> bool:
    """Whether a text has a name: a short one as a word, but for acronyms, which are said in many ways."""
    folded = name.lower()
    short = len(name) <= SHORT_NAME and not name.isupper()
    return folded in said and (not short or folded in _WORD.findall(said))


def _said(candidate: Candidate) -> str:
    """A passage with its headings and its path, lower case."""
    chunk = candidate.whole.chunk
    return " ".join((chunk.title, *chunk.breadcrumb, chunk.text, chunk.path or "")).lower()


def _coverage(candidate: Candidate, terms: Sequence[str]) -> float:
    """The share of the terms that a passage, its headings or its path hold, in any inflection."""
    haystack = _said(candidate)
    words = f" {' '.join(_WORD.findall(haystack))} " if any(" " in term for term in terms) else ""
    found = sum(_is_said(term.lower(), haystack, words) for term in terms)
    return found / len(terms) if terms else 0.0


def _is_said(term: str, haystack: str, words: str) -> bool:
    if " " in term:
        return any(spelled.replace('"', " ") in words for spelled in spellings(term))
    return _stem(term.strip('"')) in haystack


def _stem(word: str) -> str:
    """Cut what inflection may change: enough to tell whether a passage uses the word."""
    return word if len(word) <= SHORT_WORD else word[: max(SHORT_WORD, len(word) - 3)]
