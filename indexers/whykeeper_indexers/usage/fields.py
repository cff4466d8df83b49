"""The fields of structs, by syntax."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from whykeeper_indexers.code.grammar import child_of_type, text_of
from whykeeper_indexers.usage.mentions import CodeFile

__all__ = ["struct_fields"]


def struct_fields(file: CodeFile) -> dict[str, dict[str, tuple[int, str]]]:
    """Give the structs at the top of a file of Go: of each its named fields, with line and type.

    Args:
        file: Of Go.
    """
    specs = (
        spec
        for declaration in file.tree.root.named_children
        if declaration.type == "type_declaration"
        for spec in declaration.named_children
        if spec.type == "type_spec"
    )
    return {
        text_of(spec.child_by_field_name("name")): dict(_fields(struct))
        for spec in specs
        if (struct := spec.child_by_field_name("type")) is not None and struct.type == "struct_type"
    }


def _fields(struct: Node) -> Iterator[tuple[str, tuple[int, str]]]:
    listed = child_of_type(struct, "field_declaration_list")
    for field in listed.named_children if listed is not None else ():
        if field.type == "field_declaration":
            kind = text_of(field.child_by_field_name("type"))
            for name in field.children_by_field_name("name"):
                yield text_of(name), (name.start_point[0] + 1, kind)
