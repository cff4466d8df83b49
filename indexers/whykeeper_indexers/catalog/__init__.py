"""The catalog: what is indexed of a repository, and search by words."""

from __future__ import annotations

from whykeeper_indexers.catalog.catalog import Catalog
from whykeeper_indexers.catalog.chunk_rows import PreparedChunk, prepare
from whykeeper_indexers.catalog.database import put_aside
from whykeeper_indexers.catalog.files import PreparedFile, prepare_file
from whykeeper_indexers.catalog.linking import last_part, symbol_parts
from whykeeper_indexers.catalog.path_filter import PathFilter
from whykeeper_indexers.catalog.records import (
    ApplyResult,
    FileEntry,
    KnownFile,
    Statistics,
    StoredChunk,
    StoredFile,
    StoredOutline,
    SweepResult,
    Waiting,
    WordHit,
    chunk_id,
)
from whykeeper_indexers.catalog.words import fts_query, query_terms

__all__ = [
    "ApplyResult",
    "Catalog",
    "FileEntry",
    "KnownFile",
    "PathFilter",
    "PreparedChunk",
    "PreparedFile",
    "Statistics",
    "StoredChunk",
    "StoredFile",
    "StoredOutline",
    "SweepResult",
    "Waiting",
    "WordHit",
    "chunk_id",
    "fts_query",
    "last_part",
    "prepare",
    "prepare_file",
    "put_aside",
    "query_terms",
    "symbol_parts",
]
