"""Which checkout a front-end speaks for. Light: the front-end imports this."""

from __future__ import annotations

import os
from collections.abc import Mapping

__all__ = ["client_checkout", "working_directory"]

_TEMPORARY = ("/tmp", "/var/tmp", "/usr/tmp", "/dev/shm")


def client_checkout(repo: str | None, env: Mapping[str, str], cwd: str) -> tuple[str | None, str | None]:
    """Return the root of the checkout a client works in, and why there is none.

    The ``--repo`` option decides, then ``CLAUDE_PROJECT_DIR``, then the working directory. A folder
    that is in no checkout is taken as it is; but not a working directory that nobody would want
    indexed whole, for clients start servers in places like ``/`` or the home folder.

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
    if found is None and (what := _too_much(os.path.realpath(cwd))):
        return None, f"{cwd} is {what} and no project: start whykeeper in a project or with --repo PATH"
    return found or os.path.realpath(cwd), None


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


def _too_much(folder: str) -> str:
    """Say what a folder in no checkout is, when it holds far more than one project."""
    if os.path.dirname(folder) == folder:
        return "the file system's root"
    home = os.path.realpath(os.path.expanduser("~"))
    if home == folder or home.startswith(folder + os.sep):
        return "the home folder" if home == folder else "above the home folder"
    temporary = [*_TEMPORARY, *(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))]
    return "for temporary files" if folder in {os.path.realpath(each) for each in temporary if each} else ""


def _enclosing(path: str) -> str | None:
    folder = os.path.realpath(path)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder
