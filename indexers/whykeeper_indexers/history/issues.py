"""Numbers of issues and pull requests in commit messages, as they are written."""

from __future__ import annotations

import re

__all__ = ["issues_named"]

MOST_ISSUES = 8

_ISSUE = re.compile(
    r"(?<![\w/&#])(?:[\w.-]{1,60}/[\w.-]{1,60})?#\d{1,7}\b"
    r"|\bGH-\d{1,7}\b"
    r"|(?<=merge request )\S{0,120}!\d{1,7}\b|(?<![\w!])!\d{1,7}\b"
    r"|\bCVE-\d{4}-\d{4,7}\b"
    r"|(?<![\w/.-])[A-Z][A-Z0-9]{1,9}-\d{1,6}\b(?![-.]\w)"
)
_LINK = re.compile(
    r"https?://[^\s/]{1,200}/([\w.-]{1,60}/[\w.-]{1,60})/(?:-/)?(?:issues|pull|merge_requests)/(\d{1,7})\b"
)
_STANDARDS = frozenset(
    [
        "ADR",
        "AES",
        "ECMA",
        "ES",
        "HTTP",
        "IEEE",
        "ISO",
        "JDK",
        "JEP",
        "MADR",
        "MD",
        "PEP",
        "PY",
        "RFC",
        "RSA",
        "SHA",
        "TLS",
        "UTF",
        "X",
    ]
)
"""They are written as keys of issue trackers are."""


def issues_named(text: str) -> tuple[str, ...]:
    """Find the issues and pull requests that a message names.

    Args:
        text: Subject and body.

    Returns:
        Each once and as it is written, in order; of a link its project and number.
    """
    plain = _LINK.sub(lambda link: f" {link[1]}#{link[2]} ", text)
    named = (found[0] for found in _ISSUE.finditer(plain))
    kept = (each for each in named if each.partition("-")[0] not in _STANDARDS)
    return tuple(dict.fromkeys(kept))[:MOST_ISSUES]
