"""Lines of real repositories, drawn by lot: the same for the same seed and checkout."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path

from whykeeper_indexers.code import is_code

__all__ = ["draw"]

_SAYS = re.compile(r"\w{2,}.*\w")
_COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|--|;|<!--)")
MOST_BYTES = 300_000


def draw(checkout: Path, count: int, seed: int) -> list[tuple[str, int, str]]:
    """Draw lines of code that say something: neither blank nor brackets only, nor comments.

    Args:
        checkout: Of a repository.
        count: How many, each of another file.
        seed: Of the lot.

    Returns:
        Path, number and text of each.
    """
    listed = subprocess.run(["git", "-C", str(checkout), "ls-files", "-z"], capture_output=True, check=True)
    paths = sorted(path for path in listed.stdout.decode().split("\0") if path and is_code(path))
    chance = random.Random(f"{seed} {checkout.name}")
    found: list[tuple[str, int, str]] = []
    while paths and len(found) < count:
        path = paths.pop(chance.randrange(len(paths)))
        lines = [(number, text) for number, text in enumerate(_lines(checkout / path), 1) if _is_drawn(text)]
        if lines:
            number, text = chance.choice(lines)
            found.append((path, number, text.strip()))
    return found


def _lines(file: Path) -> list[str]:
    if file.is_symlink() or not file.is_file() or file.stat().st_size > MOST_BYTES:
        return []
    return file.read_text(encoding="utf-8", errors="replace").split("\n")


def _is_drawn(text: str) -> bool:
    return bool(_SAYS.search(text)) and not _COMMENT.match(text)
