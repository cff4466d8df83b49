"""Version numbers in questions: a version is one thing, not the numbers it is made of."""

from __future__ import annotations

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, seated


@pytest.fixture(scope="module")
def agent(shared_machine: Machine, shared_project: GitFolder) -> Agent:
    shared_project.write("docs/pins.md", "# Pins\n\nThe compass is pinned to 2.13.0, for its needle.\n")
    shared_project.write("docs/anchors.md", "# Anchors\n\nSince version 1.2 anchors are forged.\n")
    shared_project.write("docs/sails.md", "# Sails\n\nSails are cut anew since v4.0.0-beta.1 came out.\n")
    for number in range(12):
        shared_project.write(
            f"docs/tables/{number}.md",
            f"# Table {number}\n\nOf 13 rows 2 are 0, 1 is 4, and 2 are 9.\n",
        )
    return seated(shared_machine, shared_project.root)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("2.13.0", "docs/pins.md"),
        ("v2.13.0", "docs/pins.md"),
        ("why compass==2.13.0", "docs/pins.md"),
        ("2.13", "docs/pins.md"),
        ("v1.2", "docs/anchors.md"),
        ("what is new in 1.2?", "docs/anchors.md"),
        ("4.0.0-beta.1", "docs/sails.md"),
        ("v4.0.0-beta.1", "docs/sails.md"),
    ],
)
def test_a_version_is_found_however_it_is_written(agent: Agent, query: str, path: str) -> None:
    answer = agent.answer("search_memory", query=query)

    assert answer["confident"] and answer["results"][0]["path"] == path


def test_a_version_that_nothing_mentions_is_not_found_in_numbers(agent: Agent) -> None:
    assert not any(signals.get("words") for signals in signals_of(agent, "9.13.2"))
    assert any(signals.get("words") for signals in signals_of(agent, "9 13 2"))


def signals_of(agent: Agent, query: str) -> list[dict[str, float]]:
    return [each["signals"] for each in agent.desk.control("search", query=query, explain=True)["results"]]
