"""Memory and processes: of a front-end, of five sessions, of an idle daemon."""

from __future__ import annotations

import time
from contextlib import ExitStack

from benchmarks.processes import Footprint, add, descendants, footprint
from benchmarks.sandbox import BenchmarkError, wait_until
from benchmarks.speed.measurement import Measurement
from benchmarks.speed.workbench import PEER, Workbench

__all__ = ["front_end", "idle", "sessions"]

MOST_FRONT_END_MB = 15.0
MOST_IDLE_MB = 200.0
IDLE_S = 600.0
UNLOADED_LIMIT_S = 650.0
SESSIONS = 5


def front_end(bench: Workbench) -> list[Measurement]:
    """One session's own process, after it has listed tools and asked a question."""
    bench.ready()
    with bench.session() as client:
        bench.warm(client)
        client.request("tools/list", {})
        ours = footprint(client.process.pid)
        children = descendants(client.process.pid)
    with bench.connect(bench.peer) as client:
        client.handshake("legacy")
        client.request("tools/list", {})
        peer = footprint(client.process.pid)
    if children:
        raise BenchmarkError(f"the front-end has processes of its own: {children}")
    return [
        Measurement(
            "memory of one front-end (the process a client starts)",
            f"at most {MOST_FRONT_END_MB:g} MB",
            _say(ours),
            ours.rss <= MOST_FRONT_END_MB,
            f"{_say(peer)} (npm {PEER})",
            {"rss_mb": ours.rss, "pss_mb": ours.pss, "peer_rss_mb": peer.rss, "peer_pss_mb": peer.pss},
        )
    ]


def sessions(bench: Workbench) -> list[Measurement]:
    """Five sessions on one repository: how many daemons and encoders run."""
    bench.ready()
    bench.sandbox.stop_daemon()
    with ExitStack() as stack:
        # Started together with no daemon, so that they race for it.
        clients = [
            stack.enter_context(bench.connect(bench.sandbox.serve(bench.repo))) for _ in range(SESSIONS)
        ]
        for number, client in enumerate(clients):
            client.handshake("modern" if number % 2 else "legacy")
        for client in clients:
            bench.warm(client)
        daemons, encoders = len(bench.sandbox.daemons()), len(bench.encoders())
        pids = [bench.daemon().pid, *(p.pid for p in descendants(bench.daemon().pid))]
        shared = add([footprint(pid) for pid in pids])
        fronts = add([footprint(client.process.pid) for client in clients])
    return [
        Measurement(
            f"{SESSIONS} sessions on one repository, started together with no daemon",
            "one daemon, one encoder",
            f"{daemons} daemon, {encoders} encoder; together PSS {shared.pss + fronts.pss:.0f} MB, "
            f"of which the {SESSIONS} front-ends {fronts.pss:.0f} MB",
            (daemons, encoders) == (1, 1),
            values={
                "daemons": daemons,
                "encoders": encoders,
                "shared_pss_mb": shared.pss,
                "front_ends_pss_mb": fronts.pss,
            },
        )
    ]


def idle(bench: Workbench) -> list[Measurement]:
    """Two sessions stay attached and ask nothing."""
    bench.ready()
    bench.sandbox.stop_daemon()
    with bench.session() as first, bench.session() as second:
        bench.warm(first)
        bench.warm(second)
        bench.quiet(first)
        loaded = _daemon_and_children(bench)[0]
        asked_at = time.monotonic()
        wait_until(lambda: not bench.encoders(), UNLOADED_LIMIT_S, "the model to be unloaded", every_s=5)
        time.sleep(max(IDLE_S - (time.monotonic() - asked_at), 0))
        idle_s = time.monotonic() - asked_at
        alone, others = _daemon_and_children(bench)
    bench.sandbox.stop_daemon()
    children = "no other process" if not others else f"{others} other processes"
    return [
        Measurement(
            f"daemon with two sessions attached that have asked nothing for {idle_s / 60:.0f} minutes",
            f"at most {MOST_IDLE_MB:g} MB, model unloaded",
            f"{_say(alone)}, {children} ({_say(loaded)} while they asked)",
            alone.rss <= MOST_IDLE_MB,
            values={
                "asking_mb": loaded.rss,
                "idle_rss_mb": alone.rss,
                "idle_pss_mb": alone.pss,
                "other_processes": others,
            },
        )
    ]


def _daemon_and_children(bench: Workbench) -> tuple[Footprint, int]:
    daemon = bench.daemon().pid
    children = descendants(daemon)
    return add([footprint(pid) for pid in (daemon, *(child.pid for child in children))]), len(children)


def _say(memory: Footprint) -> str:
    return f"RSS {memory.rss:g} MB, PSS {memory.pss:g} MB"
