"""Code, commands and versions that documents quote, and that a change makes otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from whykeeper.verification.documents.edited_files import EditedFile
from whykeeper.verification.documents.statements import is_within
from whykeeper.verification.findings import Evidence, Finding, Severity
from whykeeper.verification.side import Side
from whykeeper.verification.subject import Subject
from whykeeper_indexers.code import is_code
from whykeeper_indexers.dependencies import is_manifest
from whykeeper_indexers.facts import FileFacts
from whykeeper_indexers.freshness.commands import runner_and_target, targets_now
from whykeeper_indexers.freshness.present import NOT_DOCUMENTS, unspaced
from whykeeper_indexers.freshness.quotes import QUOTED_SHARE
from whykeeper_indexers.freshness.requirements import MANIFESTS, least_version, version_numbers
from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links.quotes import LEAST_LINES
from whykeeper_indexers.types import LineRange

__all__ = ["quotations"]

_CHECK: Final = "documents"
_SHOWN: Final = 160
_MOST_OTHERS: Final = 5
"""Files that may be quoted as well."""


def quotations(
    subject: Subject, files: Sequence[EditedFile], documents: Mapping[str, FileFacts]
) -> Iterator[Finding]:
    """Find quoted code, commands and required versions that held before the change and do not after it.

    Args:
        subject: The change.
        files: Its files of code, before and after.
        documents: Those that tell how things are.
    """
    quotes, commands, versions = _Quotes(subject, files), _Commands(subject), _Versions(subject)
    for path, facts in documents.items():
        for reference in facts.references:
            said = None
            if reference.kind is ReferenceKind.QUOTE and not is_within(facts.past, reference.line):
                # Its lines are code: what they say by an arrow tells of no time.
                said = quotes.lost(reference)
            elif reference.past:
                continue
            elif reference.kind is ReferenceKind.COMMAND:
                said = commands.lost(reference)
            elif reference.kind is ReferenceKind.REQUIREMENT:
                said = versions.lost(reference, path)
            if said is not None and not _is_new(path, reference.line, subject):
                yield _finding(path, reference, said, subject)


class _Said:
    """What became of a quotation."""

    def __init__(self, rule: str, message: str, hint: str, evidence: Evidence, name: str) -> None:
        self.rule, self.message, self.hint, self.evidence, self.name = rule, message, hint, evidence, name


class _Quotes:
    def __init__(self, subject: Subject, files: Sequence[EditedFile]) -> None:
        self._head = subject.head
        # What a manifest says of itself changes with every release, and no document quotes it from there.
        code = [each for each in files if each.after and is_code(each.path) and not is_manifest(each.path)]
        self._files = [(each, {line.strip() for line in each.before_lines}) for each in code]
        self._removed = {line.strip() for each in files for _, line in each.removed_lines()}

    def lost(self, reference: Reference) -> _Said | None:
        lines = reference.detail.split("\n")
        if self._removed.isdisjoint(lines):
            return None
        for file, before in self._files:
            having = [line for line in dict.fromkeys(lines) if line in before]
            if len(having) < LEAST_LINES or len(having) < QUOTED_SHARE * len(set(lines)):
                continue
            now = set(map(unspaced, file.after_lines))
            lost = [line for line in having if unspaced(line) not in now]
            lost = [line for line in lost if not self._stands(line, having)]
            if lost:
                number = next(at for at, line in enumerate(file.before_lines, 1) if line.strip() == lost[0])
                are = "is" if len(lost) == 1 else "are"
                return _Said(
                    "quote",
                    f"quotes {len(having)} lines of {file.path}, of which {len(lost)} {are} no longer so",
                    "quote it anew",
                    Evidence(file.path, (number, number), f"before: {lost[0][:_SHOWN]}"),
                    lost[0][:80],
                )
        return None

    def _stands(self, line: str, having: Sequence[str]) -> bool:
        """Whether another file has a line, and so much of what is around it that it may be quoted."""
        found = self._head.tree.grep_text([line], NOT_DOCUMENTS)
        paths = list(dict.fromkeys(each.path for each in found if each.text.strip() == line))[:_MOST_OTHERS]
        for text in self._head.tree.texts(paths).values():
            there = {each.strip() for each in text.split("\n")}
            if len(there.intersection(having)) >= QUOTED_SHARE * len(having):
                return True
        return False


class _Commands:
    def __init__(self, subject: Subject) -> None:
        self._sides = subject.base, subject.head
        self._changed = set(subject.change.paths)
        self._known: dict[str, tuple[set[str] | None, set[str] | None]] = {}

    def lost(self, reference: Reference) -> _Said | None:
        runner, target = runner_and_target(reference.target)
        if runner not in self._known:
            self._known[runner] = self._targets(runner)
        before, after = self._known[runner]
        if before is None or after is None or target not in before or target in after:
            return None
        return _Said(
            "command",
            f"tells the reader to run {reference.target}, and the change takes that target away",
            "give the command that took its place",
            Evidence(self._file_of(runner), None, f"before: {target}"),
            reference.target,
        )

    def _targets(self, runner: str) -> tuple[set[str] | None, set[str] | None]:
        if not self._file_of(runner):
            return None, None
        base, head = (targets_now(runner, side.places, _reading(side)) for side in self._sides)
        return base, head

    def _file_of(self, runner: str) -> str:
        endings = {
            "make": ("akefile", ".mk"),
            "just": ("justfile", "Justfile", ".just"),
            "npm": ("package.json",),
            "tox": ("tox.ini",),
        }[runner]
        return next((path for path in sorted(self._changed) if path.endswith(endings)), "")


class _Versions:
    def __init__(self, subject: Subject) -> None:
        self._sides = subject.base, subject.head
        names = {name for manifests in MANIFESTS.values() for name, _ in manifests}
        self._concerned = any(path.rpartition("/")[2] in names for path in subject.change.paths)

    def lost(self, reference: Reference, document: str) -> _Said | None:
        if not self._concerned:
            return None
        found = [
            least_version(reference.target, document, side.tree.blobs, _lines(side)) for side in self._sides
        ]
        before, after = found
        if before is None or after is None:
            return None
        said = version_numbers(reference.detail)
        length = min(len(said), len(version_numbers(before[1])))
        held = said[:length] == version_numbers(before[1])[:length]
        if not held or version_numbers(after[1]) <= said:
            return None
        return _Said(
            "version",
            f"asks for {reference.target} {reference.detail}, and {after[0]} asks for {after[1]} now",
            f"say {after[1]}",
            Evidence(after[0], None, f"before: {before[1]}"),
            reference.target,
        )


def _reading(side: Side) -> Callable[[str], str]:
    return lambda path: side.text(path) or ""


def _lines(side: Side) -> Callable[[str], Sequence[str]]:
    return lambda path: (side.text(path) or "").split("\n")


def _is_new(path: str, line: int, subject: Subject) -> bool:
    return any(each.path == path and each.adds(LineRange(line, line)) for each in subject.change.files)


def _finding(path: str, reference: Reference, said: _Said, subject: Subject) -> Finding:
    record = path in subject.head.decisions
    touched = any(each.path == path for each in subject.change.files)
    return Finding(
        check=_CHECK,
        rule=f"{_CHECK}/{said.rule}",
        severity=Severity.NOTE if record or touched else Severity.WARNING,
        path=path,
        line=reference.line,
        message=said.message,
        hint=said.hint,
        evidence=(Evidence(path, (reference.line, reference.line), reference.target[:_SHOWN]), said.evidence),
        subject=said.name,
    )
