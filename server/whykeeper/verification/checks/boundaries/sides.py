"""What the rules of this check share: files of both sides as syntax trees, and where names stand."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from whykeeper.verification.side import Side
from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile, Occurrence
from whykeeper_indexers.code import language_of
from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.imports import ImportResolver
from whykeeper_indexers.usage import SYNTAX, CodeFile, Imported, code_file, exported_by, imported_by

__all__ = ["Boundary", "CodeSide", "is_in_doubt", "package_of"]

_MOST_KINDS = 200
_ALWAYS = frozenset({".json", ".env", ".properties", ".xml", ".toml", ".example"})
"""Kinds of files that settings and descriptions of services are kept in."""
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)", re.MULTILINE)


class CodeSide:
    """One side, as code.

    Args:
        side: The repository before or after the change.

    Attributes:
        provided: What was found out of modules and names; see ``provided.provides``.
    """

    def __init__(self, side: Side) -> None:
        self.side = side
        self._files: dict[str, CodeFile | None] = {}
        self._imported: dict[str, list[Imported]] = {}
        self._resolver = ImportResolver(side.tree.blobs, side.text)
        self._resolved: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._exported: dict[str, frozenset[str] | None] = {}
        self.provided: dict[tuple[str, str], bool] = {}

    def file(self, path: str) -> CodeFile | None:
        """A file's syntax; None where there is none, or its language is not known well enough."""
        if path not in self._files:
            language = language_of(path)
            text = self.side.text(path) if language in SYNTAX and path in self.side.paths else None
            self._files[path] = code_file(path, text, language) if text is not None else None
        return self._files[path]

    def imported(self, path: str) -> Sequence[Imported]:
        """What a file imports."""
        if path not in self._imported:
            file = self.file(path)
            self._imported[path] = imported_by(file) if file is not None else []
        return self._imported[path]

    def resolve(self, path: str, imported: Imported) -> tuple[str, ...]:
        """Files of the repository that an import means."""
        key = (path, imported.target, imported.name)
        if key not in self._resolved:
            names = (imported.name,) if imported.name else ()
            asked = Import(imported.line, imported.target, names)
            self._resolved[key] = self._resolver.resolve(path, asked).files
        return self._resolved[key]

    def exported(self, file: CodeFile) -> frozenset[str] | None:
        """Names that a module of JavaScript exports; None where that cannot be told."""
        if file.path not in self._exported:
            self._exported[file.path] = exported_by(file)
        return self._exported[file.path]


class Boundary:
    """A change, with what its rules ask of it again and again.

    Args:
        subject: The change.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.base = CodeSide(subject.base)
        self.head = CodeSide(subject.head)
        self._found: dict[str, Mapping[str, list[Occurrence]]] = {}
        self._by_path = {each.path: each for each in subject.change.files}
        self._before = {each.path: each.before or each.path for each in subject.change.files}
        # One call of git for many files is much faster than one each.
        subject.base.tree.texts([each.before for each in subject.change.files if each.before])
        subject.head.tree.texts([each.path for each in subject.change.files if not each.deleted])

    @property
    def code(self) -> list[ChangedFile]:
        """Changed files of code whose language is known well enough, new ones left out."""
        return [
            each
            for each in self.subject.change.files
            if each.before is not None
            and language_of(each.before) in SYNTAX
            and each.before in self.subject.base.paths
        ]

    def before(self, path: str) -> str:
        """What a file of the head side was called before."""
        return self._before.get(path, path)

    def changed(self, path: str) -> ChangedFile | None:
        """What the change does to a file of the head side."""
        return self._by_path.get(path)

    def look_for(self, names: Collection[str]) -> None:
        """Find names in the head side, all at once."""
        missing = {name for name in names if name not in self._found}
        found: dict[str, defaultdict[str, list[Occurrence]]] = {name: defaultdict(list) for name in missing}
        if missing:
            for each in self.subject.head.tree.grep(missing, self._told_files):
                for name in _named_in(each.text, missing):
                    found[name][each.path].append(each)
        self._found.update(found)

    @cached_property
    def _told_files(self) -> list[str]:
        """Where names are looked for: not in kinds of files of which none belongs in the index."""
        examples = {posixpath.splitext(path)[1]: path for path in self.subject.head.paths}
        belonging = _ALWAYS | {
            kind for kind, path in examples.items() if language_of(path) or is_document(path)
        }
        kinds = {posixpath.splitext(path)[1] for path in self.subject.head.tree.blobs} - belonging
        plain = sorted(kind for kind in kinds if kind[1:].isalnum())
        return [".", *(f":(exclude,glob)**/*{kind}" for kind in plain[:_MOST_KINDS])]

    def where(self, name: str) -> Mapping[str, list[Occurrence]]:
        """Lines of the head side that have a name, by path."""
        self.look_for([name])
        return self._found[name]

    def code_with(self, name: str) -> list[CodeFile]:
        """Files of code of the head side that have a name."""
        paths = sorted(path for path in self.where(name) if language_of(path) in SYNTAX)
        self.subject.head.tree.texts(paths)
        files = (self.head.file(path) for path in paths)
        return [file for file in files if file is not None]


def is_in_doubt(file: CodeFile, boundary: Boundary) -> bool:
    """Whether a file of the head side no longer parses cleanly, so that little can be said of it.

    One that never did is read as well as it was before: some grammars are behind their language.
    """
    if not file.tree.root.has_error:
        return False
    before = boundary.base.file(boundary.before(file.path))
    return before is None or not before.tree.root.has_error


def package_of(file: CodeFile) -> str:
    """The package that a file of Go or Java says it is in; empty for none."""
    found = _PACKAGE.search(file.text)
    return found[1] if found else ""


def _named_in(text: str, names: Collection[str]) -> list[str]:
    if len(names) == 1:
        return list(names)
    return [name for name in names if name in text]
