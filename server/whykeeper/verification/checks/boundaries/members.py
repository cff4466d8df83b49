"""Uses of a member that its class has lost: told only where syntax makes sure of the class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from whykeeper.verification.checks.boundaries.lost import Lost
from whykeeper.verification.checks.boundaries.sides import Boundary, is_in_doubt, package_of
from whykeeper.verification.checks.boundaries.told import Use, use_at
from whykeeper.verification.checks.boundaries.typed import calls_of_member
from whykeeper.verification.findings import Severity
from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.path_roles import is_test
from whykeeper_indexers.usage import EVERYTHING, CodeFile, Mention, Role, call_at

__all__ = ["member_uses"]

_SELVES: Final = frozenset({"self", "cls", "this"})
_CLASS_NODES: Final = (
    "class_definition class_declaration abstract_class_declaration interface_declaration "
    "enum_declaration record_declaration class"
)
_CLASSES: Final = frozenset(_CLASS_NODES.split())
_PARTICULAR: Final = 10
_HUMPS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_HERITAGE: Final = ("superclass", "superclasses", "interfaces")
_HERITAGE_NODES: Final = ("class_heritage", "extends_type_clause", "extends_interfaces")
_ARGUMENTS: Final = re.compile(r"<[^<>]*>|\[[^\[\]]*\]")
_WITHOUT_MEMBERS: Final = frozenset({"object", "Object", "Serializable", "Cloneable", "ABC", "Generic"})
_DEEPEST: Final = 8
_DYNAMIC: Final = re.compile(r"__getattr__|__getattribute__|setattr\(|__slots__|__dict__|new Proxy\(")


def member_uses(lost: Lost, boundary: Boundary) -> list[Use]:
    """List uses of a member in the class that lost it, and those that name the class."""
    if lost.now is None or lost.name in _SELVES:
        return []
    file = boundary.head.file(lost.now)
    if file is None or is_in_doubt(file, boundary):
        return []
    found: dict[tuple[str, int], Use] = {}
    for each in _found(lost, file, boundary):
        found.setdefault((each.path, each.line), each)
    return [found[key] for key in sorted(found)]


def _found(lost: Lost, file: CodeFile, boundary: Boundary) -> Iterator[Use]:
    own = _is_own_of_struct if lost.language == "go" else _is_own_of_class
    if own(lost, file, boundary):
        taken_in = any(each.name in (lost.name, EVERYTHING) for each in boundary.head.imported(file.path))
        for each, mention in calls_of_member(lost.symbol, file, boundary):
            if not (taken_in and mention.role is Role.READ):
                yield use_at(each, mention.line, Severity.WARNING, mention)
    if lost.language == "java":
        yield from _imported_statically(lost, file, boundary)
    yield from _by_name_alone(lost, file, boundary)


def _imported_statically(lost: Lost, home: CodeFile, boundary: Boundary) -> Iterator[Use]:
    """Java: a member that another file takes in by its name does not compile without it."""
    whole = f"{package_of(home)}.{lost.symbol}"
    for file in boundary.code_with(lost.name):
        for each in boundary.head.imported(file.path) if file.language == "java" else ():
            if each.name == lost.name and f"{each.target.removesuffix(f'.{lost.name}')}.{lost.name}" == whole:
                yield use_at(file, each.line, Severity.ERROR)


def _is_own_of_class(lost: Lost, file: CodeFile, boundary: Boundary) -> bool:
    """Whether a class has nothing else that may give it the member: a base, an assignment, magic."""
    owner = _class_named(file, lost.owner)
    if owner is None or _DYNAMIC.search(text_of(owner)) or _may_inherit(lost.name, owner, file, boundary):
        return False
    return not any(_is_within(each.node, owner) and _is_defining(each) for each in file.mentions(lost.name))


def _by_name_alone(lost: Lost, home: CodeFile, boundary: Boundary) -> Iterator[Use]:
    """Calls of a method whose name is so particular that nothing else will have it."""
    if lost.category != "method" and not (lost.language == "python" and lost.category == "function"):
        return
    if len(lost.name) < _PARTICULAR or len(_HUMPS.findall(lost.name)) < 2 or is_test(lost.before):
        return
    files = [each for each in boundary.code_with(lost.name) if each.language == home.language]
    if any(_is_declared(lost.name, each) for each in files):
        return
    for file in files:
        for mention in file.mentions(lost.name):
            if mention.role is Role.MEMBER and call_at(mention) is not None:
                yield use_at(file, mention.line, Severity.NOTE, mention)


def _is_declared(name: str, file: CodeFile) -> bool:
    """Whether a file defines, assigns or takes in something of a name."""
    return any(each.rpartition(".")[2] == name for each in file.defined) or any(
        _is_defining(each) for each in file.mentions(name)
    )


def _class_named(file: CodeFile, symbol: str) -> Node | None:
    """The one class of a name, by where it is defined."""
    name = symbol.rpartition(".")[2]
    holders = [
        each.node.parent
        for each in file.mentions(name)
        if each.role is Role.BINDING and each.node.parent is not None and each.node.parent.type in _CLASSES
    ]
    return holders[0] if len(holders) == 1 else None


def _may_inherit(name: str, owner: Node, file: CodeFile, boundary: Boundary, depth: int = 0) -> bool:
    """Whether a base of a class may have a member: it has, or it cannot be found."""
    for base in _bases(owner):
        if base in _WITHOUT_MEMBERS:
            continue
        home = _home_of(base, file, boundary) if base.isidentifier() and depth < _DEEPEST else None
        above = _class_named(home, base) if home is not None else None
        if home is None or above is None or f"{base}.{name}" in home.defined:
            return True
        if _may_inherit(name, above, home, boundary, depth + 1):
            return True
    return False


def _bases(owner: Node) -> list[str]:
    """What a class extends or implements, as written, without type arguments."""
    fields = [owner.child_by_field_name(field) for field in _HERITAGE]
    clauses = [each for each in owner.children if each.type in _HERITAGE_NODES]
    text = " ".join(text_of(each) for each in (*fields, *clauses) if each is not None)
    while (plain := _ARGUMENTS.sub("", text)) != text:
        text = plain
    words = re.split(r"[\s,()]+", text)
    return list(dict.fromkeys(word for word in words if word and word not in ("extends", "implements")))


def _home_of(name: str, file: CodeFile, boundary: Boundary) -> CodeFile | None:
    """The file that has a class which another file names."""
    if file.mentioned_at_top(name, Role.BINDING):
        return file
    found = [
        target
        for each in boundary.head.imported(file.path)
        if each.local == name and each.name in ("", name)
        for target in boundary.head.resolve(file.path, each)
    ]
    if not found and file.language == "java":
        found = [f"{file.path.rpartition('/')[0]}/{name}.java"]
    return boundary.head.file(found[0]) if len(found) == 1 else None


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


def _is_own_of_struct(lost: Lost, home: CodeFile, boundary: Boundary) -> bool:
    """Go: whether a struct takes nothing in from others, and no file of its package has the method."""
    folder = home.path.rpartition("/")[0]
    files = [each for each in boundary.code_with(lost.name) if each.path.rpartition("/")[0] == folder]
    if any(lost.symbol in each.defined for each in files):
        return False
    return _is_plain_struct(lost.owner, folder, boundary)


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
