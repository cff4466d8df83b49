"""What kind of question is it?

The words of a question say which kinds of memory deserve to win: "why" asks for decisions,
"where" for code, "which commit" for history. The answer is a prior over kinds, never a filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whykeeper_indexers.catalog import query_terms
from whykeeper_indexers.code import is_code
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.path_words import without_steps
from whykeeper_indexers.search.lines import spelled_lines
from whykeeper_indexers.search.statuses import StatusQuestion, status_question
from whykeeper_indexers.types import Kind, LineRange

__all__ = ["LONGEST_READ", "QueryAnalysis", "analyse"]

LONGEST_READ = 4_000
"""A longer question is cut here: beyond it, words add cost and no evidence."""

_IDENTIFIER = re.compile(
    r"""
    (?:[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|::|\#|->)[A-Za-z_][A-Za-z0-9_]*)+   # a.b, A::b
    | [a-z0-9]+(?:_[a-z0-9]+)+                                            # snake_case
    | [A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+                                       # CONSTANT_CASE
    | [a-z]+(?:[A-Z][a-z0-9]*)+                                           # camelCase
    | [A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+                                   # PascalCase
    )""",
    re.VERBOSE,
)
_PATH = re.compile(r"(?<![\w/])(?:[\w.@-]+/)+[\w.@-]+|(?<![\w/.])[\w-]+\.[A-Za-z]{1,5}(?![\w/(])")
"""With a slash it is a path; without one it is when its ending is that of a file we know."""
_FOLDER = re.compile(r"(?<![\w/.])[\w.@-]+/(?![\w.@/-])")
"""One name and a slash at its end: a folder in the root, or anywhere."""
_RECORD = re.compile(
    r"\b(?:adr|rfc|[a-z]ep|decision|record|proposal)s?(?:[\s#_-]|no\.?|number)*(\d{1,5})\b", re.IGNORECASE
)
"""ADR-0012, ADR 12, RFC #7, PEP 8, decision record number 3."""
_COMMIT = re.compile(r"(?<![\w/.-])(?=[0-9a-f]{0,39}[0-9])(?=[0-9]{0,39}[a-f])[0-9a-f]{7,40}(?![\w/-])")
"""A hash has digits and letters; seven of them are what git shows."""
_ISSUE = re.compile(r"(?<![\w#])#(\d{1,7})\b")
_QUOTED = re.compile(r'"([^"]{2,120})"|`([^`]{2,120})`')

_WORD = re.compile(r"\w{2,}")
_SENTENCE_ENDS = re.compile(r"(^|[.!?:])\W*$")
_INNER_CAPITAL = re.compile(r"[^\W\d_A-Z][A-Z]|[A-Z]{2}")

_REASON = re.compile(
    r"\b(why|reasons?|rationale|rejected|ruled out|turn(?:ed|ing)? (?:\w+ )?down|instead of|rather than|"
    r"trade-?offs?|decisions?|decided (?:to|on|against|about|not)|did (?:we|you|they) (?:decide|choose|pick)|"
    r"chose|chosen over|motivat\w+|justif\w+|alternatives?|g[ai]ve up|grounds|arguments? (?:for|against)|"
    r"purpose|drawbacks?|downsides?|weighed|considered|discussed|stance|criteria|deliberate\w*|intended|"
    r"on purpose)\b",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\b(how (?:do|should|are|must) (?:we|i|you|one)|(?:should|must|may|can|do) i|may (?:my|we)|"
    r"must (?:an?|its?)|what must|am i allowed|allowed|acceptable|conventions?|rules?|guidelines?|house "
    r"style|naming|format|supposed to|expected to|required|mandatory|before (?:committing|merging|opening|"
    r"pushing)|do we)\b",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(still|in force|currently|nowadays|now|supersed\w+|replace[sd]|deprecat\w+|obsolete|outdated|"
    r"up to date|valid|any ?more|abandon\w+|status)\b",
    re.IGNORECASE,
)
_CODE_NOUN = r"(?:functions?|methods?|class(?:es)?|helpers?|handlers?|routines?|modules?|hooks?)"
_PLACE = re.compile(
    rf"\b(where (?:is|are|was|does|do|did|can) (?!i (?:put|fix|add|write|report))|"
    rf"which (?:\w+ )?(?:code|files?|interfaces?|types?|lists?|{_CODE_NOUN})|what (?:code|{_CODE_NOUN})|"
    rf"(?:functions?|methods?|helpers?|handlers?|routines?|code) (?:that|for|which|to|\w+ing)|"
    rf"existing (?:\w+ )?(?:code|util\w*|{_CODE_NOUN})|what exists|single place|"
    r"implement(?:ed|s|ation)|base class\w*|reuse|helpers?)\b",
    re.IGNORECASE,
)
_HISTORY = re.compile(
    r"\b(commits?|when (?:did|was|were)|history|introduc\w+|regress\w+|bug|fix(?:ed|es)?|revert\w*|"
    r"changed|removed|dropped|stopped|started|went wrong|broke\w*|crash\w*|incident|pull request|pr)\b",
    re.IGNORECASE,
)

_RECORD_NOUN = r"(?:choice|decision|record|adr|rfc|rule|policy|convention|guideline)s?"
_WHETHER = re.compile(
    rf"\b(?:is|are) there (?:an?|any|some) (?:\w+ )?{_RECORD_NOUN}\b|\bany (?:\w+ )?{_RECORD_NOUN}\b|"
    r"\b(?:do|does) (?:we|you|they|the (?:project|team|repository)) have (?:an?|any) (?:\w+ )?"
    rf"{_RECORD_NOUN}\b|"
    r"\bdid (?:we|you|they|the (?:project|team|maintainers)|anyone)(?: ever)? "
    r"(?:decide|choose|agree|consider|settle)\b|"
    r"\b(?:was|were) (?:\S+ ){1,8}?(?:ever )?(?:considered|decided|discussed)\b|"
    r"\bever (?:considered|decided|discussed)\b|\bdecide against\b|"
    rf"\b(?:our|the|a|an) (?:policy (?:for|on)|{_RECORD_NOUN} (?:about|on) .*\bsays?)\b|"
    rf"\bwhat does (?:our|the|an?|any) {_RECORD_NOUN} (?:about|on)\b",
    re.IGNORECASE,
)
"""Whoever asks like this does not know whether anything is recorded: often nothing is."""
_WHETHER_WORDS = re.compile(
    rf"\b(?:{_RECORD_NOUN}|record(?:ed)?|is there|do|does|did|we|you|they|team|project|maintainers|anyone|"
    r"anything|ever|have|decided?|choose|agree|settle|consider(?:ed)?|discussed|alternatives?|what|say|says|about)\b",
    re.IGNORECASE,
)
"""What such a question is made of, beside what it asks about."""

# Priors multiply a kind's fused score; but for what asks for a place in the code they stay near 1, so that
# evidence, not phrasing, decides.
_NEUTRAL: Mapping[Kind, float] = {
    Kind.DECISION: 1.15,
    Kind.CONVENTION: 1.05,
    Kind.DOCUMENT: 1.0,
    Kind.PLAN: 1.0,
    Kind.CODE: 0.95,
    Kind.COMMIT: 0.75,
}
ASKS_FOR_CODE = 1.8
"""Documents tell of what code does in the question's own words, and stand before it without this."""
ASKS_FOR_PROSE = 0.8
"""For code, where a reason, a rule or what still holds is asked for."""


@dataclass(frozen=True, slots=True)
class QueryAnalysis:
    """What a question's own words tell.

    Attributes:
        text: The question, bounded and stripped.
        identifiers: Names that look like code, as typed.
        paths: What looks like a path or a file name, as typed.
        folders: What may be the path of a folder, without a slash at its end.
        only_paths: Nothing but paths is said, or lines of them.
        lines: To paths the lines that are asked for.
        phrases: What was quoted, without its quotes.
        records: Numbers of decision records that it names.
        status: Which status it asks decision records of; None when it asks for none.
        commits: What looks like a commit's hash, or the beginning of one.
        issues: Numbers of issues and pull requests, as in ``#12``.
        names: Words that are written as names are, with a capital inside a sentence or in the word.
        priors: A multiplier for each kind.
        asks_whether: It asks whether something is recorded at all.
        topic: What it asks about, without the words that ask whether it is recorded.
    """

    text: str
    identifiers: tuple[str, ...]
    paths: tuple[str, ...]
    folders: tuple[str, ...]
    only_paths: bool
    lines: Mapping[str, LineRange]
    phrases: tuple[str, ...]
    records: frozenset[int]
    status: StatusQuestion | None
    commits: tuple[str, ...]
    issues: frozenset[int]
    names: tuple[str, ...]
    priors: Mapping[Kind, float]
    asks_whether: bool
    topic: str

    @property
    def files(self) -> tuple[str, ...]:
        """Paths that can only be files': with a folder and an ending. Prose has "create/close", too."""
        return tuple(path for path in self.paths if "/" in path and "." in path.rpartition("/")[2][1:])


def analyse(text: str) -> QueryAnalysis:
    """Read a question.

    Args:
        text: As asked, of any length.

    Returns:
        The bounded question and what its wording suggests.
    """
    question = " ".join(text[:LONGEST_READ].split())
    plain, lines = spelled_lines(question)
    written = map(without_steps, _PATH.findall(plain))
    paths = tuple(dict.fromkeys(found for found in written if _is_path(found)))
    rest = question
    folders = tuple(dict.fromkeys(_folders(question, paths)))
    for path in paths:
        rest = rest.replace(path, " ")
    asks_whether = bool(_WHETHER.search(question))
    identifiers = tuple(dict.fromkeys(_IDENTIFIER.findall(rest)))
    phrases = tuple(dict.fromkeys(quoted or ticked for quoted, ticked in _QUOTED.findall(question)))
    return QueryAnalysis(
        question,
        identifiers,
        paths,
        folders,
        bool(paths or folders) and _says_nothing_else(plain, (*paths, *folders)),
        {path: lines[path] for path in paths if path in lines},
        phrases,
        frozenset(map(int, _RECORD.findall(question))),
        status_question(question),
        tuple(dict.fromkeys(_COMMIT.findall(question))),
        frozenset(map(int, _ISSUE.findall(question))),
        tuple(dict.fromkeys(_names(question))),
        _priors(question, identifiers, paths),
        asks_whether,
        _WHETHER_WORDS.sub(" ", question) if asks_whether else question,
    )


def _folders(question: str, paths: tuple[str, ...]) -> Iterator[str]:
    yield from (path.strip("/") for path in paths if "/" in path)
    yield from (found.rstrip("/") for found in _FOLDER.findall(question))


def _says_nothing_else(question: str, paths: tuple[str, ...]) -> bool:
    return set(query_terms(question)) <= set(query_terms(" ".join(paths)))


def _names(question: str) -> Iterator[str]:
    for found in _WORD.finditer(question):
        word = found.group()
        begins = _SENTENCE_ENDS.search(question, 0, found.start())
        written_so = _INNER_CAPITAL.search(word) or (word[0].isupper() and not begins)
        if written_so and not _WHETHER_WORDS.fullmatch(word):
            yield word


def _is_path(text: str) -> bool:
    return "/" in text or is_document(text) or is_code(text)


def _priors(question: str, identifiers: tuple[str, ...], paths: tuple[str, ...]) -> Mapping[Kind, float]:
    priors = dict(_NEUTRAL)
    reason = _REASON.search(question)
    if reason:
        _scale(priors, {Kind.DECISION: 1.15, Kind.DOCUMENT: 1.05, Kind.CODE: ASKS_FOR_PROSE})
    if _RULE.search(question):
        _scale(
            priors,
            {Kind.CONVENTION: 1.15, Kind.DOCUMENT: 1.05, Kind.DECISION: 1.05, Kind.CODE: ASKS_FOR_PROSE},
        )
    if _STATUS.search(question):
        _scale(priors, {Kind.DECISION: 1.1, Kind.CODE: ASKS_FOR_PROSE})
    if _PLACE.search(question):
        _scale(priors, {Kind.CODE: ASKS_FOR_CODE})
    elif paths or (identifiers and not reason):
        _scale(priors, {Kind.CODE: 1.25})
    if _HISTORY.search(question):
        _scale(priors, {Kind.COMMIT: 1.35})
    return priors


def _scale(priors: dict[Kind, float], factors: Mapping[Kind, float]) -> None:
    for kind, factor in factors.items():
        priors[kind] *= factor
