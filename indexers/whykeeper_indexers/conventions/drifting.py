"""Short rules of two files that ask for the same with other commands or numbers.

"Run `npm test`" here and "Run `pnpm test`" there share too few words to be found by likeness. They are held
against each other where they stand under one heading, have the same words around what differs, and neither
file has anything of what the other says there: then it is not one of several ways that both know.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from whykeeper_indexers.conventions.rules import Rule
from whykeeper_indexers.conventions.wording import heading_key, spoken_words

__all__ = ["drifted_apart"]

MOST_WORDS = 14
"""Around what differs: longer rules are compared by likeness."""
ENOUGH_WORDS = 3
"""Words in common from which on the purpose is the same ("run before committing"); of fewer, the commands
themselves must share a word ("npm test", "pnpm test")."""
MOST_VALUES = 3
"""A rule of more lists ways to do something."""
MOST_FILES = 20
"""Of one wording; where more have it, they are copies of one template for different parts."""

_FENCED = re.compile(r"^(?:```|~~~)[^\n]{0,60}\n(?P<code>(?:(?!```|~~~)[^\n]*\n)*?)(?:```|~~~)[ \t]*$", re.M)
_CODE = re.compile(r"`([^`\n]{1,200})`")
_NUMBER = re.compile(r"\d+(?:\.\d+)*%?")
_ASKS = frozenset(
    [
        *("always", "build", "check", "compile", "deploy", "format", "indent", "install", "limit", "lint"),
        *("must", "need", "needs", "never", "require", "requires", "run", "start", "target", "test", "use"),
    ]
)
"""One of these makes it something to follow; "`a.py` has 3 tests" is a description."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is said around commands and numbers, and these."""

    words: tuple[str, ...]
    values: tuple[str, ...]


def drifted_apart(rules: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Find rules of two files that ask for the same with other commands or numbers.

    Args:
        rules: Of files that bind the same paths.
    """
    alike: defaultdict[tuple[str, tuple[str, ...]], list[Rule]] = defaultdict(list)
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for rule in rules:
        texts[rule.path].append(rule.text)
        shape, heading = _shape(rule.text), heading_key(rule.headings[-1] if rule.headings else "")
        if heading and 0 < len(shape.values) <= MOST_VALUES and len(shape.words) <= MOST_WORDS:
            alike[heading, shape.words].append(rule)
    for group in alike.values():
        files = Counter(rule.path for rule in group)
        # A file that says it twice knows several ways.
        alone = [rule for rule in group if files[rule.path] == 1]
        yield from (pair for pair in combinations(alone[:MOST_FILES], 2) if _apart(*pair, texts))


def _apart(one: Rule, other: Rule, texts: dict[str, list[str]]) -> bool:
    first, second = _shape(one.text), _shape(other.text)
    differing = [pair for pair in zip(first.values, second.values, strict=False) if pair[0] != pair[1]]
    if len(first.values) != len(second.values) or not differing:
        return False
    if first.words and _ASKS.isdisjoint(first.words):
        return False
    if len(first.words) < ENOUGH_WORDS and not all(_one_purpose(*pair) for pair in differing):
        return False
    return not any(
        _has(texts[other.path], mine) or _has(texts[one.path], theirs) for mine, theirs in differing
    )


def _one_purpose(mine: str, theirs: str) -> bool:
    """Whether two commands are one task of two tools, or two numbers of one thing."""
    if _NUMBER.fullmatch(mine) and _NUMBER.fullmatch(theirs):
        return True
    first, second = mine.split(), theirs.split()
    return (
        len(first) > 1
        and len(second) > 1
        and first[0] != second[0]
        and not set(first[1:]).isdisjoint(second[1:])
    )


def _has(texts: Sequence[str], value: str) -> bool:
    whole = re.compile(rf"(?<![\w-]){re.escape(value)}(?![\w-])")
    return any(whole.search(text) for text in texts)


@lru_cache(maxsize=4_096)
def _shape(text: str) -> _Shape:
    values: list[str] = []

    def taken(match: re.Match[str]) -> str:
        code = match.groupdict().get("code") or match[match.lastindex or 0]
        values.extend(line.strip() for line in code.split("\n") if line.strip() and not line.startswith("#"))
        return " "

    rest = _FENCED.sub(taken, text)
    rest = _CODE.sub(taken, rest)
    rest = _NUMBER.sub(taken, rest)
    return _Shape(spoken_words(rest), tuple(values))
