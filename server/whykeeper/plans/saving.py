"""Making a plan and going on with it: whole or not at all, and nobody's writing lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from whykeeper.plans.answer import PlanAnswer
from whykeeper.plans.drafting import Draft, drafted
from whykeeper.plans.editing import differences, with_entry, with_field, with_prose, with_step
from whykeeper.plans.headings import Part
from whykeeper.plans.items import leading_paths
from whykeeper.plans.model import FOLDER, Acceptance, Item, Plan, PlanState, Step, StepState
from whykeeper.plans.reading import MARKS, read_plan
from whykeeper.plans.request import PlanRequest, StepChange, check_entry, path_entry, step_changes, title_of
from whykeeper.plans.shelf import followed, named_plan, plans_of, several
from whykeeper.plans.whereabouts import MAIN_BRANCHES, Whereabouts, branches_of, whereabouts
from whykeeper.recording.raw_text import read_raw
from whykeeper.recording.requests import one_line, refuse_secrets
from whykeeper.recording.writing import Writer, changed_meanwhile, writer
from whykeeper.scaffold.documents import plan_template
from whykeeper_indexers.decisions.writing.naming import slug_of
from whykeeper_indexers.errors import InternalError, NotFoundError, QueryError, RecordingError

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["TEMPLATE", "meant_plan", "noted", "save_plan"]

TEMPLATE: Final = ".whykeeper/templates/plan.md"
"""The team's own."""
_ATTEMPTS: Final = 20
"""Somebody may save the file by hand in the moment in which it is written."""
_SHA_SHOWN: Final = 10
_WORDS: Final = 7
"""Of the goal, in a plan's name."""
_NEXT: Final = "Next: "
_NAMELESS: Final = "plan"
_TAKEN: Final = re.compile(r"none|con|prn|aux|nul|(?:com|lpt)\d")
"""What no plan can be called: `none` means none, and the others no clone on Windows can hold."""
_Binding = Callable[[Sequence[str], str], tuple[list[str], list[str]]]


def save_plan(memory: Memory, request: PlanRequest, binding: _Binding) -> PlanAnswer:
    """Make a plan, or change one.

    Args:
        memory: Of the checkout.
        request: What is to be saved, checked.
        binding: Looks up what binds files and a goal; see `honouring.honoured`.

    Raises:
        WhykeeperError: It may not or cannot be written; nothing was.
    """
    if memory.options.cut_secrets:
        refuse_secrets("\n".join(request.texts()))
    root, repository = memory.repository.root, memory.repository
    where = whereabouts(repository)
    honours, notes = list(request.honours), list[str]()
    entries = (_relative(path_entry(each), memory) for each in request.files)
    # What lies elsewhere is bound by nothing that is recorded here.
    named = [path for each in entries for path in leading_paths(each) if not path.startswith(("/", "../"))]
    if not honours and (request.goal or named):
        # Looked up before the lock is taken: it may take a while.
        honours, notes = binding(named, request.goal)
    with writer(repository, memory.store.folder, ignored=True) as pen:
        for _ in range(_ATTEMPTS):
            plans, unread = plans_of(root)
            plan = meant_plan(request, plans, where, memory)
            saving = _Saving(memory, request, where, pen, honours)
            path, said = saving.made(plans) if plan is None else saving.changed(plan)
            if path:
                break
        else:
            raise changed_meanwhile(FOLDER)
        rule = pen.ignored_by(path)
    now = read_plan(path, read_raw(root, path).text)
    if rule:
        notes.append(
            f"git ignores {path} ({rule}): the plan stays in this checkout and does not go with the branch; "
            f"take the rule out, or run git add -f {path}"
        )
    elif plan is not None and request.goal:
        old = "" if one_line(plan.goal) == one_line(request.goal) else f"; its goal was: {plan.goal[:200]}"
        notes.append(f"a plan of that name or goal was there, and was changed{old}")
    elif plan is None and repository.is_git:
        notes.append(f"commit {path} with the branch: it is kept and reviewed there")
    return PlanAnswer(
        plan=path,
        done=now.done,
        steps=sum(each.state is not StepState.DROPPED for each in now.steps),
        left=[shown_step(each) for each in now.steps if each.state.left],
        honours=[each.text for each in now.honoured] if plan is None else [],
        notes=[*said, *notes, *unread],
    )


def meant_plan(
    request: PlanRequest, plans: Sequence[Plan], where: Whereabouts, memory: Memory
) -> Plan | None:
    """The plan that a request is about; None for a new one.

    Raises:
        QueryError: It is about several, or about none and gives no goal.
        NotFoundError: There is none of that name.
    """
    if request.plan is not None:
        if not request.goal:
            return named_plan(request.plan, plans)
        try:
            found = named_plan(request.plan, plans, whole=True)
        except NotFoundError:
            return None
        # Another branch's, or a closed one, that happens to have the name is not to be rewritten.
        foreign = not found.open or found.branch not in ("", where.branch)
        return None if foreign and one_line(found.goal) != one_line(request.goal) else found
    here = followed(plans, where, memory.repository)
    if request.goal:
        same = [each for each in here.plans if one_line(each.goal) == one_line(request.goal)]
        return same[0] if same else None
    if len(here.plans) == 1:
        return here.plans[0]
    if here.plans:
        raise several(here.plans)
    others = ", ".join(f"{each.slug} (branch {each.branch or 'none'})" for each in here.elsewhere[:5])
    raise QueryError(
        f"no plan is open on {where.branch or 'this commit, which no branch is checked out for'}",
        f"give a goal and steps to make one{f'; or name one of {others}' if others else ''}",
    )


def shown_step(step: Step) -> str:
    """A step in one line."""
    doing = " (doing)" if step.state is StepState.DOING else ""
    return f"{step.number}. {step.text}{doing}"


def noted(text: str, where: Whereabouts) -> str:
    """A note with the time and the commit of which it was written."""
    return f"{_now()}{f', {where.head[:_SHA_SHOWN]}' if where.head else ''}: {text}"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


class _Saving:
    """One request, being written under the repository's lock."""

    def __init__(
        self,
        memory: Memory,
        request: PlanRequest,
        where: Whereabouts,
        pen: Writer,
        honours: Sequence[str],
    ) -> None:
        self._memory = memory
        self._request = request
        self._where = where
        self._pen = pen
        self._honours = honours
        self._notes: list[str] = []

    def made(self, plans: Sequence[Plan]) -> tuple[str, list[str]]:
        """Write a new plan.

        Returns:
            Its path, empty where somebody has just made a file of that name; and notes.
        """
        request = self._request
        title = title_of(request.goal)
        changes = list(step_changes(request.steps))
        if odd := next((each for each in changes if each.number), None):
            raise QueryError(f"a new plan has no step {odd.number} yet", "give its steps in words")
        fields = {
            "state": request.state or PlanState.OPEN.value,
            "branch": self._where.branch,
            "opened": _now(),
            "closed": _now() if request.state in (PlanState.DONE, PlanState.DROPPED) else "",
            "started_at": self._where.head,
        }
        steps = [f"[{MARKS[each.state or StepState.TODO]}] {each.text}" for each in changes]
        lists = {Part.STEPS: steps, **self._lists(), Part.NOTES: list(self._new_notes([]))}
        prose = {Part.GOAL: request.goal, Part.REASON: request.reason}
        text = drafted(self._template(), Draft(title, fields, prose, lists))
        # Words of the goal alone: a path as long as a sentence is nobody's name for it.
        stem = slug_of(request.plan or " ".join(title.rstrip("…").split()[:_WORDS]))
        stem = f"{stem}-{_NAMELESS}" if _TAKEN.fullmatch(stem) else stem
        path = self._free(stem or _NAMELESS, {each.slug for each in plans})
        self._prove(path, text, len(steps))
        return (path if self._pen.create(path, text.encode()) else ""), self._notes

    def changed(self, plan: Plan) -> tuple[str, list[str]]:
        """Write changes into a plan.

        Returns:
            Its path, empty where somebody has just changed it; and notes.
        """
        raw = read_raw(self._memory.repository.root, plan.path)
        text = raw.text
        plan = read_plan(plan.path, text)
        text, said = self._with_steps(text, plan)
        text = self._with_lists(text, plan)
        for part, prose in ((Part.GOAL, self._request.goal), (Part.REASON, self._request.reason)):
            if prose and one_line(prose) != one_line(plan.goal if part is Part.GOAL else plan.reason):
                text = with_prose(text, part, prose)
        for note in self._new_notes(said):
            text = _entered(plan.path, text, Part.NOTES, note)
        text = self._with_state(text, plan)
        text = self._with_branch(text, plan)
        lines = text.removesuffix("\n").split("\n")
        data = raw.edited(differences(raw.lines, lines))
        kept = data == raw.data or self._pen.replace(plan.path, raw.data, data)
        return (plan.path if kept else ""), self._notes

    def _with_steps(self, text: str, plan: Plan) -> tuple[str, list[str]]:
        said = []
        for change in step_changes(self._request.steps):
            step = _step_meant(change, plan)
            if step is None:
                entry = f"[{MARKS[change.state or StepState.TODO]}] {change.text}"
                text = _entered(plan.path, text, Part.STEPS, entry)
            elif change.state is not None and change.state is not step.state:
                text = with_step(text, step.number, change.state)
            number = step.number if step else len(read_plan(plan.path, text).steps)
            now = read_plan(plan.path, text).steps
            if len(now) < number or (change.state and now[number - 1].state is not change.state):
                raise RecordingError(
                    f"step {number} of {plan.path} cannot be changed without changing more",
                    "change it by hand: the steps are not written as a list; nothing was written",
                )
            if change.why:
                said.append(f"Step {number} {change.state}: {change.why}")
        return text, said

    def _with_lists(self, text: str, plan: Plan) -> str:
        there: Mapping[Part, Sequence[Item | Acceptance]] = {
            Part.FILES: plan.files,
            Part.KEPT: plan.kept,
            Part.ACCEPTANCE: plan.acceptance,
            Part.HONOURED: plan.honoured,
            Part.QUESTIONS: plan.questions,
        }
        for part, entries in self._lists().items():
            known = {one_line(each.text) for each in there[part]}
            paths = (
                {path for each in plan.honoured for path in each.paths} if part is Part.HONOURED else set()
            )
            for entry in entries:
                if one_line(entry) not in known and not any(f"`{path}`" in entry for path in paths):
                    text = _entered(plan.path, text, part, entry)
        return text

    def _with_state(self, text: str, plan: Plan) -> str:
        wanted = self._request.state
        if not wanted or wanted == plan.state:
            return text
        text = with_field(text, "state", wanted)
        if read_plan(plan.path, text).state != wanted:
            raise RecordingError(
                f"the state of {plan.path} cannot be changed without changing more",
                "change it in its front matter by hand; nothing was written",
            )
        if wanted == PlanState.OPEN:
            return with_field(text, "closed", "") if plan.closed else text
        left = [each for each in plan.steps if each.state.left]
        now = read_plan(plan.path, text)
        if wanted == PlanState.DONE and (left := [each for each in now.steps if each.state.left]):
            are = "is" if len(left) == 1 else "are"
            self._notes.append(f"{len(left)} of its steps {are} not done: {shown_step(left[0])}")
        return with_field(text, "closed", _now())

    def _with_branch(self, text: str, plan: Plan) -> str:
        """Have the plan belong to the branch that goes on with it, where its own is none to go on with."""
        branch = self._where.branch
        if not branch or branch == plan.branch or not plan.open:
            return text
        left = plan.branch in MAIN_BRANCHES and branch not in MAIN_BRANCHES
        if plan.branch and not left and plan.branch in branches_of(self._memory.repository):
            self._notes.append(f"it stays a plan of branch {plan.branch}; {branch} is checked out")
            return text
        if plan.branch:
            self._notes.append(f"it belongs to branch {branch} now: it was opened on {plan.branch}")
        return with_field(text, "branch", branch)

    def _lists(self) -> dict[Part, list[str]]:
        request, memory = self._request, self._memory
        given = {
            Part.FILES: [_relative(path_entry(each), memory) for each in request.files],
            Part.KEPT: [_relative(path_entry(each), memory) for each in request.unchanged],
            Part.ACCEPTANCE: list(map(check_entry, request.checks)),
            Part.HONOURED: list(map(path_entry, self._honours)),
            Part.QUESTIONS: list(request.questions),
        }
        return {part: list(dict.fromkeys(entries)) for part, entries in given.items() if entries}

    def _new_notes(self, said: Sequence[str]) -> list[str]:
        request = self._request
        texts = [*said, *([request.note] if request.note else [])]
        texts += [_NEXT + request.next] if request.next else []
        return [noted(each, self._where) for each in texts]

    def _template(self) -> str:
        root = self._memory.repository.root
        return read_raw(root, TEMPLATE).text if (root / TEMPLATE).is_file() else plan_template()

    def _free(self, stem: str, taken: set[str]) -> str:
        number = 1
        while (name := stem if number == 1 else f"{stem}-{number}") in taken or (
            self._memory.repository.root / FOLDER / f"{name}.md"
        ).exists():
            number += 1
        return f"{FOLDER}/{name}.md"

    def _prove(self, path: str, text: str, steps: int) -> None:
        """See that the template lets the plan be read again."""
        read = read_plan(path, text)
        if read.problems or len(read.steps) != steps or (read.goal == "" and self._request.goal):
            why = f": {read.problems[0]}" if read.problems else ""
            where = TEMPLATE if self._template() != plan_template() else ""
            if not where:
                raise InternalError(f"a new plan cannot be read again{why}")
            raise RecordingError(
                f"a plan made from {where} cannot be read again{why}",
                "see the headings and the front matter of the template; nothing was written",
            )


def _entered(path: str, text: str, part: Part, entry: str) -> str:
    """Add an entry, and see that it is read as one and all else as before.

    Raises:
        RecordingError: It is not: what stands before it is left open.
    """
    after = with_entry(text, part, entry)
    was, now = _read_parts(path, text), _read_parts(path, after)
    if was.pop(part) == now.pop(part) or was != now:
        raise RecordingError(
            f"nothing can be added to “{part}” in {path} without changing more",
            "see whether a comment or a block of code is left open above; nothing was written",
        )
    return after


def _read_parts(path: str, text: str) -> dict[Part, object]:
    plan = read_plan(path, text)
    return {
        Part.GOAL: plan.goal,
        Part.REASON: plan.reason,
        Part.STEPS: [(each.text, each.state) for each in plan.steps],
        Part.FILES: [each.text for each in plan.files],
        Part.KEPT: [each.text for each in plan.kept],
        Part.ACCEPTANCE: [each.text for each in plan.acceptance],
        Part.HONOURED: [each.text for each in plan.honoured],
        Part.QUESTIONS: [each.text for each in plan.questions],
        Part.NOTES: [each.text for each in plan.notes],
    }


def _step_meant(change: StepChange, plan: Plan) -> Step | None:
    if not change.number:
        return next((each for each in plan.steps if one_line(each.text) == one_line(change.text)), None)
    if change.number > len(plan.steps):
        raise QueryError(
            f"{plan.slug} has {len(plan.steps)} steps, and no step {change.number}", "see whykeeper plan show"
        )
    return plan.steps[change.number - 1]


def _relative(entry: str, memory: Memory) -> str:
    """An entry whose file was given by its whole path."""
    root = memory.repository.root.as_posix()
    return entry.replace(f"`{root}/", "`")
