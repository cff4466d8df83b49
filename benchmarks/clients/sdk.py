"""The Python SDK's ``Client``, in each of its modes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

import jsonschema
from mcp import Client, MCPError, StdioServerParameters
from mcp_types import Tool

from benchmarks.clients.outcome import TOOLS, Outcome, check, failed
from benchmarks.clients.subject import Subject

__all__ = ["drive"]

MODES = ("auto", "legacy", "2026-07-28")
NAME_LIMIT = 30
SCHEMA_LIMIT = 12_000
INSTRUCTIONS_LIMIT = 2_048
"""In bytes; the other is in characters."""
TEN_TOOLS = 10
ANSWER_LIMIT_S = 60.0


def drive(subject: Subject) -> list[Outcome]:
    """Open a session in each mode, list the tools and call each of them."""
    return asyncio.run(_drive(subject))


async def _drive(subject: Subject) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for mode in MODES:
        name = f"mcp {version('mcp')} Client({mode!r})"
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S * 2), _client(subject, mode) as client:
                outcomes += await _session(client, name, subject)
        except (MCPError, TimeoutError, OSError, ExceptionGroup) as error:
            outcomes.append(failed(name, "–", "open a session", error))
    return outcomes


@asynccontextmanager
async def _client(subject: Subject, mode: str) -> AsyncIterator[Client]:
    home = subject.home
    program, *arguments = home.serve(subject.repo)
    server = StdioServerParameters(command=program, args=arguments, env=home.env, cwd=home.home)
    async with Client(server, mode=mode, read_timeout_seconds=ANSWER_LIMIT_S) as client:
        yield client


async def _session(client: Client, name: str, subject: Subject) -> list[Outcome]:
    era = str(client.protocol_version)
    tools = (await client.list_tools()).tools
    outcomes = [_opened(client, name, era), *_limits(name, era, tools)]
    for tool in tools:
        outcomes.append(await _call(client, name, era, tool, subject.calls.get(tool.name)))
    outcomes.append(await _cited(client, name, era))
    outcomes += [await _refused(client, name, era), await _unknown(client, name, era)]
    return outcomes


def _opened(client: Client, name: str, era: str) -> Outcome:
    if client.server_info is None:
        return check(name, era, "open a session", True, "the version is pinned: no opening message is sent")
    size = len((client.instructions or "").encode())
    holds = client.server_info.name == "whykeeper" and 0 < size <= INSTRUCTIONS_LIMIT
    return check(name, era, "open a session; instructions at most 2 KB", holds, f"{size:,} bytes")


def _limits(name: str, era: str, tools: Sequence[Tool]) -> list[Outcome]:
    """Check what clients and models pay for or cut off."""
    # As they are sent: without spaces between.
    listed = [_listed(tool) for tool in tools]
    characters = len(json.dumps(listed, ensure_ascii=False, separators=(",", ":")))
    longest = max(len(tool.name) for tool in tools)
    each = characters / len(tools)
    return [
        check(name, era, f"tools/list: the {len(TOOLS)} tools", {tool.name for tool in tools} == set(TOOLS)),
        check(name, era, f"names of {NAME_LIMIT} characters or fewer", longest <= NAME_LIMIT, f"{longest}"),
        check(
            name, era, f"schemas at most {SCHEMA_LIMIT:,} characters", characters <= SCHEMA_LIMIT,
            f"{characters:,} for {len(tools)} tools; as long each, ten would be {each * TEN_TOOLS:,.0f}",
        ),
        check(name, era, "every tool has annotations and an output schema", all(map(_is_described, tools))),
    ]  # fmt: skip


def _listed(tool: Tool) -> dict[str, Any]:
    return tool.model_dump(mode="json", by_alias=True, exclude_none=True)


def _is_described(tool: Tool) -> bool:
    return tool.annotations is not None and tool.output_schema is not None and bool(tool.description)


async def _call(client: Client, name: str, era: str, tool: Tool, arguments: dict[str, Any] | None) -> Outcome:
    what = f"{tool.name}: structured content fits its schema"
    if arguments is None:
        return failed(name, era, what, "no call of it is known here")
    try:
        result = await client.call_tool(tool.name, arguments)
    except MCPError as error:
        return failed(name, era, what, error)
    if result.is_error or result.structured_content is None:
        return failed(name, era, what, result.content)
    schema = tool.output_schema or {}
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(result.structured_content, schema, cls=jsonschema.Draft202012Validator)
    except (jsonschema.ValidationError, jsonschema.SchemaError) as error:
        return failed(name, era, what, error.message)
    text = "".join(getattr(part, "text", "") for part in result.content)
    return check(name, era, what, bool(text), f"{len(text):,} characters of text beside it")


async def _cited(client: Client, name: str, era: str) -> Outcome:
    """What a search cites can be read whole."""
    what = "read_memory of the ids that search_memory cites"
    found = (
        await client.call_tool("search_memory", {"query": "how are changes tested here"})
    ).structured_content
    ids = [item["id"] for item in (found or {}).get("results", [])]
    broken = [each for each in ids if (await client.call_tool("read_memory", {"id": each})).is_error]
    return check(name, era, what, bool(ids) and not broken, f"{len(ids)} ids {' '.join(broken)}".strip())


async def _refused(client: Client, name: str, era: str) -> Outcome:
    """A mistake that the model can mend comes back as a tool error."""
    what = "an empty question is a tool error that says what to do"
    try:
        result = await client.call_tool("search_memory", {"query": "  "})
    except MCPError as error:
        return failed(name, era, what, f"a protocol error instead: {error}")
    said = "".join(getattr(part, "text", "") for part in result.content)
    return check(name, era, what, bool(result.is_error and "question" in said), said[:120])


async def _unknown(client: Client, name: str, era: str) -> Outcome:
    what = "an unknown tool is refused"
    try:
        result = await client.call_tool("no_such_tool", {})
    except MCPError as error:
        return check(name, era, what, True, f"{error.error.code}")
    return check(name, era, what, result.is_error is True, "as a tool error")
