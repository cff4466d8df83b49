"""What the client knows of one tier's model in the encoder process."""

from __future__ import annotations

import threading

__all__ = ["TierState"]


class TierState:
    """Which process has this tier's model, what is being done about it, and how fast it is."""

    def __init__(self) -> None:
        self.pid: int | None = None
        self.doing = ""
        self.lock = threading.Lock()
        # A slow machine's speed, so that the first batches are small.
        self.characters_a_second = 15_000.0

    def note_speed(self, characters: int, took_s: float) -> None:
        """Take in how long a batch took."""
        measured = characters / max(took_s, 1e-4)
        self.characters_a_second += 0.3 * (measured - self.characters_a_second)
