from __future__ import annotations

import tomllib

import pytest

from whykeeper.clients import toml_table
from whykeeper_indexers.errors import ConfigurationError

ENTRY = {"command": "whykeeper", "args": ["serve"]}
PATH = ("mcp_servers", "whykeeper")
BLOCK = '[mcp_servers.whykeeper]\ncommand = "whykeeper"\nargs = ["serve"]\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", BLOCK),
        ('model = "x"\n', f'model = "x"\n\n{BLOCK}'),
        ('model = "x"', f'model = "x"\n\n{BLOCK}'),
        (
            "[mcp_servers.other]\ncommand = 'x' # why\n",
            f"[mcp_servers.other]\ncommand = 'x' # why\n\n{BLOCK}",
        ),
        ("# only a note\n", f"# only a note\n\n{BLOCK}"),
        ("[mcp_servers]\n", f"[mcp_servers]\n\n{BLOCK}"),
    ],
)
def test_a_table_is_added_at_the_end(before: str, after: str) -> None:
    assert toml_table.insert(before, PATH, ENTRY) == after
    assert toml_table.lookup(after, PATH) == ENTRY


def test_windows_line_ends_are_kept_up() -> None:
    after = toml_table.insert("a = 1\r\n", PATH, ENTRY)
    assert "\n" not in after.replace("\r\n", "")
    assert toml_table.remove(after, PATH) == "a = 1\r\n"


@pytest.mark.parametrize(
    "before",
    [
        'mcp_servers = { other = { command = "x" } } # inline\n[z]\na = 1\n',
        'mcp_servers.other.command = "x"\n[z]\na = 1\n',
    ],
)
def test_servers_written_inline_get_an_inline_one(before: str) -> None:
    after = toml_table.insert(before, PATH, ENTRY)
    assert toml_table.lookup(after, PATH) == ENTRY
    assert toml_table.lookup(after, ("mcp_servers", "other", "command")) == "x"
    assert tomllib.loads(toml_table.remove(after, PATH)) == tomllib.loads(before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BLOCK, ""),
        (f"a = 1\n\n{BLOCK}\n# about b\n[b]\nc = 2\n", "a = 1\n\n\n# about b\n[b]\nc = 2\n"),
        (f"a = 1\n\n{BLOCK}", "a = 1\n"),
        (f'{BLOCK}[mcp_servers.whykeeper.env]\nA = "1"\n[b]\n', "[b]\n"),
        (f'{BLOCK}[b]\n[mcp_servers.whykeeper.env]\nA = "1"\n', "[b]\n"),
        ('[ mcp_servers . "whykeeper" ] # note\ncommand = "x" # note\n[b]\n', "[b]\n"),
        ("[mcp_servers.whykeepers]\na = 1\n", "[mcp_servers.whykeepers]\na = 1\n"),
    ],
)
def test_a_table_is_taken_out_and_comments_behind_it_stay(before: str, after: str) -> None:
    assert toml_table.remove(before, PATH) == after


def test_text_that_only_looks_like_the_table_is_left_alone() -> None:
    decoy = 'note = """\n[mcp_servers.whykeeper]\ncommand = "x"\n"""\n'
    assert toml_table.remove(decoy, PATH) == decoy
    after = toml_table.remove(f"{decoy}{BLOCK}", PATH)
    assert tomllib.loads(after) == tomllib.loads(decoy)


def test_an_array_that_begins_a_line_with_a_bracket_is_no_header() -> None:
    before = '[mcp_servers.whykeeper]\ncommand = "x"\nargs = [\n  ["a"],\n]\n[b]\nc = 1\n'
    assert tomllib.loads(toml_table.remove(before, PATH)) == {"b": {"c": 1}}


def test_an_update_touches_the_named_keys_alone() -> None:
    before = '# head\n[mcp_servers.whykeeper]\ncommand = "old" # mine\ntimeout = 60\n\n[b]\nc = 1 # x\n'
    after = toml_table.update(before, PATH, ENTRY)
    assert toml_table.lookup(after, PATH) == {"timeout": 60, **ENTRY}
    assert after.startswith('# head\n[mcp_servers.whykeeper]\ncommand = "whykeeper" # mine\n')
    assert after.endswith("\n[b]\nc = 1 # x\n")


@pytest.mark.parametrize("text", ["[a", "a = ", 'mcp_servers = "x"\n', "a = " + "[" * 5000])
def test_what_cannot_be_edited_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        toml_table.insert(text, PATH, ENTRY)
