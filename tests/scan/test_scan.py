from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from whykeeper_indexers.scan import ScanOptions, ScanResult, open_repository, scan, scan_paths, sweep
from whykeeper_indexers.types import ExclusionReason

OPTIONS = ScanOptions()


def reasons(result: ScanResult) -> dict[str, ExclusionReason]:
    return {path: exclusion.reason for path, exclusion in result.excluded.items()}


def scanned(root: Path, **options: Any) -> ScanResult:
    return scan(open_repository(root), ScanOptions(**options))


def test_tracked_and_untracked_files_belong_and_ignored_ones_do_not(git_folder: Any) -> None:
    git_folder.write(".gitignore", "*.log\n/out/\n")
    git_folder.write("a.md", "a")
    git_folder.commit()
    for path in ("new.py", "debug.log", "out/x.py"):
        git_folder.write(path, "x")
    result = scanned(git_folder.root)
    assert set(result.files) == {".gitignore", "a.md", "new.py"}
    assert result.excluded == {}


def test_a_tracked_file_belongs_even_when_a_rule_ignores_it(git_folder: Any) -> None:
    git_folder.write("keep.log", "x")
    git_folder.commit()
    git_folder.write(".gitignore", "*.log\n")
    assert "keep.log" in scanned(git_folder.root).files


def test_a_tracked_file_that_was_deleted_is_simply_not_there(git_folder: Any) -> None:
    git_folder.write("gone.md", "x")
    git_folder.commit()
    (git_folder.root / "gone.md").unlink()
    result = scanned(git_folder.root)
    assert (dict(result.files), result.excluded) == ({}, {})


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("logo.PNG", ExclusionReason.BINARY),
        ("web/package-lock.json", ExclusionReason.LOCK_FILE),
        ("go.sum", ExclusionReason.LOCK_FILE),
        ("app.min.js", ExclusionReason.MINIFIED),
        ("api_pb2.py", ExclusionReason.GENERATED),
        ("api.pb.go", ExclusionReason.GENERATED),
        ("logo.svg", ExclusionReason.UNSUPPORTED),
    ],
)
def test_a_name_alone_tells_what_nobody_wrote_by_hand(
    git_folder: Any, path: str, reason: ExclusionReason
) -> None:
    git_folder.write(path, "x")
    assert reasons(scanned(git_folder.root)) == {path: reason}


def test_what_gitattributes_marks_as_generated_is_left_out(git_folder: Any) -> None:
    git_folder.write(".gitattributes", "api/** linguist-generated\n")
    git_folder.write(
        "web/.gitattributes", "client.ts linguist-generated=true\nserver.ts -linguist-generated\n"
    )
    for path in ("api/a.py", "web/client.ts", "web/server.ts"):
        git_folder.write(path, "x")
    result = scanned(git_folder.root)
    assert reasons(result) == {
        "api/a.py": ExclusionReason.GENERATED,
        "web/client.ts": ExclusionReason.GENERATED,
    }


def test_include_brings_back_ignored_and_lock_files_and_exclude_wins(git_folder: Any) -> None:
    git_folder.write(".gitignore", "build/\n")
    for path in ("build/docs/a.md", "build/docs/b.md", "build/x.md", "uv.lock", "secret/plan.md"):
        git_folder.write(path, "x")
    result = scanned(git_folder.root, include=("build/docs/*.md", "uv.lock"), exclude=("b.md", "secret/"))
    assert set(result.files) == {".gitignore", "build/docs/a.md", "uv.lock"}
    assert result.excluded["secret/plan.md"].detail == "secret/"
    assert result.excluded["build/docs/b.md"].reason is ExclusionReason.CONFIGURED


def test_include_without_a_folder_reaches_into_every_ignored_folder(git_folder: Any) -> None:
    git_folder.write(".gitignore", "deep/\n")
    git_folder.write("deep/er/NOTES.md", "x")
    assert "deep/er/NOTES.md" in scanned(git_folder.root, include=("NOTES.md",)).files


def test_plans_belong_although_their_folder_is_ignored(git_folder: Any) -> None:
    git_folder.write(".gitignore", ".whykeeper/\n")
    git_folder.write(".whykeeper/plans/a.md", "x")
    git_folder.write(".whykeeper/cache.md", "x")
    assert set(scanned(git_folder.root).files) == {".gitignore", ".whykeeper/plans/a.md"}


def test_a_file_over_the_limit_is_left_out_with_both_sizes(git_folder: Any) -> None:
    git_folder.write("big.txt", "x" * 2_000)
    result = scanned(git_folder.root, max_file_bytes=1_000)
    assert result.excluded["big.txt"].reason is ExclusionReason.TOO_LARGE
    assert result.excluded["big.txt"].detail == "2,000 bytes, the limit is 1,000"


def test_symbolic_links_are_folded_or_left_out_and_never_followed(git_folder: Any, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("x", encoding="utf-8")
    git_folder.write("AGENTS.md", "x")
    git_folder.write("docs/a.md", "x")
    root = git_folder.root
    (root / "CLAUDE.md").symlink_to("AGENTS.md")
    (root / "manual").symlink_to("docs")
    (root / "passwd").symlink_to(outside)
    (root / "nowhere").symlink_to("missing")
    (root / "circle").symlink_to("circle")
    result = scanned(root)
    assert set(result.files) == {"AGENTS.md", "docs/a.md"}
    assert result.excluded["CLAUDE.md"].reason is ExclusionReason.LINK_FOLDED
    assert result.excluded["CLAUDE.md"].detail == "AGENTS.md"
    assert result.excluded["manual"].detail == "docs"
    assert result.excluded["passwd"].reason is ExclusionReason.LINK_OUTSIDE
    assert result.excluded["nowhere"].reason is ExclusionReason.NOT_A_FILE
    assert result.excluded["circle"].reason is ExclusionReason.NOT_A_FILE


def test_a_tracked_folder_that_became_a_link_does_not_lead_outside(git_folder: Any, tmp_path: Path) -> None:
    git_folder.write("docs/a.md", "x")
    git_folder.commit()
    (git_folder.root / "docs/a.md").unlink()
    (git_folder.root / "docs").rmdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.md").write_text("private", encoding="utf-8")
    (git_folder.root / "docs").symlink_to(tmp_path / "elsewhere")
    result = scanned(git_folder.root)
    assert "docs/a.md" not in result.files
    assert result.excluded["docs/a.md"].reason is ExclusionReason.LINK_OUTSIDE


def test_repositories_inside_are_left_out_with_a_note(git_folder: Any) -> None:
    git_folder.write("vendored/lib/x.py", "x")
    git_folder.git("init", "-q", "vendored/lib")
    result = scanned(git_folder.root)
    assert reasons(result) == {"vendored/lib": ExclusionReason.NOT_A_FILE}
    assert result.notes == ("1 folders are repositories of their own and were left out: vendored/lib",)


@pytest.mark.parametrize(
    "name", ["two\nlines.md", 'quo"te.md', "ümläut.md", " lead.md", "-dash.md", "a:b.md", "[x]*.md"]
)
def test_odd_names_survive(git_folder: Any, name: str) -> None:
    git_folder.write(name, "x")
    result = scanned(git_folder.root)
    assert list(result.files) == [name]
    assert list(scan_paths(open_repository(git_folder.root), OPTIONS, [name]).files) == [name]


def test_a_name_that_is_no_utf_8_is_left_out_under_a_name_that_can_be_stored(git_folder: Any) -> None:
    os.close(os.open(os.fsencode(git_folder.root) + b"/caf\xe9.md", os.O_CREAT | os.O_WRONLY))
    result = scanned(git_folder.root)
    assert reasons(result) == {"caf\\xe9.md": ExclusionReason.UNREADABLE}


def test_a_listing_stops_at_its_bound_and_says_so(git_folder: Any) -> None:
    for number in range(5):
        git_folder.write(f"{number}.md", "x")
    result = scanned(git_folder.root, max_files=3)
    assert len(result.files) == 3
    assert result.notes == ("stopped listing after 3 files",)


def test_a_change_set_of_files_folders_and_missing_paths_is_looked_at_alone(git_folder: Any) -> None:
    git_folder.write(".gitignore", "*.log\n")
    for path in ("a.md", "b.md", "docs/c.md", "docs/d.md", "x.log"):
        git_folder.write(path, "x")
    result = scan_paths(
        open_repository(git_folder.root), OPTIONS, ["./a.md", "docs/", "gone", "x.log", "../x", "/etc"]
    )
    assert set(result.files) == {"a.md", "docs/c.md", "docs/d.md"}
    assert reasons(result) == {"x.log": ExclusionReason.IGNORED}


def test_a_change_set_too_long_for_a_command_line_is_answered_the_same(git_folder: Any) -> None:
    names = [f"folder/with/a/long/name/{number:05}.md" for number in range(1_200)]
    for name in names:
        git_folder.write(name, "x")
    git_folder.write("other.md", "x")
    result = scan_paths(open_repository(git_folder.root), OPTIONS, names)
    assert sorted(result.files) == names


def test_a_link_in_a_change_set_is_folded_onto_a_target_that_is_not_in_it(git_folder: Any) -> None:
    git_folder.write("AGENTS.md", "x")
    (git_folder.root / "CLAUDE.md").symlink_to("AGENTS.md")
    result = scan_paths(open_repository(git_folder.root), OPTIONS, ["CLAUDE.md"])
    assert result.excluded["CLAUDE.md"].reason is ExclusionReason.LINK_FOLDED


def test_pipes_and_sockets_are_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
    result = scanned(tmp_path)
    assert {path: e.detail for path, e in result.excluded.items()} == {"pipe": "named pipe", "s": "socket"}


def test_a_plain_folder_is_walked_by_its_gitignores_and_the_folders_nobody_reads(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    for path in (
        "a.md",
        "x.log",
        "node_modules/m.js",
        "env/pyvenv.cfg",
        "env/x.py",
        "docs/b.md",
        "docs/out.md",
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x", encoding="utf-8")
    (folder / ".gitignore").write_text("*.log\nout.*\n", encoding="utf-8")
    (folder / "docs/.gitignore").write_text("!out.md\n", encoding="utf-8")
    result = scanned(folder)
    assert set(result.files) == {".gitignore", "a.md", "docs/.gitignore", "docs/b.md", "docs/out.md"}
    assert result.notes[0].startswith("not a git repository")
    repository = open_repository(folder)
    assert set(scan_paths(repository, OPTIONS, ["docs"]).files) == {
        "docs/.gitignore",
        "docs/b.md",
        "docs/out.md",
    }
    included = scan(repository, ScanOptions(include=("node_modules/*.js",)))
    assert "node_modules/m.js" in included.files


def test_an_empty_repository_has_no_files(git_folder: Any) -> None:
    result = scanned(git_folder.root)
    assert (dict(result.files), result.excluded, result.notes) == ({}, {}, ())


def age(root: Path) -> None:
    """Make everything old enough for its times to be trusted."""
    for folder, _, names in os.walk(root):
        for name in [*names, "."]:
            os.utime(Path(folder, name), (1_000_000_000, 1_000_000_000), follow_symlinks=False)


def test_a_sweep_over_an_unchanged_tree_finds_nothing(git_folder: Any) -> None:
    git_folder.write("docs/a.md", "x")
    age(git_folder.root)
    repository = open_repository(git_folder.root)
    result = scan(repository, OPTIONS)
    assert sweep(repository, result.files, result.folders).paths == frozenset()


def test_a_sweep_finds_what_was_changed_deleted_and_created(git_folder: Any) -> None:
    for path in ("a.md", "b.md", "docs/c.md"):
        git_folder.write(path, "x")
    age(git_folder.root)
    repository = open_repository(git_folder.root)
    before = scan(repository, OPTIONS)
    git_folder.write("a.md", "y")
    (git_folder.root / "b.md").unlink()
    git_folder.write("docs/new.md", "x")
    found = sweep(repository, before.files, before.folders)
    assert found.paths == {"a.md", "b.md", "docs", ""}
    assert "docs/new.md" in scan_paths(repository, OPTIONS, found.paths).files


def test_a_sweep_does_not_trust_a_folder_that_was_fresh_when_it_was_listed(git_folder: Any) -> None:
    git_folder.write("docs/a.md", "x")
    repository = open_repository(git_folder.root)
    before = scan(repository, OPTIONS)
    assert "docs" in sweep(repository, before.files, before.folders).paths


def test_a_changed_ignore_file_asks_for_a_whole_scan(git_folder: Any) -> None:
    git_folder.write(".gitignore", "x\n")
    repository = open_repository(git_folder.root)
    before = scan(repository, OPTIONS)
    git_folder.write(".gitignore", "longer\n")
    assert sweep(repository, before.files, before.folders).rescan


def test_a_damaged_index_is_worked_around_with_a_note(git_folder: Any) -> None:
    git_folder.write(".gitignore", "*.log\n")
    git_folder.write("a.md", "x")
    git_folder.write("b.log", "x")
    git_folder.commit()
    (git_folder.root / ".git/index").write_bytes(b"not an index")
    result = scanned(git_folder.root)
    assert set(result.files) == {".gitignore", "a.md"}
    assert "index" in result.notes[0]
    assert "approximated" in result.notes[0]
