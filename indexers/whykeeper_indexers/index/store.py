"""One repository's stores, opened, checked and mended.

The catalog opens at once. The vector store (and the library behind it) opens in the background:
until it is there, answers are found by words. A store that fails its health check is put aside
and rebuilt from the repository; whoever asks is told so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# Here, before any thread of a store runs: threads that import NumPy and Chroma, which imports it too, at once
# find each other's half-made modules.
import numpy  # noqa: F401

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.catalog import put_aside as put_catalog_aside
from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import DamagedStoreError, InternalError, StorageError, WhykeeperError
from whykeeper_indexers.facts import FactStore
from whykeeper_indexers.index.earlier import EarlierModels, ModelChoice, settings_before
from whykeeper_indexers.index.embedding_text import embedding_text
from whykeeper_indexers.index.encoding import EncodingThread
from whykeeper_indexers.index.gate import Gate
from whykeeper_indexers.index.upkeep import tidy_catalog
from whykeeper_indexers.types import Chunk, Kind
from whykeeper_indexers.vectors import StandIn, VectorSettings, VectorStore, vector_key
from whykeeper_indexers.vectors import put_aside as put_vectors_aside

__all__ = ["RepositoryStore"]

_log = logging.getLogger(__name__)

README = """\
This folder is derived from a repository by whykeeper. Nothing in it was written by a person:
delete it (`whykeeper purge`) and it comes back when whykeeper next serves that repository.
"""
QUICK_CHECK_S = 5.0
HEALTH_CHECK_S = 20.0
BETWEEN_CHECKS_S = 30.0
SCAN_S = 2.0
"""At the start, the longest that opening the vectors waits for the first scan."""
QUESTION_S = 0.7
"""And after that for the first question, which loads the model."""
_LOOK_S = 0.05
REOPEN_S = 15.0
"""Between attempts to open vectors that a full disk, say, kept shut."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """Gives chunks their vector keys; the encoder knows its fingerprints without its model."""

    encoder: KindEncoder

    def __call__(self, chunk: Chunk) -> str:
        kind = chunk.kind
        return vector_key(self.encoder.fingerprint(kind), embedding_text(chunk, self.encoder.tier(kind)))


class RepositoryStore:
    """Catalog, vectors and the threads that keep them.

    Args:
        folder: The repository's own folder below the data folder.
        encoder: Of the configured model.
        settings: Where vectors are kept.
        choice: The configured model in words, and how to come by earlier ones.
        damage: What is wrong with the catalog that is there: it is put aside at once.

    Raises:
        StorageError: The folder cannot be made or written.
        UserError: A newer version of whykeeper wrote it.
    """

    def __init__(
        self,
        folder: Path,
        encoder: KindEncoder,
        settings: VectorSettings,
        choice: ModelChoice,
        *,
        damage: str | None = None,
    ) -> None:
        self._folder = folder
        self._encoder = encoder
        self._settings = settings
        self._choice = choice
        self._closing = threading.Event()
        self._attention = threading.Event()
        self._suspected = threading.Event()
        self._suspected_at = -BETWEEN_CHECKS_S
        self._keeper = threading.Thread(target=self._keep_vectors, name="keep vectors", daemon=True)
        self._encoding: EncodingThread | None = None
        self._failure: WhykeeperError | None = None
        self.encoding_gate = Gate()
        self.vectors: VectorStore | None = None
        self.notes: list[str] = []
        self.mending = False
        self.damage: DamagedStoreError | None = None
        self.catalog = self._open_catalog(damage)
        self._opened_after = settings_before(self.catalog)

    @property
    def folder(self) -> Path:
        """The repository's own folder below the data folder."""
        return self._folder

    @cached_property
    def facts(self) -> FactStore:
        """What files of any state of the repository say."""
        return FactStore(self._folder / "facts.sqlite3")

    @property
    def encoder(self) -> KindEncoder:
        """Of the configured model."""
        return self._encoder

    def start(self) -> None:
        """Open the vectors in the background and begin to encode what has none; once is enough."""
        if self._keeper.ident is None:
            self._keeper.start()

    def wake(self) -> None:
        """Say that there may be something to encode."""
        if self._encoding is not None:
            self._encoding.wake()

    def retry(self) -> None:
        """Try again now what stopped on a problem."""
        self._failure = None
        self._attention.set()
        if self._encoding is not None:
            self._encoding.retry()

    @property
    def encoding(self) -> EncodingThread | None:
        """The thread that encodes; None until the vectors are open."""
        return self._encoding

    @property
    def stand_ins(self) -> tuple[StandIn, ...]:
        """What answers for passages that the model has not read yet; none until the vectors are open."""
        encoding = self._encoding
        if encoding is None:
            return ()
        quick = StandIn(encoding.provisional, self._encoder, Tier.STATIC, earlier=False)
        return (quick, *encoding.earlier.stand_ins)

    @property
    def earlier(self) -> EarlierModels | None:
        """The models used before, as far as they still answer; None until the vectors are open."""
        encoding = self._encoding
        return encoding.earlier if encoding else None

    @property
    def models_in_use(self) -> frozenset[str]:
        """Settings of the models whose encoders are needed, as ``ModelChoice`` has them."""
        earlier = self.earlier
        before = earlier.settings_in_use if earlier and earlier.gathered else self._opened_after
        return before | {self._choice.settings}

    @property
    def bridged(self) -> dict[Kind, int]:
        """How many awaited vectors the quick model's stand in for, for kinds where any does."""
        encoding = self._encoding
        return encoding.provisional.counts() if encoding else {}

    @property
    def busy(self) -> bool:
        """Whether there is something to encode and nothing that keeps it from being encoded."""
        encoding = self._encoding
        return self.failure is None and (encoding is None or encoding.busy)

    @property
    def failure(self) -> WhykeeperError | None:
        """What keeps the vectors from being opened or made; it is tried again by and by."""
        encoding = self._encoding
        return self._failure or (encoding.failure if encoding else None)

    @property
    def problem(self) -> str | None:
        """What keeps the vectors from being opened or made, in words."""
        return str(self.failure) if self.failure else None

    def report_damage(self, error: DamagedStoreError) -> None:
        """Note that the catalog is damaged: whoever owns this store closes it and opens another.

        Args:
            error: What the catalog raised.
        """
        if self.damage is None and not self._closing.is_set():
            _log.error("the catalog is damaged: %s", error)
            self.damage = error

    def suspect(self) -> None:
        """Have both stores checked in the background: something failed as if they were damaged."""
        now = time.monotonic()
        if now - self._suspected_at >= BETWEEN_CHECKS_S:
            self._suspected_at = now
            self._suspected.set()
            self._attention.set()

    def release(self) -> None:
        """Give the memory of both stores back; the next question takes it again."""
        if self.vectors is not None and not self.busy:
            self.catalog.release()
            self.vectors.release()

    def tidy(self, in_use: Collection[int]) -> None:
        """Let go of what nobody needs any more.

        Args:
            in_use: Numbers of the checkouts that are served.
        """
        tidy_catalog(self.catalog, in_use)
        if "facts" in self.__dict__:
            self.facts.tidy()
        # What others keep on the same server looks as if nobody needed it.
        if self._encoding is not None and self._settings.mode == "embedded":
            self._encoding.tidy()

    def stop(self) -> None:
        """Stop after what is under way, without waiting for it."""
        self._closing.set()
        self._attention.set()
        if self._encoding is not None:
            self._encoding.stop()

    def close(self) -> None:
        """Close both stores."""
        self.stop()
        if self._keeper.is_alive():
            self._keeper.join(timeout=30)
        if self._encoding is not None:
            self._encoding.close()
        if self.vectors is not None:
            self.vectors.close()
        if "facts" in self.__dict__:
            self.facts.close()
        self.catalog.close()

    def _open_catalog(self, damage: str | None) -> Catalog:
        keys = _Keys(self._encoder)
        folder = self._folder / "catalog"
        self._make_folder()
        # SQLite takes an empty file for a new database.
        there = any(file.stat().st_size for file in folder.glob("catalog.sqlite3"))
        lost = (self._folder / "vectors").is_dir() and not there
        if damage is not None:
            self._put_catalog_aside(folder, damage)
        elif lost:
            self._say("the catalog was missing or empty; being rebuilt")
        try:
            return Catalog.open(folder, vector_key=keys)
        except DamagedStoreError as error:
            self._put_catalog_aside(folder, error.message)
            return Catalog.open(folder, vector_key=keys)

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            readme = self._folder / "README.md"
            if not readme.exists():
                readme.write_text(README, encoding="utf-8")
        except OSError as error:
            raise StorageError(
                f"the data folder cannot be written: {self._folder} ({error.strerror})",
                "check its permissions and its disk, or set WHYKEEPER_DATA_DIR to another folder",
            ) from error

    def _put_catalog_aside(self, folder: Path, why: str) -> None:
        kept = put_catalog_aside(folder)
        self._say(f"the catalog was damaged ({why}); it is put aside as {kept.name} and being rebuilt")

    def _keep_vectors(self) -> None:
        """Open the vectors, and again when they could not be or were found damaged."""
        self._let_words_go_first()
        while not self._closing.is_set():
            if self._encoding is None:
                self._try_to_open()
            self._attention.wait(None if self._encoding is not None else REOPEN_S)
            self._attention.clear()
            if self._suspected.is_set() and not self._closing.is_set():
                self._suspected.clear()
                self._examine()

    def _let_words_go_first(self) -> None:
        """Leave the interpreter to the first scan and the first question, as long as no model is there.

        Importing Chroma and reading the vectors would hold them up for more than a second.
        """
        self.encoding_gate.pass_through(SCAN_S)
        deadline = time.monotonic() + QUESTION_S
        while not self._encoder.ready and time.monotonic() < deadline and not self._closing.is_set():
            time.sleep(_LOOK_S)

    def _try_to_open(self) -> None:
        try:
            self._open_vectors()
        except WhykeeperError as error:
            if str(error) != self.problem:
                _log.warning("the vectors cannot be opened: %s", error)
            self._failure = error
        except Exception as error:  # noqa: BLE001 - answers go on by words; status and log say why
            _log.exception("the vectors cannot be opened")
            said = f"the vectors cannot be opened: {type(error).__name__}: {error}"
            self._failure = InternalError(said, "see the log")

    def _open_vectors(self) -> None:
        fingerprints = {kind: self._encoder.fingerprint(kind) for kind in Kind}
        if not self._in_catalog(lambda: self._rekey(fingerprints)):
            return
        vectors, stored = self._healthy_vectors(fingerprints)
        if not self._in_catalog(lambda: self._reconcile(stored)):
            vectors.close()
            return
        earlier = EarlierModels(self.catalog, vectors, self._encoder, self._choice)
        earlier.note_present()
        self.vectors = vectors
        self._encoding = EncodingThread(
            self.catalog, vectors, self._encoder, earlier, self.encoding_gate, self.suspect
        )
        self._encoding.start()
        self._failure = None
        self._check_catalog()

    def _in_catalog(self, work: Callable[[], bool]) -> bool:
        """Tell a damaged catalog from damaged vectors."""
        try:
            return work()
        except DamagedStoreError as error:
            self.report_damage(error)
            return False

    def _rekey(self, fingerprints: Mapping[Kind, str]) -> bool:
        return all(
            self.catalog.rekey(kind, fingerprint, should_stop=self._closing.is_set)
            for kind, fingerprint in fingerprints.items()
        )

    def _healthy_vectors(self, fingerprints: Mapping[Kind, str]) -> tuple[VectorStore, dict[Kind, set[str]]]:
        """Open the vectors, those of before or, when these are damaged, new ones; and list their keys."""
        try:
            return self._checked_vectors(fingerprints)
        except DamagedStoreError as error:
            kept = put_vectors_aside(self._folder / "vectors")
            self._say(f"the vectors were damaged ({error.message}); put aside as {kept.name}, being rebuilt")
            return self._checked_vectors(fingerprints)

    def _checked_vectors(self, fingerprints: Mapping[Kind, str]) -> tuple[VectorStore, dict[Kind, set[str]]]:
        store = VectorStore.open(self._folder / "vectors", fingerprints, settings=self._settings)
        try:
            store.health_check(HEALTH_CHECK_S)
            store.warm()
            return store, {kind: store.keys(kind) for kind in Kind}
        except BaseException:
            store.close()
            raise

    def _reconcile(self, stored: Mapping[Kind, set[str]]) -> bool:
        """Queue again what the catalog believes encoded and the store does not hold, and the reverse.

        What is not held may be an earlier model's, and what is, of one that has come back.
        """
        for kind, keys in stored.items():
            believed = self.catalog.encoded_keys(kind)
            if (missing := believed - keys) and (due := self.catalog.forget_encoded(kind, missing)):
                _log.warning("%d vectors of kind %s are missing and are made again", due, kind)
            if regained := self.catalog.waiting_keys((kind, key) for key in keys - believed):
                self.catalog.mark_encoded(kind, regained)
        return True

    def _examine(self) -> None:
        """Check both stores; vectors that fail are closed, and the caller's loop opens others."""
        self._check_catalog()
        vectors, encoding = self.vectors, self._encoding
        if vectors is None or encoding is None:
            return
        try:
            vectors.health_check(HEALTH_CHECK_S)
        except DamagedStoreError as error:
            _log.error("%s", error)
        except WhykeeperError as error:
            _log.warning("the vectors could not be checked: %s", error)
            return
        except Exception:  # noqa: BLE001 - whatever a library raises on files that make no sense
            _log.exception("the vectors fail their check")
        else:
            return
        self.vectors = None
        encoding.close()
        self._encoding = None
        vectors.close()
        self._attention.set()

    def _check_catalog(self) -> None:
        try:
            self.catalog.quick_check(QUICK_CHECK_S)
        except DamagedStoreError as error:
            self.report_damage(error)
        except WhykeeperError as error:
            _log.warning("the catalog could not be checked: %s", error)

    def _say(self, note: str) -> None:
        _log.warning("%s", note)
        self.notes.append(note)
        self.mending = True

    def mended(self) -> None:
        """Note that what was being rebuilt is whole again."""
        self.mending = False
        self.notes = [note.replace("being rebuilt", "rebuilt") for note in self.notes]
