"""Plans, from a call to a file that the next question finds."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from whykeeper.plans.answer import PlanAnswer, ResumeAnswer
from whykeeper.plans.honouring import honoured
from whykeeper.plans.report import standing_dict
from whykeeper.plans.resuming import Standing, standing_of
from whykeeper.plans.saving import save_plan
from whykeeper.plans.telling import told
from whykeeper.recording.use_cases import found

if TYPE_CHECKING:
    from whykeeper.memory import Memory
    from whykeeper.plans.request import PlanRequest

__all__ = ["plan_saved", "resumed", "resumed_whole"]


async def plan_saved(memory: Memory, request: PlanRequest) -> PlanAnswer:
    """Make a plan, or change one; see `saving.save_plan`.

    Raises:
        WhykeeperError: It may not or cannot be written; nothing was.
    """
    request.checked()
    notes = []
    if not request.honours and (request.goal or request.files):
        notes = await memory.catch_up()
    answer = await asyncio.to_thread(save_plan, memory, request, partial(honoured, memory))
    missing = await found(memory, [answer.plan])
    return answer.model_copy(update={"notes": [*answer.notes, *notes, *missing]})


async def resumed(memory: Memory, plan: str | None) -> ResumeAnswer:
    """Say where the work on a plan stands; waits for no index, for plans and git are read as they are.

    Args:
        memory: Of the checkout.
        plan: Its name; None for the open one of this branch.

    Raises:
        NotFoundError: There is no plan of that name.
    """
    standing, text = await asyncio.to_thread(_standing, memory, plan)
    return ResumeAnswer(plan=standing.plan.path if standing.plan else None, text=text)


async def resumed_whole(memory: Memory, plan: str | None) -> dict[str, Any]:
    """The same, with all that the words are made from; for the command line and for programs."""
    started = time.monotonic()
    standing, text = await asyncio.to_thread(_standing, memory, plan)
    return standing_dict(standing, text, round((time.monotonic() - started) * 1000, 2))


def _standing(memory: Memory, plan: str | None) -> tuple[Standing, str]:
    standing = standing_of(memory, plan)
    return standing, told(standing, memory.store.encoder)
