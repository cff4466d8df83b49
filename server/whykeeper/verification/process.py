"""The process that verifies, as the daemon sees it.

Checks parse whatever a repository holds, in Python that keeps the interpreter busy: beside the sessions they
would slow every question, and what makes a parser crash would end them all.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from whykeeper_indexers.worker import WorkerProcess

if TYPE_CHECKING:
    from whykeeper.verification.answer import VerifyAnswer
    from whykeeper.verification.constraints.report import ConstraintsAnswer
    from whykeeper.verification.task import ConstraintsTask, VerifyTask

__all__ = ["VerifyingProcess"]

LONGEST_S: Final = 900.0
"""Of one verification; those of other sessions wait for it."""


class VerifyingProcess:
    """Started when first needed, and let go when idle.

    Args:
        rules: Folder where compiled rules of the secret scanner are kept.
    """

    def __init__(self, rules: Path) -> None:
        self._worker = WorkerProcess(
            "whykeeper.verification.worker", name="verifier", arguments=(str(rules),)
        )
        self._used_at = time.monotonic()

    def verify(self, task: VerifyTask) -> VerifyAnswer:
        """Verify a change; see `Verifier.verify`.

        Raises:
            WhykeeperError: What the verification raised, or the process died.
        """
        answer: VerifyAnswer = self._called("carry_out", task)
        return answer

    def constraints(self, task: ConstraintsTask) -> ConstraintsAnswer:
        """List constraints; see `Verifier.constraints`.

        Raises:
            WhykeeperError: What the listing raised, or the process died.
        """
        answer: ConstraintsAnswer = self._called("list_constraints", task)
        return answer

    def _called(self, method: str, task: object) -> Any:
        self._used_at = time.monotonic()
        answer = self._worker.call(method, task, timeout_s=LONGEST_S)
        self._used_at = time.monotonic()
        return answer

    def release(self, idle_s: float) -> None:
        """Let the process go when it has had nothing to do for some time, in seconds."""
        if not self._worker.waiting and time.monotonic() - self._used_at >= idle_s:
            self._worker.stop()

    def close(self) -> None:
        """End the process."""
        self._worker.close()
