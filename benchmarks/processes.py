"""What the kernel says of processes. Linux only, as the figures in the table are."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Footprint", "Process", "add", "busy_share", "descendants", "footprint", "processes"]


@dataclass(frozen=True, slots=True)
class Process:
    """A running process.

    Attributes:
        pid: Its number.
        parent: Its parent's.
        command: Its command line, spaces between the arguments.
    """

    pid: int
    parent: int
    command: str

    @property
    def environment(self) -> str:
        """What it was started with; empty when that is another user's, or the process has gone."""
        try:
            return Path(f"/proc/{self.pid}/environ").read_bytes().decode("utf-8", "replace")
        except OSError:
            return ""


@dataclass(frozen=True, slots=True)
class Footprint:
    """Memory of one or more processes, in megabytes (10**6 bytes would flatter: these are 2**20).

    Attributes:
        rss: Resident, shared pages counted in full.
        pss: Resident, each shared page divided by those who share it.
    """

    rss: float
    pss: float


def processes() -> list[Process]:
    """List the processes that run, without zombies and kernel threads."""
    return list(_all())


def _all() -> Iterator[Process]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            # The name before it is in brackets and may hold anything.
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if command and fields[0] != "Z":
            yield Process(int(folder.name), int(fields[1]), command.strip())


def descendants(pid: int) -> list[Process]:
    """A process's children, and theirs."""
    running = processes()
    found: list[Process] = []
    parents = {pid}
    while parents:
        children = [process for process in running if process.parent in parents]
        found += children
        parents = {process.pid for process in children}
    return found


def footprint(pid: int) -> Footprint:
    """Read a process's memory.

    Raises:
        OSError: It has gone.
    """
    values: dict[str, float] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]:
        name, _, rest = line.partition(":")
        values[name] = int(rest.split()[0]) / 1024
    return Footprint(round(values["Rss"], 1), round(values["Pss"], 1))


def add(parts: Sequence[Footprint]) -> Footprint:
    """Add up several processes' memory."""
    return Footprint(round(sum(p.rss for p in parts), 1), round(sum(p.pss for p in parts), 1))


def busy_share(seconds: float) -> float:
    """Watch the processors for a while; the share of their time that somebody used, 0 to 1."""
    before = _used_s()
    started = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - started
    return round(min((_used_s() - before) / (took * (os.cpu_count() or 1)), 1.0), 2)


def _used_s() -> float:
    fields = Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0].split()[1:]
    user, nice, system, _idle, _waiting, irq, softirq, steal = map(int, fields[:8])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
