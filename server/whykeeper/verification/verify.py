"""Verifying a change, from two trees to findings."""

from __future__ import annotations

import datetime
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from whykeeper.plans.choosing import plan_for
from whykeeper.plans.model import Plan
from whykeeper.plans.runs import Outcome, RunStore, state_of
from whykeeper.verification.answer import VerifyAnswer, finding_item
from whykeeper.verification.changed import Changed, Workers
from whykeeper.verification.checks import CHECKS
from whykeeper.verification.constraints.report import ConstraintsAnswer, constraints_report
from whykeeper.verification.findings import Finding, Severity
from whykeeper.verification.request import VerifyRequest
from whykeeper.verification.side import Side
from whykeeper.verification.subject import Check, Subject
from whykeeper.verification.waiving import Waiving
from whykeeper.verification.weighing import unknown_checks, weighed
from whykeeper_indexers.change import MOST_BYTES, Change, ChangeSource, Tree, gathered
from whykeeper_indexers.code import is_code
from whykeeper_indexers.errors import QueryError, WhykeeperError
from whykeeper_indexers.facts import FactReader, FactStore, Progress
from whykeeper_indexers.scan import Repository, ScanOptions
from whykeeper_indexers.scan.names import excluded_by_name

__all__ = ["Verifier"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies changes of one checkout.

    Attributes:
        repository: The checkout.
        options: What does not belong in the index.
        store: Where facts of files are kept.
        pool: Reads files.
        severities: What findings weigh here, by rule or check, where it is not what the checks say.
        checks: Every check there is, by name.
    """

    repository: Repository
    options: ScanOptions
    store: FactStore
    pool: Workers
    severities: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=lambda: CHECKS)

    def verify(self, request: VerifyRequest, progress: Progress | None = None) -> VerifyAnswer:
        """Hold a change against everything remembered.

        Args:
            request: What is to be verified.
            progress: Told how many of how many files have been read, where that takes long.

        Raises:
            QueryError: There is no such commit, check or plan, or a patch does not apply.
            RepositoryError: The checkout is no git repository.
        """
        started = time.monotonic()
        chosen = _chosen(request.checks, self.checks)
        self._check_git()
        notes = list(unknown_checks(self.severities, self.checks))
        times: dict[str, float] = {}
        with gathered(self.repository.root, request.source) as change:
            notes += _unread(change)
            plan, unclear = plan_for(request.plan, request.source, change, self.repository)
            notes += unclear
            subject = self._subject(change, plan, notes.append, progress)
            found = weighed(_found(chosen, subject, times), self.severities)
            waiving = Waiving.of(change, datetime.datetime.now(datetime.UTC).date())
            findings, waived = waiving.parted(sorted(found, key=_order))
            notes += waiving.notes(change, chosen)
        return VerifyAnswer(
            findings=[finding_item(each) for each in findings],
            what=change.what,
            files=len(change.files),
            counts=_counts(findings),
            checks=list(chosen),
            waived=[finding_item(each, reason) for each, reason in waived],
            notes=list(dict.fromkeys(notes)),
            times=times,
            took_ms=round((time.monotonic() - started) * 1000, 2),
        )

    def prepare(self, source: ChangeSource, progress: Progress | None = None) -> None:
        """Read what a verification needs of the whole repository, in the parsers; at first it takes long.

        Args:
            source: What will be verified.
            progress: Told how many of how many files have been read.

        Raises:
            QueryError: As `verify`.
        """
        self._check_git()
        with gathered(self.repository.root, source) as change:
            self._side(change.head, progress).prepare()

    def _check_git(self) -> None:
        if not self.repository.is_git:
            raise QueryError("this folder is no git repository", "a change is what differs from a commit")

    def constraints(self, *, check: bool, progress: Progress | None = None) -> ConstraintsAnswer:
        """List the constraints of decisions, in the working tree.

        Args:
            check: Also test them against every file.
            progress: Told how many of how many files have been read, where that takes long.

        Raises:
            QueryError: The checkout is no git repository.
        """
        self._check_git()
        with gathered(self.repository.root, ChangeSource()) as change:
            return constraints_report(self._side(change.head, progress), check=check)

    def _subject(
        self, change: Change, plan: Plan | None, note: Callable[[str], None], progress: Progress | None
    ) -> Subject:
        base, head = self._side(change.base, progress), self._side(change.head, progress)
        outcomes = self._outcomes(plan, change.head) if plan is not None else {}
        changed = Changed(change, self.pool)
        return Subject(change, base, head, note, changed, plan=plan, outcomes=outcomes)

    def _outcomes(self, plan: Plan, head: Tree) -> Mapping[str, Outcome]:
        if not plan.commands or self.store.file is None:
            return {}
        return RunStore(self.store.file.parent).outcomes(plan.commands, state_of(head))

    def _side(self, tree: Tree, progress: Progress | None) -> Side:
        return Side(FactReader(tree, self.store, self.pool, self.options), progress)


def _unread(change: Change) -> Iterator[str]:
    """Say what of a change was not looked at; what is generated or locked is no loss."""
    code = [each for each in change.files if is_code(each.path) and excluded_by_name(each.path) is None]
    large = [*(each.path for each in code if each.path in change.head.large), *change.left_out]
    binary = [each.path for each in code if each.binary and not each.deleted]
    for paths, why in (
        ([each.path for each in change.files if each.missing], "a partial clone lacks their contents"),
        (large, f"what is larger than {MOST_BYTES >> 20} MB is taken for data"),
        (binary, "git takes them for no text, as it does UTF-16 and what has a NUL byte in it"),
    ):
        if paths:
            more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
            yield f"not read: {paths[0]}{more}; {why}"


def _chosen(names: Iterable[str], known: Mapping[str, Check]) -> dict[str, Check]:
    wanted = tuple(dict.fromkeys(names)) or tuple(known)
    for name in wanted:
        if name not in known:
            raise QueryError(f"there is no check {name!r}", f"checks are {', '.join(known)}")
    return {name: check for name, check in known.items() if name in wanted}


def _found(checks: Mapping[str, Check], subject: Subject, times: dict[str, float]) -> Iterator[Finding]:
    """Run checks; one that fails is told of, and the others are run all the same."""
    for name, check in checks.items():
        started = time.monotonic()
        try:
            yield from list(check(subject))
        except WhykeeperError:
            raise
        except Exception:  # noqa: BLE001 - a border: what one check stumbles over hides no other's findings
            _log.exception("the check %s failed", name)
            subject.note(f"the check {name} failed, which is our fault: see the log; the others were run")
        finally:
            times[name] = round((time.monotonic() - started) * 1000, 2)


def _order(finding: Finding) -> tuple[int, str, int, str]:
    return (finding.severity.rank, finding.path, finding.line or 0, finding.rule)


def _counts(findings: Iterable[Finding]) -> dict[str, int]:
    counted = Counter(each.severity for each in findings)
    return {severity.value: counted[severity] for severity in Severity if counted[severity]}
