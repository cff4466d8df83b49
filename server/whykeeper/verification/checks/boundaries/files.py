"""Files that are gone and still named: by imports, by configuration, by documents."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from typing import Final

from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper.verification.checks.boundaries.told import Use, evidence_of, heaviest, places, use_at
from whykeeper.verification.documents.statements import is_within
from whykeeper.verification.findings import Finding, Severity
from whykeeper_indexers.change import Occurrence
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.facts import FileFacts
from whykeeper_indexers.freshness.places import meanings
from whykeeper_indexers.link_types import Reference, ReferenceKind

__all__ = ["NamedFiles"]

_INDEXES: Final = frozenset({"__init__", "index", "mod", "README", "package-info", "main"})
_SETTINGS: Final = re.compile(
    r"(?:^|/)(?:package\.json|pyproject\.toml|setup\.(?:cfg|py)|tox\.ini|noxfile\.py|[\w.-]{0,40}Dockerfile[\w.-]{0,20}|"
    r"Containerfile|[Mm]akefile|GNUmakefile|[\w.-]{1,40}\.mk|[Jj]ustfile|Taskfile\.ya?ml|Procfile|Jenkinsfile|MANIFEST\.in|"
    r"tsconfig[\w.-]{0,40}\.json|jsconfig\.json|(?:docker-)?compose[\w.-]{0,30}\.ya?ml|mkdocs\.ya?ml|"
    r"\.pre-commit-config\.ya?ml|\.goreleaser\.ya?ml|\.golangci\.ya?ml|build\.gradle(?:\.kts)?|settings\.gradle(?:\.kts)?|"
    r"pom\.xml|Cargo\.toml|CMakeLists\.txt|vite\.config\.\w+|vitest\.config\.\w+|webpack\.config\.\w+|rollup\.config\.\w+|"
    r"jest\.config\.\w+|next\.config\.\w+|deno\.json|turbo\.json|nx\.json|angular\.json|action\.ya?ml)$"
    r"|^\.github/(?:workflows|actions)/.+\.ya?ml$|^\.gitlab-ci\.yml$|^\.circleci/config\.yml$|\.sh$"
)
_LISTS: Final = re.compile(
    r"(?:^|/)(?:CODEOWNERS|\.gitattributes|\.dockerignore|\.npmignore|\.eslintignore)$"
)
_WRITTEN: Final = re.compile(r"[\w@.+-]{1,100}(?:/[\w@.+-]{1,100}){0,20}")
_SPELLED: Final = re.compile(r"(?<![\w@./+-])[\w@.+-]{1,100}(?:/[\w@.+-]{1,100}){1,20}")
_LEFT_OUT: Final = re.compile(r"exclude|ignore|omit|skip|deny", re.IGNORECASE)
_COMMENT: Final = re.compile(r"\s*(?:#|//|/\*|\*|<!--|;)")


class NamedFiles:
    """Files that the change took away and that are still named.

    Args:
        boundary: The change.

    Attributes:
        words: Words that are looked for.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._gone = _Gone(boundary)
        self.words = self._gone.words

    def findings(self) -> Iterator[Finding]:
        """One for each file."""
        gone, boundary = self._gone, self._boundary
        uses: defaultdict[str, list[Use]] = defaultdict(list)
        found = (_imports(gone, boundary), _settings(gone, boundary), _documents(gone, boundary))
        for path, use in chain.from_iterable(found if gone.files else ()):
            if use not in uses[path]:
                uses[path].append(use)
        for path in sorted(uses):
            yield _finding(path, gone.now.get(path, ""), uses[path])


class _Gone:
    """Files of the base side that the head side has not, with their folders.

    Args:
        boundary: The change.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        head = boundary.subject.head.tree
        changed = [each for each in boundary.subject.change.files if each.before and each.before not in head]
        self.files = frozenset(each.before or "" for each in changed)
        self.now: Mapping[str, str] = {each.before or "": each.path for each in changed if not each.deleted}

    @cached_property
    def folders(self) -> frozenset[str]:
        """Folders that went with them."""
        there = self._boundary.subject.head.places.folders
        above = {posixpath.dirname(path) for path in self.files}
        found: set[str] = set()
        for folder in above:
            at = folder
            while at and at not in there:
                found.add(at)
                at = posixpath.dirname(at)
        return frozenset(found)

    @cached_property
    def words(self) -> frozenset[str]:
        """Words of which a line that names one of them has at least one."""
        found = {_word(path) for path in self.files} | {posixpath.basename(each) for each in self.folders}
        return frozenset(word for word in found if re.fullmatch(r"\w(?:.*\w)?", word) and len(word) > 1)

    def lines(self) -> Iterator[Occurrence]:
        """Lines of the head side that may name one."""
        seen: set[tuple[str, int]] = set()
        for word in sorted(self.words):
            for path, found in self._boundary.where(word).items():
                for each in found:
                    if (path, each.line) not in seen:
                        seen.add((path, each.line))
                        yield each

    def spelled_in(self, text: str) -> Iterator[str]:
        """Files whose whole path stands in a line, as in an example that is to be typed."""
        for path in _SPELLED.findall(text):
            if "/" in path and path.removeprefix("./") in self.files:
                yield path.removeprefix("./")

    def __contains__(self, path: str) -> bool:
        return path in self.files or path in self.folders


def _word(path: str) -> str:
    """What stands in every line that names a file, whatever is left out of its path."""
    stem = (
        PurePosixPath(path).name.partition(".")[0] or PurePosixPath(path).name.lstrip(".").partition(".")[0]
    )
    return PurePosixPath(path).parent.name if stem in _INDEXES and "/" in path else stem


def _imports(gone: _Gone, boundary: Boundary) -> Iterator[tuple[str, Use]]:
    for path in sorted({each.path for each in gone.lines()}):
        file = boundary.head.file(path)
        if file is None or file.language == "java":
            continue
        for each in boundary.head.imported(path):
            before = boundary.base.resolve(boundary.before(path), each)
            lost = [target for target in before if target in gone.files]
            if lost and not boundary.head.resolve(path, each):
                severity = Severity.WARNING if each.guarded else Severity.ERROR
                yield lost[0], use_at(file, each.line, severity)


def _settings(gone: _Gone, boundary: Boundary) -> Iterator[tuple[str, Use]]:
    for each in gone.lines():
        listed = bool(_LISTS.search(each.path))
        if not (listed or _SETTINGS.search(each.path)):
            continue
        for written in _WRITTEN.findall(each.text):
            path = _meant(written, each.path, gone, boundary)
            if path is None:
                continue
            quiet = listed or _COMMENT.match(each.text) or _LEFT_OUT.search(each.text)
            severity = Severity.NOTE if quiet else Severity.WARNING
            yield path, Use(each.path, each.line, each.text.strip()[:200], severity)


def _meant(written: str, named_in: str, gone: _Gone, boundary: Boundary) -> str | None:
    """The file that is gone which a written path means; a name alone is one beside it, or in the root."""
    plain = written.rstrip("./") if not PurePosixPath(written).suffix else written
    if "/" not in plain and not PurePosixPath(plain).suffix:
        return None
    head = boundary.subject.head.places
    found = [each for each in meanings(plain, named_in, "span") if each in gone or each in head]
    return found[0] if found and found[0] in gone and found[0] not in head else None


def _documents(gone: _Gone, boundary: Boundary) -> Iterator[tuple[str, Use]]:
    named: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for each in gone.lines():
        if is_document(each.path) and each.path in boundary.subject.head.paths:
            named[each.path][each.line] = each.text
    facts = boundary.subject.head.all_facts(sorted(named))
    for path, lines in named.items():
        told = facts.get(path, FileFacts())
        for reference in told.references:
            if reference.line in lines and (meant := _linked(reference, path, gone, boundary)):
                sure = reference.form == "link" or reference.target.removeprefix("./") == meant
                severity = Severity.WARNING if sure else Severity.NOTE
                yield meant, Use(path, reference.line, lines[reference.line].strip()[:200], severity)
        for number, text in lines.items():
            if is_within(told.blocks, number) and not is_within(told.past, number):
                for meant in gone.spelled_in(text):
                    yield meant, Use(path, number, text.strip()[:200], Severity.WARNING)


def _linked(reference: Reference, document: str, gone: _Gone, boundary: Boundary) -> str | None:
    """The file that is gone which a document names, as if it were still there."""
    if reference.kind is not ReferenceKind.PATH or reference.past:
        return None
    if boundary.subject.head.places.found(reference.target, document, reference.form):
        return None
    before = boundary.subject.base.places.found(reference.target, boundary.before(document), reference.form)
    return before[0] if len(before) == 1 and before[0] in gone else None


def _finding(path: str, now: str, uses: Collection[Use]) -> Finding:
    told = list(uses)
    moved = f"; it is {now} now" if now else ""
    return Finding(
        check="boundaries",
        rule="boundaries/file",
        severity=heaviest(told),
        path=now or path,
        line=None,
        message=f"{path} is gone and still named in {places(told)}{moved}.",
        hint=f"name {now} there" if now else "mend these places, or keep the file",
        evidence=evidence_of(told),
        subject=path,
    )
