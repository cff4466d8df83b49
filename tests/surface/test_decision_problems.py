"""Decision records that do not agree with one another: said by ``memory_status``, fatal to nothing."""

from __future__ import annotations

from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt

RECORD = "# {number}. {title}\n\n## Status\n\n{status}\n\n## Decision\n\nWe moor {title}.\n"


def test_what_does_not_add_up_among_decision_records_is_said(agent_at: AgentAt, project: GitFolder) -> None:
    gone = "Superseded by [9. Gone](0009-gone.md)"
    for name, number, status in (("barges", 7, gone), ("ferries", 7, "Accepted"), ("rafts", 8, "Accepted")):
        text = RECORD.format(number=number, title=name, status=status)
        project.write(f"docs/decisions/{number:04}-{name}.md", text)

    for name, number in (("nets", 11), ("ropes", 12)):
        text = RECORD.format(number=number, title=name, status="Accepted\n\nSupersedes ADR-0010")
        project.write(f"docs/decisions/{number:04}-{name}.md", text)
    project.write("docs/decisions/0010-knots.md", RECORD.format(number=10, title="knots", status="Accepted"))
    agent = agent_at(project.root)

    notes = agent.answer("memory_status")["notes"]
    assert (
        "docs/decisions/0007-barges.md is superseded by docs/decisions/0009-gone.md, which is not there"
        in notes
    )
    assert (
        "docs/decisions/0010-knots.md is superseded by 2 records in force: "
        "docs/decisions/0011-nets.md, docs/decisions/0012-ropes.md"
    ) in notes
    assert "2 decision records in docs/decisions have the number 7: 0007-barges.md, 0007-ferries.md" in notes
    assert agent.answer("search_memory", query="moor barges")["results"][0]["status"] == "superseded"


def test_what_would_drive_a_terminal_is_made_visible_around_passages(
    agent_at: AgentAt, project: GitFolder
) -> None:
    gone = "Superseded by [9. Gone](0009-\x1b]0;evil\x07gone.md)"
    project.write("docs/decisions/0007-barges.md", RECORD.format(number=7, title="bar\u202eges", status=gone))
    agent = agent_at(project.root)

    found = agent.call("search_memory", query="decision 7").content[0]
    status = agent.call("memory_status").content[0]

    headlines = [line for line in getattr(found, "text", "").splitlines() if "[decision" in line]
    notes = [line for line in getattr(status, "text", "").splitlines() if line.startswith("Note: ")]
    assert any("bar\\u202eges" in line for line in headlines)
    assert any("which is not there" in line for line in notes)
    assert not any(mark in line for line in (*headlines, *notes) for mark in "\x1b\x07\u202e")


def test_links_of_a_record_that_lead_nowhere_are_said(agent_at: AgentAt, project: GitFolder) -> None:
    links = (
        "[one](0077-gone.md), [two](../guide.md), [three](assets/a.png), [four](www.example.org/a.md).\n"
        "[five](https://example.org/x.md), [six](../lost.md#part) and [note][^1].\n\n[^1]: Rightly\n"
    )
    text = RECORD.format(number=7, title="barges", status="Accepted")
    project.write("docs/decisions/0007-barges.md", text + links)
    project.write(".gitignore", "assets/\n")
    project.write("docs/decisions/assets/a.png", "drawn elsewhere")

    notes = agent_at(project.root).answer("memory_status")["notes"]

    gone = "0077-gone.md (line 10), ../lost.md (line 11)"
    said = [each for each in notes if " links to " in each]
    assert said == [f"docs/decisions/0007-barges.md links to what is not there: {gone}"]
