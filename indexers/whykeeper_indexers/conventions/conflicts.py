"""Rules that disagree: with one another, or with what was decided.

Only clear cases are told, for a false one costs more than a missed one. A nearer file that says otherwise is
no conflict, it takes precedence; so rules are compared where neither does. A decision that was replaced may
be named by whoever says so. What a decision refused is refused for its own matter.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whykeeper_indexers.conventions.binding import decision_home
from whykeeper_indexers.conventions.choices import Choice, forbidden_choice
from whykeeper_indexers.conventions.drifting import drifted_apart
from whykeeper_indexers.conventions.folding import near_pairs
from whykeeper_indexers.conventions.imports import within_root
from whykeeper_indexers.conventions.opposites import EMPHASIS, FORBIDDING, asked_and_forbidden
from whykeeper_indexers.conventions.refusals import Refusal, advised
from whykeeper_indexers.conventions.rules import Rule
from whykeeper_indexers.conventions.scope import is_within
from whykeeper_indexers.conventions.wording import NEGATION, excerpt, heading_key, spoken_words
from whykeeper_indexers.decisions import heirs_of
from whykeeper_indexers.decisions.references import Reference, references_in
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.path_words import path_words
from whykeeper_indexers.types import DecisionRecord, Scope

__all__ = ["Conflict", "disagreements", "forbidden_by_rules", "named_out_of_force", "refused_by_decisions"]

ALIKE = 0.75
"""Share of their words that rules have in common which speak of the same: of ten words one differs."""
FEWEST_COMMON = 5
"""Words that both have; of fewer, the subject is not sure to be the same."""
LONGEST = 60
"""Words: longer texts differ in many ways, and not all of them matter."""
_NUMBER = re.compile(r"v?\d+(?:\.\d+)*[+%]?")
_CODE = re.compile(r"`([^`\n]{1,200})`")
_SAID_TO_BE_OVER = re.compile(
    r"\b(?:supersed\w+|replac\w+|deprecat\w+|obsolet\w+|histor\w+|reject\w+|refus\w+|withdrawn|former\w*|previous\w*"
    r"|earlier|was|were|old|older|instead|no longer|archiv\w+|legacy|until|changed|amend\w+|revis\w+)\b",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"(?P<what>adr|madr|rfc)[-_ #]{0,2}(?P<number>\d{1,6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two places that cannot both be followed.

    Attributes:
        rule: Of a convention file.
        path: The other place's file.
        line: The other place's line.
        said: What is wrong, for people, with both places.
    """

    rule: Rule
    path: str
    line: int
    said: str


def disagreements(rules: Sequence[Rule], scope_of: Callable[[str], Scope]) -> Iterator[Conflict]:
    """Find rules of two files that bind the same paths and say of one thing what cannot both hold.

    Args:
        rules: Of all convention files.
        scope_of: What a file binds.
    """
    groups: defaultdict[Scope, list[Rule]] = defaultdict(list)
    for rule in rules:
        if len(spoken_words(rule.text)) <= LONGEST:
            groups[scope_of(rule.path)].append(rule)
    for group in groups.values():
        if len({rule.path for rule in group}) < 2:
            continue
        said = dict.fromkeys((*_nearly_the_same(group), *asked_and_forbidden(group), *drifted_apart(group)))
        twins = {(rule.path, spoken_words(rule.text)) for rule in group}
        for one, other in said:
            both = {(one.path, spoken_words(other.text)), (other.path, spoken_words(one.text))}
            if twins.isdisjoint(both):  # Else a file says both.
                yield _disagreement(one, other)


def _nearly_the_same(rules: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    for pair in near_pairs(rules, ALIKE):
        one, other = pair.first, pair.second
        differ = one.path != other.path and _same_heading(one, other)
        if differ and (_opposite(one, other) or _drifted(one, other)):
            yield one, other


def _disagreement(one: Rule, other: Rule) -> Conflict:
    said = (
        f"{one.place} and {other.place} disagree under the same heading: "
        f"“{excerpt(one.text)}” and “{excerpt(other.text)}”"
    )
    return Conflict(one, other.path, other.line, said)


def named_out_of_force(rules: Iterable[Rule], decisions: Mapping[str, DecisionRecord]) -> Iterator[Conflict]:
    """Find rules that lean on a decision that holds no longer, and do not say so.

    Args:
        rules: Of all convention files.
        decisions: Decision records by path, each as all of the checkout has it.
    """
    if all(record.in_force for record in decisions.values()):
        return
    for rule in rules:
        if _SAID_TO_BE_OVER.search(rule.text) or _SAID_TO_BE_OVER.search(rule.under):
            continue
        spelt = [Reference("", token) for token in path_words(rule.text) if is_document(token)]
        references = (*references_in(rule.text), *spelt)
        named = dict.fromkeys(_resolved(each, rule.path, decisions) for each in references)
        for path in named:
            record = decisions.get(path or "")
            if path is None or record is None or record.in_force:
                continue
            heirs = heirs_of(path, decisions) or record.superseded_by
            if named.keys() & {*heirs, *record.superseded_by}:
                continue
            by = f" by {', '.join(heirs)}" if heirs else ""
            said = f"{rule.place} names {path}, which is {record.status}{by}: “{excerpt(rule.text)}”"
            yield Conflict(rule, path, 1, said)


def refused_by_decisions(
    rules: Iterable[Rule],
    refusals: Sequence[Refusal],
    scope_of: Callable[[str], Scope],
    line_of: Callable[[str, str], int],
) -> Iterator[Conflict]:
    """Find rules that advise what a decision in force refused.

    Args:
        rules: Of all convention files.
        refusals: What decisions in force refused (``refusals_of``).
        scope_of: What a convention file binds.
        line_of: Gives the line of a record that holds some words.
    """
    by_word: defaultdict[str, list[Refusal]] = defaultdict(list)
    for refusal in refusals:
        by_word[spoken_words(refusal.name)[0]].append(refusal)
    for rule in rules:
        known = {each for word in dict.fromkeys(spoken_words(rule.text)) for each in by_word.get(word, ())}
        for refusal in sorted(known, key=lambda each: (each.path, each.name)):
            home = decision_home(refusal.path)
            if is_within(home, f"{scope_of(rule.path).folder}/") and advised(rule, refusal):
                line = line_of(refusal.path, refusal.name)
                said = (
                    f"{rule.place} advises {refusal.name}, which {refusal.path}:{line} refused "
                    f"({excerpt(refusal.title)}): “{excerpt(rule.text)}”"
                )
                yield Conflict(rule, refusal.path, line, said)


def forbidden_by_rules(
    rules: Iterable[Rule],
    choices: Sequence[Choice],
    scope_of: Callable[[str], Scope],
    line_of: Callable[[str, str], int],
) -> Iterator[Conflict]:
    """Find rules that forbid what a decision in force chose, for all that it decides about.

    Args:
        rules: Of all convention files.
        choices: What decisions in force chose (``choices_of``).
        scope_of: What a convention file binds.
        line_of: Gives the line of a record that holds some words.
    """
    for rule in rules:
        for choice in choices:
            scope = scope_of(rule.path)
            # For a part of it, a rule may be stricter.
            whole = scope.folder == decision_home(choice.path) and not scope.globs
            if whole and forbidden_choice(rule, choice):
                line = line_of(choice.path, choice.name)
                said = (
                    f"{rule.place} forbids {choice.name}, which {choice.path}:{line} chose "
                    f"({excerpt(choice.title)}): “{excerpt(rule.text)}”"
                )
                yield Conflict(rule, choice.path, line, said)


def _same_heading(one: Rule, other: Rule) -> bool:
    first, second = (rule.headings[-1] if rule.headings else "" for rule in (one, other))
    return heading_key(first) == heading_key(second)


def _opposite(one: Rule, other: Rule) -> bool:
    """Whether one forbids just what the other asks for."""
    first, second = frozenset(spoken_words(one.text)), frozenset(spoken_words(other.text))
    if bool(first & FORBIDDING) == bool(second & FORBIDDING):
        return False
    common = first & second
    return len(common) >= FEWEST_COMMON and (first ^ second) <= NEGATION | EMPHASIS


def _drifted(one: Rule, other: Rule) -> bool:
    """Whether they say the same, but for numbers or for names in code."""
    first, second = _parts(one), _parts(other)
    if first.words != second.words or len(first.words) < FEWEST_COMMON:
        return False
    return len(first.values) == len(second.values) and first.values != second.values


@dataclass(frozen=True, slots=True)
class _Parts:
    words: frozenset[str]
    values: frozenset[str]


def _parts(rule: Rule) -> _Parts:
    codes = frozenset(_CODE.findall(rule.text))
    words = frozenset(spoken_words(_CODE.sub(" ", rule.text)))
    numbers = frozenset(word for word in words if _NUMBER.fullmatch(word))
    return _Parts(words - numbers, numbers | codes)


def _resolved(reference: Reference, path: str, decisions: Mapping[str, DecisionRecord]) -> str | None:
    """The record that a rule names, by link, path or number; None where that is not clear."""
    target = reference.target.partition("#")[0]
    if "://" in target:
        return None
    for name in filter(None, (target, reference.text)):
        for folder in (posixpath.dirname(path), ""):
            joined = within_root(folder, name.lstrip("/"))
            if joined in decisions:
                return joined
    match = _IDENTIFIER.fullmatch(reference.text.strip())
    return _numbered(match["what"].lower(), int(match["number"]), path, decisions) if match else None


def _numbered(what: str, number: int, path: str, decisions: Mapping[str, DecisionRecord]) -> str | None:
    having = [
        each
        for each, record in decisions.items()
        if record.number == number and (what != "rfc" or "rfc" in posixpath.dirname(each).lower())
    ]
    near = [each for each in having if is_within(decision_home(each), path)]
    deepest = max((len(decision_home(each)) for each in near), default=0)
    nearest = [each for each in near if len(decision_home(each)) == deepest]
    return nearest[0] if len(nearest) == 1 else None
