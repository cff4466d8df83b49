"""Commits that a project asks to look through when it is asked who made a line.

``.git-blame-ignore-revs`` in the root is what hosting sites read, whatever is configured; others are named by
``blame.ignoreRevsFile``. Git dies of a configured file that is not there or not well-formed, and reads one
that lies anywhere: so what is configured is looked at before git is let near it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from whykeeper_indexers.git import run_git
from whykeeper_indexers.scan.opening import open_beneath, read_bounded

__all__ = ["IGNORED_FILE", "Ignored", "ignored_revisions"]

IGNORED_FILE = ".git-blame-ignore-revs"
MOST_COMMITS = 400
"""A command line holds no more everywhere; lists of real projects have a few dozen."""
_MOST_BYTES = 1 << 18
_HASH = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, slots=True)
class Ignored:
    """What is looked through.

    Attributes:
        commits: Full hashes of commits that there are.
        variables: Environment that keeps git from reading a configured file it would die of.
        refused: Why git cannot be asked at all; empty where it can.
    """

    commits: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""


def ignored_revisions(root: Path) -> Ignored:
    """Collect the commits that the project in a checkout asks to look through.

    Args:
        root: The checkout.

    Raises:
        GitError: Git is missing or refused the repository.
    """
    hashes = _hashes(_content(root, IGNORED_FILE) or b"")
    bad: list[tuple[str, str]] = []
    for scope, name in _configured(root):
        content = _content(root, name)
        if content is None or not _well_formed(content):
            bad.append((scope, name))
        else:
            hashes += _hashes(content)
    commits = _present(root, list(dict.fromkeys(hashes)))
    own = [name for scope, name in bad if scope in {"local", "worktree"}]
    if own:
        return Ignored(commits, {}, f"{_said(own[0])}: mend or unset it")
    variables = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} if bad else {}
    return Ignored(commits, variables)


def _said(name: str) -> str:
    return f"blame.ignoreRevsFile is set to {name}, which is no list of commits in the repository"


def _configured(root: Path) -> list[tuple[str, str]]:
    """Scope and name of each file that configuration names."""
    said = run_git(
        root, ["config", "--show-scope", "-z", "--get-all", "blame.ignoreRevsFile"], ok=(0, 1)
    ).decode("utf-8", "surrogateescape")
    fields = said.split("\0")
    return [(scope, name) for scope, name in zip(fields[::2], fields[1::2], strict=False) if name]


def _content(root: Path, name: str) -> bytes | None:
    """What a file of the repository says; None for one that is missing, elsewhere, or no file."""
    plain = os.path.normpath(root / os.path.expanduser(name))  # noqa: PTH111 -- as git reads it
    if not plain.startswith(f"{root}{os.sep}"):
        return None
    try:
        descriptor, _ = open_beneath(str(root), os.path.relpath(plain, root).replace(os.sep, "/"))
    except OSError:
        return None
    try:
        return read_bounded(descriptor, _MOST_BYTES)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _lines(content: bytes) -> list[bytes]:
    return [said for line in content.split(b"\n") if (said := line.partition(b"#")[0].strip())]


def _well_formed(content: bytes) -> bool:
    return len(content) < _MOST_BYTES and all(_HASH.fullmatch(line) for line in _lines(content))


def _hashes(content: bytes) -> list[str]:
    return [line.decode() for line in _lines(content) if _HASH.fullmatch(line)]


def _present(root: Path, hashes: Sequence[str]) -> tuple[str, ...]:
    """Those that are commits here: git refuses to look through one that it has not."""
    wanted = hashes[:MOST_COMMITS]
    if not wanted:
        return ()
    asked = "".join(f"{each}\n" for each in wanted).encode()
    said = run_git(root, ["cat-file", "--batch-check=%(objectname) %(objecttype)"], input=asked)
    kinds = (line.split() for line in said.decode().splitlines())
    return tuple(words[0] for words in kinds if len(words) == 2 and words[1] == "commit")
