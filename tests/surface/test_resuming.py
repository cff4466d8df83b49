"""Where the work stands, as a session is told that knows nothing of the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt
from tests.surface.test_plans import section

MOST_TOKENS = 600
GOAL = "The proxy leaks no ink"
PLAN = ".whykeeper/plans/ink.md"
STEPS = ["Bound the buffers in `src/proxy.py`", "Measure the flow of ink", "Tell the captain about it"]


@pytest.fixture
def branch(project: GitFolder) -> Iterator[GitFolder]:
    project.git("switch", "-q", "-c", "ink")
    yield project


def made(agent: Agent, plan: str = "ink", **more: object) -> None:
    agent.answer("save_plan", **{"plan": plan, "goal": GOAL, "steps": STEPS, **more})


def resumed(agent: Agent, **asked: str) -> str:
    text = agent.answer("resume_work", **asked)["text"]
    assert isinstance(text, str)
    assert agent.machine.encoder.count_tokens(text) < MOST_TOKENS
    return text


def test_a_new_session_is_told_what_is_done_left_and_next(agent_at: AgentAt, branch: GitFolder) -> None:
    agent = agent_at(branch.root)
    made(agent, unchanged=["src/api/**"], questions=["How large is a buffer?"])
    branch.write("src/proxy.py", "class SquidProxy:\n    size = 8\n")
    first = branch.commit("Bound them")
    second = branch.commit("Measure the flow of ink\n\nIt is much.")
    agent.answer("save_plan", steps=["1 done", "2 doing"], note="It leaks below", next="Weigh `src/proxy.py`")
    branch.write("src/new.py", "x = 1\n")

    text = resumed(agent)

    first_line, *lines = text.splitlines()
    assert first_line.startswith(f"Plan “{GOAL}”: {PLAN}, branch ink, since 20")
    assert lines[0] == "1 of 3 steps done."
    (following,) = [line for line in lines if line.startswith("Next, as the last session said (20")]
    assert following.endswith("): Weigh `src/proxy.py`")
    left = lines.index("Left:")
    assert lines[left + 1 : left + 3] == [
        f"2. doing: {STEPS[1]} ({second[:7]})",
        f"3. {STEPS[2]}",
    ]
    assert f"1. {STEPS[0]} ({first[:7]})" in lines[lines.index("Done:") :]
    assert "Must not change: `src/api/**`" in lines
    assert "Open questions: How large is a buffer?" in lines
    assert any(line.startswith("Note (20") and line.endswith("): It leaks below") for line in lines)
    assert "Not committed: src/new.py" in lines


def test_decisions_made_since_are_told(agent_at: AgentAt, branch: GitFolder) -> None:
    agent = agent_at(branch.root)
    made(agent)
    recorded = agent.answer(
        "record_decision", title="Bound buffers", context="Ink.", decision="Eight drops.", confirm_new=True
    )["written"][0]

    assert f"Decided since: {recorded} “Bound buffers” [accepted]" in resumed(agent).splitlines()
    branch.commit("Decide")
    assert f"Decided since: {recorded} “Bound buffers” [accepted]" in resumed(agent).splitlines()
    assert "0001" not in resumed(agent)


def test_what_others_changed_since_is_told_by_name(
    agent_at: AgentAt, branch: GitFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = agent_at(branch.root)
    made(agent)
    branch.commit("Plan")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bob")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "bob@example.org")
    branch.write("src/proxy.py", "class SquidProxy: ...\n")
    branch.commit("Mine now")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ada")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ada@example.org")
    branch.git("switch", "-q", "main")
    branch.write("docs/guide.md", "# Guide\n\nThe lantern is out.\n")
    branch.commit("Put it out")
    branch.git("switch", "-q", "ink")
    branch.git("merge", "-q", "--no-edit", "main")

    assert "Changed by others since: src/proxy.py (Bob); docs/guide.md (Ada)" in resumed(agent).splitlines()
    agent.answer("save_plan", note="I have seen it")
    assert "Changed by others" not in resumed(agent)


def test_several_open_plans_are_listed_and_one_is_resumed_by_name(
    agent_at: AgentAt, branch: GitFolder
) -> None:
    agent = agent_at(branch.root)
    made(agent)
    made(agent, "lamps", goal="The harbour is lit")
    agent.answer("save_plan", plan="ink", next="Pour it out")

    both = agent.answer("resume_work")
    assert "plan" not in both
    assert both["text"].startswith("2 plans are open on branch ink: name the one to resume.")
    assert "- lamps: “The harbour is lit”, 0 of 3 steps done; left: Bound the buffers" in both["text"]
    assert re.search(r"- ink: “.+”, 0 of 3 steps done; next \(20.+\): Pour it out", both["text"])
    text = resumed(agent, plan="lamps")
    assert text.startswith("Plan “The harbour is lit”")
    assert "Other open plans: ink (this branch)" in text


def test_a_plan_of_another_branch_is_named_and_not_resumed(agent_at: AgentAt, branch: GitFolder) -> None:
    agent = agent_at(branch.root)
    made(agent)
    branch.commit("Plan")
    branch.git("switch", "-q", "-c", "lamps")

    text = resumed(agent)

    assert text.splitlines() == ["No plan is open on branch lamps.", "Other open plans: ink (ink)"]
    branch.git("switch", "-q", "main")
    branch.git("merge", "-q", "--no-ff", "--no-edit", "ink")
    assert "Other open plans: ink (ink: merged here)" in resumed(agent)
    branch.git("branch", "-q", "-D", "ink")
    assert "Other open plans: ink (ink: that branch is gone)" in resumed(agent)


def test_where_no_branch_is_checked_out_the_plan_of_the_branch_that_ends_there_is_told(
    agent_at: AgentAt, branch: GitFolder
) -> None:
    agent = agent_at(branch.root)
    made(agent)
    branch.commit("Plan")
    branch.git("switch", "-q", "--detach")

    assert resumed(agent).startswith(f"Plan “{GOAL}”")
    branch.git("commit", "-q", "--allow-empty", "-m", "On")
    assert resumed(agent).startswith("No plan is open on what is checked out.")


def test_during_a_rebase_the_plan_is_that_of_the_branch_being_rebased(
    agent_at: AgentAt, branch: GitFolder
) -> None:
    agent = agent_at(branch.root)
    made(agent)
    branch.commit("Plan")
    branch.write("docs/guide.md", "# Guide\n\nOurs.\n")
    branch.commit("Ours")
    branch.git("switch", "-q", "main")
    branch.write("docs/guide.md", "# Guide\n\nTheirs.\n")
    branch.commit("Theirs")
    branch.git("switch", "-q", "ink")
    with pytest.raises(Exception, match="rebase"):
        branch.git("rebase", "-q", "main")

    text = resumed(agent)

    assert text.startswith(f"Plan “{GOAL}”")
    assert "With merge conflicts: docs/guide.md" in text


def test_a_very_long_plan_is_told_within_the_budget(agent_at: AgentAt, branch: GitFolder) -> None:
    agent = agent_at(branch.root)
    long = "ink " * 40
    made(
        agent,
        goal=f"Less ink. {long}",
        steps=[f"Step of work {number}: {long}" for number in range(60)],
        unchanged=[f"the way of ship {number} {long}" for number in range(20)],
        questions=[f"question {number} {long}" for number in range(20)],
        next=f"Go on {long}",
    )
    agent.answer("save_plan", steps=[f"{number} done" for number in range(1, 30)], note=long)

    text = resumed(agent)

    assert "Next, as the last session said" in text
    assert "30. Step of work 29" in text


def test_it_is_told_quickly_and_the_index_is_not_waited_for(agent_at: AgentAt, branch: GitFolder) -> None:
    agent = agent_at(branch.root)
    for number in range(10):
        made(agent, f"plan-{number}", goal=f"Goal {number}")
    resumed(agent, plan="plan-3")

    took = min(agent.desk.control("resume", plan="plan-3")["took_ms"] for _ in range(3))

    assert took < 200


def test_two_agents_at_once_lose_nothing(agent_at: AgentAt, branch: GitFolder) -> None:
    agents = [agent_at(branch.root), agent_at(branch.root)]
    made(agents[0], steps=[f"Do thing {number}" for number in range(1, 13)])

    def work(which: int) -> None:
        for number in range(which + 1, 13, 2):
            agents[which].answer("save_plan", steps=[f"{number} done"], note=f"Did {number}")

    with ThreadPoolExecutor(2) as both:
        list(both.map(work, range(2)))

    text = (branch.root / PLAN).read_text(encoding="utf-8")
    assert section(text, "Steps") == [f"- [x] Do thing {number}" for number in range(1, 13)]
    assert {note.split(": ", 1)[1] for note in section(text, "Notes")} == {f"Did {n}" for n in range(1, 13)}


def test_without_a_plan_or_git_it_says_so(agent_at: AgentAt, tmp_path: object) -> None:
    folder = tmp_path / "plain"  # type: ignore[operator]
    folder.mkdir()
    (folder / "notes.md").write_text("# Notes\n\nThe walrus sings.\n", encoding="utf-8")
    agent = agent_at(folder)

    assert resumed(agent) == "No plan is open on what is checked out."
    made(agent)
    assert resumed(agent).startswith(f"Plan “{GOAL}”: {PLAN}, no branch, since 20")
