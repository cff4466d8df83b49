"""Source code to chunks: symbols, reason-giving comments, windows."""

from __future__ import annotations

from whykeeper_indexers.code.chunks import symbols_of
from whykeeper_indexers.code.interpreters import first_line
from whykeeper_indexers.code.languages import is_code, language_of
from whykeeper_indexers.code.parser import (
    Definition,
    SyntaxTree,
    definitions,
    definitions_in,
    has_grammar,
    parse_code,
    reasons_at,
    syntax_tree,
)
from whykeeper_indexers.code.reasons import MAX_REASONS

__all__ = [
    "MAX_REASONS",
    "Definition",
    "SyntaxTree",
    "definitions",
    "definitions_in",
    "first_line",
    "has_grammar",
    "is_code",
    "language_of",
    "parse_code",
    "reasons_at",
    "symbols_of",
    "syntax_tree",
]
