"""Documents that a source file names itself."""

from __future__ import annotations

import time
from collections.abc import Collection

import pytest

from whykeeper_indexers.conventions import cited_documents
from whykeeper_indexers.types import DecisionRecord

PATHS = (
    "docs/decisions/0003-payload.md",
    "docs/decisions/0012-naming.md",
    "services/web/docs/adr/0012-pages.md",
    "rfcs/0007-wire.md",
    "docs/guide.md",
    "services/guide.md",
    "docs/setup.md",
    "schema/README.md",
    "src/README.md",
    "README.md",
)
DECISIONS = {
    path: DecisionRecord(form="nygard", identifier="1", title="x", status="accepted", number=n)
    for path, n in zip(PATHS[:4], (3, 12, 12, 7), strict=True)
}
FILE = "src/sync.py"


def cited(text: str, path: str = FILE) -> tuple[str, ...]:
    def ending(name: str) -> list[str]:
        return [each for each in PATHS if f"/{each}".endswith(f"/{name}")]

    def present(paths: Collection[str]) -> list[str]:
        return [each for each in PATHS if each in paths]

    return cited_documents(path, text, DECISIONS, ending, present)


@pytest.mark.parametrize(
    "text",
    [
        "# Attributes as docs/decisions/0003-payload.md has them.",
        "# See 0003-payload.md.",
        "# See ../docs/decisions/0003-payload.md",
        "# https://github.com/owner/name/blob/main/docs/decisions/0003-payload.md#context",
        "# As ADR 3 has it.",
        "// @adr ADR-0003",
        "# adr_3: no lists",
    ],
)
def test_a_document_is_named_by_its_path_its_name_a_link_or_its_number(text: str) -> None:
    assert cited(text) == ("docs/decisions/0003-payload.md",)


@pytest.mark.parametrize(
    "text",
    [
        "# See guide.md.",
        "# See README.md.",
        "# https://github.com/another/project/blob/main/README.md",
        "# See docs/decisions/0004-gone.md",
        "# ADR 99",
        "# quadr 3 and 3.12",
        "# RFC 3",
    ],
)
def test_what_many_files_or_none_are_called_names_nothing(text: str) -> None:
    assert cited(text) == ()


def test_of_two_records_with_one_number_the_nearer_one_is_meant() -> None:
    assert cited("# ADR 12", "services/web/page.py") == ("services/web/docs/adr/0012-pages.md",)
    assert cited("# ADR 12", "src/sync.py") == ("docs/decisions/0012-naming.md",)


def test_an_rfc_is_the_repositorys_only_where_it_keeps_them() -> None:
    assert cited("# RFC 12") == ()
    assert cited("# RFC 7") == ("rfcs/0007-wire.md",)


def test_the_readme_beside_a_file_that_is_named_counts_and_that_of_the_files_own_folders_does_not() -> None:
    assert cited("# Generated from schema/v2.json and src/base.json") == ("schema/README.md",)


def test_a_file_does_not_cite_itself() -> None:
    assert cited("# docs/guide.md, docs/setup.md", "docs/guide.md") == ("docs/setup.md",)


def test_a_list_of_paths_is_read_in_bounded_time() -> None:
    started = time.perf_counter()

    cited("a/b.md " * 300_000 + "../" * 100_000 + "adr 1 " * 100_000)

    assert time.perf_counter() - started < 5.0
