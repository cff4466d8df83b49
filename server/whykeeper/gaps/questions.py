"""The questions that nothing recorded answers, in a file of their own for each repository.

They are no project's knowledge and not derived from one either: nothing else can bring them back, so they
lie apart from what ``purge`` deletes. A connection lives for one operation: they are seldom asked for.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from whykeeper.platform_folders import make_private
from whykeeper_indexers.errors import StorageError, UserError
from whykeeper_indexers.scan import Repository

__all__ = ["FOLDER", "Asker", "Question", "QuestionStore"]

Asker = Literal["agent", "person"]

FOLDER: Final = "questions"
"""Below the data folder."""
README: Final = """\
These are questions about your repositories that nothing recorded in them answers, one file for each
repository. They are kept on this machine alone and sent nowhere. `whykeeper gaps` shows them,
`whykeeper gaps --forget` deletes a repository's, and `keep = false` under [gaps] in your settings keeps none.
"""
MOST_KEPT: Final = 500
"""Of a repository; the least recently asked go first. All of them are asked again in some fifteen seconds."""
KEPT_S: Final = 180 * 24 * 3600.0
"""What nobody has asked for half a year is no gap any more."""
MOST_PATHS: Final = 20
"""Of a question; with more it is about no place in particular."""
_BUSY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was not answered.

    Attributes:
        id: Its row.
        text: As it was asked last, secrets cut out.
        first_asked: Seconds since the epoch.
        last_asked: The same.
        by_agents: How often an agent asked.
        by_people: How often somebody did at the command line.
        paths: What it was narrowed to or asked near, relative to the root.
        answered: Whether something answered it when it was last tried again.
    """

    id: int
    text: str
    first_asked: float
    last_asked: float
    by_agents: int
    by_people: int
    paths: tuple[str, ...] = ()
    answered: bool = False

    @property
    def times(self) -> int:
        """How often it was asked."""
        return self.by_agents + self.by_people


def m001_initial(connection: sqlite3.Connection) -> None:
    """Everything the first release keeps."""
    connection.execute(
        "CREATE TABLE questions (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, "
        "text TEXT NOT NULL, first_asked REAL NOT NULL, last_asked REAL NOT NULL, "
        "by_agents INTEGER NOT NULL, by_people INTEGER NOT NULL, answered_at REAL)"
    )
    connection.execute(
        "CREATE TABLE concerned (question INTEGER NOT NULL REFERENCES questions (id) ON DELETE CASCADE, "
        "path TEXT NOT NULL, PRIMARY KEY (question, path)) WITHOUT ROWID"
    )


_MIGRATIONS: Final[tuple[Callable[[sqlite3.Connection], None], ...]] = (m001_initial,)


class QuestionStore:
    """The unanswered questions of one repository, whichever of its worktrees they were asked in.

    Args:
        file: Made, with its folder, when the first question is kept.
        clock: Gives seconds since the epoch.
    """

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        self.file = file
        self._clock = clock

    @classmethod
    def of_repository(cls, data_dir: Path, repository: Repository) -> QuestionStore:
        """Give a repository's, whichever worktree asks."""
        folder, identity = data_dir / FOLDER, repository.identity[:12]
        there = sorted(folder.glob(f"*-{identity}.sqlite3"))
        readable = re.sub(r"[^A-Za-z0-9._-]+", "-", repository.root.name)[:40] or "repository"
        return cls(there[0] if there else folder / f"{readable}-{identity}.sqlite3")

    def keep(self, text: str, by: Asker, paths: Collection[str]) -> None:
        """Keep a question, or count it again.

        Args:
            text: Without its secrets.
            by: Who asked.
            paths: What it concerns.

        Raises:
            StorageError: It cannot be written.
        """
        now = self._clock()
        agent = by == "agent"
        with self._transaction() as connection:
            (row,) = connection.execute(
                "INSERT INTO questions (key, text, first_asked, last_asked, by_agents, by_people) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET text = excluded.text, "
                "last_asked = excluded.last_asked, by_agents = by_agents + excluded.by_agents, "
                "by_people = by_people + excluded.by_people, answered_at = NULL RETURNING id",
                (_key(text), text, now, now, int(agent), int(not agent)),
            ).fetchone()
            connection.executemany(
                "INSERT OR IGNORE INTO concerned SELECT ?, ? WHERE "
                "(SELECT count(*) FROM concerned WHERE question = ?) < ?",
                [(row, path, row, MOST_PATHS) for path in paths],
            )
            connection.execute("DELETE FROM questions WHERE last_asked < ?", (now - KEPT_S,))
            connection.execute(
                "DELETE FROM questions WHERE id NOT IN "
                "(SELECT id FROM questions ORDER BY last_asked DESC, id DESC LIMIT ?)",
                (MOST_KEPT,),
            )

    def questions(self) -> list[Question]:
        """Give all that are kept, the most recently asked first.

        Raises:
            StorageError: They cannot be read.
        """
        if not self.file.exists():
            return []
        oldest = self._clock() - KEPT_S
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT id, text, first_asked, last_asked, by_agents, by_people, answered_at IS NOT NULL "
                "FROM questions WHERE last_asked >= ? ORDER BY last_asked DESC, id DESC",
                (oldest,),
            ).fetchall()
            concerned: dict[int, list[str]] = {}
            for row, path in connection.execute("SELECT question, path FROM concerned ORDER BY path"):
                concerned.setdefault(row, []).append(path)
        return [_loaded(row, concerned.get(row[0], ())) for row in rows]

    def count(self) -> int:
        """Count those that nothing answered when they were last asked.

        Raises:
            StorageError: They cannot be read.
        """
        return sum(not question.answered for question in self.questions())

    def mark(self, answered: Collection[int], unanswered: Collection[int]) -> None:
        """Note what came of asking them again.

        Raises:
            StorageError: It cannot be written.
        """
        with self._transaction() as connection:
            marks = [*((self._clock(), row) for row in answered), *((None, row) for row in unanswered)]
            connection.executemany("UPDATE questions SET answered_at = ? WHERE id = ?", marks)

    def forget(self) -> int:
        """Delete them all, and their file.

        Returns:
            How many there were; what a damaged file held counts nothing.

        Raises:
            StorageError: The file cannot be deleted.
        """
        try:
            count = len(self.questions())
        except UserError:
            count = 0
        try:
            for suffix in ("", "-journal"):
                self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{self.file} cannot be deleted: {error.strerror}") from error
        return count

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        _make_folder(self.file.parent)
        try:
            with closing(sqlite3.connect(self.file, timeout=_BUSY_S, isolation_level=None)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                # What is forgotten, or grows too old, is not to be read out of the file.
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("BEGIN IMMEDIATE")
                with connection:
                    self._migrate(connection)
                    yield connection
        except sqlite3.Error as error:
            raise StorageError(
                f"the unanswered questions in {self.file} cannot be read or written: {error}",
                "`whykeeper gaps --forget` begins anew",
            ) from error

    def _migrate(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(_MIGRATIONS):
            raise UserError(f"{self.file} was written by a newer whykeeper", "update whykeeper")
        for number, migration in enumerate(_MIGRATIONS[version:], start=version + 1):
            migration(connection)
            connection.execute(f"PRAGMA user_version = {number}")


def _make_folder(folder: Path) -> None:
    make_private(str(folder))
    readme = folder / "README.md"
    try:
        if not readme.exists():
            readme.write_text(README, encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{readme} cannot be written: {error.strerror}") from error


def _loaded(row: tuple[Any, ...], paths: Collection[str]) -> Question:
    row_id, text, first_asked, last_asked, by_agents, by_people, answered = row
    asked = (first_asked, last_asked, by_agents, by_people)
    return Question(row_id, text, *asked, tuple(paths), bool(answered))


def _key(text: str) -> str:
    """What makes two spellings one question."""
    return " ".join(text.casefold().split()).rstrip(" ?.!")
