"""Findings as SARIF 2.1.0, which code scanning and editors read.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from whykeeper import __version__
from whykeeper.rendering import Output
from whykeeper.verification.answer import EvidenceItem, FindingItem, VerifyAnswer
from whykeeper.verification.findings import Severity
from whykeeper_indexers.printable import one_line

__all__ = ["sarif_log", "write"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE: Final = "%SRCROOT%"
_FINGERPRINT: Final = "whykeeperFinding/v1"
"""Raise the version when ids of findings are made otherwise: all of them are new then."""
_LEVELS: Final[Mapping[Severity, str]] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}


def write(answer: VerifyAnswer, output: Output) -> None:
    """Write one log of one run, indented as people read it."""
    output.raw(json.dumps(sarif_log(answer), indent=2))


def sarif_log(answer: VerifyAnswer) -> dict[str, Any]:
    """Build the log."""
    items = [*answer.findings, *answer.waived]
    rules = _rules(items)
    places = {rule["id"]: number for number, rule in enumerate(rules)}
    seen: Counter[str] = Counter()
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "whykeeper", "version": __version__, "rules": rules}},
                "invocations": [
                    {"executionSuccessful": True, "toolExecutionNotifications": _notices(answer.notes)}
                ],
                "originalUriBaseIds": {_BASE: {"description": {"text": "The root of the repository."}}},
                "columnKind": "unicodeCodePoints",
                "properties": {"compared": one_line(answer.what)},
                "results": [_result(item, places, seen) for item in items],
            }
        ],
    }


def _rules(items: Iterable[FindingItem]) -> list[dict[str, Any]]:
    """Describe each rule once, by the heaviest of its findings."""
    first: dict[str, FindingItem] = {}
    for item in items:
        first.setdefault(item.rule, item)
    return [
        {
            "id": rule,
            "shortDescription": {"text": _title(rule)},
            "fullDescription": {"text": _about(item.check)},
            "help": {"text": one_line(item.hint) or _about(item.check)},
            "defaultConfiguration": {"level": _LEVELS[item.severity]},
            "properties": {"tags": [item.check]},
        }
        for rule, item in sorted(first.items())
    ]


def _title(rule: str) -> str:
    check, _, what = rule.partition("/")
    return f"{what.replace('-', ' ')} ({check})" if what else rule


def _about(check: str) -> str:
    """What a check looks for, by its own first sentence."""
    from whykeeper.verification.checks import CHECKS

    said = (CHECKS[check].__doc__ or "").strip() if check in CHECKS else ""
    return " ".join(said.partition("\n\n")[0].split()) or f"The check {check}."


def _result(item: FindingItem, places: Mapping[str, int], seen: Counter[str]) -> dict[str, Any]:
    seen[item.id] += 1
    hint = f"\n{one_line(item.hint)}" if item.hint else ""
    result: dict[str, Any] = {
        "ruleId": item.rule,
        "ruleIndex": places[item.rule],
        "level": _LEVELS[item.severity],
        "message": {"text": one_line(item.message) + hint},
        "locations": [_location(item.path, (item.line, item.end_line or item.line) if item.line else None)],
        # Two findings of one rule about one subject: a reader takes equal fingerprints for one result.
        "partialFingerprints": {_FINGERPRINT: f"{item.id}:{seen[item.id]}"},
    }
    if item.evidence:
        result["relatedLocations"] = [_related(each, number) for number, each in enumerate(item.evidence, 1)]
    # With one result that has them, all must have them (§3.27.23). A status, which is called otherwise in
    # some copies of the schema, is left out: then it is accepted (§3.35.3).
    result["suppressions"] = (
        [] if item.waived is None else [{"kind": "external", "justification": one_line(item.waived)}]
    )
    return result


def _related(item: EvidenceItem, number: int) -> dict[str, Any]:
    said = {"message": {"text": one_line(item.text)}} if item.text else {}
    return {"id": number, **_location(item.path, item.lines), **said}


def _location(path: str, lines: tuple[int | None, int | None] | None) -> dict[str, Any]:
    uri = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": _BASE}}
    if lines is not None:
        physical["region"] = {"startLine": lines[0], "endLine": lines[1]}
    return {"physicalLocation": physical}


def _notices(notes: Iterable[str]) -> list[dict[str, Any]]:
    return [{"level": "note", "message": {"text": one_line(note)}} for note in notes]
