"""Decisions that were replaced: found, with what holds in their place; and listed when they are asked for."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, filled, seated

FOLDER = "docs/decisions"
MOORING, CHAINS, BUOYS, PILOTS = (
    f"{FOLDER}/{name}.md"
    for name in ("0002-moor-with-ropes", "0003-moor-with-chains", "0005-buoys", "0006-pilots")
)
RECORD = """# {number}. {title}

Date: 2024-02-{number:02}

## Status

{status}

## Context

{context}

## Decision

{decision}
"""


@pytest.fixture(scope="module")
def agent(shared_machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Agent:
    folder = GitFolder(tmp_path_factory.mktemp("harbour"))
    folder.git("init", "-q", "-b", "main")
    ropes = "Ships drift at night, the hawsers rot in salt water."
    for path, number, title, status, context, decision in (
        (MOORING, 2, "Moor with ropes", "Accepted", ropes, "Ropes of hemp hold the hulls at night."),
        (
            CHAINS,
            3,
            "Anchor by iron",
            "Accepted\n\nSupersedes [2. Moor](0002-moor-with-ropes.md)",
            "A storm came.",
            "Iron is used.",
        ),
        (f"{FOLDER}/0004-lamps.md", 4, "Lamps", "Rejected", "It is dark.", "Oil lamps on every pier."),
        (BUOYS, 5, "Buoys", "Proposed", "Wrecks lie in the fairway.", "Buoys mark them."),
        (PILOTS, 6, "Pilots", "Accepted", "Strangers run aground.", "Pilots board foreign ships."),
        (
            f"{FOLDER}/0007-tugs.md",
            7,
            "Tugs",
            "Accepted\n\nAmends [6. Pilots](0006-pilots.md)",
            "Steam came.",
            "Tugs tow.",
        ),
    ):
        text = RECORD.format(number=number, title=title, status=status, context=context, decision=decision)
        folder.write(path, text)
    return seated(shared_machine, filled(folder).root)


def found(agent: Agent, query: str, **arguments: Any) -> list[tuple[str, str | None]]:
    results = agent.answer("search_memory", query=query, **arguments)["results"]
    return list(dict.fromkeys((each.get("path", ""), each.get("status")) for each in results))


def test_what_replaced_a_decision_stands_before_it_although_it_shares_no_word(agent: Agent) -> None:
    answer = found(agent, "why do ropes of hemp hold the hulls at night")

    assert answer[:2] == [(CHAINS, "accepted"), (MOORING, "superseded")]


def test_a_replaced_decision_that_is_asked_for_by_its_number_stays_in_front(agent: Agent) -> None:
    answer = found(agent, "what does decision 2 say?")

    assert answer[:2] == [(MOORING, "superseded"), (CHAINS, "accepted")]


def test_a_successor_outside_of_what_was_asked_for_is_not_brought_in(agent: Agent) -> None:
    within = found(agent, "ropes of hemp", paths=[MOORING])

    assert [path for path, _ in within if path] == [MOORING]
    assert all(path.startswith("src/") for path, _ in found(agent, "ropes of hemp ink", kinds=["code"]))


def test_an_answer_with_a_successor_is_no_longer_than_was_asked_for(agent: Agent) -> None:
    assert found(agent, "ropes of hemp hold the hulls", limit=1) == [(CHAINS, "accepted")]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("which decisions are superseded?", MOORING),
        ("list rejected ADRs", f"{FOLDER}/0004-lamps.md"),
        ("which records were rejected", f"{FOLDER}/0004-lamps.md"),
        ("what decisions are still proposed?", BUOYS),
        ("show me all proposed decision records", BUOYS),
        ("which decisions are no longer in force?", f"{FOLDER}/0004-lamps.md"),
        ("which decisions are proposed or draft?", BUOYS),
        ("list rejected or withdrawn records", f"{FOLDER}/0004-lamps.md"),
    ],
)
def test_records_of_a_status_can_be_asked_for(agent: Agent, query: str, path: str) -> None:
    answer = agent.answer("search_memory", query=query)

    first = answer["results"][0]
    assert first.get("status") not in (None, "accepted")
    assert path in [each.get("path") for each in answer["results"][:3]]
    assert answer["confident"]


def test_a_status_beside_a_matter_only_prefers(agent: Agent) -> None:
    answer = found(agent, "which decisions about wrecks in the fairway were rejected?")

    assert BUOYS in [path for path, _ in answer[:3]]


def test_what_amends_a_decision_is_named_beside_it(agent: Agent) -> None:
    first = agent.answer("search_memory", query="pilots board foreign ships")["results"][0]

    assert (first["path"], first["status"], first["amended_by"]) == (
        PILOTS,
        "accepted",
        [f"{FOLDER}/0007-tugs.md"],
    )
    shown = agent.call("search_memory", query="pilots board foreign ships").content[0]
    assert f"[decision, accepted, amended by {FOLDER}/0007-tugs.md]" in getattr(shown, "text", "")


def test_decisions_in_force_can_be_asked_for(agent: Agent) -> None:
    answer = agent.answer("search_memory", query="what decisions are in force?")

    assert answer["confident"]
    assert {each["status"] for each in answer["results"][:4]} == {"accepted"}


def test_that_no_record_has_a_status_is_an_answer(agent: Agent) -> None:
    answer = agent.answer("search_memory", query="which decisions are deprecated?")

    assert not answer["confident"]
    assert (
        "no decision record here is deprecated: 4 accepted, 1 superseded, 1 rejected, 1 proposed"
        in answer["notes"]
    )
