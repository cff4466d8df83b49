"""Faults planted beside real changes, and what verification says of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.reach import FAULTS
from benchmarks.reporting import markdown_table
from benchmarks.sandbox import BenchmarkError
from benchmarks.verify.faults import Fault, Found, found_by
from benchmarks.verify.pinned import Pinned
from benchmarks.verify.planters import PLANTERS
from benchmarks.verify.planters.placing import sound
from benchmarks.verify.scene import RealChange, Scene, drawn, real_changes
from benchmarks.verify.workbench import Bench, Clone
from whykeeper.verification.answer import FindingItem

__all__ = ["Planted", "part_of", "plant", "planted_tables", "shown"]

TRIES = 60
"""Scenes drawn for one fault before the class is given up in a language."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault, and what was said.

    Attributes:
        kind: Its class.
        repository: Where.
        change: The real commit it stands beside.
        fault: What was planted.
        found: What became of it.
        by: The finding that tells of it.
        others: What else the check said that should have found it.
        benign: What it said of the same change without the fault.
        seconds: The verification took.
    """

    kind: str
    repository: str
    change: RealChange
    fault: Fault
    found: Found
    by: FindingItem | None
    others: tuple[FindingItem, ...]
    benign: tuple[FindingItem, ...]
    seconds: float


@dataclass
class _Source:
    """Where scenes of one repository come from."""

    pinned: Pinned
    clone: Clone
    changes: Iterator[RealChange] = field(repr=False)


def plant(
    bench: Bench,
    language: str,
    checkouts: Mapping[Pinned, Path],
    kinds: Sequence[str],
    count: int,
    seed: int,
    tell: Callable[[Planted], None],
) -> list[Planted]:
    """Plant faults of some classes in the repositories of a language, which take turns.

    Args:
        bench: What verifies.
        language: One of ``pinned.LANGUAGES``.
        checkouts: Of its repositories.
        kinds: Classes of faults.
        count: Faults of each.
        seed: Of the lot.
        tell: Called with each as soon as it was verified.

    Raises:
        BenchmarkError: There is no place for so many.
    """
    clones = {pinned: bench.clone(pinned, checkout) for pinned, checkout in checkouts.items()}
    changes = {pinned: real_changes(clone, pinned) for pinned, clone in clones.items()}
    done: list[Planted] = []
    for kind in kinds:
        sources = [
            _Source(pinned, clone, iter(drawn(Random(f"{seed}/{kind}/{pinned.name}"), changes[pinned])))
            for pinned, clone in clones.items()
        ]
        turns = cycle(sources)
        found: list[Planted] = []
        for number in range(count):
            found.append(_one(bench, kind, turns, Random(f"{seed}/{kind}/{language}/{number}")))
            tell(found[-1])
        hits = sum(each.found is Found.YES for each in found)
        print(f"{language}, {kind}: {hits} of {len(found)}", file=sys.stderr)
        done += found
    return done


def _one(bench: Bench, kind: str, turns: Iterator[_Source], chance: Random) -> Planted:
    for _ in range(TRIES):
        source = next(turns)
        change = next(source.changes)
        scene = Scene(source.pinned, source.clone, change)
        fault = PLANTERS[kind](scene, chance)
        if fault is not None and _is_sound(scene, fault):
            return _verified(bench, kind, source, change, fault)
    raise BenchmarkError(f"no place for the class {kind!r} was found in {TRIES} real changes")


def _is_sound(scene: Scene, fault: Fault) -> bool:
    """Whether it writes what parses, and not what the real change wrote."""
    return not fault.writes.keys() & scene.change.paths and all(
        sound(path, scene.tree.text(path), text, scene.language) for path, text in fault.writes.items()
    )


def _verified(bench: Bench, kind: str, source: _Source, change: RealChange, fault: Fault) -> Planted:
    clone = source.clone
    clone.begin(f"{change.commit}^", fault.setup)
    clone.apply(change.commit)
    # What the other checks say of real changes is what replaying them shows.
    checks = sorted({each.check for each in fault.expected})
    benign = bench.verify(clone.root, checks=checks)
    clone.write(fault.writes)
    timed = bench.verify(clone.root, checks=checks)
    found, by = found_by(fault, timed.answer.findings)
    known = {each.id for each in benign.answer.findings}
    others = [each for each in timed.answer.findings if each.id not in known and each is not by]
    return Planted(
        kind=kind,
        repository=source.pinned.name,
        change=change,
        fault=fault,
        found=found,
        by=by,
        others=tuple(others),
        benign=tuple(benign.answer.findings),
        seconds=timed.seconds,
    )


def part_of(language: str, done: Sequence[Planted]) -> dict[str, Any]:
    """What a result file keeps of a language."""
    kinds = dict.fromkeys(each.kind for each in done)
    return {
        "language": language,
        "kinds": {kind: _counts([each for each in done if each.kind == kind]) for kind in kinds},
        "repositories": sorted({each.repository for each in done}),
    }


def _counts(done: Sequence[Planted]) -> dict[str, Any]:
    forms = Counter(each.fault.form for each in done if each.found is not Found.YES)
    return {
        "planted": len(done),
        **{each.value: sum(one.found is each for one in done) for each in Found},
        "missed forms": dict(forms),
        "benign": {
            severity: sum(any(f.severity == severity for f in each.benign) for each in done)
            for severity in ("error", "warning")
        },
    }


def planted_tables(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """Lay out what was found, by class and language.

    Args:
        parts: By language.
    """
    rows = []
    for kind in PLANTERS:
        counts = [part["kinds"].get(kind) for part in parts.values()]
        there = [each for each in counts if each is not None]
        if not there:
            continue
        found, of = sum(e["found"] for e in there), sum(e["planted"] for e in there)
        noted = sum(e["noted"] for e in there)
        cells = ["–" if each is None else f"{each['found']} of {each['planted']}" for each in counts]
        share = f"{found} of {of} ({found / of:.0%}) {'✓' if found >= FAULTS * of else '✗'}"
        errors, warnings = (sum(e["benign"][severity] for e in there) for severity in ("error", "warning"))
        rows.append((kind, *cells, share, noted, f"{errors} / {warnings}"))
    head = ("class", *parts, "all", "only noted", "without the fault: error / warning")
    return markdown_table(head, rows)


def shown(each: Planted) -> str:
    """A miss, with what it takes to judge it."""
    lines = [
        (
            f"{each.found.value}: {each.kind} ({each.fault.form}) in {each.repository}"
            f" beside {each.change.commit[:12]}"
        ),
        f"  {each.fault.what}",
        f"  expected: {each.fault.expected}",
    ]
    said = [f"  said: {e.severity} {e.rule} {e.path}:{e.line} {e.message}" for e in each.others[:6]]
    if each.by is not None:
        said.append(f"  noted: {each.by.rule} {each.by.path}:{each.by.line} {each.by.message}")
    return "\n".join([*lines, *said])
