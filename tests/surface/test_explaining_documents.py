"""Why code is as it is, as documents and decisions have it."""

from __future__ import annotations

from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt
from tests.surface.explainer import CODE, explain


def test_a_decision_that_names_the_symbol_comes_first_then_the_comment_then_commits(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("net.py", CODE)
    git_folder.commit("Cast the net\n\nThe kraken leaked, because its buffers were never freed.")
    git_folder.write(
        "docs/adr/0001-nets.md",
        "# 1. Nets\n\n## Status\n\nAccepted\n\n## Decision\n\nOnly `cast_net` touches the water.\n",
    )
    commented = CODE.replace("    boat", "    # Lowered last, because a boat drifts.\n    boat")
    git_folder.write("net.py", commented)
    git_folder.commit("Say why the boat is last")
    agent = agent_at(git_folder.root)

    answer = explain(agent, "cast_net")
    kinds = [each["kind"] for each in answer["reasons"]]
    assert kinds[:3] == ["decision", "comment", "commit"]
    decision, comment = answer["reasons"][:2]
    assert (decision["status"], decision["because"]) == ("accepted", "names cast_net")
    assert "touches the water" in decision["text"]
    assert "a boat drifts" in comment["text"]
    assert (answer["path"], answer["lines"]) == ("net.py", [1, 8])
    assert explain(agent, "net.py::cast_net")["lines"] == [1, 8]
    assert [each["kind"] for each in explain(agent, "net.py:2")["reasons"]][:2] == ["decision", "commit"]


def test_a_superseded_decision_names_its_successor(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write("net.py", CODE)
    git_folder.write(
        "docs/adr/0001-nets.md",
        "# 1. Nets\n\n## Status\n\nSuperseded by [2](0002-lines.md)\n\n## Decision\n\nUse `cast_net`.\n",
    )
    git_folder.write(
        "docs/adr/0002-lines.md", "# 2. Lines\n\n## Status\n\nAccepted\n\n## Decision\n\nLines.\n"
    )
    git_folder.commit("Begin")
    first = explain(agent_at(git_folder.root), "cast_net")["reasons"][0]
    assert (first["status"], first["superseded_by"]) == ("superseded", ["docs/adr/0002-lines.md"])


def test_decisions_about_a_folder_are_given_for_what_is_in_it(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("src/sea/net.py", CODE)
    git_folder.write("src/land/plough.py", CODE)
    body = "## Status\n\nAccepted\n\n## Decision\n\nEverything is woven by hand"
    git_folder.write("docs/adr/0001-sea.md", f"# 1. Sea\n\n{body} in `src/sea/`.\n")
    git_folder.write("docs/adr/0002-ropes.md", f"---\npaths: src/sea/**\n---\n\n# 2. Ropes\n\n{body}.\n")
    git_folder.write(
        "docs/adr/0003-oil.md", f"# 3. Oil\n\n{body} in `src/sea/`.\n".replace("Accepted", "Rejected")
    )
    git_folder.commit("Begin")
    agent = agent_at(git_folder.root)

    def decided(target: str) -> dict[str, str]:
        reasons = explain(agent, target)["reasons"]
        return {each["path"]: each["because"] for each in reasons if each["kind"] == "decision"}

    for target in ("src/sea/net.py", "src/sea/net.py:3"):
        assert decided(target) == {
            "docs/adr/0001-sea.md": "is about src/sea/, where this is",
            "docs/adr/0002-ropes.md": "is about src/sea/**, where this is",
        }
        assert not explain(agent, target)["confident"]
    assert "docs/adr/0001-sea.md" in decided("src/sea")
    assert explain(agent, "src/sea")["confident"]
    assert decided("src/land/plough.py") == decided("src/land") == {}


def test_a_decision_that_names_a_file_by_its_older_name_is_given_under_both(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("src/pool.py", CODE)
    git_folder.write(
        "docs/adr/0001-pool.md",
        "# 1. Pool\n\n## Status\n\nAccepted\n\n## Decision\n\n`src/pool.py` holds every rope.\n",
    )
    git_folder.commit("Begin")
    git_folder.git("mv", "src/pool.py", "src/ropes.py")
    git_folder.commit("Rename it")
    git_folder.write("docs/guide.md", "# Guide\n\nRead `src/ropes.py`.\n")
    git_folder.commit("Write the guide")
    agent = agent_at(git_folder.root)

    def naming(target: str) -> dict[str, str]:
        answer = explain(agent, target)
        assert answer["confident"]
        return {each["path"]: each["because"] for each in answer["reasons"] if each["kind"] != "commit"}

    for target in ("src/ropes.py", "src/ropes.py:3"):
        assert naming(target) == {
            "docs/adr/0001-pool.md": "names src/pool.py, as this file was called before",
            "docs/guide.md": "names src/ropes.py",
        }
    assert naming("src/pool.py") == {
        "docs/adr/0001-pool.md": "names src/pool.py",
        "docs/guide.md": "names src/ropes.py, as it is called now",
    }


def test_a_document_that_names_a_decision_is_not_called_code(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("docs/adr/0001-nets.md", "# 1. Nets\n\n## Status\n\nAccepted\n\n## Decision\n\nNets.\n")
    git_folder.write("README.md", "# Fish\n\nSee [nets](docs/adr/0001-nets.md).\n")
    git_folder.commit("Begin")
    reasons = explain(agent_at(git_folder.root), "README.md")["reasons"]
    said = {each["path"]: each["because"] for each in reasons if each["kind"] == "decision"}
    assert said == {"docs/adr/0001-nets.md": "this document names it"}


def test_an_older_name_that_another_file_has_now_is_that_files(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("src/pool.py", CODE)
    git_folder.commit("Begin")
    git_folder.git("mv", "src/pool.py", "src/ropes.py")
    git_folder.commit("Rename it")
    git_folder.write("src/pool.py", "WATER = 1\n")
    git_folder.write("docs/guide.md", "# Guide\n\nRead `src/pool.py`.\n")
    git_folder.commit("Dig a pool")

    reasons = explain(agent_at(git_folder.root), "src/ropes.py")["reasons"]

    assert {each["kind"] for each in reasons} == {"commit"}


def test_of_two_decisions_that_name_the_file_the_newer_comes_first(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    for number, day in (("0001", "2024-01-01"), ("0002", "2025-01-01"), ("0003", "2023-01-01")):
        git_folder.write(
            f"docs/decisions/{number}-nets-{number}.md",
            f"---\nstatus: accepted\ndate: {day}\n---\n# Nets {number}\n\n## Decision Outcome\n\n"
            "`net.py` casts each net on its own.\n",
        )
    git_folder.write("net.py", "NET = 1\n")
    git_folder.commit("Cast nets")

    answer = explain(agent_at(git_folder.root), "net.py")

    dates = [each["date"] for each in answer["reasons"] if each["kind"] == "decision"]
    assert dates == ["2025-01-01", "2024-01-01", "2023-01-01"]
