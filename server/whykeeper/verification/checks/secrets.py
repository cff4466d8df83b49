"""Credentials that a change adds: never what they are, only where, and by which rule they were found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from whykeeper.verification.findings import Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.path_roles import is_sample, is_test
from whykeeper_indexers.scan.names import excluded_by_name
from whykeeper_indexers.secrets import FoundSecret
from whykeeper_indexers.types import ExclusionReason

__all__ = ["check"]

_LEFT_OUT: Final = frozenset({ExclusionReason.LOCK_FILE, ExclusionReason.MINIFIED, ExclusionReason.BINARY})
_HINT: Final = (
    "take it out and read it from the environment; once committed or shared, revoke it: history keeps it"
)


def check(subject: Subject) -> Iterator[Finding]:
    """Give the credentials in new lines; one that the files had before only moved."""
    files = [
        each for each in subject.change.files if each.added and not each.binary and _is_looked_at(each.path)
    ]
    found = subject.changed.secrets(subject.head.tree, [each.path for each in files])
    fresh = [(file, secret) for file in files for secret in found[file.path] if file.adds(secret.lines)]
    if not fresh:
        return
    before = [each.before for each in subject.change.files if each.before and not each.binary]
    known = {
        secret.fingerprint
        for each in subject.changed.secrets(subject.base.tree, before).values()
        for secret in each
    }
    counted: Counter[tuple[str, str]] = Counter()
    for file, secret in fresh:
        if secret.fingerprint not in known:
            counted[file.path, secret.rule] += 1
            yield _finding(file, secret, counted[file.path, secret.rule])


def _is_looked_at(path: str) -> bool:
    left_out = excluded_by_name(path)
    return left_out is None or left_out[0] not in _LEFT_OUT


def _finding(file: ChangedFile, secret: FoundSecret, number: int) -> Finding:
    kind = secret.rule.rstrip("0123456789.").replace("-", " ")
    lines = secret.lines
    return Finding(
        "secrets",
        "secrets/credential",
        _severity(file.path, secret),
        file.path,
        lines.start,
        f"What looks like a credential is added ({kind}).",
        hint=_HINT,
        subject=f"{secret.rule} {number}",
        end_line=lines.end if lines.end > lines.start else None,
    )


def _severity(path: str, secret: FoundSecret) -> Severity:
    """Tests and documents need values that look right; those of a known form may be real all the same."""
    if not (is_test(path) or is_sample(path) or is_document(path)):
        return Severity.ERROR
    return Severity.NOTE if secret.guessed else Severity.WARNING
