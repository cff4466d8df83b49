from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine
    from tests.conftest import GitFolder

GOVERNING = {
    "id": "c1",
    "kind": "convention",
    "path": "AGENTS.md",
    "lines": [1, 4],
    "title": "House rules",
    "status": None,
    "text": "Be kind.",
    "because": "nearest folder",
}


def answer(**values: Any) -> dict[str, Any]:
    return {"paths": [], "governing": [GOVERNING], "conventions": ["src/AGENTS.md", "AGENTS.md"], **values}


def test_what_governs_a_path_is_shown_with_the_reason(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["context"] = answer(related=[{**GOVERNING, "id": "c2", "title": "About it"}])
    out = whykeeper("context", "src/new.py", "--task", "add a pipe", "--budget", "500").out
    assert whykeeper.daemon.params == {"paths": ["src/new.py"], "task": "add a pipe", "budget": 500}
    assert "1. House rules\n   convention  AGENTS.md:1-4\n   nearest folder\n" in out
    assert "conventions, most specific first: src/AGENTS.md, AGENTS.md" in out
    assert "About the task:\n1. About it" in out


def test_rules_are_shown_file_by_file_each_with_its_place(whykeeper: CommandLine) -> None:
    said = {"path": "src/AGENTS.md", "line": 3, "text": "Be brief.\nAnd kind.", "under": "Tone"}
    rules = [{**said, "paths": ["src/a.py"]}, {**said, "path": "AGENTS.md", "also": ["CLAUDE.md:9"]}]
    told = {**GOVERNING, "path": "src/AGENTS.md", "text": "", "title": "Not shown"}
    whykeeper.daemon.answers["context"] = answer(
        rules=rules, enforced=["ruff (a.toml:2)"], conflicts=["A and B disagree"], governing=[told, GOVERNING]
    )

    out = whykeeper("context", "src/a.py").out

    assert out.startswith("Conflicts, which nobody has settled:\n  A and B disagree\n\n")
    assert "enforced by linters, so not repeated: ruff (a.toml:2)\n" in out
    rule = "  Tone\n    {}:3  Be brief.\n      And kind.\n"
    first = f"src/AGENTS.md (nearest folder), for src/a.py\n{rule.format('src/AGENTS.md')}\n"
    assert f"{first}AGENTS.md (nearest folder)\n{rule.format('AGENTS.md')}      also CLAUDE.md:9\n" in out
    assert "Not shown" not in out
    assert "Decisions and documents:\n1. House rules" in out


def test_json_is_the_daemons_answer(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["context"] = answer()
    assert whykeeper("context", "a.py", "--json").json == answer()


def test_nothing_to_look_up_is_one_clear_line(whykeeper: CommandLine) -> None:
    ran = whykeeper("context")
    assert (ran.code, whykeeper.daemon.asked) == (1, [])
    assert "no path and no task" in ran.err


def test_nothing_that_governs_is_said(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["context"] = answer(governing=[], conventions=[])
    assert whykeeper("context", "a.py").out == "Nothing that is recorded governs this.\n"


@pytest.mark.border
def test_diff_adds_what_differs_from_the_last_commit(whykeeper: CommandLine, git_folder: GitFolder) -> None:
    git_folder.write("old.py", "1\n")
    git_folder.write("gone.py", "1\n")
    git_folder.write("same.py", "1\n")
    git_folder.commit()
    ran = whykeeper("context", "--diff", "--repo", git_folder.root)
    assert ran.code == 1
    assert "nothing differs" in ran.err
    git_folder.write("old.py", "2\n")
    git_folder.write("new folder/ä.py", "1\n")
    (git_folder.root / "gone.py").unlink()
    whykeeper("context", git_folder.root / "old.py", "--diff", "--repo", git_folder.root)
    assert sorted(whykeeper.daemon.params["paths"]) == ["gone.py", "new folder/ä.py", "old.py"]


@pytest.mark.border
def test_diff_takes_what_is_staged_renamed_and_outside_of_the_working_directory(
    whykeeper: CommandLine, git_folder: GitFolder
) -> None:
    for name in ("src/old.py", "src/kept.py", "docs/a.md"):
        git_folder.write(name, f"{name} holds a line long enough to be known again\n")
    git_folder.commit()
    git_folder.git("mv", "src/old.py", "src/renamed.py")
    git_folder.write("docs/staged.md", "new\n")
    git_folder.git("add", "docs/staged.md")
    git_folder.write("docs/a.md", "changed\n")
    git_folder.write("src/deep/untracked.py", "1\n")
    whykeeper.change(cwd=git_folder.root / "src")

    whykeeper("context", "--diff", "--repo", git_folder.root)

    assert sorted(whykeeper.daemon.params["paths"]) == [
        "docs/a.md",
        "docs/staged.md",
        "src/deep/untracked.py",
        "src/old.py",
        "src/renamed.py",
    ]


def test_paths_are_the_repositorys_where_the_working_directory_is_elsewhere(
    whykeeper: CommandLine, tmp_path: Path
) -> None:
    root = whykeeper.runtime.cwd
    (root / "src").mkdir()
    (tmp_path / "elsewhere").mkdir()
    for cwd, typed in ((tmp_path / "elsewhere", "src/a.py"), (root / "src", "a.py"), (root, "src/a.py")):
        whykeeper.change(cwd=cwd)
        whykeeper("context", "--repo", root, typed)
        assert whykeeper.daemon.params["paths"] == ["src/a.py"]
