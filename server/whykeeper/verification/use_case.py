"""``verify``, for one checkout: from a call to an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from whykeeper.plans.runs import RunStore, run_of
from whykeeper.verification.calibration import History
from whykeeper.verification.change_text import named_change
from whykeeper.verification.markdown import fitted
from whykeeper.verification.request import VerifyRequest
from whykeeper.verification.task import ConstraintsTask, VerifyTask
from whykeeper.verification.verify import Verifier
from whykeeper_indexers.change import ChangeSource, SourceKind

if TYPE_CHECKING:
    from whykeeper.memory import Memory
    from whykeeper.verification.answer import VerifyAnswer
    from whykeeper.verification.constraints.report import ConstraintsAnswer
    from whykeeper_indexers.facts import Progress

__all__ = [
    "history_of",
    "list_constraints",
    "read_ahead",
    "request_of",
    "verified",
    "verifier_of",
    "verify_change",
    "verify_named",
]


async def verify_change(
    memory: Memory, request: VerifyRequest, progress: Progress | None = None
) -> VerifyAnswer:
    """Hold a change of a checkout against everything remembered; see `Verifier.verify`."""
    return await asyncio.to_thread(verified, memory, request, progress)


def verified(memory: Memory, request: VerifyRequest, progress: Progress | None = None) -> VerifyAnswer:
    """Verify in the process that is there for it, and wait for the answer."""
    return _carried_out(memory, verifier_of(memory), request, progress)


def history_of(memory: Memory) -> History:
    """Give a checkout's history to be replayed, with what checks say of themselves."""
    plain = replace(verifier_of(memory), severities={})
    return History(memory.repository, lambda request: _carried_out(memory, plain, request, None))


def _carried_out(
    memory: Memory, verifier: Verifier, request: VerifyRequest, progress: Progress | None
) -> VerifyAnswer:
    started = time.monotonic()
    if request.ran:
        RunStore(memory.store.folder).remember(request.ran)
    _fill(memory, verifier, request.source, progress)
    facts = verifier.store.file
    assert facts is not None
    task = VerifyTask(memory.repository, memory.options, facts, request, verifier.severities)
    answer = memory.verifying.verify(task)
    return answer.model_copy(update={"took_ms": round((time.monotonic() - started) * 1000, 2)})


def read_ahead(memory: Memory) -> None:
    """Read what a verification of the working tree needs, before anybody asks for one.

    Raises:
        WhykeeperError: It cannot be read or kept.
    """
    _fill(memory, verifier_of(memory), ChangeSource(), None)


def _fill(memory: Memory, verifier: Verifier, source: ChangeSource, progress: Progress | None) -> None:
    """Have the facts of all files kept; what differs from a commit that was read is left to the checks."""
    root, head = memory.repository.root, memory.store.catalog.head(memory.indexer.checkout)
    current = source.kind in (SourceKind.WORKING_TREE, SourceKind.INDEX)
    if current and head is not None and verifier.store.filled.get(root) == head:
        return
    verifier.prepare(source, progress)
    if current and head is not None:
        verifier.store.filled[root] = head


def verifier_of(memory: Memory) -> Verifier:
    """Give what verifies changes of a checkout, by the session's settings."""
    severities = memory.loaded.config.verify.severity
    return Verifier(memory.repository, memory.options, memory.store.facts, memory.pool, severities)


async def verify_named(memory: Memory, change: str, plan: str, budget: int) -> VerifyAnswer:
    """Hold what an agent names against everything remembered, within a budget of tokens.

    Raises:
        QueryError: There is no such change.
        NotFoundError: There is no such plan.
    """
    answer = await verify_change(memory, request_of({**named_change(change), "plan": plan}))
    # What took how long is for whoever sets checks up.
    answer = answer.model_copy(update={"times": {}})
    return await asyncio.to_thread(fitted, answer, budget, memory.recall().encoder)


async def list_constraints(
    memory: Memory, *, check: bool, progress: Progress | None = None
) -> ConstraintsAnswer:
    """List the constraints of a checkout's decisions; see `Verifier.constraints`."""
    return await asyncio.to_thread(_listed, memory, check, progress)


def _listed(memory: Memory, check: bool, progress: Progress | None) -> ConstraintsAnswer:
    verifier = verifier_of(memory)
    if check:
        verifier.prepare(ChangeSource(), progress)
    facts = verifier.store.file
    assert facts is not None
    return memory.verifying.constraints(ConstraintsTask(memory.repository, memory.options, facts, check))


def request_of(params: Mapping[str, Any]) -> VerifyRequest:
    """Read a request as the command line sends it."""
    source = ChangeSource(
        kind=SourceKind(params.get("kind") or SourceKind.WORKING_TREE),
        base=str(params.get("base", "HEAD")),
        head=str(params.get("head") or "HEAD"),
        patch=str(params.get("patch") or "").encode("utf-8", "surrogateescape"),
        merge_base=bool(params.get("merge_base")),
    )
    return VerifyRequest(
        source,
        checks=tuple(params.get("checks") or ()),
        plan=str(params.get("plan") or ""),
        ran=tuple(map(run_of, params.get("ran") or ())),
    )
