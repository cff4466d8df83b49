"""Measure every line of the table of speeds.

    python -m benchmarks.speed --sets ../shared/eval --repos DIR [DIR …] [--only NAME …] [--wait-quiet S]
        [--write]

A folder of ``--repos`` holds checkouts named ``OWNER+NAME``: steveyegge+beads, and
modelcontextprotocol+python-sdk and colinhacks+zod to index beside it; JabRef+jabref; and those of the
code-search set. They are cloned or only read. Everything runs in a throw-away home with a data folder of
its own. How busy the machine was before each measure is kept with the figures: they mean little where others
used it too. Linux only. ``--write`` writes a dated result file, and the README's table from the newest
figures of each measure.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import npm
from benchmarks.figures import README, RESULTS, dated, newest, write_results, write_sections
from benchmarks.peers import environment
from benchmarks.processes import busy_share
from benchmarks.reach import marked, reach_table
from benchmarks.reporting import markdown_table
from benchmarks.sandbox import BenchmarkError, default_program, sandbox
from benchmarks.speed import besides, footprint, handshake, indexing, restarting, saving, searching
from benchmarks.speed.measurement import Measurement
from benchmarks.speed.workbench import Workbench

__all__ = ["MEASURES"]

# In this order: the first three begin with a fresh data folder, and those that save change the clone.
MEASURES: dict[str, Callable[[Workbench], list[Measurement]]] = {
    "index-java": indexing.java,
    "index-peer": besides.semble,
    "index": indexing.from_nothing,
    "handshake": handshake.running,
    "handshake-cold": handshake.starting,
    "front-end": footprint.front_end,
    "search": searching.alone,
    "search-busy": searching.beside_an_index,
    "sessions": footprint.sessions,
    "restart": restarting.unchanged,
    "save-words": saving.by_words,
    "save-meaning": saving.by_meaning,
    "idle": footprint.idle,
}


QUIET = 0.1
"""Share of the processors' time up to which a machine counts as quiet."""
SAMPLE_S = 2.0


def main() -> int:
    options = _options()
    measured: dict[str, list[Measurement]] = {}
    failed: dict[str, str] = {}
    busy: dict[str, float] = {}
    with sandbox(options.whykeeper) as home:
        bench = Workbench(home, options.repos, options.sets, options.npm, options.environments)
        for name, measure in MEASURES.items():
            if name in (options.only or MEASURES):
                busy[name] = _settled(options.wait_quiet)
                bench.say(f"{name} (the machine is {busy[name]:.0%} busy with other things)")
                _try(name, measure, bench, measured, failed)
    parts = _parts(measured, busy)
    print(_table(parts))
    others = ", ".join(f"{name} {share:.0%}" for name, share in busy.items() if share > QUIET)
    print(f"\nbusy with other things just before: {others or 'never'}")
    for name, why in failed.items():
        print(f"\nnot measured: {name}: {why}")
    if options.out or options.write:
        folder = options.out or RESULTS
        print(f"\n{write_results(folder, 'speed', parts)}", file=sys.stderr)
        if options.write:
            speed = newest(folder, "speed")
            reach = reach_table(newest(folder, "retrieval"), speed, newest(folder, "verify"))
            write_sections(README, {"speed": dated(_table(speed), speed.values()), "reach": reach})
    return 1 if failed else 0


def _try(
    name: str,
    measure: Callable[[Workbench], list[Measurement]],
    bench: Workbench,
    measured: dict[str, list[Measurement]],
    failed: dict[str, str],
) -> None:
    """Measure one thing; what fails must not cost the others."""
    try:
        measured[name] = measure(bench)
    except BenchmarkError as error:
        failed[name] = str(error)
    except Exception as error:  # noqa: BLE001 - shown with its traceback, and counted as a failure
        traceback.print_exc()
        failed[name] = f"{type(error).__name__}: {error}"
    for line in measured.get(name, []):
        bench.say(f"  {line.measured}")
    if name in failed:
        bench.say(f"  not measured: {failed[name]}; the daemon's log ends:\n{bench.sandbox.log_tail()}")


def _settled(limit_s: float) -> float:
    """Wait a while for the machine to be quiet; say how busy it is."""
    deadline = time.monotonic() + limit_s
    while (share := busy_share(SAMPLE_S)) > QUIET and time.monotonic() < deadline:
        time.sleep(SAMPLE_S)
    return share


def _parts(measured: Mapping[str, list[Measurement]], busy: Mapping[str, float]) -> dict[str, Any]:
    return {
        name: {"lines": [line.to_json() for line in lines], "busy_before": busy[name]}
        for name, lines in measured.items()
    }


def _table(parts: Mapping[str, Any]) -> str:
    lines = [line for name in MEASURES if name in parts for line in parts[name]["lines"]]
    rows = [
        (line["what"], line["reach"], marked(line["measured"], line["holds"]), line["peer"]) for line in lines
    ]
    return markdown_table(("what", "reach", "measured", "peer"), rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repos", type=Path, required=True, nargs="+", help="folders with the checkouts")
    parser.add_argument(
        "--sets", type=Path, default=Path("../shared/eval"), help="folder with the evaluation sets"
    )
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), help="only these")
    parser.add_argument("--whykeeper", default=default_program(), help="the program to measure")
    parser.add_argument("--npm", type=Path, default=npm.default_folder(), help="folder for npm packages")
    parser.add_argument(
        "--environments", type=Path, default=environment.default_folder(), help="folder for peers"
    )
    parser.add_argument(
        "--wait-quiet",
        type=float,
        default=0.0,
        metavar="S",
        help="wait so long for a quiet machine, each time",
    )
    parser.add_argument("--out", type=Path, help=f"folder for a dated result file (--write: {RESULTS.name}/)")
    parser.add_argument("--write", action="store_true", help="write the README's tables")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
