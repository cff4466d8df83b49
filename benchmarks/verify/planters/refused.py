"""Something that a decision refused comes back, as a dependency, in code or both."""

from __future__ import annotations

import posixpath
import re
from random import Random

from benchmarks.verify.faults import Expected, Fault, Named
from benchmarks.verify.planters.matters import MATTERS, Matter
from benchmarks.verify.planters.placing import add
from benchmarks.verify.planters.records import RECORDS
from benchmarks.verify.scene import Scene

__all__ = ["plant_refused", "with_dependency"]

_CHECK = "decisions"
_FOLDERS = ("docs/adr", "docs/decisions", "doc/adr", "docs/architecture/decisions")
_OTHER = (
    "# 1. Record architecture decisions\n\nDate: 2025-10-01\n\n## Status\n\nAccepted\n\n## Context\n\n"
    "Reasons get lost.\n\n## Decision\n\nWe will keep records of them, as Michael Nygard describes.\n\n"
    "## Consequences\n\nThey can be read.\n"
)
_MANIFESTS = {
    "python": ("requirements.txt", "pyproject.toml"),
    "typescript": ("packages/zod/package.json", "package.json"),
    "go": ("go.mod",),
    "java": ("gson/pom.xml", "pom.xml"),
}


def plant_refused(scene: Scene, chance: Random) -> Fault | None:
    """A record that refuses or replaces something, and a change that brings it in."""
    matter = chance.choice(MATTERS[scene.language])
    if _is_used(scene, matter):
        return None
    form = chance.choice(tuple(RECORDS))
    refused = f"{matter.refused} (`{matter.package}`)" if chance.random() < 0.5 else matter.refused
    number = chance.randint(4, 30)
    folder = chance.choice(_FOLDERS)
    records = {
        posixpath.join(folder, name): text for name, text in RECORDS[form](number, matter, refused).items()
    }
    how = chance.choice(("code", "code", "dependency", "both")) if matter.dependency else "code"
    writes: dict[str, str | None] = {}
    if how != "code":
        changed = with_dependency(scene, matter.dependency)
        if changed is None:
            return None
        writes.update(changed)
    if how != "dependency":
        placed = add(scene, chance, matter.code, matter.imports)
        if placed is None:
            return None
        writes[placed.path] = placed.text
    named = "named as code has it" if refused != matter.refused else "named in prose"
    return Fault(
        form=f"{form}, {named}: by {how}",
        what=f"{matter.refused} comes back in {', '.join(writes)}, which {', '.join(records)} refuses",
        writes=writes,
        expected=(
            Expected(_CHECK, frozenset(writes), evidence=tuple(Named(path) for path in records)),
            # Told at the record, with the file as evidence, it is told as well.
            Expected(_CHECK, frozenset(records), evidence=tuple(Named(path) for path in writes)),
        ),
        setup={**records, posixpath.join(folder, "0001-record-architecture-decisions.md"): _OTHER},
    )


def _is_used(scene: Scene, matter: Matter) -> bool:
    """Whether the repository has it already, so that it would be no news."""
    word = re.compile(rf"(?<![\w.]){re.escape(matter.package)}(?!\w)")
    product = [scene.text(path) for path in scene.product]
    manifests = [scene.text(path) for path in _MANIFESTS[scene.language] if path in scene.tree.blobs]
    return any(word.search(text) for text in (*product, *manifests))


def with_dependency(scene: Scene, dependency: str) -> dict[str, str | None] | None:
    """A manifest with one more dependency; None where there is none that can be told."""
    for path in _MANIFESTS[scene.language]:
        if path not in scene.tree.blobs or path in scene.change.paths:
            continue
        text = scene.text(path)
        made = _added(posixpath.basename(path), text, dependency)
        if made != text:
            return {path: made}
    return None


def _added(name: str, text: str, dependency: str) -> str:
    if name == "requirements.txt":
        return f"{text.rstrip()}\n{dependency}\n"
    if name == "pyproject.toml":
        return re.sub(r"(?m)^(dependencies = \[\n)", rf'\g<1>    "{dependency}",\n', text, count=1)
    if name == "package.json":
        return re.sub(r'("(?:devD|d)ependencies": \{\n)', rf"\g<1>    {dependency},\n", text, count=1)
    if name == "go.mod":
        return re.sub(r"(?m)^(require \(\n)", rf"\g<1>\t{dependency}\n", text, count=1)
    return text.replace("<dependencies>\n", f"<dependencies>\n    {dependency}\n", 1)
