"""Where the head side still uses what a change took away, as far as syntax makes that certain."""

from __future__ import annotations

import builtins
import posixpath
from collections.abc import Iterator
from typing import Final

from whykeeper.verification.checks.boundaries.lost import Lost
from whykeeper.verification.checks.boundaries.provided import provides
from whykeeper.verification.checks.boundaries.sides import Boundary, is_in_doubt, package_of
from whykeeper.verification.checks.boundaries.texts import in_texts, listed_as_public, module_names
from whykeeper.verification.checks.boundaries.told import Use, use_at
from whykeeper.verification.findings import Severity
from whykeeper_indexers.usage import EVERYTHING, CodeFile, Imported, Role

__all__ = ["uses_of"]

_GO_NAMES: Final = (
    "any append bool byte cap clear close comparable complex complex128 complex64 copy delete error "
    "false float32 float64 imag int int16 int32 int64 int8 iota len make max min new nil panic "
    "print println real recover rune string true uint uint16 uint32 uint64 uint8 uintptr"
)
_PREDECLARED: Final = {
    "python": frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__", "__path__", "reveal_type"},
    "go": frozenset(_GO_NAMES.split()),
}
_JAVA_LANG_NAMES: Final = (
    "Object String Class Record Enum Integer Long Short Byte Character Boolean Double Float Number "
    "Math Module Process Runtime System Thread Throwable Exception Error Iterable Comparable "
    "Runnable Override Void StringBuilder Deprecated FunctionalInterface SuppressWarnings Package "
    "ClassLoader Compiler"
)
_JAVA_LANG: Final = frozenset(_JAVA_LANG_NAMES.split())


def uses_of(lost: Lost, boundary: Boundary) -> list[Use]:
    """List the places of the head side that still use a symbol."""
    finder = _FINDERS[lost.language]
    found = {(each.path, each.line): each for each in finder(lost, boundary)}
    return [found[key] for key in sorted(found)]


def _of_modules(lost: Lost, boundary: Boundary) -> Iterator[Use]:
    """Python, JavaScript and TypeScript: a name belongs to its file."""
    for file in boundary.code_with(lost.sought):
        if file.path == lost.now:
            yield from _in_own_file(lost, file, boundary)
            if lost.language == "python":
                yield from listed_as_public(lost, file, boundary)
        yield from _imported(lost, file, boundary)
        yield from _qualified(lost, file, boundary)
    if lost.language == "python" and _is_unavailable(lost, boundary):
        yield from in_texts(lost, module_names(lost.before), boundary)


def _is_unavailable(lost: Lost, boundary: Boundary) -> bool:
    if lost.now == lost.before:
        return not provides(boundary.head, lost.before, lost.name)
    package = f"{posixpath.splitext(lost.before)[0]}/__init__.py"
    return lost.before not in boundary.head.side.tree and package not in boundary.head.side.tree


def _in_own_file(lost: Lost, file: CodeFile, boundary: Boundary) -> Iterator[Use]:
    if lost.category == "export" or is_in_doubt(file, boundary):
        return
    if lost.name in _PREDECLARED.get(lost.language, ()) or _takes_everything(file):
        return
    severity = Severity.ERROR if lost.language == "python" else Severity.WARNING
    for mention in file.free(lost.name):
        yield use_at(file, mention.line, severity, mention)


def _takes_everything(file: CodeFile) -> bool:
    return file.language == "python" and any(" import *" in line for line in file.lines)


def _imported(lost: Lost, file: CodeFile, boundary: Boundary) -> Iterator[Use]:
    for each in boundary.head.imported(file.path):
        if each.name == lost.name and _is_gone(lost, lost.name, each, file, boundary):
            certain = Severity.WARNING if each.guarded else Severity.ERROR
            yield use_at(file, each.line, certain)


def _is_gone(lost: Lost, name: str, imported: Imported, file: CodeFile, boundary: Boundary) -> bool:
    """Whether a module that a file imports had a name from what was lost, and has it no more."""
    targets = boundary.head.resolve(file.path, imported)
    if not targets or any(provides(boundary.head, target, name) for target in targets):
        return False
    before = boundary.base.resolve(boundary.before(file.path), imported)
    return bool(before) and _reaches(lost, before, name, boundary)


def _reaches(lost: Lost, modules: tuple[str, ...], name: str, boundary: Boundary, depth: int = 0) -> bool:
    """Whether modules of the base side are the one that lost a name, or hand on everything it has."""
    if lost.before in modules:
        return True
    if depth > 4:
        return False
    for module in modules:
        for each in boundary.base.imported(module):
            if each.name == EVERYTHING and _reaches(
                lost, boundary.base.resolve(module, each), name, boundary, depth + 1
            ):
                return True
    return False


def _qualified(lost: Lost, file: CodeFile, boundary: Boundary) -> Iterator[Use]:
    spaces = {each.local: each for each in boundary.head.imported(file.path) if each.local}
    for mention in file.mentions(lost.name):
        imported = spaces.get(mention.qualifier) if mention.role is Role.MEMBER else None
        if imported is None or file.mentioned_as(mention.qualifier.partition(".")[0], Role.BINDING):
            continue
        spoken_of = _modules(imported, file, boundary)
        if any(_is_gone(lost, lost.name, each, home, boundary) for each, home in spoken_of):
            yield use_at(file, mention.line, Severity.WARNING, mention)


def _modules(imported: Imported, file: CodeFile, boundary: Boundary) -> Iterator[tuple[Imported, CodeFile]]:
    """The module that a name stands for: imported as a whole, or handed on as one (``export * as name``)."""
    if not imported.name:
        yield imported, file
    elif file.language == "python":
        if _names_module(imported, file, boundary):
            yield imported, file
    else:
        for target in boundary.head.resolve(file.path, imported):
            home = boundary.head.file(target)
            for each in boundary.head.imported(target) if home is not None else ():
                if each.handed_on == imported.name and not each.name and home is not None:
                    yield each, home


def _names_module(imported: Imported, file: CodeFile, boundary: Boundary) -> bool:
    """Whether ``from package import name`` takes in a module: it resolves to a file of that name."""
    targets = boundary.head.resolve(file.path, imported)
    return any(
        posixpath.splitext(target)[0].removesuffix("/__init__").endswith(f"/{imported.name}")
        for target in targets
    )


def _of_go(lost: Lost, boundary: Boundary) -> Iterator[Use]:
    """Go: a name belongs to the package, which is a folder."""
    folder = posixpath.dirname(lost.before)
    files = boundary.code_with(lost.sought)
    package = _lost_package(boundary, lost)
    inside = [file for file in files if posixpath.dirname(file.path) == folder and file.language == "go"]
    if any(lost.name in file.defined for file in inside):
        return
    for file in inside:
        if package_of(file) != package or lost.name in _PREDECLARED["go"] or is_in_doubt(file, boundary):
            continue
        for mention in file.free(lost.name):
            yield use_at(file, mention.line, Severity.ERROR, mention)
    if lost.name[:1].isupper() and not lost.before.endswith("_test.go"):
        for file in files:
            if file.language == "go":
                yield from _selected(lost, file, folder, boundary)


def _selected(lost: Lost, file: CodeFile, folder: str, boundary: Boundary) -> Iterator[Use]:
    qualified = [each for each in file.mentions(lost.name) if each.role is Role.MEMBER]
    for each in boundary.head.imported(file.path) if qualified else ():
        targets = boundary.head.resolve(file.path, each)
        if not any(posixpath.dirname(target) == folder for target in targets):
            continue
        names = {each.local, _named_package(boundary, targets)}
        for mention in qualified:
            if mention.qualifier in names and not file.mentioned_as(mention.qualifier, Role.BINDING):
                yield use_at(file, mention.line, Severity.ERROR, mention)


def _named_package(boundary: Boundary, targets: tuple[str, ...]) -> str:
    file = boundary.head.file(targets[0]) if targets else None
    return package_of(file) if file is not None else ""


def _lost_package(boundary: Boundary, lost: Lost) -> str:
    file = boundary.base.file(lost.before)
    return package_of(file) if file is not None else ""


def _of_java(lost: Lost, boundary: Boundary) -> Iterator[Use]:
    """Java: a type belongs to its package, which may lie in several folders."""
    package = _lost_package(boundary, lost)
    files = [file for file in boundary.code_with(lost.sought) if file.language == "java"]
    if any(package_of(file) == package and lost.name in file.defined for file in files):
        return
    yield from in_texts(lost, [package], boundary)
    for file in files:
        if is_in_doubt(file, boundary):
            continue
        named = [each for each in boundary.head.imported(file.path) if each.local == lost.name]
        if any(each.target == f"{package}.{lost.name}" for each in named):
            yield from (use_at(file, each.line, Severity.ERROR) for each in named)
        elif not named:
            yield from _in_package(lost, file, package, boundary)


def _in_package(lost: Lost, file: CodeFile, package: str, boundary: Boundary) -> Iterator[Use]:
    wildcards = [each for each in boundary.head.imported(file.path) if each.name == EVERYTHING]
    same = package_of(file) == package
    if not same and not any(each.target == package for each in wildcards):
        return
    foreign = [each for each in wildcards if each.target != package]
    severity = Severity.WARNING if foreign or not same else Severity.ERROR
    if lost.name in _JAVA_LANG or any(_may_have(lost.name, each, file, boundary) for each in foreign):
        return
    for mention in file.free(lost.name):
        if mention.names_type:
            yield use_at(file, mention.line, severity, mention)


def _may_have(name: str, imported: Imported, file: CodeFile, boundary: Boundary) -> bool:
    """Whether a package may have a type: one of another repository may, one of this is looked at."""
    targets = boundary.head.resolve(file.path, imported)
    return not targets or any(posixpath.basename(each).startswith(f"{name}.") for each in targets)


_FINDERS: Final = {
    **dict.fromkeys(("python", "typescript", "tsx", "javascript"), _of_modules),
    "go": _of_go,
    "java": _of_java,
}
