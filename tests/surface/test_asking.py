"""What is recorded already is shown to the user, where the client can, before something is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mcp import Client
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

ERAS = ("legacy", "2026-07-28")
SQUID = {"title": "The use of squid", "context": "The kraken leaked.", "decision": "Squid is the proxy."}
OLD = "docs/decisions/0001-use-squid.md"
NEW = "docs/decisions/0002-the-use-of-squid.md"
Answers = Callable[[list[str]], ElicitResult]


class User:
    """Answers the client's questions, and remembers them."""

    def __init__(self, answer: Answers) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def __call__(self, _context: object, params: ElicitRequestParams) -> ElicitResult:
        self.asked.append(params.message)
        (field,) = params.requested_schema["properties"].values()  # type: ignore[union-attr]
        return self.answer(field["enum"])


def chosen(beginning: str) -> Answers:
    return lambda choices: ElicitResult(
        action="accept", content={"choice": next(each for each in choices if each.startswith(beginning))}
    )


def outcome(agent: Agent, user: User | None, mode: str, tool: str, **arguments: Any) -> CallToolResult:
    async def ask() -> CallToolResult:
        async with Client(agent._server, mode=mode, elicitation_callback=user) as client:
            return await client.call_tool(tool, arguments)

    return agent.machine.run(ask())


def called(agent: Agent, user: User | None, mode: str, tool: str, **arguments: Any) -> dict[str, Any]:
    result = outcome(agent, user, mode, tool, **arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content


@pytest.mark.parametrize("mode", ERAS)
def test_the_user_has_the_old_decision_replaced(agent_at: AgentAt, project: GitFolder, mode: str) -> None:
    user = User(chosen(f"Replace {OLD}"))

    answer = called(agent_at(project.root), user, mode, "record_decision", **SQUID)

    assert answer["written"] == [NEW, OLD]
    (question,) = user.asked
    assert f"- {OLD} “Use squid”: its title says nearly the same" in question


@pytest.mark.parametrize("mode", ERAS)
def test_the_user_has_both_stand(agent_at: AgentAt, project: GitFolder, mode: str) -> None:
    user = User(chosen("Keep both"))
    assert called(agent_at(project.root), user, mode, "record_decision", **SQUID)["written"] == [NEW]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("answer", [chosen("Do not"), lambda _: ElicitResult(action="decline")])
def test_the_user_does_not_want_it(agent_at: AgentAt, project: GitFolder, mode: str, answer: Answers) -> None:
    refused = called(agent_at(project.root), User(answer), mode, "record_decision", **SQUID)

    assert refused == {
        "written": [],
        "related": [],
        "notes": ["the user was asked, and does not want it written"],
    }
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    "user",
    [
        None,
        User(lambda _: ElicitResult(action="cancel")),
        User(lambda _: ElicitResult(action="accept", content={"choice": "Eat it"})),
        User(lambda _: ElicitResult(action="accept", content={"meal": ["squid"]})),
    ],
)
def test_where_nobody_answers_the_model_decides(
    agent_at: AgentAt, project: GitFolder, mode: str, user: User | None
) -> None:
    answer = called(agent_at(project.root), user, mode, "record_decision", **SQUID)

    assert answer["written"] == []
    assert [each["path"] for each in answer["related"]] == [OLD]
    assert "call again with supersedes or amends" in answer["notes"][-1]


@pytest.mark.parametrize("mode", ERAS)
def test_nobody_is_asked_where_nothing_is_in_the_way(
    agent_at: AgentAt, project: GitFolder, mode: str
) -> None:
    user, agent = User(chosen("Do not")), agent_at(project.root)
    other = {**SQUID, "title": "Paint the quay", "decision": "It is painted green."}

    assert len(called(agent, user, mode, "record_decision", **other)["written"]) == 1
    assert called(agent, user, mode, "record_decision", **SQUID, supersedes=[OLD])["written"][1:] == [OLD]
    assert user.asked == []


@pytest.mark.parametrize("mode", ERAS)
def test_the_user_has_a_rule_replaced(agent_at: AgentAt, project: GitFolder, mode: str) -> None:
    project.write("docs/context/conventions.md", "# Conventions\n\n- Indent with tabs everywhere.\n")
    project.commit("Rules")
    user = User(chosen("Replace docs/context/conventions.md:3"))

    called(agent_at(project.root), user, mode, "remember", text="Never indent with tabs.")

    rules = (project.root / "docs/context/conventions.md").read_text(encoding="utf-8")
    assert rules == "# Conventions\n\n- Never indent with tabs.\n"


@pytest.mark.parametrize("mode", ERAS)
def test_no_other_rule_is_replaced_when_the_file_changes_while_the_user_thinks(
    agent_at: AgentAt, project: GitFolder, mode: str
) -> None:
    rules = "docs/context/conventions.md"
    project.write(rules, "# Conventions\n\n- Indent with tabs everywhere.\n")
    project.commit("Rules")
    changed = "# Conventions\n\n- Ferries moor at dusk.\n- Indent with tabs everywhere.\n"

    def after_a_change(choices: list[str]) -> ElicitResult:
        project.write(rules, changed)
        return chosen("Replace")(choices)

    agent, user = agent_at(project.root), User(after_a_change)
    result = outcome(agent, user, mode, "remember", text="Never indent with tabs.")

    left = (project.root / rules).read_text(encoding="utf-8")
    if result.is_error:
        assert "“Ferries moor at dusk.” is there by now, not “Indent with tabs" in str(result.content)
        assert left == changed
    else:  # The client was asked once more, about the file as it is.
        assert len(user.asked) == 2
        assert left == changed.replace("Indent with tabs everywhere.", "Never indent with tabs.")
