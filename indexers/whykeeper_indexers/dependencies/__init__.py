"""What manifests of package managers ask for, by name."""

from __future__ import annotations

from whykeeper_indexers.dependencies.registry import dependencies_in, is_manifest
from whykeeper_indexers.dependencies.technologies import file_technologies, is_of
from whykeeper_indexers.dependencies.types import Dependency, ManifestError

__all__ = ["Dependency", "ManifestError", "dependencies_in", "file_technologies", "is_manifest", "is_of"]
