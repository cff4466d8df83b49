"""What the clients are driven against."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.clients.outcome import calls
from benchmarks.sandbox import BenchmarkError, Sandbox

__all__ = ["Subject"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A sandbox, an indexed repository in it, and where npm's packages are.

    Attributes:
        home: The sandbox.
        repo: A clone.
        npm: Holds ``node_modules``.
    """

    home: Sandbox
    repo: Path
    npm: Path

    @property
    def calls(self) -> dict[str, dict[str, Any]]:
        """One call of each tool that succeeds in this repository."""
        return calls(self._document())

    def _document(self) -> str:
        listed = subprocess.run(
            ["git", "-C", str(self.repo), "ls-files", "README*", "*.md", "*.rst"],
            capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip
        if not listed:
            raise BenchmarkError("the repository has no document to read")
        return min(listed, key=lambda path: (path.count("/"), not path.startswith("README"), path))
