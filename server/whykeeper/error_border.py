"""The one place where errors become exit codes.

0 done · 1 a user's error or a finding · 2 wrong usage · 3 our fault · 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

import whykeeper
from whykeeper_indexers.errors import InternalError, WhykeeperError

__all__ = ["DONE", "FINDING", "INTERNAL", "INTERRUPTED", "USAGE", "guard"]

DONE = 0
FINDING = 1
USAGE = 2
INTERNAL = 3
INTERRUPTED = 130
_NO_ROOM = frozenset([errno.ENOSPC, errno.EDQUOT])


def guard(action: Callable[[], int], env: Mapping[str, str]) -> int:
    """Run an action and turn whatever it raises into an exit code and a clear line.

    Args:
        action: Returns its exit code.
        env: The process's environment; says where logs go.
    """
    try:
        code = action()
        sys.stdout.flush()
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_stdout()
        return DONE
    except WhykeeperError as error:
        return _known(error, env)
    except OSError as error:
        if error.errno not in _NO_ROOM or error.filename is not None:
            return _ours(error, env)
        # No file is named, so it was standard output: who writes a file raises errors of ours.
        _abandon_stdout()
        _say(f"error: the output could not be written: {error.strerror}")
        return FINDING
    except Exception as error:  # noqa: BLE001 - the border: whatever it is, the user gets one line and a log
        return _ours(error, env)
    return code


def _ours(error: Exception, env: Mapping[str, str]) -> int:
    _say(f"unexpected error: {type(error).__name__}: {_one_line(str(error))}")
    _say_log(error, env)
    return INTERNAL


def _known(error: WhykeeperError, env: Mapping[str, str]) -> int:
    _say(f"error: {_one_line(error.message)}")
    if error.hint:
        _say(f"hint: {_one_line(error.hint)}")
    if isinstance(error, InternalError) or error.exit_code == INTERNAL:
        _say_log(error, env)
    return error.exit_code


def _say_log(error: Exception, env: Mapping[str, str]) -> None:
    try:
        path = _write_log(error, env)
    except OSError as failure:
        _say(f"no log could be written ({failure.strerror}); it happened {_where(error)}")
        return
    _say(f"log: {path}")


def _where(error: Exception) -> str:
    """Name the place an error came from, in one line."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "outside of any function"
    return f"in {frames[-1].name}, {Path(frames[-1].filename).name} line {frames[-1].lineno}"


def _write_log(error: Exception, env: Mapping[str, str]) -> Path:
    """Write what is needed to understand an error; the traceback holds no file contents."""
    details = [
        f"whykeeper {whykeeper.__version__}, Python {sys.version.split()[0]}, {sys.platform}",
        f"arguments: {sys.argv[1:]}",
        "",
        "".join(traceback.format_exception(error)),
    ]
    descriptor, name = _open_log(env)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.write("\n".join(details))
    return Path(name)


def _open_log(env: Mapping[str, str]) -> tuple[int, str]:
    from whykeeper.locations import locations

    prefix = time.strftime("error-%Y%m%d-%H%M%S-", time.gmtime())
    try:
        folder = locations(env).log_dir
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return tempfile.mkstemp(prefix=prefix, suffix=".log", dir=folder)
    except (OSError, WhykeeperError):
        return tempfile.mkstemp(prefix=f"whykeeper-{prefix}", suffix=".log")


def _one_line(text: str) -> str:
    """Fold a message into one line that cannot drive a terminal."""
    folded = " ".join(text.split())
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in folded
    )


def _say(line: str) -> None:
    print(f"whykeeper: {line}", file=sys.stderr)  # noqa: T201


def _abandon_stdout() -> None:
    """Keep the interpreter from complaining, at exit, of the reader that has gone."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
