"""A full disk, a read-only repository, no watches left, no permission: through the real processes.

Mounts and limits are made in a user namespace of their own, so that nothing else feels them.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import GitFolder

pytestmark = pytest.mark.border

LIMIT_S = 60
WHYKEEPER = f"{shlex.quote(sys.executable)} -m whykeeper.cli"

UNTIL_INDEXED = f"""\
tries=0
until {WHYKEEPER} status --json 2>/dev/null | grep -q '"state": "complete"' || [ $((tries += 1)) -gt 100 ]
do sleep 0.1
done
"""


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class Shell:
    """Runs a few commands, the daemon's end always among them."""

    def __init__(self, home: Path, root: Path) -> None:
        self.home = home
        self.root = root
        self.runtime = Path(tempfile.mkdtemp(prefix="wk"))
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        self.env |= {"XDG_RUNTIME_DIR": str(self.runtime), "WHYKEEPER_DATA_DIR": str(home / "data")}
        # A server that is not there: without vectors nothing is encoded, and no model is loaded.
        self.env |= {"WHYKEEPER_VECTORS__MODE": "server", "WHYKEEPER_VECTORS__PORT": "9"}

    def namespace(self, setting_up: str, *commands: str) -> list[Ran]:
        """Run verbs after something was done to the namespace they run in."""
        return self.run(["unshare", "-Urm"], setting_up, *commands)

    def run(self, prefix: list[str], setting_up: str, *commands: str) -> list[Ran]:
        marked = "".join(
            f"{WHYKEEPER} {command} >{self.home}/out 2>{self.home}/err; "
            f'printf \'%s\\0\' $? "$(cat {self.home}/out)" "$(cat {self.home}/err)"\n'
            for command in commands
        )
        script = f"cd {self.root}\n{setting_up}\ncd .\n{marked}{WHYKEEPER} daemon stop >/dev/null 2>&1\n"
        done = subprocess.run(
            [*prefix, "sh", "-c", script],
            env=self.env,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
        parts = done.stdout.split("\0")[:-1]
        assert len(parts) == 3 * len(commands), done.stderr
        return [
            Ran(int(code), out, err)
            for code, out, err in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        ]


@pytest.fixture
def shell(isolated_home: Path, git_folder: GitFolder, compiled_rules: Path) -> Iterator[Shell]:
    shutil.copytree(compiled_rules, isolated_home / "data" / "rules")
    git_folder.write("note.md", "# Note\n\nThe pelican rests.\n")
    git_folder.commit("Begin")
    shell = Shell(isolated_home, git_folder.root)
    yield shell
    shutil.rmtree(shell.runtime)


@pytest.fixture
def namespaces() -> None:
    """Skip where a user may make no namespace of their own."""
    tried = subprocess.run(["unshare", "-Urm", "true"], capture_output=True) if _has("unshare") else None
    if tried is None or tried.returncode:
        pytest.skip("no user namespaces here")


def _has(program: str) -> bool:
    return sys.platform == "linux" and shutil.which(program) is not None


def complaint(ran: Ran) -> str:
    """The one line that says what is wrong, where it is the user's to mend."""
    assert ran.code == 1, ran
    assert "Traceback" not in ran.err
    lines = [line for line in ran.err.splitlines() if line.startswith("whykeeper: ")]
    assert [line.split(": ")[1] for line in lines] == ["error", "hint"], ran.err
    return lines[0]


def found(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran
    answer = json.loads(ran.out)
    assert isinstance(answer, dict)
    return answer


@pytest.mark.usefixtures("namespaces")
def test_a_full_disk_is_said_in_one_line_and_answers_go_on(shell: Shell) -> None:
    full = shell.home / "data"
    fill = f"cat /dev/zero > {full}/filler 2>/dev/null"
    add = "seq 60000 | sed 's/^/The heron number /' > late.md"
    index, search, status = shell.namespace(
        f"mount -t tmpfs -o size=4m tmpfs {full}\n{UNTIL_INDEXED}{fill}\n{add}",
        "index",
        "search --json pelican",
        "status --json",
    )

    assert "no room left" in complaint(index)
    assert found(search)["results"][0]["path"] == "note.md"
    assert any("no room left" in note for note in found(search)["notes"])
    assert any("no room left" in note for note in found(status)["notes"])


@pytest.mark.usefixtures("namespaces")
def test_a_repository_that_cannot_be_written_is_read(shell: Shell) -> None:
    root = shell.root
    listed, read = shell.namespace(
        f"mount --bind {root} {root} && mount -o remount,ro,bind {root} && ! touch {root}/x 2>/dev/null\n"
        f"{UNTIL_INDEXED}",
        "status --files note.md --json",
        "read note.md --json",
    )

    assert found(listed)["files"][0]["indexed"] is True
    assert "The pelican rests." in found(read)["text"]


@pytest.mark.usefixtures("namespaces")
def test_without_a_watch_left_it_polls_and_misses_nothing(shell: Shell) -> None:
    for number in range(8):
        (shell.root / f"folder{number}").mkdir()
        (shell.root / f"folder{number}/a.md").write_text("# A\n", encoding="utf-8")
    status, later = shell.namespace(
        f"echo 4 > /proc/sys/user/max_inotify_watches\n{UNTIL_INDEXED}",
        "status --json",
        "status --files late.md --json --repo $(echo '# Late' > late.md; pwd)",
    )

    watch = found(status)["watch"]
    assert watch["state"] == "polling"
    assert "no inotify watches are left" in watch["note"]
    assert "sysctl fs.inotify.max_user_watches" in watch["note"]
    assert found(later)["files"][0]["indexed"] is True


@pytest.mark.usefixtures("namespaces")
def test_what_may_not_be_read_or_written_is_said_in_one_line(shell: Shell, tmp_path: Path) -> None:
    (shell.root / "closed.md").write_text("# Closed\n", encoding="utf-8")
    (shell.root / "closed.md").chmod(0o000)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o000)
    # Without a name of its own in the namespace, even root may read no more than its files allow.
    listed, folder = shell.run(
        ["unshare", "-U"],
        UNTIL_INDEXED,
        "status --files closed.md note.md --json",
        f"search --repo {closed} pelican",
    )
    (data,) = shell.run(["unshare", "-U"], f"export WHYKEEPER_DATA_DIR={closed}/data", "search pelican")

    files = {each["path"]: each for each in found(listed)["files"]}
    assert (files["closed.md"]["reason"], files["note.md"]["indexed"]) == ("unreadable", True)
    assert str(closed) in complaint(folder)
    assert f"{closed}/data" in complaint(data)
