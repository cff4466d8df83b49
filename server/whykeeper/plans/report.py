"""Plans as the command line shows them, and programs read them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from whykeeper.plans.choosing import plan_for
from whykeeper.plans.model import Plan, StepState
from whykeeper.plans.resuming import Standing
from whykeeper.plans.runs import Outcome, RunStore, state_of
from whykeeper.plans.shelf import followed, named_plan, over, plans_of, several
from whykeeper.plans.whereabouts import whereabouts
from whykeeper.recording.raw_text import read_raw
from whykeeper_indexers.change import ChangeSource, gathered
from whykeeper_indexers.errors import NotFoundError

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["acceptance_of", "plan_list", "shown_plan", "standing_dict"]


def plan_list(memory: Memory, *, everything: bool) -> dict[str, Any]:
    """List the plans of a checkout, those of its branch first.

    Args:
        memory: Of the checkout.
        everything: Whether closed ones are listed, too.

    Raises:
        GitError: Git is missing or failed.
    """
    plans, notes = plans_of(memory.repository.root)
    where = whereabouts(memory.repository)
    here = followed(plans, where, memory.repository).plans
    listed = [*here, *(each for each in plans if each not in here and (everything or each.open))]
    closed = sum(not each.open for each in plans)
    ended = over(listed, where, memory.repository)
    return {
        "branch": where.branch,
        "plans": [
            {**_summary(each), "here": each in here, "over": ended.get(each.path, "")} for each in listed
        ],
        "closed": closed,
        "notes": notes,
    }


def shown_plan(memory: Memory, name: str | None) -> dict[str, Any]:
    """Give one plan whole.

    Args:
        memory: Of the checkout.
        name: Its name; None for the open one of this branch.

    Raises:
        NotFoundError: There is none of that name, or none is open here.
        QueryError: Several are open here.
    """
    plans, notes = plans_of(memory.repository.root)
    plan = named_plan(name, plans) if name else _followed_plan(memory, plans)
    text = read_raw(memory.repository.root, plan.path).text
    return {**_summary(plan), "plan": _plain(plan), "text": text, "notes": [*notes, *plan.problems]}


def acceptance_of(memory: Memory, name: str) -> dict[str, Any]:
    """Say which commands accept the plan of the working tree, and what is known of each on this state.

    Raises:
        NotFoundError: There is no plan of that name.
    """
    source = ChangeSource()
    with gathered(memory.repository.root, source) as change:
        plan, notes = plan_for(name, source, change, memory.repository)
        state = state_of(change.head) if plan is not None and plan.commands else ""
    if plan is None:
        return {"path": None, "state": "", "commands": [], "notes": notes}
    outcomes = RunStore(memory.store.folder).outcomes(plan.commands, state)
    return {
        "path": plan.path,
        "state": state,
        "commands": [{"command": each, **_known(outcomes[each])} for each in plan.commands],
        "notes": notes,
    }


def standing_dict(standing: Standing, text: str, took_ms: float) -> dict[str, Any]:
    """Give where the work stands, for programs; the text is what a session is told."""
    plan = standing.plan
    return {
        "branch": standing.where.branch,
        "plan": None if plan is None else _summary(plan),
        "text": text,
        "next": standing.next._asdict() if standing.next else None,
        "steps": [
            {
                "number": each.step.number,
                "text": each.step.text,
                "state": each.step.state.value,
                "commits": [commit.sha for commit in each.commits],
            }
            for each in standing.steps
        ],
        "decided": [asdict(each) for each in standing.decided],
        "changed_by_others": {path: list(who) for path, who in standing.others.items()},
        "uncommitted": list(standing.uncommitted),
        "open_plans": [each.path for each in standing.followed.plans],
        "elsewhere": [_summary(each) for each in standing.followed.elsewhere],
        "notes": list(standing.problems),
        "took_ms": took_ms,
    }


def _followed_plan(memory: Memory, plans: list[Plan]) -> Plan:
    where = whereabouts(memory.repository)
    here = followed(plans, where, memory.repository)
    if len(here.plans) > 1:
        raise several(here.plans)
    if not here.plans:
        named = ", ".join(each.slug for each in here.elsewhere[:5])
        hint = f"name one: {named}" if named else "whykeeper plan new GOAL makes one"
        raise NotFoundError(f"no plan is open on {where.branch or 'what is checked out'}", hint)
    return here.plans[0]


def _summary(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.slug,
        "path": plan.path,
        "title": plan.title,
        "state": plan.state.value,
        "branch": plan.branch,
        "opened": plan.opened,
        "closed": plan.closed,
        "done": plan.done,
        "steps": sum(each.state is not StepState.DROPPED for each in plan.steps),
    }


def _plain(plan: Plan) -> dict[str, Any]:
    return {
        "goal": plan.goal,
        "reason": plan.reason,
        "started_at": plan.started_at,
        **{
            part: [each._asdict() for each in getattr(plan, part)]
            for part in ("steps", "files", "kept", "acceptance", "honoured", "questions", "notes")
        },
    }


def _known(outcome: Outcome) -> dict[str, Any]:
    run = outcome.run
    return {"current": outcome.current, "code": run.code if run else None, "at": run.at if run else ""}
