"""Symbols that are named in texts: by ``__all__``, entry points, patches of tests, lists of services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from whykeeper.verification.checks.boundaries.lost import Lost
from whykeeper.verification.checks.boundaries.provided import provides
from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper.verification.checks.boundaries.told import Use, use_at
from whykeeper.verification.findings import Severity
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.usage import CodeFile

__all__ = ["in_texts", "listed_as_public", "module_names"]

_PUBLIC: Final = re.compile(r"^__all__\s*(?::[^=\n]+)?\+?=\s*[\[(]([^\])]*)[\])]", re.MULTILINE)
_FEWEST_PARTS: Final = 2


def listed_as_public(lost: Lost, file: CodeFile, boundary: Boundary) -> Iterator[Use]:
    """Where ``__all__`` of the very module still lists a name."""
    if provides(boundary.head, file.path, lost.name):
        return
    for listed in _PUBLIC.finditer(file.text):
        if found := re.search(rf"[\"']{re.escape(lost.name)}[\"']", listed[1]):
            line = file.text.count("\n", 0, listed.start(1) + found.start()) + 1
            yield use_at(file, line, Severity.ERROR)


def in_texts(lost: Lost, modules: list[str], boundary: Boundary) -> Iterator[Use]:
    """Where something is named with its whole dotted name, in settings or within quotes.

    Args:
        lost: What is gone.
        modules: Dotted names of what it was in.
        boundary: Where it is looked for.
    """
    whole = "|".join(re.escape(each) for each in modules if each.count(".") + 2 > _FEWEST_PARTS)
    if not whole:
        return
    named = re.compile(rf"(?<![\w./])(?:{whole})[.:]{re.escape(lost.name)}(?!\w)")
    quoted = re.compile(rf"[\"'](?:{whole})[.:]{re.escape(lost.name)}(?!\w)")
    for path, found in boundary.where(lost.sought).items():
        if is_document(path) or path not in boundary.subject.head.paths:
            continue
        pattern = quoted if boundary.head.file(path) is not None else named
        for each in found:
            if pattern.search(each.text):
                yield Use(path, each.line, each.text.strip()[:200], Severity.WARNING)


def module_names(path: str) -> list[str]:
    """What a file of Python may be called: with and without the folder that packages lie in."""
    plain = path.rpartition(".")[0].removesuffix("/__init__")
    parts = plain.split("/")
    return list(dict.fromkeys(".".join(parts[at:]) for at in range(min(2, len(parts)))))
