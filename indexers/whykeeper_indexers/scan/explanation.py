"""Why a path is in the index or not, for any path a person may type."""

from __future__ import annotations

import os
import stat as stat_module
from pathlib import Path

from whykeeper_indexers.errors import RepositoryError
from whykeeper_indexers.git import run_git
from whykeeper_indexers.scan.listing import ignoring_rules
from whykeeper_indexers.scan.options import ScanOptions
from whykeeper_indexers.scan.paths import folders_above, shown
from whykeeper_indexers.scan.repository import Repository
from whykeeper_indexers.scan.scanner import ScanResult, odd_file, scan_paths
from whykeeper_indexers.scan.walking import UNREAD_FOLDERS
from whykeeper_indexers.types import Exclusion, ExclusionReason, FileStat

__all__ = ["explain"]


def explain(repository: Repository, options: ScanOptions, path: str) -> FileStat | Exclusion:
    """Say whether a path belongs in the index by its name, place and kind, and why not.

    What only its content tells (generated, minified or binary text) is ``read_source``'s to say.

    Args:
        repository: Where.
        options: What belongs.
        path: Absolute, or relative to the root; it need not exist.
    """
    inside = _inside(repository, path)
    if inside is None:
        return Exclusion(shown(path), ExclusionReason.OUTSIDE, f"the repository is {repository.root}")
    if inside == ".git" or inside.startswith(".git/"):
        return Exclusion(shown(inside), ExclusionReason.GIT_DATA, "git's own data")
    try:
        facts = os.lstat(repository.root / inside)
    except (OSError, ValueError):
        return _missing(repository, inside)
    if stat_module.S_ISDIR(facts.st_mode):
        return _folder(repository, inside)
    if not (stat_module.S_ISREG(facts.st_mode) or stat_module.S_ISLNK(facts.st_mode)):
        return Exclusion(shown(inside), ExclusionReason.NOT_A_FILE, odd_file(facts.st_mode))
    return _file(repository, options, inside)


def _inside(repository: Repository, path: str) -> str | None:
    """The path relative to the root, links in its folders resolved as far as they stay inside."""
    root = str(repository.root)
    plain = os.path.normpath(repository.root / path.replace("\0", "\\0"))
    if plain == root:
        return ""
    if not plain.startswith(root + os.sep):
        folder, name = os.path.split(plain)
        plain = str(Path(os.path.realpath(folder), name))
    if plain == root:
        return ""
    return plain[len(root) + 1 :].replace(os.sep, "/") if plain.startswith(root + os.sep) else None


def _missing(repository: Repository, path: str) -> Exclusion:
    try:
        pathspec = f":(top,literal){path}"
        tracked = repository.is_git and run_git(repository.root, ["ls-files", "-c", "-z", "--", pathspec])
    except RepositoryError:
        tracked = False
    detail = "tracked by git, but not in the working tree" if tracked else ""
    return Exclusion(shown(path), ExclusionReason.MISSING, detail)


def _folder(repository: Repository, path: str) -> Exclusion:
    rule = _rule(repository, path) if path else None
    if rule is not None:
        return Exclusion(shown(path), ExclusionReason.IGNORED, rule)
    if path and (repository.root / path / ".git").exists():
        return Exclusion(shown(path), ExclusionReason.NOT_A_FILE, "a repository of its own")
    return Exclusion(shown(path), ExclusionReason.FOLDER, "ask for a file in it")


def _file(repository: Repository, options: ScanOptions, path: str) -> FileStat | Exclusion:
    result = scan_paths(repository, options, (path,))
    if path in result.files:
        return result.files[path]
    found = _behind_link(repository, path) or _nested(repository, result, path)
    found = found or result.excluded.get(shown(path))
    if found is None:
        return Exclusion(shown(path), ExclusionReason.MISSING)
    if found.reason is ExclusionReason.IGNORED:
        return Exclusion(found.path, found.reason, _rule(repository, path) or found.detail)
    return found


def _behind_link(repository: Repository, path: str) -> Exclusion | None:
    folder = Path(os.path.realpath(repository.root / path)).parent
    plain = (repository.root / path).parent
    if folder == plain or not any((repository.root / above).is_symlink() for above in folders_above(path)):
        return None
    target = os.path.realpath(repository.root / path)
    if target.startswith(f"{repository.root}/"):
        detail = target.removeprefix(f"{repository.root}/")
        return Exclusion(shown(path), ExclusionReason.LINK_FOLDED, shown(detail))
    return Exclusion(shown(path), ExclusionReason.LINK_OUTSIDE, shown(target))


def _nested(repository: Repository, result: ScanResult, path: str) -> Exclusion | None:
    for above in folders_above(path):
        if shown(above) in result.excluded or (repository.root / above / ".git").exists():
            return Exclusion(shown(path), ExclusionReason.OUTSIDE, f"{above} is a repository of its own")
    return None


def _rule(repository: Repository, path: str) -> str | None:
    if repository.is_git:
        return ignoring_rules(repository, (path,)).get(path)
    for part in path.split("/"):
        if part in UNREAD_FOLDERS:
            return f"{part} is never read outside git"
    return None
