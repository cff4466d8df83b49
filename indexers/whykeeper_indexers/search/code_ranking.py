"""What speaks for or against a passage of code: pure factors, as in ``search.ranking``; 1 means no opinion.

They settle which code comes first, not whether code comes before prose: names are words of the
question more often in code than anywhere else. The weights were fixed on half of 21 repositories
in 15 languages and checked on the other half.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from whykeeper_indexers.code import symbols_of
from whykeeper_indexers.search.agreement import AGREEING_CHUNK, MAX_AGREEING, by_file, lift_best, lifted
from whykeeper_indexers.search.analysis import QueryAnalysis
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.names import path_names, question, stands_for_folder, words_of
from whykeeper_indexers.types import Kind, Role

__all__ = ["CODE_FEATURES", "Feature", "defines_name", "factors_of", "rank_code", "source_before_tests"]

Feature = Callable[[Candidate, QueryAnalysis], float]

FILE_NAME = 2.0
"""For a file whose whole name the question says. By the square of the share, since a name of which
half is something else is the name of something else."""
FOLDER_NAME = 3.0
"""For a folder that says all of the question beside a file whose name says nothing else; 2 to 5 are alike."""
SYMBOL_NAME = 0.5
"""For a symbol that says the whole question and nothing else."""
DEFINITION = 2.0
"""For the definition of a name that the question spells."""
QUALIFIED_DEFINITION = 6.0
"""For the one that it spells with its class or module: others of that name are not meant."""
AGREEING = 0.15
"""What each further passage of a file adds to its best one: a file that is about something is about it
in many places."""
FURTHER_PASSAGE = 0.25
"""What each passage of a file keeps beside the one before it: the next file tells more, and whoever wants
more of this one reads on by its id."""
TEST_SOURCE = 0.75
"""A test repeats the words of what it tests."""
TEST_AMONG_CODE = 0.65
"""Once more among code, where what it tests stands beside it."""
EXAMPLE = 0.5
"""Examples and benchmarks use what the question is about, and explain it less than its source."""

_TEST_PART = re.compile(
    r"(^|[/_.-])(tests?|specs?|__tests__|testdata|fixtures?|mocks?)([/_.-]|$)", re.IGNORECASE
)
_SAMPLE_FOLDER = re.compile(
    r"(^|/)([^/]*[_.-])?(tests?|__tests__|(?P<data>testdata|fixtures?|mocks?))([_.-][^/]*)?(?=/)",
    re.IGNORECASE,
)
"""Where documents are what tests read. Those in a folder of specifications are meant for people."""
_ABOUT_TESTS = re.compile(r"\b(tests?|tested|testing|specs?|fixtures?|mocks?)\b", re.IGNORECASE)
_EXAMPLE_PART = re.compile(r"(^|/)_?(examples?|samples?|demos?|docs?_src|bench(mark)?s?)/", re.IGNORECASE)
_ABOUT_EXAMPLES = re.compile(r"\b(examples?|samples?|demos?|bench(mark)?\w*)\b", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d]\w*")
_SEPARATOR = re.compile(r"[.#:>-]+")
_REMEMBERED = 50_000


def named_file_first(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Prefer the file that is named for what the question is about, the less the more that describes it.

    Whoever describes something says names of files by chance.
    """
    asked = question(analysis.text)
    said: float = asked.said(path_names(candidate.chunk.path or "").file)
    return 1 + FILE_NAME * said * said * (1 - asked.describes)


def named_folder_first(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Prefer a file whose folder says what its own name does not, as in ``session/cookie.py``.

    Half as much where the file's name has nothing of the question.
    """
    asked, names = question(analysis.text), path_names(candidate.chunk.path or "")
    added = asked.covered(names.file + names.folder) - asked.covered(names.file)
    return 1 + FOLDER_NAME * added * (1 + asked.said(names.file)) / 2 * (1 - asked.describes)


def named_symbol_first(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Prefer a definition whose name resembles the question."""
    symbol, asked = candidate.chunk.symbol, question(analysis.text)
    if not symbol:
        return 1.0
    return 1 + SYMBOL_NAME * max(map(asked.resembled, _split(symbol)))


def defines_name(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put the definition of a name that the question spells before its uses."""
    chunk = candidate.chunk
    if not chunk.symbol or chunk.role is Role.REASON or chunk.part > 1:
        return 1.0
    exact, folded = _spelled(analysis)
    if not exact and not folded:
        return 1.0
    return max((_definition(symbol, exact, folded) for symbol in symbols_of(chunk)), default=1.0)


def _definition(symbol: str, exact: frozenset[str], folded: frozenset[str]) -> float:
    name, whole = symbol.rpartition(".")[2], symbol.lower()
    if "." in whole and any(spelled == whole or spelled.endswith(f".{whole}") for spelled in folded):
        return QUALIFIED_DEFINITION
    return DEFINITION if name in exact or name.lower() in folded else 1.0


def source_before_tests(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put source before tests, and documents before what tests read, unless tests are asked for."""
    return TEST_SOURCE if _is_mere_test(candidate, analysis) else 1.0


def tests_last(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put tests behind the code that they test, unless tests are what was asked for."""
    return TEST_AMONG_CODE if _is_mere_test(candidate, analysis) else 1.0


def _is_mere_test(candidate: Candidate, analysis: QueryAnalysis) -> bool:
    kind, path = candidate.chunk.kind, candidate.chunk.path or ""
    of_tests = _holds_tests(path) if kind is Kind.CODE else _is_sample(path, kind)
    return of_tests and not _asks_for(_ABOUT_TESTS, analysis.text)


@lru_cache(_REMEMBERED)
def _is_sample(path: str, kind: Kind) -> bool:
    """Whether prose is there for tests to read: among their data, or beside them and not about them."""
    folders = list(_SAMPLE_FOLDER.finditer(path))
    about_them = kind is Kind.CONVENTION or stands_for_folder(path.rpartition("/")[2])
    return any(each["data"] for each in folders) or (bool(folders) and not about_them)


@lru_cache(_REMEMBERED)
def _holds_tests(path: str) -> bool:
    return _TEST_PART.search(path) is not None


def source_before_examples(candidate: Candidate, analysis: QueryAnalysis) -> float:
    """Put source before examples and benchmarks, unless they are what was asked for."""
    if not _holds_examples(candidate.chunk.path or "") or _asks_for(_ABOUT_EXAMPLES, analysis.text):
        return 1.0
    return EXAMPLE


@lru_cache(64)
def _asks_for(what: re.Pattern[str], text: str) -> bool:
    return what.search(text) is not None


@lru_cache(_REMEMBERED)
def _holds_examples(path: str) -> bool:
    return _EXAMPLE_PART.search(path) is not None


@lru_cache(_REMEMBERED)
def _split(symbol: str) -> tuple[tuple[str, ...], ...]:
    return tuple(words_of(name.rpartition(".")[2]) for name in symbol.split(", "))


def _spelled(analysis: QueryAnalysis) -> tuple[frozenset[str], frozenset[str]]:
    """The names that a question spells: those that count as written, and those in any case."""
    return _names_in(analysis.text, (*analysis.identifiers, *analysis.phrases))


@lru_cache(64)
def _names_in(text: str, names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    last = (_SEPARATOR.split(name)[-1] for name in names)
    words = _NAME.findall(text)
    # A capital inside a sentence is a name's; the first word of one is a name only when it stands alone.
    capital = [word for word in words[1:] if word[0].isupper()]
    alone = words if len(text.split()) == 1 else []
    dotted = (_SEPARATOR.sub(".", name) for name in names)
    return frozenset([*capital, *alone]), frozenset(name.lower() for name in (*dotted, *last))


CODE_FEATURES: dict[str, Feature] = {
    "symbol's name": named_symbol_first,
    "file's name": named_file_first,
    "folder's name": named_folder_first,
    "tests last": tests_last,
    "source before examples": source_before_examples,
}


def factors_of(
    features: Mapping[str, Feature], candidate: Candidate, analysis: QueryAnalysis
) -> list[tuple[str, float]]:
    """What features have an opinion about, by name."""
    return [
        (name, factor)
        for name, feature in features.items()
        if (factor := feature(candidate, analysis)) != 1.0
    ]


def rank_code(
    code: Sequence[Candidate], analysis: QueryAnalysis, known: Mapping[int, Sequence[tuple[str, float]]]
) -> None:
    """Let every feature say which passages of code come first, at the scores that code has among all kinds.

    Args:
        code: With what the general features gave; changed in place.
        analysis: Of the question.
        known: What the features say of some rows.
    """
    files = list(by_file(code))
    level = sorted(_levels(files), reverse=True)
    for candidate in code:
        factors = known.get(candidate.stored.rowid)
        for name, factor in factors_of(CODE_FEATURES, candidate, analysis) if factors is None else factors:
            candidate.scale(name, factor)
    for same_file in files:
        lift_best(same_file, AGREEING, most=None)
        _let_others_go_first(same_file)
    for candidate, score in zip(sorted(code, key=lambda each: -each.score), level, strict=True):
        if candidate.score > 0:
            candidate.scale("place in code", score / candidate.score)


def _levels(files: Iterable[Sequence[Candidate]]) -> Iterator[float]:
    """The scores of all passages, as those of other kinds are given theirs."""
    for same_file in files:
        _, *others = sorted((candidate.score for candidate in same_file), reverse=True)
        yield lifted(same_file, AGREEING_CHUNK, MAX_AGREEING)
        yield from others


def _let_others_go_first(same_file: Sequence[Candidate]) -> None:
    """Put the further passages of a file behind other files."""
    for place, candidate in enumerate(sorted(same_file, key=lambda each: -each.score)):
        candidate.scale("further passage", FURTHER_PASSAGE**place)
