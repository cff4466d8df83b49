"""Whether a module still provides a name that others import from it."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from whykeeper.verification.checks.boundaries.sides import CodeSide
from whykeeper_indexers.usage import EVERYTHING, CodeFile, Role

__all__ = ["origin", "provides"]

_DEEPEST: Final = 6
_DYNAMIC: Final = re.compile(
    r"^def __getattr__|(?<![\w.])(?:globals|vars)\(\)|\bsys\.modules\b|(?<![\w.])setattr\((?!self\b|cls\b)"
    r"|(?<![\w.])exec\(",
    re.MULTILINE,
)
"""What may give a module of Python names that nobody can read off it."""


def provides(code: CodeSide, path: str, name: str) -> bool:
    """Whether others can import a name from a file. What cannot be told counts as provided.

    Args:
        code: One side.
        path: The module.
        name: As it is imported.
    """
    key = (path, name)
    if key not in code.provided:
        code.provided[key] = _provides(code, path, name, set())
    return code.provided[key]


def _provides(code: CodeSide, path: str, name: str, seen: set[str]) -> bool:
    if path in seen:
        # Modules that hand each other on in a circle add nothing.
        return False
    seen.add(path)
    file = code.file(path)
    if file is None:
        return True
    if file.tree.root.has_error and re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", file.text):
        # What stands where the grammar gave up may define it.
        return file.mentioned_as(name, Role.BINDING) or not file.free(name)
    if file.language == "python":
        return _python_provides(code, file, name, seen)
    exported = code.exported(file)
    if exported is None or name in exported:
        return True
    return name != "default" and _star_provides(code, file, name, seen)


def _python_provides(code: CodeSide, file: CodeFile, name: str, seen: set[str]) -> bool:
    if file.binds(name) or _DYNAMIC.search(file.text):
        return True
    folder, _, last = file.path.rpartition("/")
    if last.startswith("__init__.") and _is_module(code, posixpath.join(folder, name)):
        return True
    return _star_provides(code, file, name, seen)


def _is_module(code: CodeSide, place: str) -> bool:
    places = code.side.places
    return place in places.folders or any(f"{place}{end}" in places.files for end in (".py", ".pyi", ".pyx"))


def origin(code: CodeSide, path: str, name: str, seen: frozenset[str] = frozenset()) -> str | None:
    """The file that defines what a module has under a name; None where that cannot be told."""
    file = code.file(path)
    if file is None or path in seen or len(seen) > _DEEPEST:
        return None
    if file.mentioned_as(name, Role.BINDING):
        return path
    for each in code.imported(path):
        handed = each.local == name if file.language == "python" else each.handed_on == name
        if (handed and each.name == name) or each.name == EVERYTHING:
            for target in code.resolve(path, each):
                if found := origin(code, target, name, seen | {path}):
                    return found
    return None


def _star_provides(code: CodeSide, file: CodeFile, name: str, seen: set[str]) -> bool:
    for each in code.imported(file.path):
        if each.name != EVERYTHING or (file.language != "python" and each.handed_on != EVERYTHING):
            continue
        targets = code.resolve(file.path, each)
        if not targets or any(_provides(code, target, name, seen) for target in targets):
            return True
    return False
