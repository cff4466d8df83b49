from __future__ import annotations

import json
import random
from typing import Any

import pytest

from whykeeper.clients import jsonc
from whykeeper_indexers.errors import ConfigurationError

ENTRY = {"command": "whykeeper", "args": ["serve"]}
PATH = ("mcpServers", "whykeeper")


def added(text: str) -> str:
    return jsonc.insert(text, PATH, ENTRY)


def is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(character in rest for character in short)


@pytest.mark.parametrize("text", ["", "\n", "  \n", "// only a note\n", "/* a */"])
def test_an_empty_text_gets_a_document(text: str) -> None:
    after = added(text)
    assert after.startswith(text)
    assert jsonc.parse(after) == {"mcpServers": {"whykeeper": ENTRY}}


def test_a_member_is_added_as_the_last_in_the_files_own_style() -> None:
    before = '{\n\t"mcpServers": {\n\t\t"other": {\n\t\t\t"command": "x"\n\t\t}\n\t},\n\t"more": [1, 2]\n}\n'
    after = (
        '{\n\t"mcpServers": {\n\t\t"other": {\n\t\t\t"command": "x"\n\t\t},\n'
        '\t\t"whykeeper": {\n\t\t\t"command": "whykeeper",\n'
        '\t\t\t"args": [\n\t\t\t\t"serve"\n\t\t\t]\n\t\t}\n'
        '\t},\n\t"more": [1, 2]\n}\n'
    )
    assert added(before) == after
    assert jsonc.remove(after, PATH) == before


def test_comments_stay_where_they_are_and_a_trailing_comma_is_kept_up() -> None:
    before = (
        '// head\n{\n  /* servers */\n  "mcpServers": { // all of them\n'
        '    "other": {}, // the other, with a "quote" and a }\n    // last word\n  },\n}\n// foot\n'
    )
    after = added(before)
    assert '"other": {}, // the other, with a "quote" and a }\n    "whykeeper": {' in after
    assert after.count("},\n    // last word\n  },\n}\n// foot\n") == 1
    assert is_subsequence(before, after)
    assert jsonc.remove(after, PATH) == before


def test_the_comma_goes_before_a_comment_on_the_same_line() -> None:
    before = '{\n  "mcpServers": {\n    "other": {} // note\n  }\n}'
    after = added(before)
    assert '"other": {}, // note\n    "whykeeper": {' in after
    assert jsonc.remove(after, PATH) == before


def test_windows_line_ends_are_kept_up() -> None:
    after = added('{\r\n    "mcpServers": {\r\n        "a": {}\r\n    }\r\n}\r\n')
    assert "\n" not in after.replace("\r\n", "")
    assert '\r\n        "whykeeper": {\r\n            "command"' in after


def test_a_file_on_one_line_stays_on_one_line() -> None:
    before = '{"a": 1, "mcpServers": {"b": {}}}'
    after = added(before)
    assert after == (
        '{"a": 1, "mcpServers": {"b": {}, "whykeeper": {"command": "whykeeper", "args": ["serve"]}}}'
    )
    assert jsonc.remove(after, PATH) == before


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "{ }",
        "{\n}",
        '{"mcpServers": {}}',
        '{\n  "mcpServers": {\n  }\n}',
        "{ // nothing\n}",
        "{/* a */}",
    ],
)
def test_empty_objects_are_opened_up(text: str) -> None:
    after = added(text)
    assert jsonc.lookup(after, PATH) == ENTRY
    assert is_subsequence(text, after)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('{"w": 1}', "{}"),
        ('{"w": 1, "b": 2}', '{"b": 2}'),
        ('{"a": 1, "w": 1}', '{"a": 1}'),
        ('{"a": 1, "w": 1, "b": 2}', '{"a": 1, "b": 2}'),
        ('{"a": 1, "w": 1,}', '{"a": 1,}'),
        ('{\n  "w": 1\n}', "{\n}"),
        ('{\n  "w": 1,\n  "b": 2\n}', '{\n  "b": 2\n}'),
        ('{\n  "a": 1, // x\n  // y\n  "w": 1\n  // z\n}', '{\n  "a": 1 // x\n  // y\n  // z\n}'),
        ('{\n  "w": 1, // mine\n  "b": 2\n}', '{\n   // mine\n  "b": 2\n}'),
        ('{"b": 2}', '{"b": 2}'),
    ],
)
def test_a_member_is_taken_out_with_its_comma_and_line(text: str, after: str) -> None:
    assert jsonc.remove(text, ("w",)) == after


def test_an_update_touches_the_named_keys_alone() -> None:
    before = '{\n  "w": {\n    "env": {"A": "1"}, // keep\n    "command": "old",\n    "args": ["-x"]\n  }\n}'
    after = jsonc.update(before, ("w",), ENTRY)
    assert jsonc.lookup(after, ("w",)) == {"env": {"A": "1"}, **ENTRY}
    assert '"env": {"A": "1"}, // keep\n    "command": "whykeeper",' in after
    assert jsonc.update(after, ("w",), ENTRY) == after


def test_an_update_adds_a_key_that_is_missing() -> None:
    assert jsonc.parse(jsonc.update('{"w": {}}', ("w",), ENTRY)) == {"w": ENTRY}


def test_a_repeated_key_counts_as_every_reader_counts_it() -> None:
    assert jsonc.lookup('{"a": 1, "a": 2}', ("a",)) == 2


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "line 1, column 2"),
        ('{\n  "a": 1\n  "b": 2\n}', "line 3, column 3"),
        ('{"a" 1}', '":"'),
        ("{'a': 1}", "double quotes"),
        ('{"a": 01}', '","'),
        ('{"a": NaN}', "a value"),
        ('{"a": "x\ny"}', "well-formed"),
        ('{"a": "x', "well-formed"),
        ("{} {}", "nothing more"),
        ("{} /* open", "nothing more"),
        ("[1, , 2]", "a value"),
        ("<<<<<<< HEAD", "a value"),
        ("[" * 100_000, "levels"),
    ],
)
def test_broken_text_is_refused_with_the_place(text: str, where: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        added(text)
    assert where in caught.value.message


@pytest.mark.parametrize("text", ["[]", "3", '{"mcpServers": []}', '{"mcpServers": null}'])
def test_what_is_no_object_is_not_written_into(text: str) -> None:
    with pytest.raises(ConfigurationError, match="expected an object"):
        added(text)


def some_value(random: random.Random, depth: int) -> Any:
    if depth == 0 or random.random() < 0.3:
        return random.choice([1, -2.5e3, "x", 'a "b" // no /* comment */', True, None, "ä\u2028", {}, []])
    keys = random.sample(["a", "b c", "mcpServers", "other", "é"], random.randint(0, 3))
    if random.random() < 0.3:
        return [some_value(random, depth - 1) for _ in keys]
    return {key: some_value(random, depth - 1) for key in keys}


def written(value: Any, random: random.Random) -> str:
    """Write a value with random white space, comments and trailing commas."""

    def gap() -> str:
        return random.choice(["", "", " ", "\n", "\n\t", " /* } , */ ", ' // ] " {\n', "\n\n  "])

    if isinstance(value, dict) and value:
        items = [
            f"{json.dumps(key)}{gap()}:{gap()}{written(item, random)}{gap()}" for key, item in value.items()
        ]
        return "{" + gap() + ("," + gap()).join(items) + random.choice(["", "," + gap()]) + gap() + "}"
    if isinstance(value, list) and value:
        return "[" + gap() + ("," + gap()).join(written(item, random) for item in value) + gap() + "]"
    return json.dumps(value) if value not in ({}, []) else json.dumps(value)[0] + gap() + json.dumps(value)[1]


def test_any_document_keeps_all_it_had() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        data = {
            key: some_value(chance, 3) for key in chance.sample(["a", "z", "other"], chance.randint(0, 3))
        }
        if chance.random() < 0.6:
            names = chance.sample(["x", "y"], chance.randint(0, 2))
            data["mcpServers"] = {name: some_value(chance, 1) for name in names}
        check_round_trip(written(data, chance), data)


def check_round_trip(text: str, data: dict[str, Any]) -> None:
    assert jsonc.parse(text) == data
    after = added(text)
    servers = {**data.get("mcpServers", {}), "whykeeper": ENTRY}
    assert jsonc.parse(after) == {**data, "mcpServers": servers}
    assert is_subsequence(text, after)
    taken = jsonc.remove(after, PATH)
    assert jsonc.parse(taken) == {**data, "mcpServers": data.get("mcpServers", {})}
    for comment in ("/* } , */", '// ] " {'):
        assert taken.count(comment) == text.count(comment)


def test_an_item_is_added_to_any_array_and_taken_out_again() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        items = [some_value(chance, 2) for _ in range(chance.randint(0, 3))]
        data = {"hooks": {"Stop": items}, "z": some_value(chance, 2)}
        text = written(data, chance)
        after = jsonc.append(text, ("hooks", "Stop"), ENTRY)
        assert jsonc.parse(after) == {**data, "hooks": {"Stop": [*items, ENTRY]}}
        assert is_subsequence(text, after)
        taken = jsonc.remove(after, ("hooks", "Stop", len(items)))
        assert jsonc.parse(taken) == data
        for comment in ("/* } , */", '// ] " {'):
            assert taken.count(comment) == text.count(comment)
        for place in range(len(items)):
            rest = [*items[:place], *items[place + 1 :], ENTRY]
            assert jsonc.parse(jsonc.remove(after, ("hooks", "Stop", place)))["hooks"]["Stop"] == rest


def test_what_is_no_array_takes_no_item() -> None:
    for text in ('{"hooks": {}}', '{"hooks": {"Stop": {}}}', '{"hooks": {"Stop": "x"}}', "[]"):
        with pytest.raises(ConfigurationError):
            jsonc.append(text, ("hooks", "Stop"), ENTRY)
    assert jsonc.remove('{"a": [1]}', ("a", 1)) == '{"a": [1]}'
    assert jsonc.lookup('{"a": [1, {"b": 2}]}', ("a", 1, "b")) == 2
