"""Where new code goes, and how it is laid out there."""

from __future__ import annotations

import posixpath
import textwrap
from dataclasses import dataclass
from random import Random

from benchmarks.verify.names import cased, words_of
from benchmarks.verify.scene import Scene
from benchmarks.verify.source import Edit, Function, SourceFile, apply, text_of

__all__ = ["Placed", "add", "beside", "sound"]

_ENDINGS = {"python": "py", "typescript": "ts", "go": "go", "java": "java"}
_ALONE = 0.35
"""How often a declaration that may stand alone gets a file of its own."""


@dataclass(frozen=True, slots=True)
class Placed:
    """New code in a file.

    Attributes:
        path: The file.
        text: The whole of it.
        laid: The new code as it stands there.
        where: What kind of place it is.
    """

    path: str
    text: str
    laid: str
    where: str


def add(scene: Scene, chance: Random, text: str, imports: tuple[str, ...] = ()) -> Placed | None:
    """Put a declaration into a file of the product: Java's into a class, the others' at the top level.

    Args:
        scene: The repository.
        chance: Decides where.
        text: The declaration, without indentation.
        imports: Import statements that it needs; in Go, what is in quotes.
    """
    files = [scene.source(path) for path in scene.product]
    files = [each for each in files if (each.owners if scene.language == "java" else each.functions)]
    if not files:
        return None
    file = chance.choice(files)
    return _into(file, chance, text, list(imports), owned=scene.language == "java")


def beside(scene: Scene, chance: Random, like: Function, text: str) -> Placed | None:
    """Put a declaration somewhere else in the folder of another one.

    Args:
        scene: The repository.
        chance: Decides where.
        like: Whose kind of owner and whose imports the declaration is to have.
        text: The declaration, without indentation.
    """
    others = [scene.source(path) for path in scene.siblings(like.path)]
    others = [each for each in others if each.functions]
    needs_owner = bool(like.owner) and scene.language != "go"
    fitting = [each for each in others if each.owners] if needs_owner else others
    may_stand_alone = not needs_owner or (scene.language == "java" and like.static)
    if may_stand_alone and (not fitting or chance.random() < _ALONE):
        return _alone(scene, chance, like, text)
    if not fitting:
        return None
    file = chance.choice(fitting)
    return _into(file, chance, text, like.file.imports_for(text), owned=needs_owner)


def sound(path: str, before: str | None, after: str | None, language: str) -> bool:
    """Whether a file of code still parses as well as it did."""
    if after is None or not path.endswith(f".{_ENDINGS[language]}"):
        return True
    if not SourceFile(path, after, language).root.has_error:
        return True
    return before is not None and SourceFile(path, before, language).root.has_error


def _into(file: SourceFile, chance: Random, text: str, imports: list[str], *, owned: bool) -> Placed:
    python = file.language == "python"
    laid = text.rstrip()
    if owned:
        body = file.owners[chance.choice(sorted(file.owners))]
        first = body.named_children[0] if body.named_children else None
        laid = textwrap.indent(laid, " " * (first.start_point[1] if first is not None else 4))
        at = body.end_byte if python else body.end_byte - 1
        added = f"\n\n{laid}" if python else f"\n{laid}\n"
    else:
        free = [each.outer for each in file.functions if not each.owner]
        at = chance.choice(free).end_byte if free else len(file.data.rstrip())
        added = f"\n\n\n{laid}" if python else f"\n\n{laid}"
    edits = [*file.with_imports(imports), Edit(at, at, added)]
    return Placed(file.path, apply(file.data, edits), laid, "another file")


def _alone(scene: Scene, chance: Random, like: Function, text: str) -> Placed | None:
    java = scene.language == "java"
    stem = chance.choice(("helpers", "support", "utilities", "common", "shared"))
    stem = cased([*words_of(like.name)[-1:], stem], "A" if java else "a_b")
    path = posixpath.join(posixpath.dirname(like.path), f"{stem}.{_ENDINGS[scene.language]}")
    if path in scene.tree.blobs:
        return None
    imports = like.file.imports_for(text)
    if scene.language == "go":
        imports = [f"import {each}" for each in imports]
    package = next((e for e in like.file.root.named_children if e.type.startswith("package_")), None)
    laid = textwrap.indent(text.rstrip(), "  ") if java else text.rstrip()
    body = f"final class {stem} {{\n{laid}\n}}" if java else laid
    parts = [text_of(package), "\n".join(imports), body]
    return Placed(path, "\n\n".join(part for part in parts if part) + "\n", laid, "a new file")
