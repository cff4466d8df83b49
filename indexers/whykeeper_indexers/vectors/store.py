"""The vector store: one owner, one collection per kind and fingerprint, cosine similarity.

Kept small on purpose: keys and vectors only. Which text a key stands for, and where it is
live, is the catalog's business.
"""

from __future__ import annotations

import ctypes
import hashlib
import shutil
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar

from filelock import FileLock

from whykeeper_indexers.errors import DamagedStoreError, StorageError
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors.collections import (
    COLLECTION_SETTINGS,
    Space,
    VectorSettings,
    abandon_clients,
    close_client,
    connect,
    errors_made_ours,
    open_embedded,
)
from whykeeper_indexers.vectors.health import Layout, ask_probes, check_aside, left_clean, note_clean
from whykeeper_indexers.vectors.lock import acquire, unwritable
from whykeeper_indexers.vectors.probes import Probes
from whykeeper_indexers.vectors.table import VectorTable

if TYPE_CHECKING:
    import chromadb
    import numpy as np
    from chromadb.api import ClientAPI
    from numpy.typing import NDArray

__all__ = ["VectorStore", "put_aside"]

_CHECK_S = 30.0
# A question waits for the write that is under way, and writes without a pause between them starve it.
# Measured: 256 at once 175 ms (p95 590), 64 at once 27 ms (p95 70), 64 and a pause 2.5 ms (p95 3.6).
_WRITE_BATCH = 64
_PAUSE_S = 0.01
_ASKED_LATELY_S = 1.0
# Nobody waits: 512 at once take half of the processor's time that eight times 64 do, and hold whoever asks
# after all for 150 ms, once.
_UNASKED_BATCH = 512
_QUIET_S = 10.0
_READ_BATCH = 5_000
_EXACT_UP_TO = 32_000
"""Vectors of a space that are searched in memory, 50 MB; more are searched by Chroma's graph."""
_PAGE = 20_000
_KINDS = frozenset(Kind)
# So that a store found damaged can be put aside by whoever sees the error, open or not.
_open_here: dict[Path, VectorStore] = {}


class VectorStore:
    """Vectors by key. Made by `open`; safe to use from several threads.

    Wherever a kind is asked for, its present fingerprint is meant; a `Space` names another.
    """

    # Of whichever store: a write holds the interpreter's lock, and so everybody's question.
    _asked_at: ClassVar[float] = float("-inf")

    def __init__(
        self,
        layout: Layout,
        fingerprints: Mapping[Kind, str],
        settings: VectorSettings,
        lock: FileLock | None,
    ) -> None:
        self._layout = layout
        self._fingerprints = dict(fingerprints)
        self._settings = settings
        self._file_lock = lock
        self._idle = threading.Condition()
        self._users = 0
        self._hung = False
        self._client: ClientAPI | None = None
        self._collections: dict[Space, chromadb.Collection] = {}
        self._probes: dict[str, Probes] = {}
        self._exact: dict[Space, VectorTable] = {}
        self._exact_lock = threading.Lock()

    @classmethod
    def open(
        cls,
        folder: Path,
        fingerprints: Mapping[Kind, str] | None = None,
        *,
        settings: VectorSettings | None = None,
        check_s: float = _CHECK_S,
        log: IO[Any] | None = None,
    ) -> VectorStore:
        """Open the store, making it when there is none.

        An embedded one that was not closed properly is checked in a process of its own first
        (about 1 s).

        Args:
            folder: The embedded store's; nothing else may be in it. On a server, the name of
                the folder above it keeps repositories apart.
            fingerprints: Of the vectors that each kind has now.
            settings: Embedded by default.
            check_s: How long the check may take.
            log: Where the check's standard error goes.

        Raises:
            LockedError: Another process, or another store of this one, has it open.
            DamagedStoreError: It fails the check; `put_aside` makes room for a new one.
            StorageError: The folder cannot be made or written, or the server does not answer.
        """
        layout, settings = Layout(folder), settings or VectorSettings()
        if settings.mode == "server":
            store = cls(layout, fingerprints or {}, settings, None)
            with store._using():
                return store
        lock = acquire(layout)
        try:
            if not left_clean(layout):
                check_aside(layout, check_s, log)
            layout.chroma.mkdir(parents=True, exist_ok=True)
            layout.closed.unlink(missing_ok=True)
            store = cls(layout, fingerprints or {}, settings, lock)
            with store._using():
                _open_here[folder.resolve()] = store
                return store
        except OSError as error:
            lock.release()
            raise unwritable(folder, error) from error
        except BaseException:
            lock.release()
            raise

    def use(self, kind: Kind, fingerprint: str) -> None:
        """Mean another fingerprint by a kind from now on."""
        self._fingerprints[kind] = fingerprint

    def spaces(self) -> dict[Space, int]:
        """What is stored, and how many vectors of it."""
        with self._using() as client, errors_made_ours("listing the vectors"):
            found = ((self._space(collection.name), collection) for collection in client.list_collections())
            return {space: collection.count() for space, collection in found if space is not None}

    def count(self, where: Kind | Space) -> int:
        """How many vectors there are, by Chroma's own count, which a damaged store gets wrong."""
        space = self._meant(where)
        with self._using(), errors_made_ours("counting vectors"):
            collection = self._collection(space)
            return 0 if collection is None else collection.count()

    def searched(self, kind: Kind) -> int:
        """How many vectors a question is compared with."""
        table = self._exact.get(self._meant(kind))
        return self.count(kind) if table is None else len(table)

    def add(self, where: Kind | Space, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store vectors; one with a key that is there already replaces it.

        Args:
            where: The kind they are of.
            keys: One a vector; repeated ones are stored once.
            vectors: float32 [n, dimensions], finite.

        Raises:
            ValueError: Keys and vectors do not fit together, or one is not finite.
            StorageError: No room or no permission.
            DamagedStoreError: Chroma failed otherwise.
        """
        import numpy as np

        if vectors.ndim != 2 or len(keys) != len(vectors) or not np.isfinite(vectors).all():
            raise ValueError(f"{len(keys)} keys for vectors of shape {vectors.shape}, or not finite")
        rows = list({key: row for row, key in enumerate(keys)}.values())
        space = self._meant(where)
        with self._using(), errors_made_ours("storing vectors"):
            collection = self._collection(space, make=True)
            assert collection is not None
            start = 0
            while start < len(rows):
                unasked_s = time.monotonic() - VectorStore._asked_at
                part = rows[start : start + (_WRITE_BATCH if unasked_s < _QUIET_S else _UNASKED_BATCH)]
                start += len(part)
                chosen = [keys[row] for row in part]
                collection.upsert(ids=chosen, embeddings=vectors[part])
                self._note_probes(space, chosen, vectors[part])
                self._add_exact(space, chosen, vectors[part])
                if unasked_s < _ASKED_LATELY_S:
                    time.sleep(_PAUSE_S)

    def known(self, where: Kind | Space, keys: Collection[str]) -> set[str]:
        """Those of the keys that are stored: 3 ms a thousand."""
        space = self._meant(where)
        with self._using(), errors_made_ours("looking keys up"):
            collection = self._collection(space)
            if collection is None or not keys:
                return set()
            wanted = list(set(keys))
            found: set[str] = set()
            for start in range(0, len(wanted), _READ_BATCH):
                found.update(collection.get(ids=wanted[start : start + _READ_BATCH], include=[])["ids"])
            return found

    def keys(self, where: Kind | Space) -> set[str]:
        """Every stored key, to reconcile with the catalog: 30 ms for 20,000."""
        space = self._meant(where)
        with self._using(), errors_made_ours("listing keys"):
            collection = self._collection(space)
            if collection is None:
                return set()
            found: set[str] = set()
            while page := collection.get(limit=_PAGE, offset=len(found), include=[])["ids"]:
                found.update(page)
            return found

    def read(
        self, where: Kind | Space, keys: Collection[str]
    ) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """Those of the keys that are stored, with their vectors [n, dimensions], some at a time."""
        import numpy as np

        space, wanted = self._meant(where), list(set(keys))
        with self._using(), errors_made_ours("reading vectors"):
            collection = self._collection(space)
            for start in range(0, 0 if collection is None else len(wanted), _READ_BATCH):
                assert collection is not None
                found = collection.get(ids=wanted[start : start + _READ_BATCH], include=["embeddings"])
                if found["ids"]:
                    yield found["ids"], np.asarray(found["embeddings"], dtype=np.float32)

    def directions(self, where: Kind | Space, keys: Collection[str]) -> NDArray[np.float32] | None:
        """Those of the keys that are stored, as vectors [found, dimensions]; None where none is."""
        if (table := self._exact.get(self._meant(where))) is not None:
            return table.directions(keys)
        return next((vectors for _, vectors in self.read(where, keys)), None)

    def warm(self) -> None:
        """Read what is searched in memory now, so that no question has to wait for it."""
        if not self._embedded:
            return
        with self._using(), errors_made_ours("reading vectors"):
            for space in map(self._meant, self._fingerprints):
                collection = self._collection(space)
                if collection is not None and collection.count() <= _EXACT_UP_TO:
                    self._load_exact(space, collection)

    def query(self, where: Kind | Space, vector: NDArray[np.float32], n: int) -> list[tuple[str, float]]:
        """The nearest keys with their cosine similarity, best first; see ``VectorTable.query``."""
        space = self._meant(where)
        VectorStore._asked_at = time.monotonic()
        if (table := self._exact.get(space)) is not None:
            return table.query(vector, n)
        with self._using(), errors_made_ours("searching vectors"):
            collection = self._collection(space)
            if n <= 0 or (collection is None and not self._embedded):
                return []
            if self._embedded and (collection is None or collection.count() <= _EXACT_UP_TO):
                return self._load_exact(space, collection).query(vector, n)
            assert collection is not None
            answer = collection.query(
                query_embeddings=vector.reshape(-1, vector.shape[-1]), n_results=n, include=["distances"]
            )
            pairs = zip(chain(*answer["ids"]), chain(*(answer["distances"] or [])), strict=True)
            farthest_first = sorted(((key, 1.0 - far) for key, far in pairs), key=lambda pair: pair[1])
            # Of a key that is near to several, the last and nearest stays.
            return sorted(dict(farthest_first).items(), key=lambda pair: -pair[1])[:n]

    def _load_exact(self, space: Space, collection: chromadb.Collection | None) -> VectorTable:
        """The space in memory, read in 0.2 s for 10,000 vectors; it is kept true from then on."""
        with self._exact_lock:
            table = self._exact.get(space)
            if table is None:
                table = VectorTable()
                everything = [] if collection is None else collection.get(include=[])["ids"]
                for keys, vectors in self.read(space, everything):
                    table.add(keys, vectors)
                self._exact[space] = table
            return table

    def _add_exact(self, space: Space, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep the space in memory true; one that outgrows it is left to Chroma's graph."""
        with self._exact_lock:
            if (table := self._exact.get(space)) is None:
                return
            table.add(keys, vectors)
            if len(table) > _EXACT_UP_TO:
                del self._exact[space]

    def remove(self, where: Kind | Space, keys: Collection[str]) -> None:
        """Forget vectors; keys that are not stored do no harm."""
        space = self._meant(where)
        with self._using(), errors_made_ours("removing vectors"):
            collection = self._collection(space)
            if collection is None:
                return
            present = list(self.known(space, keys))
            # The probes first: a kill in between must not leave one that the store rightly misses.
            if self._embedded:
                self._probes_of(space).forget(present)
            for start in range(0, len(present), _READ_BATCH):
                collection.delete(ids=present[start : start + _READ_BATCH])
            with self._exact_lock:
                if (table := self._exact.get(space)) is not None:
                    table.discard(present)

    def drop(self, where: Kind | Space) -> None:
        """Forget a whole space, when another fingerprint has taken its place."""
        space = self._meant(where)
        with self._using() as client, errors_made_ours("dropping vectors"):
            if self._collection(space) is None:
                return
            if self._embedded:
                self._probes_of(space).delete()
            self._collections.pop(space, None)
            client.delete_collection(self._name(space))
            with self._exact_lock:
                self._exact.pop(space, None)

    def health_check(self, time_limit_s: float = _CHECK_S) -> None:
        """Ask for known vectors under a time limit. A server's health is its own business.

        Raises:
            DamagedStoreError: They are not found, or not in time; close the store then, and
                put its folder aside.
        """
        if not self._embedded:
            return
        failures: list[Exception] = []

        def ask() -> None:
            try:
                with self._using() as client:
                    ask_probes(client, self._layout)
            except Exception as error:  # noqa: BLE001
                # Handed to the waiting thread, which raises it.
                failures.append(error)

        thread = threading.Thread(target=ask, name="vector store check", daemon=True)
        thread.start()
        thread.join(time_limit_s)
        if thread.is_alive():
            self._hung = True
            raise DamagedStoreError(f"{self._layout.folder} did not answer in {time_limit_s:g} s")
        if failures:
            raise failures[0]

    def release(self) -> None:
        """Give its memory back (70 MB at 40,000 vectors); the next use opens it again in 0.1 s."""
        with self._idle:
            self._idle.wait_for(lambda: not self._users)
            client, self._client = self._client, None
            self._collections.clear()
        with self._exact_lock:
            self._exact.clear()
        if client is not None:
            close_client(client)
            del client
            _return_memory()

    def close(self) -> None:
        """Close it and let others have it. One that hangs is left to this process's end."""
        if self._hung:
            abandon_clients()
        else:
            self.release()
        if self._file_lock is None or not self._file_lock.is_locked:
            return
        with suppress(OSError):
            # Without the note the next start checks it, which is all that is lost.
            if not self._hung:
                note_clean(self._layout)
        _open_here.pop(self._layout.folder.resolve(), None)
        self._file_lock.release()

    @property
    def _embedded(self) -> bool:
        return self._settings.mode != "server"

    def _meant(self, where: Kind | Space) -> Space:
        return where if isinstance(where, Space) else Space(where, self._fingerprints[where])

    @contextmanager
    def _using(self) -> Iterator[ClientAPI]:
        """The client, opened when it is not, and kept open meanwhile."""
        with self._idle:
            if self._client is None:
                self._client = self._connected()
            self._users += 1
            client = self._client
        try:
            yield client
        finally:
            with self._idle:
                self._users -= 1
                self._idle.notify_all()

    def _connected(self) -> ClientAPI:
        return open_embedded(self._layout.chroma) if self._embedded else connect(self._settings)

    def _collection(self, space: Space, *, make: bool = False) -> chromadb.Collection | None:
        from chromadb.errors import NotFoundError

        assert self._client is not None
        found = self._collections.get(space)
        if found is None:
            try:
                # None on purpose: the default function would download a model.
                found = self._client.get_collection(self._name(space), embedding_function=None)
            except NotFoundError:
                if not make:
                    return None
                found = self._client.create_collection(
                    self._name(space),
                    embedding_function=None,
                    configuration=COLLECTION_SETTINGS,  # type: ignore[arg-type]
                    get_or_create=True,
                )
            self._collections[space] = found
        return found

    @property
    def _prefix(self) -> str:
        """On a server: what keeps this repository's collections from others'."""
        if self._embedded:
            return ""
        return f"{hashlib.sha256(self._layout.folder.parent.name.encode()).hexdigest()[:12]}."

    def _name(self, space: Space) -> str:
        return f"{self._prefix}{space.kind}-{space.fingerprint}"

    def _space(self, name: str) -> Space | None:
        kind, _, fingerprint = name.removeprefix(self._prefix).partition("-")
        if not name.startswith(self._prefix) or kind not in _KINDS:
            return None
        return Space(Kind(kind), fingerprint)

    def _probes_of(self, space: Space) -> Probes:
        name = self._name(space)
        if name not in self._probes:
            self._probes[name] = Probes(self._layout.probes_of(name))
        return self._probes[name]

    def _note_probes(self, space: Space, keys: Sequence[str], vectors: NDArray[np.float32]) -> None:
        if self._embedded:
            with self._idle:
                self._probes_of(space).note(keys, vectors)


def put_aside(folder: Path) -> Path:
    """Move a damaged store out of the way, and delete the one put aside before it.

    One that this process has open is closed first.

    Returns:
        Where it is now.

    Raises:
        LockedError: Another process has it open.
        StorageError: It cannot be moved.
    """
    if (store := _open_here.get(folder.resolve())) is not None:
        store.close()
    lock = acquire(Layout(folder))
    try:
        for old in folder.parent.glob(f"{folder.name}.damaged-*"):
            shutil.rmtree(old, ignore_errors=True)
        return folder.rename(folder.with_name(f"{folder.name}.damaged-{time.time_ns()}"))
    except OSError as error:
        raise StorageError(f"{folder} cannot be moved: {error.strerror}", "check its permissions") from error
    finally:
        lock.release()


def _return_memory() -> None:
    """Hand freed memory back to the system, where the C library keeps it otherwise (glibc)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
