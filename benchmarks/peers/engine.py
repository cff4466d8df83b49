"""What every peer can do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.retrieval.units import Reply

__all__ = ["Indexed", "Peer"]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a peer's index took.

    Attributes:
        took_s: Seconds; 0 where it keeps none.
        files: What it holds, relative to the folder that was indexed; empty where it does not say.
        chunks: How many pieces; 0 where it does not say.
    """

    took_s: float
    files: tuple[str, ...] = ()
    chunks: int = 0


class Peer(Protocol):
    """A program that finds files for a question."""

    @property
    def name(self) -> str:
        """With its version, and what it was given."""

    def index(self, checkout: Path, root: str | None, *, prose: bool) -> Indexed:
        """Get ready for questions about a folder.

        Args:
            checkout: The repository.
            root: The folder in it; None for all of it.
            prose: Documents too, not code alone.
        """

    def ask(self, question: str, limit: int) -> Reply:
        """Answer a question; paths in the reply are the repository's."""

    def close(self) -> None:
        """End what runs."""
