"""What breaks constraints: in a whole repository, and by a change alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from whykeeper.verification.constraints import together
from whykeeper.verification.constraints.kinds import KINDS
from whykeeper.verification.constraints.reading import Constraint
from whykeeper.verification.constraints.violation import Violation, Where
from whykeeper.verification.side import Side
from whykeeper.verification.subject import Subject
from whykeeper_indexers.types import LineRange

__all__ = ["brought", "idle_globs", "present"]


def present(side: Side, constraint: Constraint, note: Callable[[str], None]) -> list[Violation]:
    """Give what breaks a constraint anywhere in a repository, by path and line.

    Args:
        side: The repository.
        constraint: What is tested.
        note: Takes a sentence on what could not be looked at.
    """
    where = Where(side, sorted(side.tree.blobs), note)
    return sorted(KINDS[constraint.kind].violations(constraint.rule, where), key=_order)


def brought(subject: Subject, constraint: Constraint) -> Iterator[Violation]:
    """Give what a change adds to what breaks a constraint, which was there before.

    What is only moved, in its file or with it, is nothing new.

    Args:
        subject: The change.
        constraint: What is tested.
    """
    if constraint.kind == "together":
        yield from together.forgotten(constraint.rule, subject.change.paths)
        return
    kind = KINDS[constraint.kind]
    files = {each.path: each for each in subject.change.files if not each.deleted}
    after = list(kind.violations(constraint.rule, Where(subject.head, list(files), subject.note)))
    if not after:
        return
    names = {each.before: each.path for each in files.values() if each.before is not None}
    known = Counter(
        (names[each.path], _moved(each.subject, each.path, names[each.path]))
        for each in kind.violations(constraint.rule, Where(subject.base, list(names)))
    )
    # Of several that say the same, those on lines that are as they were are the ones known.
    for each in sorted(after, key=lambda one: (_is_on_new_line(subject, one), _order(one))):
        key = (each.path, each.subject)
        if known[key]:
            known[key] -= 1
        else:
            yield each


def idle_globs(side: Side, constraint: Constraint) -> list[str]:
    """Give the globs of a constraint that match no file of a repository: mostly a mistake."""
    from whykeeper_indexers.conventions.globs import matches

    named = dict.fromkeys(KINDS[constraint.kind].globs(constraint.rule))
    return [
        glob
        for glob in named
        if not glob.startswith("!") and not any(matches((glob,), path) for path in side.tree.blobs)
    ]


def _moved(subject: str, before: str, after: str) -> str:
    """What is said of a file by its path is said of it by its new one."""
    return after if subject == before else subject


def _is_on_new_line(subject: Subject, violation: Violation) -> bool:
    file = next(each for each in subject.change.files if each.path == violation.path)
    return violation.line is not None and file.adds(
        LineRange(violation.line, violation.end_line or violation.line)
    )


def _order(violation: Violation) -> tuple[str, int, str]:
    return (violation.path, violation.line or 0, violation.subject)
