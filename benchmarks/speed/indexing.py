"""A repository from nothing: until it is found by words, and by meaning."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.sandbox import BenchmarkError, at_pin
from benchmarks.speed.measurement import Measurement
from benchmarks.speed.workbench import INDEX_LIMIT_S, Workbench
from whykeeper_indexers.types import Kind

__all__ = ["from_nothing", "java"]

MOST_WORDS_S = 10.0
MOST_MEANING_S = 30.0
WORTHY = ("decision", "convention", "document", "plan")
"""What the table wants by meaning within its time; code and commits are encoded after them."""
POLL_S = 1.0
"""Counting what is indexed costs the daemon time too."""
JAVA = "JabRef+jabref"
"""4,413 files; 2,976 of them hold 346,592 lines of Java, beside tests' data and documents."""
JAVA_PIN = "edbf3b13ad2806e4460f1d477ddcb087984c8459"
JAVA_WORDS_S = 15.0
JAVA_MEANING_S = 90.0
HOW = "a fresh data folder and no daemon; the model's files are installed, nothing of it is cached"


@dataclass(slots=True)
class _Times:
    words: float
    meaning: float
    transformer: float
    everything: float
    result: dict[str, Any]


def from_nothing(bench: Workbench) -> list[Measurement]:
    """Run ``whykeeper index`` and follow it through ``memory_status``."""
    bench.sandbox.stop_daemon()
    bench.sandbox.forget(everything=True)
    times = _follow(bench, bench.repo, WORTHY)
    bench.note_indexed()
    files, chunks = times.result["files"], times.result["chunks"]
    after = times.meaning - times.words
    values = {
        "words_s": times.words, "worthy_meaning_s": times.meaning,
        "worthy_transformer_s": times.transformer, "everything_s": times.everything,
        "result": {name: times.result[name] for name in ("files", "chunks", "by_kind", "words_s", "took_s")},
    }  # fmt: skip
    return [
        Measurement(
            f"beads searchable by words, history too ({files:,} files, {chunks:,} chunks; {HOW})",
            f"{MOST_WORDS_S:g} s", f"{times.words:.1f} s", times.words <= MOST_WORDS_S, values=values,
        ),
        Measurement(
            "… its decisions, conventions and documents by meaning, after that (with provisional vectors)",
            f"{MOST_MEANING_S:g} s", f"{max(after, 0):.1f} s", after <= MOST_MEANING_S,
        ),
        Measurement(
            "… the same read by the transformer, after that", "–", f"{times.transformer - times.words:.1f} s"
        ),
        Measurement("… and everything by meaning, from the start", "–", f"{times.everything:.1f} s"),
    ]  # fmt: skip


def java(bench: Workbench) -> list[Measurement]:
    """Index the large Java repository twice: the first time on a machine, and once more from nothing."""
    checkout = bench.checkout(JAVA)
    at_pin(checkout, JAVA_PIN)
    lines: list[Measurement] = []
    for when in ("the first time on a machine", "secret scanner's rules compiled, static model distilled"):
        bench.sandbox.stop_daemon()
        bench.sandbox.forget(everything=not lines)
        times = _follow(bench, checkout, tuple(Kind))
        result = times.result
        values = {name: result[name] for name in ("files", "chunks", "by_kind", "words_s", "took_s")}
        lines += [
            Measurement(
                f"{JAVA.replace('+', '/')} from nothing, by words ({result['files']:,} files, "
                f"{result['chunks']:,} chunks, history too; {when})",
                f"{JAVA_WORDS_S:g} s", f"{times.words:.1f} s", times.words <= JAVA_WORDS_S, values=values,
                asked_for=True,
            ),
            Measurement(
                "… everything by meaning, with provisional vectors of the static model",
                f"{JAVA_MEANING_S:g} s on two cores", f"{times.meaning:.1f} s",
                times.meaning <= JAVA_MEANING_S, asked_for=True,
            ),
            Measurement(
                "… everything by meaning, prose and descriptions of code read by the transformer",
                f"{JAVA_MEANING_S:g} s on two cores", f"{times.everything:.1f} s",
                times.everything <= JAVA_MEANING_S, asked_for=True,
            ),
        ]  # fmt: skip
    bench.sandbox.stop_daemon()
    bench.sandbox.forget(everything=True)
    return lines


def _follow(bench: Workbench, repo: Path, kinds: Sequence[str]) -> _Times:
    command = [bench.sandbox.program, "index", "--repo", str(repo), "--json"]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=bench.sandbox.env, cwd=bench.sandbox.home,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        seen = _poll(bench, repo, process, started)
        output, _ = process.communicate(timeout=INDEX_LIMIT_S)
    finally:
        process.kill()
    everything = time.perf_counter() - started
    if process.returncode != 0:
        raise BenchmarkError(f"`whykeeper index` ended with {process.returncode}")
    result = json.loads(output)
    # What the command reports counts from when the daemon took it: starting counts here.
    words = everything - result["took_s"] + result["words_s"]
    after = [(at, index) for at, index in seen if at >= words]
    meaning = next((at for at, index in after if not _unfound(index, kinds)), everything)
    transformer = next((at for at, index in after if not index["waiting"].keys() & set(kinds)), everything)
    return _Times(words, meaning, transformer, everything, result)


def _unfound(index: dict[str, Any], kinds: Sequence[str]) -> int:
    """How many passages of some kinds no vector stands for, not even a provisional one."""
    waiting, bridged = index["waiting"], index["bridged"]
    return sum(max(waiting.get(kind, 0) - bridged.get(kind, 0), 0) for kind in kinds)


def _poll(
    bench: Workbench, repo: Path, process: subprocess.Popen[str], started: float
) -> list[tuple[float, dict[str, Any]]]:
    seen: list[tuple[float, dict[str, Any]]] = []
    with bench.session(repo) as client:
        while process.poll() is None and time.perf_counter() - started < INDEX_LIMIT_S:
            status = client.tool("memory_status", {})
            seen.append((time.perf_counter() - started, status["index"]))
            time.sleep(POLL_S)
    return seen
