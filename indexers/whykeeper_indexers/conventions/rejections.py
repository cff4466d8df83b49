"""What decisions turned down by name, for code to be held against.

Rules are prose, and so what they advise is compared only with names that mean one thing (``refusals``). A
dependency is a name by itself: that it is called as an option was, in lower case too, is enough. So here
every named option counts, and what a decision replaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from whykeeper_indexers.conventions.choices import chosen_names
from whykeeper_indexers.conventions.considered import passed_over
from whykeeper_indexers.conventions.refusals import forbidden_names, in_force, is_telling, option_name
from whykeeper_indexers.decisions import heirs_of
from whykeeper_indexers.types import DecisionContent, DecisionRecord

__all__ = ["Rejection", "rejections_of"]

_NAME = (
    r"[`*_\"“]{0,3}(?P<name>(?:[A-Z][\w+#-]{0,40}(?:\.[\w+#-]{1,20}){0,3})(?:[ ][A-Z][\w+#-]{1,20}){0,2}"
    r"|[a-z][\w+-]{2,40}(?:\.[\w+-]{1,20}){0,2})[`*_\"”]{0,3}"
)
_FROM_TO = (
    r"\b(?i:migrat(?:e|es|ed|ing)|mov(?:e|es|ed|ing)|switch(?:es|ed|ing)?)\s+(?:(?:away|over|off)\s+)?"
    r"(?i:from|off)\s+{name}\s+(?i:to)\b"
)
_SAID_OF_IT = (
    r"(?:^|[.;]\s+|\n){name}\s+(?i:is|was|has\s+been|will\s+be)\s+"
    r"(?i:replaced|rejected|dropped|ruled\s+out|refused|removed)\b"
)
_REPLACING = (
    r"\b(?i:replac(?:e|es|ed|ing))\s+(?:the\s+|our\s+)?{name}\s+(?:(?:entirely|fully)\s+)?(?i:by|with)\b",
    r"\b(?i:mov(?:e|es|ed|ing)\s+(?:away\s+from|off)|get\s+rid\s+of|stop\s+using|phas(?:e|ing)\s+out)\s+{name}",
    r"\b(?i:we\s+(?:drop|remove|retire|abandon|reject(?:ed)?))\s+{name}",
    r"\b(?i:decided\s+against|ruled\s+out|turned\s+down)\s+(?:using\s+)?{name}",
    _FROM_TO,
    _SAID_OF_IT,
)
_REPLACED = tuple(re.compile(pattern.replace("{name}", _NAME)) for pattern in _REPLACING)
_TITLE = re.compile(rf"\A(?i:no|drop|remove|avoid|ban|stop\s+using|retire|reject)\s+{_NAME}")
_INSTEAD = re.compile(
    r"\b(?:(?i:instead\s+of|rather\s+than|in\s+favou?r\s+over)"
    # What is sent over something has it.
    r"|(?i:choose|chose|chosen|prefer|preferred|pick|picked|favou?r|favou?red|select|selected)\s[^.;:\n]{0,80}?(?i:over))"
    rf"\s+(?:using\s+)?{_NAME}(?=\s*(?:[.,;:)]|$|\s(?:for|because|as|to|in|and)\b))",
    re.MULTILINE,
)
_USED = re.compile(
    r"\A(?i:use|using|adopt|choose|introduce|switch\s+to|move\s+to)\s+(?P<what>.{2,80}?)(?=\s+(?:for|as|to|in)\s|\s*\Z)"
)
"""A title of one that does not hold: what it says to use is a name, however it is written."""
_FORBIDDEN = re.compile(
    r"\b(?i:do\s+not|don['’]t|must\s+not|never|no\s+longer|will\s+not|won['’]t|shall\s+not|should\s+not)\s+(?:ever\s+)?"
    r"(?i:use|add|introduce|adopt|depend\s+on|rely\s+on)\s+(?P<what>[^,;:\n]{2,100}?)(?=[,;:\n]|\.(?:\s|\Z)|\Z)"
)
_CONDITION = re.compile(r"[`*_\"”]{0,3}\s+(?i:without|unless|until|except|before|outside)\b")
"""What makes a prohibition a rule on how something is used."""
_IN_CODE = re.compile(
    r"`([^`\s]{2,60})`|\(([\w./@:-]{3,60})\)"
    r"|\b([a-z]+[A-Z]\w*|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|[a-z_]\w*(?:\.\w+)+|[a-z]+(?:_[a-z0-9]+)+)\b"
)
_KIND = re.compile(
    r"\s+(?:package|library|module|framework|client|plugin|tool|server|database)s?\Z", re.IGNORECASE
)
_ONE_NAME = re.compile(r"[A-Za-z@][\w@/.+#-]{1,60}")
_LEADING = re.compile(
    rf"\A{_NAME}(?:\s*(?P<sign>[(,:–—-])|\s+(?:with|as|for|via|in|on|from|by|behind|based)\b)"
)
_INNER = re.compile(r"[A-Za-z][a-z]*[A-Z0-9.]|[A-Z]{2}")
"""In a name that no sentence begins with: ``OpenNLP``, ``AssertJ``, ``H2``."""
_FEW_WORDS = 4
"""Of an option that is about what it names in code, and does not only speak of it."""
_COMMON = frozenset(
    [
        *("all", "any", "both", "code", "data", "each", "every", "everything", "files", "it", "one", "ones"),
        *("something", "that", "the", "them", "these", "this", "those", "nothing", "none", "status", "using"),
        *(
            "doing",
            "keep",
            "manual",
            "own",
            "other",
            "others",
            "polling",
            "rest",
            "http",
            "json",
            "yaml",
            "sql",
        ),
        *("xml", "csv", "tests", "docs", "api", "build", "config", "cache", "database", "custom", "native"),
        *("plain", "local", "global", "static", "dynamic", "inheritance", "composition", "time", "core"),
        *("types", "path", "logging", "typing", "strings", "errors", "exceptions", "utils", "common", "base"),
        *("html", "css", "git", "github", "python", "java", "javascript", "go", "rust", "node", "library"),
    ]
)
"""Words that many packages have in their names, or that are no name of a tool."""
_REJECTED = frozenset(["rejected", "declined", "refused"])
"""Status words of a proposal that was decided against."""
_WHY = 200


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that a decision in force turned down.

    Attributes:
        name: What it is called there.
        path: The record.
        title: Of the record.
        why: What the record says of it, short; empty where it says nothing.
        how: ``refused``, ``rejected``, ``considered and not chosen`` or ``replaced``.
        before: The record that had chosen it, where this one replaced that.
        also: What code calls it, where the record says that.
    """

    name: str
    path: str
    title: str
    why: str = ""
    how: str = "refused"
    before: str = ""
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called."""
        return tuple(dict.fromkeys((self.name, *self.also)))


def rejections_of(
    decisions: Mapping[str, DecisionRecord], contents: Mapping[str, DecisionContent]
) -> tuple[Rejection, ...]:
    """Give what the decisions in force turned down and none of them chose.

    Args:
        decisions: Records by path.
        contents: What they say, by path.
    """
    holding = in_force(decisions)
    found: dict[tuple[str, str], Rejection] = {}
    for path, record in holding.items():
        content = contents.get(path, DecisionContent())
        for rejection in (*_refused(path, record, content), *_replaced(path, record, content)):
            found.setdefault((path, _key(rejection.name)), rejection)
    for path, record in decisions.items():
        for rejection in _superseded(path, record, decisions, contents):
            if rejection.path in holding:
                found.setdefault((rejection.path, _key(rejection.name)), rejection)
        if record.status in _REJECTED:
            for name in _chosen(record, contents.get(path, DecisionContent())):
                why = _first(contents.get(path, DecisionContent()).decision)
                said = Rejection(name, path, record.title, why, "rejected", also=_in_code(record.title))
                found.setdefault((path, _key(name)), said)
    chosen = {
        _key(name)
        for path, record in holding.items()
        for name in chosen_names(record.title, contents.get(path, DecisionContent()).decision)
    }
    return tuple(each for (_, key), each in found.items() if key not in chosen and key not in _COMMON)


def _refused(path: str, record: DecisionRecord, content: DecisionContent) -> Iterator[Rejection]:
    """What it forbids, and what it chose nothing of."""
    for text in (record.title, content.decision):
        yield from _said(text, path, record)
    title = _TITLE.match(record.title)
    if title and is_telling(title["name"].partition(" ")[0]):
        yield Rejection(title["name"], path, record.title, record.title)
    for alternative in content.alternatives:
        name = _option(alternative.name)
        if name and not _is_chosen(name, record.title, content.decision):
            why, also = _first(alternative.why), _in_code(alternative.name)
            yield Rejection(name, path, record.title, why, "considered and not chosen", also=also)


def _said(text: str, path: str, record: DecisionRecord) -> Iterator[Rejection]:
    """What one text of a record forbids or says was not taken."""
    for said in _FORBIDDEN.finditer(text):
        name = _option(said["what"])
        if name and not _is_conditional(said["what"], name):
            also = _in_code(said["what"])
            yield Rejection(name, path, record.title, _sentence(text, said[0]), also=also)
    for name in forbidden_names(text):
        if _is_conditional(text, name):
            continue
        yield Rejection(name, path, record.title, _sentence(text, name))
    for found in _INSTEAD.finditer(text):
        if is_telling(found["name"]):
            yield Rejection(found["name"], path, record.title, _sentence(text, found["name"]))
    for name in passed_over(text):
        if is_telling(name.partition(" ")[0]) or f"`{name}`" in text:
            how = "considered and not chosen"
            yield Rejection(name, path, record.title, _sentence(text, name), how)


def _is_conditional(text: str, name: str) -> bool:
    """Whether every time that something is named it is told when or where."""
    named = [found.end() for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]
    return bool(named) and all(_CONDITION.match(text, end) for end in named)


def _replaced(path: str, record: DecisionRecord, content: DecisionContent) -> Iterator[Rejection]:
    for text in (record.title, content.decision):
        for pattern in _REPLACED:
            for found in pattern.finditer(text):
                yield Rejection(found["name"], path, record.title, _sentence(text, found["name"]), "replaced")


def _superseded(
    path: str,
    record: DecisionRecord,
    decisions: Mapping[str, DecisionRecord],
    contents: Mapping[str, DecisionContent],
) -> Iterator[Rejection]:
    """What a record that was replaced had chosen, unless what replaced it decides on the same."""
    heirs = heirs_of(path, decisions) if not record.in_force else []
    for name in _chosen(record, contents.get(path, DecisionContent())) if heirs else ():
        heir = decisions[heirs[0]]
        content = contents.get(heirs[0], DecisionContent())
        if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", f"{heir.title}\n{content.decision}"):
            also = _in_code(record.title)
            yield Rejection(name, heirs[0], heir.title, _first(content.context), "replaced", path, also)


def _chosen(record: DecisionRecord, content: DecisionContent) -> list[str]:
    """What a record that does not hold had meant to use."""
    used = _USED.match(record.title)
    named = _option(used["what"]) if used else ""
    names = [*([named] if named else ()), *chosen_names(record.title, content.decision)]
    return list(dict.fromkeys(names))


def _option(name: str) -> str:
    """What an option is called; empty for one that is a description."""
    plain = _KIND.sub("", option_name(name))
    if _ONE_NAME.fullmatch(plain):
        return plain
    words = plain.split()
    if 1 < len(words) <= 3 and all(map(is_telling, words)):
        return plain
    led = _LEADING.match(plain)
    stripped = plain != _KIND.sub("", name.strip(" .:`"))
    # "Counting on the caller" begins with a word like any other.
    sure = led is not None and (led["sign"] == "(" or stripped or _INNER.match(led["name"]))
    if led and sure and is_telling(led["name"].partition(" ")[0]):
        return led["name"]
    return next(iter(_in_code(name)), "") if len(words) <= _FEW_WORDS else ""


def _in_code(text: str) -> tuple[str, ...]:
    """What of an option is named as code has it."""
    found = (name.removesuffix("()") for groups in _IN_CODE.findall(text) for name in groups if name)
    return tuple(dict.fromkeys(found))


def _is_chosen(name: str, title: str, decision: str) -> bool:
    """Whether a record's title names it, or its decision opens with it."""
    written = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    if written.search(title) and not any(pattern.search(title) for pattern in (*_REPLACED, _TITLE)):
        return True
    opening = decision.partition("\n\n")[0][:300]
    chosen = written.search(re.split(r"\b(?:because|over|instead|rather|not|unlike)\b", opening)[0])
    return chosen is not None


@lru_cache(maxsize=4_096)
def _key(name: str) -> str:
    return name.strip("`").lower()


def _sentence(text: str, name: str) -> str:
    found = (each for each in re.split(r"(?<=[.!?])\s+|\n", text) if name in each)
    return " ".join(next(found, "").split())[:_WHY]


def _first(text: str) -> str:
    plain = " ".join(line.lstrip("-*+ ") for line in text.split("\n") if line.strip())
    return re.split(r"(?<=[.!?])\s", plain)[0][:_WHY] if plain else ""
