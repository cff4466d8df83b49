"""What lines must or must not say, in files of any kind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from whykeeper.verification.constraints.schema import Regex, TextRule
from whykeeper.verification.constraints.violation import Violation, Where
from whykeeper_indexers.conventions.globs import matches

__all__ = ["globs", "violations"]

MOST_MATCHES = 200
"""Of one file."""


def globs(rule: TextRule) -> Sequence[str]:
    """Give those of the files that are looked at."""
    return rule.in_


def violations(rule: TextRule, where: Where) -> Iterator[Violation]:
    """Give the lines that a rule refuses, and the files without one that it asks for."""
    written = rule.forbid or rule.require or ""
    regex = Regex(written)
    paths = [path for path in where.paths if matches(rule.in_, path) and path in where.side.tree]
    texts = where.side.tree.texts(paths)
    for path in paths:
        if path not in texts:
            continue
        lines = texts[path].split("\n")
        found = [at for at, line in enumerate(lines, 1) if regex.found_in(line)]
        if rule.require is not None and not found:
            yield Violation(path, None, f"has no line that fits `{written}`", "required")
        elif rule.forbid is not None:
            yield from (_refused(path, at, lines[at - 1], written) for at in found[:MOST_MATCHES])


def _refused(path: str, at: int, line: str, written: str) -> Violation:
    # What a line says is not repeated: nobody has looked for secrets in it.
    digest = hashlib.sha256(" ".join(line.split()).encode("utf-8", "replace")).hexdigest()[:12]
    return Violation(path, at, f"has a line that fits `{written}`", digest)
