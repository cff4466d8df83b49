"""A saved plan as a model reads it."""

from __future__ import annotations

from whykeeper.plans.answer import PlanAnswer
from whykeeper_indexers.printable import one_line

__all__ = ["plan_markdown"]

MOST_SHOWN = 8


def plan_markdown(answer: PlanAnswer) -> str:
    """Say what was saved, and what is left."""
    lines = [f"Saved {one_line(answer.plan)}: {answer.done} of {answer.steps} steps done."]
    if answer.left:
        lines += ["Left:", *(f"- {one_line(each)}" for each in answer.left[:MOST_SHOWN])]
    if len(answer.left) > MOST_SHOWN:
        lines.append(f"- and {len(answer.left) - MOST_SHOWN} more")
    if answer.honours:
        lines += ["It honours:", *(f"- {one_line(each)}" for each in answer.honours)]
    return "\n".join([*lines, *(f"Note: {one_line(note)}" for note in answer.notes)])
