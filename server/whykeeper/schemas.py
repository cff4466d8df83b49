"""Tool schemas as small as they can be without saying less.

Every session pays for the tools' schemas before it asks anything. pydantic repeats each field's
name as a title, spells every optional field as a union with null, and gives each model a
definition of its own; none of it tells a model anything, and null values are left out of what is
sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["compact", "result_schema"]

_REFERENCE = "#/$defs/"
_Schema = dict[str, Any]


def compact(schema: Mapping[str, Any]) -> _Schema:
    """Drop from a JSON schema what pydantic adds and no reader needs.

    Args:
        schema: Of a tool's arguments or result, as pydantic generates it.

    Returns:
        A new schema that accepts the same values, null apart.
    """
    slim = _slim(dict(schema))
    assert isinstance(slim, dict)
    slim.pop("description", None)
    return _inlined(slim)


def result_schema(schema: Mapping[str, Any]) -> _Schema:
    """The same of a tool's result, where nothing is required: whoever reads an answer sees what is in it."""
    slim = _unrequired(compact(schema))
    assert isinstance(slim, dict)
    return slim


def _unrequired(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_unrequired(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    # A list is the keyword's, a mapping a property of that name.
    kept = {key: value for key, value in schema.items() if key != "required" or not isinstance(value, list)}
    return {key: _unrequired(value) for key, value in kept.items()}


def _slim(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_slim(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    slim = {key: _slim(value) for key, value in schema.items() if not _is_generated(key, value)}
    for named in ("properties", "$defs"):
        if named in schema:
            slim[named] = {name: _slim(part) for name, part in schema[named].items()}
    return _without_null(slim)


def _is_generated(key: str, value: Any) -> bool:
    return (
        (key == "title" and isinstance(value, str))
        or (key == "default" and value in (None, [], {}, False, ""))
        or (key == "additionalProperties" and isinstance(value, bool))
    )


def _without_null(schema: _Schema) -> _Schema:
    options = schema.get("anyOf")
    if not isinstance(options, list) or {"type": "null"} not in options:
        return schema
    rest = [option for option in options if option != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**rest[0], **kept} if len(rest) == 1 else {**kept, "anyOf": rest}


def _inlined(schema: _Schema) -> _Schema:
    """Put a definition that is used once where it is used; its docstring is for developers."""
    definitions: _Schema = schema.get("$defs", {})
    for definition in definitions.values():
        definition.pop("description", None)
    whole = json.dumps(schema)
    once = {name for name in definitions if whole.count(f'"{_REFERENCE}{name}"') == 1}
    slim = _replaced({key: value for key, value in schema.items() if key != "$defs"}, definitions, once)
    assert isinstance(slim, dict)
    if kept := {name: part for name, part in definitions.items() if name not in once}:
        slim["$defs"] = {name: _replaced(part, definitions, once) for name, part in kept.items()}
    return slim


def _replaced(schema: Any, definitions: _Schema, once: set[str]) -> Any:
    if isinstance(schema, list):
        return [_replaced(part, definitions, once) for part in schema]
    if not isinstance(schema, dict):
        return schema
    name = str(schema.get("$ref", "")).removeprefix(_REFERENCE)
    if name in once:
        return _replaced(definitions[name], definitions, once)
    return {key: _replaced(value, definitions, once) for key, value in schema.items()}
