"""A function written again: word for word under another name, or by other names and in another order."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

from benchmarks.verify.faults import Expected, Fault, Named, lines_of
from benchmarks.verify.names import another_name, words_of
from benchmarks.verify.planters.placing import beside
from benchmarks.verify.rewriting import changed_literals, renamed_locals, reordered, swaps
from benchmarks.verify.scene import Scene
from benchmarks.verify.source import Edit, Function, apply, text_of

__all__ = ["plant_clone", "plant_renamed_clone"]

ALIKE = 0.9
"""Share of the runs of tokens in common from which another function would do as well as the original."""

_RUN = 5


def plant_clone(scene: Scene, chance: Random) -> Fault | None:
    """A copy of an existing function, in another place and by another name."""
    return _planted(scene, chance, "copied", rewritten=False)


def plant_renamed_clone(scene: Scene, chance: Random) -> Fault | None:
    """The same, with every local renamed, literals changed and independent statements in another order."""
    return _planted(scene, chance, "rewritten", rewritten=True)


def _planted(scene: Scene, chance: Random, how: str, *, rewritten: bool) -> Fault | None:
    options = [each for each in scene.substantial if scene.language != "java" or each.static or each.owner]
    if not options:
        return None
    original = chance.choice(options)
    taken = {each.name for each in scene.functions}
    try:
        name = another_name(original.name, chance, taken, snake=scene.language == "python")
    except ValueError:
        return None
    edits = [Edit(original.name_node.start_byte, original.name_node.end_byte, name)]
    swapped = 0
    if rewritten:
        pairs = reordered(original)
        swapped = len(pairs)
        changed = [*renamed_locals(original, chance), *changed_literals(original, chance)]
        edits = swaps(pairs, [*edits, *changed], original.file.data)
    text = _declaration(original, edits, name, chance, anew=rewritten or chance.random() < 0.5)
    placed = beside(scene, chance, original, text)
    if placed is None:
        return None
    return Fault(
        form=f"{how} into {placed.where}" + (f", {swapped} pairs in another order" if rewritten else ""),
        what=f"{placed.path}: {name} does what {original.name} of {original.path}:{original.lines[0]} does",
        writes={placed.path: placed.text},
        expected=(
            Expected(
                "duplicates",
                frozenset([placed.path]),
                within=lines_of(placed.text, placed.laid),
                evidence=tuple(Named(each.path, each.name) for each in _as_good(scene, original)),
            ),
        ),
    )


def _declaration(function: Function, edits: list[Edit], name: str, chance: Random, *, anew: bool) -> str:
    """The function's text after edits, at no indentation, documented otherwise or as it was."""
    start = function.outer.start_byte
    docstring = function.docstring
    said = f"{' '.join(words_of(name)).capitalize()}."
    if anew and docstring is not None:
        edits = [e for e in edits if not docstring.start_byte <= e.start < docstring.end_byte]
        edits.append(Edit(docstring.start_byte, docstring.end_byte, f'"""{said}"""'))
    moved = [Edit(e.start - start, e.end - start, e.text) for e in edits]
    text = apply(function.file.data[start : function.outer.end_byte], moved)
    column = function.outer.start_point[1]
    text = _dedented(text, column)
    if function.file.language == "python":
        return text
    old = rf"(?<!\w){re.escape(function.name)}(?!\w)"
    above = [re.sub(old, lambda _: name, text_of(each)) for each in function.leading]
    if anew or not above:
        above = [f"// {name} {said.lower()}"] if chance.random() < 0.5 else []
    return "\n".join([*(_dedented(each, column) for each in above), text])


def _dedented(text: str, column: int) -> str:
    lines = text.split("\n")
    return "\n".join([lines[0], *(re.sub(rf"^[ \t]{{0,{column}}}", "", line) for line in lines[1:])])


def _as_good(scene: Scene, original: Function) -> list[Function]:
    """The original, and whatever is so like it that it would do as well."""
    wanted = _grams(original)
    found = [original]
    for each in scene.functions:
        if each is original or not 0.8 < len(each.shape) / len(original.shape) < 1.25:
            continue
        theirs = _grams(each)
        common = sum((theirs & wanted).values())
        if common >= ALIKE * max(sum(theirs.values()), sum(wanted.values())):
            found.append(each)
    return found


def _grams(function: Function) -> Counter[tuple[str, ...]]:
    """Runs of tokens, with every name and literal as good as another."""
    shape = function.shape
    return Counter(shape[at : at + _RUN] for at in range(len(shape) - _RUN + 1))
