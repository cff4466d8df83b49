"""An MCP server whose tool errors tell a model what to do next.

Tools raise; they never return an error as text. What the caller can mend reaches the model in one
line that says how. Anything else is logged, and the model is told that it is our fault.
"""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp_types import CallToolResult, InputRequiredResult
from pydantic import ValidationError

from whykeeper_indexers.errors import UserError, WhykeeperError

__all__ = ["ToolServer"]

_MOST_FAULTS = 3
_SHOWN_VALUE = 60
_OUR_FAULT = "whykeeper failed: try again; if it fails again, `whykeeper daemon logs` shows why"


class ToolServer(MCPServer[Any]):
    """Calls tools, and puts what goes wrong into words.

    Args:
        memory: Gives the session's memory to whoever has to ask it something before a tool is called.
        settings: Of the SDK's server.
    """

    def __init__(self, *settings: Any, memory: Callable[[], Awaitable[Any]], **more: Any) -> None:
        super().__init__(*settings, **more)
        self.memory = memory

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool by name.

        Raises:
            ToolError: The caller can mend it; the message says how.
            UnexpectedToolError: Our fault; the SDK logs its cause.
        """
        known = await self._argument_names(name)
        if known is not None and (odd := [each for each in arguments if each not in known]):
            raise ToolError(_unknown_argument(odd[0], name, known))
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            raise _in_words(error) from error.__cause__

    async def _argument_names(self, name: str) -> list[str] | None:
        for tool in await self.list_tools():
            if tool.name == name:
                return list(tool.input_schema.get("properties", {}))
        return None


def _in_words(error: ToolError) -> ToolError:
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        return ToolError("; ".join(_faults(cause)))
    if isinstance(cause, UserError):
        return ToolError(_said(cause))
    if isinstance(cause, WhykeeperError):
        return UnexpectedToolError(f"{_OUR_FAULT} ({_said(cause)})")
    if isinstance(error, UnexpectedToolError):
        return UnexpectedToolError(_OUR_FAULT)
    return error


def _said(error: WhykeeperError) -> str:
    return f"{error.message}: {error.hint}" if error.hint else error.message


def _unknown_argument(name: str, tool: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name[:_SHOWN_VALUE], known, n=1)
    if near:
        return f"there is no argument {_shown(name)}; did you mean {near[0]!r}?"
    if not known:
        return f"there is no argument {_shown(name)}; {tool} takes no arguments"
    return f"there is no argument {_shown(name)}; the arguments are {', '.join(known)}"


def _faults(error: ValidationError) -> list[str]:
    faults = error.errors(include_url=False, include_context=False)
    return [_fault(fault) for fault in faults[:_MOST_FAULTS]]


def _fault(fault: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    message = str(fault["msg"])
    if fault["type"] == "missing":
        return f"{place} is required"
    return f"{place}: {message[:1].lower()}{message[1:]}, not {_shown(fault['input'])}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_VALUE else f"{text[: _SHOWN_VALUE - 1]}…"
