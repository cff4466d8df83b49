from __future__ import annotations

from benchmarks.explain.__main__ import judged, table
from benchmarks.explain.drawing import draw
from tests.conftest import GitFolder


def test_lines_drawn_are_code_and_the_same_for_the_same_seed(git_folder: GitFolder) -> None:
    for number in range(9):
        git_folder.write(f"a{number}.py", f"# comment\n\ndef f{number}():\n    return {number}\n)\n")
    git_folder.write("notes.md", "Some words here\n")
    git_folder.commit()
    drawn = draw(git_folder.root, 4, 1)
    assert drawn == draw(git_folder.root, 4, 1) != draw(git_folder.root, 4, 2)
    assert len({path for path, _, _ in drawn}) == 4
    assert all(text.startswith(("def", "return")) for _, _, text in drawn)


def test_thirty_lines_of_ten_repositories_are_judged_and_a_difference_is_shown() -> None:
    rows = judged()
    assert (len(rows), len({row["repo"] for row in rows})) == (30, 10)
    told = {"first": "commit x", "took_ms": 1.0, "confident": True}
    same = [{**row, **told, "found": row["commit"]} for row in rows]
    assert "the commit that made the line so: 30 of 30" in table(same)
    same[0]["found"] = "0" * 12
    assert "the commit that made the line so: 29 of 30" in table(same)
    assert rows[0]["commit"] in table(same)
