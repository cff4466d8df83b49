"""The MCP surface: one server object for the socket, in-process tests and HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Annotated, Any, Final, Protocol

from mcp.server import CacheHint, MCPServer
from mcp.server.mcpserver import Resolve
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, BeforeValidator, Field

from whykeeper import __version__
from whykeeper.answers import ContextAnswer, ItemAnswer, KindName, SearchAnswerModel, StatusAnswer
from whykeeper.budgets import LEAST_BUDGET, MOST_BUDGET, MOST_RESULTS
from whykeeper.explaining.answer import ExplainAnswer
from whykeeper.explaining.markdown import explanation_markdown
from whykeeper.instructions import SERVER_INSTRUCTIONS
from whykeeper.markdown import context_markdown, item_markdown, search_markdown, status_markdown
from whykeeper.plans import arguments as planning
from whykeeper.plans.answer import PlanAnswer, ResumeAnswer
from whykeeper.plans.markdown import plan_markdown
from whykeeper.plans.request import PlanRequest
from whykeeper.reading_tools import READING_TOOLS
from whykeeper.recording import arguments
from whykeeper.recording.answers import RecordAnswer
from whykeeper.recording.asking import (
    UNWANTED,
    Answer,
    about_decision,
    about_entry,
    decided_decision,
    decided_entry,
)
from whykeeper.recording.markdown import record_markdown
from whykeeper.recording.requests import DecisionRequest, EntryRequest
from whykeeper.schemas import compact, result_schema
from whykeeper.tool_server import ToolServer
from whykeeper.verification.answer import VerifyAnswer
from whykeeper.verification.markdown import verification_markdown
from whykeeper_indexers.errors import InternalError

__all__ = ["Answering", "create_server"]

_LISTS_LAST_MS = 3_600_000
"""The tools change with the daemon's version only, and then the client's session is opened anew."""


def _listed(value: object) -> object:
    """Take one name where a list of them is asked for: models often give it so."""
    return [value] if isinstance(value, str) else value


Question = Annotated[
    str, Field(description='Plain words, identifiers, paths, "quoted phrases"; one question at a time.')
]
Kinds = Annotated[list[KindName] | None, BeforeValidator(_listed), Field(description="Only these.")]
Within = Annotated[
    list[str] | None,
    BeforeValidator(_listed),
    Field(description="Only these paths, globs; their commits."),
]
Near = Annotated[
    list[str] | None,
    BeforeValidator(_listed),
    Field(description="Files you have open: prefers what is near."),
]
Edited = Annotated[
    list[str] | None,
    BeforeValidator(_listed),
    Field(description="Files, folders to change; may be new."),
]
Task = Annotated[str | None, Field(description="What is to be done.")]
Explained = Annotated[str, Field(description="path, path:12-30, path::symbol, symbol.")]
Changed = Annotated[str, Field(description='Default: the working tree. "staged", A..B or a commit.')]
ItemId = Annotated[str, Field(description="An answer's id, commit, path or path:9-30.")]
Budget = Annotated[
    int | None, Field(ge=LEAST_BUDGET, le=MOST_BUDGET, description="Most text; default 1,500.")
]
ItemBudget = Annotated[int | None, Field(ge=LEAST_BUDGET, le=MOST_BUDGET, description="Default 6,000.")]
Limit = Annotated[int | None, Field(ge=1, le=MOST_RESULTS, description="Default 10.")]


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
        near: list[str] | None = None,
        explain: bool = False,
    ) -> SearchAnswerModel:
        """Answer a question."""

    async def context(self, paths: list[str], *, task: str | None, budget: int | None) -> ContextAnswer:
        """Say what governs some paths or a task."""

    async def explain(self, target: str, *, budget: int | None) -> ExplainAnswer:
        """Say why code is as it is."""

    async def read(self, item_id: str, *, budget: int | None) -> ItemAnswer:
        """Give one item whole."""

    async def consider(self, request: DecisionRequest | EntryRequest) -> RecordAnswer:
        """Say what has to be decided about before something is written, if anything."""

    async def record(self, request: DecisionRequest, considered: RecordAnswer | None) -> RecordAnswer:
        """Record a decision, or change one."""

    async def remember(self, request: EntryRequest, considered: RecordAnswer | None) -> RecordAnswer:
        """Remember something, or change what is remembered."""

    async def save_plan(self, request: PlanRequest) -> PlanAnswer:
        """Make a plan of work, or change one."""

    async def resume(self, plan: str | None) -> ResumeAnswer:
        """Say where the work stands."""

    async def verify(self, change: str, *, plan: str = "", budget: int | None) -> VerifyAnswer:
        """Hold a change against everything remembered."""

    async def status(self) -> StatusAnswer:
        """Say how fresh the index is and what is wrong."""


_Memory = Callable[[], Awaitable[Answering]]


def create_server(memory: _Memory) -> MCPServer[Any]:
    """Build the server of one session.

    Args:
        memory: Gives the session's memory when a tool is called, or raises what the caller must
            mend (not a repository, a wrong setting).

    Returns:
        A server with whykeeper's tools.
    """
    session = _SessionTools(memory)
    tools = [tool.model_copy(update={"fn": getattr(session, tool.name)}) for tool in _tools()]
    return ToolServer(
        "whykeeper",
        memory=memory,
        title="whykeeper",
        description="The memory of this project: decisions, conventions, documents, code, history.",
        instructions=SERVER_INSTRUCTIONS,
        version=__version__,
        tools=tools,
        cache_hints={"tools/list": CacheHint(ttl_ms=_LISTS_LAST_MS, scope="public")},
        log_level="WARNING",
    )


class _SessionTools:
    """The tools, for one session. A method's docstring is what its tool says of itself to a model."""

    def __init__(self, memory: _Memory) -> None:
        self._memory = memory

    async def search_memory(
        self,
        query: Question,
        kinds: Kinds = None,
        paths: Within = None,
        near: Near = None,
        budget_tokens: Budget = None,
        limit: Limit = None,
    ) -> Annotated[CallToolResult, SearchAnswerModel]:
        """Ask why, how, where or what was tried, before you decide, guess at a reason, or write a helper.

        Searches decisions, conventions, documents, plans, code and commits. Results cite path, lines, kind
        and status; confident=false means nothing recorded answers.
        """
        memory = await self._memory()
        answer = await memory.search(
            query, limit=limit, budget=budget_tokens, kinds=kinds, paths=paths, near=near
        )
        return _result(answer, search_markdown(answer))

    async def get_context(
        self, paths: Edited = None, task: Task = None, budget_tokens: Budget = None
    ) -> Annotated[CallToolResult, ContextAnswer]:
        """Call before you edit: what binds these files or this task, most binding first.

        Conventions, decisions in force and design notes, each with why it applies. Give paths, a task,
        or both.
        """
        memory = await self._memory()
        answer = await memory.context(paths or [], task=task, budget=budget_tokens)
        return _result(answer, context_markdown(answer))

    async def explain_code(
        self, target: Explained, budget_tokens: Budget = None
    ) -> Annotated[CallToolResult, ExplainAnswer]:
        """Why code is as it is, before you change or remove it.

        Decisions naming it, comments, and the commits behind it, through renames and moves.
        """
        memory = await self._memory()
        answer = await memory.explain(target, budget=budget_tokens)
        return _result(answer, explanation_markdown(answer))

    async def read_memory(
        self, id: ItemId, budget_tokens: ItemBudget = None
    ) -> Annotated[CallToolResult, ItemAnswer]:
        """The whole of a decision, document, symbol or commit of which an answer showed a part."""
        memory = await self._memory()
        answer = await memory.read(id, budget=budget_tokens)
        return _result(answer, item_markdown(answer))

    async def record_decision(
        self,
        title: arguments.Title = "",
        context: arguments.Context = "",
        decision: arguments.Decision = "",
        alternatives: arguments.Alternatives = {},  # noqa: B006 - the schema's default; nobody changes it
        consequences: arguments.Consequences = "",
        confirmation: arguments.Confirmation = "",
        status: arguments.Status = None,
        reason: arguments.Reason = "",
        supersedes: arguments.Superseded = [],  # noqa: B006
        amends: arguments.Amended = [],  # noqa: B006
        confirm_new: arguments.Confirmed = False,
        id: arguments.RecordId = None,
        folder: arguments.Folder = None,
        *,
        answer: Annotated[Answer, Resolve(about_decision)],
    ) -> Annotated[CallToolResult, RecordAnswer]:
        """Record a decision once it is made, in this repository's own form; or change one by its id.

        Needs title, context, decision. Records it may repeat, contradict or replace are returned first,
        and nothing is written: decide, call again.
        """
        request = DecisionRequest(
            title=title,
            context=context,
            decision=decision,
            alternatives=alternatives,
            consequences=consequences,
            confirmation=confirmation,
            status=status,
            reason=reason,
            supersedes=tuple(supersedes),
            amends=tuple(amends),
            confirm_new=confirm_new,
            id=id,
            folder=folder,
        )
        decided = decided_decision(request, answer)
        if decided.request is None:
            return _result(UNWANTED, record_markdown(UNWANTED))
        recorded = await (await self._memory()).record(decided.request, decided.considered)
        return _result(recorded, record_markdown(recorded))

    async def remember(
        self,
        text: arguments.Entry = "",
        kind: arguments.EntryKinds = "convention",
        paths: arguments.About = [],  # noqa: B006
        heading: arguments.Heading = None,
        replaces: arguments.Replaced = None,
        confirm_new: arguments.Confirmed = False,
        *,
        answer: Annotated[Answer, Resolve(about_entry)],
    ) -> Annotated[CallToolResult, RecordAnswer]:
        """Keep a rule, pattern, pitfall or fact for later sessions, in the file the team keeps such in.

        What it may repeat or contradict is returned first.
        """
        request = EntryRequest(
            text=text,
            kind=kind,
            paths=tuple(paths),
            heading=heading,
            replaces=replaces,
            confirm_new=confirm_new,
        )
        decided = decided_entry(request, answer)
        if decided.request is None:
            return _result(UNWANTED, record_markdown(UNWANTED))
        recorded = await (await self._memory()).remember(decided.request, decided.considered)
        return _result(recorded, record_markdown(recorded))

    async def save_plan(
        self,
        plan: planning.Name = None,
        goal: planning.Goal = "",
        reason: planning.Reason = "",
        steps: planning.Steps = [],  # noqa: B006
        files: planning.Files = [],  # noqa: B006
        unchanged: planning.Unchanged = [],  # noqa: B006
        checks: planning.Checks = [],  # noqa: B006
        honours: planning.Honours = [],  # noqa: B006
        questions: planning.Questions = [],  # noqa: B006
        note: planning.Note = "",
        next: planning.Next = "",
        state: planning.State = "",
    ) -> Annotated[CallToolResult, PlanAnswer]:
        """Plan before you start, in a file people review; then keep it: steps done, notes, what is next."""
        request = PlanRequest(
            plan=plan,
            goal=goal,
            reason=reason,
            steps=tuple(steps),
            files=tuple(files),
            unchanged=tuple(unchanged),
            checks=tuple(checks),
            honours=tuple(honours),
            questions=tuple(questions),
            note=note,
            next=next,
            state=state,
        )
        answer = await (await self._memory()).save_plan(request)
        return _result(answer, plan_markdown(answer))

    async def resume_work(self, plan: planning.Name = None) -> Annotated[CallToolResult, ResumeAnswer]:
        """First in a session: the open plan, what is done, left and next, what others changed."""
        answer = await (await self._memory()).resume(plan)
        return _result(answer, answer.text)

    async def verify_change(
        self, change: Changed = "", plan: planning.Against = "", budget_tokens: Budget = None
    ) -> Annotated[CallToolResult, VerifyAnswer]:
        """Call before you say that you are done: what your change breaks, repeats, leaves undone or violates.

        Mend errors, then call again.
        """
        memory = await self._memory()
        answer = await memory.verify(change, plan=plan, budget=budget_tokens)
        return _result(answer, verification_markdown(answer))

    async def memory_status(self) -> Annotated[CallToolResult, StatusAnswer]:
        """Whether the index is fresh and complete; for answers that look stale or empty.

        Gives counts, progress and problems.
        """
        answer = await (await self._memory()).status()
        return _result(answer, status_markdown(answer))


_TITLES: Final = {
    "search_memory": "Search the project's memory",
    "get_context": "What governs these files",
    "explain_code": "Why code is as it is",
    "read_memory": "Read one item whole",
    "record_decision": "Record a decision",
    "remember": "Remember a rule",
    "save_plan": "Plan the work",
    "resume_work": "Resume the work",
    "verify_change": "Verify a change",
    "memory_status": "How fresh is the memory",
}
"""The tools in the order in which they are listed."""


@cache
def _tools() -> tuple[Tool, ...]:
    """Build the tools, once a process: making their schemas takes longer than a handshake may."""
    of_nobody = _SessionTools(_no_memory)
    return tuple(_built(getattr(of_nobody, name), title) for name, title in _TITLES.items())


async def _no_memory() -> Answering:
    raise InternalError("a tool was called outside of a session")


def _built(method: Callable[..., Any], title: str) -> Tool:
    description = " ".join((method.__doc__ or "").split())
    reads = method.__name__ in READING_TOOLS
    # Nothing is said of doing it twice: of what only reads that is plain, of the others it is the default.
    hints = ToolAnnotations(read_only_hint=reads, open_world_hint=False)
    if not reads:
        # They add to files and change single lines; nothing is lost that git has.
        hints = hints.model_copy(update={"destructive_hint": False})
    tool = Tool.from_function(method, title=title, description=description, annotations=hints)
    result = tool.fn_metadata.output_schema
    assert result is not None
    metadata = tool.fn_metadata.model_copy(update={"output_schema": result_schema(result)})
    return tool.model_copy(update={"parameters": compact(tool.parameters), "fn_metadata": metadata})


def _result(answer: BaseModel, text: str) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content=answer.model_dump(mode="json", exclude_none=True),
    )
