"""New functions that do what existing ones do: by how they are built, and by what their names say."""

from __future__ import annotations

from collections.abc import Iterator

from whykeeper.verification.checks.duplicates.clones import clone_of
from whykeeper.verification.checks.duplicates.functions import Functions
from whykeeper.verification.checks.duplicates.same_job import same_job_as
from whykeeper.verification.findings import Finding
from whykeeper.verification.subject import Subject

__all__ = ["check"]


def check(subject: Subject) -> Iterator[Finding]:
    """Hold every new function against those that were there before."""
    functions = Functions(subject)
    for place in functions.new:
        if functions.only_moved(place):
            continue
        found = clone_of(place, functions) or same_job_as(place, functions)
        if found is not None:
            yield found
