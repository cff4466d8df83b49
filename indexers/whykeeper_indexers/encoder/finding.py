"""Finds the files of the configured model, and says why they are not found for as long as they are not."""

from __future__ import annotations

import time
from pathlib import Path

from whykeeper_indexers.encoder.models import ModelFiles, ModelSettings, resolve_model
from whykeeper_indexers.errors import ModelError

__all__ = ["ModelFinder"]

LOOK_AGAIN_S = 5.0
"""Every passage of an index asks, and to look may take a checksum over all weights."""


class ModelFinder:
    """Looks for a model's files until they are there. Callers take turns.

    Args:
        settings: Name the model.
        data: Folder of derived data.
    """

    def __init__(self, settings: ModelSettings, data: Path) -> None:
        self._settings = settings
        self._data = data
        self._missing: ModelError | None = None
        self._looked_at = 0.0

    @property
    def missing(self) -> ModelError | None:
        """Why the model was not found; None before it is looked for, and of one that can be downloaded."""
        return None if self._settings.from_hub else self._missing

    def files(self, *, again: bool = False) -> ModelFiles:
        """Find the files.

        Args:
            again: Look whenever the last look was.

        Raises:
            ModelError: They are not there or not whole.
        """
        missing = self._missing
        if missing is not None and not again and time.monotonic() - self._looked_at < LOOK_AGAIN_S:
            raise ModelError(missing.message, missing.hint)
        try:
            files = resolve_model(self._settings, self._data)
        except ModelError as error:
            self._missing, self._looked_at = error, time.monotonic()
            raise
        self._missing = None
        return files

    def whole(self) -> bool:
        """Whether the model's files are there; a download that broke off leaves some of them."""
        try:
            self.files(again=True)
        except ModelError:
            return False
        return True
