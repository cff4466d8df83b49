"""How functions are declared and called: parameters and arguments, counted by syntax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tree_sitter import Node

from whykeeper_indexers.code.functions import captured
from whykeeper_indexers.code.grammar import text_of
from whykeeper_indexers.usage.mentions import CodeFile, Mention, Role

__all__ = ["Call", "Parameter", "Signature", "Taking", "call_at", "signatures_of"]


class Taking(StrEnum):
    """What a parameter takes."""

    ONE = "one"
    KEYWORD = "keyword"
    POSITION = "position"
    REST = "rest"
    KEYWORDS = "keywords"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Attributes:
        name: As declared; empty where none is.
        required: Whether a call must give it.
        taking: What it takes.
    """

    name: str
    required: bool = True
    taking: Taking = Taking.ONE


@dataclass(frozen=True, slots=True)
class Call:
    """A call's arguments.

    Attributes:
        line: 1-based.
        positional: How many are given by position.
        keywords: Names of those that are given by name.
        node: Of the syntax tree.
        spread: Whether the one argument is itself a call, which in Go may give several.
    """

    line: int
    positional: int
    keywords: tuple[str, ...]
    node: Node
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function is declared.

    Attributes:
        symbol: Qualified name; a constructor goes by its class's.
        parameters: Without the one that a method is called on.
        line: 1-based.
        text: Its declaration, on one line.
        decorated: Whether a decorator may have made it another function.
    """

    symbol: str
    parameters: tuple[Parameter, ...]
    line: int
    text: str = ""
    decorated: bool = False

    def refuses(self, call: Call) -> str:
        """Say why a call does not fit; empty where it does."""
        takes = [each for each in self.parameters if each.taking in (Taking.ONE, Taking.POSITION)]
        rest = any(each.taking is Taking.REST for each in self.parameters)
        if call.positional > len(takes) and not rest:
            return f"takes {_counted(len(takes))}, and {call.positional} are given"
        named = {each.name for each in self.parameters if each.taking in (Taking.ONE, Taking.KEYWORD)}
        if not any(each.taking is Taking.KEYWORDS for each in self.parameters):
            for keyword in call.keywords:
                if keyword not in named:
                    return f"has no parameter {keyword}"
        missing = [
            each.name or f"number {at}"
            for at, each in enumerate(takes, 1)
            if each.required and at > call.positional and each.name not in call.keywords
        ]
        missing += [
            each.name
            for each in self.parameters
            if each.taking is Taking.KEYWORD and each.required and each.name not in call.keywords
        ]
        return f"needs {' and '.join(missing)}" if missing else ""

    def order(self) -> tuple[str, ...]:
        """The names of what is taken by position."""
        return tuple(each.name for each in self.parameters if each.taking in (Taking.ONE, Taking.POSITION))


def _counted(number: int) -> str:
    return "no argument" if not number else f"{number} argument{'s' if number > 1 else ''}"


_FUNCTION_NODES: Final = (
    "function_definition function_declaration generator_function_declaration function_signature "
    "method_definition method_signature abstract_method_signature method_declaration "
    "constructor_declaration arrow_function function_expression record_declaration"
)
_FUNCTIONS: Final = frozenset(_FUNCTION_NODES.split())
_CONTAINER_NODES: Final = (
    "class_definition class_declaration abstract_class_declaration interface_declaration "
    "enum_declaration record_declaration internal_module class annotation_type_declaration"
)
_SCRIPT: Final = (
    "(function_declaration) (generator_function_declaration) (method_definition) (arrow_function) "
    "(function_expression)"
)
_TYPED: Final = f"{_SCRIPT} (function_signature) (method_signature) (abstract_method_signature)"
_PATTERNS: Final = {
    "python": "(function_definition)",
    "go": "(function_declaration) (method_declaration)",
    "java": "(method_declaration) (constructor_declaration) (record_declaration)",
    "typescript": _TYPED,
    "tsx": _TYPED,
    "javascript": _SCRIPT,
}
_CONTAINERS: Final = frozenset(_CONTAINER_NODES.split())
_CALLS: Final = frozenset(
    ["call", "call_expression", "new_expression", "method_invocation", "object_creation_expression"]
)
_CONSTRUCTORS: Final = frozenset({"__init__", "constructor"})
_PLAIN_DECORATORS: Final = frozenset(
    {
        *("staticmethod", "classmethod", "override", "final", "abstractmethod", "deprecated"),
        *("contextmanager", "asynccontextmanager", "cache", "lru_cache"),
    }
)
"""Decorators of Python that leave a function's parameters as they are, without the module they are from."""
_SPREAD: Final = frozenset(
    {"list_splat", "dictionary_splat", "spread_element", "variadic_argument", "parenthesized_list_splat"}
)


def signatures_of(file: CodeFile) -> dict[str, tuple[Signature, ...]]:
    """Every function that a file declares by name, with all its overloads."""
    found: dict[str, list[Signature]] = {}
    for node in captured(file.tree, _PATTERNS[file.language]):
        signature = _signature(node, file)
        if signature is not None:
            found.setdefault(signature.symbol, []).append(signature)
    return {symbol: tuple(each) for symbol, each in found.items()}


def call_at(mention: Mention) -> Call | None:
    """The call of what is mentioned; None where it is not called, or its arguments cannot be counted."""
    node = _callee(mention)
    parent = node.parent
    while parent is not None and parent.type in ("type_instantiation_expression", "generic_type"):
        node, parent = parent, parent.parent
    if parent is None or parent.type not in _CALLS:
        return None
    if not any(
        node in parent.children_by_field_name(field) for field in ("function", "constructor", "name", "type")
    ):
        return None
    arguments = parent.child_by_field_name("arguments")
    return _call(parent, arguments) if arguments is not None else None


def _callee(mention: Mention) -> Node:
    """The whole expression that ends with a name; in Java a method's name stands in the call itself."""
    parent = mention.node.parent
    if parent is None or mention.role is not Role.MEMBER:
        return mention.node
    return (
        parent if parent.type in ("attribute", "member_expression", "selector_expression") else mention.node
    )


def _call(node: Node, arguments: Node) -> Call | None:
    line = node.start_point[0] + 1
    if arguments.type == "generator_expression":
        return Call(line, 1, (), node)
    if arguments.has_error or arguments.type == "template_string":
        return None
    given = [child for child in arguments.named_children if "comment" not in child.type]
    if any(child.type in _SPREAD for child in given) or _spreads_in_go(arguments):
        return None
    spread = len(given) == 1 and given[0].type == "call_expression" and arguments.type == "argument_list"
    keywords = [
        text_of(child.child_by_field_name("name")) for child in given if child.type == "keyword_argument"
    ]
    return Call(line, len(given) - len(keywords), tuple(keywords), node, spread)


def _spreads_in_go(arguments: Node) -> bool:
    return any(child.type == "..." for child in arguments.children)


def _signature(node: Node, file: CodeFile) -> Signature | None:
    name = _name(node)
    parameters = node.child_by_field_name("parameters")
    single = node.child_by_field_name("parameter")
    if not name or (parameters is None and single is None):
        return None
    owner = _owner(node, file)
    if owner is None:
        return None
    taken = (
        (Parameter(text_of(single)),) if parameters is None else tuple(_parameters(parameters, file.language))
    )
    if file.language == "python" and _is_method(node):
        taken = taken if _is_static(node) else taken[1:]
    constructs = name in _CONSTRUCTORS or node.type in ("constructor_declaration", "record_declaration")
    symbol = owner if constructs and owner else f"{owner}.{name}" if owner else name
    if node.type == "record_declaration":
        symbol = f"{owner}.{name}" if owner else name
    decorated = not _PLAIN_DECORATORS.issuperset(_decorators(node))
    return Signature(symbol, taken, node.start_point[0] + 1, _declared(node), decorated)


def _name(node: Node) -> str:
    if node.type in ("arrow_function", "function_expression"):
        parent = node.parent
        if parent is None or parent.type != "variable_declarator":
            return ""
        return text_of(parent.child_by_field_name("name"))
    return text_of(node.child_by_field_name("name"))


def _owner(node: Node, file: CodeFile) -> str | None:
    """The qualified name of what holds a function; None for one that is local to another."""
    if file.language == "go":
        return _receiver(node)
    names: list[str] = []
    above = node.parent
    while above is not None:
        if above.type in _CONTAINERS:
            names.append(text_of(above.child_by_field_name("name")))
        elif above.type in _FUNCTIONS or above.type == "lambda_expression":
            return None
        above = above.parent
    return ".".join(names[::-1]) if all(names) else None


def _receiver(node: Node) -> str | None:
    above = node.parent
    if node.type == "function_declaration":
        return "" if above is not None and above.type == "source_file" else None
    receiver = node.child_by_field_name("receiver")
    if node.type != "method_declaration" or receiver is None or receiver.named_child_count != 1:
        return None
    declared = receiver.named_child(0)
    kind = declared.child_by_field_name("type") if declared is not None else None
    while kind is not None and kind.type in ("pointer_type", "generic_type", "parenthesized_type"):
        kind = kind.child_by_field_name("type") or kind.named_child(0)
    return text_of(kind) or None


def _is_method(node: Node) -> bool:
    holder = node.parent
    if holder is not None and holder.type == "decorated_definition":
        holder = holder.parent
    while holder is not None and holder.type in ("block", "if_statement", "else_clause"):
        holder = holder.parent
    return holder is not None and holder.type == "class_definition"


def _decorators(node: Node) -> list[str]:
    parent = node.parent
    if parent is None or parent.type != "decorated_definition":
        return []
    written = (text_of(child).lstrip("@") for child in parent.children if child.type == "decorator")
    return [text.partition("(")[0].strip().rpartition(".")[2] for text in written]


def _is_static(node: Node) -> bool:
    return "staticmethod" in _decorators(node)


def _declared(node: Node) -> str:
    if node.type in ("arrow_function", "function_expression") and node.parent is not None:
        node = node.parent
    holder = node.child_by_field_name("value") or node
    body = holder.child_by_field_name("body")
    end = body.start_byte if body is not None else node.end_byte
    data = (node.text or b"")[: end - node.start_byte]
    return " ".join(data[:1_000].decode("utf-8", "replace").split()).rstrip(" {=:>;")[:200]


def _parameters(node: Node, language: str) -> Iterator[Parameter]:
    readers = {"python": _of_python, "go": _of_go, "java": _of_java}
    yield from readers.get(language, _of_typescript)(node)


def _of_python(node: Node) -> Iterator[Parameter]:
    taking = Taking.ONE
    found: list[Parameter] = []
    for child in node.named_children:
        inner = child.named_child(0) if child.type == "typed_parameter" else child
        if inner is None:
            continue
        if inner.type == "positional_separator":
            found = [Parameter(each.name, each.required, Taking.POSITION) for each in found]
        elif inner.type == "keyword_separator":
            taking = Taking.KEYWORD
        elif inner.type == "list_splat_pattern":
            found.append(Parameter(text_of(inner).lstrip("*"), False, Taking.REST))
            taking = Taking.KEYWORD
        elif inner.type == "dictionary_splat_pattern":
            found.append(Parameter(text_of(inner).lstrip("*"), False, Taking.KEYWORDS))
        elif inner.type in ("default_parameter", "typed_default_parameter"):
            found.append(Parameter(text_of(inner.child_by_field_name("name")), False, taking))
        elif inner.type == "identifier":
            found.append(Parameter(text_of(inner), True, taking))
    yield from found


def _of_go(node: Node) -> Iterator[Parameter]:
    for child in node.named_children:
        names = child.children_by_field_name("name")
        if child.type == "variadic_parameter_declaration":
            yield Parameter(text_of(names[0]) if names else "", False, Taking.REST)
        elif child.type == "parameter_declaration":
            yield from [Parameter(text_of(each)) for each in names] or [Parameter("")]


def _of_java(node: Node) -> Iterator[Parameter]:
    for child in node.named_children:
        if child.type == "formal_parameter":
            yield Parameter(text_of(child.child_by_field_name("name")))
        elif child.type == "spread_parameter":
            yield Parameter("", False, Taking.REST)


def _of_typescript(node: Node) -> Iterator[Parameter]:
    for child in node.named_children:
        pattern = child.child_by_field_name("pattern")
        inner = pattern if pattern is not None else child
        if "comment" in child.type or inner.type == "this" or inner.type == "decorator":
            continue
        if inner.type == "rest_pattern":
            yield Parameter(text_of(inner).lstrip("."), False, Taking.REST)
            continue
        given = child.child_by_field_name("value") is not None or child.type == "assignment_pattern"
        required = not given and child.type != "optional_parameter"
        left = child.child_by_field_name("left") if child.type == "assignment_pattern" else None
        yield Parameter(text_of(left or inner), required)


def called(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, Call]]:
    """Those of some mentions that are calls."""
    for mention in mentions:
        if mention.role in (Role.READ, Role.MEMBER) and (call := call_at(mention)) is not None:
            yield mention, call
