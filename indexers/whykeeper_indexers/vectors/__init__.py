"""Vectors on disk, one Chroma collection per kind and fingerprint, with a health of its own."""

from whykeeper_indexers.vectors.collections import Space, VectorSettings, vector_key
from whykeeper_indexers.vectors.provisional import ProvisionalVectors, StandIn
from whykeeper_indexers.vectors.store import VectorStore, put_aside

__all__ = [
    "ProvisionalVectors",
    "Space",
    "StandIn",
    "VectorSettings",
    "VectorStore",
    "put_aside",
    "vector_key",
]
