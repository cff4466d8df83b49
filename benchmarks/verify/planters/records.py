"""Decision records in the forms in which teams write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from benchmarks.verify.planters.matters import Matter

__all__ = ["RECORDS"]


def _nygard(number: int, matter: Matter, refused: str) -> str:
    return f"""# {number}. {matter.title}

Date: 2026-03-04

## Status

Accepted

## Context

We need one way for this, and there were two candidates: {matter.chosen} and {refused}.

## Decision

We will use {matter.chosen}. We will not use {refused}: {matter.reason}.

## Consequences

Everybody does it the same way.
"""


def _madr(_number: int, matter: Matter, refused: str) -> str:
    return f"""---
status: accepted
date: 2026-03-04
---

# {matter.title}

## Context and Problem Statement

There was no one way for this.

## Considered Options

* {matter.chosen}
* {refused}

## Decision Outcome

Chosen option: "{matter.chosen}", because it is there already.

## Pros and Cons of the Options

### {matter.chosen}

* Good, because it is there already.

### {refused}

* Bad, because {matter.reason}.
"""


def _house(_number: int, matter: Matter, refused: str) -> str:
    return f"""---
status: accepted
date: 2026-03-04
---

# {matter.title}

## Context

There was no one way for this.

## Decision

- {matter.chosen} is what we use.

## Alternatives refused

- *{refused}*: {matter.reason}.

## Consequences

Nothing new has to be installed.
"""


def _rejected(number: int, matter: Matter, refused: str) -> str:
    return f"""# {number}. Use {refused}

* Status: rejected
* Date: 2026-03-04

## Context and Problem Statement

It was proposed to use {refused} instead of {matter.chosen}.

## Decision Outcome

Rejected: {matter.reason}. We stay with {matter.chosen}.
"""


def _replaced(number: int, matter: Matter, refused: str) -> str:
    return f"""# {number}. Use {refused}

Date: 2025-11-20

## Status

Superseded by [{number + 3}. {matter.title}]({number + 3:04}-{_slug(matter.title)}.md)

## Context

We need something for this.

## Decision

We will use {refused}.

## Consequences

One more thing to keep up to date.
"""


def _replacing(number: int, matter: Matter, refused: str) -> str:
    return f"""# {number + 3}. {matter.title}

Date: 2026-03-04

## Status

Accepted

Supersedes [{number}. Use {refused}]({number:04}-use-{_slug(refused)}.md)

## Context

What we decided on earlier did not work out: {matter.reason}.

## Decision

We will use {matter.chosen}.

## Consequences

What was built before is taken out.
"""


def _slug(text: str) -> str:
    kept = "".join(each.lower() if each.isalnum() else "-" for each in text)
    return "-".join(part for part in kept.split("-") if part)


Written = Callable[[int, Matter, str], dict[str, str]]


def _one(write: Callable[[int, Matter, str], str], *, use: bool = False) -> Written:
    def written(number: int, matter: Matter, refused: str) -> dict[str, str]:
        title = f"use-{_slug(refused)}" if use else _slug(matter.title)
        return {f"{number:04}-{title}.md": write(number, matter, refused)}

    return written


def _two(number: int, matter: Matter, refused: str) -> dict[str, str]:
    return {
        f"{number:04}-use-{_slug(refused)}.md": _replaced(number, matter, refused),
        f"{number + 3:04}-{_slug(matter.title)}.md": _replacing(number, matter, refused),
    }


RECORDS: Final[dict[str, Written]] = {
    "Nygard": _one(_nygard),
    "MADR": _one(_madr),
    "alternatives refused": _one(_house),
    "rejected record": _one(_rejected, use=True),
    "replaced record": _two,
}
"""Forms of records, each giving files by name for a number, a matter and what the refused is called."""
