"""A decision that contradicts one in force comes back before it is written, even when few words are said."""

from __future__ import annotations

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt

from whykeeper.recording.books import book_of
from whykeeper.recording.likeness import Compared, Nearness, related_decisions
from whykeeper.recording.requests import DecisionRequest
from whykeeper.recording.use_cases import consider, record_decision
from whykeeper_indexers.types import DecisionContent

RECORD = "# {number}. {title}\n\nDate: 2024-01-02\n\n## Status\n\n{status}\n\n## Decision\n\n{said}\n"
SAID = {"context": "We had to pick.", "decision": "We pick it, because it is good."}


def decide(project: GitFolder, number: int, title: str, said: str = "So.", status: str = "Accepted") -> str:
    path = f"docs/decisions/{number:04}-{title.lower().replace(' ', '-')}.md"
    project.write(path, RECORD.format(number=number, title=title, said=said, status=status))
    return path


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        ("Use RabbitMQ for the event bus", "Use Kafka as event bus", "both are for “event bus”"),
        ("Use YAML front matter for metadata", "No YAML front matter", "its title says the opposite"),
        ("No ORM", "Adopt an ORM", "its title says the opposite"),
        ("Use RabbitMQ for the event bus", "Move events to NATS", "this says “Move events to”"),
    ],
)
def test_titles_that_cannot_both_hold_are_asked_about(
    agent_at: AgentAt, project: GitFolder, old: str, new: str, because: str
) -> None:
    path = decide(project, 2, old)

    answer = agent_at(project.root).answer("record_decision", title=new, **SAID)

    assert answer["written"] == []
    assert [(each["path"], each["because"]) for each in answer["related"]] == [(path, because)]


def test_titles_of_other_matters_are_not(agent_at: AgentAt, project: GitFolder) -> None:
    decide(project, 2, "Use RabbitMQ for the event bus")
    decide(project, 3, "No ORM")
    agent = agent_at(project.root)
    for title in (
        "Use Playwright for browser tests",
        "No tabs for indentation",
        "Move ferries to the quay",
    ):
        assert agent.answer("record_decision", title=title, **SAID)["written"], title


def test_a_short_record_far_ahead_of_all_others_is_of_the_same_matter(
    agent_at: AgentAt, project: GitFolder
) -> None:
    decide(project, 2, "Monorepo")
    book = book_of(agent_at(project.root).desk.memory)
    squid, monorepo = sorted(book.records)
    new = Compared("Split services into separate repositories", DecisionContent(decision="We pick it."))

    def found(whole: float, other: float) -> list[str]:
        near = {monorepo: Nearness(whole, 0.4), squid: Nearness(other, 0.1)}
        return [each.path for each in related_decisions(new, book.records, book.contents, near)]

    assert found(0.42, 0.09) == [monorepo]
    assert found(0.42, 0.3) == found(0.3, 0.0) == []


def test_what_others_record_in_between_is_compared_before_it_is_written(
    agent_at: AgentAt, project: GitFolder
) -> None:
    agent = agent_at(project.root)
    memory, run = agent.desk.memory, agent.machine.run
    request = DecisionRequest(title="Use Kafka for the event bus", **SAID)
    considered = run(consider(memory, request))
    assert considered.related == []

    path = decide(project, 2, "Use RabbitMQ for the event bus")
    answer = run(record_decision(memory, request, considered))

    assert (answer.written, [each.path for each in answer.related]) == ([], [path])
    assert answer.notes[-1].startswith("nothing was written yet")


@pytest.mark.usefixtures("machine")
def test_while_the_model_loads_nothing_is_written_unasked(
    agent_at: AgentAt, project: GitFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whykeeper.recording.use_cases.MODEL_S", 0.1)
    agent = agent_at(project.root)
    agent.machine.encoder.ready = agent.machine.encoder.loads = False

    answer = agent.answer("record_decision", title="Paint the quay", **SAID)

    assert answer["written"] == []
    assert answer["notes"][-1].startswith("nothing was written yet: only words could be compared")
    assert agent.answer("record_decision", title="Paint the quay", confirm_new=True, **SAID)["written"]
