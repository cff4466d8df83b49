"""What findings weigh in one repository: by the checks, unless its settings say otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from whykeeper.verification.findings import Finding, Severity

__all__ = ["OFF", "unknown_checks", "weighed"]

OFF: Final = "off"


def weighed(findings: Iterable[Finding], severities: Mapping[str, str]) -> Iterator[Finding]:
    """Give findings with what they weigh here; what is `OFF` is left out.

    Args:
        findings: With what their checks say.
        severities: By rule (``check/rule``) or check; a rule is stronger than its check.
    """
    for finding in findings:
        wanted = severities.get(finding.rule, severities.get(finding.check))
        if wanted is None:
            yield finding
        elif wanted != OFF:
            yield replace(finding, severity=Severity(wanted))


def unknown_checks(severities: Mapping[str, str], known: Collection[str]) -> Iterator[str]:
    """Say which settings are about no check there is: most often they are mistyped."""
    for name in severities:
        if name.partition("/")[0] not in known:
            yield f"[verify] severity names {name}, and there is no such check: {', '.join(known)}"
