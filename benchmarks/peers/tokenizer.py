"""One tokenizer for every engine: cl100k_base, which semble's benchmark counts with.

From rs-bpe, whose package holds its table: tiktoken would fetch it from the network.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers import environment
from benchmarks.peers.conversation import Worker

__all__ = ["Tokenizer"]

PACKAGES = ("rs-bpe==0.1.0",)
_WORKER = Path(__file__).with_name("tokenizer_worker.py")


class Tokenizer:
    """Counts tokens.

    Args:
        environments: Holds the virtual environments.
        scratch: For its log.
    """

    def __init__(self, environments: Path, scratch: Path) -> None:
        programs = environment.make(environments, "tokenizer", PACKAGES)
        command = [str(programs / "python"), "-P", str(_WORKER)]
        self._worker = Worker(command, {"PATH": os.environ["PATH"]}, scratch / "tokenizer.txt")

    def count(self, texts: Sequence[str]) -> list[int]:
        """Give each text's number of tokens."""
        counted: list[int] = self._worker.ask(texts=list(texts))["tokens"]
        return counted

    def close(self) -> None:
        """End it."""
        self._worker.close()
