"""Functions that are declared otherwise, and calls that no longer fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from whykeeper.verification.checks.boundaries.references import Referring, mentions_of
from whykeeper.verification.checks.boundaries.sides import Boundary, is_in_doubt
from whykeeper.verification.checks.boundaries.told import Use, evidence_of, heaviest, places, use_at
from whykeeper.verification.checks.boundaries.typed import calls_of_member, calls_through_super
from whykeeper.verification.findings import Finding, Severity
from whykeeper.verification.side import Side
from whykeeper_indexers.code import language_of
from whykeeper_indexers.types import LineRange
from whykeeper_indexers.usage import Call, CodeFile, Signature, call_at, signatures_of

__all__ = ["UnfittingCalls"]

_SEVERITIES: Final = {"go": Severity.ERROR, "javascript": Severity.NOTE}
"""A compiler of Go refuses it; JavaScript leaves out what is not given."""
_DECLARED_WHOLE: Final = frozenset({"python", "go", "java"})
"""Languages whose declarations are kept whole; of a function that is a value, only the first line is."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A function with another signature than before.

    Attributes:
        symbol: Its qualified name.
        home: Its file after the change.
        before: How it was declared, all overloads.
        now: How it is.
    """

    symbol: str
    home: CodeFile
    before: tuple[Signature, ...]
    now: tuple[Signature, ...]


class UnfittingCalls:
    """Calls that the change left as they were and that no longer fit what they call.

    Args:
        boundary: The change.

    Attributes:
        words: Names that are looked for.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._altered = [
            each for file in boundary.code for each in _altered(boundary, file.before or "", file.path)
        ]
        self.words = {each.symbol.rpartition(".")[2] for each in self._altered}

    def findings(self) -> Iterator[Finding]:
        """One for each function that is declared otherwise."""
        for each in self._altered:
            uses = list(_refused(each, self._boundary))
            if uses:
                yield _finding(each, uses)


def _altered(boundary: Boundary, before: str, now: str) -> Iterator[Altered]:
    if _declared(boundary.subject.base, before) == _declared(boundary.subject.head, now) != []:
        return
    head, base = boundary.head.file(now), boundary.base.file(before)
    if head is None or base is None or is_in_doubt(head, boundary):
        return
    old, new = signatures_of(base), signatures_of(head)
    for symbol, declared in old.items():
        fresh = new.get(symbol, ())
        if not fresh or any(each.decorated for each in (*declared, *fresh)):
            continue
        if [each.parameters for each in declared] != [each.parameters for each in fresh]:
            yield Altered(symbol, head, declared, fresh)


def _declared(side: Side, path: str) -> Sequence[tuple[str, str]]:
    """Every declaration of a file; nothing where what is kept of one is too little to compare."""
    if language_of(path) not in _DECLARED_WHOLE:
        return []
    found = [(each.symbol, each.signature or "") for each in side.facts(path).definitions]
    return [] if any(signature.endswith("…") for _, signature in found) else sorted(found)


def _refused(altered: Altered, boundary: Boundary) -> Iterator[Use]:
    severity = _SEVERITIES.get(altered.home.language, Severity.WARNING)
    seen: set[tuple[str, int]] = set()
    for file, mention in _referring(altered, boundary):
        call = call_at(mention)
        if call is None or _is_touched(file, call, boundary) or not _broke(altered, call):
            continue
        if (file.path, call.line) not in seen:
            seen.add((file.path, call.line))
            yield use_at(file, call.line, severity, mention)


def _referring(altered: Altered, boundary: Boundary) -> Iterator[Referring]:
    owner, _, member = altered.symbol.rpartition(".")
    if not owner:
        yield from mentions_of(altered.home, altered.symbol, boundary)
    else:
        yield from calls_of_member(altered.symbol, altered.home, boundary)
    if altered.home.language == "python" and "." not in owner:
        # A class is declared by its constructor.
        above, called = (owner, member) if owner else (altered.symbol, "__init__")
        yield from calls_through_super(above, called, altered.home, boundary)


def _is_touched(file: CodeFile, call: Call, boundary: Boundary) -> bool:
    changed = boundary.changed(file.path)
    start, end = call.node.start_point[0] + 1, call.node.end_point[0] + 1
    return changed is not None and changed.adds(LineRange(start, end))


def _broke(altered: Altered, call: Call) -> bool:
    fitted = [each for each in altered.before if not each.refuses(call)]
    if not fitted:
        return False
    fitting = [each for each in altered.now if not each.refuses(call)]
    return not fitting or _is_reordered(fitted, fitting, call)


def _is_reordered(before: Sequence[Signature], now: Sequence[Signature], call: Call) -> bool:
    """Whether what is given by position goes to other parameters of the same names."""
    if len(before) != 1 or len(now) != 1 or call.positional < 2:
        return False
    old, new = before[0].order(), now[0].order()
    return (
        set(old[: call.positional]) == set(new[: call.positional])
        and old[: call.positional] != new[: call.positional]
        and all(old)
    )


def _finding(altered: Altered, uses: Sequence[Use]) -> Finding:
    first = min(uses, key=lambda each: (each.path, each.line))
    call = call_at(first.mention) if first.mention is not None else None
    why = altered.now[0].refuses(call) if call is not None and len(altered.now) == 1 else ""
    said = f": it {why}" if why else ""
    return Finding(
        check="boundaries",
        rule="boundaries/signature",
        severity=heaviest(uses),
        path=altered.home.path,
        line=altered.now[0].line,
        message=f"{altered.symbol} has other parameters, which calls in {places(uses)} do not fit{said}.",
        hint=f"mend these calls; it is now {altered.now[0].text}",
        evidence=evidence_of(uses),
        subject=altered.symbol,
    )
