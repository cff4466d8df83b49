"""What documents name, as they are written."""

from __future__ import annotations

import time

import pytest

from whykeeper_indexers.link_types import ReferenceKind
from whykeeper_indexers.links import references_of
from whykeeper_indexers.types import SourceText

LONG = 100_000
QUICK_S = 5.0


def named(text: str, path: str = "docs/guide.md") -> list[tuple[str, str, str]]:
    return [(each.kind.value, each.target, each.detail) for each in references_of(SourceText(path, text, ""))]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("See `src/lamp.py`.", [("path", "src/lamp.py", "")]),
        ("See `src/lamp.py:12`.", [("path", "src/lamp.py", "12")]),
        ("See [it](../src/lamp.py#L9-L11).", [("path", "../src/lamp.py", "9")]),
        ("See [it](https://example.org/a/b.py).", []),
        ("In src/lamp.py, https://example.org/x/y.py and/or there.", [("path", "src/lamp.py", "")]),
        ("All of `src/**/*.py`.", [("glob", "src/**/*.py", "")]),
        ("`Lamp.shine()`, never `word`.", [("symbol", "Lamp.shine", "")]),
        ("`dim_lights`", [("symbol", "dim_lights", "")]),
        ("`shine_on(colour, level)`", [("symbol", "shine_on", "colour, level")]),
        ("`LAMP_LEVEL` (default: `5`)", [("key", "LAMP_LEVEL", "5")]),
        ("Run `make light`.", [("command", "make light", "")]),
        ("Run `npm run dim:all`.", [("command", "npm run dim:all", "")]),
        ("Pass `--dim-lights`, as `git --force` has it.", [("option", "--dim-lights", "")]),
        ("Python 3.9 or newer is needed.", [("requirement", "python", "3.9")]),
        ("We like Python 3.9.", []),
    ],
)
def test_names_are_read_from_a_line(line: str, found: list[tuple[str, str, str]]) -> None:
    assert named(f"# Guide\n\n{line}\n") == found


def test_names_in_restructuredtext_are_read_by_their_roles() -> None:
    text = (
        "Guide\n=====\n\n:func:`lamp.shine` of ``src/lamp.py``, `it <../a.rst>`_.\n\n"
        ".. code-block:: sh\n\n   make light\n"
    )
    assert set(named(text, "docs/guide.rst")) == {
        ("symbol", "lamp.shine", ""),
        ("path", "src/lamp.py", ""),
        ("path", "../a.rst", ""),
        ("command", "make light", ""),
    }


def test_a_drawn_tree_gives_whole_paths() -> None:
    tree = (
        "```\nsquid/\n├── src/\n│   ├── lamp.py   # light\n│   └── ink/\n│       └── blue.py\n"
        "└── Makefile\n```\n"
    )
    assert [target for _, target, _ in named(f"# Guide\n\n{tree}")] == [
        "squid/src",
        "squid/src/lamp.py",
        "squid/src/ink",
        "squid/src/ink/blue.py",
        "squid/Makefile",
    ]


def test_the_line_is_given_and_whether_it_tells_of_the_past() -> None:
    text = "# Guide\n\n`a/b.py` is it.\n\n`c/d.py` is no longer.\n\n## Changes\n\n`e/f.py` is it.\n"
    found = references_of(SourceText("docs/guide.md", text, ""))
    assert [(each.line, each.target, each.past) for each in found] == [
        (3, "a/b.py", False),
        (5, "c/d.py", True),
        (9, "e/f.py", True),
    ]


def test_what_tells_in_which_version_something_changed_tells_of_the_past() -> None:
    text = "Guide\n=====\n\n``KEEP_ME``\n\n.. versionchanged:: 2.0\n   ``DROP_ME``, which it had.\n"
    found = references_of(SourceText("docs/config.rst", text, ""))
    assert [(each.target, each.past) for each in found] == [("KEEP_ME", False), ("DROP_ME", True)]


@pytest.mark.parametrize(
    ("line", "past"),
    [
        ("See `lib/old.c` for the driver.", False),
        ("See [the record](0077-gone.md), and lib/old/driver.c.", False),
        ("It is [here](https://example.org/removed), in `src/legacy/lamp.py:12`.", False),
        ("`LAMP_LEVEL` is `deprecated`, see `src/lamp.py`.", True),
        ("`src/lamp.py` was added/removed at times.", True),
        ("See `src/foo/lamp.py`.", True),
        ("`src/lamp.py` -> `src/light.py`", True),
    ],
)
def test_what_a_file_is_called_does_not_tell_of_the_past(line: str, past: bool) -> None:
    for text in (f"# Guide\n\n{line}\n", f"# Guide\n\n## About `lib/old.c`\n\n{line}\n"):
        found = references_of(SourceText("docs/guide.md", text, ""))
        assert {each.past for each in found if each.line == text.count("\n")} == {past}


def test_what_readers_have_is_not_the_repositorys() -> None:
    tree = "```\nsquid/\n├── src/\n│   └── lamp.py\n└── Makefile\n```\n"
    text = (
        f"# Guide\n\nThis is what is in\nyour project:\n\n{tree}\nOurs:\n\n{tree}\n"
        "Users add `src/m.py` to their own project.\n"
    )
    found = references_of(SourceText("docs/guide.md", text, ""))
    assert [(each.target, each.past) for each in found] == [
        *((path, True) for path in ("squid/src", "squid/src/lamp.py", "squid/Makefile")),
        *((path, False) for path in ("squid/src", "squid/src/lamp.py", "squid/Makefile")),
        ("src/m.py", True),
    ]


@pytest.mark.parametrize(
    "evil",
    [
        "`" * LONG,
        "[" * LONG,
        "`a" * LONG,
        "a/" * LONG,
        "[x](" * LONG,
        ":func:`" * LONG,
        "A_" * LONG,
        "--a-" * LONG,
        "{a," * LONG,
        "Python 3." * LONG,
        " " * LONG + "x",
        "def f(" * LONG,
        "<!--" * LONG,
        "a." * LONG,
        "├" * LONG,
        "gone " + "a.b" * LONG,
        "gone " + "](" * LONG,
        "gone " + "`` " * LONG,
    ],
)
@pytest.mark.parametrize("path", ["docs/guide.md", "docs/guide.rst", "docs/guide.adoc"])
def test_hostile_lines_are_read_quickly(evil: str, path: str) -> None:
    began = time.monotonic()
    references_of(SourceText(path, f"# Guide\n\n{evil}\n\n```\n{evil}\n```\n\n`{evil}`\n", ""))
    assert time.monotonic() - began < QUICK_S


def test_each_kind_of_reference_has_a_finder() -> None:
    block = "".join(f"    value_number_{number} = compute_value({number})\n" for number in range(4))
    text = (
        "---\npaths: src/**\n---\n\n# Guide\n\n`a/b.py` `shine_on()` `LAMP_LEVEL` `make light` "
        "`--dim-lights` Python >= 3.9\n\n"
        f"```python\ndef forward_all(messages):\n{block}```\n"
    )
    assert {each.kind for each in references_of(SourceText("docs/guide.md", text, ""))} == set(ReferenceKind)


@pytest.mark.parametrize(
    ("path", "past"),
    [
        ("docs/v2/clients.md", True),
        ("dev-docs/v3-notes/auth.md", True),
        ("docs/upgrade-v1-to-v2.md", True),
        ("docs/clients.md", False),
        ("docs/tv2pad/clients.md", False),
    ],
)
def test_a_document_that_is_named_after_a_version_tells_of_that_version(path: str, past: bool) -> None:
    found = references_of(SourceText(path, "# Clients\n\nThey stand in `src/clients.py`.\n", ""))
    assert {each.past for each in found} == {past}
