"""How some lines came to be as they are: the commits that made, changed and moved them, layer under layer.

Blame names the commit of each line; what the line was before that commit is blamed from its parent, and so
on. Commits that changed nothing but the form of a line, or put one name for another in all of the repository,
are looked through and counted. Other than with ``git log -L``, moves and copies are followed, and a line is
not held to be changed because its neighbour was.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from time import monotonic

from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.history.blame import (
    AROUND,
    Blame,
    BlamedLine,
    Place,
    blame_lines,
    moved_lines,
)
from whykeeper_indexers.history.ignored_revisions import Ignored
from whykeeper_indexers.history.line_changes import Hunk, LineChange, parse_hunks, renames_only, trace
from whykeeper_indexers.history.order import ranks
from whykeeper_indexers.history.small_moves import small_moves

__all__ = ["How", "LineCommit", "LineHistory", "follow_lines"]

MOST_COMMITS = 24
"""Looked into, some 10 ms each; what is older is hardly the reason for what stands there."""
MOST_LAYERS = 8
MOST_DEPTH = 20
"""Commits that are looked through, one behind the other."""
MOVES_S = 1.0
"""For one commit: where it made a file, all others may have to be compared."""
LEAST_MOVED = 2
"""Lines that went together from where they were, at least."""
LEAST_COPIED, COPIED_SHARE = 4, 0.7
"""Lines that were copied together, at least, and their share of what the commit wrote around them: a few
that are alike, such as imports and checks, are so by chance."""
LEAST_TELLING = 6
"""Letters and digits of a line that counts among those: brackets and the end of a loop are everywhere."""
MASS_FILES = 40
"""Files of a commit from which on a name that it puts in the place of another was changed everywhere."""
SAMPLED_FILES, RENAMING_SHARE = 8, 0.7
"""Files of such a commit that are looked at, and the share of their changes that are nothing else."""

_log = logging.getLogger(__name__)

_DIFF = (
    "diff",
    "--unified=0",
    "--inter-hunk-context=0",
    "--diff-algorithm=myers",
    "-w",
    "--text",
    "--no-color",
)
_SIGNS = re.compile(rb"[\x00-/:-@\[-`{-\x7f]")
_Lines = dict[int, set[int]]
"""Lines of an older file, each with those asked about that came of it."""


class How(StrEnum):
    """What a commit did to lines."""

    WROTE = "wrote"
    CHANGED = "changed"
    COPIED = "copied"
    MOVED = "moved"
    UNREAD = "wrote or changed"


@dataclass(slots=True)
class LineCommit:
    """A commit that had a part in some lines.

    Attributes:
        commit: Full hash.
        how: What it did to them.
        path: The file they are in, in that commit.
        lines: Those asked about.
        layer: 0 for whoever made them as they are, then for what they were before.
        before: To a line its text before the commit.
        moved_from: The file they were in before, where the commit copied or moved them.
        made_at: Seconds since the epoch.
    """

    commit: str
    how: How
    path: str
    lines: set[int]
    layer: int
    before: dict[int, str] = field(default_factory=dict)
    moved_from: str | None = None
    made_at: int = 0


@dataclass(slots=True)
class LineHistory:
    """What is known of how some lines came about.

    Attributes:
        commits: Newest first.
        mechanical: Commits looked through: they changed the form of lines, or a name everywhere.
        complete: False where time ran out.
        narrowed: Copies from other files could not be followed.
    """

    commits: list[LineCommit] = field(default_factory=list)
    mechanical: list[str] = field(default_factory=list)
    complete: bool = True
    narrowed: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """Lines that one commit made, to be looked into."""

    origin: Place
    previous: Place | None
    made_at: int
    layer: int
    depth: int
    lines: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class _Company:
    """A line that stood elsewhere before a commit, among those around it.

    Attributes:
        before: Where it stood.
        together: Telling lines around it, itself too, that came from there with it.
        around: Telling lines around it that the commit wrote into the file, however.
    """

    before: BlamedLine
    together: int
    around: int

    @classmethod
    def of(cls, before: BlamedLine, found: Mapping[int, BlamedLine], written: set[int]) -> _Company:
        near = [at for at in range(before.line - AROUND, before.line + AROUND + 1) if at in written]
        whence = before.origin, before.line - before.origin_line
        came = [found[at] for at in near if at in found]
        together = sum((each.origin, each.line - each.origin_line) == whence for each in came)
        return cls(before, together, len(near))

    def speaks_for(self, how: How) -> bool:
        """Whether it is likely that the line came from there, and is not alike by chance."""
        if how is How.MOVED:
            return self.together >= LEAST_MOVED
        return self.together >= LEAST_COPIED and self.together >= COPIED_SHARE * self.around


def follow_lines(
    root: Path, place: Place, lines: Sequence[int], *, ignored: Ignored, deadline: float
) -> LineHistory:
    """Say how some lines of a file came to be as they are.

    Args:
        root: The checkout.
        place: The file, in the commit to look back from.
        lines: Of that file, ascending.
        ignored: Commits to look through.
        deadline: By ``time.monotonic``; what was found until then is returned.

    Raises:
        GitError: Git refused.
    """
    return _Following(root, ignored, deadline).follow(place, lines)


class _Following:
    def __init__(self, root: Path, ignored: Ignored, deadline: float) -> None:
        self._root = root
        self._ignored = ignored
        self._deadline = deadline
        self._history = LineHistory()
        self._found: dict[tuple[str, How], LineCommit] = {}
        self._steps: list[tuple[int, int, _Step]] = []
        self._numbers = count()
        self._looked_at = 0
        self._renaming: dict[str, bool] = {}

    def follow(self, place: Place, lines: Sequence[int]) -> LineHistory:
        made = self._blame(place, lines)
        self._push(made.lines.values(), {line: {line} for line in lines}, 0, 0)
        while self._steps and self._has_time():
            step = heappop(self._steps)[2]
            try:
                self._look_into(step)
            except GitError as error:
                if error.returncode is not None:
                    raise
                self._history.complete = False
                self._leave(step)
        for _, _, step in self._steps:
            self._leave(step)
        self._history.commits = self._newest_first()
        self._history.mechanical = list(dict.fromkeys(self._history.mechanical))
        return self._history

    def _newest_first(self) -> list[LineCommit]:
        found = self._found.values()
        try:
            rank = ranks(self._root, {each.commit: each.made_at for each in found}, self._deadline)
        except GitError as error:
            if error.returncode is not None:
                raise
            self._history.complete, rank = False, {}
        return sorted(
            found, key=lambda each: (-each.made_at, rank.get(each.commit, 0), each.layer, each.commit)
        )

    def _leave(self, step: _Step) -> None:
        """Say who made lines, where it is not known any more what they were before."""
        if step.layer == 0:
            self._note(step, How.UNREAD, step.lines.values())

    def _has_time(self) -> bool:
        if monotonic() > self._deadline:
            self._history.complete = False
            return False
        return self._looked_at < MOST_COMMITS

    def _blame(self, place: Place, lines: Sequence[int]) -> Blame:
        found = blame_lines(self._root, place, lines, ignored=self._ignored, deadline=self._deadline)
        self._history.complete &= found.complete
        return found

    def _push(
        self, made: Iterable[BlamedLine], stand_for: Mapping[int, set[int]], layer: int, depth: int
    ) -> None:
        by_origin: defaultdict[tuple[Place, Place | None, int], _Lines] = defaultdict(dict)
        for each in made:
            by_origin[each.origin, each.previous, each.made_at][each.origin_line] = stand_for[each.line]
        for (origin, previous, made_at), lines in by_origin.items():
            frozen = {line: frozenset(of) for line, of in lines.items()}
            step = _Step(origin, previous, made_at, layer, depth, frozen)
            heappush(self._steps, (-made_at, next(self._numbers), step))

    def _look_into(self, step: _Step) -> None:
        """Say what a commit did to its lines, and go on with what they were before it."""
        self._looked_at += 1
        if step.previous is None:
            self._look_for_moves(step, sorted(step.lines), None)
            return
        hunks = parse_hunks(self._diff(step.previous, step.origin))
        changes = trace(sorted(step.lines), hunks)
        fresh = {at for each in hunks for at in range(each.new_start, each.new_start + len(each.new))}
        self._look_for_moves(step, [each.line for each in changes if each.before is None], fresh)
        kept = [each for each in changes if each.before is not None]
        changed = self._substantial(step, kept)
        if changed:
            said = self._note(step, How.CHANGED, [step.lines[each.line] for each in changed])
            for each in changed:
                said.before |= dict.fromkeys(step.lines[each.line], each.old)
        # Who changed nothing but the form of a line did not make it what it is: that is to be found yet.
        same = [each for each in kept if each not in changed]
        self._go_on(step, step.previous, _before(same, step), step.layer)
        self._go_on(step, step.previous, _before(changed, step), step.layer + 1)

    def _look_for_moves(self, step: _Step, added: Sequence[int], fresh: set[int] | None) -> None:
        """Say of lines that a file did not have before whether they are new or were elsewhere.

        Args:
            step: The commit.
            added: The lines.
            fresh: All lines that it wrote into the file; None where it made the file.
        """
        company = self._company(step, added, fresh) if added else {}
        by_place: defaultdict[Place, list[BlamedLine]] = defaultdict(list)
        for line in added:
            if line in company:
                by_place[company[line].before.origin].append(company[line].before)
        followed: set[int] = set()
        for place, before in by_place.items():
            left = self._left_behind(step, place, {each.origin_line for each in before})
            for how in (How.MOVED, How.COPIED):
                taken = [
                    each
                    for each in before
                    if (each.origin_line in left) is (how is How.COPIED)
                    and company[each.line].speaks_for(how)
                ]
                followed.update(each.line for each in taken)
                self._follow_to(step, place, how, taken)
        for place, moved in self._small_moves(step, [each for each in added if each not in followed], fresh):
            followed.update(each.line for each in moved)
            self._follow_to(step, place, How.MOVED, moved)
        new = [step.lines[each] for each in added if each not in followed]
        if new:
            self._note(step, How.WROTE, new)

    def _small_moves(
        self, step: _Step, lines: Sequence[int], fresh: set[int] | None
    ) -> Iterable[tuple[Place, list[BlamedLine]]]:
        until = min(self._deadline, monotonic() + MOVES_S)
        found: defaultdict[Place, list[BlamedLine]] = defaultdict(list)
        try:
            for each in small_moves(
                self._root, step.origin, lines, fresh, made_at=step.made_at, deadline=until
            ):
                found[each.origin].append(each)
        except GitError as error:
            _log.info("small moves in %s are not followed: %s", step.origin.commit, error)
            self._history.complete &= error.returncode is not None
            self._history.narrowed |= error.returncode is not None
        return found.items()

    def _follow_to(self, step: _Step, place: Place, how: How, taken: Sequence[BlamedLine]) -> None:
        if not taken:
            return
        lines: defaultdict[int, set[int]] = defaultdict(set)
        for each in taken:
            lines[each.origin_line] |= step.lines[each.line]
        said = self._note(step, how, lines.values())
        said.moved_from = place.path
        # Who copied a line chose to have it here; who moved one found it made already.
        self._go_on(step, place, lines, step.layer + (how is How.COPIED))

    def _left_behind(self, step: _Step, place: Place, lines: Iterable[int]) -> set[int]:
        """Those lines of a file before a commit that are still in it after."""
        try:
            diff = self._diff(place, Place(step.origin.commit, place.path))
        except GitError as error:
            if error.returncode is None:
                raise
            return set()
        gone = {
            number
            for hunk in parse_hunks(diff)
            for number in range(hunk.old_start, hunk.old_start + len(hunk.old))
        }
        return set(lines) - gone

    def _company(self, step: _Step, added: Sequence[int], fresh: set[int] | None) -> dict[int, _Company]:
        """To those of some lines that stood elsewhere, how many around them came from there too."""
        try:
            found = moved_lines(
                self._root,
                step.origin,
                added,
                made=step.previous is None,
                ignored=self._ignored,
                deadline=min(self._deadline, monotonic() + MOVES_S),
            )
        except GitError as error:
            _log.info("moves in %s are not followed: %s", step.origin.commit, error)
            self._history.narrowed = True
            return {}
        self._history.complete &= found.complete
        if not found.lines:
            return {}
        telling = self._telling(step.origin)
        written = telling if fresh is None else telling & fresh
        return {
            line: _Company.of(found.lines[line], found.lines, written)
            for line in added
            if line in found.lines
        }

    def _telling(self, place: Place) -> set[int]:
        """The lines of a file that say enough to be known again."""
        text = self._git(["cat-file", "blob", f"{place.commit}:{place.path}"])
        lines = enumerate(text.split(b"\n"), start=1)
        return {number for number, line in lines if len(_SIGNS.sub(b"", line)) >= LEAST_TELLING}

    def _substantial(self, step: _Step, changes: Sequence[LineChange]) -> list[LineChange]:
        """Those that are more than a matter of form."""
        told = [each for each in changes if not each.formatting]
        renamed = [each for each in told if renames_only(each.old, each.new)]
        if renamed and self._renames_everywhere(step.origin.commit):
            told = [each for each in told if each not in renamed]
        if len(told) < len(changes):
            self._history.mechanical.append(step.origin.commit)
        return told

    def _go_on(self, step: _Step, place: Place, lines: _Lines, layer: int) -> None:
        """Blame lines as they were before a commit."""
        if lines and layer <= MOST_LAYERS and step.depth < MOST_DEPTH:
            self._push(self._blame(place, sorted(lines)).lines.values(), lines, layer, step.depth + 1)

    def _note(self, step: _Step, how: How, lines: Iterable[Iterable[int]]) -> LineCommit:
        found = self._commit(step.origin, how, step.layer, step.made_at)
        found.lines.update(*lines)
        return found

    def _commit(self, origin: Place, how: How, layer: int, made_at: int) -> LineCommit:
        key = (origin.commit, how)
        if key not in self._found:
            self._found[key] = LineCommit(origin.commit, how, origin.path, set(), layer, made_at=made_at)
        found = self._found[key]
        found.layer = min(found.layer, layer)
        return found

    def _diff(self, old: Place, new: Place) -> bytes:
        sides = [f"{each.commit}:{each.path}" for each in (old, new)]
        return self._git([*_DIFF, *sides, "--"])

    def _renames_everywhere(self, commit: str) -> bool:
        """Whether a commit did little else than put names for others, in very many files."""
        if commit not in self._renaming:
            self._renaming[commit] = self._looks_renaming(commit)
        return self._renaming[commit]

    def _looks_renaming(self, commit: str) -> bool:
        command = ["diff-tree", "-r", "-z", "--no-commit-id", "--name-only", "--diff-filter=M", commit, "--"]
        paths = [each.decode("utf-8", "surrogateescape") for each in self._git(command).split(b"\0")[:-1]]
        if len(paths) < MASS_FILES:
            return False
        some = [f":(top,literal){path}" for path in paths[:: len(paths) // SAMPLED_FILES][:SAMPLED_FILES]]
        command = ["diff-tree", "-r", "-p", "--no-commit-id", *_DIFF[1:], commit, "--", *some]
        hunks = parse_hunks(self._git(command))
        renaming = sum(all(map(renames_only, each.old, each.new)) for each in hunks if _is_even(each))
        return bool(hunks) and renaming >= RENAMING_SHARE * len(hunks)

    def _git(self, arguments: Sequence[str]) -> bytes:
        left = max(self._deadline - monotonic(), 0.2)
        return run_git(self._root, arguments, timeout_s=left)


def _before(changes: Iterable[LineChange], step: _Step) -> _Lines:
    """What some lines were before, each with those asked about that came of it."""
    before: defaultdict[int, set[int]] = defaultdict(set)
    for each in changes:
        assert each.before is not None
        before[each.before] |= step.lines[each.line]
    return before


def _is_even(hunk: Hunk) -> bool:
    return len(hunk.old) == len(hunk.new)
