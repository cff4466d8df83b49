"""Which checkout a front-end speaks for. Light: the front-end imports this."""

from __future__ import annotations

import os
from collections.abc import Mapping

__all__ = ["client_checkout", "working_directory"]


def client_checkout(repo: str | None, env: Mapping[str, str], cwd: str) -> tuple[str | None, str | None]:
    """Return the root of the checkout a client works in, and why there is none.

    The ``--repo`` option decides, then ``CLAUDE_PROJECT_DIR``, then the working directory. A folder
    that was named and is in no checkout is taken as it is; a working directory is not, because
    clients start servers in places like ``/`` or their own settings folder.

    Args:
        repo: The option's value.
        env: The front-end's environment.
        cwd: Its working directory.

    Returns:
        An absolute path and None, or None and one line for a person.
    """
    for source, named in (("--repo", repo), ("CLAUDE_PROJECT_DIR", env.get("CLAUDE_PROJECT_DIR"))):
        if named:
            return _named(source, os.path.join(cwd, os.path.expanduser(named)))
    found = _enclosing(cwd)
    if found is None:
        return (
            None,
            f"{cwd} is in no git checkout: start whykeeper with --repo PATH or in the project's folder",
        )
    return found, None


def working_directory() -> str:
    """Return the working directory; the home folder when it was deleted under us."""
    try:
        return os.getcwd()
    except OSError:
        return os.path.expanduser("~")


def _named(source: str, path: str) -> tuple[str | None, str | None]:
    if not os.path.isdir(path):
        return None, f"{source} names {path}, which is not a folder"
    return _enclosing(path) or os.path.realpath(path), None


def _enclosing(path: str) -> str | None:
    folder = os.path.realpath(path)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder
