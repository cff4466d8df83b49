"""What is known of a language's syntax to tell where a name is used from where it is bound, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

__all__ = ["SYNTAX", "UseSyntax"]

Fields = frozenset[tuple[str, str]]
Types = frozenset[str]


def _never(_: Node) -> bool:
    return False


def _types(names: str) -> Types:
    return frozenset(names.split())


def _fields(names: str) -> Fields:
    pairs = (name.partition(".") for name in names.split())
    return frozenset((node, field) for node, _, field in pairs)


@dataclass(frozen=True, slots=True)
class UseSyntax:
    """How a language writes names.

    Attributes:
        identifiers: Node types that are a name.
        scopes: Node types within which what is bound stays.
        classes: Of these, the ones whose names are not seen from the functions within.
        members: Node type and field of a name that something before it qualifies.
        qualifiers: Fields of such a node that hold what qualifies.
        bindings: Node type and field where a name is bound.
        bare: Node types whose direct children are bound.
        patterns: Node types that stand around bound names.
        skipped: Node type and field of names that are no uses: keys, labels, names of keyword arguments.
        values: Node type and field within patterns where names are read.
        imports: Node types of import statements.
        unbound: Says of a name without a parent's rule that it is no use of anything outside.
    """

    identifiers: Types
    scopes: Types
    members: Fields
    qualifiers: tuple[str, ...]
    bindings: Fields
    imports: Types
    classes: Types = frozenset()
    bare: Types = frozenset()
    patterns: Types = frozenset()
    skipped: Fields = frozenset()
    values: Fields = frozenset()
    unbound: Callable[[Node], bool] = _never


def _captures(node: Node) -> bool:
    """A plain name in a ``case`` of Python is bound by it."""
    parent = node.parent
    return (
        parent is not None
        and parent.type == "dotted_name"
        and parent.named_child_count == 1
        and parent.parent is not None
        and parent.parent.type == "case_pattern"
    )


_PYTHON: Final = UseSyntax(
    identifiers=_types("identifier"),
    scopes=_types(
        "function_definition class_definition lambda list_comprehension set_comprehension "
        "dictionary_comprehension generator_expression"
    ),
    classes=_types("class_definition"),
    members=_fields("attribute.attribute"),
    qualifiers=("object",),
    bindings=_fields(
        "function_definition.name class_definition.name assignment.left for_statement.left "
        "for_in_clause.left named_expression.name default_parameter.name typed_default_parameter.name "
        "type_alias_statement.left as_pattern.alias"
    ),
    bare=_types("parameters lambda_parameters global_statement nonlocal_statement"),
    patterns=_types(
        "pattern_list tuple_pattern list_pattern list_splat_pattern dictionary_splat_pattern "
        "typed_parameter as_pattern_target"
    ),
    skipped=_fields("keyword_argument.name"),
    imports=_types("import_statement import_from_statement future_import_statement"),
    unbound=_captures,
)


def _is_key(node: Node) -> bool:
    """Names of properties are bound by whatever holds them."""
    return node.type in ("property_identifier", "private_property_identifier", "statement_identifier")


_TYPESCRIPT: Final = UseSyntax(
    identifiers=_types(
        "identifier type_identifier property_identifier shorthand_property_identifier "
        "shorthand_property_identifier_pattern private_property_identifier"
    ),
    scopes=_types(
        "function_declaration generator_function_declaration function_expression arrow_function "
        "method_definition method_signature function_signature function_type constructor_type "
        "call_signature construct_signature class_declaration abstract_class_declaration class "
        "interface_declaration type_alias_declaration statement_block for_statement for_in_statement "
        "catch_clause conditional_type mapped_type_clause object_type generator_function "
        "abstract_method_signature internal_module module index_signature switch_body"
    ),
    members=_fields(
        "member_expression.property nested_type_identifier.name nested_identifier.property "
        "nested_identifier.name"
    ),
    qualifiers=("object", "module"),
    bindings=_fields(
        "variable_declarator.name function_declaration.name generator_function_declaration.name "
        "function_signature.name class_declaration.name abstract_class_declaration.name "
        "interface_declaration.name type_alias_declaration.name enum_declaration.name internal_module.name "
        "module.name function_expression.name class.name required_parameter.pattern "
        "optional_parameter.pattern arrow_function.parameter catch_clause.parameter for_in_statement.left "
        "type_parameter.name mapped_type_clause.name index_signature.name"
    ),
    bare=_types("infer_type formal_parameters"),
    patterns=_types(
        "object_pattern array_pattern pair_pattern assignment_pattern object_assignment_pattern rest_pattern"
    ),
    values=_fields("assignment_pattern.right object_assignment_pattern.right pair_pattern.key"),
    skipped=_fields("export_specifier.alias jsx_attribute.name"),
    imports=_types("import_statement"),
    unbound=_is_key,
)


def _is_go_key(node: Node) -> bool:
    """A field, or what may be the name of one in a literal."""
    if node.type in ("field_identifier", "label_name"):
        return True
    parent = node.parent
    if parent is None or parent.type != "literal_element":
        return False
    pair = parent.parent
    return pair is not None and pair.type == "keyed_element" and pair.named_child(0) == parent


_GO: Final = UseSyntax(
    identifiers=_types("identifier type_identifier field_identifier package_identifier"),
    scopes=_types(
        "function_declaration method_declaration func_literal block if_statement for_statement type_spec "
        "expression_switch_statement type_switch_statement expression_case type_case default_case "
        "communication_case function_type method_elem"
    ),
    members=_fields("selector_expression.field qualified_type.name"),
    qualifiers=("operand", "package"),
    bindings=_fields(
        "short_var_declaration.left range_clause.left receive_statement.left var_spec.name const_spec.name "
        "function_declaration.name type_spec.name type_alias.name parameter_declaration.name "
        "variadic_parameter_declaration.name type_parameter_declaration.name type_switch_statement.alias"
    ),
    patterns=_types("expression_list"),
    skipped=_fields("package_clause.name"),
    imports=_types("import_declaration"),
    unbound=_is_go_key,
)


def _is_java_name(node: Node) -> bool:
    """Names of methods are no variables; the package's own name is no use."""
    parent = node.parent
    while parent is not None and parent.type == "scoped_identifier":
        parent = parent.parent
    return parent is not None and parent.type == "package_declaration"


_JAVA: Final = UseSyntax(
    identifiers=_types("identifier type_identifier"),
    scopes=_types(
        "class_declaration interface_declaration enum_declaration record_declaration "
        "annotation_type_declaration method_declaration constructor_declaration lambda_expression block "
        "for_statement enhanced_for_statement catch_clause try_with_resources_statement switch_block "
        "compact_constructor_declaration static_initializer class_body"
    ),
    members=_fields("field_access.field scoped_identifier.name"),
    qualifiers=("object", "scope"),
    bindings=_fields(
        "variable_declarator.name formal_parameter.name class_declaration.name interface_declaration.name "
        "enum_declaration.name record_declaration.name annotation_type_declaration.name enum_constant.name "
        "catch_formal_parameter.name enhanced_for_statement.name resource.name instanceof_expression.name "
        "lambda_expression.parameters"
    ),
    bare=_types("inferred_parameters type_parameter type_pattern record_pattern_component"),
    skipped=_fields(
        "method_declaration.name constructor_declaration.name compact_constructor_declaration.name "
        "annotation_type_element_declaration.name element_value_pair.key"
    ),
    imports=_types("import_declaration"),
    unbound=_is_java_name,
)

SYNTAX: Final = {
    "python": _PYTHON,
    "typescript": _TYPESCRIPT,
    "tsx": _TYPESCRIPT,
    "javascript": _TYPESCRIPT,
    "go": _GO,
    "java": _JAVA,
}
"""By the language's name; where a language is missing, names of its files are not told apart."""
