"""Where code uses a name, and how it calls what it names: by syntax, without types."""

from __future__ import annotations

from whykeeper_indexers.usage.exported import exported_by
from whykeeper_indexers.usage.fields import struct_fields
from whykeeper_indexers.usage.imported import EVERYTHING, Imported, imported_by
from whykeeper_indexers.usage.mentions import CodeFile, Mention, Role, code_file
from whykeeper_indexers.usage.signatures import Call, Parameter, Signature, call_at, signatures_of
from whykeeper_indexers.usage.syntax import SYNTAX

__all__ = [
    "EVERYTHING",
    "SYNTAX",
    "Call",
    "CodeFile",
    "Imported",
    "Mention",
    "Parameter",
    "Role",
    "Signature",
    "call_at",
    "code_file",
    "exported_by",
    "imported_by",
    "signatures_of",
    "struct_fields",
]
