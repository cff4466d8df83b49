"""Decisions that speak of what a change touches, so that they are read; and records changed in place."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import partial
from typing import Final, NamedTuple

from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.conventions import cited_documents, find_mentions, governing
from whykeeper_indexers.conventions.globs import matches
from whykeeper_indexers.conventions.refusals import in_force
from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links import quoted
from whykeeper_indexers.links.symbols import is_telling
from whykeeper_indexers.path_roles import is_product

__all__ = ["edited_in_place", "governing_decisions"]

_CHECK: Final = "decisions"
MOST_FINDINGS: Final = 5
MOST_FILES: Final = 60
"""Of one change; what touches more touches everything."""
_BROADEST: Final = 0.25
"""Of all files, those in a folder that a decision names: one that has more of them is the whole."""
_SAME: Final = 0.97
"""Of a decided text, what is kept by the repair of a spelling."""
_SHOWN: Final = 160


class _Tie(NamedTuple):
    weight: float
    line: int
    says: str
    file: str


def governing_decisions(subject: Subject) -> Iterator[Finding]:
    """Give the decisions that name a file, folder or symbol that the change touches, most binding first."""
    head = subject.head
    holding = in_force(head.decisions)
    files = [each for each in subject.change.files if not each.binary and each.path not in head.documents]
    files = [each for each in files if is_product(each.path)][:MOST_FILES]
    if not holding or not files:
        return
    touched = {path for each in subject.change.files for path in (each.path, each.before) if path}
    ties: dict[str, list[_Tie]] = defaultdict(list)
    symbols = {each.path: _touched_symbols(each, subject) for each in files}
    for record in holding:
        if record in touched:
            continue
        for reference in head.documents[record].references:
            for file in files:
                if tie := _tie(reference, record, file.path, symbols[file.path], subject):
                    ties[record].append(tie)
    for file in files:
        for record in _cited(file, subject):
            if record in holding and record not in touched:
                ties[record].append(_Tie(4.0, 1, "", file.path))
    scores = {record: _score(record, found, subject) for record, found in ties.items()}
    ranked = sorted(scores, key=lambda record: (-scores[record], record))
    if len(ranked) > MOST_FINDINGS:
        subject.note(f"{len(ranked) - MOST_FINDINGS} more decisions speak of what the change touches")
    for record in ranked[:MOST_FINDINGS]:
        yield _finding(record, max(ties[record], key=lambda tie: tie.weight), ties[record], subject)


def _touched_symbols(file: ChangedFile, subject: Subject) -> Sequence[str]:
    after = [each for each in subject.head.facts(file.path).definitions if file.adds(each.lines)]
    before = (
        [each for each in subject.base.facts(file.before).definitions if file.removes(each.lines)]
        if file.before
        else []
    )
    return list(dict.fromkeys(each.symbol for each in (*after, *before)))


def _tie(
    reference: Reference, record: str, path: str, symbols: Sequence[str], subject: Subject
) -> _Tie | None:
    """How a reference of a record ties it to a changed file; None where it doesn't."""
    if reference.kind is ReferenceKind.GLOB:
        glob = matches((reference.target,), path)
        return _Tie(2.5, reference.line, reference.target, path) if glob else None
    if reference.kind is ReferenceKind.SYMBOL:
        own = any(_is_meant(reference.target, each) for each in symbols)
        return _Tie(3.0, reference.line, reference.target, path) if own else None
    if reference.kind is not ReferenceKind.PATH:
        return None
    last = posixpath.basename(reference.target.rstrip("/"))
    if last not in path.split("/") and posixpath.splitext(posixpath.basename(path))[0] != last:
        return None
    meant = subject.head.places.found(reference.target, record, reference.form)
    if meant == [path]:
        return _Tie(4.0, reference.line, reference.target, path)
    folder = meant[0] if len(meant) == 1 else ""
    if folder and path.startswith(f"{folder}/") and _is_narrow(folder, subject):
        return _Tie(1.5 + 0.1 * folder.count("/"), reference.line, reference.target, path)
    return None


def _is_meant(target: str, symbol: str) -> bool:
    """Whether a record means a symbol: by a name that was made up, or with what it belongs to."""
    name, own = quoted(target), quoted(symbol)
    owner = quoted(symbol.removesuffix(own).rstrip(".:#"))
    named = quoted(target.removesuffix(name).rstrip(".:#->"))
    return name == own and (is_telling(name, called=False) or bool(owner and owner == named))


def _is_narrow(folder: str, subject: Subject) -> bool:
    files = subject.head.places.files
    return sum(each.startswith(f"{folder}/") for each in files) <= _BROADEST * len(files)


def _cited(file: ChangedFile, subject: Subject) -> tuple[str, ...]:
    """Records that the code names."""
    head = subject.head
    text = head.text(file.path) if not file.deleted else None
    if not text:
        return ()

    def present(paths: Collection[str]) -> list[str]:
        return [each for each in paths if each in head.documents]

    found = cited_documents(file.path, text, head.decisions, partial(_ending, subject), present)
    return tuple(each for each in found if each in head.decisions)


def _ending(subject: Subject, name: str) -> list[str]:
    return subject.head.places.ending(name)


def _score(record: str, ties: Sequence[_Tie], subject: Subject) -> float:
    """What ties it to the change, and how it binds the file by the rules of `get_context`."""
    best = max(ties, key=lambda tie: tie.weight)
    text = subject.head.text(record) or ""
    mentions = find_mentions(
        best.file,
        {record: text[:30_000]},
        titles={record: subject.head.decisions[record].title},
        of=len(subject.head.documents),
    )
    found = governing(best.file, {}, {record: subject.head.decisions[record]}, {}, mentions=mentions)
    return best.weight + min(2.0, max((each.score for each in found), default=0.0) / 4)


def _finding(record: str, best: _Tie, ties: Sequence[_Tie], subject: Subject) -> Finding:
    files = list(dict.fromkeys(tie.file for tie in ties))
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    title = subject.head.decisions[record].title
    said = f"speaks of {best.says}" if best.says else "is named in the code"
    lines = (subject.head.text(record) or "").split("\n")
    text = lines[best.line - 1].strip()[:_SHOWN] if best.line <= len(lines) else best.says
    return Finding(
        check=_CHECK,
        rule=f"{_CHECK}/governs",
        severity=Severity.NOTE,
        path=best.file,
        line=None,
        message=f"“{title}” {said}: the change touches {best.file}{more}",
        hint=f"read {record} and keep to it",
        evidence=(Evidence(record, (best.line, best.line), text),),
        subject=record,
    )


def edited_in_place(subject: Subject) -> Iterator[Finding]:
    """Find accepted records whose decided text the change rewrites."""
    before: Mapping[str, str] = {each.path: each.before or "" for each in subject.change.files}
    taken = in_force(subject.base.decisions)
    for path, record in subject.head.decisions.items():
        old = before.get(path, "")
        if old not in taken or not (taken[old].status and record.in_force):
            continue
        contents = subject.base.contents[old], subject.head.contents[path]
        said, says = (" ".join(each.decision.split()) for each in contents)
        if said and said != says and SequenceMatcher(None, said, says, autojunk=False).ratio() < _SAME:
            yield Finding(
                check=_CHECK,
                rule=f"{_CHECK}/edited",
                severity=Severity.NOTE,
                path=path,
                line=None,
                message=f"changes what “{record.title}” decided, which was {taken[old].status}",
                hint="record a decision that takes its place, so that the reasons of both can be read",
                evidence=(Evidence(path, None, f"before: {said[:_SHOWN]}"),),
                subject=path,
            )
