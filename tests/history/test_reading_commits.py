"""Reading history out of real repositories."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from whykeeper_indexers.git import GitError, run_git, stream_git
from whykeeper_indexers.history import read_commits, redacted
from whykeeper_indexers.types import Redaction


def test_a_commit_says_who_when_why_and_where(git_folder: Any) -> None:
    git_folder.write("src/a.py", "a = 1\n")
    sha = git_folder.commit("Add a\n\nBecause b needs it.\nReally.")

    (commit,) = read_commits(git_folder.root)

    assert (commit.sha, commit.subject, commit.body) == (sha, "Add a", "Because b needs it.\nReally.")
    assert (commit.author, commit.files, commit.parents) == ("Ada", ("src/a.py",), ())
    assert commit.authored_at > 1_700_000_000


def test_commits_come_newest_first_and_known_ones_are_left_out(git_folder: Any) -> None:
    hashes = [git_folder.commit(f"change {number}") for number in range(4)]

    read = [commit.sha for commit in read_commits(git_folder.root, known={hashes[1]})]

    assert read == [hashes[3], hashes[2], hashes[0]]


def test_the_history_of_a_known_tip_is_not_read_again(git_folder: Any) -> None:
    old = [git_folder.commit("one"), git_folder.commit("two")]
    new = git_folder.commit("three")
    gone = "0123456789abcdef0123456789abcdef01234567"

    read = [commit.sha for commit in read_commits(git_folder.root, exclude_tips=[old[1], gone, "--output=x"])]

    assert read == [new]


def test_a_limit_keeps_the_newest(git_folder: Any) -> None:
    git_folder.commit("one")
    newest = git_folder.commit("two")

    assert [commit.sha for commit in read_commits(git_folder.root, limit=1)] == [newest]


def test_a_rename_is_known_by_its_old_path(git_folder: Any) -> None:
    git_folder.write("old.py", "".join(f"line_{n} = {n}\n" for n in range(30)))
    git_folder.commit("one")
    git_folder.git("mv", "old.py", "new.py")
    (git_folder.root / "new.py").write_text(
        "".join(f"line_{n} = {n}\n" for n in range(30)) + "more = 1\n", encoding="utf-8"
    )
    git_folder.commit("Move it")

    commit = next(read_commits(git_folder.root))

    assert (commit.files, dict(commit.renames)) == (("new.py",), {"new.py": "old.py"})


def test_a_merge_tells_its_message_and_what_it_brought(git_folder: Any) -> None:
    git_folder.commit("base")
    git_folder.git("checkout", "-q", "-b", "topic")
    git_folder.write("topic.py", "x = 1\n")
    git_folder.commit("work")
    git_folder.git("checkout", "-q", "main")
    git_folder.git(
        "merge", "-q", "--no-ff", "topic", "-m", "Merge pull request #7 from a/topic\n\nAdd the topic"
    )

    merge = next(read_commits(git_folder.root))

    assert (merge.body, merge.files, len(merge.parents)) == ("Add the topic", ("topic.py",), 2)


@pytest.mark.parametrize(
    "name", ["two\nlines.py", "tab\tand 'quote'.py", "\x01mark.py", "ünï.py", "-rf.py", 'a".py']
)
def test_odd_file_names_survive(git_folder: Any, name: str) -> None:
    git_folder.write(name, "x\n")
    git_folder.commit("odd")
    git_folder.commit("after")

    assert [commit.files for commit in read_commits(git_folder.root)] == [(), (name,)]


def test_bytes_that_are_no_text_are_replaced(git_folder: Any) -> None:
    git_folder.commit("Caf")
    raw = run_git(git_folder.root, ["cat-file", "commit", "HEAD"]).replace(
        b"Caf", b"Caf\xe9 first\n\nbody \xff"
    )
    sha = (
        run_git(git_folder.root, ["hash-object", "-t", "commit", "-w", "--stdin"], input=raw).decode().strip()
    )
    git_folder.git("reset", "-q", "--hard", sha)

    (commit,) = read_commits(git_folder.root)

    assert commit.subject == "Caf\N{REPLACEMENT CHARACTER} first"
    assert commit.body == "body \N{REPLACEMENT CHARACTER}"


def test_another_encoding_is_read_as_what_it_is(git_folder: Any) -> None:
    (git_folder.root / "message").write_bytes("Café".encode("latin-1"))
    git_folder.git("-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "--allow-empty", "-F", "message")

    assert next(read_commits(git_folder.root)).subject == "Café"


def test_a_repository_without_commits_has_no_history(git_folder: Any) -> None:
    assert list(read_commits(git_folder.root)) == []


def test_a_folder_that_is_no_repository_has_no_history(tmp_path: Path) -> None:
    assert list(read_commits(tmp_path)) == []


def test_a_detached_head_is_where_history_starts(git_folder: Any) -> None:
    first = git_folder.commit("one")
    git_folder.commit("two")
    git_folder.git("checkout", "-q", "--detach", first)

    assert [commit.sha for commit in read_commits(git_folder.root)] == [first]


def test_a_shallow_clone_ends_where_its_history_does(git_folder: Any, tmp_path: Path) -> None:
    git_folder.write("a.txt", "a\n")
    git_folder.commit("one")
    git_folder.write("b.txt", "b\n")
    newest = git_folder.commit("two")
    clone = tmp_path / "clone"
    git_folder.git("clone", "-q", "--depth", "1", git_folder.root.as_uri(), str(clone))

    assert [commit.sha for commit in read_commits(clone)] == [newest]


def test_missing_file_contents_cost_nothing_but_renames_with_changes(git_folder: Any) -> None:
    git_folder.write("old.py", "".join(f"line_{n} = {n}\n" for n in range(30)))
    git_folder.commit("one")
    git_folder.git("mv", "old.py", "new.py")
    git_folder.write("new.py", "".join(f"line_{n} = {n}\n" for n in range(29)))
    git_folder.commit("two")
    blob = git_folder.git("rev-parse", "HEAD~:old.py")
    (git_folder.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()

    commits = list(read_commits(git_folder.root))

    assert [commit.subject for commit in commits] == ["two", "one"]
    assert set(commits[0].files) == {"old.py", "new.py"}


def test_secrets_are_cut_out_of_messages(git_folder: Any) -> None:
    git_folder.commit("Rotate hunter2\n\nThe old one was hunter2.\nDone.")

    def redact(text: str) -> tuple[str, tuple[Redaction, ...]]:
        return text.replace("hunter2", "[removed]"), (Redaction(1, "password"),)

    (commit,) = (redacted(each, redact) for each in read_commits(git_folder.root))

    assert (commit.subject, commit.body) == ("Rotate [removed]", "The old one was [removed].\nDone.")


def test_a_repository_cannot_make_git_run_its_programs(git_folder: Any, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    script = git_folder.write("evil.sh", f"#!/bin/sh\ntouch '{witness}'\n")
    script.chmod(0o755)
    git_folder.commit("one")
    for key in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program", "pager.log"):
        git_folder.git("config", key, str(script))
    git_folder.git("config", "log.showSignature", "true")

    assert len(list(read_commits(git_folder.root))) == 1
    run_git(git_folder.root, ["ls-files", "-co", "--exclude-standard", "-z"])
    run_git(git_folder.root, ["diff", "HEAD"])
    assert not witness.exists()


def test_variables_of_the_caller_do_not_choose_another_repository(
    git_folder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = git_folder.commit("one")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))

    assert [commit.sha for commit in read_commits(git_folder.root)] == [sha]


def test_git_that_fails_says_why_in_one_line(git_folder: Any) -> None:
    with pytest.raises(GitError, match="git rev-parse failed: fatal: Needed a single revision") as caught:
        run_git(git_folder.root, ["rev-parse", "--verify", "nothing"])
    assert caught.value.returncode == 128


def test_git_that_is_not_installed_is_a_users_error(
    git_folder: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git_folder.commit("one")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(GitError, match=r"could not be started.*install git"):
        list(read_commits(git_folder.root))


def test_git_that_hangs_is_stopped(git_folder: Any) -> None:
    with pytest.raises(GitError, match=r"was stopped after 0\.2 s"):
        run_git(git_folder.root, ["-c", "alias.hang=!sleep 5", "hang"], timeout_s=0.2)


def test_a_stream_that_is_left_early_leaves_no_process(git_folder: Any) -> None:
    for number in range(3):
        git_folder.commit(f"change {number}")
    stream = stream_git(git_folder.root, ["log", "-z", "--format=%H"])
    first = next(stream)
    stream.close()

    assert len(first) == 40


def test_a_record_without_end_is_cut(git_folder: Any) -> None:
    git_folder.write("big.txt", "x" * 3_000_000)
    git_folder.commit("big")

    (record,) = stream_git(git_folder.root, ["show", "HEAD:big.txt"])

    assert len(record) == 1 << 20


def test_a_stream_reads_what_it_is_given(git_folder: Any) -> None:
    sha = git_folder.commit("one")

    records = list(
        stream_git(git_folder.root, ["cat-file", "--batch-check"], input=f"{sha}\n".encode(), separator=b"\n")
    )

    assert records[0].startswith(sha.encode() + b" commit ")


def test_a_thousand_commits_are_read_by_one_process(git_folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = "".join(
        f"commit refs/heads/main\nmark :{n}\ncommitter A <a@b> {1_700_000_000 + n} +0000\ndata 1\nn\n"
        + (f"from :{n - 1}\n" if n > 1 else "")
        + f"M 100644 inline f{n}\ndata 1\nx\n"
        for n in range(1, 1_001)
    )
    subprocess.run(
        ["git", "fast-import", "--quiet"],
        input=stream.encode(),
        cwd=git_folder.root,
        check=True,
        capture_output=True,
    )
    started = SimpleNamespace(count=0)
    popen = subprocess.Popen

    def counting(*args: Any, **kwargs: Any) -> Any:
        started.count += 1
        return popen(*args, **kwargs)

    monkeypatch.setattr(subprocess, "Popen", counting)

    assert sum(1 for _ in read_commits(git_folder.root)) == 1_000
    assert started.count <= 2
