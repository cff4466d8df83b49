"""A file changed that the plan of the work does not name, or says is to be left alone."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from random import Random

from benchmarks.verify.faults import Expected, Fault
from benchmarks.verify.names import words_of
from benchmarks.verify.planters.placing import beside
from benchmarks.verify.rewriting import renamed_locals
from benchmarks.verify.scene import Scene
from benchmarks.verify.source import Function, apply
from benchmarks.verify.workbench import BRANCH

__all__ = ["plant_out_of_plan"]

_CHECK = "plan"
_SETTINGS = (".toml", ".yml", ".yaml", ".cfg", ".ini", ".mod")


def plant_out_of_plan(scene: Scene, chance: Random) -> Fault | None:
    """The planned change, and one more file: tidied up, added, deleted, set otherwise or forbidden."""
    form = chance.choice(("tidied", "tidied", "kept", "kept", "added", "settings", "deleted"))
    planned = _planned(scene, chance)
    outside = [each for each in scene.substantial if not _means(planned, each.path)]
    if not outside:
        return None
    function = chance.choice(outside)
    made = _written(scene, chance, form, function, planned)
    if made is None:
        return None
    path, text = made
    kept = [path] if form == "kept" and chance.random() < 0.5 else []
    if form == "kept" and not kept:
        folder = posixpath.dirname(path)
        kept = (
            [f"{folder}/**"]
            if folder and not any(p.startswith(f"{folder}/") for p in scene.change.paths)
            else [path]
        )
    plan = _plan(scene, chance, planned, kept)
    name = "-".join(words_of(function.name)) or "work"
    return Fault(
        form=form,
        what=f"{path} was changed, and the plan names {', '.join(planned)}; to be left alone: {kept}",
        writes={path: text},
        expected=(Expected(_CHECK, frozenset([path])),),
        setup={f".whykeeper/plans/{name}.md": plan},
    )


def _planned(scene: Scene, chance: Random) -> list[str]:
    """What the plan says will change: the real change's files, one by one or by the folder of some."""
    planned: list[str] = []
    for path in sorted(scene.change.paths):
        folder, ending = posixpath.dirname(path), posixpath.splitext(path)[1]
        wide = folder.count("/") >= 1 or "test" in folder
        planned.append(f"{folder}/*{ending}" if wide and chance.random() < 0.3 else path)
    return list(dict.fromkeys(planned))


def _means(planned: Sequence[str], path: str) -> bool:
    for each in planned:
        folder, _, name = each.rpartition("/")
        if each == path or ("*" in name and posixpath.dirname(path) == folder):
            return True
    return False


def _written(
    scene: Scene, chance: Random, form: str, function: Function, planned: Sequence[str]
) -> tuple[str, str | None] | None:
    if form in ("tidied", "kept"):
        edits = renamed_locals(function, chance)
        return (function.path, apply(function.file.data, edits)) if edits else None
    if form == "deleted":
        tests = [
            p for p in scene.paths if "test" in p and not _means(planned, p) and p not in scene.change.paths
        ]
        return (chance.choice(tests), None) if tests else None
    if form == "settings":
        files = [
            p
            for p in scene.paths
            if p.endswith(_SETTINGS)
            and not _means(planned, p)
            and p not in scene.change.paths
            # Tools rewrite those, and nobody plans that.
            and "lock" not in posixpath.basename(p)
        ]
        path = chance.choice(files) if files else ""
        mark = "//" if path.endswith(".mod") else "#"
        return (
            (path, f"{scene.text(path).rstrip()}\n\n{mark} Raised while the work was under way.\n")
            if path
            else None
        )
    placed = beside(scene, chance, function, _HELPERS[scene.language])
    return (placed.path, placed.text) if placed is not None else None


_HELPERS = {
    "python": "def joined_labels(labels):\n    return ', '.join(sorted(label for label in labels if label))",
    "typescript": (
        "export function joinedLabels(labels: string[]): string {\n"
        '  return labels.filter(Boolean).sort().join(", ");\n}'
    ),
    "go": 'func joinedLabels(labels []string) string {\n\treturn strings.Join(labels, ", ")\n}',
    "java": 'static String joinedLabels(String[] labels) {\n  return String.join(", ", labels);\n}',
}


def _plan(scene: Scene, chance: Random, planned: Sequence[str], kept: Sequence[str]) -> str:
    subject = scene.subject
    steps = [f"Change `{path}`" for path in planned]
    if chance.random() < 0.5:
        steps = [subject, "Cover it with tests"]
    parts = [
        f"---\ntitle: {_quoted(subject)}\nstate: open\nbranch: {BRANCH}\n---\n",
        f"# {subject}\n",
        f"## Goal\n\n{subject}, without changing anything else.\n",
        "## Reason\n\nUsers ran into it; see the report.\n",
        "## Steps\n\n" + "".join(f"- [ ] {each}\n" for each in steps),
        "## Files expected to change\n\n" + "".join(f"- `{path}`\n" for path in planned),
    ]
    if kept:
        parts.append("## What must not change\n\n" + "".join(f"- `{path}`\n" for path in kept))
    parts.append("## Acceptance checks\n\n- The tests pass.\n")
    return "\n".join(parts)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", " ").replace('"', "'") + '"'
