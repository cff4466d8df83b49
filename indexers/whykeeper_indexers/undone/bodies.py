"""What a function's body amounts to: nothing, an empty value, a refusal, or work."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tree_sitter import Node

from whykeeper_indexers.code.functions import Function
from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.undone.languages import Language
from whykeeper_indexers.undone.words import NOT_IMPLEMENTED

__all__ = ["Body", "Shape", "body_of", "returned", "unused_parameters"]

_LONGEST: Final = 400
"""Characters of an expression that is looked at; a longer one is work."""
_ATOM = (
    r"(?:None|null|nil|undefined|[Tt]rue|[Ff]alse|-?[01](?:\.0+)?[fFdDlLmM]?"
    r"""|""|''|``|[frbu]""|\[\]|\{\}|\(\)|default|void0)"""
)
_EMPTY = "|".join(
    (
        _ATOM,
        # Constructors and factories of what is empty.
        r"new[\w.]+(?:<.*>)?\(\)|(?:dict|list|set|tuple|str|int|float|bool|array)\(\)|string\.Empty",
        r"(?:[\w.]*\.)?(?:Collections|Optional|OptionalInt|List|Map|Set|Stream|Array|ImmutableList|Enumerable)\.(?:<.*>)?(?:empty\w*|of|Empty)(?:<.*>)?\(\)",
        r"(?:empty|mutable|array|hash)?(?:List|Map|Set|Sequence|String)(?:Of)?(?:<.*>)?\(\)",
        r"(?:\w+::)+(?:new|default|empty)\(\)|vec!\[\]|Default::default\(\)|Ok\("
        + _ATOM
        + r"?\)|Task\.CompletedTask",
        r"(?:Promise\.resolve|Task\.FromResult|Mono\.just|CompletableFuture\.completedFuture)(?:<.*>)?\((?:"
        + _ATOM
        + r")?\)",
        # Go: an empty composite, a conversion.
        r"&?(?:map\[[\w.*]+\]|\[\d*\])*\*?[\w.]*(?:\{\})|make\([^(),]*\)",
    )
)
_EMPTY_EXPRESSION = re.compile(rf"\(*(?:await)?(?:{_EMPTY})(?:(?:as|satisfies)[\w<>\[\].|]+)*\)*[;!]?")
_NOTHING_THERE: Final = frozenset({"", "None", "nil", "null", "undefined", "..."})
_UNIMPLEMENTED_TYPE = re.compile(
    r"\bNotImplemented(?:Error|Exception)?\b|\bNotYetImplemented\w*|\bTODO\(|\b(?:todo|unimplemented)!"
)
_UNIMPLEMENTED_CALL = re.compile(r"\bTODO\(|\b(?:todo|unimplemented)!|NotImplementedException")
_REFUSAL_TYPE = re.compile(r"\bUnsupportedOperationException\(\s*\)")
_RAISING_CALL = re.compile(r"(?:panic|TODO|todo|unimplemented|raise|fail|fatalError|notImplemented)\b")
_SAYING_CALL = re.compile(
    r"^(?:await\s)?(?:[\w.$]*\b(?:console\.\w+|log\w*|print\w*|warn\w*|debug|info|System\.out\.\w+|fmt\.Print\w*)(?:\.\w+)?\s*\(|puts\s|warn\s|echo\s)",
    re.IGNORECASE,
)
_DISCARD = re.compile(r"^_(?:\s*,\s*_)*\s*=\s*[\w.,\s]+$|^void\s+\w+;?$|^let\s+_\s*=\s*&?\w+;?$")
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_OWN: Final = frozenset({"self", "cls", "this", "_"})
_PARAMETERS: Final = (
    "parameters",
    "function_value_parameters",
    "formal_parameters",
    "parameter_list",
    "method_parameters",
)


class Shape(StrEnum):
    """What a body amounts to."""

    EMPTY = "does nothing"
    HOLLOW = "returns an empty or constant value"
    REFUSES = "only says that it is not implemented"
    RAISES = "only raises an error"
    WORK = "does something"


@dataclass(frozen=True, slots=True)
class Body:
    """What a body amounts to.

    Attributes:
        shape: In a word.
        says: Whether its own message says that nothing is there yet.
        value: What it returns, as written and short.
    """

    shape: Shape
    says: bool = False
    value: str = ""


def body_of(function: Function, language: Language) -> Body:
    """Judge a function's body.

    Args:
        function: With a body.
        language: Of its language.
    """
    statements = [each for each in function.statements() if not _does_nothing(each, language)]
    if not statements:
        return Body(Shape.EMPTY)
    says = False
    while len(statements) > 1 and _only_says(statements[0]):
        says = says or bool(NOT_IMPLEMENTED.search(_text(statements[0])))
        statements = statements[1:]
    if len(statements) > 1:
        return Body(Shape.WORK)
    last = statements[0]
    text = _text(last)
    if _refuses(last, text, language):
        return Body(
            Shape.REFUSES, says=bool(NOT_IMPLEMENTED.search(text) or _UNIMPLEMENTED_CALL.search(text))
        )
    if _raises(last, text, language):
        return Body(Shape.RAISES)
    if _only_says(last):
        about = bool(NOT_IMPLEMENTED.search(text))
        return Body(Shape.EMPTY, says=True) if says or about else Body(Shape.WORK)
    value = returned(last, function, language)
    if value is None or len(value) > _LONGEST:
        return Body(Shape.WORK)
    if NOT_IMPLEMENTED.search(value) and _is_message(value):
        return Body(Shape.REFUSES, says=True, value=value)
    if _is_empty(value):
        return Body(Shape.HOLLOW, says=says, value=value)
    return Body(Shape.WORK, says=says)


def returned(statement: Node, function: Function, language: Language) -> str | None:
    """What a statement gives back, as written; None where it does something else.

    Args:
        statement: The last one of a body.
        function: That it belongs to.
        language: Of its language.
    """
    text = _text(statement)
    if statement.type in language.returns or re.match(r"return\b", text):
        return re.sub(r"^return\b\s*", "", text).rstrip(";").strip()
    if not function.is_block or function.node.type in ("method", "singleton_method", "function_item"):
        return text.rstrip(";").strip()
    inner = statement.named_child(0) if statement.type == "function_body" else None
    return _text(inner) if inner is not None else text if _is_expression_body(function) else None


def unused_parameters(function: Function, language: Language) -> tuple[int, int]:
    """Count the parameters of a function, its receiver left out, and those that its body does not name."""
    names = _parameters(function.node)
    statements = [each for each in function.statements() if not _does_nothing(each, language)]
    used = {name for each in statements for name in _NAME.findall(text_of(each))}
    return len(names), sum(name not in used for name in names)


def _is_expression_body(function: Function) -> bool:
    """Kotlin's and C#'s ``fun go() = 3``, whose body wraps the expression."""
    return function.body.type in ("function_body", "arrow_expression_clause") and not text_of(
        function.body
    ).lstrip().startswith("{")


def _parameters(node: Node) -> list[str]:
    held = next((each for each in (_part(node, name) for name in _PARAMETERS) if each is not None), None)
    if held is None:
        single = node.child_by_field_name("parameter")
        return [text_of(single)] if single is not None else []
    names: list[str] = []
    for each in held.named_children:
        written = each.children_by_field_name("name") or [each.child_by_field_name("pattern") or each]
        for part in written:
            word = _NAME.search(text_of(part))
            if word is not None and "comment" not in each.type and word.group() not in _OWN:
                names.append(word.group())
    return names


def _part(node: Node, name: str) -> Node | None:
    return node.child_by_field_name(name) or child_of_type(node, name)


def _does_nothing(statement: Node, language: Language) -> bool:
    text = _text(statement)
    if statement.type in language.nothing or text.rstrip(";") in _NOTHING_THERE or text == "pass":
        return True
    return bool(_DISCARD.match(text)) or text in ("return", "return;")


def _only_says(statement: Node) -> bool:
    return statement.type.endswith(("statement", "call", "call_expression", "invocation")) and bool(
        _SAYING_CALL.match(_text(statement))
    )


def _refuses(statement: Node, text: str, language: Language) -> bool:
    if not _raises(statement, text, language):
        # Go and others give an error back.
        return bool(
            re.match(r"return\b", text)
            and re.search(r"errors\.New\(|fmt\.Errorf\(|\bErr\w*|Err\(|Promise\.reject\(|Error\(", text)
            and (
                NOT_IMPLEMENTED.search(text)
                or re.search(r"\berr(?:or)?NotImplemented\b", text, re.IGNORECASE)
            )
        )
    return bool(
        NOT_IMPLEMENTED.search(text) or _UNIMPLEMENTED_TYPE.search(text) or _REFUSAL_TYPE.search(text)
    )


def _raises(statement: Node, text: str, language: Language) -> bool:
    inner = statement.named_child(0) if statement.type == "expression_statement" else None
    kinds = {statement.type} | ({inner.type} if inner is not None else set())
    if kinds & language.raises or re.match(r"throw\b", text):
        return True
    return bool(_RAISING_CALL.match(text)) or bool(re.match(r"assert\s+(?:False|0)\b", text))


def _is_message(value: str) -> bool:
    return value[:1] in "\"'`f" and value[-1:] in "\"'`"


def _is_empty(value: str) -> bool:
    """Whether an expression, or each of Go's several, is empty or a plain constant."""
    parts = [part for part in _split(value) if part]
    return bool(parts) and all(_EMPTY_EXPRESSION.fullmatch("".join(part.split())) for part in parts)


def _split(value: str) -> Sequence[str]:
    depth, parts, start = 0, [], 0
    for at, sign in enumerate(value):
        depth += (sign in "([{<") - (sign in ")]}>")
        if sign == "," and depth <= 0:
            parts.append(value[start:at].strip())
            start = at + 1
    return [*parts, value[start:].strip()]


def _text(node: Node) -> str:
    return text_of(node)[: 4 * _LONGEST].strip()
