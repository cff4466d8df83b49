"""Calls of a class's members, where syntax tells the class: by its name, or by how a value is declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from whykeeper.verification.checks.boundaries.references import Referring, mentions_in
from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper_indexers.code.grammar import text_of
from whykeeper_indexers.usage import CodeFile, Mention, Role

__all__ = ["calls_of_member", "calls_through_super"]

_ROLES = (Role.MEMBER, Role.READ, Role.KEY)
_SELVES = frozenset({"self", "cls", "this"})
_CLASS_NODES: Final = (
    "class_definition class_declaration abstract_class_declaration interface_declaration "
    "enum_declaration record_declaration class object_creation_expression"
)
_CLASSES = frozenset(_CLASS_NODES.split())


def calls_of_member(symbol: str, home: CodeFile, boundary: Boundary) -> Iterator[Referring]:
    """List mentions that certainly mean a member of a class at the top of a file.

    Args:
        symbol: ``Class.member``.
        home: The file of the head side that has the class.
        boundary: Where it is looked for.
    """
    owner, _, name = symbol.rpartition(".")
    for file in boundary.code_with(name):
        uses = [each for each in file.mentions(name) if each.role in _ROLES]
        if uses and file.language == home.language:
            yield from _of_file(uses, owner, file, home, boundary)


def calls_through_super(owner: str, name: str, home: CodeFile, boundary: Boundary) -> Iterator[Referring]:
    """List calls of a method of Python through ``super()`` in classes that have no other base.

    Args:
        owner: A class at the top of a file.
        name: The method.
        home: The file of the head side that has the class.
        boundary: Where it is looked for.
    """
    for file in boundary.code_with(owner if name == "__init__" else name):
        calls = [each for each in file.mentions(name) if each.qualifier == "super()"]
        if not calls:
            continue
        below = {_only_base_of(each.node) for _, each in mentions_in(file, home, owner, boundary)}
        yield from ((file, each) for each in calls if _class_node(each.node) in below - {None})


def _only_base_of(node: Node) -> Node | None:
    """The class of Python that a name is the only base of."""
    parent = node.parent
    if parent is not None and parent.type == "attribute":
        node, parent = parent, parent.parent
    if parent is None or parent.type != "argument_list" or parent.parent is None:
        return None
    bases = [each for each in parent.named_children if each.type not in ("keyword_argument", "comment")]
    below = parent.parent
    return below if below.type == "class_definition" and bases == [node] else None


def _class_node(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.type != "class_definition":
        above = above.parent
    return above


def _of_file(
    uses: list[Mention], owner: str, file: CodeFile, home: CodeFile, boundary: Boundary
) -> Iterator[Referring]:
    known: set[Node] = set()
    if "." not in owner and any(each.role is not Role.READ for each in uses):
        known = {each.node for _, each in mentions_in(file, home, owner, boundary)}
    owner = owner.rpartition(".")[2]
    for mention in uses:
        if mention.role is Role.KEY:
            if file.language == "go" and _is_key_of(mention.node, known):
                yield file, mention
        elif mention.role is Role.READ:
            own = file.language == "java" and file.path == home.path
            if own and _is_called(mention) and owner in classes_around(mention.node):
                yield file, mention
        elif mention.qualifier in _SELVES:
            if file.path == home.path and class_around(mention.node) == owner:
                yield file, mention
        elif known and _is_of(mention, owner, file, known):
            yield file, mention


def _is_key_of(node: Node, known: set[Node]) -> bool:
    """Whether a name is a key of a value that is written out with the class before it: ``Owner{key: 1}``."""
    element = node.parent
    while element is not None and element.type == "literal_element":
        element = element.parent
    literal = element.parent if element is not None and element.type == "keyed_element" else None
    whole = literal.parent if literal is not None else None
    kind = whole.child_by_field_name("type") if whole is not None else None
    if whole is None or whole.type != "composite_literal" or kind is None:
        return False
    return kind.type in ("type_identifier", "qualified_type") and any(_inside(each, kind) for each in known)


def classes_around(node: Node) -> set[str]:
    """The names of all classes around a node: what is called without a qualifier may be any of theirs."""
    found: set[str] = set()
    above = node.parent
    while above is not None:
        if above.type in _CLASSES:
            found.add(text_of(above.child_by_field_name("name")))
        above = above.parent
    return found


def class_around(node: Node) -> str:
    """The name of the innermost class around a node; empty for none, or one without a name."""
    above = node.parent
    while above is not None:
        if above.type == "object_creation_expression" and any(
            child.type == "class_body" for child in above.children
        ):
            return ""
        if above.type in _CLASSES and above.type != "object_creation_expression":
            return text_of(above.child_by_field_name("name"))
        above = above.parent
    return ""


def _is_called(mention: Mention) -> bool:
    parent = mention.node.parent
    return parent is not None and parent.type == "method_invocation"


def _is_of(mention: Mention, owner: str, file: CodeFile, known: set[Node]) -> bool:
    """Whether what stands before a member is the class, a value declared to be of it, or made of it."""
    before = mention.qualifier
    if before == owner:
        return True
    if before.startswith((f"new {owner}(", f"{owner}(")):
        return before.count("(") == before.count(")") and before.rstrip().endswith(")") and _one_call(before)
    if not before.isidentifier():
        return False
    declared = file.bound_for(before, mention.node)
    return declared is not None and _declared_as(declared.node, owner, known)


def _one_call(text: str) -> bool:
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == ")" and depth == 0:
            return at == len(text) - 1
    return False


def _declared_as(node: Node, owner: str, known: set[Node]) -> bool:
    """Whether a name is bound with the class as its type, or to a new value of the class."""
    declaration = node.parent
    for _ in range(3):
        if declaration is None:
            return False
        kind = declaration.child_by_field_name("type")
        if kind is not None and _plain_type(kind) == owner:
            return any(_inside(each, kind) for each in known)
        value = declaration.child_by_field_name("value") or declaration.child_by_field_name("right")
        if value is not None and _made(value) == owner:
            return any(_inside(each, value) for each in known)
        if kind is not None and text_of(kind) not in ("var",):
            return False
        declaration = declaration.parent
    return False


def _plain_type(kind: Node) -> str:
    text = text_of(kind).lstrip(":*& ").strip()
    return text.partition("<")[0].strip()


def _made(value: Node) -> str:
    """The class that an expression makes a value of."""
    if value.type == "expression_list" and value.named_child_count == 1:
        value = value.named_child(0) or value
    if value.type == "unary_expression":
        value = value.child_by_field_name("operand") or value
    if value.type == "composite_literal":
        return text_of(value.child_by_field_name("type"))
    if value.type in ("call", "new_expression", "object_creation_expression"):
        for field in ("function", "constructor", "type"):
            if (found := value.child_by_field_name(field)) is not None:
                return text_of(found).partition("<")[0].strip()
    return ""


def _inside(node: Node, holder: Node) -> bool:
    return holder.start_byte <= node.start_byte and node.end_byte <= holder.end_byte
