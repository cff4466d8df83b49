"""``whykeeper serve --in-process`` as the operating system sees it."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whykeeper.daemon.library_settings import LIBRARY_SETTINGS

if TYPE_CHECKING:
    from conftest import BareClient, Machine

pytestmark = [
    pytest.mark.border,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at a process through /proc"),
]

COMMANDS = {
    "module": ["-m", "whykeeper.cli"],
    "module, isolated": ["-I", "-X", "utf8", "-m", "whykeeper.cli"],
    "console script": [str(Path(sysconfig.get_path("scripts")) / "whykeeper")],
}


def environment(client: BareClient) -> dict[str, str]:
    held = Path(f"/proc/{client.process.pid}/environ").read_bytes().split(b"\0")
    return dict(line.decode().split("=", 1) for line in held if line)


def serve(machine: Machine, *command: str, **env: str) -> BareClient:
    """Start it, and open its session with the first line, which it must not lose."""
    client = machine.in_process(command=[*command, "serve", "--in-process"], env=machine.env | env)
    assert client.open()["result"]["serverInfo"]["name"] == "whykeeper"
    return client


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_process_that_serves_alone_has_the_settings_of_the_daemon(
    machine: Machine, command: list[str]
) -> None:
    client = serve(machine, *command, ODD="a=b\nc")

    found = environment(client)

    assert found.items() >= {**LIBRARY_SETTINGS, **machine.env, "ODD": "a=b\nc"}.items()
    assert client.leave() == 0


def test_what_the_user_set_is_kept(machine: Machine) -> None:
    found = environment(serve(machine, "-m", "whykeeper.cli", MALLOC_ARENA_MAX="7"))

    assert found.items() >= {**LIBRARY_SETTINGS, "MALLOC_ARENA_MAX": "7"}.items()


def test_a_process_that_has_the_settings_is_not_executed_anew(machine: Machine) -> None:
    found = environment(serve(machine, "-m", "whykeeper.cli", **LIBRARY_SETTINGS))

    assert found == machine.env | LIBRARY_SETTINGS


def test_a_process_whose_settings_are_taken_away_again_is_executed_anew_once(
    machine: Machine, tmp_path: Path
) -> None:
    forgetful = (
        "import os\nfor name in [each for each in os.environ if 'MALLOC' in each]: del os.environ[name]\n"
    )
    (tmp_path / "sitecustomize.py").write_text(forgetful, encoding="utf-8")

    assert (
        environment(serve(machine, "-m", "whykeeper.cli", PYTHONPATH=str(tmp_path)))["MALLOC_ARENA_MAX"]
        == "2"
    )


def test_a_sandbox_that_forbids_it_is_named_and_served_in(machine: Machine) -> None:
    forbidding = (
        "import os, sys\n"
        "def forbid(*_): raise PermissionError(1, 'Operation not permitted')\n"
        "os.execve = forbid\n"
        "from whykeeper.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    log = machine.home / "said"
    with log.open("wb") as said:
        client = machine.in_process(command=["-c", forbidding, "serve", "--in-process"], stderr=said)
        assert client.open()["result"]["serverInfo"]["name"] == "whykeeper"

    assert "MALLOC_ARENA_MAX=2" in log.read_text(encoding="utf-8")
    assert "MALLOC_ARENA_MAX" not in environment(client)
