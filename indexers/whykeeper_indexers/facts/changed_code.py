"""What a change does to code, file by file: functions that do something else, and what was left undone.

Both sides are read in a parse worker, and nothing of it is kept: only files that differ are looked at.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from whykeeper_indexers.change.tree import tree_at
from whykeeper_indexers.change.types import ChangedFile
from whykeeper_indexers.code import SyntaxTree, syntax_tree
from whykeeper_indexers.code.functions import Function, functions
from whykeeper_indexers.path_roles import is_sample, is_test
from whykeeper_indexers.secrets import redact
from whykeeper_indexers.types import LineRange, SourceText
from whykeeper_indexers.undone import Before, Comment, Remnant, comments_of, undone_in, work_of

__all__ = ["ChangedCode", "ChangedFunction", "read_changed_code"]

_log = logging.getLogger(__name__)
_SPACE = re.compile(rb"\s+")


@dataclass(frozen=True, slots=True)
class ChangedFunction:
    """A function that does something else after a change than before it.

    Attributes:
        name: Qualified name.
        lines: After the change.
        is_new: Whether there was none of this name in the file.
        is_public: Whether code elsewhere may call it.
        work: Characters of its statements; 0 for one that does nothing.
        is_test: Whether a test runner runs it.
    """

    name: str
    lines: LineRange
    is_new: bool
    is_public: bool
    work: int
    is_test: bool


@dataclass(frozen=True, slots=True)
class ChangedCode:
    """What a change does to one file of code.

    Attributes:
        functions: That do something else, comments and layout aside.
        undone: What looks left undone in lines that are new, or where something was taken away.
        undone_before: The same, of lines that are gone: what only moved is nothing new.
        failed: Whether it could not be read, so that nothing is known of it.
    """

    functions: tuple[ChangedFunction, ...] = ()
    undone: tuple[Remnant, ...] = ()
    undone_before: tuple[Remnant, ...] = ()
    failed: bool = False


def read_changed_code(
    root: Path, base: str, head: str, variables: Mapping[str, str], files: Sequence[ChangedFile]
) -> list[ChangedCode]:
    """Say what a change does to some files.

    Args:
        root: The checkout.
        base: What git finds the tree before by.
        head: What git finds the tree after by.
        variables: Of git's environment.
        files: That differ.

    Returns:
        One entry a file, in order; an empty one for what is no code with a syntax tree.
    """
    before = tree_at(root, base, variables).texts([each.before for each in files if each.before])
    after = tree_at(root, head, variables).texts([each.path for each in files if not each.deleted])
    return [_changed(each, before.get(each.before or ""), after.get(each.path)) for each in files]


def _changed(file: ChangedFile, before: str | None, after: str | None) -> ChangedCode:
    try:
        old = _Side.read(file.before, before)
        new = _Side.read(None if file.deleted else file.path, after)
        return _compared(file, old, new)
    except Exception:  # noqa: BLE001 - the border between untrusted files and what is made of them
        _log.exception("cannot read what changed in %s", file.path)
        return ChangedCode(failed=True)


@dataclass(frozen=True, slots=True)
class _Side:
    path: str
    tree: SyntaxTree
    functions: tuple[Function, ...]
    lines: tuple[str, ...]
    comments: tuple[Comment, ...]

    @classmethod
    def read(cls, path: str | None, text: str | None) -> _Side | None:
        if path is None or text is None:
            return None
        kept, _ = redact(text, path)
        tree = syntax_tree(SourceText(path, kept, ""))
        if tree is None:
            return None
        lines = tuple(kept.split("\n"))
        return cls(path, tree, tuple(functions(tree)), lines, tuple(comments_of(tree)))

    @property
    def of_tests(self) -> bool:
        return is_test(self.path)

    def undone(self, lines: Sequence[LineRange], before: Before) -> tuple[Remnant, ...]:
        if is_sample(self.path):
            return ()
        return tuple(
            undone_in(self.tree, self.functions, self.comments, lines, before, of_tests=self.of_tests)
        )


def _compared(file: ChangedFile, old: _Side | None, new: _Side | None) -> ChangedCode:
    gone = old.undone(file.removed, Before()) if old is not None else ()
    if new is None:
        return ChangedCode(undone_before=gone)
    before = _before(file, old) if old is not None else Before()
    return ChangedCode(
        tuple(_changed_functions(file, old, new)), new.undone(file.added, before), undone_before=gone
    )


def _before(file: ChangedFile, old: _Side) -> Before:
    shrunk = frozenset(each.name for each in old.functions if file.removes(each.lines))
    gone = (old.lines[each.start - 1 : each.end] for each in file.removed)
    return Before(
        work_of(old.tree, old.functions), shrunk, frozenset(line.strip() for lines in gone for line in lines)
    )


def _changed_functions(file: ChangedFile, old: _Side | None, new: _Side) -> Iterator[ChangedFunction]:
    known = {each.name: each for each in old.functions} if old is not None else {}
    work = work_of(new.tree, new.functions)
    shrunk = {each.name for each in known.values() if file.removes(each.lines)}
    for each in new.functions:
        if each.suite or not (file.adds(each.lines) or each.name in shrunk):
            continue
        was = known.get(each.name)
        if was is not None and old is not None and _said(was, old) == _said(each, new):
            continue
        yield ChangedFunction(
            each.name,
            each.lines,
            was is None,
            _is_public(each, new),
            work.get(each.name, 0),
            each.is_test,
        )


def _said(function: Function, side: _Side) -> bytes:
    """A function without comments, docstring and layout."""
    data, node = side.tree.data, function.node
    spans = [(node.start_byte, function.body.start_byte)]
    spans += [(each.start_byte, each.end_byte) for each in function.statements()]
    pieces: list[bytes] = []
    for start, end in spans:
        at = start
        for each in side.comments:
            if start <= each.start < end:
                pieces.append(data[at : each.start])
                at = max(at, each.end)
        pieces.append(data[at:end])
    return _SPACE.sub(b"", b"".join(pieces))


def _is_public(function: Function, side: _Side) -> bool:
    name = function.name.rsplit(".", 1)[-1]
    language = side.tree.grammar.name
    if "." in function.name and function.owner is None and function.category == "function":
        # Inside another function.
        return False
    if any(part.startswith("_") for part in function.name.split(".")) or function.modifiers & _HIDDEN:
        return False
    if language == "go":
        return name[:1].isupper()
    if language in ("java", "csharp"):
        return "public" in function.modifiers
    if language == "rust":
        return any(each.startswith("pub") for each in function.modifiers)
    if language in ("typescript", "tsx", "javascript") and function.owner is None:
        line = side.lines[function.lines.start - 1].lstrip()
        return line.startswith(("export", "module.exports", "exports"))
    return True


_HIDDEN = frozenset({"private", "protected", "internal", "static private", "fileprivate"})
