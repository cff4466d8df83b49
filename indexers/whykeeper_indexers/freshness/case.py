"""What a check is given: a document, something it names, and the repository now and then."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass

from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.freshness.present import Present
from whykeeper_indexers.link_types import Finding, Reference
from whykeeper_indexers.types import Kind

__all__ = ["Case", "Check", "Document"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document to judge.

    Attributes:
        path: Relative to the root.
        digest: Of its content.
        kind: Decision, convention or document.
        references: What it names.
        touched: The newest commit that touched it; None when none did.
        past: It is no statement on how things are: a decision that is no longer in force, say.
    """

    path: str
    digest: str
    kind: Kind
    references: tuple[Reference, ...]
    touched: str | None = None
    past: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Something a document names, and the repository.

    Attributes:
        document: Which names it.
        reference: What it names.
        present: The repository now.
        beside: What else the document names in the same line.
    """

    document: Document
    reference: Reference
    present: Present
    beside: tuple[Reference, ...] = ()


class Check(ABC):
    """Judges one kind of reference."""

    def names(self, reference: Reference) -> Collection[str]:  # noqa: ARG002 - most checks need none
        """Give the words that lines are needed of, now and then."""
        return ()

    @abstractmethod
    def holds(self, case: Case) -> bool | None:
        """Say whether what is named is there as it is named: None when only the history can tell."""

    def before(self, case: Case, sha: str) -> Collection[str]:  # noqa: ARG002 - most checks need none
        """Give the paths of which must be known whether the commit that the line is from had them."""
        return ()

    @abstractmethod
    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """Say what became of it since that commit; None where nothing speaks against the document."""
