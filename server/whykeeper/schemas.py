"""Tool schemas as small as they can be without saying less.

Every session pays for the tools' schemas before it asks anything. pydantic repeats each field's
name as a title, and spells every optional field as a union with null; neither tells a model
anything, and null values are left out of what is sent.
"""

from __future__ import annotations

import inspect
from typing import Any

from mcp.server import MCPServer
from mcp_types import Tool

__all__ = ["CompactServer", "compact"]


class CompactServer(MCPServer[Any]):
    """An MCP server that lists its tools with compact schemas."""

    async def list_tools(self) -> list[Tool]:
        """List the tools, in the order in which they were added."""
        return [_compact_tool(tool) for tool in await super().list_tools()]


def _compact_tool(tool: Tool) -> Tool:
    return tool.model_copy(
        update={
            "description": " ".join(inspect.cleandoc(tool.description or "").split()),
            "input_schema": compact(tool.input_schema),
            "output_schema": None if tool.output_schema is None else compact(tool.output_schema),
        }
    )


def compact(schema: Any) -> Any:
    """Drop generated titles and null alternatives from a JSON schema.

    Args:
        schema: Any part of a schema.

    Returns:
        A new schema that accepts the same values, null apart.
    """
    if isinstance(schema, list):
        return [compact(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    slim = {key: compact(value) for key, value in schema.items() if not _is_generated(key, value)}
    if "properties" in schema:
        slim["properties"] = {name: compact(part) for name, part in schema["properties"].items()}
    return _without_null(slim)


def _is_generated(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (
        key == "default" and value in (None, [], {}, False)
    )


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    options = schema.get("anyOf")
    if not isinstance(options, list) or {"type": "null"} not in options:
        return schema
    rest = [option for option in options if option != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**rest[0], **kept} if len(rest) == 1 else {**kept, "anyOf": rest}
