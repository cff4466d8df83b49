"""One repository's stores, opened, checked and mended.

The catalog opens at once. The vector store (and the library behind it) opens in the background:
until it is there, answers are found by words. A store that fails its health check is put aside
and rebuilt from the repository; whoever asks is told so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.catalog import put_aside as put_catalog_aside
from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.errors import DamagedStoreError, WhykeeperError
from whykeeper_indexers.index.embedding_text import embedding_text
from whykeeper_indexers.index.encoding import EncodingThread
from whykeeper_indexers.types import Chunk, Kind
from whykeeper_indexers.vectors import VectorSettings, VectorStore, vector_key
from whykeeper_indexers.vectors import put_aside as put_vectors_aside

__all__ = ["RepositoryStore"]

_log = logging.getLogger(__name__)

README = """\
This folder is derived from a repository by whykeeper. Nothing in it was written by a person:
delete it (`whykeeper purge`) and it comes back when whykeeper next serves that repository.
"""
QUICK_CHECK_S = 5.0
HEALTH_CHECK_S = 20.0


@dataclass(frozen=True, slots=True)
class _Keys:
    """Gives chunks their vector keys; the encoder knows its fingerprints without its model."""

    fingerprint: Callable[[Kind], str]

    def __call__(self, chunk: Chunk) -> str:
        return vector_key(self.fingerprint(chunk.kind), embedding_text(chunk))


class RepositoryStore:
    """Catalog, vectors and the thread between them.

    Args:
        folder: The repository's own folder below the data folder.
        encoder: Of the configured model.
        settings: Where vectors are kept.
    """

    def __init__(self, folder: Path, encoder: KindEncoder, settings: VectorSettings) -> None:
        self._folder = folder
        self._encoder = encoder
        self._settings = settings
        self._closing = threading.Event()
        self._opener: threading.Thread | None = None
        self._encoding: EncodingThread | None = None
        self._vectors_ready = threading.Event()
        self.vectors: VectorStore | None = None
        self.notes: list[str] = []
        self.problem: str | None = None
        self.catalog = self._open_catalog()

    @property
    def folder(self) -> Path:
        """The repository's own folder below the data folder."""
        return self._folder

    @property
    def encoder(self) -> KindEncoder:
        """Of the configured model."""
        return self._encoder

    def start(self) -> None:
        """Open the vectors in the background and begin to encode what has none."""
        self._opener = threading.Thread(target=self._open_vectors, name="open vectors", daemon=True)
        self._opener.start()

    def wake(self) -> None:
        """Say that there may be something to encode."""
        if self._encoding is not None:
            self._encoding.wake()

    @property
    def encoding(self) -> EncodingThread | None:
        """The thread that encodes; None until the vectors are open."""
        return self._encoding

    @property
    def busy(self) -> bool:
        """Whether there is something to encode and nothing that keeps it from being encoded."""
        if self._encoding is None:
            return self.problem is None
        return self._encoding.busy and self._encoding.problem is None

    def wait_encoded(self, timeout_s: float) -> bool:
        """Wait until every chunk has its vector.

        Returns:
            False when the time ran out or encoding stopped on a problem.
        """
        if not self._vectors_ready.wait(timeout_s) or self._encoding is None:
            return False
        return self._encoding.wait(timeout_s)

    def close(self) -> None:
        """Close both stores."""
        self._closing.set()
        if self._opener is not None:
            self._opener.join(timeout=30)
        if self._encoding is not None:
            self._encoding.close()
        if self.vectors is not None:
            self.vectors.close()
        self.catalog.close()

    def _open_catalog(self) -> Catalog:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        readme = self._folder / "README.md"
        if not readme.exists():
            readme.write_text(README, encoding="utf-8")
        keys = _Keys(self._encoder.fingerprint)
        folder = self._folder / "catalog"
        try:
            catalog = Catalog.open(folder, vector_key=keys)
        except DamagedStoreError as error:
            kept = put_catalog_aside(folder)
            said = f"the catalog was damaged ({error.message})"
            self._say(f"{said}; it is put aside as {kept.name} and being rebuilt")
            catalog = Catalog.open(folder, vector_key=keys)
        return catalog

    def _open_vectors(self) -> None:
        folder = self._folder / "vectors"
        try:
            for kind in Kind:
                fingerprint = self._encoder.fingerprint(kind)
                self.catalog.rekey(kind, fingerprint, should_stop=self._closing.is_set)
            if self._closing.is_set():
                return
            self.vectors = self._healthy_vectors(folder)
            self._encoding = EncodingThread(self.catalog, self.vectors, self._encoder)
            self._encoding.start()
        except WhykeeperError as error:
            _log.warning("the vectors cannot be opened: %s", error)
            self.problem = str(error)
        except Exception as error:  # noqa: BLE001 - answers go on by words; status and log say why
            _log.exception("the vectors cannot be opened")
            self.problem = (
                f"the vectors cannot be opened: {type(error).__name__}: {error} (the log has the details)"
            )
        finally:
            self._vectors_ready.set()

    def _healthy_vectors(self, folder: Path) -> VectorStore:
        fingerprints = {kind: self._encoder.fingerprint(kind) for kind in Kind}
        try:
            store = VectorStore.open(folder, fingerprints, settings=self._settings)
            try:
                store.health_check(HEALTH_CHECK_S)
                self._reconcile(store)
            except BaseException:
                store.close()
                raise
        except DamagedStoreError as error:
            kept = put_vectors_aside(folder)
            where = f"are put aside as {kept.name} and" if kept else "are"
            self._say(f"the vectors were damaged ({error.message}); they {where} being rebuilt")
            store = VectorStore.open(folder, fingerprints, settings=self._settings)
            for kind in Kind:
                self.catalog.forget_encoded(kind)
        return store

    def _reconcile(self, store: VectorStore) -> None:
        """Queue again what the catalog believes encoded and the store does not hold."""
        for kind in Kind:
            missing = self.catalog.encoded_keys(kind) - store.keys(kind)
            if missing:
                _log.warning("%d vectors of kind %s are missing and are encoded again", len(missing), kind)
                self.catalog.forget_encoded(kind, missing)

    def _say(self, note: str) -> None:
        _log.warning("%s", note)
        self.notes.append(note)
