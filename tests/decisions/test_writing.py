"""Records written in every form that is read, in the words of the records beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from whykeeper_indexers.decisions import decision_content, decision_layout, parse_decision
from whykeeper_indexers.decisions.forms.registry import FORMS
from whykeeper_indexers.decisions.layout import PlacedRecord
from whykeeper_indexers.decisions.places import Place
from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.writing import (
    Draft,
    Link,
    Naming,
    Shape,
    applied,
    file_stem,
    learned_naming,
    learned_shape,
    rendered,
    slug_of,
    status_edit,
)
from whykeeper_indexers.decisions.writing.editing import alternatives_edits
from whykeeper_indexers.decisions.writing.registry import STYLES
from whykeeper_indexers.documents.parse import read_outline
from whykeeper_indexers.errors import RecordingError
from whykeeper_indexers.types import Alternative, DecisionContent, DecisionRecord, SourceText

CONTENT = DecisionContent(
    context="Jobs must not be lost.\n\nWe run Postgres anyway.",
    decision="Jobs wait in a table of Postgres.\n\n- one row a job\n- `SKIP LOCKED`",
    alternatives=(
        Alternative("RabbitMQ: a broker", "More to run: it costs."),
        Alternative("Redis", ""),
    ),
    consequences="Workers poll.",
    confirmation="A test kills a worker.",
)
DRAFT = Draft("Keep the queue in Postgres", CONTENT, "2026-11-22", deciders=("Ada",))
FOLDERS = {"rfc": "rfcs", "log4brains": "notes/adr"}


def place(form: str, number: int | None, draft: Draft = DRAFT) -> str:
    style = STYLES[form].naming
    stem = file_stem(style, draft.title, number if style.digits else None, draft.date)
    return f"{FOLDERS.get(form, 'docs/adr')}/{stem}{style.extension}"


def read(path: str, text: str, root: Path, *others: str) -> tuple[DecisionRecord, DecisionContent]:
    (root / ".log4brains.yml").write_text("project:\n  adrFolder: ./notes/adr\n", encoding="utf-8")
    layout = decision_layout(root, [path, *others, ".log4brains.yml"])
    source = SourceText(path, text, "")
    parsed, content = parse_decision(source, layout), decision_content(source, layout)
    assert parsed is not None and parsed.decision is not None and content is not None
    return parsed.decision, content


def text_of(path: str, text: str) -> RecordText:
    placed = PlacedRecord(Place.DECISIONS, path.rpartition("/")[0])
    return RecordText(read_outline(SourceText(path, text, "")), placed)


def bare(text: str) -> str:
    """Without what differs between markups."""
    return " ".join(text.replace("``", "`").split())


@pytest.mark.parametrize("form", sorted(FORMS))
def test_what_is_written_in_a_form_is_read_back_in_it(form: str, tmp_path: Path) -> None:
    path = place(form, 7)
    text = rendered(DRAFT, STYLES[form].shape, path, 7)

    record, content = read(path, text, tmp_path)

    assert record.form == form
    assert record.title.lower() == DRAFT.title.lower()
    assert (record.status or "accepted", record.date) == ("accepted", "2026-11-22")
    for part in ("context", "decision", "consequences", "confirmation"):
        assert bare(getattr(content, part)) == bare(getattr(CONTENT, part))
    assert content.alternatives == CONTENT.alternatives


@pytest.mark.parametrize("form", sorted(FORMS))
def test_both_sides_of_a_succession_are_read_back(form: str, tmp_path: Path) -> None:
    shape = STYLES[form].shape
    old_path = place(form, 7)
    old_text = rendered(DRAFT, shape, old_path, 7)
    old, _ = read(old_path, old_text, tmp_path)
    later = replace(DRAFT, title="Move the queue", supersedes=(Link.to(old_path, old),))
    path = place(form, 8, later)
    text = rendered(later, shape, path, 8)
    new, _ = read(path, text, tmp_path, old_path)

    edit = status_edit(
        text_of(old_path, old_text), f"{shape.superseded_by} {link(path, new, old_path, shape)}", shape
    )
    changed = "\n".join(applied(old_text.split("\n"), [edit]))
    replaced, _ = read(old_path, changed, tmp_path, path)

    assert (new.supersedes, new.superseded_by, new.status or "accepted") == ((old_path,), (), "accepted")
    assert (replaced.superseded_by, replaced.status) == ((path,), "superseded")
    assert len(edit.lines) == 1


def link(path: str, record: DecisionRecord, from_path: str, shape: Shape) -> str:
    from whykeeper_indexers.decisions.writing.rendering import link_to

    other = Link.to(path, record)
    return link_to(other, from_path, shape) if shape.links_status else other.identifier


TEAM = """---
nav_order: {number}
parent: Decisions
---

# ADR-{number:03}: {title}

* Status: *Accepted*
* Date: {day}/11/2026

## Why

The kraken leaked.

## What we decided

We use squid.

## Options Considered

- nginx

## Implications

None.
"""


def test_a_team_is_followed_in_its_headings_dates_bullets_and_metadata() -> None:
    paths = [f"docs/adr/ADR_{number:03}_use_squid.md" for number in (12, 11)]
    samples = [
        text_of(path, TEAM.format(number=number, title="Use squid", day=number + 8))
        for path, number in zip(paths, (12, 11), strict=True)
    ]
    shape = learned_shape(STYLES["madr-2"].shape, samples)
    naming = learned_naming(paths, Naming())
    stem = file_stem(naming, DRAFT.title, 13, DRAFT.date)
    text = rendered(DRAFT, shape, f"docs/adr/{stem}.md", 13)

    assert stem == "ADR_013_keep_the_queue_in_postgres"
    assert text.startswith(
        "---\nnav_order: 13\nparent: Decisions\n---\n\n# ADR-013: Keep the queue in Postgres\n\n"
        "* Status: *Accepted*\n* Date: 22/11/2026\n\n"
    )
    assert "## What we decided\n\nJobs wait" in text
    assert "## Options Considered\n\n- **RabbitMQ: a broker**: More to run: it costs.\n- Redis\n" in text
    assert "## Implications\n\nWorkers poll.\n" in text


CONSTRAINTS = (
    "constraints:\n  - imports:\n      from: src/**\n      forbid: [requests]\n"
    "  # and\n  - text: {in: a, forbid: b}\n"
)


def test_constraints_of_records_are_not_taken_over_into_a_new_one() -> None:
    paths = [f"docs/adr/{number:04}-use-squid.md" for number in (12, 11)]
    body = "# Use squid\n\n## Context and Problem Statement\n\nWhy\n\n## Decision Outcome\n\nSo\n"
    samples = [text_of(path, f"---\nstatus: accepted\n{CONSTRAINTS}---\n\n{body}") for path in paths]
    text = rendered(DRAFT, learned_shape(STYLES["madr-3"].shape, samples), "docs/adr/0013-a.md", 13)

    assert text.startswith("---\nstatus: accepted\n---\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"---\n{CONSTRAINTS}status: accepted\n---\n\n# A\n", "status: rejected"),
        (f"---\n{CONSTRAINTS}---\n\n# 1. A\n\n## Status\n\nAccepted\n\n## Context\n\nX\n", "rejected"),
        (f"---\n{CONSTRAINTS}---\n\n# A\n\n* Status: accepted\n* Date: 2024-01-01\n", "* Status: rejected"),
        ("---\nstatus: accepted # by all\ndate: 2024-01-01\n---\n\n# A\n", "status: rejected # by all"),
        (
            "# A\n\n* Status: accepted <!-- optional -->\n* Date: 2024-01-01\n",
            "* Status: rejected <!-- optional -->",
        ),
        ("# A\n\n| Status | Accepted |\n|---|---|\n", "| Status | rejected |"),
        ("# A\n\n## Status\n\nAccepted\n\nAmends [1](1.md)\n\n## Context\n\nX\n", "rejected"),
        ("A\n=\n\nStatus\n------\n\nAccepted\n", "rejected"),
        ("# A\n\nStatus\n**Draft**\n\n## Context\n\nX\n", "rejected"),
        ("# A\n\n## Status\n\n### Status\n\nAccepted\n", "rejected"),
        ("---\nstage: draft\nstatus: accepted\n---\n\n# A\n", "status: rejected"),
        ("# A\n\n* Status: accepted; amends 0003\n", "* Status: rejected; amends 0003"),
    ],
)
def test_a_status_is_changed_where_it_stands_and_nothing_else_is(before: str, after: str) -> None:
    edit = status_edit(text_of("docs/adr/0001-a.md", before), "rejected", STYLES["nygard"].shape)

    assert edit.lines == (after,)
    assert edit.end - edit.start == 1


@pytest.mark.parametrize(
    "before",
    [
        "# A\n\n## Status\n\n- 2024-01-01: proposed\n- 2024-02-01: accepted\n",
        "# A\n\n- Status: superseded by\n  [another](0002-b.md)\n- Date: 2024-01-01\n",
    ],
)
def test_a_status_that_cannot_be_replaced_alone_is_refused(before: str) -> None:
    with pytest.raises(RecordingError, match="cannot be changed without changing more"):
        status_edit(text_of("docs/adr/0001-a.md", before), "rejected", STYLES["nygard"].shape)


@pytest.mark.parametrize(
    ("form", "before", "after"),
    [
        ("nygard", "# A\n\nInk.\n\n## Context\n\nX\n", "Ink.\n\n## Status\n\nrejected\n\n## Context"),
        (
            "nygard",
            "A\n=\n\nInk.\n\nContext\n-------\n\nX\n",
            "Ink.\n\nStatus\n------\n\nrejected\n\nContext",
        ),
        ("nygard", "# A\n\nInk.\n", "# A\n\nInk.\n\n## Status\n\nrejected"),
        ("madr-4", "# A\n\nInk.\n\n## Context\n\nX\n", "---\nstatus: rejected\n---\n\n# A\n\nInk."),
        ("madr-2", "# A\n\nInk.\n\n## Context\n\nX\n", "# A\n\n* Status: rejected\n\nInk."),
        ("rfc", "- Start Date: X\n  Y\n\n# Summary\n\n- Ink: Z\n", "  Y\n- Status: rejected\n\n# Summary"),
    ],
)
def test_a_new_status_takes_in_nothing_that_stands_there(form: str, before: str, after: str) -> None:
    path = "docs/adr/0001-a.rst" if "---" in before else "docs/adr/0001-a.md"
    edit = status_edit(text_of(path, before), "rejected", STYLES[form].shape)

    assert after in "\n".join(applied(before.rstrip("\n").split("\n"), [edit]))


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("---\nnav_order: 1\n---\n\n# A\n\n## Context\n\nX\n", "status: rejected"),
        ("- Feature Name: a\n- Start Date: 2024-01-01\n\n# Summary\n\nX\n", "- Status: rejected"),
        ("# A\n\n## Context\n\nX\n", "rejected"),
    ],
)
def test_a_record_without_a_status_gets_one_in_its_own_manner(before: str, line: str) -> None:
    edit = status_edit(text_of("docs/adr/0001-a.md", before), "rejected", STYLES["nygard"].shape)

    assert edit.start == edit.end
    assert line in edit.lines


@pytest.mark.parametrize(
    "text",
    [
        "# Never\n\nNo.",
        "First\n=====\n\nSecond\n------\n",
        "<!-- never closed",
        "```\nnever closed\n## Consequences",
        "---\nstatus: rejected\n---",
        "* Status: rejected",
        "a" * 200_000,
        "#" * 100_000,
        "[" * 50_000,
        "- " * 50_000,
    ],
)
def test_no_text_breaks_out_of_its_section(text: str, tmp_path: Path) -> None:
    draft = replace(DRAFT, content=replace(CONTENT, context=text))
    for form, style in STYLES.items():
        path = place(form, 7)
        record, content = read(path, rendered(draft, style.shape, path, 7), tmp_path)
        assert record.status in {"accepted", None}
        assert bare(content.consequences) == "Workers poll."
        assert bare(content.decision) == bare(CONTENT.decision)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Use Größe & naïve Łódź", "use-grosse-naive-lodz"),
        ("It's “quoted”: a/b\\c?", "its-quoted-a-b-c"),
        ("使用 Postgres", "使用-postgres"),
        ("...!?", ""),
        ("word " * 40, "-".join(["word"] * 14)),
        ("CON", "con"),
    ],
)
def test_a_title_becomes_a_name_that_every_system_takes(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_title_without_letters_or_one_of_a_template_gets_a_name_all_the_same() -> None:
    assert file_stem(Naming(), "...!?", 4, "2026-11-22") == "0004-decision"
    assert file_stem(Naming(), "Template", 4, "2026-11-22") == "0004-template-decision"
    assert file_stem(Naming(digits=0, dated="2006-01-02"), "A b", None, "2026-11-22") == "2026-11-22-a-b"


def test_names_follow_most_of_the_newest() -> None:
    assert learned_naming(["a/adr-010-x.md", "a/adr-009-y.md", "a/z.md"], Naming()) == Naming("adr-", 3)
    assert learned_naming(["a/12_x_y.rst", "a/9_y_z.rst"], Naming()) == Naming("", 1, "", "_", "_", ".rst")
    assert learned_naming(["a/20260102-x.md"], Naming()) == Naming("", 0, "20060102")
    assert learned_naming([], Naming("p-")) == Naming("p-")


def test_an_alternative_joins_the_list_with_the_mark_that_the_list_has() -> None:
    before = "# A\n\n## Context\n\n- X\n- Y\n- Z\n\n## Considered Options\n\n* squid\n"
    text = text_of("docs/adr/0001-a.md", before)

    (edit,) = alternatives_edits(
        text, [Alternative("nginx", "Ink.")], replace(STYLES["nygard"].shape, bullet="-")
    )

    assert edit.lines == ("* **nginx**: Ink.",)
