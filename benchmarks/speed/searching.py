"""Questions over MCP, with nothing else to do and beside a full index."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import count, product

from benchmarks.reporting import quantile
from benchmarks.sandbox import BenchmarkError
from benchmarks.speed.measurement import Measurement, spread
from benchmarks.speed.workbench import OTHERS, Workbench
from benchmarks.stdio import StdioClient

__all__ = ["alone", "beside_an_index"]

MOST_MS = 30.0
MOST_INSIDE_MS = (8.0, 15.0)
"""Median and 95th percentile in the daemon, from a tool's call to its answer: without MCP and the pipe."""
MOST_BUSY_MS = 100.0
PAUSE_S = 0.05
"""Between questions, as an agent that thinks leaves one; it empties the processor's caches."""
ROUNDS = 8
BUSY_LIMIT_S = 120.0
"""An index that takes longer is cut off: that many questions are enough."""
# A question that was asked before needs no encoding: each round asks it in other words.
TURNS = (
    "", "in this project", "at present", "as far as anyone recorded", "for a newcomer",
    "in short", "with its reason", "before I change it",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Taken:
    """Milliseconds of each answer: as the client saw them, and as the answer tells them."""

    seen_ms: list[float]
    told_ms: list[float]


def alone(bench: Workbench) -> list[Measurement]:
    """With the model loaded and nothing else running."""
    bench.ready()
    with bench.session() as client:
        bench.warm(client)
        bench.quiet(client)
        chunks = client.tool("memory_status", {})["index"]["chunks"]
        asked = _questions(bench)
        wanted = len(bench.questions) * ROUNDS
        paces = {
            f"{pause_s * 1000:g} ms apart" if pause_s else "one after another": _ask(
                client, asked, lambda: False, wanted, pause_s
            )
            for pause_s in (0.0, PAUSE_S)
        }
    return [
        measured
        for pace, taken in paces.items()
        for measured in (
            Measurement(
                f"warm `search_memory` over MCP, {chunks:,} chunks, hybrid "
                f"({len(taken.seen_ms)} questions, no two alike, {pace}; default limit and budget)",
                f"p95 at most {MOST_MS:g} ms",
                spread(taken.seen_ms),
                quantile(taken.seen_ms, 0.95) <= MOST_MS,
                values={**asdict(taken), "chunks": chunks},
            ),
            _inside(pace, taken),
        )
    ]


def _inside(pace: str, taken: _Taken) -> Measurement:
    middle, most = MOST_INSIDE_MS
    return Measurement(
        f"… of that inside the daemon, as each answer tells ({pace})",
        f"p50 at most {middle:g} ms, p95 at most {most:g} ms",
        spread(taken.told_ms),
        quantile(taken.told_ms, 0.5) <= middle and quantile(taken.told_ms, 0.95) <= most,
    )


def beside_an_index(bench: Workbench) -> list[Measurement]:
    """While other repositories are indexed from nothing by the same daemon."""
    bench.ready()
    seen: list[float] = []
    told: list[float] = []
    seconds = 0.0
    with bench.session() as client:
        bench.warm(client)
        bench.quiet(client)
        asked = _questions(bench)
        for number in range(2):
            started = time.monotonic()
            process = _start_index(bench, number)
            try:
                taken = _ask(client, asked, _ended(process), 10**6, PAUSE_S)
                ended = process.poll()
            finally:
                process.kill()
                process.wait(10)
            seen += taken.seen_ms
            told += taken.told_ms
            seconds += time.monotonic() - started
            if ended not in (0, None):
                raise BenchmarkError(f"the index beside it ended with {ended}")
    names = " and ".join(name.partition("+")[2] for name in OTHERS[:2])
    return [
        Measurement(
            f"the same while {names} are indexed from nothing "
            f"({len(seen)} questions over {seconds:.0f} s, {PAUSE_S * 1000:g} ms apart)",
            f"p95 at most {MOST_BUSY_MS:g} ms",
            spread(seen),
            quantile(seen, 0.95) <= MOST_BUSY_MS,
            values={"seen_ms": seen, "told_ms": told},
        )
    ]


def _start_index(bench: Workbench, number: int) -> subprocess.Popen[bytes]:
    command = [bench.sandbox.program, "index", "--repo", str(bench.other(number))]
    return subprocess.Popen(
        command, env=bench.sandbox.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _ended(process: subprocess.Popen[bytes]) -> Callable[[], bool]:
    return lambda: process.poll() is not None


def _ask(
    client: StdioClient, asked: Iterator[str], ended: Callable[[], bool], most: int, pause_s: float
) -> _Taken:
    taken = _Taken([], [])
    deadline = time.monotonic() + BUSY_LIMIT_S
    while not ended() and len(taken.seen_ms) < most and time.monotonic() < deadline:
        question = next(asked)
        started = time.perf_counter()
        answer = client.tool("search_memory", {"query": question})
        taken.seen_ms.append(round((time.perf_counter() - started) * 1000, 2))
        taken.told_ms.append(answer["took_ms"])
        if answer["mode"] != "hybrid":
            raise BenchmarkError(f"an answer was {answer['mode']}: {answer.get('notes')}")
        time.sleep(pause_s)
    return taken


def _questions(bench: Workbench) -> Iterator[str]:
    """Every question in every turn, without an end and without repeating one."""
    for lap in count():
        for turn, question in product(TURNS, bench.questions):
            yield f"{question} {turn}{f' {lap}' if lap else ''}".strip()
