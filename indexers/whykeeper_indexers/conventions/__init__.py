"""What people and agents were told to respect, by whose file, and for which paths."""

from whykeeper_indexers.conventions.binding import Governing, decision_home, governing
from whykeeper_indexers.conventions.citations import cited_documents
from whykeeper_indexers.conventions.imports import imported_by
from whykeeper_indexers.conventions.mentions import Mention, find_mentions, search_words
from whykeeper_indexers.conventions.parse import parse_convention, with_aliases
from whykeeper_indexers.conventions.registry import convention_for
from whykeeper_indexers.conventions.scope import applies, precedence, service_folder

__all__ = [
    "Governing",
    "Mention",
    "applies",
    "cited_documents",
    "convention_for",
    "decision_home",
    "find_mentions",
    "governing",
    "imported_by",
    "parse_convention",
    "precedence",
    "search_words",
    "service_folder",
    "with_aliases",
]
