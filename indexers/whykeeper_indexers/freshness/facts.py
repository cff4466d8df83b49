"""What is asked of the history once: answers about a commit never change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

__all__ = ["Facts"]


class Facts:
    """Answers of git, by question.

    Args:
        known: From earlier rounds.

    Attributes:
        known: All that is known.
        used: Of that, what was asked in this round.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.known = dict(known or {})
        self.used: dict[str, str] = {}

    def get(self, question: str) -> str | None:
        """The answer, where it is known."""
        found = self.known.get(question)
        if found is not None:
            self.used[question] = found
        return found

    def put(self, question: str, answer: str) -> str:
        """Keep an answer."""
        self.known[question] = self.used[question] = answer
        return answer

    def of(self, question: str, ask: Callable[[], str]) -> str:
        """The answer, asked for where it is not known."""
        found = self.get(question)
        return found if found is not None else self.put(question, ask())
