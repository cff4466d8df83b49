"""What tests read, beside what people do."""

from __future__ import annotations

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import Machine
from tests.surface.conftest import Agent, seated

RECORD = "# 7. {title}\n\n## Status\n\nAccepted\n\n## Context\n\n{why}\n\n## Decision\n\nWe use {what}.\n"


@pytest.fixture(scope="module")
def agent(shared_machine: Machine, shared_project: GitFolder) -> Agent:
    shared_project.write(
        "docs/decisions/0007-queue.md",
        RECORD.format(title="Use kelp", why="The orders must survive a restart of the queue.", what="kelp"),
    )
    shared_project.write(
        "tests/fixtures/project/docs/decisions/0007-queue.md",
        RECORD.format(title="Use a queue for orders", why="A sample.", what="a queue for orders"),
    )
    return seated(shared_machine, shared_project.root)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("decision on the queue for orders", "docs/decisions/0007-queue.md"),
        ("ADR 7", "docs/decisions/0007-queue.md"),
        ("fixture with a queue for orders", "tests/fixtures/project/docs/decisions/0007-queue.md"),
    ],
)
def test_a_record_comes_before_one_that_tests_read(agent: Agent, query: str, first: str) -> None:
    assert agent.answer("search_memory", query=query)["results"][0]["path"] == first
