"""Killed at any moment, everything gets complete again, and nothing in the repository changes."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Machine

pytestmark = pytest.mark.border

ROUNDS = int(os.environ.get("WHYKEEPER_TEST_KILLS", "2"))
FILES = 240
PATIENCE_S = 60.0


@pytest.fixture
def many(checkout: Any) -> Any:
    """The checkout with a few hundred files of all kinds."""
    for number in range(FILES // 3):
        text = "".join(f"## Part {part}\n\nQuokka{number}x{part} decides.\n\n" for part in range(4))
        checkout.write(f"docs/pages/{number:03}.md", f"# Page {number}\n\n{text}")
        checkout.write(f"src/part{number:03}.py", f"def handle{number}():\n    '''Does wombat{number}.'''\n")
        record = (
            f"# {number + 2}. Choose {number}\n\n## Status\n\nAccepted\n\n## Decision\n\nDingo{number}.\n"
        )
        checkout.write(f"docs/adr/{number + 2:04}-choose-{number}.md", record)
    checkout.commit("Pages\n\nBecause a test needs a history with a reason in it.")
    return checkout


def fingerprint(folder: Path, root: Path | None = None) -> dict[str, tuple[str, int]]:
    """Every file of a folder: its content and when it was written."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(root or folder))] = (digest, path.stat().st_mtime_ns)
    return found


def processes(named: str, under: int | None = None) -> list[int]:
    """Running processes with a word on their command line, and a certain parent."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (process / "cmdline").read_bytes().decode(errors="replace")
            parent = int((process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
            if named in command and under in {None, parent}:
                found.append(int(process.name))
    return found


def test_a_killed_parser_costs_no_file(machine: Machine, many: Any) -> None:
    before = fingerprint(many.root)
    desk = machine.sit(many.root)
    choose = random.Random(7)
    for _ in range(4):
        time.sleep(choose.uniform(0.0, 0.5))
        for victim in processes("parse_worker", os.getpid())[:1]:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
    desk.wait(lambda: desk.memory.indexer.complete and not desk.memory.indexer.problem)
    told = desk.index()
    assert told["files"] == FILES + 4 and "unreadable" not in told["excluded"]
    assert fingerprint(many.root) == before


class RealMachine:
    """A user's machine with the real daemon, started by the command line, on a model of a few kilobytes."""

    def __init__(self, home: Path, root: Path, model: Path) -> None:
        self.root = root
        self.data_dir = home / "data"
        self.runtime_dir = Path(tempfile.mkdtemp(prefix="wk"))
        self.env = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(self.runtime_dir),
            "WHYKEEPER_DATA_DIR": str(self.data_dir),
            "WHYKEEPER_MODEL__NAME": str(model),
            "WHYKEEPER_MODEL__CODE": "transformer",
            "WHYKEEPER_SECRETS__ENABLED": "false",
        }

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "whykeeper.cli", *arguments],
            cwd=self.root,
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def run(self, *arguments: str) -> dict[str, Any]:
        done = self.command(*arguments, "--json")
        out, _ = done.communicate(timeout=PATIENCE_S)
        assert done.returncode == 0, (arguments, out)
        found: dict[str, Any] = json.loads(out)
        return found

    @property
    def daemons(self) -> list[int]:
        """The daemon, when it runs; one that was killed may keep its number, but no command."""
        with suppress(OSError, ValueError):
            pid = int(json.loads((self.data_dir / "daemon.json").read_text(encoding="utf-8"))["pid"])
            return [pid] if Path(f"/proc/{pid}/cmdline").read_bytes() else []
        return []

    @property
    def encoders(self) -> list[int]:
        """The encoder's process, when there is one."""
        return [pid for daemon in self.daemons for pid in processes("encoder.process", daemon)]

    def close(self) -> None:
        self.command("daemon", "stop").communicate(timeout=PATIENCE_S)
        shutil.rmtree(self.runtime_dir)


@pytest.fixture
def real(isolated_home: Path, compiled_rules: Path, many: Any, tiny_model: Path) -> Iterator[RealMachine]:
    shutil.copytree(compiled_rules, isolated_home / "data" / "rules")
    machine = RealMachine(isolated_home, many.root, tiny_model)
    yield machine
    machine.close()


def wait_for(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.002)
    return found


def test_a_killed_daemon_or_encoder_loses_nothing(real: RealMachine) -> None:
    before = fingerprint(real.root)
    choose = random.Random(os.environ.get("WHYKEEPER_TEST_SEED", "11"))
    for number in range(ROUNDS):
        for page in choose.sample(range(FILES // 3), 20):
            file = real.root / f"docs/pages/{page:03}.md"
            file.write_text(file.read_text(encoding="utf-8") + f"\n## Round {number}\n\nEmu.\n", "utf-8")
            before |= fingerprint(file.parent, real.root)
        running = real.command("index")
        of_daemon = number % 2 == 0
        victims = wait_for(partial(getattr, real, "daemons" if of_daemon else "encoders"))
        time.sleep(choose.uniform(0.0, 2.5))
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        running.communicate(timeout=PATIENCE_S)
        assert running.returncode == 0 or of_daemon
    told = real.run("index")
    assert told["files"] == FILES + 4 and told["excluded"] == {}
    assert told["notes"] == []
    state = real.run("status")
    assert state["index"]["waiting"] == {} and state["notes"] == []
    assert "src/part041.py" in [each["path"] for each in real.run("search", "wombat41")["results"]]
    assert fingerprint(real.root) == before
