"""Which files of a repository, or which package from outside, an import means."""

from __future__ import annotations

from whykeeper_indexers.imports.resolver import ImportResolver, configures_imports
from whykeeper_indexers.imports.types import Resolved

__all__ = ["ImportResolver", "Resolved", "configures_imports"]
