"""Where the work stands, for a session that knows nothing of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from whykeeper.plans.history import Commit, Since, Uncommitted, commits_since, uncommitted
from whykeeper.plans.model import FOLDER, Note, Plan, Step, named_by
from whykeeper.plans.shelf import Followed, followed, named_plan, over, plans_of
from whykeeper.plans.whereabouts import Whereabouts, in_tree, whereabouts
from whykeeper_indexers.git import without_filters
from whykeeper_indexers.scan import Repository

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["Decided", "Progress", "Standing", "next_note", "standing_of"]

MOST_NOTES: Final = 3
NEXT: Final = ("next:", "next up:", "about to:")
"""How a note begins that says what a session was about to do."""
_LEAST_WORDS: Final = 3
"""Of a step that a commit's message repeats."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One step, and the commits that worked on it.

    Attributes:
        step: The step.
        commits: Newest first.
    """

    step: Step
    commits: tuple[Commit, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was recorded since the plan was made."""

    path: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the work stands.

    Attributes:
        where: The branch that is worked on.
        plan: What is followed; None for nothing, or where several are and none was named.
        followed: The open plans, of this branch and of others.
        steps: The plan's.
        next: What the last session was about to do.
        notes: The newest others, newest first.
        decided: Decisions since.
        others: Files that others changed since the plan was last written, each with who did.
        uncommitted: Files that are not committed, plans aside.
        unmerged: Those of them with conflicts.
        closed_with: Of each open plan of another branch, why it may be over.
        problems: What could not be looked at.
    """

    where: Whereabouts
    plan: Plan | None
    followed: Followed
    steps: tuple[Progress, ...] = ()
    next: Note | None = None
    notes: tuple[Note, ...] = ()
    decided: tuple[Decided, ...] = ()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncommitted: tuple[str, ...] = ()
    unmerged: tuple[str, ...] = ()
    closed_with: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def standing_of(memory: Memory, name: str | None) -> Standing:
    """See where the work on a plan stands.

    Args:
        memory: Of the checkout.
        name: The plan; None for the open one of this branch.

    Raises:
        NotFoundError: There is no plan of that name.
        GitError: Git is missing or failed.
    """
    repository = memory.repository
    plans, unread = plans_of(repository.root)
    # Git is asked for everything at once: each question takes some milliseconds, and most are independent.
    with ThreadPoolExecutor(2) as pool:
        work = pool.submit(_uncommitted, repository)
        where = whereabouts(repository)
        here = followed(plans, where, repository)
        ended = pool.submit(over, here.elsewhere, where, repository)
        plan = named_plan(name, plans) if name else (here.plans[0] if len(here.plans) == 1 else None)
        since = Since()
        if plan is not None:
            since = commits_since(repository, plan.started_at, plan.opened, _seen_at(plan))
        left = work.result()
    own = [each for each in left.paths if not _is_of_plans(each)]
    problems = [*unread, *(plan.problems if plan else ())]
    if not since.complete:
        problems.append(f"only the newest {len(since.commits)} commits since were looked at")
    return Standing(
        where=where,
        plan=plan,
        followed=here,
        steps=tuple(_progress(plan, since)) if plan else (),
        next=next_note(plan) if plan else None,
        notes=_newest(plan) if plan else (),
        decided=tuple(_decided(memory, since, left)) if plan else (),
        others=_by_others(plan, since) if plan else {},
        uncommitted=tuple(own),
        unmerged=left.unmerged,
        closed_with=ended.result(),
        problems=tuple(problems),
    )


def _is_of_plans(path: str) -> bool:
    """Whether a path is a plan, or a new folder that holds them."""
    return path.startswith(f"{FOLDER}/") or f"{FOLDER}/".startswith(path)


def _uncommitted(repository: Repository) -> Uncommitted:
    return uncommitted(repository, without_filters(repository.root)) if repository.is_git else Uncommitted()


def _seen_at(plan: Plan) -> str:
    """The commit at which a session last wrote the plan."""
    written = [each for each in plan.notes if each.commit]
    return max(written, key=lambda each: each.at).commit if written else plan.started_at


def _progress(plan: Plan, since: Since) -> Iterator[Progress]:
    own = [each for each in since.commits if not each.merged]
    changed = {path for each in own for _, path in each.files}
    said = {each.sha: " ".join(each.message.lower().replace("`", "").split()) for each in own}
    for step in plan.steps:
        named = {path for path in changed if named_by(step.paths, path)}
        commits = (each for each in own if _touches(each, named) or _names(said[each.sha], plan, step))
        yield Progress(step, tuple(commits))


def _touches(commit: Commit, named: set[str]) -> bool:
    return any(path in named for _, path in commit.files)


def _names(message: str, plan: Plan, step: Step) -> bool:
    """Whether a message speaks of a step: by its words, or by the plan's name and its number."""
    words = step.text.lower().replace("`", "")
    if len(words.split()) >= _LEAST_WORDS and words.rstrip(".") in message:
        return True
    return plan.slug.lower() in message and f"step {step.number}" in message


def next_note(plan: Plan) -> Note | None:
    """What a session said last that it was about to do."""
    found = [each for each in plan.notes if each.text.lower().startswith(NEXT)]
    # The last one stands where it has no time; later ones of equal minutes are below the earlier.
    return max(enumerate(found), key=lambda each: (each[1].at, each[0]))[1] if found else None


def _newest(plan: Plan) -> tuple[Note, ...]:
    found = [each for each in plan.notes if not each.text.lower().startswith(NEXT)]
    ordered = sorted(enumerate(found), key=lambda each: (each[1].at, each[0]), reverse=True)
    return tuple(note for _, note in ordered[:MOST_NOTES])


def _decided(memory: Memory, since: Since, left: Uncommitted) -> Iterator[Decided]:
    """Decision records that are new since, committed or not."""
    added = [path for commit in since.commits for path in _added(commit)]
    touched = dict.fromkeys((*left.paths, *added))
    if not touched:
        return
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    records = catalog.decisions(checkout)
    folders = tuple(path for path in touched if path.endswith("/"))
    new = [path for path in records if path in touched or (folders and path.startswith(folders))]
    committed = set(added)
    for path in new:
        if path in committed or not in_tree(memory.repository, "HEAD", path):
            yield Decided(path, records[path].title, records[path].status or "")


def _added(commit: Commit) -> Iterator[str]:
    """What a commit made new; a file that it renamed is not."""
    gone = {path.rpartition("/")[2] for letter, path in commit.files if letter == "D"}
    for letter, path in commit.files:
        if letter == "A" and path.rpartition("/")[2] not in gone:
            yield path


def _by_others(plan: Plan, since: Since) -> dict[str, tuple[str, ...]]:
    """Who changed what since the plan was last written; what the plan names comes first."""
    found: dict[str, dict[str, None]] = {}
    for commit in since.commits:
        if commit.fresh and since.by_others(commit):
            for _, path in commit.files:
                if path != plan.path:
                    found.setdefault(path, {})[commit.author] = None
    ordered = sorted(found, key=lambda path: (named_by(plan.globs, path) is None, path))
    return {path: tuple(found[path]) for path in ordered}
