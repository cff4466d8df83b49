"""From the start of a server process to its answer to the opening message."""

from __future__ import annotations

import time
from collections.abc import Sequence

from benchmarks.reporting import quantile
from benchmarks.speed.measurement import Measurement, spread
from benchmarks.speed.workbench import PEER, Workbench
from benchmarks.stdio import ERAS

__all__ = ["running", "starting"]

ROUNDS = 30
COLD_ROUNDS = 6
MOST_OF_PEER = 0.3
MOST_COLD_MS = 1000.0
PAUSE_S = 0.05


def running(bench: Workbench) -> list[Measurement]:
    """With the daemon running: whykeeper in both eras and the peer, in turn."""
    bench.ready()
    peer = bench.peer
    serve = bench.sandbox.serve(bench.repo)
    taken: dict[str, list[float]] = {"modern": [], "legacy": [], "peer": []}
    with bench.session() as client:
        bench.quiet(client)
        for _ in range(ROUNDS):
            for era in ERAS:
                taken[era].append(_handshake(bench, serve, era))
            # The peer knows the older era alone.
            taken["peer"].append(_handshake(bench, peer, "legacy"))
    return [_beside_peer(era, taken[era], taken["peer"]) for era in ERAS]


def starting(bench: Workbench) -> list[Measurement]:
    """With no daemon: each time it is started anew, on the data of an indexed repository."""
    bench.ready()
    serve = bench.sandbox.serve(bench.repo)
    taken: dict[str, list[float]] = {era: [] for era in ERAS}
    for round_number in range(COLD_ROUNDS):
        era = ERAS[round_number % 2]
        bench.sandbox.stop_daemon()
        taken[era].append(_handshake(bench, serve, era))
    both = [value for values in taken.values() for value in values]
    return [
        Measurement(
            f"start → handshake answered, no daemon ({COLD_ROUNDS} starts, eras in turn)",
            "under 1.0 s",
            f"median {quantile(both, 0.5):g} ms, worst {max(both):.0f} ms",
            max(both) < MOST_COLD_MS,
            values={f"{era}_ms": values for era, values in taken.items()},
        )
    ]


def _handshake(bench: Workbench, command: Sequence[str], era: str) -> float:
    time.sleep(PAUSE_S)
    with bench.connect(list(command)) as client:
        client.handshake(era)
        return round((time.perf_counter() - client.started) * 1000, 2)


def _beside_peer(era: str, ours: list[float], peer: list[float]) -> Measurement:
    ratio = quantile(ours, 0.5) / quantile(peer, 0.5)
    method = "server/discover" if era == "modern" else "initialize"
    return Measurement(
        f"start → handshake answered, daemon running, `{method}` (n={len(ours)}, in turn with the peer)",
        f"at most {MOST_OF_PEER} of npm {PEER}",
        f"{spread(ours)}; ratio of medians {ratio:.2f}",
        ratio <= MOST_OF_PEER,
        f"{spread(peer)} (`initialize`)",
        {"ours_ms": ours, "peer_ms": peer},
    )
