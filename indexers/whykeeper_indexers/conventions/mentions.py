"""Which texts speak of a source file: by one of its names, or by the words it is made of.

A rule that names the file, its classes or its module is about that file, wherever it is kept. A
name counts for as much as it is rare among the texts (inverse document frequency), and being
repeated adds little (saturation); words count less in long texts (length normalisation). All
three are as in Okapi BM25 (Robertson and Zaragoza, 2009).
"""

from __future__ import annotations

import math
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from whykeeper_indexers.path_words import path_words, without_steps

__all__ = ["Mention", "find_mentions", "search_words"]

MAX_SYMBOLS = 400
MAX_CHARACTERS = 200_000
"""Read of one text."""

_SATURATION = 1.0
"""Occurrences at which a name has given half of what it can."""
_SHORT = 1_500
"""Characters of a rule; thousands of them are kept as tokens, for they are asked about with every file."""
_DOCUMENTS_KEPT = 64
"""The same for documents: those that one question after another finds. Some 100 kB each."""
_LENGTH = 0.75
"""BM25's b, as usual."""

_PATH_WEIGHT = 6.0
"""A path written out points at this very file."""
_FILE_WEIGHT = 4.0
_FOLDER_WEIGHT = 1.0
_SYMBOL_WEIGHT = 2.0
_FEW_SYMBOLS = 8
"""A file of more symbols is named by accident more often: each then counts for less."""
_WORD_WEIGHT = 1.0
_TOPIC_WEIGHT = 0.5
"""A word of a symbol tells less than a word of the file's own name."""
_TITLE_FACTOR = 3.0
"""What a document is called says what it is about; a word in its text may be in passing."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MIN_WORD = 3
_MIN_SYMBOL = 5
_GENERIC_FILES = frozenset(
    [
        "__init__",
        "app",
        "apps",
        "base",
        "common",
        "config",
        "constants",
        "core",
        "data",
        "helpers",
        "index",
        "init",
        "lib",
        "main",
        "mod",
        "model",
        "models",
        "setup",
        "signals",
        "test",
        "tests",
        "types",
        "util",
        "utils",
        "views",
    ]
)
"""Files that every folder may have: the name alone points at none of them."""
_GENERIC_WORDS = frozenset(
    ["app", "apps", "cmd", "internal", "lib", "libs", "main", "package", "packages", "pkg", "src"]
)
_ENDINGS = ("ies", "es", "s", "ing", "ed", "er")


@dataclass(frozen=True, slots=True)
class Mention:
    """How much a text is about a file. Comparable among the texts of one question only.

    Attributes:
        named: Evidence from the file's names: its path, module, file name, symbols; 0 or more.
        topical: Evidence from words they share; 0 or more.
        names: The names the text uses, most telling first.
        points: Whether one of those names is the file's path, module or own file name.
        titled: Whether a word of the file's own name is in the text's title or path.
    """

    named: float = 0.0
    topical: float = 0.0
    names: tuple[str, ...] = ()
    points: bool = False
    titled: bool = False

    @property
    def strength(self) -> float:
        """Both kinds of evidence, each with diminishing returns."""
        return math.log2(1 + self.named) + math.log2(1 + self.topical)


@dataclass(frozen=True, slots=True)
class _Names:
    """What a file may be called by, each with its weight."""

    exact: Mapping[str, float]
    words: Mapping[str, float]
    own_words: Collection[str]


def find_mentions(
    path: str,
    texts: Mapping[str, str],
    *,
    symbols: Iterable[str] = (),
    titles: Mapping[str, str] | None = None,
    of: int = 0,
) -> dict[str, Mention]:
    """Find the texts that speak of a source file.

    Args:
        path: The source file.
        texts: Documents by path: all of them, or those that a search for the file's names finds.
        symbols: What the file defines, qualified or not.
        titles: The documents' titles by path.
        of: How many documents there are, where ``texts`` are only those that a search found.

    Returns:
        For each text that shares anything with the file, how it speaks of it.
    """
    names = _names_of(path, list(symbols)[:MAX_SYMBOLS])
    found = {each: _occurrences(names, text[:MAX_CHARACTERS]) for each, text in texts.items()}
    rarity = _rarity(found.values(), max(of, len(texts)))
    mean = sum(map(len, texts.values())) / max(1, len(texts)) or 1.0
    mentions = {}
    for each, counts in found.items():
        if counts:
            called = set(_words_of(f"{(titles or {}).get(each, '')} {posixpath.splitext(each)[0]}"))
            length = 1 - _LENGTH + _LENGTH * len(texts[each]) / mean
            mentions[each] = _mention(names, counts, rarity, called, length)
    return mentions


def search_words(path: str, symbols: Iterable[str] = (), limit: int = 40) -> tuple[str, ...]:
    """Give the words by which a full-text search finds the texts worth reading for mentions.

    Args:
        path: The source file.
        symbols: What it defines.
        limit: Most words to give.

    Returns:
        The file's own name, the coined names it defines, then the words of its name and folders.
    """
    names = _names_of(path, list(symbols)[:MAX_SYMBOLS])
    coined = [name for name in names.exact if _IDENTIFIER.fullmatch(name)]
    own = [part for token in re.split(r"[/.]", path) for part in _IDENTIFIER.findall(token)]
    plain = [part for part in reversed(own) if part.lower() not in _GENERIC_WORDS and len(part) >= _MIN_WORD]
    return tuple(dict.fromkeys([posixpath.basename(path), *plain, *coined]))[:limit]


def _mention(
    names: _Names, counts: Counter[str], rarity: Callable[[str], float], called: set[str], length: float
) -> Mention:
    exact = {
        name: weight * rarity(name) * counts[name] / (counts[name] + _SATURATION)
        for name, weight in names.exact.items()
        if counts[name]
    }
    topical = 0.0
    for word, weight in names.words.items():
        if counts[word]:
            factor = _TITLE_FACTOR if word in called else 1.0
            topical += factor * weight * rarity(word) * counts[word] / (counts[word] + _SATURATION * length)
    best = sorted(exact, key=lambda name: (-exact[name], name))
    points = any(names.exact[name] >= _FILE_WEIGHT for name in exact)
    titled = any(word in called for word in names.own_words)
    return Mention(sum(exact.values()), topical, tuple(best[:5]), points, titled)


def _rarity(found: Collection[Counter[str]], total: int) -> Callable[[str], float]:
    frequency = Counter(name for counts in found for name in counts)
    return lambda name: math.log(1 + (total - frequency[name] + 0.5) / (frequency[name] + 0.5))


def _names_of(path: str, symbols: list[str]) -> _Names:
    plain = [symbol.rpartition(".")[2] for symbol in symbols]
    exact = _path_names(path)
    telling = dict.fromkeys(name for name in plain if _is_telling(name))
    weight = _SYMBOL_WEIGHT * min(1.0, math.sqrt(_FEW_SYMBOLS / max(1, len(telling))))
    exact |= {name: weight for name in telling if name not in exact}
    own = _path_words(path)
    topics = Counter(word for name in plain for word in _words(name))
    words = {word: _TOPIC_WEIGHT * count / (count + 1) for word, count in topics.items()}
    words |= {word: max(weight, words.get(word, 0.0)) for word, weight in own.items()}
    return _Names(exact, words, [word for word, weight in own.items() if weight == _WORD_WEIGHT])


def _path_names(path: str) -> dict[str, float]:
    parts = path.split("/")
    stem = posixpath.splitext(parts[-1])[0]
    names = {}
    for start in range(len(parts) - 1):
        folders = parts[start:-1]
        names["/".join([*folders, parts[-1]])] = _PATH_WEIGHT
        names[".".join([*folders, stem])] = _PATH_WEIGHT
        names["/".join(folders) + "/"] = _FOLDER_WEIGHT
    if stem.lower() not in _GENERIC_FILES:
        names[parts[-1]] = _FILE_WEIGHT
    return names


def _path_words(path: str) -> dict[str, float]:
    """Words of the file's name and its folders, the nearer the weightier."""
    *folders, name = path.split("/")
    words: dict[str, float] = {}
    depth = 0
    for part in (posixpath.splitext(name)[0], *reversed(folders)):
        if part.lower() in _GENERIC_WORDS:
            continue
        for word in _words(part):
            words.setdefault(word, _WORD_WEIGHT / (1 + depth / 2))
        depth += 1
    return words


def _occurrences(names: _Names, text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    found = _tokens_of_rule(text) if len(text) <= _SHORT else _tokens_of_document(text)
    for name in names.exact.keys() & found.paths.keys():
        counts[name] += found.paths[name]
    for token in found.dotted:
        # A stop in front is of a relative import, or belongs to the name of a hidden folder.
        if token not in names.exact and (name := token.lstrip(".")) in names.exact:
            counts[name] += found.paths[token]
    for name in names.exact.keys() & found.identifiers.keys():
        if name not in counts:
            counts[name] += found.identifiers[name]
    for word in names.words.keys() & found.words.keys():
        counts[word] += found.words[word]
    return counts


class _Tokens(NamedTuple):
    """What a text is made of, counted.

    Attributes:
        paths: Paths and names.
        dotted: Those that begin with a stop.
        identifiers: The identifiers in them.
        words: The words these are made of.
    """

    paths: Counter[str]
    dotted: tuple[str, ...]
    identifiers: Counter[str]
    words: Counter[str]


def _tokens(text: str) -> _Tokens:
    paths = Counter(map(without_steps, path_words(text)))
    identifiers = Counter(_IDENTIFIER.findall(text))
    words: Counter[str] = Counter()
    for token, count in identifiers.items():
        for word in _words(token):
            words[word] += count
    return _Tokens(paths, tuple(token for token in paths if token.startswith(".")), identifiers, words)


_tokens_of_rule = lru_cache(maxsize=4_096)(_tokens)
_tokens_of_document = lru_cache(maxsize=_DOCUMENTS_KEPT)(_tokens)


def _is_telling(name: str) -> bool:
    """Tell a coined name from a word that prose would use as well."""
    coined = "_" in name.strip("_") or (not name.isupper() and any(letter.isupper() for letter in name[1:]))
    return coined and len(name) >= _MIN_SYMBOL


@lru_cache(maxsize=65_536)
def _words(identifier: str) -> tuple[str, ...]:
    return tuple(_stem(word.lower()) for word in _CAMEL.findall(identifier) if len(word) >= _MIN_WORD)


def _words_of(text: str) -> list[str]:
    return [word for token in _IDENTIFIER.findall(text) for word in _words(token)]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
