"""Which commit is said to have ended what a document says."""

from __future__ import annotations

from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt
from tests.surface.staleness import GUIDE, findings, head, stale

LAMP = "".join(f"value_of_lantern_{number} = {number}\n" for number in range(20))


def blamed(agent: Agent, path: str = GUIDE) -> dict[str, str | None]:
    """The commit that is given for each name, by the name."""
    return {each["names"]: each["commit"] for each in stale(agent, all=True)[path]["findings"]}


def test_the_commit_that_took_a_name_away_is_given_and_not_one_that_renamed_its_file(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(GUIDE, "# Guide\n\n`Session.close_stream` ends it, see `src/big.py`.\n")
    project.write("src/big.py", f"{LAMP}class Session:\n    def close_stream(self):\n        return 1\n")
    project.commit("Start")
    first = ""
    for old, new in (("big", "large"), ("large", "largest")):
        project.git("mv", f"src/{old}.py", f"src/{new}.py")
        project.commit(f"Call it {new}")
        first = first or head(project)
    project.write("src/largest.py", f"{LAMP}class Session:\n    pass\n")
    project.commit("Close nothing")
    removed = head(project)
    project.git("mv", "src/largest.py", "src/huge.py")
    project.commit("Call it huge")
    agent = agent_at(project.root)

    assert blamed(agent) == {"Session.close_stream": removed, "src/big.py": first}
    assert ("broken", 3, "src/big.py", "renamed to src/huge.py") in findings(agent)


def test_the_commit_is_followed_to_the_file_that_a_name_was_moved_to(
    agent_at: AgentAt, project: GitFolder
) -> None:
    code = "def kindle_lantern(fuel):\n    return fuel\n"
    project.write(GUIDE, "# Guide\n\n`kindle_lantern(fuel)` does it.\n")
    project.write("src/lamp.py", f"{LAMP}{code}")
    project.commit("Start")
    project.write("src/lamp.py", LAMP)
    project.write("src/fire.py", code)
    project.commit("Keep fire apart")
    project.write("src/fire.py", "def burn(oil):\n    return oil\n")
    project.commit("Burn")

    assert blamed(agent_at(project.root)) == {"kindle_lantern": head(project)}


def test_quotations_and_lines_are_followed_through_a_rename_that_was_taken_back(
    agent_at: AgentAt, project: GitFolder
) -> None:
    line = "def kindle_lantern(fuel, *, wick):"
    text = f"# Guide\n\nIt is `src/lamp.py:4`.\n\n```python\n{line}\n```\n"
    project.write(GUIDE, text)
    project.write("src/lamp.py", f"{LAMP}{line}\n    return fuel\n")
    project.commit("Start")
    changed = LAMP.replace("lantern_3 = 3", "beacon_of_the_port = 3")
    project.write("src/lamp.py", f"{changed}{line}\n    return fuel\n")
    project.commit("Call the third a beacon")
    beacon = head(project)
    project.git("mv", "src/lamp.py", "src/light.py")
    project.commit("Call it light")
    project.write("src/light.py", f"{changed}def kindle_lantern(oil):\n    return oil\n")
    project.commit("Burn oil")
    oil = head(project)
    project.git("mv", "src/light.py", "src/lamp.py")
    project.commit("Call it lamp")

    assert blamed(agent_at(project.root)) == {"src/lamp.py": beacon, "kindle_lantern": oil}


def test_no_commit_is_given_where_a_merge_took_a_name_away(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\n`kindle_lantern(fuel)` does it.\n")
    project.write("src/lamp.py", f"{LAMP}def kindle_lantern(fuel):\n    return fuel\n")
    project.commit("Start")
    project.git("checkout", "-q", "-b", "side")
    project.git("mv", "src/lamp.py", "src/light.py")
    project.commit("Call it light")
    project.git("checkout", "-q", "-")
    project.write("other.py", "OTHER = 1\n")
    project.commit("Do something else")
    project.git("merge", "-q", "--no-commit", "--no-ff", "side")
    project.write("src/light.py", LAMP)
    project.commit("Merge, and burn nothing")

    assert blamed(agent_at(project.root)) == {"kindle_lantern": None}
