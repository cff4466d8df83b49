"""Replay real history through verification, and plant faults into real repositories.

    python -m benchmarks.verify --repos DIR [DIR …] [--write]
    python -m benchmarks.verify --repos DIR --only speed
    python -m benchmarks.verify --repos DIR --only replay --repository gin-gonic/gin --show 10
    python -m benchmarks.verify --repos DIR --only planted --language go --kind clone --show 20

A DIR holds checkouts named OWNER+NAME, whose history has the commits of ``pinned.py``; they are only read.
Faults are planted in throw-away clones, always the same for a seed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import README, RESULTS, dated, newest, write_results, write_sections
from benchmarks.reach import reach_table
from benchmarks.sandbox import BenchmarkError
from benchmarks.verify.faults import Found
from benchmarks.verify.pinned import LANGUAGES, PINNED, Pinned, checkouts
from benchmarks.verify.planters import PLANTERS
from benchmarks.verify.planting import Planted, part_of, plant, planted_tables, shown
from benchmarks.verify.replay import SEVERITIES, alarms, replay, replay_tables
from benchmarks.verify.speed import measured, speed_table
from benchmarks.verify.workbench import Bench, bench

COMMITS = 200
FAULTS = 20
SEED = 5
WHAT = ("replay", "planted", "speed")


def main() -> int:
    """Run as a program."""
    given = _arguments()
    try:
        wanted = [p for p in PINNED if given.repository in (None, p.name) and p.language in given.language]
        there = checkouts(given.repos, wanted)
        with tempfile.TemporaryDirectory(prefix="wk-verify-") as folder:
            kept = given.facts or Path(folder) / "facts"
            with bench(Path(folder), kept) as made:
                parts = _replayed(made, there, given) if "replay" in given.only else {}
                parts |= _planted(made, there, given) if "planted" in given.only else {}
        parts |= {"speed": measured(given.repos)} if "speed" in given.only else {}
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n\n".join(_sections(parts).values()))
    if given.out:
        write_results(given.out, "verify", parts)
    if given.write:
        write_results(RESULTS, "verify", parts)
        found = newest(RESULTS, "verify")
        reach = reach_table(newest(RESULTS, "retrieval"), newest(RESULTS, "speed"), found)
        write_sections(README, {**_sections(found, when=True), "reach": reach})
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.verify",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--repos", type=Path, nargs="+", required=True, help="folders with checkouts")
    parser.add_argument("--only", nargs="+", choices=WHAT, default=WHAT)
    parser.add_argument("--repository", metavar="OWNER/NAME", help="this one alone")
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--kind", nargs="+", choices=tuple(PLANTERS), default=tuple(PLANTERS))
    parser.add_argument("--commits", type=int, default=COMMITS, help="replayed of each repository")
    parser.add_argument("--faults", type=int, default=FAULTS, help="planted of each class in each language")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--checks", nargs="+", default=(), help="these alone, when replaying")
    parser.add_argument(
        "--show", type=int, default=0, help="false alarms of each repository, and misses of each language"
    )
    parser.add_argument(
        "--severity", nargs="+", choices=SEVERITIES, default=SEVERITIES[:2], help="of what is shown"
    )
    parser.add_argument("--facts", type=Path, help="where facts of files are kept for the next run")
    parser.add_argument("--out", type=Path, metavar="DIR", help="keep the result there")
    parser.add_argument("--write", action="store_true", help="keep the result, and write the README's tables")
    return parser.parse_args()


def _replayed(
    made: Bench, there: Mapping[Pinned, Path], given: argparse.Namespace
) -> dict[str, dict[str, Any]]:
    parts: dict[str, dict[str, Any]] = {}
    for pinned, checkout in there.items():
        found = replay(made, pinned, checkout, given.commits, given.checks)
        for said in alarms(found, made.clone(pinned, checkout), given.severity, given.show):
            print(f"{said}\n")
        parts[f"replay {pinned.name}"] = found.part()
    return parts


def _planted(
    made: Bench, there: Mapping[Pinned, Path], given: argparse.Namespace
) -> dict[str, dict[str, Any]]:
    left = dict.fromkeys(given.language, given.show)

    def tell(each: Planted) -> None:
        if each.found is not Found.YES and left[language] > 0:
            left[language] -= 1
            print(f"{shown(each)}\n", flush=True)

    parts: dict[str, dict[str, Any]] = {}
    for language in dict.fromkeys(pinned.language for pinned in there):
        mine = {pinned: root for pinned, root in there.items() if pinned.language == language}
        done = plant(made, language, mine, given.kind, given.faults, given.seed, tell)
        parts[f"planted {language}"] = part_of(language, done)
    return parts


def _sections(parts: Mapping[str, Any], *, when: bool = False) -> dict[str, str]:
    """Each table, by the name of its place."""
    made: dict[str, str] = {}
    replayed = [part for name, part in parts.items() if name.startswith("replay ")]
    planted = {part["language"]: part for name, part in parts.items() if name.startswith("planted ")}
    if replayed:
        table = replay_tables(replayed)
        made["verify-replay"] = dated(table, replayed) if when else table
    if planted:
        table = planted_tables(planted)
        made["verify-planted"] = dated(table, planted.values()) if when else table
    if "speed" in parts:
        table = speed_table(parts["speed"])
        made["verify-speed"] = dated(table, [parts["speed"]]) if when else table
    return made


if __name__ == "__main__":
    sys.exit(main())
