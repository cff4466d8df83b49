"""Something is taken away or becomes another, and who uses it is left as it was."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from random import Random

from benchmarks.verify.faults import Expected, Fault, Named
from benchmarks.verify.names import another_name
from benchmarks.verify.scene import Scene
from benchmarks.verify.source import Edit, Function, apply, text_of
from benchmarks.verify.symbols import Symbol, calls, named, renamed, symbols, uses, without

__all__ = ["plant_dangling_use"]

_CHECK = "boundaries"
_TRIES = 30
_ADDED = {
    "python": "audit_label: str",
    "typescript": "auditLabel: string",
    "go": "auditLabel string",
    "java": "String auditLabel",
}
_SPREAD = {"*", "/", "list_splat_pattern", "dictionary_splat_pattern", "keyword_separator", "rest_pattern"}
_DEFAULTS = {"default_parameter", "typed_default_parameter", "optional_parameter"}


def plant_dangling_use(scene: Scene, chance: Random) -> Fault | None:
    """A symbol removed, renamed or called otherwise, or a file moved, with uses in other files left."""
    form = chance.choice(
        ("removed", "removed", "renamed", "renamed", "half renamed", "signature", "signature", "moved")
    )
    if form == "moved" and scene.language in ("python", "typescript"):
        return _moved(scene, chance)
    options = symbols(scene)
    for symbol in chance.sample(options, min(_TRIES, len(options))):
        where = uses(scene, symbol)
        product = {path for path in where if path in scene.product}
        if not product:
            continue
        if form in ("removed", "moved"):
            made = _removed(symbol, where)
        elif form == "signature":
            made = _signature(symbol, where, chance)
        else:
            made = _renamed(scene, symbol, where, chance, half=form == "half renamed")
        if made is not None:
            return made
    return None


def _removed(symbol: Symbol, where: Mapping[str, object]) -> Fault | None:
    if len(named(symbol.file.root, symbol.name)) > 1:
        return None
    what = f"{symbol.name} is gone from {symbol.file.path}, and {', '.join(sorted(where))} use it"
    return _fault(f"removed {symbol.kind}", what, symbol, {symbol.file.path: without(symbol)}, where)


def _renamed(
    scene: Scene, symbol: Symbol, where: Mapping[str, object], chance: Random, *, half: bool
) -> Fault | None:
    if half and len(where) < 2:
        return None
    try:
        new = another_name(symbol.name, chance, (), snake=scene.language == "python" and "_" in symbol.name)
    except ValueError:
        return None
    left = [chance.choice(sorted(path for path in where if path in scene.product))] if half else sorted(where)
    writes = {symbol.file.path: renamed(symbol.file, symbol.name, new)}
    for path in where:
        if path not in left:
            writes[path] = renamed(scene.source(path), symbol.name, new)
    how = "renamed, one file left" if half else "renamed"
    what = f"{symbol.name} of {symbol.file.path} is {new} now, and {', '.join(left)} use the old name"
    return _fault(f"{how}: {symbol.kind}", what, symbol, writes, left)


def _signature(symbol: Symbol, where: Mapping[str, list[object]], chance: Random) -> Fault | None:
    function = symbol.function
    if function is None or function.parameters is None:
        return None
    callers = {path: called for path, nodes in where.items() if (called := calls(nodes))}  # type: ignore[arg-type]
    if not callers:
        return None
    edits, how = _with_parameter(function), "parameter added"
    if chance.random() < 0.4 and (fewer := _without_parameter(function)):
        edits, how = fewer, "parameter dropped"
    # Who calls it in its own file was seen to, as an author would: those are given what is new, or lose it.
    if len(named(symbol.file.root, symbol.name)) > 1:
        return None
    what = f"{symbol.name} of {function.path}: {how}, and {', '.join(sorted(callers))} call it as before"
    text = apply(function.file.data, edits)
    return _fault(f"{how}: {symbol.kind}", what, symbol, {function.path: text}, callers)


def _with_parameter(function: Function) -> list[Edit]:
    """Edits that add one parameter that every caller has to give."""
    listed = function.parameters
    assert listed is not None
    added = _ADDED[function.file.language]
    there = [each for each in listed.children if each.type not in ("(", ")", ",", "comment")]
    required = [each for each in there if each.type not in _SPREAD | _DEFAULTS and "=" not in text_of(each)]
    if not there:
        at = listed.start_byte + 1
        return [Edit(at, at, added)]
    if required and there.index(required[-1]) == len(required) - 1:
        at = required[-1].end_byte
        return [Edit(at, at, f", {added}")]
    at = there[0].start_byte
    return [Edit(at, at, f"{added}, ")]


def _without_parameter(function: Function) -> list[Edit]:
    """Edits that take the last parameter away, which becomes a variable; none where that is not simple."""
    listed = function.parameters
    assert listed is not None
    there = [each for each in listed.named_children if each.type != "comment"]
    if len(there) < 2 or there[-1].type in _SPREAD or there[-2].type in _SPREAD or there[-1].has_error:
        return []
    last = there[-1]
    name = last.child_by_field_name("name") or last.child_by_field_name("pattern") or last
    name = next((each for each in [name, *name.named_children] if each.type == "identifier"), name)
    kind = text_of(last.child_by_field_name("type"))
    if name.type != "identifier" or (function.file.language == "python" and not function.statements):
        return []
    said = text_of(name)
    first = function.statements[0] if function.statements else None
    declared = {
        "python": f"{said} = None",
        "typescript": f"const {said}{kind or ': any'} = undefined as any;",
        "go": f"var {said} {kind}",
        "java": f"{kind} {said} = {_EMPTY.get(kind, 'null')};",
    }[function.file.language]
    if first is None or (
        function.file.language == "go" and (not kind or last.type != "parameter_declaration")
    ):
        return []
    indent = " " * first.start_point[1] if function.file.language != "go" else "\t" * first.start_point[1]
    return [
        Edit(there[-2].end_byte, last.end_byte, ""),
        Edit(first.start_byte, first.start_byte, f"{declared}\n{indent}"),
    ]


_EMPTY = {"int": "0", "long": "0", "boolean": "false", "double": "0", "char": "0", "float": "0"}


def _moved(scene: Scene, chance: Random) -> Fault | None:
    """A file under another name, with who imports it left as they were."""
    for path in chance.sample(scene.product, len(scene.product)):
        stem, ending = posixpath.splitext(posixpath.basename(path))
        if stem in ("index", "__init__", "external") or len(stem) < 4:
            continue
        importing = [
            other
            for other in scene.product
            if other != path and any(_imports(text_of(e), stem) for e in _importing(scene, other))
        ]
        same = [each for each in scene.paths if posixpath.splitext(posixpath.basename(each))[0] == stem]
        if not importing or len([each for each in same if each.endswith(ending)]) > 1:
            continue
        target = posixpath.join(posixpath.dirname(path), f"{stem}_core{ending}")
        expected = (
            Expected(_CHECK, frozenset([path, target]), evidence=tuple(Named(e) for e in importing)),
            Expected(
                _CHECK, frozenset(importing), words=frozenset([stem, path, f"{stem}{ending}", f"{stem}.js"])
            ),
        )
        what = f"{path} is {target} now, and {', '.join(importing)} import the old one"
        return Fault("moved file", what, {path: None, target: scene.text(path)}, expected)
    return None


def _importing(scene: Scene, path: str) -> list[object]:
    return [e for e in scene.source(path).root.named_children if e.type.startswith(("import", "export"))]


def _imports(statement: str, stem: str) -> bool:

    return (
        re.search(
            rf"(?:from|import) +[\w.]*\b{re.escape(stem)}\b|/{re.escape(stem)}(?:\.js|\.ts)?[\"']", statement
        )
        is not None
    )


def _fault(form: str, what: str, symbol: Symbol, writes: Mapping[str, str], left: Collection[str]) -> Fault:
    word = frozenset([symbol.name])
    evidence = tuple(Named(path) for path in left)
    expected = (
        Expected(_CHECK, frozenset([symbol.file.path]), evidence=evidence, words=word),
        Expected(_CHECK, frozenset(left), words=word),
    )
    return Fault(form, what, writes, expected)
