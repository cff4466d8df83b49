from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from whykeeper.rendering import human_bytes, human_seconds
from whykeeper_indexers.printable import printable

LONG = "docs/decisions/0012-a-name-that-leaves-no-room-beside-it.md"
SCRIPT = f"""
import os, sys
from pathlib import Path
from whykeeper.cli import main
from whykeeper.commands.runtime import Runtime
code = {{"id": "c1", "kind": "code", "path": "a.py", "lines": [1, 3], "title": "f", "text": "x + " * 60}}
prose = {{**code, "id": "d1", "kind": "document", "title": "T", "text": "word " * 60}}
far = {{**prose, "path": "{LONG}", "text": "", "title": "long " * 20}}
answer = {{"confident": True, "mode": "hybrid", "results": [code, prose, far], "notes": ["note " * 20]}}
runtime = Runtime(lambda *a: answer, lambda: False, os.environ, Path.cwd(), "whykeeper")
sys.exit(main(["search", "--repo", ".", "x"], runtime))
"""


def in_terminal(width: int, env: dict[str, str]) -> str:
    """Run the script in a terminal of its own and return what it showed."""
    pty = pytest.importorskip("pty")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-c", SCRIPT], {**env, "COLUMNS": str(width)})
    shown = b""
    try:
        while block := os.read(terminal, 4096):
            shown += block
    except OSError:
        # Linux's way to say that the other end has closed.
        pass
    os.waitpid(pid, 0)
    os.close(terminal)
    return shown.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.border
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_on_a_terminal_prose_is_folded_code_is_cut_and_colour_can_be_refused(isolated_home: Path) -> None:
    env = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}
    env.pop("NO_COLOR", None)
    shown = in_terminal(50, {**env, "NO_COLOR": "1"})
    assert "\x1b" not in shown
    assert [line for line in shown.splitlines() if len(line) > 50] == [f"   {LONG}:1-3"]
    assert "\n3. long" in shown
    assert "\n   long" in shown
    assert "\n      note note" in shown
    assert sum("word" in line for line in shown.splitlines()) > 3
    assert sum("x +" in line for line in shown.splitlines()) == 1
    assert "\x1b[" in in_terminal(50, env)


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (1023, "1023 B"), (2048, "2.0 kB"), (5 << 20, "5.0 MB"), (1 << 42, "4096.0 GB")],
)
def test_bytes_are_written_as_a_person_would(count: int, shown: str) -> None:
    assert human_bytes(count) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.4, "0 s"), (61, "1 min 1 s"), (3600, "1 h"), (200_000, "2 d 7 h")]
)
def test_durations_are_written_as_a_person_would(seconds: float, shown: str) -> None:
    assert human_seconds(seconds) == shown


def test_letters_of_every_script_and_joined_emoji_stay() -> None:
    text = "ä 漢字 नमस्ते عربى 👩\u200d💻\ttab\nline"
    assert printable(text) == text
