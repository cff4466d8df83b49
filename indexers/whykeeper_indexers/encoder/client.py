"""The daemon's side of the encoder: starts its process, says how it is, and asks it for vectors.

    off ──warm()──▶ warming ──▶ ready ──release() or death──▶ off
                       └──────▶ failed: why            (warm() tries again)

Nothing heavy is imported here. A question is answered only when its tier is ready; passages
wait for it, because whoever sends them is in no hurry.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from whykeeper_indexers.encoder.compiled import BUILD_S, LOAD_S, Builders, CompiledTransformer
from whykeeper_indexers.encoder.environment import encoder_environment
from whykeeper_indexers.encoder.finding import ModelFinder
from whykeeper_indexers.encoder.late_interaction import LateInteraction
from whykeeper_indexers.encoder.models import (
    ModelFiles,
    ModelSettings,
    Tier,
    fingerprint,
    told_prompts,
)
from whykeeper_indexers.encoder.static import has_static_model, why_static_model_failed
from whykeeper_indexers.encoder.tier_state import TierState
from whykeeper_indexers.encoder.tokens import EstimatedTokens, TokenCounter
from whykeeper_indexers.errors import ModelError, WhykeeperError, WorkerError
from whykeeper_indexers.worker import WorkerProcess

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Encoder", "NotReadyError"]

logger = logging.getLogger(__name__)

_MODULE = "whykeeper_indexers.encoder.process"
_DOWNLOAD_S = 3600.0
_BATCH_S = 120.0
_QUERY_S = 10.0
_QUERIES_KEPT = 256
# No model here reads further; whatever is past it only costs time.
_QUERY_CHARACTERS = 20_000
# How long a bulk batch may hold up the passages of a file that was saved just now.
_BATCH_TARGET_S = 0.2
_STATIC_BATCH = 256
_ATTEMPTS = 3
_RETRY_S = 1.0
# Of a model that cannot be loaded: to find that out takes seconds of a processor.
_LOAD_AGAIN_S = 10.0
# Above the passages, which it will stand in for, and below questions.
_DISTILLER_NICENESS = 1


class NotReadyError(WorkerError):
    """The model is still being loaded; answer by words and say so."""


class Encoder:
    """Vectors for questions and passages, from a process of its own. Safe to use from several threads.

    Args:
        settings: The model and how to use it.
        data: Folder of derived data: the distilled model and checked checksums are kept there.
        log: Where the process's standard error goes; this process's own by default.
    """

    def __init__(self, settings: ModelSettings, data: Path, *, log: IO[Any] | None = None) -> None:
        self.settings = settings
        self._data = data
        environment = encoder_environment(allow_hub=settings.allow_hub)
        self._worker = WorkerProcess(_MODULE, name="encoder", env=environment, log=log)
        self._builders = Builders(_MODULE, environment, log)
        self._compiled = CompiledTransformer(settings, data, self._worker, self._builders)
        self._lock = threading.Lock()
        self._warming: threading.Thread | None = None
        self._distilling: threading.Thread | None = None
        self._finder = ModelFinder(settings, data)
        self._files: ModelFiles | None = None
        self._fingerprints: dict[tuple[str, Tier], str] = {}
        self._tokens: TokenCounter | None = None
        self._late_interaction = LateInteraction(lambda: self._static_folder(self._model_files()))
        self._tiers: dict[Tier, TierState] = {tier: TierState() for tier in Tier}
        self._static_refused: str | None = None
        self._failure: WhykeeperError | None = None
        self._failed_at = 0.0
        self._closed = False
        self._releases = 0
        self._dtype = ""
        self._queries: OrderedDict[tuple[Tier, str], NDArray[np.float32]] = OrderedDict()

    @property
    def state(self) -> str:
        """``off``, ``warming``, ``ready``, or ``failed: `` and why: of the transformer."""
        return self.tier_state(Tier.TRANSFORMER)

    @property
    def ready(self) -> bool:
        """Whether the transformer can encode questions now; `tier_ready` tells of one tier."""
        return self.tier_ready(Tier.TRANSFORMER)

    def tier_ready(self, tier: Tier) -> bool:
        """Whether a question for this tier can be encoded now."""
        pid = self._tiers[self._actual(tier)].pid
        return pid is not None and pid == self._worker.pid

    def question_ready(self, tier: Tier) -> bool:
        """Whether a question for this tier can be encoded now; where it is compiled, before passages can."""
        compiled = self._actual(tier) is Tier.TRANSFORMER and self._compiled.ready
        return compiled or self.tier_ready(tier)

    def tier_state(self, tier: Tier) -> str:
        """As `state`, of one tier. The static one also says ``not built yet`` and ``being built``."""
        if self.tier_ready(tier):
            return "ready"
        actual = self._actual(tier)
        if self._tiers[actual].doing:
            return self._tiers[actual].doing
        if failure := self._finder.missing or self._failure:
            return f"failed: {failure}"
        if self._warming is not None:
            return "warming"
        if self._worker.running and actual is Tier.STATIC:
            return "not built yet: done once, before the first commit is encoded"
        return "off"

    def status(self) -> dict[str, Any]:
        """What ``memory_status`` shows of the model."""
        return {
            "model": self.settings.model,
            "state": self.state,
            "tiers": {str(tier): self.tier_state(tier) for tier in Tier},
            "dtype": self._compiled.number_format or self._dtype or self.settings.dtype,
            "prompts": told_prompts(self.settings, self._files),
            "questions": self._compiled.state,
            "pid": self._worker.pid,
            "note": self._note(),
        }

    def _note(self) -> str | None:
        refused = self._static_refused and f"commits use the transformer: {self._static_refused}"
        notes = [note for note in (refused, self._compiled.problem) if note]
        return "; ".join(notes) or None

    def warm(self) -> None:
        """Start loading, without waiting for it. Does nothing when it is loaded or being loaded.

        Nor when it has failed just now: every question asks for this.
        """
        lately = time.monotonic() - self._failed_at < _LOAD_AGAIN_S
        if not (lately and isinstance(self._failure, ModelError)):
            self._start_to_load()

    def load(self) -> None:
        """Load, and wait for it; does nothing when it is loaded.

        Raises:
            ModelError: The model cannot be loaded.
            WorkerError: The process died repeatedly.
        """
        for _ in range(_ATTEMPTS):
            self._start_to_load()
            warming = self._warming
            if warming is not None:
                warming.join()
            if self.tier_ready(Tier.TRANSFORMER):
                return
            if isinstance(self._failure, ModelError) or self._closed:
                break
            time.sleep(_RETRY_S)
        raise self._failure or WorkerError("the encoder process ended while it was loading")

    def _start_to_load(self) -> None:
        with self._lock:
            if self._warming is not None or self._closed or not self._unloaded():
                return
            # What is wrong with the model is said until it is loaded, or something else is wrong.
            if not isinstance(self._failure, ModelError):
                self._failure = None
            self._warming = threading.Thread(
                target=self._load, args=(self._releases,), name="encoder warm-up", daemon=True
            )
            self._warming.start()

    @property
    def distilled(self) -> bool:
        """Whether the static model can be used now: it is built, and loaded."""
        return self._static_refused is None and self.tier_ready(Tier.STATIC)

    @property
    def distilling(self) -> bool:
        """Whether the static model is being built or loaded aside; see `distil`."""
        return self._distilling is not None

    def distil(self) -> None:
        """Start to build and load the static model, without waiting; not when that is done or has failed."""
        with self._lock:
            if self._distilling is not None or self._closed or self._static_refused or self.distilled:
                return
            self._distilling = threading.Thread(target=self._distil_aside, name="distil", daemon=True)
            self._distilling.start()

    def agreement(self, question: str, passages: Sequence[str]) -> NDArray[np.float32] | None:
        """How well passages say each word of a question; see `LateInteraction.agreement`."""
        return self._late_interaction.agreement(question[:_QUERY_CHARACTERS], passages)

    def compile(self) -> None:
        """Start to compile the transformer, without waiting, if that was not done before."""
        if not self._closed:
            self._compiled.prepare(self._files_here)

    def release(self) -> None:
        """Let the process and its memory go; the next question or passage starts it again."""
        self._releases += 1
        self._late_interaction.release()
        with self._lock:
            self._tokens = None
        self._worker.stop()

    def close(self) -> None:
        """End the process for good."""
        self._closed = True
        self._releases += 1
        self._worker.close()
        self._builders.close()

    def fingerprint(self, tier: Tier) -> str:
        """Name of the space this tier's vectors are in, known without loading the model.

        Raises:
            ModelError: The model is unknown, incomplete or not the bytes it should be; or it is
                only now being downloaded, which this begins.
        """
        files, actual = self._files_here(), self._actual(tier)
        # Asked for once a chunk.
        named = files.digest, actual
        if named not in self._fingerprints:
            self._fingerprints[named] = fingerprint(self.settings, files, actual)
        return self._fingerprints[named]

    def tier_of(self, fingerprint: str) -> Tier | None:
        """The tier whose vectors are in a space; None when neither's are.

        Raises:
            ModelError: The model's files are not there or not whole; none is downloaded for this.
        """
        self._model_files()
        return next((tier for tier in Tier if self.fingerprint(tier) == fingerprint), None)

    def encode_query(self, text: str, tier: Tier) -> NDArray[np.float32]:
        """The unit vector of a question, float32 [dimensions], ahead of all passages.

        Raises:
            NotReadyError: The model is being loaded (and it is now, if it was not before).
            ModelError: It cannot be loaded.
        """
        tier, text = self._actual(tier), text[:_QUERY_CHARACTERS]
        with self._lock:
            if (tier, text) in self._queries:
                self._queries.move_to_end((tier, text))
                return self._queries[tier, text]
        if not self.question_ready(tier):
            self._refuse_query(tier)
        vector: NDArray[np.float32] = self._worker.call(
            "encode", tier, True, [text], timeout_s=_QUERY_S, urgent=True
        )[0]
        with self._lock:
            self._queries[tier, text] = vector
            while len(self._queries) > _QUERIES_KEPT:
                self._queries.popitem(last=False)
        return vector

    def encode_passages(
        self, texts: Sequence[str], tier: Tier, *, on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors of passages, float32 [n, dimensions], in the order given.

        Waits for the model. A process that dies on the way is started again.

        Args:
            texts: The passages.
            tier: How they are encoded.
            on_batch: Called with the number of passages done so far.

        Raises:
            ModelError: The model cannot be loaded.
            WorkerError: The process died repeatedly.
        """
        import numpy as np

        self._wait_for(tier)
        # By length, so that a batch holds little padding; the longest last, when the speed is known.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors: NDArray[np.float32] | None = None
        done = 0
        for batch in self._batches(order, texts, tier):
            encoded = self._encode_batch([texts[index] for index in batch], tier)
            if vectors is None:
                vectors = np.empty((len(texts), encoded.shape[1]), dtype=np.float32)
            vectors[batch] = encoded
            done += len(batch)
            if on_batch is not None:
                on_batch(done)
        return np.empty((0, 0), dtype=np.float32) if vectors is None else vectors

    def count_tokens(self, text: str) -> int:
        """How many of the model's tokens a text is."""
        return self._counter().count(text)

    def trim_to_tokens(self, text: str, budget: int) -> str:
        """The beginning of a text that fits the budget, cut at a line's end, else between words."""
        return self._counter().trim(text, budget)

    def _actual(self, tier: Tier) -> Tier:
        """The tier that does the work: a model that cannot be distilled encodes code itself."""
        return Tier.TRANSFORMER if tier is Tier.STATIC and self._static_refused else tier

    def _files_here(self) -> ModelFiles:
        try:
            return self._model_files()
        except ModelError as error:
            if not self.settings.from_hub:
                raise
            failure = self._failure
            self.warm()
            if isinstance(failure, ModelError):
                raise failure from error
            raise ModelError(
                f"the model {self.settings.model} is being downloaded, once",
                "ask again in a minute; `whykeeper status` shows when it is there",
            ) from error

    def _model_files(self, *, again: bool = False) -> ModelFiles:
        with self._lock:
            if self._files is None:
                missing = self._finder.missing
                self._files = self._finder.files(again=again)
                self._failure = None if missing else self._failure
                self._static_refused = why_static_model_failed(self._static_folder(self._files))
            return self._files

    def _counter(self) -> TokenCounter | EstimatedTokens:
        try:
            files = self._model_files()
        except ModelError:
            # Whoever asks is told that there is no model; an answer by words has a budget all the same.
            return EstimatedTokens()
        with self._lock:
            if self._tokens is None:
                self._tokens = TokenCounter(files.tokenizer)
            return self._tokens

    def _static_folder(self, files: ModelFiles) -> Path:
        return self._data / "static" / fingerprint(self.settings, files, Tier.STATIC)

    def _refuse_query(self, tier: Tier) -> None:
        if isinstance(self._failure, ModelError):
            raise self._failure
        self.warm()
        raise NotReadyError(f"the {tier} model is {self.tier_state(tier)}")

    def _unloaded(self) -> bool:
        if not self.tier_ready(Tier.TRANSFORMER):
            return True
        built = self._files is not None and has_static_model(self._static_folder(self._files))
        return built and not self.tier_ready(Tier.STATIC)

    def _load(self, releases: int) -> None:
        try:
            self._look_again()
            self._download_if_allowed()
            self._load_tiers(self._model_files(again=True))
            self._failure = None
        except WhykeeperError as error:
            # Being let go in the middle is no failure.
            if releases == self._releases:
                logger.warning("model not loaded: %s", error)
                self._failure, self._failed_at = error, time.monotonic()
        finally:
            with self._lock:
                self._warming = None

    def _look_again(self) -> None:
        """Take in what was put right: it changes the model's files, and with them the name of its space."""
        with self._lock:
            if isinstance(self._failure, ModelError):
                self._files = None

    def _load_tiers(self, files: ModelFiles) -> None:
        # These first: they are there in 0.1 and 0.4 s and answer while PyTorch is being imported.
        self._tiers[Tier.STATIC].pid = self._worker.call(
            "load_static", self._static_folder(files), timeout_s=LOAD_S
        )
        self._compiled.load(files)
        if self.tier_ready(Tier.TRANSFORMER):
            return
        if self._compiled.number_format:
            self._tiers[Tier.TRANSFORMER].pid = self._worker.pid
            return
        began = time.monotonic()
        self._tiers[Tier.TRANSFORMER].pid, self._dtype = self._worker.call(
            "load_transformer", self.settings, self._data, timeout_s=LOAD_S
        )
        logger.info("model loaded in %.1f s as %s", time.monotonic() - began, self._dtype)

    def _download_if_allowed(self) -> None:
        if self._files is not None or not self.settings.from_hub or self._finder.whole():
            return
        self._tiers[Tier.TRANSFORMER].doing = "downloading, once"
        try:
            self._worker.call("download", self.settings, self._data, timeout_s=_DOWNLOAD_S)
        finally:
            self._tiers[Tier.TRANSFORMER].doing = ""

    def _wait_for(self, tier: Tier) -> None:
        if not self.tier_ready(self._actual(tier)):
            self.load()
        if self._actual(tier) is Tier.STATIC and not self.tier_ready(tier):
            self._build_static()

    def _build_static(self) -> None:
        files = self._model_files()
        folder = self._static_folder(files)
        state = self._tiers[Tier.STATIC]
        with state.lock:
            if self.tier_ready(Tier.STATIC):
                return
            state.doing = "being built, once (15 s for the default model, minutes for a large one)"
            try:
                self._distil(files.folder, folder)
                state.pid = self._worker.call("load_static", folder, timeout_s=LOAD_S)
            except ModelError as error:
                logger.warning("%s; commits fall to the transformer", error)
                self._static_refused = str(error)
            finally:
                state.doing = ""

    def _distil_aside(self) -> None:
        try:
            # Without waiting for the transformer: it is built by a process of its own.
            self._files_here()
            self._build_static()
        except WhykeeperError as error:
            # Whoever needs it waits for it, and is told.
            logger.info("no static model yet: %s", error)
        finally:
            with self._lock:
                self._distilling = None

    def _distil(self, transformer: Path, folder: Path) -> None:
        if has_static_model(folder):
            return
        # In a process of its own: it would block the passages of saved files for 15 s, and leave
        # 200 MB behind.
        with self._builders.process("distiller", _DISTILLER_NICENESS) as builder:
            builder.call(
                "build_static", transformer, folder, self.settings.static_dimensions, timeout_s=BUILD_S
            )

    def _encode_batch(self, texts: Sequence[str], tier: Tier) -> NDArray[np.float32]:
        for attempt in range(_ATTEMPTS):
            try:
                began = time.monotonic()
                actual = self._actual(tier)
                vectors: NDArray[np.float32] = self._worker.call(
                    "encode", actual, False, texts, timeout_s=_BATCH_S
                )
                self._tiers[actual].note_speed(sum(map(len, texts)), time.monotonic() - began)
                return vectors
            except WorkerError:
                if attempt == _ATTEMPTS - 1 or self._closed:
                    raise
                logger.warning("the encoder process died in mid-batch; starting it again")
                self._wait_for(tier)
        raise AssertionError("not reached")

    def _batches(self, order: Sequence[int], texts: Sequence[str], tier: Tier) -> Iterator[list[int]]:
        """Groups of passages that take about the target time, as far as the speed is known."""
        start = 0
        while start < len(order):
            actual = self._actual(tier)
            at_most = _STATIC_BATCH if actual is Tier.STATIC else self.settings.batch_size
            characters = self._tiers[actual].characters_a_second * _BATCH_TARGET_S
            stop = start + 1
            while stop < len(order) and stop - start < at_most:
                if len(texts[order[stop]]) * (stop - start + 1) > characters:
                    break
                stop += 1
            yield list(order[start:stop])
            start = stop
