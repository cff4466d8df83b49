"""The MCP surface: one server object for the socket, in-process tests and HTTP.

Tools raise; they never return an error as text. An error the caller can mend reaches the model
with what to do next; anything else is logged, and the model is told that it is our fault.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field

from whykeeper import __version__
from whykeeper.answers import ContextAnswer, ItemAnswer, KindName, SearchAnswerModel, StatusAnswer
from whykeeper.instructions import SERVER_INSTRUCTIONS
from whykeeper.markdown import context_markdown, item_markdown, search_markdown, status_markdown
from whykeeper.schemas import CompactServer
from whykeeper_indexers.errors import WhykeeperError

__all__ = ["Answering", "create_server"]

READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

Question = Annotated[
    str, Field(description='A plain question or keywords; identifiers, paths and "quoted phrases" count.')
]
Kinds = Annotated[list[KindName] | None, Field(description="Only these kinds; all when omitted.")]
Paths = Annotated[
    list[str] | None,
    Field(description="Only below these folders, files or globs, relative to the repository's root."),
]
Budget = Annotated[
    int | None,
    Field(ge=100, le=20_000, description="Most tokens of text to return (default 1,500)."),
]
Limit = Annotated[int | None, Field(ge=1, le=50, description="Most results (default 10).")]


class Answering(Protocol):
    """The use cases that tools and command line share; one object for each checkout."""

    async def search(
        self,
        query: str,
        *,
        limit: int | None,
        budget: int | None,
        kinds: list[KindName] | None,
        paths: list[str] | None,
        explain: bool = False,
    ) -> SearchAnswerModel:
        """Answer a question."""

    async def context(self, paths: list[str], *, task: str | None, budget: int | None) -> ContextAnswer:
        """Say what governs some paths or a task."""

    async def read(self, item_id: str, *, budget: int | None) -> ItemAnswer:
        """Give one item whole."""

    async def status(self) -> StatusAnswer:
        """Say how fresh the index is and what is wrong."""


def create_server(memory: Callable[[], Awaitable[Answering]]) -> MCPServer[Any]:
    """Build the server.

    Args:
        memory: Gives the session's memory when a tool is first called, or raises what the
            caller must mend (not a repository, a wrong setting).

    Returns:
        A server with whykeeper's tools.
    """
    server = CompactServer(
        "whykeeper",
        title="whykeeper",
        description="The memory of this project: decisions, conventions, documents, code, history.",
        instructions=SERVER_INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
    )

    @server.tool(title="Search the project's memory", annotations=READS)
    async def search_memory(
        query: Question,
        kinds: Kinds = None,
        paths: Paths = None,
        budget_tokens: Budget = None,
        limit: Limit = None,
    ) -> Annotated[CallToolResult, SearchAnswerModel]:
        """Find why, how and where: decisions, conventions, design documents, code and commits.

        Ask in plain words before deciding, writing a helper, or guessing at a reason. Results
        cite path, lines, kind and status; "confident": false means nothing recorded answers.
        """
        async with _border():
            answer = await (await memory()).search(
                query, limit=limit, budget=budget_tokens, kinds=kinds, paths=paths
            )
        return _result(answer, search_markdown(answer))

    @server.tool(title="What governs these files", annotations=READS)
    async def get_context(
        paths: Annotated[
            list[str] | None,
            Field(description="Files or folders you are about to read or change, relative to the root."),
        ] = None,
        task: Annotated[str | None, Field(description="What you are about to do, in a sentence.")] = None,
        budget_tokens: Budget = None,
    ) -> Annotated[CallToolResult, ContextAnswer]:
        """Get what binds files or a task before you edit: conventions, decisions, design notes.

        Most binding first, each with the reason it applies. Give paths, a task, or both.
        """
        async with _border():
            answer = await (await memory()).context(paths or [], task=task, budget=budget_tokens)
        return _result(answer, context_markdown(answer))

    @server.tool(title="Read one remembered item whole", annotations=READS)
    async def read_memory(
        id: Annotated[
            str, Field(description="An id from search_memory or get_context, a path, or a commit hash.")
        ],
        budget_tokens: Budget = None,
    ) -> Annotated[CallToolResult, ItemAnswer]:
        """Read the whole of a decision, document, symbol or commit that an answer cut short."""
        async with _border():
            answer = await (await memory()).read(id, budget=budget_tokens)
        return _result(answer, item_markdown(answer))

    @server.tool(title="How fresh is the memory", annotations=READS)
    async def memory_status() -> Annotated[CallToolResult, StatusAnswer]:
        """Check whether the index is fresh and complete: counts, progress, model, problems."""
        async with _border():
            answer = await (await memory()).status()
        return _result(answer, status_markdown(answer))

    return server


def _result(answer: BaseModel, text: str) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content=answer.model_dump(mode="json", exclude_none=True),
    )


class _border:  # noqa: N801 - reads as a verb where it is used
    """Turn what the caller can mend into a tool error that says how."""

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, WhykeeperError):
            raise ToolError(str(error)) from error
