"""What one check of one client came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["TOOLS", "Outcome", "calls", "check", "failed", "skipped"]

State = Literal["pass", "FAIL", "skip"]

TOOLS = (
    *("explain_code", "get_context", "memory_status", "read_memory", "record_decision", "remember"),
    *("resume_work", "save_plan", "search_memory", "verify_change"),
)


def calls(document: str) -> dict[str, dict[str, Any]]:
    """One call of each tool that succeeds in any repository; some write into it.

    Args:
        document: A document of it, relative to its root.
    """
    return {
        "search_memory": {"query": "how are changes tested here"},
        "get_context": {"paths": [document]},
        "explain_code": {"target": document},
        "read_memory": {"id": document},
        # Confirmed, for a client that can ask its user would wait for one.
        "record_decision": {
            "title": "Keep one copy of each fixture",
            "context": "Two copies had drifted apart.",
            "decision": "We keep one and link to it.",
            "confirm_new": True,
        },
        "remember": {"text": "Name a fixture after what it shows.", "confirm_new": True},
        "save_plan": {"goal": "Keep one copy of each fixture", "steps": ["Find the copies"]},
        "resume_work": {},
        "verify_change": {},
        "memory_status": {},
    }


@dataclass(frozen=True, slots=True)
class Outcome:
    """A line of the table.

    Attributes:
        client: Name and version.
        era: Protocol era, as the client saw it.
        what: What was checked.
        state: How it went.
        detail: Why it failed or was left out, or a figure.
    """

    client: str
    era: str
    what: str
    state: State
    detail: str = ""

    @property
    def row(self) -> tuple[str, str, str, str, str]:
        """The line as text."""
        detail = " ".join(self.detail.replace("|", "\\|").split())
        return self.client, self.era, self.what, self.state, detail


def check(client: str, era: str, what: str, holds: bool, detail: str = "") -> Outcome:
    """Say whether something holds."""
    return Outcome(client, era, what, "pass" if holds else "FAIL", detail)


def failed(client: str, era: str, what: str, why: object) -> Outcome:
    """Say that something went wrong."""
    return Outcome(client, era, what, "FAIL", " ".join(str(why).split())[:300])


def skipped(client: str, era: str, what: str, why: object) -> Outcome:
    """Say that something was left out."""
    return Outcome(client, era, what, "skip", " ".join(str(why).split())[:300])
