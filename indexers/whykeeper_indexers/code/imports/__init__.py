"""What a file of code imports, as written; ``whykeeper_indexers.imports`` says which files that means."""

from __future__ import annotations

from whykeeper_indexers.code.imports.reading import imports_in
from whykeeper_indexers.code.imports.types import Import

__all__ = ["Import", "imports_in"]
