"""Editing JSON with comments and trailing commas, every other byte kept.

Libraries that keep comments re-write the white space around them,
so that an edit would show up all over a person's file; here only the member in question is touched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from whykeeper.clients.jsonc_tree import Member, Node, parse_tree, skip_trivia
from whykeeper_indexers.errors import ConfigurationError

__all__ = ["Path", "append", "insert", "lookup", "parse", "remove", "update"]

Path = Sequence[str | int]
"""Keys of objects, and places in arrays counted from 0."""

_COMMENT = re.compile(r"//[^\r\n]*|/\*.*?\*/", re.DOTALL)
_SAME_LINE_COMMENTS = re.compile(r"(?:[ \t]*/\*[^\r\n]*?\*/)*(?:[ \t]*//[^\r\n]*)?")
_BLANK = re.compile(r"[ \t]*")


def parse(text: str) -> Any:
    """Read a text as plain values; an empty text is an empty object.

    Raises:
        ConfigurationError: It is not JSON, even with comments allowed.
    """
    return parse_tree(text).value


def lookup(text: str, path: Path) -> Any:
    """Return the value at a path; None when it is not there."""
    node = _find(parse_tree(text), path)
    return None if node is None else node.value


def insert(text: str, path: Sequence[str], value: Mapping[str, Any]) -> str:
    """Add a member, making the objects above it where they are missing.

    Args:
        text: The whole file.
        path: Keys from the root to the new member, which must not be there yet.
        value: What to put there.

    Returns:
        The whole file with the member added as the last of its object.

    Raises:
        ConfigurationError: The text is broken, or a value on the path is no object.
    """
    if not _without_trivia(text):
        return _insert_document(text, path, value)
    root = node = parse_tree(text)
    depth = 0
    while depth < len(path) - 1 and (child := _child(node, path[depth])) is not None:
        node, depth = child, depth + 1
        _require_object(node, path[:depth])
    _require_object(root, ())
    wrapped: Any = value
    for key in reversed(path[depth + 1 :]):
        wrapped = {key: wrapped}
    return _insert_member(text, root, node, path[depth], wrapped)


def update(text: str, path: Sequence[str], values: Mapping[str, Any]) -> str:
    """Set members of an object that is there; its other members stay.

    Raises:
        ConfigurationError: The text is broken, or there is no object at the path.
    """
    for key, value in values.items():
        root = parse_tree(text)
        node = _find(root, path)
        if node is None:
            raise ConfigurationError(f"{'.'.join(path)}: not there")
        _require_object(node, path)
        member = _member(node, key)
        if member is None:
            text = _insert_member(text, root, node, key, value)
        elif member.node.value != value:
            shown = _dump(
                text, value, _indent_of(text, member.start), _unit(text, root), _one_line(text, node)
            )
            text = text[: member.node.start] + shown + text[member.node.end :]
    return text


def append(text: str, path: Path, value: Mapping[str, Any]) -> str:
    """Add an item to an array that is there, as its last.

    Raises:
        ConfigurationError: The text is broken, or there is no array at the path.
    """
    root = parse_tree(text)
    owner = _find(root, path)
    if owner is None or owner.items is None:
        raise ConfigurationError(f"{'.'.join(map(str, path))}: expected an array")
    return _insert_member(text, root, owner, None, value)


def remove(text: str, path: Path) -> str:
    """Take a member or an item out, with its comma and its line; comments around it stay.

    Raises:
        ConfigurationError: The text is broken.
    """
    owner = _find(parse_tree(text), path[:-1])
    member = None if owner is None else _entry(owner, path[-1])
    if owner is None or member is None:
        return text
    members = _entries(owner)
    place = members.index(member)
    start, end = _extent(text, member, first=place == 0)
    kept = text[:start]
    if place == len(members) - 1 and place > 0 and member.comma is None:
        comma = members[place - 1].comma
        assert comma is not None
        kept = text[:comma] + text[comma + 1 : start]
    return kept + text[end:]


def _extent(text: str, member: Member, *, first: bool) -> tuple[int, int]:
    end = member.end if member.comma is None else member.comma + 1
    start = member.start
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    rest = _blank_end(text, end)
    own_line = start > 0 and text[start - 1] in "\r\n"
    if not own_line:
        return (member.start, rest) if first else (start, end)
    if rest < len(text) and text[rest] not in "\r\n":
        return member.start, end
    start -= 2 if text[:start].endswith("\r\n") else 1
    return start, rest


def _insert_document(text: str, path: Sequence[str], value: Mapping[str, Any]) -> str:
    wrapped: Any = value
    for key in reversed(path):
        wrapped = {key: wrapped}
    newline = _newline(text)
    body = json.dumps(wrapped, indent=2, ensure_ascii=False).replace("\n", newline) + newline
    return text + (newline if text and not text.endswith("\n") else "") + body


def _insert_member(text: str, root: Node, owner: Node, key: str | None, value: object) -> str:
    newline, unit = _newline(text), _unit(text, root)
    outer = _indent_of(text, owner.start)
    members = _entries(owner)
    compact = bool(members) and _one_line(text, owner)
    indent = outer + unit
    if members and _starts_line(text, members[0].start):
        indent = _indent_of(text, members[0].start)
    named = "" if key is None else f"{json.dumps(key, ensure_ascii=False)}: "
    shown = named + _dump(text, value, indent, unit, compact)
    lead = " " if compact else newline + indent
    if not members:
        return _insert_first(text, owner, lead + shown, newline + outer)
    last = members[-1]
    behind = last.end if last.comma is None else last.comma + 1
    place = _same_line_comments_end(text, behind)
    if last.comma is None:
        return text[:behind] + "," + text[behind:place] + lead + shown + text[place:]
    return text[:place] + lead + shown + "," + text[place:]


def _insert_first(text: str, owner: Node, entry: str, closing: str) -> str:
    """Put the first member behind the comments an empty object may hold."""
    close = owner.end - 1
    place = owner.start + 1
    for comment in _COMMENT.finditer(text, place, close):
        place = comment.end()
    tail = text[place:close]
    return text[:place] + entry + ("" if "\n" in tail else closing) + text[place:]


def _dump(text: str, value: object, indent: str, unit: str, compact: bool) -> str:
    if compact:
        return json.dumps(value, ensure_ascii=False)
    lines = json.dumps(value, indent=unit, ensure_ascii=False).split("\n")
    return (_newline(text) + indent).join(lines)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _unit(text: str, root: Node) -> str:
    """What one level is indented by: as the first member of the root, else two spaces."""
    for member in root.members or []:
        if _starts_line(text, member.start):
            return _indent_of(text, member.start) or "  "
    return "  "


def _indent_of(text: str, offset: int) -> str:
    line = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    return text[line : _blank_end(text, line)]


def _blank_end(text: str, offset: int) -> int:
    found = _BLANK.match(text, offset)
    assert found is not None
    return found.end()


def _starts_line(text: str, offset: int) -> bool:
    return text[:offset].rstrip(" \t")[-1:] in {"\n", "\r"}


def _one_line(text: str, node: Node) -> bool:
    return "\n" not in text[node.start : node.end]


def _same_line_comments_end(text: str, offset: int) -> int:
    found = _SAME_LINE_COMMENTS.match(text, offset)
    assert found is not None
    return found.end()


def _without_trivia(text: str) -> str:
    return text[skip_trivia(text, 0) :]


def _find(root: Node, path: Path) -> Node | None:
    node: Node | None = root
    for key in path:
        found = None if node is None else _entry(node, key)
        node = None if found is None else found.node
    return node


def _entries(node: Node) -> list[Member]:
    return node.members or node.items or []


def _entry(node: Node, key: str | int) -> Member | None:
    if isinstance(key, str):
        return _member(node, key)
    return next(iter((node.items or [])[key : key + 1]), None)


def _child(node: Node, key: str) -> Node | None:
    member = _member(node, key)
    return None if member is None else member.node


def _member(node: Node, key: str) -> Member | None:
    """The last one of that key counts, as it does for every reader of JSON."""
    return next((member for member in reversed(node.members or []) if member.key == key), None)


def _require_object(node: Node, path: Sequence[str]) -> None:
    if node.members is None:
        where = ".".join(path) or "the whole file"
        raise ConfigurationError(f"{where}: expected an object, not {type(node.value).__name__}")
