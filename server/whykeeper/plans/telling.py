"""Where the work stands, in as many words as a new session can spare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from whykeeper.plans.model import Note, Plan, StepState
from whykeeper.plans.resuming import Progress, Standing, next_note
from whykeeper_indexers.printable import one_line
from whykeeper_indexers.search.budget import TokenCounter

__all__ = ["MOST_TOKENS", "told"]

MOST_TOKENS: Final = 590
"""Of all that is told."""
_SHA: Final = 7
_CUTS: Final = (220, 140, 90, 60)
"""Characters of one entry, the more to tell the fewer."""
_LISTS: Final = (12, 8, 5, 3)
"""Entries of one list, in the same order."""
_MOST_COMMITS: Final = 3


class _Line(NamedTuple):
    """A line, and how soon it is left out; 0 for never."""

    text: str
    spare: int = 0


def told(standing: Standing, counter: TokenCounter, budget: int = MOST_TOKENS) -> str:
    """Say where the work stands, within a budget.

    Args:
        standing: What there is to say.
        counter: Counts tokens.
        budget: Most tokens.
    """
    for cut, most in zip(_CUTS, _LISTS, strict=True):
        lines = list(_lines(standing, cut, most))
        text = _joined(lines)
        if counter.count_tokens(text) <= budget:
            return text
    # What is least needed goes first, and from the end.
    for spare in sorted({each.spare for each in lines if each.spare}, reverse=True):
        while any(each.spare == spare for each in lines):
            last = max(at for at, each in enumerate(lines) if each.spare == spare)
            del lines[last]
            text = _joined([*lines, _Line("More is in the plan's file.")])
            if counter.count_tokens(text) <= budget:
                return text
    return counter.trim_to_tokens(text, budget)


def _joined(lines: Sequence[_Line]) -> str:
    return "\n".join(each.text for each in lines)


def _lines(standing: Standing, cut: int, most: int) -> Iterator[_Line]:
    plan = standing.plan
    if plan is None:
        yield from _without_plan(standing, cut, most)
    else:
        yield from _of_plan(standing, plan, cut, most)
    yield from _uncommitted(standing, cut, most)
    if plan is not None:
        yield from _elsewhere(standing, cut, most)
    for problem in standing.problems[:most]:
        yield _Line(f"Note: {_cut(problem, cut)}", 3)


def _of_plan(standing: Standing, plan: Plan, cut: int, most: int) -> Iterator[_Line]:
    steps = sum(each.state is not StepState.DROPPED for each in plan.steps)
    since = f", since {plan.opened[:10]}" if plan.opened else ""
    state = "" if plan.open else f" ({plan.state})"
    of = f"branch {plan.branch}" if plan.branch else "no branch"
    yield _Line(f"Plan “{_cut(plan.title, 90)}”{state}: {plan.path}, {_cut(of, 90)}{since}.")
    yield _Line(f"{plan.done} of {steps} steps done." if steps else "It has no steps yet.")
    if plan.branch and not standing.where.is_of(plan.branch) and standing.where.branch:
        yield _Line(f"Checked out: branch {_cut(standing.where.branch, 80)}.", 1)
    if plan.goal and plan.goal.rstrip(".") != plan.title.rstrip("."):
        yield _Line(f"Goal: {_cut(plan.goal, cut * 2)}", 2)
    if standing.next is not None:
        said = standing.next.text.partition(":")[2].strip()
        yield _Line(f"Next, as the last session said{_when(standing.next)}: {_cut(said, cut * 2)}")
    yield from _steps("Left", [each for each in standing.steps if each.step.state.left], cut, most, 0)
    finished = [each for each in standing.steps if each.step.state is StepState.DONE]
    # The newest are told of where there is no room for all.
    yield from _steps("Done", finished, cut, most, 4)
    yield from _listed("Must not change", [each.text for each in plan.kept], cut, most, 2)
    decided = [
        f"{each.path} “{each.title}”{f' [{each.status}]' if each.status else ''}" for each in standing.decided
    ]
    yield from _listed("Decided since", decided, cut, most, 2)
    yield from _others(standing, cut, most)
    yield from _listed("Open questions", [each.text for each in plan.questions], cut, most, 3)
    for note in standing.notes:
        yield _Line(f"Note{_when(note)}: {_cut(note.text, cut)}", 3)


def _steps(heading: str, steps: Sequence[Progress], cut: int, most: int, spare: int) -> Iterator[_Line]:
    if not steps:
        return
    shown = steps[-most:] if spare else steps[:most]
    hidden = len(steps) - len(shown)
    more = f" ({hidden} more {'before' if spare else 'after'} these)" if hidden else ""
    yield _Line(f"{heading}{more}:", spare)
    for each in shown:
        doing = "doing: " if each.step.state is StepState.DOING else ""
        yield _Line(f"{each.step.number}. {doing}{_cut(each.step.text, cut)}{_commits(each)}", spare or 5)


def _commits(progress: Progress) -> str:
    shas = [each.sha[:_SHA] for each in progress.commits[:_MOST_COMMITS]]
    more = len(progress.commits) - len(shas)
    return f" ({', '.join(shas)}{f' and {more} more' if more > 0 else ''})" if shas else ""


def _others(standing: Standing, cut: int, most: int) -> Iterator[_Line]:
    entries = [f"{path} ({', '.join(who[:2])})" for path, who in standing.others.items()]
    yield from _listed("Changed by others since", entries, cut, most, 3)


def _uncommitted(standing: Standing, cut: int, most: int) -> Iterator[_Line]:
    if standing.unmerged:
        yield from _listed("With merge conflicts", standing.unmerged, cut, most, 1)
    yield from _listed("Not committed", standing.uncommitted, cut, most, 2)


def _without_plan(standing: Standing, cut: int, most: int) -> Iterator[_Line]:
    here = f"branch {_cut(standing.where.branch, 80)}" if standing.where.branch else "what is checked out"
    own = standing.followed.plans
    if own:
        yield _Line(f"{len(own)} plans are open on {here}: name the one to resume.")
    else:
        yield _Line(f"No plan is open on {here}.")
    for each in own[:most]:
        yield _Line(f"- {_summary(each, cut)}", 1)
    yield from _elsewhere(standing, cut, most)


def _elsewhere(standing: Standing, cut: int, most: int) -> Iterator[_Line]:
    plan, found = standing.plan, standing.followed
    # Those of this branch are listed where none of them was named.
    own = [each for each in found.plans if each != plan] if plan else []
    others = [each for each in found.elsewhere if each != plan]
    entries = [f"{each.slug} (this branch)" for each in own]
    for each in others:
        why = standing.closed_with.get(each.path, "")
        entries.append(f"{each.slug} ({each.branch or 'no branch'}{f': {why}' if why else ''})")
    yield from _listed("Other open plans", entries, cut, most, 2)


def _summary(plan: Plan, cut: int) -> str:
    said, left = next_note(plan), next((each for each in plan.steps if each.state.left), None)
    following = f"; left: {_cut(left.text, cut)}" if left else ""
    if said is not None:
        following = f"; next{_when(said)}: {_cut(said.text.partition(':')[2].strip(), cut)}"
    steps = sum(each.state is not StepState.DROPPED for each in plan.steps)
    return f"{plan.slug}: “{_cut(plan.title, cut)}”, {plan.done} of {steps} steps done{following}"


def _listed(heading: str, entries: Sequence[str], cut: int, most: int, spare: int) -> Iterator[_Line]:
    if entries:
        more = f"; and {len(entries) - most} more" if len(entries) > most else ""
        shown = "; ".join(_cut(each, cut) for each in entries[:most])
        yield _Line(f"{heading} ({len(entries)}): {shown}{more}" if more else f"{heading}: {shown}", spare)


def _when(note: Note) -> str:
    return f" ({note.at})" if note.at else ""


def _cut(text: str, most: int) -> str:
    line = one_line(" ".join(text.split()))
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
