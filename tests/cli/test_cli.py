from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import whykeeper as package
from whykeeper.commands.runtime import default_runtime
from whykeeper_indexers.errors import DaemonError, NotFoundError

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

VERBS = [
    *("init", "index", "search", "context", "explain", "read", "status", "gaps", "links", "stale"),
    *("plan", "resume", "verify", "constraints"),
    *("watch", "install", "uninstall", "hook", "serve", "daemon"),
    *("doctor", "purge", "version"),
]
GROUPS = {"daemon", "plan"}


def test_help_names_every_verb(whykeeper: CommandLine) -> None:
    ran = whykeeper("--help")
    assert ran.code == 0
    assert [
        line.split()[0] for line in ran.out.partition("Commands:")[2].splitlines() if line.strip()
    ] == VERBS
    assert "..." not in ran.out.partition("Commands:")[2]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(whykeeper: CommandLine, verb: str) -> None:
    ran = whykeeper(verb, "--help")
    assert ran.code == 0
    assert f"Usage: whykeeper {verb}" in ran.out


@pytest.mark.parametrize(
    "verb", [*(verb for verb in VERBS if verb not in GROUPS | {"hook", "serve"}), "daemon logs", "plan list"]
)
def test_every_verb_takes_repo_and_json(whykeeper: CommandLine, verb: str) -> None:
    text = whykeeper(*verb.split(), "--help").out
    assert "--repo PATH" in text
    assert "--json" in text


def test_version_is_the_packages(whykeeper: CommandLine) -> None:
    assert whykeeper("version").out == f"whykeeper {package.__version__}\n"
    assert whykeeper("version", "--json").json == {"version": package.__version__}
    assert package.__version__ in whykeeper("--version").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serch", "x"], "Did you mean 'search'?"),
        (["zzz"], "No such command 'zzz'."),
        (["search", "--limit", "0", "x"], "0 is not in the range"),
        (["search", "--kind", "poem", "x"], "'poem' is not one of"),
        (["search", "--nope", "x"], "No such option"),
        (["search"], "Missing argument"),
        (["install", "emacs"], "'emacs' is not one of"),
        (["daemon", "restart"], "No such command"),
    ],
)
def test_wrong_usage_is_code_2_and_says_what_is_wrong(
    whykeeper: CommandLine, arguments: list[str], said: str
) -> None:
    ran = whykeeper(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_users_error_is_code_1_one_line_and_a_hint(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["read"] = NotFoundError("no item has the id\nd9", "search for it")
    ran = whykeeper("read", "d9")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "whykeeper: error: no item has the id d9\nwhykeeper: hint: search for it\n"


def test_an_error_cannot_drive_the_terminal(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["read"] = NotFoundError("\x1b[2Jgone")
    assert "\x1b" not in whykeeper("read", "d9").err


@pytest.mark.parametrize("fault", [DaemonError("the daemon went away"), ValueError("a bug\nof ours")])
def test_our_fault_is_code_3_and_the_log_holds_the_traceback(
    whykeeper: CommandLine, fault: Exception
) -> None:
    whykeeper.daemon.answers["read"] = fault
    ran = whykeeper("read", "d9")
    assert (ran.code, ran.out) == (3, "")
    assert str(fault).replace("\n", " ") in ran.err
    log = Path(ran.err.splitlines()[-1].removeprefix("whykeeper: log: "))
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert log.parent == whykeeper.runtime.locations.log_dir
    assert os.name != "posix" or log.stat().st_mode & 0o077 == 0


def test_without_a_place_for_logs_the_log_goes_to_the_temporary_folder(
    whykeeper: CommandLine, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    whykeeper.change(env={**os.environ, "WHYKEEPER_DATA_DIR": str(blocked / "below")})
    whykeeper.daemon.answers["read"] = ValueError("a bug")
    log = Path(whykeeper("read", "d9").err.splitlines()[-1].removeprefix("whykeeper: log: "))
    assert "a bug" in log.read_text(encoding="utf-8")
    log.unlink()


def test_a_relative_data_folder_is_refused_in_one_line_and_makes_no_folder(
    whykeeper: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHYKEEPER_DATA_DIR", "rel")
    monkeypatch.chdir(whykeeper.runtime.cwd)
    whykeeper.change(call=default_runtime().call)
    for arguments in (("status",), ("purge", "--yes"), ("daemon", "logs")):
        ran = whykeeper(*arguments)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith(
            "whykeeper: error: WHYKEEPER_DATA_DIR is a relative path: rel\nwhykeeper: hint:"
        )
    assert not Path("rel").exists()


def test_our_fault_is_logged_in_the_temporary_folder_where_the_data_folder_is_refused(
    whykeeper: CommandLine,
) -> None:
    whykeeper.change(env={**os.environ, "WHYKEEPER_DATA_DIR": "rel"})
    whykeeper.daemon.answers["read"] = ValueError("a bug")
    log = Path(whykeeper("read", "d9").err.splitlines()[-1].removeprefix("whykeeper: log: "))
    assert "a bug" in log.read_text(encoding="utf-8")
    log.unlink()


def test_without_room_for_any_log_the_place_is_said_and_no_traceback(
    whykeeper: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    whykeeper.daemon.answers["search"] = ValueError("no such thing")
    monkeypatch.setattr("tempfile.mkstemp", full)

    ran = whykeeper("search", "why")

    assert ran.code == 3
    assert "Traceback" not in ran.err
    assert "no log could be written (No space left on device); it happened in call, " in ran.err


def test_an_interrupt_is_code_130(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["watch"] = KeyboardInterrupt()
    ran = whykeeper("watch")
    assert (ran.code, ran.err) == (130, "whykeeper: interrupted\n")


def test_a_reader_that_goes_away_is_no_error(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["read"] = BrokenPipeError()
    ran = whykeeper("read", "d9")
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("verb", [["status"], ["index"], ["search", "why"]])
def test_in_a_plain_folder_the_folder_is_meant(
    whykeeper: CommandLine, tmp_path: Path, verb: list[str]
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    whykeeper.change(cwd=plain)
    whykeeper(*verb)
    assert whykeeper.daemon.asked[-1][0] == plain


def test_in_the_home_folder_one_line_says_what_to_do(whykeeper: CommandLine, isolated_home: Path) -> None:
    whykeeper.change(cwd=isolated_home)
    ran = whykeeper("status")
    assert ran.code == 1
    assert "--repo PATH" in ran.err


def test_repo_names_another_checkout_from_anywhere_in_it(whykeeper: CommandLine, tmp_path: Path) -> None:
    inside = whykeeper.runtime.cwd / "a" / "b"
    inside.mkdir(parents=True)
    whykeeper("status", "--repo", inside)
    assert whykeeper.daemon.asked[-1][0] == whykeeper.runtime.cwd
    plain = tmp_path / "plain"
    plain.mkdir()
    whykeeper("status", "--repo", plain)
    assert whykeeper.daemon.asked[-1][0] == plain
    ran = whykeeper("status", "--repo", tmp_path / "missing")
    assert ran.code == 1
    assert "not a folder" in ran.err


@pytest.mark.border
def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from whykeeper.cli import main; code = main(['--help']);"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " {'rich', 'pydantic', 'mcp', 'chromadb', 'torch', 'sentence_transformers', 'numpy', 'tomlkit'}],"
        " file=sys.stderr); sys.exit(code)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0
    assert ran.stderr.strip() == "[]"


@pytest.mark.border
def test_serve_reaches_the_pipe_before_click_is_imported() -> None:
    code = (
        "import sys; from whykeeper.cli import main; code = main(['serve', '--help']);"
        "print('click' in sys.modules, file=sys.stderr); sys.exit(code)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ran.stderr.strip() == "False"
    assert "whykeeper serve" in ran.stdout


@pytest.mark.border
def test_a_closed_standard_output_is_quiet(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "whykeeper.cli", "version"]
    ran = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, cwd=tmp_path, timeout=60)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.border
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_output_that_finds_no_room_is_one_line_and_code_1() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "whykeeper.cli", "--help"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert ran.returncode == 1
    assert ran.stderr == "whykeeper: error: the output could not be written: No space left on device\n"


def test_a_console_that_lacks_a_character_shows_an_escape_instead() -> None:
    code = (
        "import sys; from pathlib import Path; from whykeeper.cli import main;"
        "from whykeeper.commands.runtime import Runtime;"
        "item = {'title': 'Grüße → 漢字', 'text': '漢', 'kind': 'document', 'path': 'ä.md', 'lines': [1, 2]};"
        "runtime = Runtime(lambda *a: item, lambda: False, {}, Path.cwd(), 'whykeeper');"
        "sys.exit(main(sys.argv[1:], runtime))"
    )
    env = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-c", code, "read", "x", "--repo", "."]
    shown = subprocess.run(command, capture_output=True, env=env, timeout=60)
    assert shown.returncode == 0
    assert "Grüße \\u2192 \\u6f22\\u5b57" in shown.stdout.decode("cp1252")
    as_json = subprocess.run([*command, "--json"], capture_output=True, env=env, timeout=60)
    assert '"title": "Gr\\u00fc\\u00dfe \\u2192 \\u6f22\\u5b57"' in as_json.stdout.decode("ascii")
