"""What the tools look like to a client, and to the model behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, seated

from whykeeper.schemas import compact

MOST_SCHEMA = 12_000
"""Characters of all ten tools: every session pays for them."""
MOST_OF_ONE = {"record_decision": 2_000, "remember": 1_200, "save_plan": 1_400, "resume_work": 420} | {
    "verify_change": 1_020
}
MOST_INSTRUCTIONS = 2_048
WRITING = {"record_decision", "remember", "save_plan"}
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("search_memory", {"query": "why squid"}),
    ("search_memory", {"query": "zzz qqq"}),
    ("search_memory", {"query": "kraken", "kinds": ["commit"]}),
    ("search_memory", {"query": "proxy", "kinds": "code", "paths": "src"}),
    ("search_memory", {"query": "proxy", "near": "src/proxy.py"}),
    ("get_context", {"paths": ["src/proxy.py"]}),
    ("get_context", {"task": "change the proxy"}),
    ("get_context", {"paths": ["src"], "task": "change the proxy"}),
    ("explain_code", {"target": "src/proxy.py"}),
    ("explain_code", {"target": "src/proxy.py:2"}),
    ("explain_code", {"target": "SquidProxy"}),
    ("read_memory", {"id": "docs/decisions/0001-use-squid.md"}),
    ("read_memory", {"id": "src/proxy.py"}),
    ("record_decision", {"title": "Use squid", "context": "Ink.", "decision": "We use squid for the proxy."}),
    ("resume_work", {}),
    ("verify_change", {}),
    ("verify_change", {"change": "staged"}),
    ("verify_change", {"change": "HEAD", "budget_tokens": 100}),
    ("memory_status", {}),
]


@pytest.fixture(scope="module")
def agent(shared_machine: Machine, shared_project: GitFolder) -> Agent:
    return seated(shared_machine, shared_project.root)


def test_the_tools_are_few_small_and_listed_alike_each_time(agent: Agent) -> None:
    listed = agent.tools()

    written = [tool.model_dump_json(by_alias=True, exclude_none=True) for tool in listed.tools]
    assert sum(map(len, written)) <= MOST_SCHEMA
    for tool, text in zip(listed.tools, written, strict=True):
        assert len(text) <= MOST_OF_ONE.get(tool.name, MOST_SCHEMA)
    assert [tool.name for tool in listed.tools] == [
        "search_memory",
        "get_context",
        "explain_code",
        "read_memory",
        "record_decision",
        "remember",
        "save_plan",
        "resume_work",
        "verify_change",
        "memory_status",
    ]
    again = [tool.model_dump_json(by_alias=True, exclude_none=True) for tool in agent.tools().tools]
    assert again == written


def test_every_tool_says_whether_it_only_reads_and_what_it_returns(agent: Agent) -> None:
    for tool in agent.tools().tools:
        assert tool.annotations is not None
        reads = tool.name not in WRITING
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (reads, False)
        assert tool.title
        assert tool.description
        assert tool.output_schema is not None
        Draft202012Validator.check_schema(tool.output_schema)
        for argument in tool.input_schema["properties"].values():
            assert argument["description"]


def test_the_list_of_tools_may_be_kept_by_the_client(agent: Agent) -> None:
    listed = agent.tools()

    assert (listed.ttl_ms, listed.cache_scope) == (3_600_000, "public")


def test_the_instructions_name_every_tool_and_are_not_cut(agent: Agent) -> None:
    instructions = agent.instructions()

    assert len(instructions.encode()) <= MOST_INSTRUCTIONS
    for tool in agent.tools().tools:
        assert tool.name in instructions


def test_structured_answers_are_what_the_schemas_promise(agent: Agent) -> None:
    schemas = {tool.name: tool.output_schema for tool in agent.tools().tools}
    for name, arguments in CALLS:
        answer = agent.answer(name, **arguments)
        assert list(Draft202012Validator(schemas[name] or {}).iter_errors(answer)) == []


def test_answers_say_the_same_in_text(agent: Agent) -> None:
    result = agent.call("search_memory", query="why squid for the proxy")
    assert result.structured_content is not None
    text = str(result.content[0].model_dump()["text"])
    best = result.structured_content["results"][0]

    assert f"{best['path']}:{best['lines'][0]}-{best['lines'][1]}" in text
    assert best["status"] == "accepted"
    assert "[decision, accepted]" in text
    assert best["text"] in text


def test_equal_questions_get_equal_answers(agent: Agent) -> None:
    for name, arguments in CALLS[:-1]:
        first, second = (agent.answer(name, **arguments) for _ in range(2))
        for answer in (first, second):
            answer.pop("took_ms", None)
        assert json.dumps(first) == json.dumps(second)


def test_each_session_is_answered_of_its_own_checkout(
    agent: Agent, shared_machine: Machine, shared_project: GitFolder, tmp_path: Path
) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n\nThe walrus sings.\n", encoding="utf-8")
    other = seated(shared_machine, tmp_path)

    assert agent.answer("memory_status")["checkout"] == str(shared_project.root)
    assert other.answer("memory_status")["checkout"] == str(tmp_path.resolve())
    assert other.answer("search_memory", query="walrus sings")["results"][0]["path"] == "notes.md"


def test_a_schema_loses_titles_nulls_and_definitions_used_once() -> None:
    once = {"title": "Once", "description": "For developers.", "type": "object", "properties": {}}
    schema = {
        "title": "Whole",
        "description": "For developers.",
        "type": "object",
        "additionalProperties": False,
        "$defs": {"Once": once, "Twice": {"title": "Twice", "type": "string"}},
        "properties": {
            "title": {"title": "Title", "type": "string"},
            "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None},
            "some": {"anyOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]},
            "one": {"$ref": "#/$defs/Once"},
            "a": {"$ref": "#/$defs/Twice"},
            "b": {"type": "array", "items": {"$ref": "#/$defs/Twice"}},
        },
    }

    assert compact(schema) == {
        "type": "object",
        "$defs": {"Twice": {"type": "string"}},
        "properties": {
            "title": {"type": "string"},
            "maybe": {"type": "integer"},
            "some": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            "one": {"type": "object", "properties": {}},
            "a": {"$ref": "#/$defs/Twice"},
            "b": {"type": "array", "items": {"$ref": "#/$defs/Twice"}},
        },
    }


def test_a_filter_that_holds_nothing_indexed_is_named(agent: Agent) -> None:
    asked = {"query": "lantern", "paths": ["nope", "src", "docs/guide.md", "*.md", "["], "kinds": ["plan"]}
    assert agent.answer("search_memory", **asked)["notes"] == [
        "nothing in nope is indexed (missing)",
        "no indexed path matches [",
        "no plan is recorded here",
    ]
    assert agent.answer("search_memory", query="lantern", paths=["nope", "docs"])["notes"] == []
    elsewhere = {"query": "lantern", "paths": ["docs"], "kinds": ["code"]}
    assert agent.answer("search_memory", **elsewhere)["notes"] == []
