"""What records say, part by part, in the forms that tools and teams write."""

from __future__ import annotations

import pytest

from whykeeper_indexers.decisions.content import content_of
from whykeeper_indexers.decisions.layout import PlacedRecord
from whykeeper_indexers.decisions.places import Place
from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.documents.parse import read_outline
from whykeeper_indexers.types import DecisionContent, SourceText

MADR = """---
status: accepted
---

# Use Jackson to parse YAML

## Context and Problem Statement

How do we parse the study file?

## Decision Drivers

* It is read often

## Considered Options

* [Jackson](https://github.com/FasterXML/jackson)
* SnakeYAML Engine
* eo-yaml
* Own parser

## Decision Outcome

Chosen option: "Jackson", because it is made for it.

### Consequences

* Good, because it is known

### Confirmation

A test reads every study.

## Pros and Cons of the Options

### Jackson

* Good, because it is known

### SnakeYAML Engine

* Bad, because it maps nothing

### `eo-yaml`

<!-- a comment -->
* Bad, because its documentation is thin

## More Information

See the mailing list.
"""

NYGARD = """# 3. Write an outbox

## Status

Accepted

## Context

Orders and events must agree.

## Decision

We write events into a table of the same transaction.

## Consequences

A worker has to run.

### Negative

It must be watched.

## Alternatives refused

- *Change data capture*: another service to run,
  and another to watch.
- **Two phase commit** — the broker has none.

  Not in ten years.
- Sending after the commit because a crash between the two loses an event.
"""

RST = """3. Optional fields
==================

Status
------

Accepted

Context
-------

Schemas change.

Decision
--------

Fields with a default are optional.

Rejected Alternatives
---------------------

#. Another serializer. It would bring its own schema.

#. ``Optional`` keywords: nobody asks for them.
"""

RFC = """- Feature Name: once
- Start Date: 2015-01-30

# Summary
[summary]: #summary

Add a function that yields a value once.

# Motivation

Chaining an iterator with one element is clumsy.

# Drawbacks

One more name.

# Alternatives

There are many already: `Option::into_iter()`.

The struct could be left out. `IntoIter` is enough.
"""

LETTERED = """# Keep the domain independent

## Context

Layers leak.

## Options

1. <a name="option-1"></a> Keep it independent: it imports nothing.
2. <a name="option-2"></a> Allow upward imports: anything goes.

## Decision

We decided for [Option 2](#option-2), for now.
"""


def content(text: str, path: str = "docs/decisions/0001-a.md") -> DecisionContent:
    return content_of(
        RecordText(read_outline(SourceText(path, text, "")), PlacedRecord(Place.DECISIONS, "docs"))
    )


def test_every_part_of_a_madr_record_is_told_apart() -> None:
    said = content(MADR)

    assert said.context == "How do we parse the study file?\n\n* It is read often"
    assert said.decision == 'Chosen option: "Jackson", because it is made for it.'
    assert said.consequences == "* Good, because it is known"
    assert said.confirmation == "A test reads every study."


def test_what_madr_considered_and_did_not_choose_was_refused_with_its_reasons() -> None:
    assert content(MADR).alternatives == (
        ("SnakeYAML Engine", "* Bad, because it maps nothing"),
        ("eo-yaml", "* Bad, because its documentation is thin"),
        ("Own parser", ""),
    )


def test_a_list_of_alternatives_is_names_and_reasons() -> None:
    said = content(NYGARD)

    assert said.decision == "We write events into a table of the same transaction."
    assert said.consequences == "A worker has to run.\n\nNegative: It must be watched."
    assert said.alternatives == (
        ("Change data capture", "another service to run,\nand another to watch."),
        ("Two phase commit", "the broker has none.\n\nNot in ten years."),
        ("Sending after the commit", "a crash between the two loses an event."),
    )


def test_restructured_text_is_read_alike() -> None:
    said = content(RST, "docs/decisions/0003-optional-fields.rst")

    assert (said.context, said.decision) == ("Schemas change.", "Fields with a default are optional.")
    assert said.alternatives == (
        ("Another serializer", "It would bring its own schema."),
        ("Optional keywords", "nobody asks for them."),
    )


def test_a_request_for_comments_without_a_title_says_what_it_proposes_first() -> None:
    said = content(RFC, "text/0771-once.md")

    assert "Add a function that yields a value once." in said.decision
    assert said.context.startswith("Chaining") and said.consequences == "One more name."
    assert [each.name for each in said.alternatives] == [
        "There are many already",
        "The struct could be left out",
    ]


def test_the_option_that_is_chosen_by_its_number_was_not_refused() -> None:
    assert content(LETTERED).alternatives == (("Keep it independent", "it imports nothing."),)


@pytest.mark.parametrize("nothing", ["", "None.", "N/A", "- none so far", "<!-- what else? -->"])
def test_where_nothing_was_refused_there_is_no_alternative(nothing: str) -> None:
    assert content(f"# A\n\n## Decision\n\nB.\n\n## Alternatives\n\n{nothing}\n").alternatives == ()


def test_parts_are_bounded() -> None:
    said = content(
        f"# A\n\n## Context\n\n{'why ' * 5_000}\n\n## Options\n\n"
        + "".join(f"- Option {n} of many\n" for n in range(99))
    )

    assert len(said.context) == 2_000
    assert len(said.alternatives) == 20


@pytest.mark.parametrize("evil", ["[a](b)", "[", "*a ", "(chosen ", "<a ", "`a <", "- [a](", "chosen "])
def test_markup_that_never_ends_takes_no_time(evil: str) -> None:
    item = evil * 3_000

    said = content(f"# A\n\n## Decision\n\n{item}\n\n## Alternatives\n\n- {item}\n")

    assert len(said.alternatives) <= 20
