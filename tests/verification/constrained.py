"""Records with constraints, and short words for what is found."""

from __future__ import annotations

import textwrap

from whykeeper.verification.answer import FindingItem, VerifyAnswer


def decision(constraints: str, status: str = "accepted", title: str = "The shop knows no database") -> str:
    listed = textwrap.indent(textwrap.dedent(constraints).strip("\n"), "  ")
    return (
        f"---\nstatus: {status}\ndate: 2026-01-01\nconstraints:\n{listed}\n---\n\n# {title}\n\n"
        "## Context\n\nWhy.\n\n## Decision\n\nSo.\n\n## Consequences\n\nThat.\n"
    )


RECORD = "docs/decisions/0001-a-rule.md"
PYTHON = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "import json\n",
    "src/shop/db/__init__.py": "",
    "src/shop/db/rows.py": "import sqlite3\n",
}


def told(answer: VerifyAnswer) -> list[tuple[str, str, int | None, str]]:
    return [(each.rule, each.path, each.line, each.message) for each in answer.findings]


def only(answer: VerifyAnswer) -> FindingItem:
    assert len(answer.findings) == 1, told(answer)
    return answer.findings[0]


FORBIDDEN = decision(
    """
    - imports:
        from: src/shop/**
        forbid: [src/shop/db/**, requests]
    """
)
