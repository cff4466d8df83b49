"""The ``whykeeper`` command.

``serve`` goes straight to the pipe: an agent waits for it, and importing click alone takes longer
than the pipe needs to start. Nothing but ``sys`` is imported before that is decided.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from whykeeper.commands.runtime import Runtime

__all__ = ["main"]


def main(argv: Sequence[str] | None = None, runtime: Runtime | None = None) -> int:
    """Run one command line.

    Args:
        argv: The arguments without the program's name; the process's own by default.
        runtime: What the verbs reach the world through; the real one by default.

    Returns:
        The exit code: 0 done, 1 a user's error or a finding, 2 wrong usage, 3 our fault,
        130 interrupted.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    if arguments[:1] == ["serve"]:
        from whykeeper.pipe import main as serve

        return serve(arguments[1:])
    from whykeeper.commands.group import run

    return run(arguments, runtime)


if __name__ == "__main__":
    sys.exit(main())
