"""Why code is as it is, as comments have it, in large files too."""

from __future__ import annotations

from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt
from tests.surface.explainer import explain

CASES = 230
"""More than the index keeps of one file."""


def test_the_comment_at_a_line_is_given_however_many_stand_above_it(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    functions = [
        f"def case_{each}(x):\n    return x + {each}  # because of case {each}\n" for each in range(CASES)
    ]
    git_folder.write("cases.py", "\n".join(functions))
    git_folder.commit("Begin")
    agent = agent_at(git_folder.root)

    for number in (0, CASES - 1):
        answer = explain(agent, f"cases.py:{number * 3 + 2}")
        (comment,) = (each for each in answer["reasons"] if each["kind"] == "comment")
        assert f"because of case {number}" in comment["text"]
        assert comment["because"] == f"the comment at this line, in case_{number}"
        assert answer["confident"]
        whole = agent.answer("read_memory", id=comment["id"])
        assert f"because of case {number}" in whole["text"]


def test_a_file_over_the_size_limit_says_that_its_comments_were_not_read(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("big.py", "x = 1  # because\n" * 70_000)
    git_folder.commit("Begin")
    (note,) = explain(agent_at(git_folder.root), "big.py")["notes"]
    assert note.startswith("big.py is not in the index, over the size limit (")
    assert note.endswith("its comments were not looked at")
