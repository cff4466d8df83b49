"""What records say they are to one another, beside replacing each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.decisions.test_forms import ADR_TOOLS, record

HEAD = """---
status: accepted
{fields}
---
# 2. Second

## Context and Problem Statement

{body}

## Decision Outcome

Yes.
"""
OTHERS = {"docs/adr/0001-first.md": "# 1. First\n", "docs/adr/0003-third.md": "# 3. Third\n"}
PATH = "docs/adr/0002-second.md"


def written(fields: str = "", body: str = "Why.") -> dict[str, str]:
    return {PATH: HEAD.format(fields=fields, body=body), **OTHERS}


def test_an_amendment_is_read_where_its_tool_writes_it(tmp_path: Path) -> None:
    third = {"doc/adr/0003-third.md": "# 3. Third\n\nAmended by [2. Second](0002-second.md)\n"}

    assert record(tmp_path, {"doc/adr/0002-second.md": ADR_TOOLS, **third}).amends == (
        "doc/adr/0003-third.md",
    )


@pytest.mark.parametrize(
    ("body", "relation"),
    [
        ("* Superseded in part by [third](0003-third.md)", "amended_by"),
        ("* Amended by [third](0003-third.md)", "amended_by"),
        ("* Amends [third](0003-third.md)", "amends"),
        ("* Supersedes parts of nothing; amends [third](0003-third.md)", "amends"),
    ],
)
def test_what_replaces_a_part_amends(tmp_path: Path, body: str, relation: str) -> None:
    found = record(tmp_path, {**written(), PATH: written()[PATH] + f"\n## Links\n\n{body}\n"})

    assert getattr(found, relation) == ("docs/adr/0003-third.md",)
    assert found.status == "accepted"


def test_people_who_were_asked_or_told_are_known(tmp_path: Path) -> None:
    found = record(tmp_path, written("consulted: Ada, Grace\ninformed:\n  - Linus"))

    assert (found.consulted, found.informed) == (("Ada", "Grace"), ("Linus",))


def test_other_records_it_names_are_related_and_no_more(tmp_path: Path) -> None:
    body = "As [decided](0001-first.md) and in ADR-0003, not in ADR-0099 nor [here](../guide.md)."

    assert record(tmp_path, written(body=body)).related == tuple(OTHERS)


def test_a_reference_link_leads_where_its_label_says(tmp_path: Path) -> None:
    body = "Links: see [1].\n\n## Links\n\n* Supersedes [the first][one]\n\n[one]: 0001-first.md"

    assert record(tmp_path, written(body=body)).supersedes == ("docs/adr/0001-first.md",)


def test_addresses_are_kept_from_front_matter_and_links(tmp_path: Path) -> None:
    fields = "prs:\n  accepted: https://example.org/pull/12"
    body = "Not https://example.org/in-the-text.\n\n## More Information\n\n<https://example.org/talk>, <ftp://no>"

    assert record(tmp_path, written(fields, body)).addresses == (
        "https://example.org/pull/12",
        "https://example.org/talk",
    )


def test_a_request_for_comments_may_be_meant_by_the_pull_request_that_brought_it(tmp_path: Path) -> None:
    files = {
        "text/0000-template.md": "# Template\n",
        "text/0012-first.md": "- Feature Name: first\n\n## Summary\n\nFirst.\n",
        "text/0034-second.md": "- Feature Name: second\n\n## Summary\n\nNote: this supersedes [RFC 12].\n\n"
        "[RFC 12]: https://example.org/rfcs/pull/12\n",
        "0000-template.md": "# Template\n",
    }

    assert record(tmp_path, files, "text/0034-second.md").supersedes == ("text/0012-first.md",)


def test_what_a_record_replaces_in_part_it_amends(tmp_path: Path) -> None:
    body = "This ADR in part supersedes [the first](0001-first.md)."
    found = record(tmp_path, written(body=body))

    assert (found.amends, found.supersedes) == (("docs/adr/0001-first.md",), ())


def test_options_and_an_outcome_make_a_record_of_the_second_madr(tmp_path: Path) -> None:
    options = "## Considered Options\n\n* Dashes\n* Spaces\n\n"
    text = f"# Use dashes\n\nSpaces?\n\n{options}## Decision Outcome\n\nDashes.\n"

    assert record(tmp_path, {"docs/adr/0001-use-dashes.md": text}).form == "madr-2"
