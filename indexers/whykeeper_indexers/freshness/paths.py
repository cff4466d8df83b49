"""Paths: gone or renamed since they were named; lines of a file that say something else by now."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from whykeeper_indexers.freshness.case import Case, Check
from whykeeper_indexers.freshness.history import History, Removal
from whykeeper_indexers.freshness.lineage import Said
from whykeeper_indexers.freshness.places import meanings
from whykeeper_indexers.link_types import Finding, Freshness, ReferenceKind

__all__ = ["PathCheck"]

_NEAR = 3
"""Lines that a place may be off by and still be found."""
_MOST_RENAMES = 8
_TELLING_LINE = 8
"""Letters of a line that can be known again."""
_VALUED = re.compile(r"([^:=]{1,80})[:=]\s*\S")
_LETTERS = re.compile(r"\w")


class PathCheck(Check):
    """A path exists, or does not any more.

    Args:
        past: Paths that are in the history and not in the checkout, by their file name.
    """

    def __init__(self, past: Mapping[str, Collection[str]]) -> None:
        self._past = past

    def holds(self, case: Case) -> bool | None:
        """It is there, and no line of it is spoken of."""
        found = case.present.paths.found(case.reference.target, case.document.path, case.reference.form)
        if found:
            return None if case.reference.detail and len(found) == 1 else True
        if any(_on_disk(case, meaning) for meaning in self._meanings(case)):
            return True
        return None if self.before(case) else False

    def before(self, case: Case, sha: str = "") -> Collection[str]:  # noqa: ARG002 - of any commit
        """What it can have meant."""
        reference = case.reference
        present = case.present.paths.found(reference.target, case.document.path, reference.form)
        if present:
            return present if len(present) == 1 else ()
        plain = reference.target.rstrip("/").lstrip("./")
        tail = f"/{plain}"
        known = self._past.get(plain.rpartition("/")[2], ())
        ending = [path for path in known if f"/{path}".endswith(tail)] if "/" in plain else []
        direct = [path for path in self._meanings(case) if path in known]
        return [*direct, *(ending if len(ending) == 1 and reference.form != "link" else ())]

    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """Gone since, or another line than the one that was meant."""
        reference = case.reference
        present = case.present.paths.found(reference.target, case.document.path, reference.form)
        candidates = list(self.before(case))
        had = history.had([(sha, path) for path in candidates])
        then = next((path for path in candidates if (sha, path) in had), None)
        if then is None:
            return None
        if present:
            return _place(case, then, sha, history)
        removal = _last_removal(case, then, history)
        if removal is None:
            return None
        if removal.to:
            return _found(case, f"renamed to {removal.to}", removal.commit, f"name {removal.to} instead")
        return _found(case, "removed", removal.commit, _successor(case, then, sha, history))

    def _meanings(self, case: Case) -> list[str]:
        return meanings(case.reference.target, case.document.path, case.reference.form)


def _last_removal(case: Case, path: str, history: History) -> Removal | None:
    """How a path went; of one that was renamed again, what it is called now, or how it went in the end."""
    first = last = history.removal(path)
    for _ in range(_MOST_RENAMES):
        if last is None or not last.to or last.to in case.present.paths:
            break
        last = history.removal(last.to)
    if first is None or last is None:
        return first
    return first._replace(to=last.to) if last.to else last


def _successor(case: Case, path: str, sha: str, history: History) -> str:
    """Hint at the one file of the same name, unless it stood beside the one that is gone."""
    elsewhere = case.present.paths.ending(path.rpartition("/")[2])
    if len(elsewhere) == 1 and not history.had([(sha, elsewhere[0])]):
        return f"perhaps {elsewhere[0]} is meant now"
    return "take it out, or name what took its place"


def _on_disk(case: Case, path: str) -> bool:
    """Also what git does not track, such as what a build makes; nothing outside is looked at."""
    place = case.present.root / path
    return (
        any(above in case.present.paths.files for above in _folders(path))
        or place.is_symlink()
        or place.exists()
    )


def _folders(path: str) -> list[str]:
    """Folders above, of which one may be a submodule: git lists it like a file."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _place(case: Case, path: str, sha: str, history: History) -> Finding | None:
    number = int(case.reference.detail) if case.reference.detail.isdigit() else 0
    then, now = history.lines_at(sha, path), case.present.text_lines(path)
    if not 0 < number <= len(then):
        return None
    meant = then[number - 1].strip()
    if len(_LETTERS.findall(meant)) < _TELLING_LINE:
        return None
    end = _end(case, number)
    if _stands(meant, number, end, now):
        return None
    if number <= len(now) and _subject(meant) and _subject(meant) == _subject(now[number - 1]):
        return None
    at = [place for place, line in enumerate(now, 1) if line.strip() == meant]
    what = f"line {number} is another one now" + _moved(at)
    said = Said(meant, lambda lines: _stands(meant, number, end, lines), f"{meant} {number}-{end}")
    commit = history.lineage.ended(said, sha, [path])
    hint = (
        f"name line {at[0]}, or what stands there"
        if len(at) == 1
        else "name what stands there instead of its line"
    )
    return _found(case, what, commit, hint, Freshness.DRIFTED)


def _stands(meant: str, number: int, end: int, lines: Sequence[str]) -> bool:
    """Whether a line stands where a document says, or within the range that it gives."""
    start, after = max(0, number - 1 - _NEAR), max(number + _NEAR, end)
    return any(line.strip() == meant for line in lines[start:after])


def _end(case: Case, number: int) -> int:
    """Where the range ends that begins with a line; whoever follows it finds what is further down in it."""
    lines = case.present.text_lines(case.document.path)
    written = lines[case.reference.line - 1] if case.reference.line <= len(lines) else ""
    ends = re.findall(rf"(?::|#L){number}[-:]L?(\d{{1,6}})", written)
    return max(map(int, ends), default=number)


def _subject(line: str) -> str:
    """What a line gives a value to: with another value it is still that line."""
    found = _VALUED.match(line.strip())
    return found[1].strip() if found else ""


def _moved(at: Sequence[int]) -> str:
    if not at:
        return ", what stood there is gone"
    return f": what stood there is in line {at[0]}" if len(at) == 1 else ""


def _found(
    case: Case, what: str, commit: str | None, hint: str, state: Freshness = Freshness.BROKEN
) -> Finding:
    reference = case.reference
    return Finding(state, reference.line, ReferenceKind.PATH, reference.target, what, commit, hint)
