"""Which tools only read: clients are told so, and a call of theirs may be made twice. Light."""

from __future__ import annotations

__all__ = ["READING_TOOLS"]

READING_TOOLS = frozenset(
    {"search_memory", "get_context", "explain_code", "read_memory", "resume_work", "verify_change"}
    | {"memory_status"}
)
