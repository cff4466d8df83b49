"""Every language whose imports are read: one file a family, and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from whykeeper_indexers.code.imports.c_family import C_FAMILY
from whykeeper_indexers.code.imports.csharp import CSHARP
from whykeeper_indexers.code.imports.ecmascript import JAVASCRIPT, TYPESCRIPT
from whykeeper_indexers.code.imports.go import GO
from whykeeper_indexers.code.imports.jvm import JAVA, KOTLIN
from whykeeper_indexers.code.imports.php import PHP
from whykeeper_indexers.code.imports.python import PYTHON
from whykeeper_indexers.code.imports.ruby import RUBY
from whykeeper_indexers.code.imports.rust import RUST
from whykeeper_indexers.code.imports.types import ImportReader

__all__ = ["READERS"]

READERS: Mapping[str, ImportReader] = {
    "python": PYTHON,
    "typescript": TYPESCRIPT,
    "tsx": TYPESCRIPT,
    "javascript": JAVASCRIPT,
    "go": GO,
    "java": JAVA,
    "kotlin": KOTLIN,
    "rust": RUST,
    "csharp": CSHARP,
    "ruby": RUBY,
    "php": PHP,
    "c": C_FAMILY,
    "cpp": C_FAMILY,
}
"""By the grammar's name."""
