"""The client's side of the compiled model, and of processes that build models aside."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from whykeeper_indexers.encoder.compiled_model import (
    compiled_folder,
    has_compiled_model,
    why_compiling_failed,
)
from whykeeper_indexers.encoder.models import ModelFiles, ModelSettings
from whykeeper_indexers.errors import ModelError, WhykeeperError, WorkerError
from whykeeper_indexers.worker import WorkerProcess

__all__ = ["Builders", "CompiledTransformer"]

logger = logging.getLogger(__name__)

# Every token of the vocabulary goes through the model: 15 s for the default one, and a hundred times that
# for 250,000 tokens and 600 million parameters.
BUILD_S = 7200.0
LOAD_S = 180.0
# Above the passages, which it will read, and below questions.
_NICENESS = 1
_BY_ITSELF = "read by the transformer itself"


class Builders:
    """Encoder processes that end when one model is built: the memory that takes goes with them.

    Args:
        module: The encoder process's.
        environment: Of each.
        log: Where their standard errors go.
    """

    def __init__(self, module: str, environment: Mapping[str, str], log: IO[Any] | None) -> None:
        self._module = module
        self._environment = environment
        self._log = log
        self._running: set[WorkerProcess] = set()

    @contextmanager
    def process(self, name: str, niceness: int) -> Iterator[WorkerProcess]:
        """A process for the length of a ``with`` block."""
        builder = WorkerProcess(
            self._module, name=name, niceness=niceness, env=self._environment, log=self._log
        )
        self._running.add(builder)
        try:
            yield builder
        finally:
            builder.close()
            self._running.discard(builder)

    def close(self) -> None:
        """End those that are at work."""
        for builder in tuple(self._running):
            builder.close()


class CompiledTransformer:
    """Has the transformer compiled, once on a machine, and loaded; says how that stands.

    Args:
        settings: The model.
        data: Folder of derived data.
        worker: The encoder process.
        builders: Start the process that compiles.
    """

    def __init__(
        self, settings: ModelSettings, data: Path, worker: WorkerProcess, builders: Builders
    ) -> None:
        self._settings = settings
        self._data = data
        self._worker = worker
        self._builders = builders
        self._pid: int | None = None
        self._format: str | None = None
        self._note = "not compiled yet"
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def ready(self) -> bool:
        """Whether the encoder process answers questions by the compiled model."""
        return self._pid is not None and self._pid == self._worker.pid

    @property
    def number_format(self) -> str | None:
        """Of it, where the encoder process reads passages by it and needs no other form; else None."""
        return self._format if self.ready else None

    @property
    def state(self) -> str:
        """What ``memory_status`` says of it."""
        return "compiled" if self.ready else self._note

    @property
    def problem(self) -> str | None:
        """Why the transformer has to read questions itself; None when it need not, or will not for long."""
        return f"questions are {self._note}" if self._note.startswith(_BY_ITSELF) and not self.ready else None

    def prepare(self, find_files: Callable[[], ModelFiles]) -> None:
        """Start to compile the model and load it, without waiting; tried once in this process's life.

        Args:
            find_files: Finds the model's, or raises ``WhykeeperError``.
        """
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._prepare, args=(find_files,), name="compile", daemon=True
                )
                self._thread.start()

    def load(self, files: ModelFiles) -> None:
        """Load it into the encoder process, if it is there."""
        folder = compiled_folder(self._data, self._settings, files)
        try:
            loaded = self._worker.call("load_compiled", self._settings, folder, timeout_s=LOAD_S)
            self._pid, self._format = loaded or (None, None)
        except WorkerError as error:
            # Compiled for another version of the library, say. Nothing is lost but time.
            self._note_failure(error)

    def _prepare(self, find_files: Callable[[], ModelFiles]) -> None:
        try:
            files = find_files()
            folder = compiled_folder(self._data, self._settings, files)
            if why := why_compiling_failed(folder):
                raise ModelError(why)
            if not has_compiled_model(folder):
                self._note = "being compiled, once (about 20 s)"
                with self._builders.process("compiler", _NICENESS) as builder:
                    builder.call("build_compiled", self._settings, self._data, folder, timeout_s=BUILD_S)
            self._note = "compiled, not loaded"
            if self._worker.running and not self.ready:
                self.load(files)
        except WhykeeperError as error:
            self._note_failure(error)

    def _note_failure(self, error: WhykeeperError) -> None:
        logger.info("questions are read by the transformer itself: %s", error)
        self._note = f"{_BY_ITSELF}: {error}"
