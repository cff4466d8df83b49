"""Short rules of two files of which one forbids what the other asks for.

They have too few words to be found by likeness: "Raise X on bad input" and "Never raise X on bad input"
differ in nothing else, and "Use B for all tests, never A" names what "Use A for all tests" has. They are
compared under one heading only, which says that they are on one matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from whykeeper_indexers.conventions.rules import Rule
from whykeeper_indexers.conventions.wording import CONDITION, NEGATION, heading_key, spoken_words

__all__ = ["EMPHASIS", "FORBIDDING", "asked_and_forbidden"]

FEWEST_WORDS = 3
"""Beside what forbids: "Mock it" may be about anything."""
MOST_WORDS = 20
MOST_RULES = 60
"""Under one heading of all files; more are a handbook's."""
EMPHASIS = frozenset(["always", "do", "must", "only", "should", "use", "you"])
"""Words that may come and go with what forbids."""
FORBIDDING = NEGATION - {"without"}
_ASKING = EMPHASIS | FORBIDDING | {"ever", "instead", "over", "prefer", "rather", "than", "using", "we"}
_EVERY = frozenset(
    ["all", "any", "code", "each", "every", "everything", "everywhere", "for", "in", "new", "our"]
)
"""Words that narrow nothing."""
_QUOTES = r"[`*_\"'“”]{0,3}"
_NAME = rf"{_QUOTES}(?P<name>[A-Za-z][\w+#-]{{0,40}}(?:[.][\w+#-]{{1,20}}){{0,3}}){_QUOTES}"
_ASKS = re.compile(
    rf"\A\W{{0,3}}(?:(?:we|you|always|should|must)\s+){{0,2}}(?:use|prefer)\s+{_NAME}"
    r"(?=\s*[,;.!]|\s*\Z|\s+(?:for|in|on|over|rather|instead|not|to)\b)",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"(?P<before>\A\W{0,3}|[,;.]\s+(?:and\s+|but\s+)?|\s)"
    r"(?P<how>(?:never|not|don['’]t|avoid|rather than|instead of|over)\s+)(?:ever\s+)?(?:use\s+|using\s+)?"
    rf"{_NAME}(?=\s*[,;.!]|\s*\Z)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A short rule, read.

    Attributes:
        asks: The name it asks for; empty for none.
        forbids: Names it forbids.
        rest: Its words beside these, and beside those that ask or forbid.
    """

    asks: str
    forbids: frozenset[str]
    rest: frozenset[str]


def asked_and_forbidden(rules: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Find short rules of two files of which one forbids what the other asks for.

    Args:
        rules: Of files that bind the same paths.
    """
    under: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        heading = heading_key(rule.headings[-1]) if rule.headings else ""
        if heading and 0 < len(spoken_words(rule.text)) <= MOST_WORDS and not CONDITION.search(rule.text):
            under[heading].append(rule)
    for heading, group in under.items():
        if len({rule.path for rule in group}) < 2 or len(group) > MOST_RULES:
            continue
        words = frozenset(spoken_words(heading))
        for number, one in enumerate(group):
            for other in group[number + 1 :]:
                if one.path != other.path and (_opposite(one, other) or _named(one, other, words)):
                    yield one, other


def _opposite(one: Rule, other: Rule) -> bool:
    """Whether they have the same words in the same order, but for what forbids."""
    first, second = (spoken_words(rule.text) for rule in (one, other))
    if FORBIDDING.isdisjoint(first) == FORBIDDING.isdisjoint(second):
        return False
    plain = [[word for word in words if word not in FORBIDDING | EMPHASIS] for words in (first, second)]
    return plain[0] == plain[1] and len(plain[0]) >= FEWEST_WORDS


def _named(one: Rule, other: Rule, heading: frozenset[str]) -> bool:
    first, second = _said(one.text), _said(other.text)
    return _against(first, second, heading) or _against(second, first, heading)


def _against(asking: _Said, forbidding: _Said, heading: frozenset[str]) -> bool:
    """Whether one forbids by name what the other asks for, and for as much."""
    if not asking.asks or asking.forbids or asking.asks not in forbidding.forbids:
        return False
    every = _EVERY | heading
    return asking.rest - every == forbidding.rest - every


@lru_cache(maxsize=4_096)
def _said(text: str) -> _Said:
    asks = _ASKS.search(text)
    forbids = frozenset(match["name"].lower() for match in _FORBIDS.finditer(text))
    asked = asks["name"].lower() if asks else ""
    named = {word for name in (asked, *forbids) for word in spoken_words(name)}
    return _Said(asked, forbids, frozenset(spoken_words(text)) - named - _ASKING)
