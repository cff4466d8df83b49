"""What code defines and where it is used, told by names that only one thing has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from benchmarks.verify.scene import Scene
from benchmarks.verify.source import Edit, Function, SourceFile, apply, text_of, walk

__all__ = ["Symbol", "calls", "defined", "named", "renamed", "symbols", "uses", "without"]

LEAST_NAME = 5
_TOP = {
    "python": {"class_definition", "function_definition"},
    "typescript": {
        *("class_declaration", "abstract_class_declaration", "function_declaration", "interface_declaration"),
        *("type_alias_declaration", "enum_declaration", "lexical_declaration"),
    },
    "go": {"type_declaration", "const_declaration", "var_declaration", "function_declaration"},
    "java": set[str](),
}
_NAMED = {"type_spec", "const_spec", "var_spec", "variable_declarator", "type_alias"}
_IDENTIFIERS = {
    *("identifier", "type_identifier", "field_identifier", "property_identifier"),
    *("shorthand_property_identifier", "package_identifier"),
}
_COMMENTS = {"comment", "line_comment", "block_comment"}
_DECLARED = re.compile(
    r"\b(?:function|const|let|var|class|interface|type|enum|def|func|record)\s+(?:\([^)\n]*\)\s*)?([A-Za-z_$][\w$]*)"
)
_JAVA_METHOD = re.compile(
    r"\b(?:public|protected|private|abstract|static|final)\s[\w<>\[\],.? ]*?\s(\w+)\s*\([^;{]*[;{]"
)
_CALLED = {"call": "function", "call_expression": "function", "method_invocation": "name"}


@dataclass(frozen=True)
class Symbol:
    """Something that code defines.

    Attributes:
        file: Where.
        name: As it is used.
        kind: What it is.
        outer: Its whole definition.
        name_node: Where it is named.
        function: Set for functions and methods.
    """

    file: SourceFile
    name: str
    kind: str
    outer: Node
    name_node: Node
    function: Function | None = None


def defined(scene: Scene) -> list[Symbol]:
    """Everything in the product whose name nothing else in it has."""
    found = [each for path in scene.product for each in _defined(scene.source(path))]
    counts = Counter(each.name for each in found)
    # Files of the real change and what stands deeper than the top level define names, too.
    declared: Counter[str] = Counter()
    for text in scene.code.values():
        declared.update({*_DECLARED.findall(text), *_JAVA_METHOD.findall(text)})
    return [
        each
        for each in found
        if counts[each.name] == 1
        and declared[each.name] <= 1
        and len(each.name) >= LEAST_NAME
        and not (each.name.startswith("__") or _is_common(each))
    ]


def symbols(scene: Scene) -> list[Symbol]:
    """Those of them that other files of the product may use."""
    words = {path: set(re.findall(r"\w+", scene.text(path))) for path in scene.product}
    return [
        each
        for each in defined(scene)
        if any(each.name in said for path, said in words.items() if path != each.file.path)
    ]


def _is_common(symbol: Symbol) -> bool:
    """Whether a method's name may well be that of somebody else's method."""
    if symbol.function is None or not symbol.function.owner:
        return False
    return not re.search(r"[a-z][A-Z]|[a-z]_[a-z]", symbol.name) or len(symbol.name) < 9


def _defined(file: SourceFile) -> Iterator[Symbol]:
    for each in file.functions:
        if not each.decorated and each.name != "constructor":
            yield Symbol(
                file, each.name, "method" if each.owner else "function", each.outer, each.name_node, each
            )
    for child in file.root.named_children:
        node = child
        if child.type == "export_statement":
            node = child.child_by_field_name("declaration") or child
        if node.type not in _TOP[file.language] or "function" in node.type:
            continue
        named = [node] if node.child_by_field_name("name") else [e for e in walk(node) if e.type in _NAMED]
        if len(named) != 1 or _is_function(named[0]):
            continue
        name = named[0].child_by_field_name("name")
        if name is not None and name.type in _IDENTIFIERS:
            kind = node.type.split("_")[0].replace("lexical", "constant").replace("var", "variable")
            yield Symbol(file, text_of(name), kind, child, name)
    if file.language == "java":
        yield from _fields(file)


def _is_function(declarator: Node) -> bool:
    value = declarator.child_by_field_name("value")
    return value is not None and value.type in ("arrow_function", "function_expression")


def _fields(file: SourceFile) -> Iterator[Symbol]:
    for body in file.owners.values():
        for field in body.named_children:
            declared = [e for e in field.named_children if e.type == "variable_declarator"]
            if field.type == "field_declaration" and len(declared) == 1:
                name = declared[0].child_by_field_name("name")
                if name is not None and re.search(r"\bstatic\b.*\bfinal\b", text_of(field)):
                    yield Symbol(file, text_of(name), "constant", field, name)


def uses(scene: Scene, symbol: Symbol) -> dict[str, list[Node]]:
    """Where other files name a symbol in code, tests included, but for what the real change touched."""
    found: dict[str, list[Node]] = {}
    for path in scene.using(symbol.name):
        if path == symbol.file.path or path in scene.change.paths:
            continue
        try:
            file = scene.source(path)
        except ValueError:
            continue
        nodes = named(file.root, symbol.name)
        if nodes and not _is_foreign(scene, file, symbol):
            found[path] = nodes
    return found


def _is_foreign(scene: Scene, file: SourceFile, symbol: Symbol) -> bool:
    """Whether a file takes somebody else's thing of that name in."""
    root = re.escape(symbol.file.path.removeprefix("src/").split("/")[0])
    own = {
        "python": rf"from +\.|\b{root}\b",
        "typescript": rf"[\"'](?:\.|{re.escape(scene.pinned.name.split('/')[1])}\b)",
        "java": re.escape(".".join(_package(symbol.file).split(".")[:3])),
    }.get(file.language)
    if own is None:
        return False
    word = re.compile(rf"(?<![\w$]){re.escape(symbol.name)}(?![\w$])")
    return any(word.search(said) and not re.search(own, said) for said in map(text_of, file.imports))


def _package(file: SourceFile) -> str:
    found = re.search(r"(?m)^package ([\w.]+);", file.text)
    return found[1] if found else ""


def named(root: Node, name: str) -> list[Node]:
    """Identifiers of a name."""
    wanted = name.encode()
    return [each for each in walk(root) if each.type in _IDENTIFIERS and each.text == wanted]


def calls(nodes: list[Node]) -> list[Node]:
    """Those identifiers that are called."""
    found = []
    for node in nodes:
        outer = node
        if node.parent is not None and node.parent.type in _MEMBERS:
            outer = node.parent
        parent = outer.parent
        if parent is not None and parent.child_by_field_name(_CALLED.get(parent.type, "")) == outer:
            found.append(node)
        elif node.parent is not None and node.parent.type == "method_invocation":
            found.extend([node] if node.parent.child_by_field_name("name") == node else [])
    return found


_MEMBERS = {"attribute", "member_expression", "selector_expression"}


def renamed(file: SourceFile, name: str, new: str) -> str:
    """A file's text with every use of a name, and its definition, under another name."""
    edits = []
    for node in named(file.root, name):
        short = node.type == "shorthand_property_identifier"
        edits.append(Edit(node.start_byte, node.end_byte, f"{name}: {new}" if short else new))
    return apply(file.data, edits)


def without(symbol: Symbol) -> str:
    """A file's text without a definition, and without the comments right above it."""
    data, start = symbol.file.data, symbol.outer.start_byte
    node, row = symbol.outer.prev_sibling, symbol.outer.start_point[0]
    while node is not None and node.type in _COMMENTS and row - node.end_point[0] <= 1:
        start, row = node.start_byte, node.start_point[0]
        node = node.prev_sibling
    start = data.rfind(b"\n", 0, start) + 1
    end = symbol.outer.end_byte
    stop = data.find(b"\n", end)
    end = len(data) if stop < 0 else stop + 1
    while data[end : end + 1] == b"\n":
        end += 1
    return apply(data, [Edit(start, end, "")])
