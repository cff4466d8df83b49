"""Imports of Java and Kotlin. What is imported is named whole; ``*`` and static members are names of it.

In Java, a type that is named with its package is taken in without an import, and counts as one.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.code.imports.types import Import, ImportReader, line_of

__all__ = ["JAVA", "KOTLIN"]


_JAVA = r"""
(import_declaration) @import
((scoped_type_identifier) @type (#match? @type "^[a-z]\\w*(\\.[a-z]\\w*)+\\.[A-Z]\\w*$"))
((field_access) @type (#match? @type "^[a-z]\\w*(\\.[a-z]\\w*)+\\.[A-Z]\\w*[a-z]\\w*$"))
(marker_annotation name: (scoped_identifier) @annotation)
(annotation name: (scoped_identifier) @annotation)
"""
"""A field of a field is written as a type of a package is: only names that types have are taken for one."""


def _java(node: Node) -> Iterator[Import]:
    if node.type != "import_declaration":
        named = _dotted(node)
        if not named.startswith(("this.", "super.")):
            yield Import(line_of(node), named)
        return
    target = _dotted(child_of_type(node, "scoped_identifier", "identifier"))
    if child_of_type(node, "asterisk") is not None:
        yield Import(line_of(node), target, ("*",))
    elif child_of_type(node, "static") is not None:
        owner, _, member = target.rpartition(".")
        yield Import(line_of(node), owner, (member,))
    elif target:
        yield Import(line_of(node), target)


def _kotlin(node: Node) -> Iterator[Import]:
    target = _dotted(child_of_type(node, "qualified_identifier", "identifier"))
    if target:
        yield Import(line_of(node), target, ("*",) if child_of_type(node, "*") is not None else ())


def _dotted(node: Node | None) -> str:
    return "".join(text_of(node).split())


JAVA = ImportReader(_JAVA, _java)
KOTLIN = ImportReader("(import) @import", _kotlin)
