"""What a parsed file imports."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice

from tree_sitter import Query, QueryCursor

from whykeeper_indexers.code.grammar import load_language
from whykeeper_indexers.code.imports.registry import READERS
from whykeeper_indexers.code.imports.types import Import
from whykeeper_indexers.code.parser import SyntaxTree

__all__ = ["imports_in"]

MOST_IMPORTS = 5_000
"""Of one file; whatever takes in more was written by a tool."""


def imports_in(tree: SyntaxTree) -> tuple[Import, ...]:
    """List what a parsed file imports, in source order; empty for languages that are not read."""
    reader = READERS.get(tree.grammar.name)
    if reader is None:
        return ()
    captured = QueryCursor(_query(tree.grammar.name, tree.grammar.module, tree.grammar.entry)).captures(
        tree.root
    )
    nodes = {node.id: node for name, found in captured.items() if not name.startswith("_") for node in found}
    ordered = sorted(nodes.values(), key=lambda node: node.start_byte)
    return tuple(islice((each for node in ordered for each in reader.read(node)), MOST_IMPORTS))


@lru_cache(maxsize=32)
def _query(name: str, module: str, entry: str) -> Query:
    return Query(load_language(module, entry), READERS[name].query)
