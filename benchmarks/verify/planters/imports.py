"""An import that a decision's constraint forbids."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.verify.faults import Expected, Fault, Named
from benchmarks.verify.scene import Scene
from benchmarks.verify.source import Edit, SourceFile, apply, text_of, walk

__all__ = ["plant_forbidden_import"]

_CHECK = "constraints"
_RECORD = "docs/decisions/0003-who-may-import-what.md"
_FOREIGN: dict[str, tuple[str, ...]] = {
    "python": ("requests", "numpy", "attrs", "yaml", "redis"),
    "typescript": ("lodash", "axios", "node:fs", "moment", "@sentry/node"),
    "go": ("github.com/pkg/errors", "github.com/sirupsen/logrus", "gorm.io/gorm", "unsafe", "os/exec"),
    "java": ("org.slf4j", "org.apache.commons.lang3", "java.awt", "javax.swing", "org.joda.time"),
}
_TRIES = 40


@dataclass(frozen=True, slots=True)
class _Target:
    """What may not be imported.

    Attributes:
        forbidden: As the constraint has it: a glob of files, or a package's name.
        file: One of the files meant; None for somebody else's package.
        name: Something of it that can be imported.
    """

    forbidden: str
    file: SourceFile | None
    name: str


def plant_forbidden_import(scene: Scene, chance: Random) -> Fault | None:
    """A record with a rule that the code keeps so far, and an import against it, in one of many spellings."""
    for _ in range(_TRIES):
        path = chance.choice(scene.product)
        importing = scene.source(path)
        target = _foreign(scene, chance) if chance.random() < 0.35 else _inner(scene, chance, path)
        if target is None or not importing.functions:
            continue
        within = _glob(chance, path)
        if _is_broken_already(scene, within, target):
            continue
        spelling = chance.choice(_SPELLINGS[scene.language])
        made = spelling(scene, importing, target)
        if made is None:
            continue
        form, text = made
        record = _record(chance, within, target)
        evidence = (Named(_RECORD),)
        return Fault(
            form=f"{'own file' if target.file else 'package'}: {form}",
            what=f"{path} imports {target.forbidden}, which {within} may not",
            writes={path: text},
            expected=(Expected(_CHECK, frozenset([path]), evidence=evidence),),
            setup={_RECORD: record},
        )
    return None


def _foreign(scene: Scene, chance: Random) -> _Target:
    name = chance.choice(_FOREIGN[scene.language])
    return _Target(name, None, {"java": "Logger"}.get(scene.language, "run"))


def _inner(scene: Scene, chance: Random, path: str) -> _Target | None:
    other = chance.choice(scene.product)
    file = scene.source(other)
    names = [each.name for each in file.functions if not each.owner and not each.name.startswith("_")]
    names = names or sorted(file.owners)
    if scene.language == "typescript":
        # What is not exported cannot be imported.
        names = [name for name in names if re.search(rf"\bexport\b[^;\n]*\b{re.escape(name)}\b", file.text)]
    stem = posixpath.splitext(posixpath.basename(other))[0]
    if other == path or not names or stem in ("__init__", "index"):
        return None
    folder = posixpath.dirname(other)
    if scene.language in ("go", "java"):
        # Their unit is the folder: no file of it can be told from the others.
        if path.startswith(f"{folder}/") or not folder:
            return None
        return _Target(f"{folder}/**", file, stem if scene.language == "java" else chance.choice(names))
    return _Target(
        other if chance.random() < 0.6 or not folder else f"{folder}/{stem}.*", file, chance.choice(names)
    )


def _glob(chance: Random, path: str) -> str:
    """What the rule is for: the file, its folder, or everything alike in it."""
    folder, ending = posixpath.dirname(path), posixpath.splitext(path)[1]
    options = [path, f"{folder}/*{ending}", f"{folder}/**"] if folder else [path]
    return chance.choice(options)


def _is_broken_already(scene: Scene, within: str, target: _Target) -> bool:
    """Whether some file of the rule may import it as things are, or stands on both sides of it."""
    folder = posixpath.dirname(within)
    paths = [p for p in scene.paths if p == within or ("*" in within and p.startswith(f"{folder}/"))]
    stem = posixpath.splitext(posixpath.basename(target.file.path))[0] if target.file else target.forbidden
    if target.file and scene.language in ("go", "java"):
        stem = posixpath.basename(posixpath.dirname(target.file.path))
    word = re.compile(rf"(?<![\w]){re.escape(stem)}(?!\w)")
    return any(
        word.search(text_of(node)) or (target.file is not None and path == target.file.path)
        for path in paths
        if path in scene.code
        for node in _statements(scene, path)
    )


def _statements(scene: Scene, path: str) -> Sequence[object]:
    try:
        file = scene.source(path)
    except ValueError:
        return ()
    kinds = ("import_statement", "import_from_statement", "import_declaration", "export_statement", "call")
    return [
        e for e in walk(file.root) if e.type in kinds and (e.type != "call" or "import" in text_of(e)[:20])
    ]


_Made = tuple[str, str] | None


def _at_top(form: str, file: SourceFile, statement: str) -> _Made:
    return form, apply(file.data, file.with_imports([statement]))


def _module(path: str) -> str:
    bare = posixpath.splitext(path)[0].removeprefix("src/")
    return bare.removesuffix("/__init__").replace("/", ".")


def _python_from(_: Scene, file: SourceFile, target: _Target) -> _Made:
    module = _module(target.file.path) if target.file else target.forbidden
    return _at_top("from import", file, f"from {module} import {target.name}")


def _python_whole(_: Scene, file: SourceFile, target: _Target) -> _Made:
    module = _module(target.file.path) if target.file else target.forbidden
    return _at_top("import as", file, f"import {module} as outside")


def _python_relative(_: Scene, file: SourceFile, target: _Target) -> _Made:
    if target.file is None:
        return None
    base, other = posixpath.dirname(file.path), posixpath.splitext(target.file.path)[0]
    up = posixpath.relpath(other, base).split("/")
    dots = "." * (1 + up.count(".."))
    rest = [part for part in up if part != ".."]
    if base.split("/")[0] != other.split("/")[0]:
        return None
    if len(rest) == 1:
        return _at_top("relative, module by name", file, f"from {dots} import {rest[0]}")
    return _at_top("relative", file, f"from {dots}{'.'.join(rest)} import {target.name}")


def _python_late(_: Scene, file: SourceFile, target: _Target) -> _Made:
    module = _module(target.file.path) if target.file else target.forbidden
    return _in_function("in a function", file, f"from {module} import {target.name}")


def _in_function(form: str, file: SourceFile, statement: str) -> _Made:
    """Put a statement first in a function's body."""
    for function in file.functions:
        if function.statements and function.statements[0].start_point[0] > function.node.start_point[0]:
            first = function.statements[0]
            line = file.lines[first.start_point[0]]
            indent = line[: len(line) - len(line.lstrip())]
            return form, apply(
                file.data, [Edit(first.start_byte, first.start_byte, f"{statement}\n{indent}")]
            )
    return None


def _specifier(file: SourceFile, target: _Target) -> str:
    if target.file is None:
        return target.forbidden
    found = posixpath.relpath(target.file.path, posixpath.dirname(file.path))
    found = found if found.startswith(".") else f"./{found}"
    ending = ".js" if '.js"' in file.text or ".js'" in file.text else ""
    return f"{posixpath.splitext(found)[0]}{ending}"


def _ts(form: str, statement: str, *, late: bool = False) -> Callable[[Scene, SourceFile, _Target], _Made]:
    def made(_: Scene, file: SourceFile, target: _Target) -> _Made:
        said = statement.format(name=target.name, path=_specifier(file, target))
        return _in_function(form, file, said) if late else _at_top(form, file, said)

    return made


def _go(form: str, lead: str) -> Callable[[Scene, SourceFile, _Target], _Made]:
    def made(scene: Scene, file: SourceFile, target: _Target) -> _Made:
        path = target.forbidden
        if target.file is not None:
            module = re.search(r"(?m)^module (\S+)", scene.tree.text("go.mod") or "")
            if module is None:
                return None
            path = f"{module[1]}/{posixpath.dirname(target.file.path)}"
        return _at_top(form, file, f'{lead}"{path}"')

    return made


def _java_package(file: SourceFile) -> str:
    found = re.search(r"(?m)^package ([\w.]+);", file.text)
    return found[1] if found else ""


def _java(form: str, statement: str) -> Callable[[Scene, SourceFile, _Target], _Made]:
    def made(_: Scene, file: SourceFile, target: _Target) -> _Made:
        package = target.forbidden if target.file is None else _java_package(target.file)
        return _at_top(form, file, statement.format(package=package, name=target.name))

    return made


def _java_qualified(_: Scene, file: SourceFile, target: _Target) -> _Made:
    package = target.forbidden if target.file is None else _java_package(target.file)
    said = f"Class<?> outside = {package}.{target.name}.class;"
    return _in_function("by its whole name", file, said)


_SPELLINGS: dict[str, tuple[Callable[[Scene, SourceFile, _Target], _Made], ...]] = {
    "python": (_python_from, _python_whole, _python_relative, _python_late),
    "typescript": (
        _ts("import", 'import {{ {name} }} from "{path}";'),
        _ts("import type", 'import type {{ {name} }} from "{path}";'),
        _ts("import all", 'import * as outside from "{path}";'),
        _ts("export from", 'export {{ {name} }} from "{path}";'),
        _ts("require", 'const outside = require("{path}");', late=True),
        _ts("import when called", 'void import("{path}");', late=True),
    ),
    "go": (_go("import", ""), _go("import", ""), _go("under another name", "outside "), _go("blank", "_ ")),
    "java": (
        *(_java("import", "import {package}.{name};") for _ in range(4)),
        _java("import all", "import {package}.*;"),
        _java("import static", "import static {package}.{name}.instance;"),
        _java_qualified,
    ),
}


def _record(chance: Random, within: str, target: _Target) -> str:
    listed = [target.forbidden]
    if chance.random() < 0.4:
        listed.append("legacy/**")
    rule = ", ".join(f'"{each}"' for each in listed)
    written = chance.choice(
        (
            f'  - imports: {{from: "{within}", forbid: [{rule}]}}',
            f'  - imports:\n      from: ["{within}"]\n      forbid:\n'
            + "\n".join(f'        - "{each}"' for each in listed)
            + "\n    message: This is kept apart.",
        )
    )
    return (
        f"---\nstatus: accepted\ndate: 2026-02-10\nconstraints:\n{written}\n---\n\n# Who may import what\n\n"
        "## Context\n\nWhatever imports everything can be tested and replaced by nobody.\n\n"
        f"## Decision\n\n`{within}` stays free of `{target.forbidden}`.\n\n"
        "## Consequences\n\nWhat both need moves to a place of its own.\n"
    )
