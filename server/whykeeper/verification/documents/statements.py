"""Where documents speak of something that a change takes away."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from whykeeper.verification.documents.losses import Loss, Matter
from whykeeper.verification.documents.values import name_words, said_values, spellings
from whykeeper.verification.side import Side
from whykeeper_indexers.facts import FileFacts
from whykeeper_indexers.links import TextLine
from whykeeper_indexers.links.symbols import is_telling
from whykeeper_indexers.types import LineRange

__all__ = ["Statement", "is_within", "statements_on", "told_documents"]

MOST_NAMES: Final = 1_200
"""Looked for in documents; a change that takes away more is a rewrite."""
_LANGUAGES = r"(?:zh|ja|ko|fr|de|es|pt|ru|it|uk|tr|vi|pl|fa|hi)(?:[-_][A-Za-z]{2,4})?"
_COPIES = re.compile(
    rf"(?:^|/)(?:i18n|l10n|locales?|translations?|versioned_docs|{_LANGUAGES})/"
    rf"|(?:\.|(?i:readme|index|contributing)[_-]){_LANGUAGES}\.\w{{2,5}}$"
)
"""Translations, and copies for older versions: the original is elsewhere."""
_HEADING = re.compile(r"\s{0,3}#{1,6}\s|:::\s|={1,6}\s")
_DEFAULT = re.compile(r"\bdefault(?:s|ed|ing)?\b", re.IGNORECASE)
_TRIVIAL = frozenset(["", "0", "1", "true", "false", "none", "-1"])
_DENIED = re.compile(r"\b(?:not|never|neither|cannot|without)\b|n['’]t\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?;:])\s+")
_ON = re.compile(r"\b(?:enabled|turned on|switched on|on by default)\b", re.IGNORECASE)
_OFF = re.compile(r"\b(?:disabled|turned off|switched off|off by default|not enabled)\b", re.IGNORECASE)
_IN_SENTENCE = 160
"""Characters between a name and the value that is said of it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of a document that speaks of something lost.

    Attributes:
        document: Its path.
        line: 1-based.
        text: The line.
        loss: Of what it speaks.
    """

    document: str
    line: int
    text: str
    loss: Loss


def told_documents(side: Side) -> dict[str, FileFacts]:
    """Documents that tell how things are: no translations, no decisions that are no longer in force."""
    return {
        path: facts
        for path, facts in side.documents.items()
        if not _COPIES.search(path) and (facts.decision is None or facts.decision.in_force)
    }


def statements_on(
    losses: Sequence[Loss], side: Side, documents: Mapping[str, FileFacts]
) -> Iterator[Statement]:
    """Find the lines that speak of what is lost.

    Args:
        losses: What may be lost.
        side: The repository after the change.
        documents: Those that tell how things are.
    """
    by_name: dict[str, list[Loss]] = {}
    for loss in losses:
        for name in _written(loss):
            by_name.setdefault(name, []).append(loss)
    words = [name for name in by_name if name[0].isalnum() and name[-1].isalnum() and " " not in name]
    texts = [name for name in by_name if name not in set(words)]
    where = _pathspecs(documents)
    found = [*side.tree.grep(words[:MOST_NAMES], where), *side.tree.grep_text(texts[:MOST_NAMES], where)]
    spoken: dict[str, set[int]] = {}
    for each in found:
        if each.path in documents and not is_within(documents[each.path].past, each.line):
            spoken.setdefault(each.path, set()).add(each.line)
    contents = side.tree.texts(spoken)
    for path, numbers in spoken.items():
        lines = contents.get(path, "").split("\n")
        for number in sorted(numbers):
            yield from _in_line(path, number, lines, documents[path], by_name)


def _written(loss: Loss) -> set[str]:
    if loss.matter is Matter.VALUE:
        return spellings(loss.name)
    if loss.matter is Matter.NAME and "_" in loss.name.strip("_"):
        return {loss.name, loss.name.strip("_").lower().replace("_", "-")}
    return {loss.name}


def _pathspecs(documents: Iterable[str]) -> list[str]:
    endings = {posixpath.splitext(path)[1] for path in documents}
    whole = [f":(literal){path}" for path in documents if not posixpath.splitext(path)[1]]
    return [*(f"*{ending}" for ending in sorted(endings - {""})), *whole]


def _in_line(
    path: str, number: int, lines: Sequence[str], facts: FileFacts, by_name: Mapping[str, list[Loss]]
) -> Iterator[Statement]:
    text = lines[number - 1][:1_000] if number <= len(lines) else ""
    line = TextLine(number, text, is_within(facts.blocks, number), "", False, "")
    seen: set[Loss] = set()
    for name in _names_in(text, by_name):
        for loss in by_name[name]:
            if loss not in seen and _SPEAKS[loss.matter](line, name, loss, lines):
                seen.add(loss)
                yield Statement(path, number, text.strip(), loss)


def _names_in(text: str, by_name: Mapping[str, list[Loss]]) -> list[str]:
    words = set(re.findall(r"[\w$]+(?:-[\w$]+)*", text))
    parts = {part for word in words for part in word.split("-")}
    near = [name for name in {*words, *parts} if name in by_name]
    return [
        *near,
        *(name for name in by_name if not re.fullmatch(r"[\w$]+(?:-[\w$]+)*", name) and name in text),
    ]


@lru_cache(maxsize=4_096)
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$-]){re.escape(name)}(?![\w$]|-\w)")


def _spans_with(line: TextLine, name: str) -> list[str]:
    bodies = [*line.spans, *(body for _, body in line.roles)]
    return [body for body in bodies if _word(name).search(body)]


def _names(line: TextLine, name: str, _loss: Loss, _lines: Sequence[str]) -> bool:
    """A name that nothing has any more: written as code, used in code, or coined."""
    if "-" in name:
        return f"--{name}" in line.text
    if line.code:
        escaped = re.escape(name)
        return bool(
            re.search(rf"(?:\.|::|->){escaped}\b|\b{escaped}\s*[(=:<]|\bimport\b.*\b{escaped}\b", line.text)
        )
    return bool(_spans_with(line, name)) or (
        is_telling(name, called=False) and bool(_word(name).search(line.plain))
    )


def _symbol(line: TextLine, name: str, loss: Loss, _lines: Sequence[str]) -> bool:
    """A symbol as its owner's: what else has its name is another one."""
    escaped = re.escape(name)
    texts = [line.text] if line.code else _spans_with(line, name)
    owners = {owner.lower() for owner in loss.owners}
    for text in texts:
        for found in re.finditer(
            rf"(?:([A-Za-z_$][\w$]*)(?:\(\))?(?:\.|::|#|->))?\b{escaped}\b(\s*\()?", text
        ):
            above = (found[1] or "").lower()
            if above in owners and above:
                return True
            alone = found[2] or (loss.bare and not line.code)
            if not above and alone and is_telling(name, called=False):
                return True
    return False


def _parameter(line: TextLine, name: str, loss: Loss, lines: Sequence[str]) -> bool:
    """A parameter beside the function, or under a heading that names it."""
    named = (
        re.search(rf"(?<![\w$.]){re.escape(name)}\s*[=:,)]", line.text)
        if line.code
        else _spans_with(line, name)
    )
    if not named or _is_denied(line.text, name):
        return False
    for owner in loss.owners:
        if line.code:
            called = re.search(rf"(?<![\w$]){re.escape(owner)}\s*\((?P<rest>.*)", line.text)
            if called and re.search(rf"(?<![\w$.]){re.escape(name)}\s*[=:,)]", called["rest"]):
                return True
            continue
        if _spans_with(line, owner) or _word(owner).search(_heading_above(lines, line.number)):
            return True
    return False


def _is_denied(text: str, name: str) -> bool:
    """Whether a sentence may say that there is no such thing: it denies something before it names it."""
    return any(
        (denied := _DENIED.search(sentence)) is not None and _word(name).search(sentence, denied.end())
        for sentence in _SENTENCES.split(text)
    )


def _heading_above(lines: Sequence[str], number: int) -> str:
    return next((lines[at - 1] for at in range(number - 1, 0, -1) if _HEADING.match(lines[at - 1])), "")


def _head_of_table(lines: Sequence[str], number: int) -> str:
    """The first line of the table that a line stands in; empty where it stands in none."""
    first = number
    while first > 0 and lines[first - 1].lstrip().startswith("|"):
        first -= 1
    return lines[first] if first < number else ""


def _literal(line: TextLine, name: str, _loss: Loss, _lines: Sequence[str]) -> bool:
    """A whole string: a route, a header, an option."""
    texts = [line.text] if line.code or name.startswith(("/", "--")) else line.spans
    alone = re.compile(rf"(?<![\w$/.-]){re.escape(name)}(?![\w$]|[-./]\w)")
    return any(alone.search(text) for text in texts)


def _value(line: TextLine, name: str, loss: Loss, lines: Sequence[str]) -> bool:
    """The value before the change is said of the name, and the one after it is not."""
    if line.code and not _DEFAULT.search(line.text):
        return False
    said_default = bool(_DEFAULT.search(line.text) or _DEFAULT.search(_head_of_table(lines, line.number)))
    written = (
        line.text
        if " " in name or line.code
        else " ".join(_spans_with(line, name))
        or (line.text if name.startswith("--") or "|" in line.text or name.isupper() or said_default else "")
    )
    at = _word(name).search(line.text)
    if not at or not written or not _word(name).search(written):
        return False
    if loss.value in ("true", "false") and said_default:
        switched = "false" if _OFF.search(line.text) else "true" if _ON.search(line.text) else ""
        if switched:
            return switched == loss.value
    around = line.text[max(0, at.start() - _IN_SENTENCE // 2) : at.end() + _IN_SENTENCE]
    said = said_values(_word(name).sub(" ", around))
    written_out = re.search(rf"(?<![\w/.-]){re.escape(loss.value)}(?![\w/-]|\.\w)", around)
    if (loss.value not in said and not (written_out and len(loss.value) > 2)) or loss.now in said:
        return False
    assigned = re.search(
        rf"{re.escape(name)}.{{0,{_IN_SENTENCE}}}?(?:=|:|\bis\b|\bto\b|\|)\s*[`\"']?{re.escape(loss.value)}(?!\w|\.\d)",
        line.text,
    )
    return said_default or (bool(assigned) and loss.value not in _TRIVIAL and len(name_words(name)) > 0)


def is_within(ranges: Sequence[LineRange], number: int) -> bool:
    """Whether a line lies in one of some ranges."""
    return any(start <= number <= end for start, end in ranges)


_SPEAKS = {
    Matter.NAME: _names,
    Matter.SYMBOL: _symbol,
    Matter.PARAMETER: _parameter,
    Matter.LITERAL: _literal,
    Matter.VALUE: _value,
}
