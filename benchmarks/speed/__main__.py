"""Measure every line of the table of speeds.

    python -m benchmarks.speed --repos DIR [--questions FILE] [--only NAME …] [--wait-quiet S] [--out DIR]

``DIR`` holds checkouts named ``OWNER+NAME``: steveyegge+beads, and modelcontextprotocol+python-sdk
and colinhacks+zod to index beside it. They are cloned, never written to. Everything runs in a
throw-away home with a data folder of its own. How busy the machine was before each measure is kept with
the figures: they mean little where others used it too. Linux only.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.npm import default_folder
from benchmarks.processes import busy_share
from benchmarks.reporting import environment, markdown_table, write_results
from benchmarks.sandbox import BenchmarkError, default_program, sandbox
from benchmarks.speed import footprint, handshake, indexing, restarting, saving, searching
from benchmarks.speed.measurement import Measurement
from benchmarks.speed.workbench import Workbench

__all__ = ["MEASURES"]

# In this order: the first wants a fresh data folder, and those that save change the clone.
MEASURES: dict[str, Callable[[Workbench], list[Measurement]]] = {
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
        bench = Workbench(home, options.repos, options.questions, options.npm)
        for name, measure in MEASURES.items():
            if name in (options.only or MEASURES):
                busy[name] = _settled(options.wait_quiet)
                bench.say(f"{name} (the machine is {busy[name]:.0%} busy with other things)")
                _try(name, measure, bench, measured, failed)
    lines = [line for found in measured.values() for line in found]
    print(markdown_table(("what", "reach", "measured", "peer"), [line.row for line in lines]))
    others = ", ".join(f"{name} {share:.0%}" for name, share in busy.items() if share > QUIET)
    print(f"\nbusy with other things just before: {others or 'never'}")
    for name, why in failed.items():
        print(f"\nnot measured: {name}: {why}")
    if options.out:
        print(f"\n{write_results(options.out, 'speed', _results(measured, failed, busy))}", file=sys.stderr)
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


def _results(
    measured: dict[str, list[Measurement]], failed: dict[str, str], busy: dict[str, float]
) -> dict[str, Any]:
    return {
        "environment": environment(),
        "busy_before": busy,
        "measures": {name: [line.to_json() for line in lines] for name, lines in measured.items()},
        "failed": failed,
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repos", type=Path, required=True, help="folder with the checkouts")
    parser.add_argument(
        "--questions", type=Path, default=Path("../shared/eval/beads.jsonl"), help="the questions to ask"
    )
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), help="only these")
    parser.add_argument("--whykeeper", default=default_program(), help="the program to measure")
    parser.add_argument("--npm", type=Path, default=default_folder(), help="folder for npm packages")
    parser.add_argument(
        "--wait-quiet",
        type=float,
        default=0.0,
        metavar="S",
        help="wait so long for a quiet machine, each time",
    )
    parser.add_argument("--out", type=Path, help="folder for a dated result file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
