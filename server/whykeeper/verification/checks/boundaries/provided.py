"""Whether a module still provides a name that others import from it."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from whykeeper.verification.checks.boundaries.sides import CodeSide
from whykeeper_indexers.usage import EVERYTHING, CodeFile, Role

__all__ = ["origin", "provides"]

_DEEPEST: Final = 6
_DYNAMIC: Final = ("__getattr__", "globals()", "sys.modules", "setattr(", "vars()", "exec(")


def provides(code: CodeSide, path: str, name: str, depth: int = 0) -> bool:
    """Whether others can import a name from a file. What cannot be told counts as provided.

    Args:
        code: One side.
        path: The module.
        name: As it is imported.
        depth: Of re-exports that were followed.
    """
    key = (path, name)
    if key not in code.provided:
        # A circle of modules that hand each other on adds nothing.
        code.provided[key] = False
        code.provided[key] = _provides(code, path, name, depth)
    return code.provided[key]


def _provides(code: CodeSide, path: str, name: str, depth: int) -> bool:
    file = code.file(path)
    if file is None or depth > _DEEPEST:
        return True
    if file.tree.root.has_error and re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", file.text):
        # What stands where the grammar gave up may define it.
        return bool(file.mentioned_as(name, Role.BINDING)) or not file.free(name)
    if file.language == "python":
        return _python_provides(code, file, name, depth)
    return _module_exports(code, file, name, depth)


def _python_provides(code: CodeSide, file: CodeFile, name: str, depth: int) -> bool:
    if file.binds(name) or any(sign in file.text for sign in _DYNAMIC):
        return True
    folder, _, last = file.path.rpartition("/")
    if last.startswith("__init__.") and _is_module(code, posixpath.join(folder, name)):
        return True
    return _star_provides(code, file, name, depth)


def _is_module(code: CodeSide, place: str) -> bool:
    places = code.side.places
    return place in places.folders or any(f"{place}{end}" in places.files for end in (".py", ".pyi", ".pyx"))


def origin(code: CodeSide, path: str, name: str, depth: int = 0) -> str | None:
    """The file that defines what a module has under a name; None where that cannot be told."""
    file = code.file(path)
    if file is None or depth > _DEEPEST:
        return None
    if file.mentioned_as(name, Role.BINDING):
        return path
    for each in code.imported(path):
        handed = each.local == name if file.language == "python" else each.handed_on == name
        if (handed and each.name == name) or each.name == EVERYTHING:
            for target in code.resolve(path, each):
                if found := origin(code, target, name, depth + 1):
                    return found
    return None


def _star_provides(code: CodeSide, file: CodeFile, name: str, depth: int) -> bool:
    for each in code.imported(file.path):
        if each.name != EVERYTHING or (file.language != "python" and each.handed_on != EVERYTHING):
            continue
        targets = code.resolve(file.path, each)
        if not targets or any(provides(code, target, name, depth + 1) for target in targets):
            return True
    return False


def _module_exports(code: CodeSide, file: CodeFile, name: str, depth: int) -> bool:
    exported = code.exported(file)
    if exported is None or name in exported:
        return True
    return name != "default" and _star_provides(code, file, name, depth)
