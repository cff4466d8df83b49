"""Plan coverage: whether a change does what its plan says, and nothing else."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final

from whykeeper.plans.model import Acceptance, Item, Plan, PlanState, Step, StepState, named_by
from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.path_roles import is_test
from whykeeper_indexers.scan.names import excluded_by_name
from whykeeper_indexers.types import ExclusionReason

__all__ = ["NAME", "check"]

NAME: Final = "plan"
MOST_UNNAMED: Final = 3
"""Of a change that has nothing of its plan in it: it is another's change, and that is said once."""
_OWN: Final = ".whykeeper/"
_MADE: Final = frozenset({ExclusionReason.LOCK_FILE, ExclusionReason.GENERATED, ExclusionReason.MINIFIED})
"""What programs write when a file changes that the plan names."""
_SHOWN: Final = 100
_SHORT: Final = 3
"""Letters of a file's name."""
_OF_TESTS: Final = re.compile(r"^tests?[_-]?|[_-]?(?:tests?|spec)$")
_COMMIT: Final = re.compile(r"[0-9a-f]{4,64}")


def check(subject: Subject) -> Iterator[Finding]:
    """Find what the plan forbids, does not name, or says is done and is not."""
    plan = subject.plan
    if plan is None or plan.state is PlanState.DROPPED:
        return
    files = [each for each in subject.change.files if not each.path.startswith(_OWN)]
    forbidden = dict(_forbidden(plan, files))
    yield from (_of_forbidden(plan, path, item) for path, item in forbidden.items())
    yield from _unnamed(plan, [each for each in files if each.path not in forbidden], subject)
    yield from _steps(plan, subject)
    yield from _acceptance(plan, subject)


def _forbidden(plan: Plan, files: Iterable[ChangedFile]) -> Iterator[tuple[str, Item]]:
    expected = {path for each in plan.files for path in each.paths}
    for file in files:
        names = [name for name in (file.path, file.before) if name]
        # A file that is named itself is expected, though its folder is not.
        if expected.isdisjoint(names):
            kept = (each for each in plan.kept if any(named_by(each.paths, name) for name in names))
            if item := next(kept, None):
                yield file.path, item


def _of_forbidden(plan: Plan, path: str, item: Item) -> Finding:
    return Finding(
        NAME,
        "plan/forbidden-file",
        Severity.ERROR,
        path,
        None,
        f"{path} is changed, and the plan “{_short(plan.title)}” says that it must not be",
        "take the change back, or change the plan where people review it",
        (_evidence(plan, item.line, item.text),),
    )


def _unnamed(plan: Plan, files: Iterable[ChangedFile], subject: Subject) -> Iterator[Finding]:
    globs = plan.globs
    if not globs:
        return
    judged = [each for each in files if not _follows(each.path)]
    unnamed = [each.path for each in judged if not _is_named(each, globs)]
    if len(unnamed) == len(judged) and len(unnamed) > MOST_UNNAMED:
        yield Finding(
            NAME,
            "plan/another-change",
            Severity.WARNING,
            plan.path,
            None,
            f"none of the {len(unnamed)} files changed is named by the plan “{_short(plan.title)}”",
            "name the plan that this change is of, or none; or say in the plan what has come to be changed",
            (_files_evidence(plan),),
        )
        return
    for path in unnamed:
        yield Finding(
            NAME,
            "plan/unnamed-file",
            Severity.NOTE if _goes_along(path, globs) or _records(path, subject) else Severity.WARNING,
            path,
            None,
            f"{path} is changed, and the plan “{_short(plan.title)}” does not name it",
            "leave it to a change of its own, or add it to the plan's files and say why",
            (_files_evidence(plan),),
        )


def _is_named(file: ChangedFile, globs: tuple[str, ...]) -> bool:
    return any(name and named_by(globs, name) for name in (file.path, file.before))


def _follows(path: str) -> bool:
    """Whether a program writes a file when another one changes."""
    found = excluded_by_name(path)
    return found is not None and found[0] in _MADE


def _goes_along(path: str, globs: tuple[str, ...]) -> bool:
    """Whether a file usually changes with one that is named: its test, the list of changes."""
    name = posixpath.basename(path).lower()
    if name.startswith(("changelog", "changes.", "history.", "news.")):
        return True
    stems = {posixpath.basename(glob).partition(".")[0].lower() for glob in globs if "*" not in glob}
    return is_test(path) and any(stem and _speaks_of(stem, name) for stem in stems)


def _speaks_of(stem: str, name: str) -> bool:
    """Whether a test is called after a file; the name of `t.py` or `api.py` is within many others."""
    if len(stem) > _SHORT:
        return stem in name
    bare = _OF_TESTS.sub("", name.partition(".")[0])
    return stem in re.split(r"[^a-z0-9]+", bare)


def _records(path: str, subject: Subject) -> bool:
    """Whether a file is a decision that was recorded on the way, as it should be."""
    return is_document(path) and path in subject.change.head and subject.head.facts(path).decision is not None


def _steps(plan: Plan, subject: Subject) -> Iterator[Finding]:
    finished = plan.state is PlanState.DONE
    for step in plan.steps:
        if finished and step.state.left:
            yield _step_finding(
                plan,
                step,
                "step-left",
                f"the plan “{_short(plan.title)}” is said to be done, and its step {step.number} is not: "
                f"{_short(step.text)}",
                "do it, mark it as done or dropped, or open the plan again",
            )
    judged = [each for each in plan.steps if each.paths and each.state is StepState.DONE]
    expected = [each for each in plan.files if each.paths] if finished else []
    if not judged and not expected:
        return
    changed = _changed_since(plan, subject)
    if changed is None:
        return
    for step in judged:
        if not any(named_by(step.paths, path) for path in changed):
            yield _step_finding(
                plan,
                step,
                "step-without-change",
                f"step {step.number} is marked as done, and nothing that it names has changed since the plan "
                f"was made: {', '.join(step.paths[:3])}",
                "do it, or mark it as dropped and say why",
            )
    for item in expected:
        if not any(named_by(item.paths, path) for path in changed):
            yield Finding(
                NAME,
                "plan/file-unchanged",
                Severity.NOTE,
                plan.path,
                item.line,
                f"the plan “{_short(plan.title)}” is said to be done, and {item.paths[0]} has not changed",
                "take it out of the plan if it needed no change",
                (_evidence(plan, item.line, item.text),),
                subject=item.paths[0],
            )


def _step_finding(plan: Plan, step: Step, rule: str, message: str, hint: str) -> Finding:
    evidence = (_evidence(plan, step.line, step.text),)
    return Finding(
        NAME,
        f"plan/{rule}",
        Severity.WARNING,
        plan.path,
        step.line,
        message,
        hint,
        evidence,
        subject=step.text,
    )


def _changed_since(plan: Plan, subject: Subject) -> frozenset[str] | None:
    """What differs from the commit at which the plan was made; None where that cannot be told."""
    own = frozenset(subject.change.paths)
    if not plan.started_at:
        subject.note(
            f"{plan.path} names no commit it was started at: its steps were not held against changes"
        )
        return None
    missing = f"the commit at which {plan.path} was started is not here: its steps were not looked at"
    # Anybody may have written it, and what begins with a dash would be an option of git's.
    if not _COMMIT.fullmatch(plan.started_at):
        subject.note(missing)
        return None
    head = subject.change.head
    asked = [
        "diff-tree",
        "-r",
        "-z",
        "--name-only",
        "--ignore-submodules",
        f"{plan.started_at}^{{tree}}",
        head.name,
    ]
    try:
        said = run_git(head.root, asked, variables=head.variables)
    except GitError:
        subject.note(missing)
        return None
    return own | frozenset(said.decode("utf-8", "surrogateescape").split("\0")) - {""}


def _acceptance(plan: Plan, subject: Subject) -> Iterator[Finding]:
    left = any(each.state.left for each in plan.steps)
    finished = plan.state is PlanState.DONE or (bool(plan.steps) and not left)
    for each in plan.acceptance:
        if each.command:
            yield from _of_command(plan, each, subject, finished=finished)
        elif each.test and finished and each.test not in subject.change.head:
            yield _accepting(
                plan,
                each,
                "no-such-test",
                Severity.WARNING,
                f"the plan is to be accepted by {each.test}, which is not there",
                "write it, or name the test that shows it",
            )


def _of_command(plan: Plan, each: Acceptance, subject: Subject, *, finished: bool) -> Iterator[Finding]:
    outcome = subject.outcomes.get(each.command)
    run = outcome.run if outcome else None
    shown = _short(each.command)
    if run is None or outcome is None or not outcome.current:
        before = f"; it {'passed' if run.passed else 'failed'} on another state, {run.at}" if run else ""
        yield _accepting(
            plan,
            each,
            "not-run",
            Severity.WARNING if finished else Severity.NOTE,
            f"the acceptance command `{shown}` was not run on this state{before}",
            "whykeeper verify --run shows it, asks, and runs it",
        )
    elif not run.passed:
        how = "was ended by the time limit" if run.code is None else f"failed with {run.code}"
        yield _accepting(
            plan,
            each,
            "failed",
            Severity.ERROR if finished else Severity.WARNING,
            f"the acceptance command `{shown}` {how} on this state ({run.at})",
            "mend what it shows"
            + (f": … {_short(run.tail.strip().splitlines()[-1])}" if run.tail.strip() else ""),
        )


def _accepting(
    plan: Plan, each: Acceptance, rule: str, severity: Severity, message: str, hint: str
) -> Finding:
    evidence = (_evidence(plan, each.line, each.text),)
    return Finding(
        NAME,
        f"plan/{rule}",
        severity,
        plan.path,
        each.line,
        message,
        hint,
        evidence,
        subject=each.command or each.test,
    )


def _evidence(plan: Plan, line: int, text: str) -> Evidence:
    return Evidence(plan.path, (line, line), _short(text))


def _files_evidence(plan: Plan) -> Evidence:
    lines = [each.line for each in (plan.files or plan.steps)]
    named = ", ".join(plan.globs[:5])
    return Evidence(plan.path, (min(lines), max(lines)), _short(f"expects {named}"))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
