"""What each form makes of findings, above all of what a hostile repository says in them."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for
from markdown_it import MarkdownIt

from whykeeper.rendering import Output
from whykeeper.verification.answer import EvidenceItem, FindingItem, VerifyAnswer
from whykeeper.verification.findings import Severity
from whykeeper.verification.reports import REPORTS, format_of
from whykeeper.verification.reports.markdown import MOST_CHARACTERS, verify_markdown
from whykeeper.verification.reports.sarif import sarif_log

MOST_OF_A_COMMENT = 65_536
SCHEMA = os.environ.get("WHYKEEPER_SARIF_SCHEMA", "")
HOSTILE = (
    "@all see <script>alert(1)</script> ![x](http://evil.example/p) [a](javascript:x) #12 GH-3 https://evil.example\n"
    "# Heading\n- item | cell `code` **bold** _it_ &amp; \x1b[31m \u202e ::error::x %0A 100%"
)


def finding(message: str = "It has no body yet.", **said: Any) -> FindingItem:
    asked = {
        "check": "undone",
        "rule": "undone/stub",
        "id": "0123456789ab",
        "severity": Severity.WARNING,
        "path": "src/a.py",
        "line": 3,
        "message": message,
        "hint": "Write it.",
        "evidence": [EvidenceItem(path="docs/a.md", lines=(3, 4), text="must be done")],
    }
    return FindingItem(**{**asked, **said})


def answer(*findings: FindingItem, waived: list[FindingItem] | None = None, **said: Any) -> VerifyAnswer:
    counts: dict[str, int] = {}
    for each in findings:
        counts[each.severity] = counts.get(each.severity, 0) + 1
    known = {"what": "HEAD~1..HEAD", "files": 1, "checks": ["undone"]}
    return VerifyAnswer(findings=list(findings), waived=waived or [], counts=counts, **{**known, **said})


def written(form: str, found: VerifyAnswer) -> str:
    stream = io.StringIO()
    REPORTS[form](found, Output(stream, {"NO_COLOR": "1"}))
    return stream.getvalue()


@pytest.mark.parametrize("form", [form for form in REPORTS if form not in {"json", "sarif"}])
def test_no_form_lets_a_repository_drive_a_terminal(form: str) -> None:
    hostile = finding(
        HOSTILE, hint=HOSTILE, path=f"a{HOSTILE}.py", evidence=[EvidenceItem(path=HOSTILE, text=HOSTILE)]
    )
    shown = written(form, answer(hostile, what=HOSTILE, notes=[HOSTILE], waived=[finding(waived=HOSTILE)]))
    assert "\x1b" not in shown and "\u202e" not in shown
    assert not re.search(r"^(# Heading|- item)", shown, re.MULTILINE)


def test_a_comment_has_no_markup_mention_link_or_html_of_the_repositorys_own() -> None:
    hostile = finding(HOSTILE, hint=HOSTILE, evidence=[EvidenceItem(path="a`b.md", text=HOSTILE)])
    shown = verify_markdown(answer(hostile, notes=[HOSTILE], waived=[finding(HOSTILE, waived=HOSTILE)]))

    tokens = MarkdownIt("commonmark", {"linkify": False}).enable("table").parse(shown)
    inline = [child for token in tokens for child in token.children or []]
    kinds = {each.type for each in inline}
    assert not kinds & {"html_inline", "link_open", "image", "em_open"}
    assert [each.content for each in inline if each.type == "strong_open" or each.markup == "**"] == ["", ""]
    assert {each.tag for each in tokens if each.type == "heading_open"} == {"h3"}
    assert not {"html_block", "table_open", "fence"} & {each.type for each in tokens}
    text = "".join(each.content for each in inline if each.type in {"text", "text_special"})
    assert "<script>alert(1)</script>" in text
    for linked in (r"@\w", r"#\d", r"GH-\d", r"https?://", r"www\."):
        assert not re.search(linked, text), linked


def test_a_comment_stays_below_what_github_takes_and_counts_the_rest() -> None:
    many = [finding("x" * 900, id=str(number)) for number in range(500)]

    shown = verify_markdown(answer(*many, notes=["y" * 900] * 50))

    assert len(shown) <= MOST_CHARACTERS < MOST_OF_A_COMMENT
    (left,) = re.findall(r"\*([\d,]+) more left out", shown)
    assert shown.count("undone/stub") + int(left.replace(",", "")) == 500
    assert shown.count("undone/stub") > 30
    (unsaid,) = re.findall(r"> and (\d+) more notes", shown)
    assert shown.count("> note: ") + int(unsaid) == 50


def test_an_annotation_is_one_command_whatever_is_in_it() -> None:
    shown = written("github", answer(finding(HOSTILE, path="a,b:c%\n::error::d.py", line=3, end_line=5)))

    command, last = shown.splitlines()
    named = r"file=a%2Cb%3Ac%25\x0a%3A%3Aerror%3A%3Ad.py,line=3,endLine=5,title=whykeeper%3A undone/stub"
    assert command.startswith(f"::warning {named}::")
    assert "100%25%0AWrite it." in command
    assert last.startswith("whykeeper: HEAD~1..HEAD: 1 file changed")
    whole = written("github", answer(finding(severity=Severity.NOTE, line=None), notes=["a note"]))
    assert whole.startswith(
        "::notice file=src/a.py,title=whykeeper%3A undone/stub::It has no body yet.%0AWrite it.\n"
    )
    assert "::notice title=whykeeper::a note\n" in whole


FULL = answer(
    finding(path="src/ä b#%.py", severity=Severity.ERROR, line=3, end_line=9),
    finding(line=7),
    finding(line=None, rule="tests", check="tests", evidence=[], hint=""),
    finding(HOSTILE, severity=Severity.NOTE, path=HOSTILE),
    waived=[finding(id="ba9876543210", waived="it is a quote")],
    notes=["a note"],
)


def test_sarif_names_rules_places_and_fingerprints_and_suppresses_what_is_waived() -> None:
    log = json.loads(written("sarif", FULL))

    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == ["tests", "undone/stub"]
    first, second, third, _, waived = run["results"]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "undone/stub"
    (place,) = first["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "src/%C3%A4%20b%23%25.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "endLine": 9},
    }
    assert "%SRCROOT%" in run["originalUriBaseIds"]
    assert "region" not in third["locations"][0]["physicalLocation"]
    prints = [each["partialFingerprints"]["whykeeperFinding/v1"] for each in run["results"]]
    assert prints[:2] == ["0123456789ab:1", "0123456789ab:2"]
    assert len(set(prints)) == len(prints)
    assert [each["suppressions"] for each in (first, second)] == [[], []]
    (suppressed,) = waived["suppressions"]
    assert suppressed == {"kind": "external", "justification": "it is a quote"}
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "a note"


@pytest.mark.skipif(
    not SCHEMA, reason="WHYKEEPER_SARIF_SCHEMA names no copy of the schema; see just sarif-schema"
)
@pytest.mark.parametrize("found", [FULL, answer()])
def test_sarif_is_valid_by_the_published_schema(found: VerifyAnswer) -> None:
    schema = json.loads(Path(SCHEMA).read_text(encoding="utf-8"))
    validator = validator_for(schema)(schema)
    assert [each.message for each in validator.iter_errors(sarif_log(found))] == []
    broken = sarif_log(found)
    broken["runs"][0]["tool"] = {}
    assert list(validator.iter_errors(broken))


def test_a_files_ending_says_its_form() -> None:
    named = [format_of(name) for name in ("a.SARIF", "b.md", "c.json", "d.txt", "e.out")]
    assert named == ["sarif", "markdown", "json", "text", None]
