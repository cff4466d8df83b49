"""Where files of a tree hold secrets: what the parse worker says of it, without giving any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from whykeeper_indexers.change.tree import tree_at
from whykeeper_indexers.secrets import FoundSecret, secrets_in

__all__ = ["read_secrets"]


def read_secrets(
    root: Path, tree: str, variables: Mapping[str, str], key: bytes, paths: Sequence[str]
) -> list[tuple[FoundSecret, ...]]:
    """Say where some files hold secrets.

    Args:
        root: The checkout.
        tree: What git finds the tree by.
        variables: Of git's environment.
        key: Of the fingerprints.
        paths: The files.

    Returns:
        One entry a file, in order; an empty one for what is no text.
    """
    texts = tree_at(root, tree, variables).texts(paths)
    return [secrets_in(texts[path], key) if path in texts else () for path in paths]
