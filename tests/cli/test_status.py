from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine

STATUS = {
    "checkout": "/x",
    "index": {"state": "complete", "files": 1234, "excluded": {"binary": 2}, "redactions": 0},
    "watch": {"state": "watching by inotify"},
    "model": {"state": "ready"},
    "stores": {},
    "notes": ["a note"],
}


def test_status_is_shown_in_a_few_lines(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["status"] = dict(STATUS)
    assert whykeeper("status").out.splitlines() == [
        "checkout  /x",
        "index     complete",
        "          1,234 files",
        "left out  2 binary",
        "watch     watching by inotify",
        "model     model: ready",
        "note: a note",
    ]
    assert whykeeper("status", "--json").code == 0


def test_status_shows_how_far_a_change_of_model_has_come(whykeeper: CommandLine) -> None:
    index = {"encoded": {"code": 900}, "waiting": {"document": 1500}, "earlier": {"bge-small": 1400}}
    model = {"model": "/models/bge-large", "state": "ready"}
    whykeeper.daemon.answers["status"] = STATUS | {"index": index, "model": model}
    done = "900 of 2,400 vectors of bge-large; still to do: 1,500 document; until then 1,400 are compared by "
    assert f"meaning   {done}bge-small" in whykeeper("status").out.splitlines()
    whykeeper.daemon.answers["status"] = STATUS | {"index": {"encoded": {"code": 900}}, "model": model}
    assert "meaning   complete, 900 vectors of bge-large" in whykeeper("status").out.splitlines()


def test_nothing_is_called_complete_while_vectors_are_opened_or_after_the_model_failed(
    whykeeper: CommandLine,
) -> None:
    index, model = {"encoded": {"code": 900}, "waiting": {}}, {"model": "lost", "state": "off"}
    opening = {"index": index, "model": model, "stores": {"folder": "/d", "vectors": "opening"}}
    whykeeper.daemon.answers["status"] = STATUS | opening
    kept = "meaning   by words only until the vectors are open; 900 vectors kept"
    assert kept in whykeeper("status").out.splitlines()
    failed = {"index": index, "model": model | {"state": "failed: no such model"}}
    whykeeper.daemon.answers["status"] = STATUS | failed
    assert "meaning   900 vectors of lost; the model failed" in whykeeper("status").out.splitlines()


def test_files_says_of_each_path_whether_it_is_in_and_why_not(whykeeper: CommandLine) -> None:
    whykeeper.daemon.answers["status_files"] = {
        "files": [
            {"path": "a.md", "indexed": True, "kind": "document", "chunks": 3, "redactions": 1},
            {"path": "b.bin", "indexed": False, "reason": "binary", "detail": ""},
            {"path": "c.js", "indexed": False, "reason": "ignored by git", "detail": ".gitignore:3 dist/"},
        ]
    }
    out = whykeeper("status", "--files", "a.md", "b.bin", "sub/../c.js").out
    assert whykeeper.daemon.params == {"paths": ["a.md", "b.bin", "c.js"]}
    assert out.splitlines() == [
        "a.md: indexed as document, 3 passages, 1 secret cut out",
        "b.bin: not indexed: binary",
        "c.js: not indexed: ignored by git (.gitignore:3 dist/)",
    ]
    assert whykeeper("status", "--json", "--files", "a.md").json["files"][0]["path"] == "a.md"


def test_a_path_outside_stays_absolute_and_a_link_is_not_followed(
    whykeeper: CommandLine, tmp_path: Path
) -> None:
    (whykeeper.runtime.cwd / "link.md").symlink_to(tmp_path / "elsewhere.md")
    whykeeper("status", "--files", "../other/x.md", "link.md", "link.md/../y.md")
    assert whykeeper.daemon.params["paths"] == [str(tmp_path / "other" / "x.md"), "link.md", "y.md"]


def test_a_path_behind_a_link_that_leaves_keeps_its_name(whykeeper: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (whykeeper.runtime.cwd / "away").symlink_to(tmp_path / "far")
    (tmp_path / "alias").symlink_to(whykeeper.runtime.cwd)
    for cwd in (whykeeper.runtime.cwd, tmp_path / "alias"):
        whykeeper.change(cwd=cwd)
        whykeeper("status", "--files", "away/a.md", "away", cwd / "away" / "b.md")
        assert whykeeper.daemon.params["paths"] == ["away/a.md", "away", "away/b.md"]


def test_links_in_a_circle_are_for_the_daemon_to_judge(whykeeper: CommandLine, checkout: Path) -> None:
    (checkout / "loop").symlink_to("loop")
    whykeeper("status", "--files", "loop", "loop/in.md", "a.md")
    assert whykeeper.daemon.params["paths"] == ["loop", "loop/in.md", "a.md"]


def test_a_working_directory_reached_by_a_link_makes_no_difference(
    whykeeper: CommandLine, tmp_path: Path
) -> None:
    alias = tmp_path / "alias"
    alias.symlink_to(whykeeper.runtime.cwd)
    whykeeper.change(cwd=alias)
    whykeeper("status", "--files", "a.md", alias / "b.md")
    assert whykeeper.daemon.params["paths"] == ["a.md", "b.md"]


@pytest.mark.parametrize(
    ("arguments", "said"), [(["--files"], "needs the paths"), (["a.md"], "need --files")]
)
def test_files_and_paths_go_together(whykeeper: CommandLine, arguments: list[str], said: str) -> None:
    ran = whykeeper("status", *arguments)
    assert ran.code == 1
    assert said in ran.err


@pytest.mark.parametrize("arguments", [["status", "--files"], ["context"], ["search", "why", "--path"]])
@pytest.mark.parametrize("path", ["", "  "])
def test_an_empty_path_is_refused_without_asking_the_daemon(
    whykeeper: CommandLine, arguments: list[str], path: str
) -> None:
    ran = whykeeper(*arguments, path)
    assert (ran.code, ran.out, whykeeper.daemon.asked) == (1, "", [])
    assert ran.err.splitlines()[0] == "whykeeper: error: a path is empty"
