"""What is verified, as two trees."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from tests.conftest import GitFolder

from whykeeper_indexers.change import Change, ChangeSource, FileStatus, SourceKind, gathered
from whykeeper_indexers.errors import QueryError
from whykeeper_indexers.types import LineRange


def statuses(change: Change) -> dict[str, FileStatus]:
    return {each.path: each.status for each in change.files}


def test_the_working_tree_has_new_changed_and_deleted_files(git_folder: GitFolder) -> None:
    for name in ("kept", "changed", "gone"):
        git_folder.write(f"{name}.txt", f"{name}\nsecond\n")
    git_folder.commit()
    git_folder.write("changed.txt", "changed\nother\nthird\n")
    git_folder.write("new file.txt", "new\n")
    (git_folder.root / "gone.txt").unlink()
    with gathered(git_folder.root, ChangeSource()) as change:
        assert statuses(change) == {
            "changed.txt": FileStatus.MODIFIED,
            "gone.txt": FileStatus.DELETED,
            "new file.txt": FileStatus.ADDED,
        }
        (changed,) = (each for each in change.files if each.path == "changed.txt")
        assert (changed.removed, changed.added) == ((LineRange(2, 2),), (LineRange(2, 3),))
        assert change.head.text("new file.txt") == "new\n"
        assert change.base.text("gone.txt") == "gone\nsecond\n"


def test_nothing_of_the_repository_is_touched(git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "a\n")
    git_folder.commit()
    git_folder.write("a.txt", "b\n")
    git_folder.write("b.txt", "new\n")
    before = contents(git_folder.root / ".git")
    with gathered(git_folder.root, ChangeSource()) as change:
        assert change.head.text("b.txt") == "new\n"
    assert contents(git_folder.root / ".git") == before


def contents(folder: Path) -> dict[str, str]:
    files = (each for each in folder.rglob("*") if each.is_file())
    return {str(each): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def test_a_mirror_that_lacks_contents_nobody_checked_out_is_verified_all_the_same(
    git_folder: GitFolder,
) -> None:
    git_folder.write("library.jar", "large\n")
    git_folder.write("a.txt", "a\n")
    git_folder.commit()
    blob = git_folder.git("rev-parse", "HEAD:library.jar")
    git_folder.git("update-index", "--skip-worktree", "library.jar")
    (git_folder.root / "library.jar").unlink()
    (git_folder.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    git_folder.write("a.txt", "b\n")
    for kind in (SourceKind.WORKING_TREE, SourceKind.INDEX):
        git_folder.git("add", "a.txt")
        with gathered(git_folder.root, ChangeSource(kind)) as change:
            assert statuses(change) == {"a.txt": FileStatus.MODIFIED}


def test_the_index_is_what_is_staged(git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "a\n")
    git_folder.commit()
    git_folder.write("a.txt", "staged\n")
    git_folder.git("add", "a.txt")
    git_folder.write("a.txt", "not staged\n")
    git_folder.write("b.txt", "not staged\n")
    with gathered(git_folder.root, ChangeSource(SourceKind.INDEX)) as change:
        assert statuses(change) == {"a.txt": FileStatus.MODIFIED}
        assert change.head.text("a.txt") == "staged\n"


def test_a_patch_is_applied_to_its_base(git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "a\n")
    base = git_folder.commit()
    git_folder.write("a.txt", "b\n")
    patch = git_folder.git("diff").encode() + b"\n"
    git_folder.commit()
    with gathered(git_folder.root, ChangeSource(SourceKind.PATCH, base, patch=patch)) as change:
        assert change.head.text("a.txt") == "b\n"
    with (
        pytest.raises(QueryError, match="does not apply"),
        gathered(git_folder.root, ChangeSource(SourceKind.PATCH, patch=patch)),
    ):
        pass


def test_a_rename_is_told_as_one(git_folder: GitFolder) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    git_folder.write("old.txt", text)
    git_folder.commit()
    git_folder.git("mv", "old.txt", "new.txt")
    with gathered(git_folder.root, ChangeSource()) as change:
        (file,) = change.files
        assert (file.before, file.path, file.status) == ("old.txt", "new.txt", FileStatus.RENAMED)


def test_a_range_since_the_branch_was_left_has_its_own_commits_alone(git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "a\n")
    git_folder.commit()
    git_folder.git("checkout", "-q", "-b", "topic")
    git_folder.write("topic.txt", "topic\n")
    own = git_folder.commit()
    git_folder.git("checkout", "-q", "main")
    git_folder.write("main.txt", "main\n")
    git_folder.commit()
    source = ChangeSource(SourceKind.RANGE, "main", "topic", merge_base=True)
    with gathered(git_folder.root, source) as change:
        assert statuses(change) == {"topic.txt": FileStatus.ADDED}
        assert change.commits == (own,)


def test_the_first_commit_adds_everything(git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "a\n")
    first = git_folder.commit()
    with gathered(git_folder.root, ChangeSource(SourceKind.RANGE, "", first)) as change:
        assert statuses(change) == {"a.txt": FileStatus.ADDED}


def test_a_commit_whose_parent_was_not_fetched_is_not_taken_for_the_first(
    git_folder: GitFolder, tmp_path: Path
) -> None:
    for text in ("a\n", "b\n"):
        git_folder.write("a.txt", text)
        git_folder.commit()
    clone = tmp_path / "clone"
    git_folder.git("clone", "-q", "--depth", "1", git_folder.root.as_uri(), str(clone))
    source = ChangeSource(SourceKind.RANGE, "", "HEAD")
    with pytest.raises(QueryError, match="shallow clone ends with it"), gathered(clone, source):
        pass


def test_work_before_the_first_commit_is_all_new(git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "a\n")
    with gathered(git_folder.root, ChangeSource()) as change:
        assert statuses(change) == {"a.txt": FileStatus.ADDED}


def test_a_commit_that_is_not_there_is_named(git_folder: GitFolder) -> None:
    git_folder.commit()
    with pytest.raises(QueryError, match="nowhere"), gathered(git_folder.root, ChangeSource(base="nowhere")):
        pass


def test_filters_of_the_repository_are_not_run(git_folder: GitFolder, tmp_path: Path) -> None:
    git_folder.write(".gitattributes", "*.txt filter=evil\n")
    git_folder.write("a.txt", "a\n")
    git_folder.commit()
    git_folder.git("config", "filter.evil.clean", f"touch {tmp_path / 'ran'}; cat")
    git_folder.write("a.txt", "b\n")
    with gathered(git_folder.root, ChangeSource()) as change:
        assert change.head.text("a.txt") == "b\n"
    assert not (tmp_path / "ran").exists()


def test_words_are_found_in_either_tree(git_folder: GitFolder) -> None:
    git_folder.write("a.py", "value = old_name\n")
    git_folder.commit()
    git_folder.write("a.py", "value = new_name\nnew_names = 1\n")
    with gathered(git_folder.root, ChangeSource()) as change:
        assert [(each.path, each.line) for each in change.head.grep(["new_name"])] == [("a.py", 1)]
        assert [each.text for each in change.base.grep(["old_name", "new_name"])] == ["value = old_name"]


def test_a_file_written_in_the_second_in_which_git_read_it_is_seen(git_folder: GitFolder) -> None:
    then = (1_700_000_000, 1_700_000_000)
    git_folder.git("config", "core.trustctime", "false")
    os.utime(git_folder.write("a.txt", "one"), then)
    git_folder.commit("before")
    os.utime(git_folder.root / ".git/index", then)
    os.utime(git_folder.write("a.txt", "two"), then)

    with gathered(git_folder.root, ChangeSource()) as change:
        assert [each.path for each in change.files] == ["a.txt"]


def test_a_partial_clone_is_read_as_far_as_its_contents_are_there(
    git_folder: GitFolder, tmp_path: Path
) -> None:
    git_folder.write("kept.txt", "kept\n")
    git_folder.write("changed.txt", "before\n")
    git_folder.commit()
    git_folder.write("changed.txt", "after\n")
    git_folder.commit()
    git_folder.git("config", "uploadpack.allowFilter", "true")
    git_folder.git("clone", "-q", "--filter=blob:none", git_folder.root.as_uri(), str(tmp_path / "partial"))
    with gathered(tmp_path / "partial", ChangeSource(SourceKind.RANGE, "", "HEAD")) as change:
        (file,) = change.files
        assert (file.path, file.missing) == ("changed.txt", True)
        assert change.head.texts(["kept.txt", "changed.txt"]) == {
            "kept.txt": "kept\n",
            "changed.txt": "after\n",
        }
        assert change.base.texts(["kept.txt", "changed.txt"]) == {"kept.txt": "kept\n"}


def test_a_conflict_that_is_not_settled_is_named(git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "a\n")
    git_folder.commit()
    git_folder.git("checkout", "-q", "-b", "topic")
    git_folder.write("a.txt", "topic\n")
    git_folder.commit()
    git_folder.git("checkout", "-q", "main")
    git_folder.write("a.txt", "main\n")
    git_folder.commit()
    with pytest.raises(subprocess.CalledProcessError):
        git_folder.git("merge", "topic")
    with (
        pytest.raises(QueryError, match=r"^a.txt has conflicts"),
        gathered(git_folder.root, ChangeSource(SourceKind.INDEX)),
    ):
        pass


@pytest.mark.parametrize("patch", [b"", b"nothing of the kind\n"])
def test_what_is_no_patch_is_called_none(git_folder: GitFolder, patch: bytes) -> None:
    git_folder.commit()
    with (
        pytest.raises(QueryError, match="no patch"),
        gathered(git_folder.root, ChangeSource(SourceKind.PATCH, patch=patch)),
    ):
        pass
