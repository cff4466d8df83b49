"""Every form, as its tool or team writes it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from whykeeper_indexers.decisions import DecisionLayout, decision_layout, parse_decision, recognise
from whykeeper_indexers.decisions.status import plain_status, status_word
from whykeeper_indexers.types import DecisionRecord, Kind, ParsedFile, SourceText

Files = Mapping[str, str]


def layout_of(root: Path, files: Files) -> DecisionLayout:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return decision_layout(root, files)


def parse(root: Path, files: Files, path: str) -> ParsedFile | None:
    return parse_decision(SourceText(path, files[path], ""), layout_of(root, files))


def record(root: Path, files: Files, path: str = "") -> DecisionRecord:
    parsed = parse(root, files, path or next(iter(files)))
    assert parsed is not None
    assert parsed.decision is not None
    return parsed.decision


ADR_TOOLS = """# 2. Second record

Date: 1992-01-12

## Status

Accepted

Supercedes [1. First record](0001-first-record.md)

Amends [3. Third](0003-third.md)

## Context

Why.

## Decision

What.
"""

FIRST = """# 1. First record

Date: 1992-01-12

## Status

Superceded by [2. Second record](0002-second-record.md)

## Context

Why.
"""


def test_adr_tools_records_know_both_directions_of_supersession(tmp_path: Path) -> None:
    files = {"doc/adr/0001-first-record.md": FIRST, "doc/adr/0002-second-record.md": ADR_TOOLS}
    first = record(tmp_path, files, "doc/adr/0001-first-record.md")
    second = record(tmp_path, files, "doc/adr/0002-second-record.md")
    assert (first.form, first.identifier, first.number, first.title) == (
        "adr-tools",
        "ADR-0001",
        1,
        "First record",
    )
    assert (first.status, first.date) == ("superseded", "1992-01-12")
    assert first.superseded_by == ("doc/adr/0002-second-record.md",)
    assert (second.status, second.superseded_by) == ("accepted", ())
    assert second.supersedes == ("doc/adr/0001-first-record.md",)


def test_the_folder_named_in_adr_dir_holds_records(tmp_path: Path) -> None:
    files = {".adr-dir": "notes/choices\n", "notes/choices/0002-second-record.md": ADR_TOOLS}
    assert record(tmp_path, files, "notes/choices/0002-second-record.md").form == "adr-tools"
    elsewhere = {"notes/choices/0002-second-record.md": ADR_TOOLS}
    assert parse(tmp_path / "other", elsewhere, "notes/choices/0002-second-record.md") is None


def test_nygard_in_restructuredtext(tmp_path: Path) -> None:
    text = (
        ".. _ADR-10:\n\n10. Many types per topic\n####\n\nStatus\n******\n\n**Provisional** *2023-05-11*\n\n"
        "Context\n*******\n\nWhy.\n\nDecision\n********\n\nWhat.\n"
    ).replace("topic\n####", "topic\n########################")
    found = record(tmp_path, {"credentials/apps/x/docs/decisions/0010-many-types.rst": text})
    assert (found.form, found.identifier, found.title) == ("nygard-rst", "ADR-0010", "Many types per topic")
    assert (found.status, found.date) == ("provisional", "2023-05-11")


def test_a_status_that_lost_its_underline_is_still_read(tmp_path: Path) -> None:
    text = "Endpoint\n########\n\nStatus\n**Draft**\n\nContext\n*******\n\nWhy.\n"
    assert record(tmp_path, {"docs/decisions/0007-endpoint.rst": text}).status == "draft"


def test_rst_links_and_labels_resolve(tmp_path: Path) -> None:
    status = "Superseded by `0002 New <./0002-new.rst>`_ and :ref:`ADR-3`."
    old = f"Old\n===\n\nStatus\n------\n\n{status}\n\nContext\n-------\n\nx\n"
    files = {
        "docs/decisions/0001-old.rst": old,
        "docs/decisions/0002-new.rst": "",
        "docs/decisions/0003-c.rst": "",
    }
    assert record(tmp_path, files).superseded_by == (
        "docs/decisions/0002-new.rst",
        "docs/decisions/0003-c.rst",
    )


MADR_2 = (
    "# Use X\n\n* Status: superseded by [ADR-0005](0005-use-y.md)\n* Deciders: Ann, Bob and [Cy](https://c.y)\n"
    "* Date: 2020-09-26\n\nTechnical Story: none\n\n## Context and Problem Statement\n\nWhy?\n\n"
    "## Decision Outcome\n\nX.\n"
)


def test_madr_2_lists_its_metadata(tmp_path: Path) -> None:
    found = record(tmp_path, {"docs/adr/0004-use-x.md": MADR_2, "docs/adr/0005-use-y.md": ""})
    assert (found.form, found.status, found.date) == ("madr-2", "superseded", "2020-09-26")
    assert found.deciders == ("Ann", "Bob", "Cy")
    assert found.superseded_by == ("docs/adr/0005-use-y.md",)


MADR_BODY = "\n# Use X\n\n## Context and Problem Statement\n\nWhy?\n\n## Decision Outcome\n\nX.\n"


@pytest.mark.parametrize("text", [ADR_TOOLS, MADR_2])
def test_a_form_without_front_matter_is_read_as_before_when_it_carries_constraints(
    tmp_path: Path, text: str
) -> None:
    constraints = "---\nconstraints:\n  - imports:\n      from: src/**\n      forbid: [requests]\n---\n\n"
    path = "docs/adr/0002-second.md"

    assert record(tmp_path, {path: constraints + text}) == record(tmp_path, {path: text})


def test_madr_3_keeps_its_metadata_in_front_matter(tmp_path: Path) -> None:
    text = (
        '---\nstatus: "accepted"\ndate: 2023-01-31\ndeciders: [Ann, Bob]\ntags:\n  - web\n---\n' + MADR_BODY
    )
    found = record(tmp_path, {"docs/decisions/backend/0004-use-x.md": text})
    assert (found.form, found.status, found.date) == ("madr-3", "accepted", "2023-01-31")
    assert (found.deciders, found.tags) == (("Ann", "Bob"), ("web",))


def test_madr_4_names_decision_makers_and_a_record_by_number(tmp_path: Path) -> None:
    text = "---\nstatus: superseded by ADR-0123\ndecision-makers: Ann\n---\n" + MADR_BODY
    found = record(tmp_path, {"docs/decisions/0004-use-x.md": text, "docs/decisions/0123-use-y.md": ""})
    assert (found.form, found.status, found.deciders) == ("madr-4", "superseded", ("Ann",))
    assert found.superseded_by == ("docs/decisions/0123-use-y.md",)


def test_a_number_that_two_records_share_stays_as_written(tmp_path: Path) -> None:
    text = "---\nstatus: superseded by ADR-0123\n---\n" + MADR_BODY
    files = {"docs/adr/0004-x.md": text, "docs/adr/0123-y.md": "", "docs/adr/0123-z.md": ""}
    assert record(tmp_path, files).superseded_by == ("ADR-0123",)


LOG4BRAINS = """project:
  name: p
  adrFolder: ./docs/choices
  packages:
    - name: web
      path: ./packages/web
      adrFolder: ./packages/web/choices
    - name: bad
      adrFolder: ../outside
"""


def test_log4brains_folders_packages_and_dated_slugs(tmp_path: Path) -> None:
    web = "packages/web/choices/20200925-use-nextjs.md"
    files = {
        ".log4brains.yml": LOG4BRAINS,
        web: "# Use Next.js\n\n- Status: accepted\n- Tags: frontend, frameworks\n\n## Decision\n\nNext.\n",
        "docs/choices/20201001-no-metadata.md": "# Bare\n\nText.\n",
        "docs/choices/template.md": "# [short title of solved problem and solution]\n",
        "docs/choices/README.md": "# Decisions\n\n- Status: accepted\n",
    }
    found = record(tmp_path, files, web)
    assert (found.form, found.identifier) == ("log4brains", "web/20200925-use-nextjs")
    assert (found.date, found.tags, found.number) == ("2020-09-25", ("frontend", "frameworks"), None)
    bare = record(tmp_path, files, "docs/choices/20201001-no-metadata.md")
    assert (bare.status, bare.date) == (None, "2020-10-01")
    assert parse(tmp_path, files, "docs/choices/template.md") is None
    assert parse(tmp_path, files, "docs/choices/README.md") is None


def test_log4brains_links_section_says_what_is_superseded(tmp_path: Path) -> None:
    links = "- Supersedes [20200101-old](20200101-old.md)\n- Relates to [x](x.md)\n"
    new = f"# New\n\n- Status: accepted\n\n## Links\n\n{links}"
    files = {
        ".log4brains.yml": LOG4BRAINS,
        "docs/choices/20200201-new.md": new,
        "docs/choices/20200101-old.md": "",
    }
    found = record(tmp_path, files, "docs/choices/20200201-new.md")
    assert found.supersedes == ("docs/choices/20200101-old.md",)


def test_cosmos_records_by_name_with_a_changelog(tmp_path: Path) -> None:
    text = (
        "# ADR 009: Padding\n\n## Changelog\n\n- 2022-11-14: initial draft\n- January 28th, 2023: changed\n\n"
        "## Status\n\nImplemented. Superseded by [ADR-013](./adr-013-zero.md).\n\n## Context\n\nWhy.\n"
    )
    files = {"docs/architecture/adr-009-padding.md": text, "docs/architecture/adr-013-zero.md": ""}
    found = record(tmp_path, files)
    assert (found.form, found.identifier, found.title) == ("cosmos", "ADR-009", "Padding")
    assert (found.status, found.date) == ("superseded", "2023-01-28")
    assert found.superseded_by == ("docs/architecture/adr-013-zero.md",)


def test_a_record_superseded_in_parts_is_still_in_force(tmp_path: Path) -> None:
    text = (
        "# ADR 006: Defaults\n\n## Status\n\nImplemented. "
        "Parts of this ADR were superseded by [ADR-020](adr-020-x.md).\n\n## Context\n\nWhy.\n"
    )
    found = record(
        tmp_path, {"docs/architecture/adr-006-defaults.md": text, "docs/architecture/adr-020-x.md": ""}
    )
    assert (found.status, found.superseded_by) == ("implemented", ())


RUST_RFC = "- Feature Name: `unions`\n- Start Date: 2015-12-29\n- RFC PR: [#1444](https://x)\n\n# Summary\n\n"


def test_rust_like_rfcs_in_a_text_folder(tmp_path: Path) -> None:
    text = RUST_RFC + "Short.\n\n# Motivation\n\nNote: this RFC has been superseded by [RFC 1974][].\n"
    files = {"0000-template.md": "", "text/1444-native-unions.md": text, "text/1974-better.md": RUST_RFC}
    found = record(tmp_path, files, "text/1444-native-unions.md")
    assert (found.form, found.identifier, found.title) == ("rfc", "RFC 1444", "native unions")
    assert (found.date, found.status) == ("2015-12-29", "superseded")
    assert found.superseded_by == ("text/1974-better.md",)


def test_passages_of_a_record_without_a_title_stand_below_its_name(tmp_path: Path) -> None:
    text = RUST_RFC + "word " * 200 + "\n\n# Motivation\n\n" + "word " * 200
    parsed = parse(tmp_path, {"rfcs/1444-native-unions.md": text}, "rfcs/1444-native-unions.md")
    assert parsed is not None
    assert {chunk.breadcrumb[0] for chunk in parsed.chunks} == {"native unions"}
    assert {chunk.kind for chunk in parsed.chunks} == {Kind.DECISION}


def test_a_text_folder_without_a_template_or_many_numbers_is_no_place(tmp_path: Path) -> None:
    assert parse(tmp_path, {"text/0001-x.md": RUST_RFC}, "text/0001-x.md") is None


def test_ember_like_rfcs_state_their_stage(tmp_path: Path) -> None:
    text = (
        "---\nstage: recommended # FIXME\nstart-date: 2018-07-30T00:00:00.000Z\nprs:\n  accepted: https://x\n---\n\n"
        "# CLI docs\n\n## Summary\n\nShort.\n"
    )
    found = record(tmp_path, {"rfcs/0120-cli-docs.md": text})
    assert (found.status, found.date, found.title) == ("recommended", "2018-07-30", "CLI docs")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("docs/adr/README.md", FIRST),
        ("docs/adr/index.md", FIRST),
        ("docs/adr/template.md", FIRST),
        ("docs/adr/0000-template.md", FIRST),
        ("docs/adr/adr-template-bare-minimal.md", FIRST),
        ("docs/architecture/adr.template.md", FIRST),
        ("docs/adr/NNNN-title.md", FIRST),
        (
            "docs/adr/0009-new.md",
            "# {short title, representative of solved problem}\n\n## Status\n\nproposed\n",
        ),
        ("docs/adr/0009-prose.md", "# Nothing\n\nOnly prose, and no form.\n"),
        ("docs/decisions/process.md", "# How we decide\n\nWe write it down.\n"),
        ("docs/guide/0001-start.md", FIRST),
        ("src/decisions/engine.py", "status = 1\n"),
        ("docs/rfcs/rfc6749.txt", "Status of This Memo\n\nSummary\n-------\n"),
    ],
)
def test_what_has_the_place_or_the_form_alone_is_no_record(tmp_path: Path, path: str, text: str) -> None:
    files = {path: text}
    assert parse(tmp_path, files, path) is None
    assert not recognise(SourceText(path, text, ""), decision_layout(tmp_path, files))


def test_a_record_about_templates_is_a_record(tmp_path: Path) -> None:
    text = FIRST.replace("First record", "Template only components")
    assert record(tmp_path, {"docs/adr/0278-template-only-components.md": text}).number == 278


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Accepted, Implemented", "accepted"),
        ("**Accepted** 2023-05-11", "accepted"),
        ("Accepted — 2026-04-24.", "accepted"),
        ("*Accepted and applied in v7*", "accepted"),
        ("✅ Accepted", "accepted"),
        ("~~Accepted~~ Rejected", "rejected"),
        ("Accepted\n\nSuperseded by a new system", "superseded"),
        ("Deprecated in favor of [x#66](https://github.com/o/x/pull/66)", "deprecated"),
        ("Last Call", "last call"),
        ("On hold until 2.0", "on hold"),
        ("Will be superseded by ADR-9 one day", "will be superseded"),
        ("<!-- proposed | accepted -->", None),
        ("[proposed | rejected | accepted | deprecated]", None),
        ("PROPOSED Not Implemented", "proposed"),
        ("Supersceded by ADR-7", "superseded"),
    ],
)
def test_status_words(tmp_path: Path, written: str, status: str | None) -> None:
    text = f"# 1. T\n\n## Status\n\n{written}\n\n## Context\n\nWhy.\n\n## Decision\n\nWhat.\n"
    assert record(tmp_path, {"docs/adr/0001-t.md": text}).status == status


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-02-03", "2024-02-03"),
        ("2024/2/3", "2024-02-03"),
        ("January 28th, 2022", "2022-01-28"),
        ("3 Feb 2024", "2024-02-03"),
        ("February 2024", "2024-02"),
        ("25/12/2023", "2023-12-25"),
        ("05/01/2022", "2022"),
        ("soon", None),
        ("2024-13-45", None),
    ],
)
def test_dates_are_read_as_far_as_they_can_be(tmp_path: Path, written: str, date: str | None) -> None:
    text = f"# 1. T\n\nDate: {written}\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n"
    assert record(tmp_path, {"docs/adr/0001-t.md": text}).date == date


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("1. Title", "Title"),
        ("ADR-0001: Title", "Title"),
        ("ADR 0001 — `bd init` rules", "bd init rules"),
        ("[ADR-0001] Title", "Title"),
        ("0001 Title", "Title"),
        ("001 Title", "Title"),
        ("RFC: Title", "Title"),
        ("Decisions about titles", "Decisions about titles"),
        ("3 ways to fail", "3 ways to fail"),
    ],
)
def test_titles_stand_without_their_number(tmp_path: Path, heading: str, title: str) -> None:
    text = f"# {heading}\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n"
    assert record(tmp_path, {"docs/adr/0001-t.md": text}).title == title


@pytest.mark.parametrize(
    ("status", "reference"),
    [
        ("Superseded by [ADR 2](../adr/0002-n.md#why)", "docs/adr/0002-n.md"),
        ("Superseded by [ADR 2](https://github.com/o/r/blob/main/docs/adr/0002-n.md)", "docs/adr/0002-n.md"),
        ("Superseded by [ADR 2](0002-renamed-since.md)", "docs/adr/0002-n.md"),
        ("Superseded by 0002-n", "docs/adr/0002-n.md"),
        ("Superseded on 2024-01-02 by [2](0002-n.md)", "docs/adr/0002-n.md"),
        ("Superseded by 2", "docs/adr/0002-n.md"),
        ("Superseded by ADR-2_.", "docs/adr/0002-n.md"),
        ("Superseded by [new](/docs/adr/0002-n.md)", "docs/adr/0002-n.md"),
        ("Superseded by [other](https://example.org/x)", "https://example.org/x"),
        ("Superseded by ADR-77", "ADR-77"),
        ("Superseded by [up](../../../../etc/passwd)", "up"),
    ],
)
def test_references_resolve_where_text_or_layout_say_so(tmp_path: Path, status: str, reference: str) -> None:
    text = f"# 1. T\n\n## Status\n\n{status}\n\n## Context\n\nWhy.\n"
    files = {"docs/adr/0001-t.md": text, "docs/adr/0002-n.md": ""}
    assert record(tmp_path, files).superseded_by == (reference,)


def test_fields_of_front_matter_and_header_name_relations(tmp_path: Path) -> None:
    text = "---\nsupersedes: [ADR-0002]\n---\n# T\n\n- Status: ok\n- Superseded by: 3\n\n## Context\n\nWhy.\n"
    files = {"docs/adr/0001-t.md": text, "docs/adr/0002-n.md": "", "docs/adr/0003-m.md": ""}
    found = record(tmp_path, files)
    assert (found.supersedes, found.superseded_by) == (("docs/adr/0002-n.md",), ("docs/adr/0003-m.md",))


def test_deciders_may_be_a_nested_list(tmp_path: Path) -> None:
    text = "# T\n\n- Status: accepted\n- Deciders:\n  - Ann\n  - Bob\n\n## Context\n\nWhy.\n"
    assert record(tmp_path, {"docs/adr/0001-t.md": text}).deciders == ("Ann", "Bob")


def test_a_table_may_hold_the_metadata(tmp_path: Path) -> None:
    table = "| Field | Value |\n|---|---|\n| **Status** | Accepted |\n| Date | 2024-01-02 |\n"
    text = f"# T\n\n{table}\n## Context\n\nWhy.\n"
    found = record(tmp_path, {"docs/adr/0001-t.md": text})
    assert (found.status, found.date) == ("accepted", "2024-01-02")


def test_a_layout_can_be_sent_to_another_process(tmp_path: Path) -> None:
    files = {".log4brains.yml": LOG4BRAINS, "docs/adr/0001-first.md": FIRST}
    layout = layout_of(tmp_path, files)
    assert pickle.loads(pickle.dumps(layout)) == layout


@pytest.mark.parametrize(
    "configuration", ["[", "- a", "project: 3", "project: {adrFolder: [x]}", "a: &a [*a]", "\0", "x" * 50_000]
)
def test_broken_configuration_is_left_aside(tmp_path: Path, configuration: str) -> None:
    files = {".log4brains.yml": configuration, ".adr-dir": "../../etc", "docs/adr/0001-first.md": FIRST}
    assert record(tmp_path, files, "docs/adr/0001-first.md").number == 1


@pytest.mark.parametrize(
    "filler", ["superseded by ", "* Status: ", "[a](b ", "| Status | ", "1,", "2020-01-01 ", "`<"]
)
def test_hostile_records_end(tmp_path: Path, filler: str) -> None:
    text = f"# 1. T\n\nStatus: {filler * 20_000}\n\n## Status\n\n{filler * 20_000}\n\n## Context\n\nx\n"
    assert record(tmp_path, {"docs/adr/0001-t.md": text}).number == 1


@pytest.mark.parametrize(
    ("passage", "status"),
    [
        ("2022-01-01 proposed\n2022-02-01 accepted\n2023-02-01 deprecated", "deprecated"),
        ("- 2023-02-01: Accepted\n- 2022-01-01: Proposed", "accepted"),
        ("2022-01-01\n\nAccepted", "accepted"),
        ("Accepted\n\n2022-01-01: superseded 2021-01-01's draft", "accepted"),
    ],
)
def test_of_a_status_with_its_history_the_latest_line_holds(passage: str, status: str) -> None:
    assert status_word(plain_status(passage)) == status


@pytest.mark.border
def test_a_layout_is_described_alike_in_every_process(tmp_path: Path) -> None:
    layout_of(tmp_path, {f"docs/adr/{number:04}-x.md": "# X\n" for number in range(20)})
    program = (
        "import sys; from pathlib import Path; from whykeeper_indexers.decisions import decision_layout\n"
        "root = Path(sys.argv[1]); paths = [str(p.relative_to(root)) for p in root.rglob('*.md')]\n"
        "print(decision_layout(root, paths).described())"
    )
    described = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(described) == 1
    assert "0007-x.md" in described.pop()
