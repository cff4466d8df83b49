"""How decision records carry constraints: which bind, how they are written, what is wrong with them."""

from __future__ import annotations

import pytest
from tests.verification.conftest import Verified
from tests.verification.constrained import FORBIDDEN, PYTHON, RECORD, decision, only, told


@pytest.mark.parametrize("status", ["proposed", "draft", "rejected", "superseded by 0002", "deprecated"])
def test_a_decision_that_is_not_in_force_binds_nobody(verified: Verified, status: str) -> None:
    record = FORBIDDEN.replace("accepted", status)
    answer = verified({RECORD: record, **PYTHON}, {"src/shop/cart.py": "import requests\n"}, "constraints")

    assert told(answer) == []


def test_a_new_constraint_is_held_against_everything_and_what_was_there_is_told_apart(
    verified: Verified,
) -> None:
    files = {**PYTHON, "src/shop/old.py": "import requests\n"}
    answer = verified(files, {RECORD: FORBIDDEN, "src/shop/cart.py": "import requests\n"}, "constraints")

    assert [(each.rule, each.severity, each.path, each.line) for each in answer.findings] == [
        ("constraints/imports", "error", "src/shop/cart.py", 1),
        ("constraints/present", "warning", RECORD, 5),
    ]
    assert "src/shop/old.py:1" in answer.findings[1].message


def test_taking_a_constraint_back_is_shown(verified: Verified) -> None:
    finding = only(
        verified(
            {RECORD: FORBIDDEN, **PYTHON},
            {RECORD: FORBIDDEN.replace("accepted", "deprecated")},
            "constraints",
        )
    )

    assert (finding.rule, finding.severity, finding.path) == ("constraints/taken-back", "note", RECORD)


@pytest.mark.parametrize(
    ("written", "line", "message"),
    [
        ("- import: {from: a, forbid: b}", 5, "'import' is no kind of constraint; did you mean imports?"),
        ("- nonsense: 1", 5, "'nonsense' is no kind of constraint; kinds are imports"),
        ("- text", 5, "a constraint is a field with its kind"),
        ("- message: a reason", 5, "a constraint has exactly one kind; kinds are"),
        (
            "- imports: {from: a, forbid: b}\n  text: {in: a, forbid: b}",
            5,
            "imports and text are to be constraints of their own",
        ),
        ("- imports: everything", 5, "what imports asks for is to be given as fields"),
        ("- imports:\n    from: a\n    forbids: b", 7, "imports.forbids is unknown; did you mean forbid?"),
        (
            "- imports:\n    from: a",
            5,
            "exactly one of forbid, only or layers is needed: there is none of them",
        ),
        ("- imports: {forbid: a}", 5, "from is missing"),
        ("- imports:\n    from: a\n    only: [b, 3]", 7, "imports.only.1 is to be a valid string"),
        (
            "- text:\n    in: a\n    forbid: '('",
            7,
            "text.forbid: this is no regular expression that can be used: unclosed group",
        ),
        ("- text:\n    in: a\n    forbid: '(?=a)b'", 7, "look-around"),
        (
            "- text:\n    in: a\n    forbid: '((a{1000}){1000}){1000}'",
            7,
            "no regular expression that can be used",
        ),
        ("- text: {forbid: a}", 5, "text.in is missing"),
        (
            "- patterns:\n    language: pyton\n    forbid: a",
            6,
            "there is no grammar of 'pyton'; did you mean python?",
        ),
        (
            "- patterns:\n    language: python\n    forbid: {patern: a}",
            7,
            "ast-grep does not take this: unknown field `patern`",
        ),
        (
            "- patterns:\n    language: python\n    forbid:\n      kind: nonsense",
            7,
            "Kind `nonsense` is invalid",
        ),
        (
            "- text: {in: a, forbid: b}\n  severity: fatal",
            6,
            "severity is to be 'error', 'warning' or 'note'",
        ),
        (
            "- names: {of: [class, namespace], match: a}",
            5,
            "'namespace' is no kind of symbol; there are class",
        ),
    ],
)
def test_what_is_wrong_with_a_constraint_is_told_with_its_line(
    verified: Verified, written: str, line: int, message: str
) -> None:
    finding = only(verified({"a": ""}, {RECORD: decision(written)}, "constraints"))

    assert (finding.rule, finding.severity, finding.path, finding.line) == (
        "constraints/unreadable",
        "error",
        RECORD,
        line,
    )
    assert message in finding.message


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("---\nstatus: accepted\nconstraints:\n  - text: {in: a, forbid: !b}\n---\n", 3,
         "front matter is not readable YAML"),
        ("---\nstatus: accepted\nconstraints: none\n---\n", 3, "constraints is to be a list"),
        ("---\nstatus: accepted\nconstraints:\n  - text: {in: a, forbid: b}\n", 3, "no closing ---"),
        (("---\nconstraints:\n  - &a [b, b, b, b]\n  - &c [*a, *a, *a, *a]\n  - &d [*c, *c, *c, *c]\n"
         "  - &e [*d, *d, *d, *d]\n"
         "  - &f [*e, *e, *e, *e]\n  - &g [*f, *f, *f, *f]\n  - [*g, *g]\n---\n"), 9, "too large"),
    ],
)  # fmt: skip
def test_front_matter_that_cannot_be_read_is_told_and_never_passed_over(
    verified: Verified, text: str, line: int, message: str
) -> None:
    record = text + "\n# A title\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n\n## Decision\n\nSo.\n"
    found = verified({"a": ""}, {RECORD: record}, "constraints").findings

    assert (line, True) in [(each.line, message in each.message) for each in found], [
        each.message for each in found
    ]


def test_an_unreadable_constraint_that_the_change_did_not_write_is_a_note(verified: Verified) -> None:
    answer = verified({RECORD: decision("- nonsense: 1")}, {"a": "b"}, "constraints")

    assert told(answer) == []
    assert any(f"{RECORD}:5" in note for note in answer.notes)


ADR_TOOLS = (
    "# 1. The shop knows no database\n\nDate: 2026-01-01\n\n## Status\n\nAccepted\n\n## Context\n\nWhy.\n\n"
    "## Decision\n\nSo.\n\n## Consequences\n\nThat.\n"
)
MADR_2 = (
    "# The shop knows no database\n\n* Status: accepted\n* Deciders: A\n* Date: 2026-01-01\n\n"
    "## Context and Problem Statement\n\nWhy.\n\n## Considered Options\n\n* a\n\n## Decision Outcome\n\nSo.\n"
)
RST = (
    "The shop knows no database\n##########################\n\nStatus\n******\n\nAccepted\n\n"
    "Context\n*******\n\nWhy.\n\n"
    "Decision\n********\n\nSo.\n\n.. code-block:: yaml\n   :caption: Constraints\n\n   constraints:\n"
    "     - imports:\n         from: src/shop/**\n         forbid: requests\n\n"
    "Consequences\n************\n\nThat.\n"
)
ASCIIDOC = (
    "= The shop knows no database\n\n== Status\n\nAccepted\n\n== Context\n\nWhy.\n\n== Decision\n\nSo.\n\n"
    "[source,yaml]\n----\n"
    "constraints:\n  - imports:\n      from: src/shop/**\n      forbid: requests\n----\n\n"
    "== Consequences\n\nThat.\n"
)
FRONT = "---\nconstraints:\n  - imports:\n      from: src/shop/**\n      forbid: requests\n---\n\n"


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("docs/adr/0001-a.md", FRONT + ADR_TOOLS, (3, 5)),
        ("docs/adr/0001-a.md", FRONT + MADR_2, (3, 5)),
        ("docs/decisions/0001-a.rst", RST, (23, 25)),
        ("docs/decisions/0001-a.adoc", ASCIIDOC, (18, 20)),
    ],
)
def test_records_of_every_form_can_carry_constraints(
    verified: Verified, path: str, text: str, lines: tuple[int, int]
) -> None:
    answer = verified({path: text, **PYTHON}, {"src/shop/cart.py": "import requests\n"}, "constraints")

    finding = only(answer)
    assert finding.evidence[0].model_dump() == {
        "path": path,
        "lines": lines,
        "text": "The shop knows no database",
    }
