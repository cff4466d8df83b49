"""Rules that several files repeat: told once, with the other places.

``AGENTS.md`` and ``CLAUDE.md`` are often copies that drift by a word. Two rules are one where their words are
the same, or nearly the same and neither what they forbid nor any number or name in code differs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from whykeeper_indexers.conventions.rules import Rule
from whykeeper_indexers.conventions.wording import NEGATION, spoken_words

__all__ = ["Pair", "Told", "fold_rules", "near_pairs"]

ALIKE = 0.85
"""Share of the words of two rules that both have, from which on they say the same (Jaccard)."""
FEWEST_WORDS = 6
"""Of fewer, one that differs is most of what is said."""
FEWEST_FOLDED = 3
"""Words from which on a rule says the same wherever it stands: "Be careful" may mean anything."""

_SPECIFIC = re.compile(r"\d|[._/+#-]")
"""Numbers, paths and names of code: where these differ, the rules do."""
_FENCE = "```"
_CODE = re.compile(r"`([^`\n]{1,200})`")


@dataclass(frozen=True, slots=True)
class Told:
    """A rule, once.

    Attributes:
        rule: Where it binds most.
        also: Where else it stands.
    """

    rule: Rule
    also: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rules that share most of their words.

    Attributes:
        first: The one that comes first.
        second: The other.
        likeness: Of their words, 0 to 1.
    """

    first: Rule
    second: Rule
    likeness: float


def fold_rules(rules: Sequence[Rule]) -> list[Told]:
    """Tell each rule once.

    Args:
        rules: Those that bind most first.

    Returns:
        The first of those that say the same, each with the others' places.
    """
    kept: dict[tuple[str, ...], int] = {}
    others: defaultdict[int, list[Rule]] = defaultdict(list)
    first: list[int] = []
    for number, rule in enumerate(rules):
        words = spoken_words(rule.text)
        known = kept.setdefault(words, number) if len(words) >= FEWEST_FOLDED else number
        if known == number:
            first.append(number)
        else:
            others[known].append(rule)
    distinct = [rules[number] for number in first]
    into: dict[int, int] = {}
    for one, other in _near(distinct, ALIKE):
        if one not in into and other not in into and _same(distinct[one], distinct[other]):
            into[other] = one
    for other, one in into.items():
        others[first[one]] += [distinct[other], *others[first[other]]]
    return [
        Told(rules[number], tuple(others[number])) for place, number in enumerate(first) if place not in into
    ]


def near_pairs(rules: Sequence[Rule], likeness: float) -> Iterator[Pair]:
    """Find the pairs of rules that share most of their words, in no order.

    Words that forbid do not count: a rule and its opposite are near.
    """
    sets = [_words(rule) for rule in rules]
    for one, other in _near(rules, likeness):
        shared = len(sets[one] & sets[other]) / len(sets[one] | sets[other])
        yield Pair(rules[one], rules[other], shared)


def _words(rule: Rule) -> frozenset[str]:
    return frozenset(spoken_words(rule.text)) - NEGATION


def _near(rules: Sequence[Rule], likeness: float) -> Iterator[tuple[int, int]]:
    """Pairs with at least this likeness, the earlier first.

    By prefix filtering (Chaudhuri, Ganti and Kaushik, 2006): sets so alike share one of their rarest words.
    """
    sets = [_words(rule) for rule in rules]
    frequency = Counter(word for words in sets for word in words)
    having: defaultdict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(sets):
        if len(words) < FEWEST_WORDS:
            continue
        rarest = sorted(words, key=lambda word: (frequency[word], word))
        prefix = rarest[: len(words) - ceil(likeness * len(words)) + 1]
        candidates = {earlier for word in prefix for earlier in having[word]}
        for earlier in sorted(candidates):
            other = sets[earlier]
            if len(words & other) >= likeness * len(words | other):
                yield earlier, number
        for word in prefix:
            having[word].append(number)


def _same(one: Rule, other: Rule) -> bool:
    """Whether rules that are near say the same: a file seldom repeats itself, and in code order counts."""
    if one.path == other.path or _FENCE in one.text or _FENCE in other.text:
        return False
    first, second = frozenset(spoken_words(one.text)), frozenset(spoken_words(other.text))
    differing = first ^ second
    return (
        differing.isdisjoint(NEGATION)
        and not any(map(_SPECIFIC.search, differing))
        and _names(one) == _names(other)
    )


def _names(rule: Rule) -> frozenset[str]:
    return frozenset(_CODE.findall(rule.text))
