"""Which value a rule asks for, and which one a configuration sets: the same, the opposite, or not to be told.

"Use tabs" and ``indent_style = space`` speak of one thing, and that is all that their words say. So each
topic reads values from both. A rule is read only where it has no word beside the topic's own: what is meant
for some files, or has a reason or an exception, is for a person to compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from whykeeper_indexers.conventions.linters import Linter, Matter
from whykeeper_indexers.conventions.wording import NEGATION, spoken_words

__all__ = ["Asked", "Setting", "agrees", "asked_of", "opposes", "set_by", "speaks_of"]


@dataclass(frozen=True, slots=True)
class _Topic:
    """Something of which there are two ways.

    Attributes:
        matter: Which tools enforce it.
        said: A rule is on it.
        ways: How a rule names each of the two values; the second is empty where it is only not the first.
        keys: That set it in a configuration.
        values: How their values begin, each with which of the two it is.
        words: That a rule on it may have beside those of all.
        width: Keys that set the number that belongs to it; None where none does.
    """

    matter: Matter
    said: re.Pattern[str]
    ways: tuple[tuple[str, str], tuple[str, str]]
    keys: re.Pattern[str]
    values: tuple[tuple[str, str], ...]
    words: frozenset[str]
    width: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks for.

    Attributes:
        topic: Of what.
        value: Which of its two ways.
        width: Its number; None where it gives none.
    """

    topic: _Topic
    value: str
    width: str | None = None

    @property
    def said(self) -> str:
        """In words."""
        return f"{self.width} {self.value}" if self.width else self.value

    @property
    def matter(self) -> Matter:
        """Which tools enforce it."""
        return self.topic.matter


@dataclass(frozen=True, slots=True)
class Setting:
    """What a configuration sets.

    Attributes:
        value: Which of the two ways; None where only the width is set.
        width: The number; None where there is none.
        line: Where, from 0.
    """

    value: str | None
    width: str | None
    line: int

    @property
    def said(self) -> str:
        """In words."""
        # Of tabs a width is how wide they are shown.
        if self.width and self.value in {None, "spaces"}:
            return f"{self.width} spaces"
        return self.value or ""


def _keyed(names: str, values: str) -> re.Pattern[str]:
    """A key at the beginning of a line or within an object, with its value."""
    return re.compile(
        rf"(?:^|[\s{{,.])[\"']?(?:{names})[\"']?[ \t]*[:=][ \t]*[\"']?(?P<value>{values})\b", re.I
    )


_EACH = frozenset(
    [
        *(
            "always",
            "all",
            "at",
            "code",
            "codebase",
            "each",
            "end",
            "ends",
            "every",
            "everywhere",
            "file",
            "files",
        ),
        *(
            "for",
            "in",
            "must",
            "on",
            "our",
            "prefer",
            "project",
            "repository",
            "should",
            "source",
            "style",
            "use",
        ),
        *(
            "used",
            "using",
            "uses",
            "we",
            "with",
            "do",
            "does",
            "have",
            "throughout",
            "over",
            "than",
            "rather",
            "any",
        ),
        *(
            "instead",
            "omit",
            "skip",
            "ever",
            "these",
            "their",
            "javascript",
            "typescript",
            "python",
            "js",
            "ts",
        ),
    ]
)
"""Words that narrow nothing; those that name a language do where another one's tool is looked at."""
_LANGUAGES = {
    "javascript": (".js", ".ts"),
    "js": (".js", ".ts"),
    "typescript": (".ts",),
    "ts": (".ts",),
    "python": (".py",),
}

_TOPICS = (
    _Topic(
        Matter.BLANKS,
        re.compile(
            r"\bindent|\A\W*(?:always |never |do not |don['’]t )?use (?:\d+ )?(?:spaces|tabs)\b", re.I
        ),
        (("tabs", r"\btabs?\b"), ("spaces", r"\bspaces?\b")),
        _keyed(
            r"indent[-_]?style|use[-_]?tabs|hard[-_]tabs|indentStyle",
            r"tabs?|spaces?|true|false|never|always",
        ),
        (("tab", "tabs"), ("true", "tabs"), ("always", "tabs"), ("", "spaces")),
        frozenset(
            ["indent", "indents", "indented", "indentation", "indenting", "level", "per", "space", "tab"]
        ),
        _keyed(
            r"indent[-_]?size|indent[-_]?width|tab[-_]?width|tab[-_]spaces|indentSize|indentWidth", r"\d{1,2}"
        ),
    ),
    _Topic(
        Matter.LAYOUT,
        re.compile(r"\b(?:single|double)[- ]quot(?:es?|ed)\b", re.I),
        (("single quotes", r"\bsingle\b"), ("double quotes", r"\bdouble\b")),
        _keyed(r"single[-_]?quote|quote[-_]?style|inline-quotes|quotes", r"true|false|single|double"),
        (("true", "single quotes"), ("single", "single quotes"), ("", "double quotes")),
        frozenset(
            [
                *("double", "double-quoted", "double-quotes", "literals", "quote", "quoted", "quotes"),
                *("single", "single-quoted", "single-quotes", "string", "strings"),
            ]
        ),
    ),
    _Topic(
        Matter.LAYOUT,
        re.compile(r"\bsemi-?colons?\b", re.I),
        (("semicolons", r"\bsemi-?colons?\b"), ("no semicolons", "")),
        _keyed(r"semi|semicolons", r"true|false|always|asNeeded|as-needed|prefer|asi|never"),
        (("true", "semicolons"), ("always", "semicolons"), ("prefer", "semicolons"), ("", "no semicolons")),
        frozenset(
            ["semicolon", "semicolons", "semi-colon", "semi-colons", "statement", "statements", "line"]
        ),
    ),
    _Topic(
        Matter.LAYOUT,
        re.compile(r"\btrailing commas?\b", re.I),
        (("trailing commas", r"\btrailing commas?\b"), ("no trailing commas", "")),
        _keyed(r"trailing[-_]?commas?", r"all|es5|none|always|never|onlyMultiLine|true|false"),
        (
            *((spelt, "no trailing commas") for spelt in ("none", "never", "false")),
            ("", "trailing commas"),
        ),
        frozenset(["comma", "commas", "lists", "literals", "multi-line", "multiline", "objects", "trailing"]),
    ),
    _Topic(
        Matter.IMPORTS,
        re.compile(
            r"\bimport (?:order|sorting|ordering)\b|\b(?:sort|order|group)(?:ed)? (?:\w+ ){0,2}imports\b"
            r"|\bimports (?:\w+ ){0,3}(?:sorted|ordered|grouped)\b",
            re.I,
        ),
        (
            (
                "sorted imports",
                r"\b(?:sort\w*|group\w*|ordered|ordering|import order|order (?:\w+ ){0,2}imports)\b",
            ),
            ("imports as they are written", ""),
        ),
        re.compile(r"(?!)"),
        (),
        frozenset(
            [
                *("alphabetically", "as", "by", "group", "grouped", "import", "imports", "keep", "kept"),
                *(
                    "matter",
                    "matters",
                    "order",
                    "ordered",
                    "ordering",
                    "reorder",
                    "sort",
                    "sorted",
                    "sorting",
                ),
            ]
        ),
    ),
)
_FORBIDS = frozenset({*NEGATION, "omit", "skip"})
_CLAUSE = re.compile(r"[,;:.()\n–—]|\band\b|\bbut\b")
_AGAINST = re.compile(r"\b(?:not|no|never|over|(?:rather|other) than|instead of|without|avoid)\b", re.I)
"""What comes after it is not wanted; what comes before, in the same clause, is."""
_WIDTH = re.compile(r"\b(\d{1,2})\b")
_NOT_SET = re.compile(r"\A\s*(?:#|//|;|\*)")
_IGNORED = re.compile(r"ignore|disable", re.I)
_OFF = re.compile(r"\A[\"']?\s*[:=]\s*\[?\s*[\"']?(?:off|false|0|never)\b", re.I)


@lru_cache(maxsize=4_096)
def asked_of(text: str) -> Asked | None:
    """Give what a rule asks for; None where it speaks of none of the topics, or says more.

    Args:
        text: Of the rule.
    """
    topics = [topic for topic in _TOPICS if topic.said.search(text)]
    if len(topics) != 1 or any(word not in _known_words(topics[0]) for word in _plain_words(text)):
        return None
    topic = topics[0]
    wanted = {value for clause in _CLAUSE.split(text) for value in _wanted(clause, topic)}
    widths = set(_WIDTH.findall(text)) if topic.width else set()
    if len(wanted) != 1 or len(widths) > 1:
        return None
    return Asked(topic, wanted.pop(), next(iter(widths), None))


def set_by(asked: Asked, linter: Linter, text: str) -> Setting | None:
    """Give what a configuration sets of what a rule asks for; None where it is not told, or told twice.

    Args:
        asked: What the rule asks for.
        linter: The tool.
        text: Its configuration.
    """
    topic = asked.topic
    if topic.matter is Matter.IMPORTS:
        return _sorting(linter, topic, text)
    if topic.matter not in linter.enforces:
        return None
    values = {(_value(topic, match["value"]), line) for match, line in _settings(topic.keys, text)}
    widths = (
        {(match["value"], line) for match, line in _settings(topic.width, text)} if topic.width else set()
    )
    # An override for some files, or another tool's table: which of them holds is not seen here.
    if len({value for value, _ in values}) > 1 or not (values or widths):
        return None
    number = {width for width, _ in widths}
    lines = [line for _, line in values] or [line for _, line in widths]
    width_line = min((line for _, line in widths), default=0)
    value = next(iter(values))[0] if values else None
    width = number.pop() if len(number) == 1 else None
    differs = value in {None, asked.value} and width is not None and asked.width not in {None, width}
    return Setting(value, width, width_line if differs else min(lines)) if value or width else None


def agrees(asked: Asked, setting: Setting) -> bool:
    """Say whether a configuration sets just what a rule asks for."""
    if asked.width and asked.width != setting.width:
        return False
    return asked.value == setting.value or (
        # A width without a style is one of spaces: every formatter's default with a width.
        setting.value is None and asked.value == "spaces" and asked.width is not None
    )


def opposes(asked: Asked, setting: Setting) -> bool:
    """Say whether a configuration sets what a rule's reader would have to undo."""
    if setting.value is not None and setting.value != asked.value:
        return True
    differs = asked.width is not None and setting.width is not None and asked.width != setting.width
    return differs and asked.value == "spaces" and setting.value == "spaces"


def _known_words(topic: _Topic) -> frozenset[str]:
    return (
        _EACH | _FORBIDS | topic.words | {"spaces", "tabs"} if topic.width else _EACH | _FORBIDS | topic.words
    )


def _plain_words(text: str) -> Iterator[str]:
    yield from (word for word in spoken_words(text) if not word.isdigit())


def _wanted(clause: str, topic: _Topic) -> Iterator[str]:
    """The values that a clause asks for: those it names, or their opposites where it is against them."""
    named = [
        (match.start(), number)
        for number, (_, pattern) in enumerate(topic.ways)
        if pattern
        for match in re.finditer(pattern, clause, re.I)
    ]
    negated = not _FORBIDS.isdisjoint(spoken_words(clause))
    against = _AGAINST.search(clause)
    for at, number in named:
        # "Tabs, not spaces": but a clause that names one alone may forbid it with a later word.
        unwanted = at > against.start() if against and len(named) > 1 else negated or bool(against)
        yield topic.ways[1 - number if unwanted else number][0]


def _value(topic: _Topic, spelt: str) -> str:
    return next(value for begins, value in topic.values if spelt.lower().startswith(begins))


def _settings(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    for number, line in enumerate(text.split("\n")):
        if not _NOT_SET.match(line):
            yield from ((match, number) for match in pattern.finditer(line))


def _sorting(linter: Linter, topic: _Topic, text: str) -> Setting | None:
    """Whether a tool orders imports; isort and its like always do."""
    value = topic.ways[0][0]
    if Matter.IMPORTS in linter.enforces:
        return Setting(value, None, 0)
    if linter.sorts is None:
        return None
    found = None
    key = ""
    for number, line in enumerate(text.split("\n")):
        if _NOT_SET.match(line):
            continue
        assigned = re.match(r"\s*[\"']?([\w-]{1,60})[\"']?\s*[:=]", line)
        key = assigned[1] if assigned else key
        match = linter.sorts.search(line)
        if match is None:
            continue
        if _IGNORED.search(key) or _OFF.match(line[match.end() :]):
            return None  # On for some, off for others.
        found = found or Setting(value, None, number)
    return found


def speaks_of(linter: Linter, text: str) -> bool:
    """Say whether a tool's language is one that a rule names; true where it names none."""
    named = [_LANGUAGES[word] for word in spoken_words(text) if word in _LANGUAGES]
    return all(any(suffix in linter.suffixes for suffix in suffixes) for suffixes in named)
