"""A store of vectors for a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whykeeper_indexers.vectors import VectorStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    store = VectorStore.open(tmp_path / "vectors")
    yield store
    store.close()
