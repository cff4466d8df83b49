"""A daemon that starts again with nothing changed."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.reporting import quantile
from benchmarks.sandbox import BenchmarkError
from benchmarks.speed.measurement import Measurement
from benchmarks.speed.workbench import Workbench
from benchmarks.stdio import StdioClient

__all__ = ["unchanged"]

MOST_S = 2.0
ROUNDS = 3
LIMIT_S = 90.0
PAUSE_S = 0.02


def unchanged(bench: Workbench) -> list[Measurement]:
    """Stop the daemon, start a session and ask, until the answer is the whole index's."""
    bench.ready()
    with bench.session() as client:
        bench.warm(client)
        bench.quiet(client)
        expected = _chunks(client)
    first: list[float] = []
    full: list[float] = []
    hybrid: list[float] = []
    for number in range(ROUNDS):
        bench.sandbox.stop_daemon()
        times = _restart(bench, bench.questions[number], expected)
        for values, value in zip((first, full, hybrid), times, strict=True):
            values.append(round(value, 3))
    return [
        Measurement(
            f"restart with nothing changed → a search answers from the full index ({expected:,} chunks; "
            f"from process start; median of {ROUNDS})",
            f"under {MOST_S:g} s",
            f"{_median(full):.2f} s (first answer of any kind {_median(first):.2f} s)",
            _median(full) < MOST_S,
            values={"first_s": first, "full_s": full, "hybrid_s": hybrid},
        ),
        Measurement("… and by meaning too", "–", f"{_median(hybrid):.2f} s"),
    ]


def _restart(bench: Workbench, question: str, expected: int) -> tuple[float, float, float]:
    with bench.connect(bench.sandbox.serve(bench.repo)) as client:
        client.handshake("modern")
        first = full = 0.0
        while True:
            answer = client.tool("search_memory", {"query": question})
            now = time.perf_counter() - client.started
            first = first or now
            if not full and _whole(answer):
                full = now
                if _chunks(client) != expected:
                    raise BenchmarkError("the index differs after a restart with nothing changed")
            if answer["mode"] == "hybrid" and full:
                return first, full, now
            if now > LIMIT_S:
                raise BenchmarkError(f"not whole and hybrid within {LIMIT_S:.0f} s: {answer.get('notes')}")
            time.sleep(PAUSE_S)


def _whole(answer: dict[str, Any]) -> bool:
    """Whether nothing is said to be missing but meaning."""
    lacking = [note for note in answer.get("notes", []) if "incomplete" in note or "out of date" in note]
    return bool(answer["results"]) and not lacking


def _chunks(client: StdioClient) -> int:
    return int(client.tool("memory_status", {})["index"]["chunks"])


def _median(values: list[float]) -> float:
    return quantile([value * 1000 for value in values], 0.5) / 1000
