"""Symbols that a document names, and declarations that it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links.paths import has_extension
from whykeeper_indexers.links.text import TextLine

__all__ = ["declared", "named", "quoted"]

_SYMBOL = re.compile(
    r"(?:new |class |func |def |interface |type |struct |async |await )?"
    r"([A-Za-z_$][\w$]{0,80}(?:(?:\.|::|#|->)[A-Za-z_$][\w$]{0,80}){0,6})(\([^()\n]{0,200}\))?"
)
_KEY = re.compile(r"[A-Z][A-Z0-9]{0,60}(?:_[A-Z0-9]{1,60}){1,10}")
_SEPARATORS = re.compile(r"\.|::|#|->")
_ROLES = frozenset(
    ["func", "class", "meth", "mod", "attr", "data", "exc", "obj", "const", "function", "method"]
)
_SHORTEST = 5
"""Characters of a symbol that is not called and has no qualifier: shorter ones are words."""
DEFINING = re.compile(
    r"^\s{0,60}(?:(?:export|default|declare|public|private|protected|internal|static|async|pub(?:\([a-z]+\))?|abstract|final|"
    r"unsafe|override|suspend|inline|open|sealed|data)\s{1,4}){0,5}"
    r"(?:def|class|func(?:\s\([^()]{1,100}\))?|fn|fun|function\*?|interface|type|struct|enum|trait|message|rpc|module|object|record)"
    r"\s{1,4}([A-Za-z_$][\w$]{2,80})"
)
"""A line that declares something, in most languages."""
_MOST_QUOTED = 200


def named(line: TextLine) -> Iterator[Reference]:
    """Symbols that are written as code, with the parameters that are given."""
    for body in line.spans:
        found = _SYMBOL.fullmatch(body)
        if found and is_telling(found[1], called=bool(found[2])) and not has_extension(found[1]):
            called = (found[2] or "")[1:-1].strip()
            yield Reference(line.number, ReferenceKind.SYMBOL, found[1], "span", called, line.past)
    for role, body in line.roles:
        found = _SYMBOL.fullmatch(body)
        if role in _ROLES and found:
            yield Reference(line.number, ReferenceKind.SYMBOL, found[1], "role", "", line.past)


def declared(line: TextLine) -> Iterator[Reference]:
    """A declaration in a block of code, which may be the repository's own, quoted."""
    if not line.code or len(line.text) > _MOST_QUOTED or "..." in line.text:
        return
    found = DEFINING.match(line.text)
    if found and "(" in line.text:
        yield Reference(
            line.number, ReferenceKind.DEFINITION, found[1], "block", line.text.strip(), line.past
        )


def quoted(name: str) -> str:
    """The part of a symbol's name that stands where it is defined."""
    return _SEPARATORS.split(name)[-1]


def is_telling(name: str, *, called: bool) -> bool:
    """Tell a symbol from a word that happens to be written as code."""
    if _KEY.fullmatch(name):
        return False
    last = quoted(name)
    if len(last) < _SHORTEST:
        return False
    return called or last != name or _is_coined(last)


def _is_coined(name: str) -> bool:
    plain = name.strip("_$")
    return "_" in plain or (not plain.isupper() and any(letter.isupper() for letter in plain[1:]))
