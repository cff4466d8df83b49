"""The repository as it was: what is asked of git, bounded in time, each question once."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from whykeeper_indexers.freshness.facts import Facts
from whykeeper_indexers.freshness.lineage import Lineage, Said
from whykeeper_indexers.freshness.present import NOT_DOCUMENTS, Occurrence
from whykeeper_indexers.git import GitError, run_git

__all__ = ["History", "OutOfTimeError", "Removal"]

_log = logging.getLogger(__name__)

COMMAND_S = 20.0
"""For one question; one that takes longer is left unanswered."""
MOST_OCCURRENCES = 25
"""Kept of a name at a commit."""
LEAST_MOVED = 2
"""Files of a folder that say where all of it went."""
MOST_BLAMED = 150
"""Lines of one document."""
_BLAMED = re.compile(r"([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?")
_NOT_COMMITTED = re.compile(r"0{40,64}")
_IGNORED_REVISIONS = ".git-blame-ignore-revs"


class OutOfTimeError(Exception):
    """The round's time is over: what is left is done in the next one."""


class Removal(NamedTuple):
    """How a path went.

    Attributes:
        commit: Hash.
        to: What it is called now; empty when it was removed.
    """

    commit: str
    to: str = ""


class History:
    """What was, and when it went.

    Args:
        root: Of the checkout.
        facts: What is known already.
        until: When the round's time is over, by the monotonic clock.

    Attributes:
        lineage: Follows files through it.
    """

    def __init__(self, root: Path, facts: Facts, until: float) -> None:
        self._root = root
        self._facts = facts
        self._until = until
        self._words: dict[tuple[str, str], list[Occurrence]] = {}
        self._texts: dict[tuple[str, str], list[str]] = {}
        self.lineage = Lineage(self._run, facts, self._renamed)

    def blame(self, path: str, version: str, lines: Iterable[int]) -> dict[int, str]:
        """The commits that some lines are from; lines that are not committed are left out.

        Args:
            path: Of the document.
            version: Names its content.
            lines: 1-based.
        """
        wanted = sorted(set(lines))[:MOST_BLAMED]
        found: dict[int, str] = {}
        missing = []
        for number in wanted:
            known = self._facts.get(f"line {version} {path}:{number}")
            if known is None:
                missing.append(number)
            elif known:
                found[number] = known
        if missing:
            blamed = self._blamed(path, missing)
            if blamed is None:
                return found
            for number in missing:
                self._facts.put(f"line {version} {path}:{number}", blamed.get(number, ""))
            found |= blamed
        return found

    def _blamed(self, path: str, lines: Sequence[int]) -> dict[int, str] | None:
        ignoring = (
            ["--ignore-revs-file", _IGNORED_REVISIONS] if (self._root / _IGNORED_REVISIONS).is_file() else []
        )
        ranges = [argument for number in lines for argument in ("-L", f"{number},{number}")]
        out = self._git(["blame", "-w", "--porcelain", *ignoring, *ranges, "--", path])
        if out is None:
            return None
        found = {}
        for line in out.split("\n"):
            header = _BLAMED.fullmatch(line)
            if header and not _NOT_COMMITTED.fullmatch(header[1]):
                found[int(header[2])] = header[1]
        return found

    def had(self, questions: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which of some pairs of commit and path are so that the commit's tree has the path."""
        asked = sorted({each for each in questions if "\n" not in each[1]})
        unknown = [each for each in asked if self._facts.get(f"had {each[0]}:{each[1]}") is None]
        if unknown:
            given = "".join(f"{sha}:{path}\n" for sha, path in unknown).encode("utf-8", "surrogateescape")
            out = self._git(["cat-file", "--batch-check=%(objecttype)"], given)
            if out is None:
                return set()
            for (sha, path), said in zip(unknown, out.splitlines(), strict=False):
                self._facts.put(f"had {sha}:{path}", "y" if said in ("blob", "tree", "commit") else "n")
        return {each for each in asked if self._facts.get(f"had {each[0]}:{each[1]}") == "y"}

    def read_words(self, sha: str, names: Collection[str]) -> None:
        """Look for some names at a commit, all at once: `occurrences` then gives what was found."""
        missing = []
        for name in sorted(set(names)):
            known = self._facts.get(f"word {sha} {name}")
            if known is None:
                missing.append(name)
            else:
                self._words[sha, name] = [Occurrence(*each) for each in json.loads(known)]
        if missing:
            found = self._grep(sha, missing)
            if found is None:
                return
            for name in missing:
                self._words[sha, name] = found.get(name, [])
                self._facts.put(f"word {sha} {name}", json.dumps(self._words[sha, name]))

    def occurrences(self, sha: str, name: str) -> list[Occurrence]:
        """Lines that had a name in them at a commit, outside of documents."""
        return self._words.get((sha, name), [])

    def _grep(self, sha: str, names: Sequence[str]) -> dict[str, list[Occurrence]] | None:
        patterns = [argument for name in names for argument in ("-e", name)]
        out = self._git(
            ["grep", "-F", "-I", "-n", "-z", "--full-name", *patterns, sha, "--", *NOT_DOCUMENTS], ok=(0, 1)
        )
        if out is None:
            return None
        found: dict[str, list[Occurrence]] = {name: [] for name in names}
        boundary = {name: re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])") for name in names}
        for line in out.split("\n"):
            place, _, rest = line.partition("\0")
            number, _, text = rest.partition("\0")
            if not number.isdigit():
                continue
            for name in names:
                if len(found[name]) < MOST_OCCURRENCES and name in text and boundary[name].search(text):
                    path = place.partition(":")[2]
                    found[name].append(Occurrence(path, int(number), text[:400]))
        return found

    def lines_at(self, sha: str, path: str) -> list[str]:
        """A file's lines at a commit; none where it had none."""
        if (sha, path) not in self._texts:
            out = self._git(["cat-file", "-p", f"{sha}:{path}"], ok=(0, 128))
            self._texts[sha, path] = (out or "").split("\n")
        return self._texts[sha, path]

    def files_at(self, sha: str) -> list[str]:
        """Every file of a commit."""
        out = self._git(["ls-tree", "-r", "--name-only", "-z", sha])
        return [path for path in (out or "").split("\0") if path]

    def removal(self, path: str) -> Removal | None:
        """The last commit that took a path away, and where to where it was renamed."""
        said = self._facts.get(f"removed {path}")
        if said is None:
            out = self._git(["log", "-1", "--format=%H", "--diff-filter=D", "HEAD", "--", path])
            if out is None:
                return None
            sha = out.strip()
            said = self._facts.put(
                f"removed {path}", json.dumps([sha, self._renamed(sha, path) or ""]) if sha else ""
            )
        return Removal(*json.loads(said)) if said else None

    def _renamed(self, sha: str, path: str) -> str | None:
        arguments = ["show", "-M40%", "-l1000", "--diff-filter=DR", "--name-status", "--format=", "-z", sha]
        out = self._git(arguments)
        if out is None:
            return None
        parts = iter(out.split("\0"))
        moved, gone, below = [], 0, f"{path}/"
        for status in parts:
            old = next(parts, "")
            new = next(parts, "") if status.startswith("R") else ""
            if new and old == path:
                return new
            gone += old.startswith(below)
            if new and old.startswith(below):
                moved.append((old, new))
        return _common_target(moved, path) if 2 * len(moved) > gone else ""

    def dropped(self, name: str, sha: str, files: Sequence[str]) -> str | None:
        """The commit since another that took the last occurrence of a name out of all code.

        Args:
            name: A word.
            sha: A commit at which some files had it.
            files: Those.
        """
        word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
        said = Said(
            name, lambda lines: any(name in each and word.search(each) for each in lines), anywhere=True
        )
        return self.lineage.ended(said, sha, files)

    def changed(self, since: str, paths: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """Lines that were added to some files, and taken away, since a commit; white space aside."""
        out = self._git(
            ["diff", "--numstat", "-w", "--ignore-blank-lines", "-z", "--no-renames", since, "--", *paths]
        )
        found = {}
        for record in (out or "").split("\0"):
            added, _, rest = record.partition("\t")
            deleted, _, path = rest.partition("\t")
            if added.isdigit() and deleted.isdigit():
                found[path] = (int(added), int(deleted))
        return found

    def _git(
        self, arguments: Sequence[str], given: bytes | None = None, ok: Collection[int] = (0,)
    ) -> str | None:
        out = self._run(arguments, given, ok)
        return None if out is None else out.decode("utf-8", "replace")

    def _run(
        self, arguments: Sequence[str], given: bytes | None = None, ok: Collection[int] = (0,)
    ) -> bytes | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        try:
            return run_git(self._root, arguments, input=given, ok=ok, timeout_s=min(COMMAND_S, left))
        except GitError as error:
            if error.returncode is None and time.monotonic() >= self._until:
                raise OutOfTimeError from error
            _log.info("not answered: %s", error)
            return None


def _common_target(moved: Sequence[tuple[str, str]], folder: str) -> str:
    """The folder that all of a folder's files were moved to; empty where there is none."""
    targets = {new[: -len(old) + len(folder)] for old, new in moved if new.endswith(old[len(folder) :])}
    return targets.pop() if len(targets) == 1 and len(moved) >= LEAST_MOVED else ""
