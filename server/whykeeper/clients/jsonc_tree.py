"""JSON with comments and trailing commas as a tree that knows where everything stands.

The accepted language is what VS Code calls JSONC: JSON (RFC 8259), ``//`` and ``/* */`` comments,
and a comma after the last item.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from whykeeper_indexers.errors import ConfigurationError

__all__ = ["Member", "Node", "parse_tree", "skip_trivia"]

_MAX_DEPTH = 200
_TRIVIA = re.compile(r"(?:[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_SCALAR = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null", re.ASCII)
_DECODER = json.JSONDecoder()


@dataclass(slots=True)
class Node:
    """One value and where it stands; ``members`` is None for what is no object, ``items`` for no array."""

    start: int
    end: int
    value: Any
    members: list[Member] | None = None
    items: list[Member] | None = None


@dataclass(slots=True)
class Member:
    """One ``"key": value`` of an object, or an item of an array; ``comma`` is where the one behind it is."""

    key: str
    start: int
    node: Node
    comma: int | None = None

    @property
    def end(self) -> int:
        """Where its value ends."""
        return self.node.end


def parse_tree(text: str) -> Node:
    """Read a whole text; an empty one is an empty object.

    Raises:
        ConfigurationError: It is not JSON, even with comments allowed.
    """
    start = skip_trivia(text, 0)
    if start == len(text):
        return Node(start, start, {}, [])
    node = _value(text, start, 0)
    end = skip_trivia(text, node.end)
    if end != len(text):
        raise _broken(text, end, "nothing more")
    return node


def _value(text: str, at: int, depth: int) -> Node:
    if depth > _MAX_DEPTH:
        raise _broken(text, at, f"at most {_MAX_DEPTH} levels")
    first = text[at : at + 1]
    if first == "{":
        return _object(text, at, depth)
    if first == "[":
        return _array(text, at, depth)
    if first == '"':
        value, end = _string(text, at)
        return Node(at, end, value)
    found = _SCALAR.match(text, at)
    if found is None:
        raise _broken(text, at, "a value")
    return Node(at, found.end(), json.loads(found.group()))


def _object(text: str, at: int, depth: int) -> Node:
    members: list[Member] = []
    end = at + 1
    for start in _items(text, at + 1, "}", members):
        if text[start : start + 1] != '"':
            raise _broken(text, start, 'a key in double quotes or "}"')
        key, end = _string(text, start)
        colon = skip_trivia(text, end)
        if text[colon : colon + 1] != ":":
            raise _broken(text, colon, '":"')
        node = _value(text, skip_trivia(text, colon + 1), depth + 1)
        members.append(Member(key, start, node))
    end = _close(text, members[-1] if members else None, at)
    return Node(at, end, {member.key: member.node.value for member in members}, members)


def _array(text: str, at: int, depth: int) -> Node:
    items: list[Member] = []
    for start in _items(text, at + 1, "]", items):
        items.append(Member("", start, _value(text, start, depth + 1)))
    end = _close(text, items[-1] if items else None, at)
    return Node(at, end, [item.node.value for item in items], items=items)


def _items(text: str, at: int, closing: str, items: list[Member]) -> Iterator[int]:
    """Yield where each item starts; the caller appends it to ``items`` before going on."""
    start = skip_trivia(text, at)
    while text[start : start + 1] != closing:
        yield start
        last = items[-1]
        start = skip_trivia(text, last.end)
        if text[start : start + 1] == ",":
            last.comma = start
            start = skip_trivia(text, start + 1)
        elif text[start : start + 1] != closing:
            raise _broken(text, start, f'"," or "{closing}"')


def _close(text: str, last: Member | None, at: int) -> int:
    if last is None:
        return skip_trivia(text, at + 1) + 1
    return skip_trivia(text, last.end if last.comma is None else last.comma + 1) + 1


def _string(text: str, at: int) -> tuple[str, int]:
    try:
        value, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _broken(text, error.pos, "a well-formed text") from error
    return str(value), end


def skip_trivia(text: str, at: int) -> int:
    """Return where white space and comments from an offset end."""
    found = _TRIVIA.match(text, at)
    assert found is not None
    return found.end()


def _broken(text: str, at: int, expected: str) -> ConfigurationError:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return ConfigurationError(f"not valid JSON: expected {expected} at line {line}, column {column}")
