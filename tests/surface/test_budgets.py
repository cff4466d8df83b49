"""An answer as a model reads it takes no more than the tokens that were asked for."""

from __future__ import annotations

import pytest
from mcp_types import TextContent
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

WORDY = " ".join(["a"] * 45)
"""A heading of many short words."""


@pytest.fixture
def agent(agent_at: AgentAt, git_folder: GitFolder) -> Agent:
    constants = "".join(f"ALBATROSS_{number} = {number}\n" for number in range(60))
    git_folder.write("src/constants.py", f'"""What an albatross needs."""\n\n{constants}')
    for number in range(8):
        git_folder.write(
            f"docs/{number}.md", f"# {WORDY} {number}\n\nAn albatross of number {number} flies.\n" * 3
        )
    git_folder.write("AGENTS.md", f"# {WORDY}\n\nEvery albatross is fed.\n")
    git_folder.commit("Begin")
    return agent_at(git_folder.root)


def shown(agent: Agent, tool: str, **arguments: object) -> int:
    """The words of the text that a model reads, but for the notes; as the test's encoder counts tokens."""
    (content,) = agent.call(tool, **arguments).content
    assert isinstance(content, TextContent)
    lines = [line for line in content.text.splitlines() if not line.startswith(("Note:", "Nothing"))]
    return len(" ".join(lines).split())


@pytest.mark.parametrize("budget", [100, 300, 1_500])
def test_what_stands_above_the_passages_counts(agent: Agent, budget: int) -> None:
    assert 0 < shown(agent, "search_memory", query="albatross number", budget_tokens=budget) <= budget


@pytest.mark.parametrize("budget", [100, 300])
def test_so_it_does_where_governing_and_related_passages_share_it(agent: Agent, budget: int) -> None:
    asked = {"paths": ["src/constants.py"], "task": "feed the albatross number 3"}
    assert 0 < shown(agent, "get_context", **asked, budget_tokens=budget) <= budget


def test_a_title_of_many_names_is_cut(agent: Agent) -> None:
    first, *_ = agent.answer("search_memory", query="albatross", kinds=["code"])["results"]
    assert first["title"].startswith("ALBATROSS_0, ALBATROSS_1,")
    assert first["title"].endswith(" …")
    assert len(first["title"]) < 130
