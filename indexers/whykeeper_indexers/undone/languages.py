"""What the rules know of languages, as data: node types of the few constructs that they look at.

Grammars agree on most names, so that a language says only what it calls otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

__all__ = ["Language", "language_for"]

_ASSERTS = re.compile(
    r"assert|expect|should|verif|check|raises|throws|must|require|snapshot|match|ensure|\bfail|\bequal|t\.(?:Error|Fatal)"
    r"|b\.(?:Error|Fatal)|\bis\(|\beq\(|panic|(?:^|\W)(?:test|run|do|helper)[A-Z_]\w*\(|abort|exit|unwrap|satisf",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Language:
    """Node types of one language.

    Attributes:
        name: The grammar's.
        returns: What gives a value back.
        raises: What throws.
        nothing: Statements that do nothing.
        catches: Handlers of errors.
        strings: Literals of text.
        collections: Literals of lists and mappings.
        pairs: What a mapping's literal consists of.
        declared: Node type of what binds a name to a value, to its fields of name and value.
        calls: What calls.
        types: What declares a class or a struct.
        broad: Errors that stand for all, in a handler's header; a handler without any type is broad as well.
        typed: Whether handlers name types; where they don't, an empty one swallows everything.
        skip_marks: Marks that skip a test.
        skip_calls: Calls, as the first thing in a test or as what declares it, that skip it.
        focus_calls: Calls that declare a test and keep every other from being run.
        asserts: Words of calls that assert.
    """

    name: str = ""
    returns: frozenset[str] = frozenset({"return_statement", "return_expression", "return"})
    raises: frozenset[str] = frozenset({"raise_statement", "throw_statement", "throw_expression"})
    nothing: frozenset[str] = frozenset({"pass_statement", "empty_statement", ";"})
    catches: tuple[str, ...] = ("catch_clause",)
    strings: tuple[str, ...] = ("string", "template_string")
    collections: frozenset[str] = frozenset({"array", "object"})
    pairs: frozenset[str] = frozenset({"pair"})
    declared: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: {"variable_declarator": ("name", "value")}
    )
    calls: frozenset[str] = frozenset({"call_expression", "new_expression"})
    types: tuple[str, ...] = ("class_declaration",)
    broad: re.Pattern[str] = re.compile(r"\b(?:Exception|Throwable|Error|RuntimeException)\b")
    typed: bool = True
    skip_marks: re.Pattern[str] | None = None
    skip_calls: re.Pattern[str] | None = None
    focus_calls: re.Pattern[str] | None = None
    asserts: re.Pattern[str] = _ASSERTS


_ECMASCRIPT: Final = Language(
    typed=False,
    skip_calls=re.compile(
        r"(?:it|test|describe|suite|context)\.(?:skip|todo|fixme)\b|x(?:it|test|describe)\b"
    ),
    focus_calls=re.compile(r"(?:it|test|describe|suite|context)(?:\.\w+)?\.only\b|f(?:it|describe)\b"),
)
_JAVA: Final = Language(
    strings=("string_literal",),
    collections=frozenset({"array_initializer"}),
    calls=frozenset({"method_invocation", "object_creation_expression"}),
    types=("class_declaration", "record_declaration"),
    skip_marks=re.compile(r"(?:Disabled|Ignore)\b"),
)
_LANGUAGES: Final[dict[str, Language]] = {
    "python": Language(
        nothing=frozenset({"pass_statement"}),
        catches=("except_clause",),
        strings=("string",),
        collections=frozenset({"list", "dictionary", "tuple", "set"}),
        declared={"assignment": ("left", "right")},
        calls=frozenset({"call"}),
        types=("class_definition",),
        broad=re.compile(r"\b(?:Base)?Exception\b"),
        skip_marks=re.compile(r"(?:pytest\.mark\.|mark\.|unittest\.)skip(?!if|_?[uU]nless|If)|skip\("),
        skip_calls=re.compile(r"(?:pytest\.skip|self\.skipTest)\("),
    ),
    "typescript": _ECMASCRIPT,
    "tsx": _ECMASCRIPT,
    "javascript": _ECMASCRIPT,
    "go": Language(
        catches=(),
        strings=("interpreted_string_literal", "raw_string_literal"),
        collections=frozenset({"composite_literal", "literal_value"}),
        pairs=frozenset({"keyed_element"}),
        declared={
            "short_var_declaration": ("left", "right"),
            "var_spec": ("name", "value"),
            "const_spec": ("name", "value"),
            "assignment_statement": ("left", "right"),
        },
        calls=frozenset({"call_expression"}),
        types=("type_spec",),
        skip_calls=re.compile(r"[tb]\.Skip(?:f|Now)?\("),
    ),
    "java": _JAVA,
    "kotlin": replace(
        _JAVA,
        types=("class_declaration",),
        catches=("catch_block",),
        collections=frozenset({"collection_literal"}),
        declared={"property_declaration": ("", "")},
        calls=frozenset({"call_expression"}),
    ),
    "rust": Language(
        catches=(),
        strings=("string_literal", "raw_string_literal"),
        collections=frozenset({"array_expression", "struct_expression", "tuple_expression"}),
        pairs=frozenset({"field_initializer"}),
        declared={
            "let_declaration": ("pattern", "value"),
            "const_item": ("name", "value"),
            "static_item": ("name", "value"),
        },
        calls=frozenset({"call_expression", "macro_invocation"}),
        types=("struct_item",),
        skip_marks=re.compile(r"ignore\b"),
    ),
    "csharp": replace(
        _JAVA,
        collections=frozenset({"initializer_expression", "collection_expression"}),
        pairs=frozenset({"assignment_expression"}),
        declared={"variable_declarator": ("name", "")},
        calls=frozenset({"invocation_expression", "object_creation_expression"}),
        skip_marks=re.compile(r"(?:Ignore\b|(?:Fact|Theory)\(.*\bSkip\s*=)"),
    ),
    "ruby": Language(
        raises=frozenset(),
        nothing=frozenset({"nil"}),
        catches=("rescue",),
        strings=("string",),
        collections=frozenset({"array", "hash"}),
        declared={"assignment": ("left", "right")},
        calls=frozenset({"call"}),
        types=("class",),
        broad=re.compile(r"\b(?:StandardError|Exception)\b"),
        skip_calls=re.compile(r"x(?:it|describe|specify|context)\b|(?:skip|pending)\b"),
    ),
    "php": Language(
        strings=("string", "encapsed_string"),
        collections=frozenset({"array_creation_expression"}),
        pairs=frozenset({"array_element_initializer"}),
        declared={"assignment_expression": ("left", "right"), "const_element": ("name", "")},
        calls=frozenset(
            {
                "function_call_expression",
                "member_call_expression",
                "scoped_call_expression",
                "object_creation_expression",
            }
        ),
        skip_calls=re.compile(r"\$this->markTest(?:Skipped|Incomplete)\("),
    ),
}
"""By the grammar's name. A language is added here, and nowhere else."""


@lru_cache(maxsize=32)
def language_for(name: str) -> Language | None:
    """Give what is known of a language; None where its code is not looked at.

    Args:
        name: The grammar's.
    """
    found = _LANGUAGES.get(name)
    return replace(found, name=name) if found is not None else None
