"""Plans of work: made, kept and read back, as an agent does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

GOAL = "The proxy leaks no ink under load"
PLAN = ".whykeeper/plans/the-proxy-leaks-no-ink-under-load.md"
TEMPLATE = """---
owner: ""
title: ""
---

# Plan

<!-- question: what is the task called? -->

## Risks

<!-- question: what may go wrong? -->

Think of the kraken.

## Tasks

## Goals
"""


def plan_text(project: GitFolder, path: str = PLAN) -> str:
    return (project.root / path).read_text(encoding="utf-8")


def section(text: str, heading: str) -> list[str]:
    below = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in below.split("\n") if line]


def made(agent: Agent, **more: Any) -> dict[str, Any]:
    asked = {"goal": GOAL, "steps": ["Bound the buffers in `src/proxy.py`", "Measure it"], **more}
    return agent.answer("save_plan", **asked)


def test_a_plan_is_a_file_that_a_person_can_review(agent_at: AgentAt, project: GitFolder) -> None:
    project.git("switch", "-q", "-c", "bounded")
    head = project.git("rev-parse", "HEAD")

    answer = made(
        agent_at(project.root),
        reason="Ships sank.",
        files=["src/proxy.py: the buffers", "src/buffers/**"],
        unchanged=["src/api/**", "the signature of `forward`"],
        checks=["pytest -q", "A captain sees no ink"],
        questions=["How large is a buffer?"],
        note="Buffers are never freed",
        next="Read `src/proxy.py`",
    )

    text = plan_text(project)
    assert answer["plan"] == PLAN
    for line in (f'title: "{GOAL}"', "state: open", "branch: bounded", f'started_at: "{head}"', f"# {GOAL}"):
        assert line in text.splitlines()
    assert section(text, "Goal") == [GOAL]
    assert section(text, "Reason") == ["Ships sank."]
    assert section(text, "Steps") == ["- [ ] Bound the buffers in `src/proxy.py`", "- [ ] Measure it"]
    assert section(text, "Files expected to change") == [
        "- `src/proxy.py`: the buffers",
        "- `src/buffers/**`",
    ]
    assert section(text, "What must not change") == ["- `src/api/**`", "- the signature of `forward`"]
    assert section(text, "Acceptance checks") == ["- `pytest -q`", "- A captain sees no ink"]
    assert section(text, "Open questions") == ["- How large is a buffer?"]
    first, second = section(text, "Notes")
    assert first.endswith(f" UTC, {head[:10]}: Buffers are never freed")
    assert second.endswith(": Next: Read `src/proxy.py`")


def test_what_binds_the_work_is_filled_in_from_memory(agent_at: AgentAt, project: GitFolder) -> None:
    made(agent_at(project.root), files=["src/proxy.py"])

    honoured = section(plan_text(project), "Decisions honoured")

    assert honoured == ["- `docs/decisions/0001-use-squid.md`: Use squid", "- `AGENTS.md`"]


def test_a_plan_is_found_by_questions_at_once(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    made(agent, reason="The walrus complained.")
    found = agent.answer("search_memory", query="walrus complained", kinds=["plan"])
    assert found["results"][0]["path"] == PLAN


def test_steps_notes_and_state_are_kept_up(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    made(agent)

    answer = agent.answer(
        "save_plan", steps=["1 done", "2 doing: with a lantern", "Tell the captain"], note="It works"
    )

    text = plan_text(project)
    assert section(text, "Steps") == [
        "- [x] Bound the buffers in `src/proxy.py`",
        "- [/] Measure it",
        "- [ ] Tell the captain",
    ]
    assert [note.split(": ", 1)[1] for note in section(text, "Notes")] == [
        "Step 2 doing: with a lantern",
        "It works",
    ]
    assert answer["left"] == ["2. Measure it (doing)", "3. Tell the captain"]
    closed = agent.answer("save_plan", state="done")
    assert closed["notes"] == ["2 of its steps are not done: 2. Measure it (doing)"]
    assert "state: done" in plan_text(project)
    assert 'closed: "20' in plan_text(project)
    assert "no plan is open on main" in agent.refusal("save_plan", note="more")


def test_what_a_person_wrote_stays_as_it_is(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    path = project.root / ".whykeeper/plans/harbour.md"
    path.parent.mkdir(parents=True)
    by_hand = (
        "---\r\nstatus: in progress\r\nowner: Ada   # on leave\r\n---\r\n\r\nHarbour lights\r\n====\r\n\r\n"
        "## Why\r\n\r\nIt is *dark*.\r\n\r\n## To do\r\n\r\n1) [X] Buy lamps\r\n2) Hang them (doing)\r\n"
        "   * with `src/lamps.py`\r\n\r\nSee the map.\r\n\r\n## Budget\r\n\r\n| lamp | cost |\r\n"
    )
    path.write_bytes(by_hand.encode())

    agent.answer("save_plan", plan="Harbour lights", steps=["2 done", "Light them"])

    expected = (
        by_hand.replace("2) Hang them (doing)", "2) [x] Hang them")
        .replace("lamps.py`\r\n", "lamps.py`\r\n3) [ ] Light them\r\n")
        .replace("on leave\r\n", "on leave\r\nbranch: main\r\n")
    )
    assert path.read_bytes().decode() == expected


def test_the_teams_template_is_followed(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(".whykeeper/templates/plan.md", TEMPLATE)

    made(agent_at(project.root), reason="Ink.")

    text = plan_text(project)
    assert text.startswith('---\nowner: ""\ntitle: "The proxy')
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["Risks", "Tasks", "Goals", "Reason", "Decisions honoured"]
    assert section(text, "Risks") == ["<!-- question: what may go wrong? -->", "Think of the kraken."]
    assert section(text, "Tasks") == ["- [ ] Bound the buffers in `src/proxy.py`", "- [ ] Measure it"]
    assert section(text, "Goals") == [GOAL]


@pytest.mark.parametrize("heading", ["<title>", "<Name of the plan>", "{title}", "Plan"])
def test_the_title_goes_where_the_template_has_a_place_for_it(
    agent_at: AgentAt, project: GitFolder, heading: str
) -> None:
    project.write(".whykeeper/templates/plan.md", f"# {heading}\n\n## Steps\n")
    made(agent_at(project.root))

    assert f"\n# {GOAL}\n" in plan_text(project)


def test_a_secret_is_refused_and_nothing_is_written(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)

    refused = agent.refusal("save_plan", goal=GOAL, note="the password: hunter2hunter2")

    assert "password" in refused
    assert "hunter2" not in refused
    assert not (project.root / ".whykeeper").exists()


def test_a_secret_that_somebody_wrote_into_a_plan_is_told_nowhere(
    agent_at: AgentAt, project: GitFolder
) -> None:
    secret = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
    agent = agent_at(project.root)
    made(agent, files=["src/proxy.py"])
    text = plan_text(project).replace("- [ ] Measure it", f"- [ ] Measure it with {secret}")
    text += f"\n## Done when\n\n- `curl -H {secret} localhost`\n"
    project.write(PLAN, text)

    told = str(agent.answer("resume_work")), str(agent.answer("verify_change"))

    assert "[redacted: github-pat]" in told[0]
    assert not [each for each in told if secret in each]
    agent.answer("save_plan", note="Measured")
    assert secret in plan_text(project)


def test_where_git_ignores_plans_it_is_written_and_said(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(".gitignore", ".whykeeper/\n")

    answer = made(agent_at(project.root))

    assert (project.root / PLAN).is_file()
    assert answer["notes"][0].startswith(f"git ignores {PLAN} (.gitignore:1:.whykeeper/)")


def test_several_open_plans_are_kept_apart(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    made(agent)
    other = agent.answer("save_plan", plan="lamps", goal="The harbour is lit", steps=["Buy lamps"])["plan"]

    assert other == ".whykeeper/plans/lamps.md"
    assert "2 plans are open here: name one: " in agent.refusal("save_plan", steps=["1 done"])
    agent.answer("save_plan", plan="lamps", steps=["1 done"])
    assert section(plan_text(project, other), "Steps") == ["- [x] Buy lamps"]
    assert "- [x]" not in plan_text(project)
    assert "did you mean lamps?" in agent.refusal("save_plan", plan="lambs", steps=["1 done"])


def test_a_plan_of_another_branch_is_not_this_ones(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    project.git("switch", "-q", "-c", "ink")
    made(agent)
    project.commit("Plan")
    project.git("switch", "-q", "-c", "lamps")

    assert "no plan is open on lamps" in agent.refusal("save_plan", steps=["1 done"])
    again = agent.answer("save_plan", plan=Path(PLAN).stem, goal="Other", steps=["Else"])
    assert again["plan"] == PLAN.replace(".md", "-2.md")
    assert "The proxy leaks no ink" in plan_text(project)


def test_a_plan_made_before_its_branch_goes_with_the_branch(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    made(agent)
    project.git("switch", "-q", "-c", "ink")

    answer = agent.answer("save_plan", steps=["1 done"])

    assert "it belongs to branch ink now: it was opened on main" in answer["notes"]
    assert "branch: ink" in plan_text(project)


def test_a_change_is_held_against_the_plan_of_its_branch_or_the_one_that_is_named(
    agent_at: AgentAt, project: GitFolder
) -> None:
    agent = agent_at(project.root)
    made(agent, plan="ink", unchanged=["src/api/**"])
    project.write("src/api/handlers.py", "def handle_order(order):\n    return [order]\n")

    def rules(**asked: str) -> set[str]:
        found = agent.answer("verify_change", **asked)["findings"]
        return {each["rule"] for each in found if each["check"] == "plan"}

    assert rules() == {"plan/forbidden-file"}
    assert rules(plan="none") == set()
    made(agent, plan="lamps", goal="The harbour is lit", files=["src/api/**"])
    assert rules() == set()
    assert rules(plan="ink") == {"plan/forbidden-file"}
    assert "there is no plan 'nope'" in agent.refusal("verify_change", plan="nope")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "there is nothing to save"),
        ({"plan": "nope", "note": "x"}, "there is no plan 'nope'"),
        ({"goal": GOAL, "steps": ["1 done"]}, "a new plan has no step 1 yet"),
        ({"goal": GOAL, "state": "great"}, "'great' is no state of a plan"),
        ({"goal": GOAL, "steps": ["x" * 3000]}, "more than 2,000 characters"),
    ],
)
def test_what_cannot_be_saved_is_said(
    agent_at: AgentAt, project: GitFolder, asked: dict[str, Any], said: str
) -> None:
    assert said in agent_at(project.root).refusal("save_plan", **asked)


def test_a_front_matter_that_is_no_yaml_is_read_and_changed_all_the_same(
    agent_at: AgentAt, project: GitFolder
) -> None:
    agent = agent_at(project.root)
    by_hand = "---\ntitle: Harbour: lights\nstate: open\nbranch: main\n---\n\n## Steps\n\n- Buy lamps\n"
    project.write(".whykeeper/plans/harbour.md", by_hand)

    agent.answer("save_plan", plan="Harbour: lights", steps=["1 done"], state="done")

    text = plan_text(project, ".whykeeper/plans/harbour.md")
    assert text.startswith("---\ntitle: Harbour: lights\nstate: done\nbranch: main\nclosed: ")
    assert section(text, "Steps") == ["- [x] Buy lamps"]


def test_what_would_not_be_read_is_not_written(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    by_hand = "---\nbranch: main\n---\n\n## Steps\n\n- Buy lamps\n\n## Notes\n\n```sh\nlight\n"
    project.write(".whykeeper/plans/harbour.md", by_hand)

    refused = agent.refusal("save_plan", note="It is dark")

    assert "nothing can be added to “Notes” in .whykeeper/plans/harbour.md" in refused
    assert plan_text(project, ".whykeeper/plans/harbour.md") == by_hand


def test_several_steps_are_marked_in_one_go_and_none_is_added_twice(
    agent_at: AgentAt, project: GitFolder
) -> None:
    agent = agent_at(project.root)
    made(agent, steps=["Catch", "Cook", "Eat"], checks=["go test ./...", "go over it with Ada"])

    agent.answer("save_plan", steps=["1, 2 done", "[/] Eat", "Catch"])

    text = plan_text(project)
    assert section(text, "Steps") == ["- [x] Catch", "- [x] Cook", "- [/] Eat"]
    assert section(text, "Acceptance checks") == ["- `go test ./...`", "- go over it with Ada"]


def test_a_template_that_no_plan_can_be_read_from_is_named(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(".whykeeper/templates/plan.md", "# Plan\n\n```\nan example\n")

    refused = agent_at(project.root).refusal("save_plan", goal=GOAL, steps=["Catch"])

    assert "a plan made from .whykeeper/templates/plan.md cannot be read again" in refused
    assert not (project.root / ".whykeeper/plans").exists()


@pytest.mark.parametrize("outside", ["/etc/passwd", "//etc/passwd", "../elsewhere/net.py"])
def test_files_that_lie_elsewhere_bind_nothing_and_hold_nobody_up(
    agent_at: AgentAt, project: GitFolder, outside: str
) -> None:
    agent = agent_at(project.root)

    assert made(agent, files=[outside])["steps"] == 2


def test_a_file_by_its_whole_path_is_the_one_of_the_repository(agent_at: AgentAt, project: GitFolder) -> None:
    made(agent_at(project.root), files=[str(project.root / "src/proxy.py")])

    assert section(plan_text(project), "Files expected to change") == ["- `src/proxy.py`"]


def test_a_folder_in_brackets_stays_the_folder(agent_at: AgentAt, project: GitFolder) -> None:
    made(agent_at(project.root), files=["app/(shop)/**: the basket"])

    assert section(plan_text(project), "Files expected to change") == ["- `app/(shop)/**`: the basket"]


def test_a_step_is_called_by_its_number_as_lists_write_it(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    made(agent)

    answer = agent.answer("save_plan", steps=["1. done", "2) doing: as far as it goes"])

    assert (answer["done"], answer["steps"]) == (1, 2)
    assert answer["left"] == ["2. Measure it (doing)"]


@pytest.mark.parametrize("goal", ["None", "CON", "Lpt1"])
def test_a_plan_is_called_by_nothing_that_means_something_else(
    agent_at: AgentAt, project: GitFolder, goal: str
) -> None:
    answer = made(agent_at(project.root), goal=goal)

    assert answer["plan"] == f".whykeeper/plans/{goal.lower()}-plan.md"


def test_a_goal_that_is_changed_is_told_with_the_one_before(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    made(agent, plan="ink")

    answer = made(agent, plan="ink", goal="Ink for everybody")

    assert f"a plan of that name or goal was there, and was changed; its goal was: {GOAL}" in answer["notes"]
    assert "commit" not in " ".join(answer["notes"])
