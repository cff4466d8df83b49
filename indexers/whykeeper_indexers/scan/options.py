"""What a person may say about which files belong in the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["DEFAULT_MAX_FILES", "DEFAULT_MAX_FILE_BYTES", "ScanOptions", "deciding_pattern", "literal_prefix"]

DEFAULT_MAX_FILE_BYTES = 1 << 20
DEFAULT_MAX_FILES = 200_000
"""Far above any working tree people edit; keeps a home folder opened by mistake bounded."""

PLANS = ".whykeeper/plans/*.md"
"""Plans are remembered even where ``.whykeeper/`` is ignored."""


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """Which files belong, beyond what git says.

    Attributes:
        include: Patterns in ``.gitignore`` form, relative to the root, that bring back files
            which are ignored, generated, minified or lock files.
        exclude: Patterns in the same form that leave files out; they win over ``include``.
        max_file_bytes: Larger files are left out.
        max_files: Where a scan stops listing.
        cut_secrets: Whether passwords, tokens and keys are cut out of what is read.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_file_bytes: int = DEFAULT_MAX_FILE_BYTES
    max_files: int = DEFAULT_MAX_FILES
    cut_secrets: bool = True

    def included_by(self, path: str) -> str | None:
        """The pattern that brings a path back, or None."""
        return deciding_pattern((*self.include, PLANS), path)

    def excluded_by(self, path: str) -> str | None:
        """The pattern that leaves a path out, or None."""
        return deciding_pattern(self.exclude, path) if self.exclude else None

    def readmits_below(self, folder: str) -> bool:
        """Whether a file below an ignored folder may be brought back."""
        return any(
            (prefix := literal_prefix(pattern)).startswith(f"{folder}/") or f"{folder}/".startswith(prefix)
            for pattern in (*self.include, PLANS)
        )


def deciding_pattern(patterns: tuple[str, ...], path: str) -> str | None:
    """The last pattern that matches a path, read as ``.gitignore`` lines; None when out."""
    return _matcher(patterns)(path)


@lru_cache(maxsize=32)
def _matcher(patterns: tuple[str, ...]) -> Callable[[str], str | None]:
    # Imported here because a front-end that only names the options should not pay for it.
    from pathspec import GitIgnoreSpec

    spec = GitIgnoreSpec.from_lines(patterns)

    def decide(path: str) -> str | None:
        decided = spec.check_file(path)
        return patterns[decided.index] if decided.include and decided.index is not None else None

    return decide


def literal_prefix(pattern: str) -> str:
    """The leading folders of a pattern that hold no wildcard, with a slash at their end.

    Empty for a pattern that may match in any folder.
    """
    if pattern.startswith("!") or "/" not in pattern.strip("/"):
        return ""
    folders = pattern.lstrip("/").split("/")[:-1]
    plain: list[str] = []
    for folder in folders:
        if any(sign in folder for sign in "*?[\\"):
            break
        plain.append(folder)
    return "".join(f"{folder}/" for folder in plain)
