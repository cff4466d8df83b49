"""Which convention comes first, and what it brings with it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from whykeeper_indexers.conventions import (
    applies,
    imported_by,
    parse_convention,
    precedence,
    service_folder,
    with_aliases,
)
from whykeeper_indexers.types import ConventionRecord, Scope, SourceText


def records(files: Mapping[str, str]) -> dict[str, ConventionRecord]:
    found = {}
    for path, text in files.items():
        record = parse_convention(SourceText(path, text, "digest")).convention
        assert record is not None
        found[path] = record
    return found


def unread(path: str) -> str:
    raise AssertionError(f"{path} was read")


def ranked(files: Mapping[str, str], path: str) -> list[str]:
    found = records(files)
    binding = [each for each in found if applies(found[each].scope, path)]
    return sorted(binding, key=lambda each: precedence(found[each], each, path))


def test_the_nearest_file_comes_first() -> None:
    files = {"AGENTS.md": "a", "services/AGENTS.md": "b", "services/api/AGENTS.md": "c", "web/AGENTS.md": "d"}

    assert ranked(files, "services/api/src/x.py") == [
        "services/api/AGENTS.md",
        "services/AGENTS.md",
        "AGENTS.md",
    ]


def test_a_glob_is_as_near_as_the_folders_it_spells_out() -> None:
    files = {
        "AGENTS.md": "a",
        "src/AGENTS.md": "b",
        ".claude/rules/api.md": "---\npaths: src/api/**\n---\nc",
        ".cursor/rules/all.mdc": "---\nglobs: **/*.py\n---\nd",
        "CONTRIBUTING.md": "e",
    }

    assert ranked(files, "src/api/x.py") == [
        ".claude/rules/api.md",
        "src/AGENTS.md",
        ".cursor/rules/all.mdc",
        "AGENTS.md",
        "CONTRIBUTING.md",
    ]


def test_imports_are_followed_four_hops_and_no_further() -> None:
    chain = {f"d{number}/CLAUDE.md": f"@../d{number + 1}/CLAUDE.md" for number in range(7)}

    assert imported_by("d0/CLAUDE.md", records(chain), unread) == tuple(
        f"d{number}/CLAUDE.md" for number in range(1, 5)
    )


def test_a_cycle_of_imports_ends() -> None:
    found = records({"CLAUDE.md": "@GEMINI.md", "GEMINI.md": "@CLAUDE.md @docs/a.md"})
    texts = {"docs/a.md": "@../CLAUDE.md"}

    assert imported_by("CLAUDE.md", found, texts.__getitem__) == ("GEMINI.md", "docs/a.md")
    assert imported_by("GEMINI.md", found, texts.__getitem__) == ("CLAUDE.md", "docs/a.md")


def test_the_imports_of_a_plain_document_are_followed_from_where_it_lies() -> None:
    found = records({"CLAUDE.md": "@docs/a.md"})
    texts = {"docs/a.md": "First @more/b.md, not `@c.md`.", "docs/more/b.md": "@../d.md", "docs/d.md": ""}

    assert imported_by("CLAUDE.md", found, texts.__getitem__) == ("docs/a.md", "docs/more/b.md", "docs/d.md")


def test_an_import_through_a_link_reaches_what_the_link_is_for() -> None:
    found = with_aliases(records({"AGENTS.md": "x", "GEMINI.md": "@CLAUDE.md"}), {"CLAUDE.md": "AGENTS.md"})

    assert found["AGENTS.md"].aliases == ("CLAUDE.md",)
    assert imported_by("GEMINI.md", found, {"AGENTS.md": "x"}.__getitem__) == ("AGENTS.md",)


def test_links_to_other_files_give_no_alias() -> None:
    found = with_aliases(records({"AGENTS.md": "x"}), {"a.md": "README.md", ".cursorrules": "./AGENTS.md"})

    assert found["AGENTS.md"].aliases == (".cursorrules",)


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("README.md", ""),
        ("ARCHITECTURE.md", ""),
        ("docs/ARCHITECTURE.md", ""),
        ("docs/guide.md", None),
        ("docs/README.md", None),
        ("services/api/README.rst", "services/api"),
        ("services/api/CONTEXT.md", "services/api"),
        ("services/api/design.md", "services/api"),
        ("services/api/changes.md", None),
        ("services/api/docs/tokens.md", "services/api"),
        ("services/api/docs/adr/0001-x.md", "services/api"),
        ("services/api/README.py", None),
        ("packages/docs/content/intro.mdx", None),
        ("website/docs/intro.md", None),
        ("empty/README.md", None),
        ("services/api/main.py", None),
    ],
)
def test_a_note_beside_code_belongs_to_its_folder(path: str, folder: str | None) -> None:
    assert service_folder(path, lambda folder: folder != "empty") == folder


def test_a_scope_of_the_root_binds_everything() -> None:
    assert applies(Scope(), "any/where.py")
