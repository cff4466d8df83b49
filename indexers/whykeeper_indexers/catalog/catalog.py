"""The catalog of one repository: what is indexed, in all of its checkouts."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from whykeeper_indexers.catalog import commits, files, linking, vectors
from whykeeper_indexers.catalog.chunk_rows import PreparedChunk, draft, rebuild_words_if_due
from whykeeper_indexers.catalog.database import Database
from whykeeper_indexers.catalog.files import FileChanges, PreparedFile, draft_files
from whykeeper_indexers.catalog.reader import CatalogReader
from whykeeper_indexers.catalog.records import (
    ApplyResult,
    KnownFile,
    SweepResult,
    VectorKey,
    Waiting,
    clean,
)
from whykeeper_indexers.catalog.schema import migrate
from whykeeper_indexers.link_types import FreshnessReport
from whykeeper_indexers.types import (
    CHUNKER_VERSION,
    Chunk,
    CommitRecord,
    Exclusion,
    FileStat,
    Kind,
    ParsedFile,
    Redaction,
)

__all__ = ["Catalog"]

CHECK_AT_OPEN_S = 0.25
"""Long enough to check some tens of megabytes; a larger catalog is checked in the background."""

REKEY_BATCH = 1_000


class Catalog(CatalogReader):
    """One SQLite database per repository, shared by its checkouts; see ``open``.

    Any thread may call any method. Writers take turns and never hold up readers; a reader
    sees one state of the catalog, for as long as a ``snapshot`` lasts.

    Every method may raise ``StorageError`` (no room, no permission), ``LockedError`` (another
    process holds the file) and ``DamagedStoreError``.
    """

    def __init__(self, database: Database, chunker_version: int, vector_key: VectorKey) -> None:
        super().__init__(database, chunker_version)
        self._vector_key = vector_key

    @classmethod
    def open(cls, folder: Path, *, vector_key: VectorKey, chunker_version: int = CHUNKER_VERSION) -> Catalog:
        """Open the catalog in a folder, or make it.

        Args:
            folder: Holds nothing that cannot be derived again.
            vector_key: Names the vector of a chunk, for the encoders in use now.
            chunker_version: Of the parsers in use now; what others parsed answers until it
                is parsed again (``stale_files``).

        Raises:
            DamagedStoreError: It is damaged: close it, ``put_aside`` and open again.
            UserError: A newer version of whykeeper wrote it.
            StorageError: The folder cannot be written.
        """
        database = Database(folder)
        try:
            with database.setup() as connection:
                migrate(connection)
            with database.write() as connection:
                rebuild_words_if_due(connection)
            database.quick_check(CHECK_AT_OPEN_S)
        except BaseException:
            database.close()
            raise
        return cls(database, chunker_version, vector_key)

    def close(self) -> None:
        """Close the database. Waits for a write under way."""
        self._database.close()

    def __enter__(self) -> Catalog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def quick_check(self, time_limit_s: float) -> bool:
        """Ask SQLite whether the database is consistent; False when time ran out.

        Raises:
            DamagedStoreError: It is not.
        """
        return self._database.quick_check(time_limit_s)

    # Checkouts

    def checkout(self, root: Path) -> int:
        """The number of a checkout, given on first sight."""
        name = clean(str(root))
        with self._database.read() as connection:
            found = connection.execute("SELECT id FROM checkouts WHERE root = ?", (name,)).fetchone()
        if not found:
            with self._database.write() as connection:
                connection.execute("INSERT OR IGNORE INTO checkouts (root) VALUES (?)", (name,))
                found = connection.execute("SELECT id FROM checkouts WHERE root = ?", (name,)).fetchone()
        return int(found[0])

    def checkouts(self) -> dict[Path, int]:
        """Every checkout and its number."""
        with self._database.read() as connection:
            return {
                Path(root): number for root, number in connection.execute("SELECT root, id FROM checkouts")
            }

    def forget_checkout(self, checkout: int) -> None:
        """Drop a checkout that is gone; what it shared stays, the rest is swept later."""
        with self._database.write() as connection:
            files.forget_checkout(connection, checkout, self._chunker_version)

    def generation(self, checkout: int) -> int:
        """A number that changes whenever what the checkout's searches can find changes."""
        with self._database.read() as connection:
            return files.generation(connection, checkout)

    def mark_scanned(self, checkout: int, at: float | None = None) -> None:
        """Note that a full scan of the checkout has been applied."""
        with self._database.write() as connection:
            when = time.time() if at is None else at
            connection.execute("UPDATE checkouts SET scanned_at = ? WHERE id = ?", (when, checkout))

    def scanned_at(self, checkout: int) -> float | None:
        """When the checkout was last scanned in full; None when it never was."""
        with self._database.read() as connection:
            found = connection.execute(
                "SELECT scanned_at FROM checkouts WHERE id = ?", (checkout,)
            ).fetchone()
        return found[0] if found else None

    # Files

    def known_files(self, checkout: int, below: Collection[str] | None = None) -> dict[str, KnownFile]:
        """Every path the catalog knows in a checkout, those left out included."""
        with self._database.read() as connection:
            return files.known_files(connection, checkout, self._chunker_version, below)

    def parsed_digests(self, paths: Collection[str]) -> dict[str, set[str]]:
        """For each of these paths, the digests of contents that need no parsing."""
        with self._database.read() as connection:
            return files.parsed_digests(connection, paths, self._chunker_version)

    def mark_stale(self, checkout: int) -> None:
        """Have every file of a checkout parsed again; what is stored answers meanwhile."""
        with self._database.write() as connection:
            files.mark_stale(connection, checkout)

    def forget_stats(self, checkout: int) -> None:
        """Have every file of a checkout read again, as if it had been written to."""
        with self._database.write() as connection:
            files.forget_stats(connection, checkout)

    def recalled(self, name: str) -> str | None:
        """The value that ``remember`` keeps under a name."""
        with self._database.read() as connection:
            found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    def remember(self, name: str, value: str) -> bool:
        """Keep a value under a name.

        Returns:
            Whether another value was kept under it before.
        """
        with self._database.write() as connection:
            before = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
            if before != (value,):
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
        return before is not None and before != (value,)

    def apply(
        self,
        checkout: int,
        *,
        parsed: Sequence[tuple[FileStat, str, ParsedFile | PreparedFile, tuple[Redaction, ...]]] = (),
        reused: Sequence[tuple[FileStat, str]] = (),
        excluded: Sequence[tuple[FileStat | None, Exclusion]] = (),
        removed: Sequence[str] = (),
    ) -> ApplyResult:
        """Bring a checkout's files up to date: all of it or nothing.

        Args:
            checkout: Whose files.
            parsed: Files, the digest of their content, what it was parsed into and what was cut out.
            reused: Files whose content ``has_parsed``.
            excluded: Paths that stay out, and why.
            removed: Paths that are no more.
        """
        changes = FileChanges(draft_files(parsed, self._vector_key), reused, excluded, removed)
        with self._database.write() as connection:
            return files.apply_changes(connection, checkout, changes, self._chunker_version)

    # Commits

    def known_commits(self) -> frozenset[str]:
        """The hashes of all stored commits, of every checkout."""
        with self._database.read() as connection:
            return commits.known_commits(connection)

    def apply_commits(
        self,
        checkout: int,
        head: str | None,
        records: Sequence[tuple[CommitRecord, Sequence[Chunk | PreparedChunk]]],
        *,
        reachable: Iterable[str] | None = None,
    ) -> int:
        """Store commits and say which one the checkout is on: all of it or nothing.

        Args:
            checkout: Whose history.
            head: Its commit; None when more commits are to come before that can be told.
            records: Commits in any order; those stored already are left alone.
            reachable: Hashes that ``head`` reaches; by default the parents are followed.

        Returns:
            How many chunks are new.
        """
        drafts = [
            (commit, tuple(draft(chunk, self._vector_key) for chunk in chunks)) for commit, chunks in records
        ]
        with self._database.write() as connection:
            added = commits.insert_commits(connection, drafts)
            if head is not None:
                commits.set_head(connection, checkout, head, reachable, anew=bool(records))
            return added

    def set_head(self, checkout: int, head: str) -> bool:
        """Move a checkout to a commit; False when it is unknown and has to be applied first."""
        with self._database.write() as connection:
            return commits.set_head(connection, checkout, head)

    def forget_head(self, checkout: int) -> None:
        """Leave a checkout without a history, until ``set_head`` or ``apply_commits`` gives it one."""
        with self._database.write() as connection:
            commits.forget_head(connection, checkout)

    def head(self, checkout: int) -> str | None:
        """The commit the checkout's history is indexed up to."""
        with self._database.read() as connection:
            found = connection.execute("SELECT head FROM checkouts WHERE id = ?", (checkout,)).fetchone()
        return found[0] if found else None

    def commit_by_prefix(self, prefix: str) -> CommitRecord | None:
        """The one commit whose hash begins so, of four characters or more."""
        with self._database.read() as connection:
            return commits.commit_by_prefix(connection, prefix)

    def commits_touching(self, checkout: int, path: str, limit: int = 50) -> list[CommitRecord]:
        """Commits that touched a path, under this name or an older one, newest first."""
        with self._database.read() as connection:
            return commits.commits_touching(connection, checkout, path, limit)

    # Links and freshness

    def keep_freshness(
        self,
        checkout: int,
        reports: Iterable[tuple[str, FreshnessReport]],
        facts: Mapping[str, str],
        *,
        whole: bool = True,
    ) -> None:
        """Store what a round of judging found, in place of what the one before did.

        Args:
            checkout: Whose documents.
            reports: Each with the digest of the content that was judged.
            facts: What was asked of the history, for the next round.
            whole: Every document was judged; others are left as they were otherwise.
        """
        with self._database.write() as connection:
            linking.keep_freshness(connection, checkout, reports, whole=whole)
            linking.keep_facts(connection, facts)

    # Vectors

    def encoding_progress(self) -> tuple[int, int]:
        """How many of the vectors that are needed are there, and how many are needed, over all checkouts.

        180 ms where there are 26,000 passages and 15,000 commits.
        """
        with self._database.read() as connection:
            return vectors.encoding_progress(connection)

    def fingerprint(self, kind: Kind) -> str | None:
        """Of the encoder that the kind's vectors are made with; None before the first."""
        with self._database.read() as connection:
            return vectors.fingerprint(connection, kind)

    def rekey(self, kind: Kind, fingerprint: str, *, should_stop: Callable[[], bool] = lambda: False) -> bool:
        """Make the kind's vector keys those of an encoder; picks up where it was interrupted.

        Call it after ``open``, whose ``vector_key`` is that encoder's. The old keys are kept, see
        `previous_keys`, until `forget_previous`. Costs nothing when nothing changed.

        Args:
            kind: Which chunks.
            fingerprint: Of the encoder.
            should_stop: Asked between batches.

        Returns:
            False when it was stopped before the end.
        """
        with self._database.write() as connection:
            vectors.start_rekey(connection, kind, fingerprint)
        more = True
        while more:
            if should_stop():
                return False
            with self._database.write() as connection:
                more = vectors.rekey_batch(connection, kind, self._vector_key, REKEY_BATCH)
        return True

    def unencoded(self, kind: Kind, limit: int) -> list[Waiting]:
        """Live chunks whose vector is not there, the newest first, one for each vector."""
        with self._database.read() as connection:
            return vectors.unencoded(connection, kind, limit)

    def waiting_keys(self, keys: Iterable[tuple[Kind, str]]) -> set[str]:
        """Those of the keys, each of a kind, whose vectors are still to be made."""
        with self._database.read() as connection:
            return vectors.waiting_keys(connection, keys)

    def mark_encoded(self, kind: Kind, keys: Collection[str]) -> None:
        """Note that the vector store has these vectors."""
        with self._database.write() as connection:
            vectors.mark_encoded(connection, kind, keys)

    def forget_encoded(self, kind: Kind, keys: Collection[str] | None = None) -> int:
        """Note that the vector store lacks these vectors, or all of the kind.

        Returns:
            How many are due again; what no chunk needs is forgotten altogether.
        """
        with self._database.write() as connection:
            return vectors.forget_encoded(connection, kind, keys)

    def previous_keys(self, kind: Kind, limit: int) -> dict[str, str]:
        """Keys of the vectors of live chunks, and those they had with the model from before."""
        with self._database.read() as connection:
            return vectors.previous_keys(connection, kind, limit)

    def forget_previous(self, kind: Kind) -> None:
        """Note that vectors of earlier models are needed no more."""
        with self._database.write() as connection:
            vectors.forget_previous(connection, kind)

    def encoded_keys(self, kind: Kind) -> set[str]:
        """The vectors that the vector store should have."""
        with self._database.read() as connection:
            return vectors.encoded_keys(connection, kind)

    def unreferenced_vector_keys(self, kind: Kind, limit: int = 10_000) -> list[str]:
        """Vectors no chunk needs any more. Take them out of the store, then ``forget_encoded``."""
        with self._database.read() as connection:
            return vectors.unreferenced_keys(connection, kind, limit)

    def release(self) -> None:
        """Give the memory of caches back, up to 60 MB; they fill again as they are needed."""
        self._words.release()
        self._remembered.clear()
        self._database.release()

    def sweep(self, older_than_s: float) -> SweepResult:
        """Drop contents and commits that no checkout has had for so long."""
        before = time.time() - older_than_s
        with self._database.write() as connection:
            query = "SELECT id FROM parsed WHERE unreferenced_at <= ?"
            contents = [row for (row,) in connection.execute(query, (before,))]
            chunks = files.discard_contents(connection, contents)
            gone_commits, of_commits = commits.sweep_commits(connection, before)
        return SweepResult(len(contents), gone_commits, chunks + of_commits)
