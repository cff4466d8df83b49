"""Which change is meant, in the words of a command line or an agent. Light: no git is asked."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["STAGED", "commits_params", "named_change"]

STAGED: Final = "staged"
"""What an agent says for the index; a commit of that name is written ``refs/heads/staged``."""
_WORKING_TREE: Final = frozenset({"working tree", "the working tree"})
"""The default by its name, which can be no branch's."""


def commits_params(commits: str) -> dict[str, Any]:
    """Read ``A..B``, ``A...B`` or one commit, which is compared with its parent."""
    start, dots, end = commits.partition("..")
    if not dots:
        return {"kind": "range", "base": "", "head": commits}
    parted = end.startswith(".")
    return {"kind": "range", "base": start or "HEAD", "head": end.lstrip(".") or "HEAD", "merge_base": parted}


def named_change(text: str) -> dict[str, Any]:
    """Read what an agent names: nothing for the working tree, `STAGED`, or commits."""
    named = text.strip()
    if not named or named.lower() in _WORKING_TREE:
        return {}
    return {"kind": "index"} if named in (STAGED, f"--{STAGED}") else commits_params(named)
