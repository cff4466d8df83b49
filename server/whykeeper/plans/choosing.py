"""Which plan a change is held against."""

from __future__ import annotations

from collections.abc import Sequence

from whykeeper.plans.model import FOLDER, Plan, PlanState
from whykeeper.plans.shelf import followed, named_plan, parsed, plans_of
from whykeeper.plans.whereabouts import Whereabouts, branches_of, whereabouts
from whykeeper_indexers.change import Change, ChangeSource, SourceKind
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.scan import Repository

__all__ = ["NO_PLAN", "plan_for"]

NO_PLAN = "none"


def plan_for(
    name: str, source: ChangeSource, change: Change, repository: Repository
) -> tuple[Plan | None, list[str]]:
    """Find the plan of a change, in the state that it has after the change.

    Args:
        name: Of the plan; empty for the open one of the branch, ``none`` for none.
        source: What is verified.
        change: The same, as two trees.
        repository: The checkout.

    Returns:
        The plan, None where there is none; and why none was chosen, where that is not plain.

    Raises:
        NotFoundError: There is no plan of that name.
    """
    if name == NO_PLAN:
        return None, []
    here = source.kind is not SourceKind.RANGE or _is_checked_out(source.head, repository)
    plans = _plans(source, change, repository, here=here)
    if name:
        return named_plan(name, plans), []
    if not plans:
        return None, []
    where = whereabouts(repository) if here else _branch_named(source.head, repository)
    found = _candidates(plans, where, source, change, repository)
    if len(found) > 1:
        listed = ", ".join(sorted(each.slug for each in found)[:5])
        return None, [
            f"several plans are open here, and the change was held against none: {listed}; name one"
        ]
    return (found[0] if found else None), []


def _plans(source: ChangeSource, change: Change, repository: Repository, *, here: bool) -> list[Plan]:
    """The plans after the change; git may ignore them, and they are followed all the same."""
    on_disk = {each.path: each for each in plans_of(repository.root)[0]} if here else {}
    if source.kind is SourceKind.WORKING_TREE:
        return list(on_disk.values())
    paths = [path for path in change.head.blobs if _is_plan(path)]
    in_tree = {path: parsed(path, text) for path, text in change.head.texts(paths).items()}
    return list({**on_disk, **in_tree}.values())


def _is_plan(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return folder == FOLDER and name.endswith(".md")


def _candidates(
    plans: Sequence[Plan],
    where: Whereabouts,
    source: ChangeSource,
    change: Change,
    repository: Repository,
) -> Sequence[Plan]:
    touched = [each for each in plans if each.path in change.paths and each.state is not PlanState.DROPPED]
    # A plan that commits bring with them is theirs, whatever the branch was called; so is what a checkout
    # without a branch differs in, as continuous integration has it.
    of_commits = source.kind is SourceKind.RANGE and bool(change.commits)
    if touched and (of_commits or not where.branch):
        return touched
    own = followed(plans, where, repository).plans
    closed = [each for each in touched if each.state is PlanState.DONE and where.is_of(each.branch)]
    return own or closed


def _is_checked_out(head: str, repository: Repository) -> bool:
    """Whether a name means what is checked out, or a tree: that is what is about to be committed here."""
    if head == "HEAD":
        return True
    try:
        return run_git(repository.root, ["cat-file", "-t", head]).strip() == b"tree"
    except GitError:
        return False


def _branch_named(name: str, repository: Repository) -> Whereabouts:
    ends = branches_of(repository)
    return Whereabouts(branch=name, head=ends[name]) if name in ends else Whereabouts()
