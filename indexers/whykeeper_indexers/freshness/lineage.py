"""Which commit ended something that files said, whatever they were called meanwhile.

Under a path alone git takes a rename for a deletion, and a search by a name's count takes what is in
another file for gone. So files are followed by their renames, and each change's two texts are compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from whykeeper_indexers.freshness.facts import Facts
from whykeeper_indexers.freshness.present import MAX_BYTES, NOT_DOCUMENTS

__all__ = ["Lineage", "Said"]

MOST_FILES = 4
"""That are followed for one question."""
MOST_NAMES = 8
"""Of one file."""
MOST_CHANGES = 400
"""That are looked through, from the newest on; what ended before them stays unnamed."""
MOST_MOVES = 4
"""From file to file, until it is gone from all."""
MOST_HOLDING = 25
"""Files that still say it after a change: more make it a common word."""
_AT_ONCE = 32
"""Changes whose texts are read at once: the one that is looked for is mostly among the newest."""
_RENAMES = ("-M40%", "-l1000")
"""As alike as files must be to be one: the same for the names of a file and for its changes."""
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_NO_BLOB = re.compile(r"0{40,64}")


class Said(NamedTuple):
    """Something that a text can say.

    Attributes:
        needle: Without which no text says it.
        holds: Whether a text, given its lines, does.
        what: Names it among questions; the needle where nothing is given.
        anywhere: Whether it is ended only when no file says it, rather than when these do not.
    """

    needle: str
    holds: Callable[[Sequence[str]], bool]
    what: str = ""
    anywhere: bool = False


class Git(Protocol):
    """Runs git; gives None where it did not answer."""

    def __call__(
        self, arguments: Sequence[str], given: bytes | None = None, ok: Collection[int] = (0,)
    ) -> bytes | None: ...


class _UnknownError(Exception):
    """Git did not answer, as where a clone lacks contents: what is not known is not guessed."""


class _Change(NamedTuple):
    commit: str
    old: str
    new: str


class Lineage:
    """Follows files through the history.

    Args:
        git: Runs it.
        facts: What is known already.
        renamed: Gives what a commit that took a path away renamed it to; empty when it removed it, None
            where that is not known.
    """

    def __init__(self, git: Git, facts: Facts, renamed: Callable[[str, str], str | None]) -> None:
        self._git = git
        self._facts = facts
        self._renamed = renamed
        self._head = ""

    def ended(self, said: Said, sha: str, files: Sequence[str]) -> str | None:
        """The commit since another after which files no longer say something.

        Args:
            said: What.
            sha: A commit at which they did.
            files: By their names at that commit.

        Returns:
            None where it cannot be told for sure.
        """
        where = "anywhere" if said.anywhere else " ".join(files[:1])
        question = f"ended {sha} {said.what or said.needle} {where}"
        try:
            known = self._facts.get(question)
            head: str
            commit: str | None
            head, commit, names = json.loads(known) if known else ("", None, [])
            if not head or not self._untouched(head, said, names):
                commit, names = self._followed(said, sha, files)
            self._facts.put(question, json.dumps([self._at(), commit, names]))
        except _UnknownError:
            return None
        return commit

    def _followed(self, said: Said, sha: str, files: Sequence[str]) -> tuple[str | None, list[str]]:
        names = self._names_of(sha, files)
        found = self._newest(said, sha, names)
        for _ in range(MOST_MOVES):
            if not found or not said.anywhere:
                break
            holding = self._holding(said, found)
            if not holding:
                break
            more = self._names_of(found, holding)
            names = [*names, *more]
            found = self._newest(said, found, more)
        else:
            found = None
        return found, names

    def changed(self, path: str, since: str) -> str | None:
        """The newest commit since another that changed a file, and not only its name."""
        try:
            changes = self._changes(since, self._names_of(since, [path]))
        except _UnknownError:
            return None
        return next((each.commit for each in changes if each.old != each.new), None)

    def _at(self) -> str:
        if not self._head:
            self._head = self._text(["rev-parse", "HEAD"]).strip()
        return self._head

    def _untouched(self, head: str, said: Said, names: Sequence[str]) -> bool:
        """Whether nothing that matters happened between an earlier head and this one."""
        if head == self._at():
            return True
        if self._git(["merge-base", "--is-ancestor", head, self._at()]) is None:
            return False
        within = NOT_DOCUMENTS if said.anywhere else _literal(names)
        search = [f"-S{said.needle}"] if said.anywhere else []
        out = self._git(["log", "-1", "--format=%H", *search, f"{head}..{self._at()}", "--", *within])
        return out is not None and not out.strip()

    def _names_of(self, sha: str, files: Sequence[str]) -> list[str]:
        found: list[str] = []
        for file in files[:MOST_FILES]:
            names = [file]
            for name in names:
                for to in self._next_names(sha, name):
                    if to not in names and len(names) < MOST_NAMES:
                        names.append(to)
            found += names
        return list(dict.fromkeys(found))

    def _next_names(self, sha: str, name: str) -> Iterator[str]:
        arguments = ["log", f"-{MOST_NAMES}", "--format=%H", "--no-renames", "--diff-filter=D"]
        for commit in self._text([*arguments, f"{sha}..HEAD", "--", *_literal([name])]).split():
            question = f"renamed {commit} {name}"
            known = self._facts.get(question)
            to = self._renamed(commit, name) if known is None else known
            if to is None:
                raise _UnknownError
            self._facts.put(question, to)
            if to:
                yield to

    def _newest(self, said: Said, sha: str, names: Sequence[str]) -> str | None:
        """The newest change of these that ended it; None when a later one says it again."""
        changes = self._changes(sha, names)
        verdicts: dict[str, bool] = {}
        commit = ""
        ends = False
        for start in range(0, len(changes), _AT_ONCE):
            some = changes[start : start + _AT_ONCE]
            verdicts |= self._verdicts(said, {blob for each in some for blob in each[1:]} - verdicts.keys())
            for each in some:
                if ends and each.commit != commit:
                    return commit
                if each.old not in verdicts or each.new not in verdicts:
                    return None
                commit = each.commit
                if verdicts[each.new] and not verdicts[each.old]:
                    return None
                ends = ends or (verdicts[each.old] and not verdicts[each.new])
        return commit if ends and len(changes) < MOST_CHANGES else None

    def _changes(self, sha: str, names: Sequence[str]) -> list[_Change]:
        """What became of files, the newest first; merges aside."""
        arguments = ["log", f"-{MOST_CHANGES}", "--date-order", "--format=%H", "--raw", "-z", "--no-abbrev"]
        out = self._text([*arguments, *_RENAMES, f"{sha}..HEAD", "--", *_literal(names)])
        found, commit = [], ""
        for token in out.split("\0"):
            plain = token.strip("\n")
            if _COMMIT.fullmatch(plain):
                commit = plain
            elif plain.startswith(":") and len(parts := plain.split()) >= 5:
                found.append(_Change(commit, parts[2], parts[3]))
        return found

    def _verdicts(self, said: Said, blobs: set[str]) -> Mapping[str, bool]:
        """Of which texts something holds; those that could not be read are left out."""
        found = {blob: False for blob in blobs if _NO_BLOB.fullmatch(blob)}
        wanted = sorted(blobs - found.keys())
        out = self._git(["cat-file", "--batch"], "".join(f"{blob}\n" for blob in wanted).encode())
        rest = out or b""
        for blob in wanted:
            header, _, rest = rest.partition(b"\n")
            parts = header.split()
            if len(parts) != 3 or not parts[2].isdigit():
                return found
            size = int(parts[2])
            text, rest = rest[:size], rest[size + 1 :]
            if size <= MAX_BYTES:
                found[blob] = self._holds(said, text)
        return found

    @staticmethod
    def _holds(said: Said, data: bytes) -> bool:
        text = data.decode("utf-8", "replace")
        return said.needle in text and said.holds(text.split("\n"))

    def _holding(self, said: Said, commit: str) -> list[str]:
        """The files that say it at a commit."""
        out = self._git(
            ["grep", "-l", "-z", "-F", "-I", "--full-name", "-e", said.needle, commit, "--", *NOT_DOCUMENTS],
            ok=(0, 1),
        )
        if out is None:
            raise _UnknownError
        listed = out.decode("utf-8", "surrogateescape").split("\0")
        paths = [each.partition(":")[2] for each in listed if each]
        if len(paths) > MOST_HOLDING:
            raise _UnknownError
        return [path for path in paths if self._says(said, commit, path)]

    def _says(self, said: Said, commit: str, path: str) -> bool:
        return self._holds(said, self._asked(["cat-file", "-p", f"{commit}:{path}"]))

    def _text(self, arguments: Sequence[str]) -> str:
        return self._asked(arguments).decode("utf-8", "surrogateescape")

    def _asked(self, arguments: Sequence[str]) -> bytes:
        out = self._git(arguments)
        if out is None:
            raise _UnknownError
        return out


def _literal(names: Sequence[str]) -> list[str]:
    """Names as they are: one may have signs in it that git takes for a glob."""
    return [f":(top,literal){name}" for name in names]
