"""The plans of a checkout: which there are, which one is meant, and which one is followed here."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from whykeeper.plans.model import FOLDER, Plan
from whykeeper.plans.reading import read_plan
from whykeeper.plans.whereabouts import (
    MAIN_BRANCHES,
    Whereabouts,
    branches_of,
    in_tree,
    merged_branches,
)
from whykeeper.recording.raw_text import read_raw
from whykeeper_indexers.errors import NotFoundError, QueryError, RecordingError
from whykeeper_indexers.scan import Repository
from whykeeper_indexers.secrets import redact

__all__ = ["Followed", "followed", "named_plan", "over", "parsed", "plans_of", "several"]

MOST_PLANS: Final = 500
_KEPT: Final = 1_024
_STARTED: Final = re.compile(r"(?m)^started_at:.*$")
_MAY_BE_SECRET: Final = re.compile(
    r"\b(?=[\w+-]*\d)[A-Za-z0-9_+-]{20,}|://[^\s/]+:[^\s/]+@|(?i:secret|passw|token|api_?key)\s*[:=]"
)
"""Without any of these no secret is looked for: the rules are loaded for it once, which takes a while."""


@lru_cache(_KEPT)
def parsed(path: str, text: str) -> Plan:
    """Read a plan to tell of it, once for each text; secrets that somebody wrote into it are cut out."""
    return read_plan(path, redact(text, path)[0] if _MAY_BE_SECRET.search(_shown(text)) else text)


@dataclass(frozen=True, slots=True)
class Followed:
    """What is followed in a checkout.

    Attributes:
        plans: The open plans of its branch.
        elsewhere: Open plans of other branches.
        inherited: Whether they were opened on a main branch, and this one left it with them.
    """

    plans: tuple[Plan, ...]
    elsewhere: tuple[Plan, ...] = ()
    inherited: bool = False


def plans_of(root: Path) -> tuple[list[Plan], list[str]]:
    """Read the plans of a checkout, as they lie on disk, whether git tracks them or not.

    Returns:
        The plans by name, and what could not be read.
    """
    try:
        names = sorted(each.name for each in (root / FOLDER).iterdir() if each.name.endswith(".md"))
    except OSError:
        return [], []
    plans, notes = [], []
    for name in names[:MOST_PLANS]:
        path = f"{FOLDER}/{name}"
        try:
            plans.append(parsed(path, read_raw(root, path).text))
        except RecordingError as error:
            notes.append(error.message)
    return plans, notes


def named_plan(name: str, plans: Sequence[Plan], *, whole: bool = False) -> Plan:
    """Find the plan that somebody means: by its file's name, its path or its title.

    Args:
        name: As it was given.
        plans: To choose from.
        whole: Whether the beginning of a file's name is not enough.

    Raises:
        NotFoundError: There is none, or several.
    """
    wanted = name.strip()
    slug = wanted.removeprefix("./").removeprefix(f"{FOLDER}/").removesuffix(".md").casefold()
    found = [each for each in plans if each.slug.casefold() == slug]
    found = found or [each for each in plans if each.title.casefold() == wanted.casefold()]
    if not found and slug and not whole:
        found = [each for each in plans if each.slug.casefold().startswith(slug)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(
            f"{len(found)} plans could be meant by {wanted[:60]!r}", f"name one: {_named(found)}"
        )
    near = difflib.get_close_matches(slug, [each.slug for each in plans], n=1)
    hint = f"did you mean {near[0]}?" if near else f"plans are {_named(plans)}" if plans else "there is none"
    raise NotFoundError(f"there is no plan {wanted[:60]!r}", hint)


def followed(plans: Iterable[Plan], where: Whereabouts, repository: Repository) -> Followed:
    """Tell the open plans of a branch from those of others.

    A plan that names no branch is of whichever is checked out. One that was opened on a main branch, and is
    not there, is of the branch that was made after it.
    """
    opened = [each for each in plans if each.open]
    own = [each for each in opened if each.branch and where.is_of(each.branch)]
    own = own or [each for each in opened if not each.branch]
    inherited = [] if own else [each for each in opened if _is_inherited(each, where, repository)]
    here = own or inherited
    others = [each for each in opened if each not in here]
    return Followed(tuple(sorted(here, key=_newest, reverse=True)), tuple(others), bool(inherited))


def over(plans: Iterable[Plan], where: Whereabouts, repository: Repository) -> dict[str, str]:
    """Say of open plans of other branches, by path, why they may be over: closing them is often forgotten.

    Raises:
        GitError: Git is missing or failed.
    """
    listed = [each for each in plans if each.open and each.branch and not where.is_of(each.branch)]
    judged = [each for each in listed if each.branch not in MAIN_BRANCHES]
    if not judged:
        return {}
    ends = branches_of(repository)
    # A branch made on top of another has all of its commits, too, and has not merged it.
    merged = merged_branches(repository) if where.branch in MAIN_BRANCHES else frozenset()
    found = {}
    for plan in judged:
        end = ends.get(plan.branch)
        if end is None:
            found[plan.path] = "that branch is gone"
        elif plan.branch in merged and plan.started_at and not end.startswith(plan.started_at):
            found[plan.path] = "merged here"
    return found


def several(plans: Sequence[Plan]) -> QueryError:
    """Say that it is not plain which plan is meant."""
    return QueryError(f"{len(plans)} plans are open here", f"name one: {_named(plans)}")


def _is_inherited(plan: Plan, where: Whereabouts, repository: Repository) -> bool:
    left = plan.branch in MAIN_BRANCHES and bool(where.branch) and where.branch not in MAIN_BRANCHES
    return left and not in_tree(repository, f"refs/heads/{plan.branch}", plan.path)


def _shown(text: str) -> str:
    """A plan's text without the commit it started at, which is as long as a secret."""
    return _STARTED.sub("", text)


def _newest(plan: Plan) -> tuple[str, str]:
    note = plan.last_note
    return (max(note.at if note else "", plan.opened[:16]), plan.path)


def _named(plans: Sequence[Plan]) -> str:
    shown = ", ".join(each.slug for each in plans[:8])
    return f"{shown} …" if len(plans) > 8 else shown
