"""Git, run so that a repository cannot make it do more than it was asked.

Every call goes through here: no pager, prompt, hook, file system monitor, external diff,
signature check or network, and none of the caller's ``GIT_*`` variables except those that
say where a person's own git configuration is (their ignore rules are in it).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from whykeeper_indexers.errors import RepositoryError

__all__ = ["GitError", "run_git", "stream_git", "without_filters"]

DEFAULT_TIMEOUT_S = 60.0
"""Long enough for ``ls-files`` on a cold disk, short enough that a hung mount is noticed."""

MAX_RECORD_BYTES = 1 << 20
"""What is kept of one record of a stream. A commit message past it is no longer read by anyone."""

_BLOCK_BYTES = 1 << 16
_STDERR_SHOWN = 400

_KEPT_VARIABLES = frozenset(
    {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH"}
)

_FORCED_VARIABLES = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PAGER": "cat",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "LC_ALL": "C",
}

_FORCED_SETTINGS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.quotePath=false",
    "color.ui=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.showRoot=true",
    "log.showSignature=false",
    "protocol.allow=never",
    "submodule.recurse=false",
)

_DIFFING_COMMANDS = frozenset({"blame", "log", "show", "diff", "diff-tree", "diff-index", "diff-files"})


def without_filters(root: Path) -> dict[str, str]:
    """Give the variables with which git runs none of a repository's filters.

    A command that compares files of the work tree with the index runs whatever program the repository's
    configuration names for them (``filter.NAME.clean``, gitattributes(5)).

    Raises:
        GitError: The configuration cannot be read.
    """
    listed = run_git(root, ["config", "--null", "--name-only", "--get-regexp", r"^filter\."], ok=(0, 1))
    names = {
        name.rpartition(".")[0] for name in listed.decode("utf-8", "surrogateescape").split("\0") if name
    }
    settings = [
        (f"{name}.{setting}", "false" if setting == "required" else "")
        for name in sorted(names)
        for setting in ("clean", "smudge", "process", "required")
    ]
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


class GitError(RepositoryError):
    """Git is missing, refused, failed or did not finish in time.

    Attributes:
        returncode: What git exited with; None when it never ran or was stopped.
        stderr: What it said, shortened.
    """

    def __init__(
        self, message: str, hint: str = "", *, returncode: int | None = None, stderr: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.returncode = returncode
        self.stderr = stderr


def run_git(
    root: Path,
    args: Sequence[str],
    *,
    input: bytes | None = None,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    ok: Collection[int] = (0,),
    variables: Mapping[str, str] | None = None,
) -> bytes:
    """Run one git command in a folder and return what it printed.

    Args:
        root: The folder git is run for (``git -C``).
        args: The subcommand and its arguments.
        input: What is written to its standard input; None is an empty one.
        timeout_s: Seconds before it is stopped.
        ok: Exit codes that are no failure (``check-ignore`` answers "nothing" with 1).
        variables: Of the environment, over those that every call is given.

    Raises:
        GitError: It is missing, failed, or was stopped.
    """
    try:
        done = subprocess.run(
            _command(root, args),
            input=input or b"",
            capture_output=True,
            env=_environment(os.environ) | dict(variables or {}),
            timeout=timeout_s,
            creationflags=_NO_WINDOW,
        )
    except OSError as error:
        raise _unstarted(error) from error
    except subprocess.TimeoutExpired as error:
        raise _stopped(args, timeout_s) from error
    if done.returncode not in ok:
        raise _failed(args, done.returncode, done.stderr)
    return done.stdout


def stream_git(
    root: Path,
    args: Sequence[str],
    *,
    input: bytes | None = None,
    separator: bytes = b"\0",
    timeout_s: float = 600.0,
    variables: Mapping[str, str] | None = None,
) -> Generator[bytes]:
    """Run one git command and yield its output record by record, as it comes.

    Closing the iterator early ends the process. A record longer than ``MAX_RECORD_BYTES`` is
    cut there; what follows the last separator is yielded only when it is not empty.

    Args:
        root: The folder git is run for.
        args: The subcommand and its arguments; it should separate its records (``-z``).
        input: What it reads from its standard input.
        separator: One byte.
        timeout_s: Seconds before it is stopped, reading included.
        variables: Of the environment, over those that every call is given.

    Raises:
        GitError: It is missing, failed, or was stopped.
    """
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as source:
        source.write(input or b"")
        source.seek(0)
        environment = _environment(os.environ) | dict(variables or {})
        with _process(root, args, source, errors, timeout_s, environment) as (process, expired):
            assert process.stdout is not None
            yield from _records(process.stdout, separator)
            returncode = process.wait()
        if expired.is_set():
            raise _stopped(args, timeout_s)
        if returncode != 0:
            errors.seek(0)
            raise _failed(args, returncode, errors.read(1 << 16))


@contextmanager
def _process(
    root: Path,
    args: Sequence[str],
    source: IO[bytes],
    errors: IO[bytes],
    timeout_s: float,
    environment: Mapping[str, str],
) -> Generator[tuple[subprocess.Popen[bytes], threading.Event]]:
    try:
        process = subprocess.Popen(
            _command(root, args),
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            creationflags=_NO_WINDOW,
        )
    except OSError as error:
        raise _unstarted(error) from error
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        process.kill()

    timer = threading.Timer(timeout_s, expire)
    timer.daemon = True
    timer.start()
    try:
        yield process, expired
    finally:
        timer.cancel()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()


def _records(stream: IO[bytes], separator: bytes) -> Iterator[bytes]:
    pending = b""
    while block := stream.read(_BLOCK_BYTES):
        first, *rest = block.split(separator)
        pending = (pending + first)[:MAX_RECORD_BYTES]
        for record in rest:
            yield pending
            pending = record
    if pending:
        yield pending


def _command(root: Path, args: Sequence[str]) -> list[str]:
    settings = [word for setting in _FORCED_SETTINGS for word in ("-c", setting)]
    command, *rest = args
    guards = ["--no-ext-diff", "--no-textconv"] if command in _DIFFING_COMMANDS else []
    # Looked up here, for Windows would try the working folder first, which may be a repository.
    program = shutil.which("git") or "git"
    return [program, "--no-pager", "-C", str(root), *settings, command, *guards, *rest]


def _environment(inherited: Mapping[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in inherited.items() if not k.startswith("GIT_") or k in _KEPT_VARIABLES}
    return kept | _FORCED_VARIABLES


_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def _unstarted(error: OSError) -> GitError:
    return GitError(f"git could not be started: {error.strerror or error}", "install git and put it on PATH")


def _stopped(args: Sequence[str], timeout_s: float) -> GitError:
    return GitError(f"git {args[0]} was stopped after {timeout_s:g} s", "is the disk or mount slow?")


_LACKING = "this partial clone lacks contents, and nothing is fetched here: `git fetch --refetch --no-filter`"


def _failed(args: Sequence[str], returncode: int, stderr: bytes) -> GitError:
    said = stderr.decode("utf-8", "replace").strip()[:_STDERR_SHOWN]
    told = [line for line in said.splitlines() if not line.startswith("warning:")]
    first = told[0] if told else said or f"exit code {returncode}"
    hint = _LACKING if "promisor remote" in said else ""
    return GitError(f"git {args[0]} failed: {first}", hint, returncode=returncode, stderr=said)
