"""Mentions that certainly mean a symbol which is still there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from whykeeper.verification.checks.boundaries.provided import origin
from whykeeper.verification.checks.boundaries.sides import Boundary, package_of
from whykeeper_indexers.usage import CodeFile, Imported, Mention, Role

__all__ = ["Referring", "mentions_in", "mentions_of"]

Referring = tuple[CodeFile, Mention]


def mentions_of(home: CodeFile, name: str, boundary: Boundary) -> Iterator[Referring]:
    """List what certainly means a symbol at the top of a file.

    Args:
        home: The file of the head side that defines it.
        name: The symbol's.
        boundary: Where it is looked for.
    """
    for file in boundary.code_with(name):
        yield from mentions_in(file, home, name, boundary)


def mentions_in(file: CodeFile, home: CodeFile, name: str, boundary: Boundary) -> Iterator[Referring]:
    """The same in one file."""
    if not _is_family(file, home):
        return
    if home.language == "go":
        yield from _of_go(home, name, file, boundary)
    elif home.language == "java":
        yield from _of_java(home, name, file, boundary)
    else:
        yield from _of_module(home, name, file, boundary)


def _is_family(file: CodeFile, home: CodeFile) -> bool:
    scripts = {"typescript", "tsx", "javascript"}
    return file.language == home.language or {file.language, home.language} <= scripts


def _of_module(home: CodeFile, name: str, file: CodeFile, boundary: Boundary) -> Iterator[Referring]:
    if file.path == home.path:
        yield from ((file, each) for each in file.reads(name))
        return
    for each in boundary.head.imported(file.path):
        if each.name != name or not each.local or file.mentioned_at_top(each.local, Role.BINDING):
            continue
        if _means(home, name, file, each, boundary):
            yield from ((file, mention) for mention in file.reads(each.local))
    spaces = {each.local: each for each in boundary.head.imported(file.path) if each.local}
    for mention in file.mentions(name):
        space = spaces.get(mention.qualifier) if mention.role is Role.MEMBER else None
        if space is None or file.mentioned_as(mention.qualifier.partition(".")[0], Role.BINDING):
            continue
        if _means(home, name, file, space, boundary):
            yield file, mention


def _means(home: CodeFile, name: str, file: CodeFile, imported: Imported, boundary: Boundary) -> bool:
    return any(
        origin(boundary.head, target, name) == home.path
        for target in boundary.head.resolve(file.path, imported)
    )


def _of_go(home: CodeFile, name: str, file: CodeFile, boundary: Boundary) -> Iterator[Referring]:
    folder = posixpath.dirname(home.path)
    if posixpath.dirname(file.path) == folder and package_of(file) == package_of(home):
        yield from ((file, each) for each in file.reads(name))
        return
    for each in boundary.head.imported(file.path):
        if not any(posixpath.dirname(target) == folder for target in boundary.head.resolve(file.path, each)):
            continue
        for mention in file.mentions(name):
            qualified = mention.role is Role.MEMBER and mention.qualifier in (each.local, package_of(home))
            if qualified and not file.mentioned_as(mention.qualifier, Role.BINDING):
                yield file, mention


def _of_java(home: CodeFile, name: str, file: CodeFile, boundary: Boundary) -> Iterator[Referring]:
    """A type, by its import or from its own package."""
    imported = [each for each in boundary.head.imported(file.path) if each.local == name]
    package = package_of(home)
    if imported:
        if any(each.target == f"{package}.{name}" for each in imported):
            yield from ((file, each) for each in file.reads(name))
    elif package_of(file) == package and (
        # A static import names a type on its way to a member, and binds another name.
        file.path == home.path or not file.mentioned_as(name, Role.BINDING)
    ):
        yield from ((file, each) for each in file.reads(name))
