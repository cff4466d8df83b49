"""Uses of a member that its class has lost: told only where syntax makes sure of the class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from whykeeper.verification.checks.boundaries.lost import Lost
from whykeeper.verification.checks.boundaries.sides import Boundary, is_in_doubt
from whykeeper.verification.checks.boundaries.told import Use, use_at
from whykeeper.verification.findings import Severity
from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.usage import CodeFile, Mention, Role

__all__ = ["member_uses"]

_SELVES: Final = frozenset({"self", "cls", "this"})
_CLASS_NODES: Final = (
    "class_definition class_declaration abstract_class_declaration interface_declaration "
    "enum_declaration record_declaration class"
)
_CLASSES: Final = frozenset(_CLASS_NODES.split())
_HERITAGE: Final = ("superclass", "superclasses", "interfaces")
_DYNAMIC: Final = re.compile(r"__getattr__|__getattribute__|setattr\(|__slots__|__dict__|new Proxy\(")


def member_uses(lost: Lost, boundary: Boundary) -> list[Use]:
    """List uses of a member in the class that lost it, and those that name the class."""
    if lost.now is None or lost.name in _SELVES:
        return []
    file = boundary.head.file(lost.now)
    if file is None or is_in_doubt(file, boundary):
        return []
    found = {(each.path, each.line): each for each in _found(lost, file, boundary)}
    return [found[key] for key in sorted(found)]


def _found(lost: Lost, file: CodeFile, boundary: Boundary) -> Iterator[Use]:
    if lost.language == "go":
        yield from _of_receivers(lost, file, boundary)
        return
    owner = _class_named(file, lost.owner)
    if owner is None or _inherits(owner) or _DYNAMIC.search(text_of(owner)):
        return
    uses = [each for each in file.mentions(lost.name) if _is_within(each.node, owner)]
    if any(_is_defining(each) for each in uses):
        return
    for mention in uses:
        if (
            mention.role is Role.MEMBER and mention.qualifier in _SELVES and _holder(mention.node) == owner
        ) or (lost.language == "java" and _is_own_call(mention) and _holder(mention.node) == owner):
            yield use_at(file, mention.line, Severity.WARNING, mention)
    yield from _of_class(lost, file, boundary)


def _class_named(file: CodeFile, symbol: str) -> Node | None:
    """The one class of a name, by where it is defined."""
    name = symbol.rpartition(".")[2]
    holders = [
        each.node.parent
        for each in file.mentions(name)
        if each.role is Role.BINDING and each.node.parent is not None and each.node.parent.type in _CLASSES
    ]
    return holders[0] if len(holders) == 1 else None


def _inherits(owner: Node) -> bool:
    if child_of_type(
        owner, "class_heritage", "extends_type_clause", "extends_interfaces", "super_interfaces"
    ):
        return True
    superclasses = [owner.child_by_field_name(field) for field in _HERITAGE]
    return any(each is not None and text_of(each) not in ("()", "(object)") for each in superclasses)


def _holder(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.type not in _CLASSES and above.type != "class_body":
        above = above.parent
    # An anonymous class of Java has a body and no name.
    if above is not None and above.type == "class_body":
        above = above.parent
    return above


def _is_within(node: Node, holder: Node) -> bool:
    return holder.start_byte <= node.start_byte and node.end_byte <= holder.end_byte


def _is_defining(mention: Mention) -> bool:
    """Whether something is assigned to it, or a class within has one of its own."""
    if mention.role in (Role.BINDING, Role.IMPORT):
        return True
    node: Node | None = mention.node.parent if mention.role is Role.MEMBER else mention.node
    parent = node.parent if node is not None else None
    if parent is None:
        return False
    if mention.role is Role.KEY and parent.type not in ("pair", "keyword_argument", "object"):
        return True
    return node in parent.children_by_field_name("left")


def _is_own_call(mention: Mention) -> bool:
    parent = mention.node.parent
    return (
        mention.role is Role.READ
        and parent is not None
        and parent.type == "method_invocation"
        and parent.child_by_field_name("name") == mention.node
    )


def _of_class(lost: Lost, home: CodeFile, boundary: Boundary) -> Iterator[Use]:
    """``Class.member``, where the class is known to be the one."""
    owner = lost.owner.rpartition(".")[2]
    for file in boundary.code_with(lost.name):
        if file.language != home.language and not {file.language, home.language} <= {"typescript", "tsx"}:
            continue
        uses = [
            each
            for each in file.mentions(lost.name)
            if each.role is Role.MEMBER and each.qualifier in (owner, lost.owner)
        ]
        if uses and _means(owner, file, home, lost, boundary):
            for mention in uses:
                yield use_at(file, mention.line, Severity.WARNING, mention)


def _means(owner: str, file: CodeFile, home: CodeFile, lost: Lost, boundary: Boundary) -> bool:
    """Whether a file means the class by its name: it is defined there, imported from there, or beside it."""
    if file.path == home.path:
        return True
    for each in boundary.head.imported(file.path):
        if each.local == owner:
            return home.path in boundary.head.resolve(file.path, each)
    beside = file.path.rpartition("/")[0] == home.path.rpartition("/")[0]
    return lost.language == "java" and beside and not file.binds(owner)


def _of_receivers(lost: Lost, home: CodeFile, boundary: Boundary) -> Iterator[Use]:
    """Go: what a method calls of its own receiver, where the type takes nothing in from others."""
    folder = home.path.rpartition("/")[0]
    files = [each for each in boundary.code_with(lost.name) if each.path.rpartition("/")[0] == folder]
    if any(_defines(boundary, each, lost.symbol) for each in files) or not _is_plain_struct(
        lost.owner, folder, boundary
    ):
        return
    for file in files:
        for mention in file.mentions(lost.name):
            if mention.role is Role.MEMBER and mention.qualifier == _receiver_of(mention.node, lost.owner):
                yield use_at(file, mention.line, Severity.WARNING, mention)


def _defines(boundary: Boundary, file: CodeFile, symbol: str) -> bool:
    return any(each.symbol == symbol for each in boundary.subject.head.facts(file.path).definitions)


def _receiver_of(node: Node, owner: str) -> str | None:
    """What the method around a node calls the value of a type that it is called on."""
    above = node.parent
    while above is not None and above.type != "method_declaration":
        above = above.parent
    receiver = above.child_by_field_name("receiver") if above is not None else None
    declared = receiver.named_child(0) if receiver is not None else None
    if declared is None or not re.search(rf"(?<!\w){re.escape(owner)}(?!\w)", text_of(declared)):
        return None
    return text_of(declared.child_by_field_name("name")) or None


def _is_plain_struct(owner: str, folder: str, boundary: Boundary) -> bool:
    for file in boundary.code_with(owner):
        if file.path.rpartition("/")[0] != folder:
            continue
        for mention in file.mentions(owner):
            spec = mention.node.parent
            if mention.role is Role.BINDING and spec is not None and spec.type == "type_spec":
                return _has_own_fields_only(spec.child_by_field_name("type"), mention.name)
    return False


def _has_own_fields_only(kind: Node | None, name: str) -> bool:
    if kind is None or kind.type != "struct_type":
        return False
    fields = child_of_type(kind, "field_declaration_list")
    declared = [each for each in fields.named_children if each.type == "field_declaration"] if fields else []
    names = [text_of(each) for field in declared for each in field.children_by_field_name("name")]
    return name not in names and all(each.child_by_field_name("name") is not None for each in declared)
