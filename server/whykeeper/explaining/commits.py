"""The commits that made code what it is, as reasons."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from time import monotonic

from whykeeper.explaining.answer import Reason
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.history import (
    How,
    LineCommit,
    Place,
    clean_body,
    committed_lines,
    entry_type,
    file_bytes,
    file_log,
    follow_lines,
    head_of,
    ignored_revisions,
    is_shallow,
    issues_named,
    memorable_title,
    merges_bringing,
    ranges_of,
    read_named,
    redacted,
    staged_origin,
    what_became_of,
    worth_remembering,
)
from whykeeper_indexers.history.file_log import FileCommit
from whykeeper_indexers.secrets import redact
from whykeeper_indexers.types import CommitRecord, LineRange

__all__ = ["History", "Part", "history_of"]

LINES_S = 5.0
"""For the commits of lines: ten times what most take, for a machine may be busy with other things."""
FILE_S = 2.0
MERGES_S = 2.0
"""For the merges that brought them in, of whose messages an answer can do without."""
MOST_SHOWN = 12
"""Commits whose messages are read for one answer; older ones are counted."""
MOST_WEIGHED = 60
"""Commits of a file whose messages are looked at for reasons."""
MOST_OLD = 140
"""Characters shown of a line as it was before."""
_HASH_SHOWN = 12
_CONFLICTS = re.compile(r"(?:^|\n)Conflicts:\s*\n.*", re.DOTALL)
_REVERTS = re.compile(r"\bThis reverts commit ([0-9a-f]{40,64})\b")


@dataclass(frozen=True, slots=True)
class Part:
    """A commit's part in what is asked about, before its message is known.

    Attributes:
        commit: Full hash.
        because: How it is connected.
        maker: It made a line what it is, and not what it was before.
        whole: It had this part in all of the lines.
        known: It did have this part, as far as the history goes back.
    """

    commit: str
    because: str
    maker: bool = True
    whole: bool = False
    known: bool = True


@dataclass(slots=True)
class History:
    """The commits behind some code.

    Attributes:
        reasons: What explains first, then what does not, each newest first.
        last_commit: Who made it so; None where that is not known.
        summary: The same in a sentence.
        notes: What is missing.
        unknown: No commit has ever had the path.
        before: What the last commit calls it, where that is another name.
        now: What a file that is gone is called now.
    """

    reasons: list[Reason] = field(default_factory=list)
    last_commit: str | None = None
    summary: str = ""
    notes: list[str] = field(default_factory=list)
    unknown: bool = False
    before: str | None = None
    now: str | None = None


def history_of(root: Path, path: str, lines: LineRange | None, *, folder: bool, there: bool) -> History:
    """Find the commits that made code what it is.

    Args:
        root: The checkout.
        path: A file or folder in it.
        lines: Of the file as it is in the working tree; None for all of it.
        folder: Whether it is a folder.
        there: Whether it is in the working tree.

    Returns:
        What git told in the time it has; where it refused, a note says so.
    """
    history = History()
    try:
        head = head_of(root)
        if head is None:
            history.notes.append("nothing is committed yet")
            return history
        _Asking(root, head, history).ask(path, lines, folder, there)
    except GitError as error:
        history.notes.append(f"the history could not be read: {error.message}")
    return history


class _Asking:
    def __init__(self, root: Path, head: str, history: History) -> None:
        self._root = root
        self._head = head
        self._history = history
        self._notes = history.notes
        # The oldest commits of a shallow clone seem to have made all that they have.
        self._cut_off = _oldest(root) if is_shallow(root) else frozenset()

    def ask(self, path: str, lines: LineRange | None, folder: bool, there: bool) -> None:
        name, kind = path, entry_type(self._root, self._head, path)
        if kind is None and there and not folder:
            renamed = staged_origin(self._root, self._head, path, monotonic() + FILE_S)
            if renamed:
                self._notes.append(
                    f"{path} is {renamed} in the last commit: the renaming is not committed yet"
                )
                name, kind = renamed, "blob"
        if kind is None and there and (above := self._special_above(path)):
            self._ask_above(path, *above)
        elif kind is None:
            self._ask_of_nothing(path, there)
        elif kind == "commit":
            self._notes.append(f"{path} is a submodule: only what moved it is told; ask in its own checkout")
            self._file(name, folder=True)
        elif kind == "link":
            self._notes.append(
                f"{path} is a link, and only its own history is told{_leading(self._root, path)}"
            )
            self._file(name, folder=False)
        elif lines is None or kind != "blob":
            self._file(name, folder=kind == "tree")
        else:
            self._lines(path, name, lines)
        if name != path:
            self._history.before = name
        if self._cut_off:
            self._notes.append("a shallow clone: what is older than its oldest commits cannot be told")

    def _special_above(self, path: str) -> tuple[str, str] | None:
        """The link or submodule that a path lies behind, and which of the two it is."""
        for above in reversed(PurePosixPath(path).parents[:-1]):
            kind = entry_type(self._root, self._head, str(above))
            if kind in {"link", "commit"}:
                return str(above), kind
        return None

    def _ask_above(self, path: str, above: str, kind: str) -> None:
        if kind == "link":
            self._notes.append(f"{path} lies behind the link {above}{_leading(self._root, path)}")
            return
        self._notes.append(f"{path} lies in the submodule {above}: ask in its own checkout")
        self._file(above, folder=True, since=f"the submodule {above} was last moved by")
        self._history.last_commit = None

    def _file_instead(self, path: str) -> None:
        """Tell of the file where its lines cannot be told of."""
        self._file(path, folder=False, since="the file was last changed by")
        self._history.last_commit = None

    def _ask_of_nothing(self, path: str, there: bool) -> None:
        """A path that the last commit does not have: new, or gone."""
        if there:
            self._notes.append(f"{path} is not committed yet: no commit tells of it")
            return
        gone = what_became_of(self._root, self._head, path, monotonic() + FILE_S)
        if gone is None:
            self._history.unknown = True
            return
        said = f"renamed it; it is {gone.now} now" if gone.now else "took it away"
        if entry_type(self._root, f"{gone.commit}^", path) == "tree":
            said = "took away, or moved, the last of what was in it"
        self._history.now = gone.now
        self._fill([Part(gone.commit, said)])
        self._notes.append(f"{path} is not there any more" + (f": ask for {gone.now}" if gone.now else ""))

    def _file(self, path: str, *, folder: bool, since: str = "last changed by") -> None:
        log = file_log(self._root, self._head, path, folder=folder, deadline=monotonic() + FILE_S)
        newest = log.commits[:1]
        if not log.complete:
            self._notes.append(f"only the last {len(log.commits):,} commits were looked at")
        parts = [
            Part(each.commit, _did(each, folder), each in newest or each.status in {"A", "C"})
            for each in log.commits
        ]
        kept = parts[:MOST_WEIGHED]
        if log.complete and parts[MOST_WEIGHED:]:
            # Who made the file says what it is for.
            kept.append(parts[-1])
        self._fill(kept, total=len(parts), since=since)

    def _lines(self, path: str, name: str, lines: LineRange) -> None:
        now = file_bytes(self._root, path)
        committed = committed_lines(self._root, self._head, name, now) if now is not None else None
        if committed is None:
            self._notes.append(
                f"{path} is binary or too large to tell its lines' history: that of the file is given"
            )
            self._file_instead(name)
            return
        asked = range(lines.start, min(lines.end, committed.total) + 1)
        new = [each for each in asked if each not in committed.lines]
        if new:
            self._notes.append(f"{_said_lines(new)} not committed yet: no commit tells of {_them(new)}")
        old = {committed.lines[each]: each for each in asked if each in committed.lines}
        if old:
            self._follow(Place(self._head, name), old)

    def _follow(self, place: Place, numbers: Mapping[int, int]) -> None:
        ignored = ignored_revisions(self._root)
        if ignored.refused:
            self._notes.append(f"only the history of the file is given, not that of lines: {ignored.refused}")
            self._file_instead(place.path)
            return
        deadline = monotonic() + LINES_S
        found = follow_lines(self._root, place, sorted(numbers), ignored=ignored, deadline=deadline)
        if not found.complete:
            self._notes.append("git did not come to its end in time: older commits may be missing")
        if found.narrowed:
            self._notes.append("moves between files are not all followed: this clone lacks contents")
        parts = [
            Part(
                each.commit,
                _line_part(each, place.path, numbers),
                each.layer == 0 and each.how is not How.MOVED,
                whole=len(each.lines) == len(numbers),
            )
            for each in found.commits
        ]
        self._fill(parts, since="as it is since")
        if found.mechanical:
            shown = ", ".join(each[:_HASH_SHOWN] for each in found.mechanical[:3])
            self._notes.append(
                f"looked through {_counted(len(found.mechanical), 'mechanical commit')}: {shown}"
            )

    def _fill(self, parts: Sequence[Part], total: int | None = None, since: str = "last changed by") -> None:
        """Read the messages, and put what explains first."""
        merged = [self._as_far_as_known(each) for each in _together(parts)]
        if not merged:
            return
        commits = read_named(self._root, [each.commit for each in merged])
        clean = {sha: redacted(each, redact) for sha, each in commits.items()}
        merged, undone = _without_reverted(merged, clean)
        if undone:
            said = _counted(undone, "commit")
            self._notes.append(f"left out {said} that a later commit took back, with the later one")
        telling = [each for each in merged if each.known and worth_remembering(clean[each.commit])]
        others = [each for each in merged if each not in telling]
        chosen = [*telling[:MOST_SHOWN], *_chosen(others, MOST_SHOWN - len(telling[:MOST_SHOWN]))]
        merges = self._merges([clean[each.commit] for each in chosen])
        reasons = [self._reason(each, clean[each.commit], merges) for each in chosen]
        alone = {each.commit for each in chosen if each.maker and each.whole}
        self._history.reasons = sorted(
            reasons, key=lambda each: (each.commit not in alone, not each.explains)
        )
        newest = next((clean[each.commit] for each in merged if each.maker and each.known), None)
        if newest is not None:
            self._history.last_commit, self._history.summary = newest.sha, f"{since} {_named(newest)}"
        left = (total - 2 * undone if total else len(merged)) - len(chosen)
        if left > 0:
            self._notes.append(f"{_counted(left, 'more commit')} had a part in it and {_is(left)} not shown")

    def _as_far_as_known(self, part: Part) -> Part:
        if part.commit not in self._cut_off:
            return part
        because = "the oldest commit of this shallow clone: it, or one before it, made this"
        return replace(part, because=because, maker=False, whole=False, known=False)

    def _merges(self, commits: Collection[CommitRecord]) -> dict[str, list[CommitRecord]]:
        """The merges that brought commits in and say something of them."""
        since = min((each.authored_at for each in commits), default=0)
        hashes = [each.sha for each in commits]
        found = merges_bringing(self._root, self._head, hashes, since, monotonic() + MERGES_S)
        if found is None:
            self._notes.append("merges were not looked at: it would have taken too long")
            return {}
        wanted = {merge for merges in found.values() for merge in merges}
        read = {sha: redacted(each, redact) for sha, each in read_named(self._root, sorted(wanted)).items()}
        return {sha: [read[merge] for merge in merges if merge in read] for sha, merges in found.items()}

    def _reason(self, part: Part, commit: CommitRecord, merges: Mapping[str, list[CommitRecord]]) -> Reason:
        if not part.known:
            return _reason(part, commit, (), "", explains=False)
        merge = next((each for each in merges.get(commit.sha, ()) if _tells(each, commit)), None)
        said = [clean_body(commit)]
        named = [*issues_named(f"{commit.subject}\n{commit.body}")]
        if merge is not None:
            said.append(_merge_text(merge, commit))
            named += issues_named(f"{merge.subject}\n{merge.body}")
        explains = worth_remembering(commit) or (merge is not None and worth_remembering(merge))
        return _reason(part, commit, named, "\n\n".join(filter(None, said)), explains=explains)


def _reason(part: Part, commit: CommitRecord, issues: Iterable[str], text: str, *, explains: bool) -> Reason:
    return Reason(
        id=commit.sha[:_HASH_SHOWN],
        kind="commit",
        commit=commit.sha,
        title=memorable_title(commit),
        date=_day(commit.authored_at),
        author=commit.author or None,
        issues=list(dict.fromkeys(issues)),
        because=part.because,
        explains=explains,
        text=text,
    )


def _merge_text(merge: CommitRecord, commit: CommitRecord) -> str:
    """What a merge says, without what the commit itself says."""
    title, body = memorable_title(merge), _CONFLICTS.sub("", clean_body(merge)).strip()
    first, _, rest = body.partition("\n")
    rest = rest.strip() if first and title.startswith(first) else body
    if title.startswith(memorable_title(commit)):
        title = ", ".join(issues_named(merge.subject))
    said = f"Merged with {merge.sha[:_HASH_SHOWN]}" + (f": {title}" if title else "")
    return f"{said}\n{rest}" if rest and rest != clean_body(commit) else said


def _tells(merge: CommitRecord, commit: CommitRecord) -> bool:
    """Whether a merge says something of a commit that the commit does not say itself."""
    named = set(issues_named(merge.subject)) - set(issues_named(f"{commit.subject}\n{commit.body}"))
    settled = replace(merge, body=_CONFLICTS.sub("", merge.body))
    return bool(named) or worth_remembering(settled)


def _together(parts: Iterable[Part]) -> list[Part]:
    """One part for each commit, in order; what a commit did twice is said in one sentence."""
    found: dict[str, Part] = {}
    for each in parts:
        before = found.get(each.commit)
        if before is None:
            found[each.commit] = each
        elif each.because not in before.because:
            both = f"{before.because}; {each.because}"
            maker, whole = before.maker or each.maker, before.whole or each.whole
            found[each.commit] = Part(each.commit, both, maker, whole)
    return list(found.values())


def _without_reverted(parts: Sequence[Part], commits: Mapping[str, CommitRecord]) -> tuple[list[Part], int]:
    """Leave out pairs of a commit and its revert, unless one made the code what it is."""
    there = {each.commit for each in parts if not each.maker}
    gone: set[str] = set()
    for each in parts:
        for reverted in _REVERTS.findall(commits[each.commit].body):
            if {each.commit, reverted} <= there - gone:
                gone |= {each.commit, reverted}
    return [each for each in parts if each.commit not in gone], len(gone) // 2


def _chosen(others: Sequence[Part], most: int) -> list[Part]:
    """Of commits that do not say why: those that made the code what it is, then the newest."""
    first = [each for each in others if each.maker]
    kept = {each.commit for each in [*first, *(each for each in others if not each.maker)][: max(most, 1)]}
    return [each for each in others if each.commit in kept]


def _named(commit: CommitRecord) -> str:
    who = f"{_day(commit.authored_at)}, {commit.author}" if commit.author else _day(commit.authored_at)
    # In marks, for it stands in a sentence of ours, and anybody may have written it.
    title = memorable_title(commit).replace("“", '"').replace("”", '"')
    return f"{commit.sha[:_HASH_SHOWN]} ({who}): “{title}”"


def _line_part(each: LineCommit, path: str, numbers: Mapping[int, int]) -> str:
    lines, asked = sorted(numbers[line] for line in each.lines), len(numbers)
    if each.moved_from is not None:
        whence = "within the file" if each.moved_from == each.path else f"from {each.moved_from}"
        form = "" if each.layer == 0 else "an earlier form of "
        return f"{each.how.value} {form}{_these(lines, asked)} {whence}"
    where = f" (in {each.path})" if each.path != path else ""
    if each.how is not How.CHANGED:
        verb = each.how.value if each.layer == 0 else f"{each.how.value} an earlier form of"
        return f"{verb} {_these(lines, asked)}{where}"
    verb = "changed" if each.layer == 0 else "changed an earlier form of"
    return f"{verb} {_these(lines, asked)}{where}{_was(each, asked)}"


def _was(each: LineCommit, asked: int) -> str:
    if asked != 1 or not each.before:
        return ""
    old = " ".join(next(iter(each.before.values())).split())
    clean, _ = redact(old)
    shown = clean if len(clean) <= MOST_OLD else f"{clean[: MOST_OLD - 1]}…"
    return f", before: {shown}"


def _these(lines: Sequence[int], asked: int) -> str:
    if len(lines) == asked:
        return "this line" if asked == 1 else "these lines"
    spans = ranges_of(lines)
    shown = ", ".join(
        f"{each.start}" if each.start == each.end else f"{each.start}-{each.end}" for each in spans[:4]
    )
    word = "line" if len(lines) == 1 else "lines"
    return f"{word} {shown}{' …' if len(spans) > 4 else ''}"


def _said_lines(lines: Sequence[int]) -> str:
    return f"{_these(lines, 0)} {_is(len(lines))}"


def _them(lines: Sequence[int]) -> str:
    return "it" if len(lines) == 1 else "them"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _did(each: FileCommit, folder: bool) -> str:
    if folder:
        return "changed something in this folder"
    verbs: dict[str, Callable[[], str]] = {
        "A": lambda: "made this file",
        "R": lambda: f"renamed this file from {each.before}" + ("" if each.identical else ", and changed it"),
        "C": lambda: f"copied this file from {each.before}",
        "D": lambda: "took this file away",
    }
    return verbs.get(each.status, lambda: "changed this file")()


def _leading(root: Path, path: str) -> str:
    """Where links on the way to a path lead, as advice."""
    real = os.path.realpath(root / path)
    if not os.path.lexists(real) or real == str(root / path):
        return ": it leads nowhere"
    if not real.startswith(f"{root}{os.sep}"):
        return ": it leads out of the repository"
    return f": ask for {Path(real).relative_to(root).as_posix()}"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _oldest(root: Path) -> frozenset[str]:
    """The commits without a parent here."""
    said = run_git(root, ["rev-list", "--max-parents=0", "HEAD", "--"])
    return frozenset(said.decode().split())
