"""Paths as people and agents give them."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from whykeeper_indexers.errors import RepositoryError

__all__ = ["relative_to_root", "shortened", "without_root"]

_SHOWN = 200
_LONGEST = 4_096
"""No system takes a longer one."""


def relative_to_root(path: str, root: Path) -> str:
    """Read a path relative to a checkout's root.

    Args:
        path: Relative to the root, or absolute; globs pass through.
        root: The checkout's root, links resolved.

    Returns:
        Relative, with forward slashes; empty for the root itself.

    Raises:
        RepositoryError: It lies outside the checkout.
    """
    if len(path) > _LONGEST:
        message = f"{shortened(path)} is too long for a path: {len(path):,} characters"
        raise RepositoryError(message, f"give a path below {root}")
    text = path.strip().replace("\\", "/") if os.sep == "\\" else path.strip()
    given = Path(text)
    joined = given if given.is_absolute() else root / given
    plain = Path(os.path.normpath(joined))
    if not plain.is_relative_to(root):
        # The root may have been named through a link; the file's own folder decides then. Not by
        # `resolve`, which raises where links lead in a circle.
        plain = Path(os.path.realpath(plain.parent), plain.name)
    if "\0" in text or not plain.is_relative_to(root):
        raise RepositoryError(f"{shortened(path)} is outside the repository", f"give a path below {root}")
    relative = PurePosixPath(plain.relative_to(root)).as_posix()
    return "" if relative == "." else relative


def without_root(text: str, root: Path) -> str:
    """Make the absolute paths that a question spells relative to a checkout's root, which itself is ``.``.

    Args:
        text: As asked.
        root: The checkout's root.
    """
    separator = re.escape(os.sep)
    named = rf"(?<![\w{separator}]){re.escape(str(root))}"
    inside = re.sub(rf"{named}{separator}(?=[\w.@-])", "./", text)
    return re.sub(rf"{named}(?:{separator}(?!\w)|(?![\w{separator}-]|\.\w))", ".", inside)


def shortened(text: str, most: int = _SHOWN) -> str:
    """Bound what an error repeats of what was typed."""
    return text if len(text) <= most else text[: most - 1] + "…"
