"""What is asked of a repository that has never been indexed."""

from __future__ import annotations

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent


def test_the_first_question_waits_for_the_index_of_a_small_repository(
    machine: Machine, project: GitFolder
) -> None:
    agent = Agent(machine, machine.sit(project.root))

    found = agent.answer("search_memory", query="why squid")

    assert found["results"][0]["path"] == "docs/decisions/0001-use-squid.md"
    assert not any("first index" in note for note in found["notes"])


def test_an_index_that_takes_longer_is_not_waited_for(
    machine: Machine, project: GitFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whykeeper.memory.FIRST_INDEX_S", 0.0)
    agent = Agent(machine, machine.sit(project.root))

    found = agent.call("search_memory", query="why squid")

    assert found.structured_content is not None
    assert found.structured_content["results"] == []
    assert "the first index is under way" in str(found.structured_content["notes"])
    agent.desk.settled()
