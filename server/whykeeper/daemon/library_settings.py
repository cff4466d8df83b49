"""What the C libraries below us are told through the environment. Light: the front-end imports this."""

from __future__ import annotations

import os
import sys

__all__ = ["LIBRARY_SETTINGS", "start_again_with_settings"]

# glibc gives each thread an arena of its own and hardly ever gives any back: with the daemon's many
# threads that is a third of its memory. Two arenas serve it as fast.
# Chroma writes whole blocks of its graph to disk, used or not. With a fixed threshold each comes fresh from
# the system, and not with what another repository left in it; it also goes back there at once.
# A thread of OpenBLAS spins for 50 ms after each product, on the core that the encoder needs.
LIBRARY_SETTINGS = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "OPENBLAS_NUM_THREADS": "1",
}
"""Read once, when a process starts or a library is loaded, and never again."""
_STARTED_AGAIN = "_WHYKEEPER_STARTED_AGAIN"
"""Holds the id of a process that was executed anew, which keeps its id: it must not be once more, even
where something on the way to here takes the settings out of the environment again. Not named like our
settings, of which an unknown one is refused."""


def start_again_with_settings() -> None:
    """Execute this process anew with the libraries' settings, unless it has them.

    The allocator reads its settings before the first line of Python runs, so that setting them now
    would come too late. Same process id, arguments and open streams: a client notices nothing. What
    the user has set is kept. Must be called before standard input is read and before any thread is
    started.

    Returns where there is nothing to do, or nothing that can be done: on Windows, which has no glibc
    and gives what is executed another process id, and where a sandbox forbids it, which is said on
    standard error.
    """
    started_again = os.environ.pop(_STARTED_AGAIN, "") == str(os.getpid())
    missing = {name: value for name, value in LIBRARY_SETTINGS.items() if name not in os.environ}
    if not missing or started_again or sys.platform == "win32":
        return
    # By its full path, by which an interpreter finds the environment that it belongs to.
    program = sys.executable or sys.orig_argv[0]
    try:
        environment = {**os.environ, **missing, _STARTED_AGAIN: str(os.getpid())}
        os.execve(program, [program, *sys.orig_argv[1:]], environment)
    except OSError as error:
        # Libraries that are loaded later, and helper processes, still find them.
        os.environ.update(missing)
        sys.stderr.write(
            f"whykeeper: cannot run {program} anew ({error.strerror}), so this process takes more"
            f" memory; to mend it, set {' '.join(f'{name}={value}' for name, value in missing.items())}"
            " in the environment of `whykeeper serve --in-process`\n"
        )
