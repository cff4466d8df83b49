"""The documents that ``init`` offers: what could be read, with its source, and questions for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from whykeeper.scaffold.facts import Fact, Matter
from whykeeper.scaffold.survey import Survey
from whykeeper_indexers.printable import printable

__all__ = ["architecture", "conventions", "first_decision", "patterns", "plan_template"]

_NOTE = (
    "<!-- Written by `whykeeper init` from the files named in brackets. Edit it like any other document: it\n"
    "is not written again. A comment that begins with `question:` asks what no file says: put the answer in\n"
    "its place, or delete it. -->"
)
_COMMANDS = (
    *(Matter.BUILD, Matter.RUN, Matter.DEVELOP, Matter.TEST, Matter.CHECK, Matter.LINT, Matter.TYPES),
    Matter.FORMAT,
)
"""In this order; a command's own name says what it is for."""
MOST_LISTED = 25
"""Of one kind; a longer list is better read where it comes from."""


def architecture(found: Survey) -> str:
    """What the project is made of."""
    return _joined(
        "# Architecture",
        _NOTE,
        "## What it is for",
        *_questions("What does it do, for whom, and what does it leave to others?"),
        *(["## Languages", f"By number of files: {', '.join(found.languages)}."] if found.languages else []),
        "## Layout",
        _bullets(_layout(found)),
        *_questions("Which part may use which, and which must not?"),
        *_section("## Parts", found, Matter.PART),
        *_section("## Entry points", found, Matter.ENTRY),
        *_section("## Where it runs", found, Matter.RUNS),
        "## How a request, a file or an event goes through it",
        *_questions(
            "Which parts does it pass, in what order?", "Where is state kept, and who may change it?"
        ),
        "## What it depends on",
        *_questions("Which services and stores does it need, and what happens while one is away?"),
        "## What must not change without asking",
        *_questions("Which interfaces, formats or tables do others rely on?"),
    )


def conventions(found: Survey) -> str:
    """How the project is worked on."""
    enforced, rules = found.linters, found.rules
    return _joined(
        "# Conventions",
        _NOTE,
        *_commands(found),
        *(["## What tools enforce", _bullets(map(_told, enforced))] if enforced else []),
        *(
            ["## Rules kept elsewhere", _bullets(f"`{path}`" for path in rules[:MOST_LISTED])]
            if rules
            else []
        ),
        "## Naming",
        *_questions("What do names of files, types and tests follow that no tool checks?"),
        "## Errors and logging",
        *_questions("How are failures reported, and what must never be logged?"),
        "## Tests",
        *_questions("What needs a test, at which level, and what may be replaced by a stand-in?"),
        "## Dependencies",
        *_questions("Who decides on a new one, and what speaks against it?"),
        "## Review",
        *_questions("What does a change need before it is merged?"),
    )


def patterns(_found: Survey) -> str:
    """What to do again, and what not."""
    return _joined(
        "# Patterns",
        _NOTE,
        "## Patterns to use",
        *_questions(
            "Which code shows how it is done here? Name the file, and when to follow it.",
            "Which helpers exist that people keep writing again?",
        ),
        "## Avoid",
        *_questions("What was tried and given up, and why?", "Which old code is not to be followed?"),
    )


def first_decision(folder: str, today: date) -> str:
    """The record that decisions are recorded, in MADR 4."""
    return f"""\
---
status: accepted
date: {today.isoformat()}
---

# Record the decisions that bind others

## Context and Problem Statement

Reasons get lost: whoever changes code later, person or agent, sees what was done, and neither why nor what
was refused.

## Decision Outcome

A choice that binds others is written down in `{folder}/`, one Markdown file for each, numbered in order, in
the form of MADR 4: context, decision, alternatives refused, consequences. A record is not rewritten when the
decision changes: a new one supersedes it.

### Consequences

* Good, because a reason can be found, and a decision that was replaced is seen to be.
* Bad, because somebody has to write it.

### Confirmation

A change that binds others comes with its record in the same review.
"""


def plan_template() -> str:
    """What a plan of work says."""
    return """\
---
title: ""
state: open
---

# Plan

<!-- question: a copy of this file in `.whykeeper/plans/` is a plan; what is the task called? -->

## Goal

<!-- question: what will be true when it is done? -->

## Reason

<!-- question: why is it done, and why now? -->

## Steps

<!-- question: which steps, in which order? Each is a line such as `- [ ] step`, with an x when done. -->

## Files expected to change

<!-- question: which paths? -->

## What must not change

<!-- question: which behaviour, interface or file stays as it is? -->

## Acceptance checks

<!-- question: which commands, or observations, show that it is done? -->

## Decisions honoured

<!-- question: which records bind this work? -->

## Open questions

<!-- question: what has to be decided on the way, and by whom? -->

## Notes

<!-- question: what did you find out that the next one should know? -->
"""


def _commands(found: Survey) -> Iterator[str]:
    lines = [_told(fact) for matter in _COMMANDS for fact in found.facts if fact.matter is matter]
    yield "## Commands"
    if lines:
        yield _bullets(lines[:MOST_LISTED])
    else:
        yield from _questions("How is it built, tested and run?")


def _section(heading: str, found: Survey, matter: Matter) -> Iterator[str]:
    facts = [fact for fact in found.facts if fact.matter is matter]
    if facts:
        more = len(facts) - MOST_LISTED
        told = [*map(_told, facts[:MOST_LISTED]), *([f"and {more} more"] if more > 0 else [])]
        yield heading
        yield _bullets(told)


def _layout(found: Survey) -> Iterator[str]:
    for folder in found.folders:
        holds = f": {folder.holds}" if folder.holds else ""
        yield f"`{folder.name}/`{holds}" + (f" (`{folder.readme}`)" if folder.readme else "")


def _told(fact: Fact) -> str:
    return f"{fact.text} ({fact.source})"


def _questions(*asked: str) -> Iterator[str]:
    for each in asked:
        yield f"<!-- question: {each} -->"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _joined(*blocks: str) -> str:
    # What a file says of itself is not to drive the terminal of whoever reads it here.
    return printable("\n\n".join(block for block in blocks if block)) + "\n"
