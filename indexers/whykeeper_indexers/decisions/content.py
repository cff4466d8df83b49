"""What a decision record says, whatever form it has: the reason, the choice, what was refused and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.sections import SectionRole, role_of
from whykeeper_indexers.decisions.status import without_comments, without_links
from whykeeper_indexers.decisions.titles import title_heading
from whykeeper_indexers.documents.outline import Section
from whykeeper_indexers.types import Alternative, DecisionContent

__all__ = ["content_of"]

MAX_TEXT = 2_000
"""Of each part: what is longer is read in the record itself."""
MAX_ALTERNATIVES = 20
MAX_NAME = 160
MIN_SHARED = 6
"""Letters from which on a name that begins another means the same."""

_ITEM = re.compile(r"( {0,3})(?:[-*+]|\d{1,3}[.)]|#\.)[ \t]+(\S.*)")
_LEAD = re.compile(
    r"(?P<mark>\*\*|__|\*|_|``|`)(?P<name>[^\n]{2,160}?)(?P=mark)[ \t]*(?:[:.,;–—-]+[ \t]*|\Z|\n)"
)
_NUMBERED = re.compile(
    r"\A(?:(?:option|alternative|approach|choice|model|variant)[ \t]+)?\w{1,2}[ \t]*[:.)–—-]+[ \t]+",
    re.IGNORECASE,
)
_PARTED = re.compile(
    r"(?P<name>(?>\[[^\[\]\n]*\](?:\([^()\s]*\))?|[^\n:\[]){3,120}?)"
    r"(?::[ \t]+|[ \t]+[–—-][ \t]+|[,;]?[ \t]+because\b[ \t]*)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CHOSEN = re.compile(
    r"(?:chosen|selected|preferred|decided for)(?: (?:option|alternative|solution))?\**[ \t]*:?[ \t*]*"
    r"(?:\[(?P<link>[^\]\n]{2,160})\]|[\"“'‘`](?P<quoted>[^\"”'’`\n]{2,160})[\"”'’`]|(?P<plain>[^\n.,]{2,160}))",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+")
_ROLE = re.compile(r":\w{2,10}:(?=`)")
_MARKUP = re.compile(r"</?[a-zA-Z]+(?:[ \t][^<>]*)?>|[*`~\[\]\"“”‘’]|(?<!\w)_+|_+(?!\w)")
_COUNTED = re.compile(r"(?:option|alternative|solution) (\d{1,2})")
"""The option that is meant by its place among them."""
_CHOSEN_MARK = re.compile(r"\((?:the )?(?:chosen|selected|accepted)\b[^()]*\)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_GAPS = re.compile(r"\W+")
_NOTHING = frozenset({"", "none", "na", "tbd", "todo", "nonesofar", "notapplicable"})


class _Part(NamedTuple):
    """A section that has a role, and those below it."""

    role: SectionRole
    section: Section
    below: Sequence[Section]


def content_of(text: RecordText) -> DecisionContent:
    """Read what a record says, part by part.

    Args:
        text: The record.

    Returns:
        Its parts, bounded; empty where no heading promises one.
    """
    parts = list(_parts(text))
    decided = _text(parts, SectionRole.DECISION)
    return DecisionContent(
        context=_text(parts, SectionRole.CONTEXT),
        decision=decided,
        alternatives=tuple(_refused(parts, decided))[:MAX_ALTERNATIVES],
        consequences=_text(parts, SectionRole.CONSEQUENCES),
        confirmation=_text(parts, SectionRole.CONFIRMATION),
    )


def _parts(text: RecordText) -> Iterator[_Part]:
    """Each section that has a role, but for the title."""
    sections = text.outline.sections
    title = title_heading(text)
    for index, section in enumerate(sections):
        is_title = bool(title) and section.heading == title
        role = None if is_title else role_of(section.heading)
        if role is None:
            continue
        yield _Part(role, section, list(_while_deeper(sections[index + 1 :], section.level)))


def _text(parts: Sequence[_Part], role: SectionRole) -> str:
    """What stands under the headings of a role, without what another role's headings stand over."""
    said: list[str] = []
    taken: set[int] = set()
    for part in parts:
        if part.role is not role or id(part.section) in taken:
            continue
        for section in (part.section, *_of_same_role(part)):
            taken.add(id(section))
            if body := _plain(section.text):
                nested = section is not part.section
                said.append(f"{section.heading}: {body}" if nested else body)
    return "\n\n".join(said)[:MAX_TEXT]


def _of_same_role(part: _Part) -> Iterator[Section]:
    other_role_above = 0
    for section in part.below:
        if other_role_above and section.level > other_role_above:
            continue
        role = role_of(section.heading)
        other_role_above = section.level if role not in (None, part.role) else 0
        if not other_role_above:
            yield section


def _refused(parts: Sequence[_Part], decided: str) -> Iterator[Alternative]:
    """Alternatives in the order of the text, without the one that was chosen; named once each."""
    found: dict[str, Alternative] = {}
    for part in parts:
        if part.role is SectionRole.ALTERNATIVES:
            for each in _alternatives(part):
                key = _key(each.name)
                known = next((other for other in found if _same(other, key)), key)
                if known not in found or (each.why and not found[known].why):
                    found[known] = Alternative(found[known].name if known in found else each.name, each.why)
    chosen = _chosen(decided)
    counted = _COUNTED.fullmatch(chosen)
    number = int(counted[1]) if counted else 0
    for place, (key, each) in enumerate(found.items(), start=1):
        if not ((chosen and _same(key, chosen)) or place == number or _CHOSEN_MARK.search(each.name)):
            yield each


def _alternatives(part: _Part) -> Iterator[Alternative]:
    """Sections below, each an alternative; else list items; else what is said, as one."""
    level = min((section.level for section in part.below), default=0)
    for index, section in enumerate(part.below):
        if section.level == level:
            deeper = _while_deeper(part.below[index + 1 :], level)
            why = "\n\n".join(filter(None, (_plain(each.text) for each in (section, *deeper))))
            yield Alternative(_name(section.heading), why[:MAX_TEXT])
    items = _items(part.section.text)
    paragraphs = [] if items or part.below else re.split(r"\n[ \t]*\n", _plain(part.section.text))
    yield from (
        _from_item(each) for each in (*items, *paragraphs) if _GAPS.sub("", each).lower() not in _NOTHING
    )


def _while_deeper(sections: Sequence[Section], level: int) -> Iterator[Section]:
    for section in sections:
        if section.level <= level:
            return
        yield section


def _items(text: str) -> list[str]:
    """The outermost list items of a passage, each with what is indented below it."""
    items: list[list[str]] = []
    indent: int | None = None
    for line in _plain(text).split("\n"):
        match = _ITEM.match(line)
        if match and (indent is None or len(match[1]) <= indent):
            indent = len(match[1])
            items.append([match[2]])
        # After an empty line, what is not indented belongs to no item.
        elif items and (line.startswith((" ", "\t")) or not line.strip() or items[-1][-1]):
            items[-1].append(line.strip())
    return ["\n".join(lines).strip() for lines in items]


def _from_item(item: str) -> Alternative:
    item = _NUMBERED.sub("", item.strip(), count=1)
    lead = _LEAD.match(item)
    if lead:
        return Alternative(_name(lead["name"]), item[lead.end() :].strip()[:MAX_TEXT])
    parted = _PARTED.match(item)
    if parted:
        return Alternative(_name(parted["name"]), item[parted.end() :].strip()[:MAX_TEXT])
    first, *rest = _SENTENCE.split(item, maxsplit=1)
    return Alternative(_name(first), " ".join(rest).strip()[:MAX_TEXT])


def _chosen(decided: str) -> str:
    match = _CHOSEN.search(decided)
    return _key(match["link"] or match["quoted"] or match["plain"]) if match else ""


def _name(text: str) -> str:
    plain = " ".join(_unmarked(text).split()).strip(":.,;–—- ")
    return plain if len(plain) <= MAX_NAME else f"{plain[: MAX_NAME - 1]}…"


def _key(name: str) -> str:
    plain = _unmarked(name)
    return " ".join(_WORD.findall(_NUMBERED.sub("", plain, count=1).lower()))


def _unmarked(text: str) -> str:
    return _MARKUP.sub("", _ROLE.sub("", without_links(text)))


def _same(one: str, other: str) -> bool:
    """Whether two names are one option's: one may be cut short."""
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= MIN_SHARED and f"{longer} ".startswith(f"{shorter} "))


def _plain(text: str) -> str:
    return _BLANK_LINES.sub("", without_comments(text)).rstrip()
