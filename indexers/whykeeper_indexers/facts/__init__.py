"""What single files of any state of a repository say, kept by the contents they were read from."""

from __future__ import annotations

from whykeeper_indexers.facts.changed_code import ChangedCode, ChangedFunction
from whykeeper_indexers.facts.reader import FactReader, Progress, Reading
from whykeeper_indexers.facts.reading import read_facts
from whykeeper_indexers.facts.store import FactStore
from whykeeper_indexers.facts.types import FileFacts, Import

__all__ = [
    "ChangedCode",
    "ChangedFunction",
    "FactReader",
    "FactStore",
    "FileFacts",
    "Import",
    "Progress",
    "Reading",
    "read_facts",
]
