"""Work that was not done, and data that were made up, in the product's code."""

from __future__ import annotations

import textwrap
from random import Random

from benchmarks.verify.faults import Expected, Fault, lines_of
from benchmarks.verify.planters.mock_forms import MOCKS
from benchmarks.verify.planters.placing import Placed, add
from benchmarks.verify.planters.stub_forms import BODIES, NEW
from benchmarks.verify.scene import Scene
from benchmarks.verify.source import Edit, Function, apply, text_of

__all__ = ["plant_mock_data", "plant_stub"]

_CHECK = "undone"
_NEW_STUBS = 0.4
"""Share of the stubs that are new functions; the others take the place of what an existing one did."""
_ZEROS = {
    **dict.fromkeys(
        ("int", "int8", "int32", "int64", "uint", "uint8", "uint16", "uint32", "byte", "rune"), "0"
    ),
    **dict.fromkeys(("long", "short", "char", "float64", "float32", "double", "float"), "0"),
    "bool": "false",
    "boolean": "false",
    "string": '""',
    "void": "",
}


def plant_stub(scene: Scene, chance: Random) -> Fault | None:
    """A function that does none of what it is called: an existing one emptied, or a new one."""
    if chance.random() < _NEW_STUBS:
        form, text = chance.choice(NEW[scene.language])
        placed = add(scene, chance, text)
        return None if placed is None else _fault(form, f"a stub in {placed.path}", placed)
    options = [each for each in scene.substantial if not each.name.startswith("_abstract")]
    if not options:
        return None
    function = chance.choice(options)
    form, body = chance.choice(BODIES[scene.language])
    made = _emptied(function, body)
    if made is None:
        return None
    what = f"{function.path}: {function.name} does nothing any more"
    return _fault(f"emptied, {form}", what, made)


def plant_mock_data(scene: Scene, chance: Random) -> Fault | None:
    """A function of the product that answers with data somebody made up."""
    form, imports, text = chance.choice(MOCKS[scene.language])
    placed = add(scene, chance, text, imports)
    return None if placed is None else _fault(form, f"made-up data in {placed.path}", placed, imports)


def _fault(form: str, what: str, placed: Placed, imports: tuple[str, ...] = ()) -> Fault:
    parts = [placed.laid, *(each for each in imports if each in placed.text)]
    where = [lines_of(placed.text, part) for part in parts]
    expected = tuple(Expected(_CHECK, frozenset([placed.path]), within) for within in where)
    return Fault(form, what, {placed.path: placed.text}, expected)


def _emptied(function: Function, body: str) -> Placed | None:
    """Put something else in the place of a function's body, its documentation kept."""
    zeros = _zeros(function)
    if "{zeros}" in body:
        if zeros is None:
            return None
        body = body.replace("{zeros}", zeros).replace(" ;", ";").replace("return ;", "return;")
    python = function.file.language == "python"
    column = function.node.start_point[1]
    indent = " " * (column + 4) if python else _indent_of(function)
    laid = textwrap.indent(body, indent)
    block, start = function.body, function.body.start_byte
    if python:
        kept = f"{text_of(function.docstring)}\n{indent}" if function.docstring is not None else ""
        inside = f"{kept}{laid.lstrip()}"
    else:
        closing = function.file.lines[function.body.end_point[0]]
        outer = closing[: len(closing) - len(closing.lstrip())]
        inside = f"{{\n{laid}\n{outer}}}" if laid else "{}"
    text = apply(function.file.data, [Edit(start, block.end_byte, inside)])
    head = function.file.data[function.outer.start_byte : start].decode("utf-8", "replace")
    return Placed(function.path, text, head + inside, "in its place")


def _indent_of(function: Function) -> str:
    line = function.file.lines[function.outer.start_point[0]]
    outer = line[: len(line) - len(line.lstrip())]
    return outer + ("\t" if function.file.language == "go" else "  ")


def _zeros(function: Function) -> str | None:
    """The zero values of a Go or Java function's results; None where they cannot be told."""
    if function.file.language == "java":
        kind = text_of(function.node.child_by_field_name("type"))
        return _ZEROS.get(kind, "null")
    result = function.node.child_by_field_name("result")
    if function.file.language != "go" or result is None:
        return ""
    if result.type != "parameter_list":
        return _zero_of_go(text_of(result))
    if any(each.child_by_field_name("name") for each in result.named_children):
        return ""
    zeros = [_zero_of_go(text_of(each)) for each in result.named_children]
    return None if None in zeros else ", ".join(each or "" for each in zeros)


def _zero_of_go(kind: str) -> str | None:
    if kind in _ZEROS:
        return _ZEROS[kind]
    if kind.startswith(("*", "[]", "map[", "func", "chan", "interface")) or kind in ("error", "any"):
        return "nil"
    return None
