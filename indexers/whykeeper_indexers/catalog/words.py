"""How text and questions become words of the full-text index.

FTS5 does the splitting and the stemming (``porter unicode61``, underscores kept inside a
word). What it cannot do is added here, the same way for stored text and for questions:
a compound identifier (``getUserName``, ``get_user_name``, ``HTTPServer2``) is found whole and
by its parts, and a run of Chinese, Japanese or Korean, which has no spaces, by its pairs of
characters. The additions follow the text, so that phrases keep their word order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from whykeeper_indexers.types import Chunk

__all__ = [
    "BM25_WEIGHTS",
    "COLUMNS",
    "TOKENIZER",
    "WORDS_VERSION",
    "any_of",
    "compound_parts",
    "fts_query",
    "name_parts",
    "query_terms",
    "spellings",
    "words_row",
]

WORDS_VERSION: Final = 1
"""Raise when this module yields other words for the same chunk: the index is then rebuilt."""

TOKENIZER: Final = "porter unicode61 remove_diacritics 2 tokenchars '_'"
"""An underscore belongs to an identifier, so that the whole identifier is one word."""

COLUMNS: Final = ("title", "breadcrumb", "symbol", "signature", "body", "path")

COLUMN_WEIGHTS: Final = (
    6.0,  # title: a heading or subject says what the passage is about
    3.0,  # breadcrumb: so do the headings above it, shared with its siblings
    6.0,  # symbol: the definition of a name comes before its uses
    2.0,  # signature and docstring: what it takes and does, once more beside the body
    1.0,  # body
    2.0,  # path: file names are chosen to be found
)

BM25_WEIGHTS: Final = ", ".join(map(str, COLUMN_WEIGHTS))

MAX_TERMS: Final = 64
"""Words of one question. More cost time in proportion and no longer sharpen the ranking."""

MAX_QUERY_CHARACTERS: Final = 16_000
"""Of a question; what follows would hardly add a term, and costs time to look through."""

MAX_PHRASE_WORDS: Final = 12

MAX_SPLIT_LENGTH: Final = 80
"""Longer words are encoded data, whose parts would only fill the index."""

_WORD = re.compile(r"\w+")
_PHRASE = re.compile(r'"([^"]{2,400})"')
_JOINED = re.compile(r"\b\w++(?:[-./:#]{1,2}\w++)+")
_VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+)+(?:[-+.]?[a-z]\w*(?:\.\d+)*)?(?!\w)", re.IGNORECASE)
_VERSION_TERM = re.compile(r'"(?P<mark>v?)(?P<numbers>\d+(?: \d+)+)(?P<rest>(?: \w+)*)"', re.IGNORECASE)
_NUMBER = re.compile(r"v?\d+", re.IGNORECASE)
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_A-Za-z]+")
_UNSPACED = re.compile(r"[぀-ヿ㐀-䶿一-鿿가-힯]{2,}")
_CACHED_WORDS: Final = 200_000

# English function words and the filler of questions put to an assistant: too frequent to
# tell passages apart, and none of them names anything in a project.
_FUNCTION_WORDS: Final = """
a about after again all also although am an and any anybody anyone anything are as at be because been before
being between both but by can cannot could did do does doing don done down during each either else ever every
few for from further get gets give given go goes going got had has have having he hence her here hers him his
how however i if in instead into is isn it its itself just kindly lets like me might mine more most much must
my neither nor not now of off on once one only onto or other ought our ours out over own please rather really
same shall she should so some something such tell than that the their theirs them then there therefore these
they this those though through thus to too under until up upon us very via want was we were what whatever when
where whether which while who whom whose why will with within without would yet you your yours
s t re ve ll d m doesn didn wasn weren won wouldn shouldn couldn aren hasn haven
"""
_STOP_WORDS: Final = frozenset(_FUNCTION_WORDS.split())


def name_parts(name: str) -> list[str]:
    """The words that a name is joined of, in whichever way programmers join them."""
    parts: list[str] = _PART.findall(name)
    return parts


def compound_parts(word: str) -> list[str]:
    """The parts of a compound identifier; empty for a plain word."""
    if len(word) > MAX_SPLIT_LENGTH:
        return []
    parts = name_parts(word)
    return parts if len(parts) > 1 else []


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _additions(word: str) -> str:
    """What is indexed beside a word, led by a space; empty for most words."""
    found = [part for part in compound_parts(word) if len(part) > 1]
    for run in _UNSPACED.findall(word):
        found.extend(_pairs(run))
    return " " + " ".join(found) if found else ""


class _Additions(dict[str, str]):
    """Remembers the additions of words already seen: most words of a repository repeat."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _CACHED_WORDS:
            self.clear()
        added = self[word] = _additions(word)
        return added


_known_additions = _Additions()


def _indexed(text: str) -> str:
    """The text as FTS5 gets it: itself, then what its compound words consist of."""
    added = "".join(map(_known_additions.__getitem__, dict.fromkeys(_WORD.findall(text))))
    return text + "\n" + added if added else text


_indexed_again = lru_cache(maxsize=4_096)(_indexed)
"""For what the chunks of a file have in common."""


def words_row(chunk: Chunk) -> tuple[str, ...]:
    """One row of the full-text index, a value per name in ``COLUMNS``."""
    symbol = chunk.symbol or ""
    return (
        _indexed(chunk.title),
        _indexed_again(" ".join(chunk.breadcrumb)) if chunk.breadcrumb else "",
        _indexed(symbol) if symbol else "",
        _indexed(f"{chunk.signature or ''}\n{chunk.docstring or ''}")
        if chunk.signature or chunk.docstring
        else "",
        _indexed(chunk.text),
        _indexed_again(chunk.path) if chunk.path else "",
    )


def _quoted(words: Iterable[str]) -> str:
    """An FTS5 string: a word, or a phrase. Word characters alone need no escaping."""
    return '"' + " ".join(words) + '"'


def _phrases(text: str) -> Iterator[str]:
    for phrase in _PHRASE.findall(text):
        words = _WORD.findall(phrase)
        if 1 < len(words) <= MAX_PHRASE_WORDS:
            yield _quoted(words)


def _word_terms(word: str) -> Iterator[str]:
    """A word of a question, and the parts it was indexed under."""
    yield _quoted([word])
    for part in compound_parts(word):
        if len(part) > 1 and part.lower() not in _STOP_WORDS:
            yield _quoted([part])
    for run in _UNSPACED.findall(word):
        yield from (_quoted([pair]) for pair in _pairs(run))


def _plain_terms(text: str) -> Iterator[str]:
    for joined in (*_JOINED.findall(text), *_VERSION.findall(text)):
        words = _WORD.findall(joined)
        if len(words) <= MAX_PHRASE_WORDS:
            yield _quoted(words)
    words = _WORD.findall(_VERSION.sub(_without_numbers, text))
    telling = [word for word in words if word.lower() not in _STOP_WORDS]
    for word in telling or words:
        yield from _word_terms(word)


def _without_numbers(version: re.Match[str]) -> str:
    """What of a version is a word: its numbers alone are in everything."""
    return " ".join(word for word in _WORD.findall(version[0]) if not _NUMBER.fullmatch(word))


def spellings(term: str) -> tuple[str, ...]:
    """A term as it is, and the other ways to write it if it is a version: ``v1.2`` is ``1.2``.

    Args:
        term: As `query_terms` gives it.
    """
    version = _VERSION_TERM.fullmatch(term)
    if not version:
        return (term,)
    marks = ("", "v") if version["mark"] else ("v", "")
    rests = (version["rest"], "") if version["rest"] else ("",)
    others = (f'"{mark}{version["numbers"]}{rest}"' for rest in rests for mark in marks)
    return tuple(dict.fromkeys([term, *others]))


def query_terms(text: str) -> tuple[str, ...]:
    """The distinct terms of a question, as FTS5 strings that cannot be misread as syntax.

    Quoted phrases come first and stay phrases; a dotted, hyphenated or slashed name is a
    phrase beside its words, and a version a phrase alone; stop words are dropped unless
    nothing else is left.

    Args:
        text: Whatever a person or an agent typed.
    """
    text = text[:MAX_QUERY_CHARACTERS]
    phrases = list(_phrases(text))
    rest = _PHRASE.sub(" ", text) if phrases else text
    distinct: dict[str, str] = {}
    for term in (*phrases, *_plain_terms(rest)):
        distinct.setdefault(term.lower(), term)
        if len(distinct) == MAX_TERMS:
            break
    return tuple(distinct.values())


def any_of(terms: Iterable[str]) -> str:
    """A MATCH expression that any of the terms satisfies."""
    return " OR ".join(terms)


def fts_query(text: str) -> str:
    """A MATCH expression for a question: any of its terms; empty when it has no words.

    Args:
        text: Whatever a person or an agent typed. Never a syntax error.
    """
    return any_of(query_terms(text))
