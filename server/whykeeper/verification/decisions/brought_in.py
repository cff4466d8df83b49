"""What a change brings into a repository: packages, imports, images, tools."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from whykeeper.verification.side import Side
from whykeeper.verification.subject import Subject
from whykeeper_indexers.change import ChangedFile
from whykeeper_indexers.code import is_code
from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.conventions.scope import is_within
from whykeeper_indexers.dependencies import (
    ManifestError,
    dependencies_in,
    file_technologies,
    is_manifest,
    is_of,
)
from whykeeper_indexers.path_roles import is_product
from whykeeper_indexers.types import LineRange

__all__ = ["BroughtIn", "Held", "brought_in", "used_terms"]

MOST_FILES = 400
"""Of one change, whose imports are looked at."""
_CODE_NAME = re.compile(
    r"[a-z]+[A-Z]\w*|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|[A-Za-z_]\w*(?:\.\w+)+|[a-z]+(?:_[a-z0-9]+)+"
)
"""Names that prose does not have: ``setInterval``, ``ObjectInputStream``, ``time.Tick``, ``eval_text``."""
_COMMENT = re.compile(r"\s*(?:#(?!include)|//|/?\*)")
_IMAGE = re.compile(
    r"^\s*(?:-\s*)?(?:image:|FROM(?:\s+--\S+)*)\s*[\"']?([\w./-]+(?::[\w.-]+)?)", re.IGNORECASE
)
_IMAGES = re.compile(r"(?:^|/)(?:[\w.-]*(?:docker|container)file[\w.-]*|[\w.-]+\.ya?ml)$", re.IGNORECASE)


class BroughtIn(NamedTuple):
    """Something that a change adds.

    Attributes:
        path: Where, after the change.
        line: In it; None for the file as a whole.
        name: The package, module or image; of a file the tool that it configures.
        what: In words: ``asks for redis``.
        term: What code uses, where that is no package but a name in it.
    """

    path: str
    line: int | None
    name: str
    what: str
    term: str = ""


def brought_in(subject: Subject) -> list[BroughtIn]:
    """Give what a change adds, in the order of its files."""
    return [
        each
        for file in subject.change.files[:MOST_FILES]
        if not file.deleted and is_product(file.path)
        for each in (
            *_packages(file, subject),
            *_imports(file, subject),
            *_images(file, subject),
            *_tools(file),
        )
    ]


def used_terms(subject: Subject, terms: Sequence[str]) -> Iterator[BroughtIn]:
    """Give where a change begins to use names that no code of the product had before.

    Args:
        subject: The change.
        terms: Those that may be names in code; what may be a word of the language is left out.
    """
    coined = {term for term in terms if _CODE_NAME.fullmatch(term)}
    patterns = {term: re.compile(rf"(?<![\w.]){re.escape(term)}(?!\w)") for term in coined}
    found: dict[str, BroughtIn] = {}
    for file in subject.change.files[:MOST_FILES] if coined else ():
        if (
            file.deleted
            or file.binary
            or not is_product(file.path)
            or not is_code(file.path)
            or is_manifest(file.path)
        ):
            continue
        lines = (subject.head.text(file.path) or "").split("\n")
        for start, end in file.added:
            for number, line in enumerate(lines[start - 1 : end], start):
                if _COMMENT.match(line):
                    continue
                for term, pattern in patterns.items():
                    if term in line and term not in found and pattern.search(line[:2_000]):
                        found[term] = BroughtIn(file.path, number, term, f"uses {term}", term)
    standing = subject.base.tree.grep({re.findall(r"\w+", term)[-1] for term in found}) if found else ()
    for each in standing:
        if is_product(each.path) and is_code(each.path):
            for term in [term for term in found if patterns[term].search(each.text)]:
                del found[term]
    yield from found.values()


class Held:
    """What a repository had before a change, read once.

    Args:
        side: The repository before the change.
    """

    def __init__(self, side: Side) -> None:
        self._side = side

    @cached_property
    def _files(self) -> list[str]:
        return [each for each in self._side.tree.blobs if is_product(each)]

    @cached_property
    def _named(self) -> list[tuple[str, str]]:
        """Packages that manifests ask for, and tools that files configure, each with the file."""
        manifests = [each for each in self._files if is_manifest(each)]
        texts = self._side.tree.texts(manifests)
        packages = [(each, name) for each in manifests for name in _asked_for(each, texts.get(each, ""))]
        return [*packages, *((each, tool) for each in self._files for tool in file_technologies(each))]

    def part_of(self, path: str) -> str:
        """The folder of the manifest that is nearest above a path; the root's is empty."""
        folders = {posixpath.dirname(each) for each in self._files if is_manifest(each)}
        folder = posixpath.dirname(path)
        while folder and folder not in folders:
            folder = posixpath.dirname(folder)
        return folder

    def has(self, name: str, technology: str, part: str = "") -> bool:
        """Say whether there was anything of a technology: in a manifest, an import or a file.

        Args:
            name: What the change adds.
            technology: As the decision calls it.
            part: A folder that is looked at alone; all of it by default.
        """
        if any(is_of(each, technology) for path, each in self._named if is_within(part, path)):
            return True
        root = max(re.findall(r"\w+", name), key=len, default="")
        found = {each.path for each in self._side.tree.grep([root])} if root else set()
        code = [
            each for each in found if each in self._side.paths and is_within(part, each) and is_product(each)
        ]
        facts = self._side.all_facts(sorted(code)[:MOST_FILES])
        return any(is_of(each.target, technology) for known in facts.values() for each in known.imports)


def _packages(file: ChangedFile, subject: Subject) -> Iterator[BroughtIn]:
    if not is_manifest(file.path):
        return
    before = set(_asked_for(file.before or "", subject.base.text(file.before or "") or ""))
    try:
        found = dependencies_in(file.path, subject.head.text(file.path) or "")
    except ManifestError as error:
        subject.note(f"{file.path} could not be read for its dependencies: {error}")
        return
    for each in found:
        if each.name not in before:
            yield BroughtIn(file.path, each.line, each.name, f"asks for {each.name}")


def _asked_for(path: str, text: str) -> list[str]:
    try:
        return [each.name for each in dependencies_in(path, text)]
    except ManifestError:
        # What could not be read before the change asked for nothing that is known.
        return []


def _imports(file: ChangedFile, subject: Subject) -> Iterator[BroughtIn]:
    facts = subject.head.facts(file.path)
    fresh = [each for each in facts.imports if file.adds(LineRange(each.line, each.line))]
    if not fresh:
        return
    before = {each.target for each in subject.base.facts(file.before).imports} if file.before else set()
    for each in fresh:
        if each.target in before or each.target.startswith("."):
            continue
        resolved = subject.head.imports.resolve(file.path, each, facts.language)
        if not resolved.files:
            yield BroughtIn(file.path, each.line, _whole(each), f"imports {each.target}")


def _whole(imported: Import) -> str:
    """An import with the module that is taken of it, by which some packages are told apart."""
    taken = imported.names[0] if len(imported.names) == 1 else ""
    return f"{imported.target}.{taken}" if taken.islower() else imported.target


def _images(file: ChangedFile, subject: Subject) -> Iterator[BroughtIn]:
    if not _IMAGES.search(file.path) or file.binary:
        return
    lines = (subject.head.text(file.path) or "").split("\n")
    for start, end in file.added:
        for number, line in enumerate(lines[start - 1 : end], start):
            if found := _IMAGE.match(line[:500]):
                yield BroughtIn(file.path, number, found[1].partition(":")[0], f"runs the image {found[1]}")


def _tools(file: ChangedFile) -> Iterator[BroughtIn]:
    if file.before is None or file.before.rpartition("/")[2] != file.path.rpartition("/")[2]:
        for tool in file_technologies(file.path):
            yield BroughtIn(file.path, None, tool, f"is a file of {tool}")
