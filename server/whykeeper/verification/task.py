"""A verification as it is sent to the process that does it, and what is done there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from whykeeper.verification.answer import VerifyAnswer
from whykeeper.verification.constraints.report import ConstraintsAnswer
from whykeeper.verification.request import VerifyRequest
from whykeeper.verification.verify import Verifier
from whykeeper_indexers.change import Change, ChangedFile, Tree
from whykeeper_indexers.facts import ChangedCode, FactStore, FileFacts, read_facts
from whykeeper_indexers.facts.changed_code import read_changed_code
from whykeeper_indexers.facts.changed_secrets import read_secrets
from whykeeper_indexers.facts.matching import Matched, match_pattern
from whykeeper_indexers.parse import ParseContext
from whykeeper_indexers.scan import Repository, ScanOptions
from whykeeper_indexers.secrets import FoundSecret

__all__ = ["ConstraintsTask", "VerifyTask", "carry_out", "list_constraints"]

_Result = TypeVar("_Result")
_STORES = 4
"""Open at once: one for each repository that is worked on."""


@dataclass(frozen=True, slots=True)
class VerifyTask:
    """What the verifying process is asked.

    Attributes:
        repository: The checkout.
        options: What does not belong in the index.
        facts: File of the repository's facts.
        request: What is to be verified.
        severities: What findings weigh here, see `Verifier`.
    """

    repository: Repository
    options: ScanOptions
    facts: Path
    request: VerifyRequest
    severities: Mapping[str, str] = field(default_factory=dict)


def carry_out(task: VerifyTask) -> VerifyAnswer:
    """Verify, in this process.

    Raises:
        WhykeeperError: See `Verifier.verify`.
    """
    store = _store(task.facts)
    verifier = Verifier(task.repository, task.options, store, _Here(), task.severities)
    return verifier.verify(task.request)


@dataclass(frozen=True, slots=True)
class ConstraintsTask:
    """What the verifying process is asked of constraints.

    Attributes:
        repository: The checkout.
        options: What does not belong in the index.
        facts: File of the repository's facts.
        check: Whether to test them against every file.
    """

    repository: Repository
    options: ScanOptions
    facts: Path
    check: bool


def list_constraints(task: ConstraintsTask) -> ConstraintsAnswer:
    """List constraints, in this process.

    Raises:
        WhykeeperError: See `Verifier.constraints`.
    """
    verifier = Verifier(task.repository, task.options, _store(task.facts), _Here())
    return verifier.constraints(check=task.check)


class _Here:
    """Reads files in this process: few are left to be read once a verification begins."""

    def facts(
        self, root: Path, tree: str, variables: Mapping[str, str], context: ParseContext, paths: list[str]
    ) -> Future[list[FileFacts]]:
        """Read some files of a tree."""
        return _done(read_facts(root, tree, variables, context, paths))

    def matching(
        self, root: Path, tree: str, variables: Mapping[str, str], language: str, data: str, paths: list[str]
    ) -> Future[Matched]:
        """Hold a pattern against some files of a tree."""
        return _done(match_pattern(root, tree, variables, language, data, paths))

    def changed_code(self, change: Change, files: Sequence[ChangedFile]) -> Future[list[ChangedCode]]:
        """Read what a change does to code."""
        base, head = change.base, change.head
        return _done(
            read_changed_code(head.root, base.name, head.name, {**base.variables, **head.variables}, files)
        )

    def secrets(self, tree: Tree, key: bytes, paths: Sequence[str]) -> Future[list[tuple[FoundSecret, ...]]]:
        """Look for secrets in files of a tree."""
        return _done(read_secrets(tree.root, tree.name, tree.variables, key, paths))


def _done(result: _Result) -> Future[_Result]:
    future: Future[_Result] = Future()
    future.set_result(result)
    return future


@lru_cache(_STORES)
def _store(file: Path) -> FactStore:
    return FactStore(file)
