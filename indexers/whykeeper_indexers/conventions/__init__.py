"""What people and agents were told to respect, by whose file, and for which paths."""

from whykeeper_indexers.conventions.imports import resolve_imports
from whykeeper_indexers.conventions.parse import parse_convention, with_aliases
from whykeeper_indexers.conventions.registry import convention_for
from whykeeper_indexers.conventions.scope import applies, precedence, service_folder

__all__ = [
    "applies",
    "convention_for",
    "parse_convention",
    "precedence",
    "resolve_imports",
    "service_folder",
    "with_aliases",
]
