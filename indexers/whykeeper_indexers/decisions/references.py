"""What a record says it supersedes, or is superseded by, and which files those are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from whykeeper_indexers.decisions.layout import DecisionLayout
from whykeeper_indexers.decisions.places import record_name

__all__ = [
    "Reference",
    "Relations",
    "inlined",
    "link_definitions",
    "references_in",
    "relations_in",
    "resolved",
]

MAX_PASSAGE = 4_000
MAX_REFERENCES = 40

_VERBS = re.compile(
    r"(?P<by>\b(?:super[sc]+e+ded|replaced|obsoleted)"
    r"(?:[ \t\n]+in[ \t]+(?:part|full)|[ \t\n]+on[ \t]+[\d/.-]{4,12})?[ \t\n]+by\b"
    r"|\bdeprecated[ \t\n]+(?:by|in[ \t]+favou?r[ \t]+of)\b)"
    r"|(?P<of>\b(?:super[sc]+e+des|super[sc]+e+ding|replaces|obsoletes)\b)"
    r"|(?P<amended>\bamended[ \t\n]+(?:on[ \t]+[\d/.-]{4,12}[ \t\n]+)?by\b)|(?P<amends>\bamends\b)",
    re.IGNORECASE,
)
_PARTIAL = re.compile(r"\b(?:parts?|partial|partially|partly|sections?|some)\b[^.\n]{0,80}$", re.IGNORECASE)
_HYPOTHETICAL = re.compile(
    r"\b(?:may|might|could|will|would|should|not|never|if|until)\b[\w\s]{0,20}$", re.IGNORECASE
)

_MARKDOWN_LINK = r"\[(?P<text>[^\[\]\n]{1,300})\]\(\s*<?(?P<target>[^()\s<>]{1,500})>?[^()\n]{0,200}\)"
_RST_LINK = r"(?::\w{2,10}:)?`(?P<rtext>[^`<>]{0,300})<(?P<rtarget>[^<>`\s]{1,500})>`_{0,2}"
_ROLE = r":(?:doc|ref):`(?P<role>[^`<>]{1,300})`"
_IDENTIFIER = r"(?<![\w/-])(?:adr|rfc|madr)[-_ #]{0,2}(?P<id>\d{1,6})(?!\d)"
_SLUG = r"(?<![\w/.-])(?P<slug>(?:[\w-]{1,60}/)?\d{3,8}-[A-Za-z][\w.-]{0,150})"
_REFERENCES = re.compile("|".join((_MARKDOWN_LINK, _RST_LINK, _ROLE, _SLUG, _IDENTIFIER)), re.IGNORECASE)
_BARE_NUMBERS = re.compile(r"\W{0,10}\d{1,5}(?:\s*(?:,|and|&)\s*#?\d{1,5}){0,20}(?![\w/-])")
"""Numbers without a name count only where nothing stands between them and the verb."""
_SENTENCE_END = re.compile(r"\.(?=\s+[A-Z(*_\[]|\s*\Z)|;|\n[ \t]*\n|\n[ \t]*[-*+][ \t]")
_PULL_REQUEST = re.compile(r"/(?:pull|pulls|merge_requests)/(\d{1,6})(?:$|[/#?])")
_NUMBER_IN_TEXT = re.compile(r"(?:^|adr|rfc|madr)[-_ #]{0,2}(\d{1,6})(?!\d)", re.IGNORECASE)

_IN_PART = {"of": "amends", "by": "amended"}
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]\n]{1,200})\]:[ \t]+<?([^\s<>]{1,500})>?", re.MULTILINE)
_LABELLED = re.compile(r"\[([^\[\]\n]{1,300})\](?:\[([^\[\]\n]{0,200})\])?(?![(:\[])")


class Reference(NamedTuple):
    """Another record, as a text names it.

    Attributes:
        text: What a reader sees.
        target: Where a link leads; empty without one.
    """

    text: str
    target: str = ""


class Relations(NamedTuple):
    """Both directions of supersession and amendment, in the order of the text.

    Attributes:
        supersedes: Records that this one replaces.
        superseded_by: Records that replace this one.
        amends: Records that this one changes, or replaces in part.
        amended_by: Records that change this one, or replace parts of it.
        superseded: Whether it is replaced at all, by something named or not.
    """

    supersedes: tuple[Reference, ...] = ()
    superseded_by: tuple[Reference, ...] = ()
    amends: tuple[Reference, ...] = ()
    amended_by: tuple[Reference, ...] = ()
    superseded: bool = False


def relations_in(passage: str) -> Relations:
    """Find what a passage says of supersession and amendment.

    Records that are superseded in parts are still in force: they are amended. What may happen one
    day counts for nothing.
    """
    text = passage[:MAX_PASSAGE]
    verbs = list(_VERBS.finditer(text))
    found: dict[str, list[Reference]] = {"of": [], "by": [], "amends": [], "amended": []}
    superseded = False
    for index, verb in enumerate(verbs):
        before = text[max(0, verb.start() - 100) : verb.start()]
        if _HYPOTHETICAL.search(before):
            continue
        said = str(verb.lastgroup)
        until = verbs[index + 1].start() if index + 1 < len(verbs) else len(text)
        sentence = _sentence(text[verb.end() : until])
        if _PARTIAL.search(before) or "in part" in verb[0].lower():
            said = _IN_PART.get(said, said)
        superseded = superseded or said == "by"
        found[said].extend(references_in(sentence))
    of, by, amends, amended = (tuple(found[said]) for said in ("of", "by", "amends", "amended"))
    return Relations(of, by, amends, amended, superseded)


def references_in(passage: str) -> list[Reference]:
    """Every record a passage names: links, identifiers, slugs, or else bare numbers."""
    found = [_reference(match) for match in _REFERENCES.finditer(passage[:MAX_PASSAGE])]
    if not found:
        numbers = _BARE_NUMBERS.match(passage[:MAX_PASSAGE])
        found = [Reference(number) for number in re.findall(r"\d+", numbers[0] if numbers else "")]
    return found[:MAX_REFERENCES]


def link_definitions(passages: Iterable[str]) -> dict[str, str]:
    """Where the labels of reference links lead, by label in lower case."""
    found: dict[str, str] = {}
    for passage in passages:
        for match in _DEFINITION.finditer(passage) if "]:" in passage else ():
            found.setdefault(match[1].lower(), match[2])
    return found


def inlined(passage: str, definitions: Mapping[str, str]) -> str:
    """A passage with its reference links written as inline links."""

    def inline(match: re.Match[str]) -> str:
        target = definitions.get((match[2] or match[1]).lower())
        return f"[{match[1]}]({target})" if target else match[0]

    return _LABELLED.sub(inline, passage) if definitions else passage


def resolved(references: Iterable[Reference], path: str, layout: DecisionLayout) -> tuple[str, ...]:
    """References as paths relative to the root where text or layout say so, else as written."""
    found = dict.fromkeys(_resolve(reference, path, layout) for reference in references)
    return tuple(reference for reference in found if reference and reference != path)


def _sentence(text: str) -> str:
    """A text up to its sentence's end; full stops inside links do not count."""
    masked = _REFERENCES.sub(lambda match: "x" * len(match[0]), text)
    end = _SENTENCE_END.search(masked)
    return text[: end.start()] if end else text


def _reference(match: re.Match[str]) -> Reference:
    if match["target"]:
        return Reference(match["text"], match["target"])
    if match["rtarget"]:
        return Reference(match["rtext"].strip(), match["rtarget"])
    return Reference((match["role"] or match["slug"] or match[0]).rstrip("."))


def _resolve(reference: Reference, path: str, layout: DecisionLayout) -> str:
    target = reference.target.split("#", 1)[0].split("?", 1)[0]
    if "://" in target:
        return _by_url(target, layout) or _by_pull_request(reference, path, layout) or reference.target
    linked = _joined(path, target) if target else None
    if linked in layout.candidates:
        return str(linked)
    for text in (target, reference.text):
        found = _by_name(text, path, layout)
        if found:
            return found
    return linked or reference.text


def _by_url(url: str, layout: DecisionLayout) -> str | None:
    """The one record that a link to a hosting site ends in."""
    found = [path for path in layout.by_stem.get(_stem(url), ()) if url.endswith("/" + path)]
    return found[0] if len(found) == 1 else None


def _by_pull_request(reference: Reference, path: str, layout: DecisionLayout) -> str | None:
    """A request for comments has the number of the pull request that brought it, and is linked so."""
    asked, named = _PULL_REQUEST.search(reference.target), _NUMBER_IN_TEXT.search(reference.text)
    if not asked or not named or int(asked[1]) != int(named[1]):
        return None
    return _by_number(int(asked[1]), path, layout)


def _by_name(text: str, path: str, layout: DecisionLayout) -> str | None:
    """By file name or number, where only one record has it."""
    own = posixpath.dirname(path)
    stems = layout.by_stem.get(_stem(text), ())
    near = [each for each in stems if posixpath.dirname(each) == own] or list(stems)
    if len(near) == 1:
        return near[0]
    packaged = [each for each in stems if _package(each, layout) == posixpath.dirname(text) != ""]
    if len(packaged) == 1:
        return packaged[0]
    number = _NUMBER_IN_TEXT.search(posixpath.basename(text))
    return _by_number(int(number[1]), path, layout) if number else None


def _by_number(number: int, path: str, layout: DecisionLayout) -> str | None:
    placed = layout.place_of(path)
    for folder in _unique((posixpath.dirname(path), placed.folder if placed else "")):
        found = [each for each in layout.by_number.get((folder, number), ()) if each != path]
        if len(found) == 1:
            return found[0]
    return None


def _unique(folders: Iterable[str]) -> Iterator[str]:
    yield from dict.fromkeys(folders)


def _package(path: str, layout: DecisionLayout) -> str:
    placed = layout.place_of(path)
    return placed.package if placed else ""


def _stem(text: str) -> str:
    return record_name(posixpath.basename(text.strip())).stem.lower()


def _joined(path: str, target: str) -> str | None:
    """A link's target relative to the root; None when it leaves the root."""
    if target.startswith("/"):
        joined = posixpath.normpath(target.lstrip("/"))
    else:
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if joined.startswith("..") or joined == "." else joined
