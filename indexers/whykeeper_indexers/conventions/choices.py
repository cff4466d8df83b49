"""What decisions chose by name, and whether a rule forbids it all the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from whykeeper_indexers.conventions.refusals import content_words, in_force, is_telling, subject_of
from whykeeper_indexers.conventions.rules import Rule
from whykeeper_indexers.conventions.wording import CONDITION
from whykeeper_indexers.types import DecisionContent, DecisionRecord

__all__ = ["Choice", "choices_of", "chosen_names", "forbidden_choice"]

_NAME = r"[`*_\"“]{0,3}(?P<name>[A-Za-z][\w+#-]{1,40}(?:\.[\w+#-]{1,20}){0,3})[`*_\"”]{0,3}"
_TITLE = re.compile(
    r"\A(?:we\s+)?(?:use|using|adopt|choose|switch to|move to|migrate to|standardi[sz]e on)\s+"
    rf"{_NAME}(?=\s+(?:for|as|to|in)\s|\s*\Z)",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    rf"\A\W{{0,6}}chosen option:\W{{0,4}}{_NAME}(?=\W{{0,4}}(?:,|\.|because|\Z))", re.IGNORECASE
)
_FORBIDS = re.compile(
    r"\A\W{0,3}(?:we\s+)?(?:never|do not|don['’]t|must not)\s+(?:ever\s+)?use\s+"
    rf"{_NAME}(?P<rest>[^.;,:!\n]{{0,120}})\W{{0,4}}\Z",
    re.IGNORECASE,
)
_ANY_MATTER = frozenset(
    [
        *(
            "architectur",
            "cod",
            "convention",
            "dependenci",
            "development",
            "dont",
            "general",
            "guid",
            "guidelin",
        ),
        *(
            "important",
            "instruction",
            "librari",
            "never",
            "principl",
            "project",
            "rul",
            "stack",
            "styl",
            "tech",
        ),
        *("technologi", "tool"),
    ]
)
"""Words of headings that put a rule on no matter of its own, without their endings."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a decision in force chose.

    Attributes:
        name: What it is called.
        path: The decision record.
        title: Of the record.
        subject: Words that say for what.
    """

    name: str
    path: str
    title: str
    subject: frozenset[str]


def choices_of(
    decisions: Mapping[str, DecisionRecord],
    contents: Mapping[str, DecisionContent],
    refused: Collection[str],
) -> tuple[Choice, ...]:
    """Give what the decisions in force chose and none of them refused.

    Args:
        decisions: Records by path, each as all of the checkout has it.
        contents: What they say, by path.
        refused: Names that a decision in force refused.
    """
    against = {name.lower() for name in refused}
    found = []
    for path, record in in_force(decisions).items():
        content = contents.get(path, DecisionContent())
        for name in dict.fromkeys(chosen_names(record.title, content.decision)):
            if name.lower() not in against:
                subject = subject_of(record.title, content) - content_words(name)
                found.append(Choice(name, path, record.title, subject))
    return tuple(found)


def forbidden_choice(rule: Rule, choice: Choice) -> bool:
    """Say whether a rule plainly forbids what a decision chose, on the decision's matter or on any."""
    named, rest = _forbidden(rule.text)
    if named != choice.name.lower():
        return False
    if rest:
        return rest <= choice.subject
    return all(
        not (words := content_words(each)) or words & choice.subject or words <= _ANY_MATTER
        for each in (*rule.headings, rule.lead)
    )


@lru_cache(maxsize=4_096)
def _forbidden(text: str) -> tuple[str, frozenset[str]]:
    match = _FORBIDS.match(text)
    if match is None or CONDITION.search(text):
        return "", frozenset()
    rest = content_words(match["rest"])
    # "Never use X directly" is on how, not whether.
    return ("", rest) if match["rest"].strip() and not rest else (match["name"].lower(), rest)


def chosen_names(title: str, decision: str) -> Iterator[str]:
    """Give what a record says that it chose: in its title, or as the outcome."""
    for match in (_TITLE.match(title), _OUTCOME.match(decision)):
        if match is not None and is_telling(match["name"]):
            yield match["name"]
