"""What the machine refuses: an answer or one clear error, and status says what is wrong."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.memory.conftest import GONE

from whykeeper_indexers.errors import ModelError, RepositoryError, StorageError, WorkerError

if TYPE_CHECKING:
    from conftest import Machine

RECORD = "docs/adr/0001-queue-in-postgres.md"


def test_a_data_folder_that_cannot_be_made_is_one_clear_error(machine: Machine, checkout: Any) -> None:
    (machine.data_dir / "repositories").write_text("in the way", encoding="utf-8")
    desk = machine.sit(checkout.root)
    for _ in range(2):
        with pytest.raises(StorageError, match="cannot be written"):
            desk.search("postgres")
    (machine.data_dir / "repositories").unlink()
    assert RECORD in desk.settled().finds("postgres")


def test_a_vectors_folder_in_the_way_leaves_answers_by_words(machine: Machine, checkout: Any) -> None:
    desk = machine.sit(checkout.root).settled()
    machine.stop()
    vectors = machine.stores()[0] / "vectors"
    vectors.rename(vectors.with_name("elsewhere"))
    vectors.write_text("in the way", encoding="utf-8")
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.store.problem)
    assert RECORD in desk.finds("postgres")
    assert any("problem: " in note for note in desk.status().notes)
    desk.wait(lambda: not machine.host.busy())
    with pytest.raises(StorageError, match="searchable by words, but not by meaning"):
        desk.index()
    vectors.unlink()
    vectors.with_name("elsewhere").rename(vectors)
    desk.memory.store.retry()
    desk.wait(lambda: desk.search("jobs wait in postgres").mode == "hybrid")


def test_an_encoder_that_fails_is_said_and_tried_again(machine: Machine, checkout: Any) -> None:
    machine.encoder.refusal = WorkerError("the encoder died")
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.store.problem)
    desk.wait(lambda: not machine.host.busy())
    assert RECORD in desk.finds("postgres")
    assert "problem: the encoder died" in desk.status().notes
    machine.encoder.refusal = None
    desk.index()
    assert not [note for note in desk.status().notes if "problem" in note]


def test_without_its_model_words_answer_and_say_what_to_do(machine: Machine, checkout: Any) -> None:
    machine.encoder.gone = True
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.indexer.complete and desk.memory.store.problem)
    answer = desk.search("where do jobs wait")
    assert answer.results[0].path == RECORD
    assert (answer.mode, answer.complete) == ("lexical", True)
    assert answer.notes == [f"found by words only: the embedding model failed: {GONE}"]
    assert f"problem: {GONE}" in desk.status().notes
    with pytest.raises(ModelError, match=f"by words, but not by meaning: {GONE.message}"):
        desk.index()
    checkout.write("docs/ferry.md", "# Ferry\n\nGannets decide when it leaves.\n")
    assert desk.finds("gannets") == ["docs/ferry.md"]


def test_without_a_model_no_score_is_explained_by_meaning(machine: Machine, checkout: Any) -> None:
    machine.encoder.gone = True
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.indexer.complete and desk.memory.store.problem)
    explained = desk.search("where do jobs wait", explain=True).results[0].signals or {}
    assert {"words", "words in place of meaning"} <= explained.keys()
    assert not any(name.startswith("meaning") for name in explained)


def test_a_model_that_is_put_back_reads_everything_by_itself(machine: Machine, checkout: Any) -> None:
    machine.encoder.gone = True
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.indexer.complete and desk.memory.store.problem)
    machine.encoder.gone = False
    desk.wait(lambda: desk.search("where do jobs wait").notes == [])
    assert desk.settled().search("where do jobs wait").mode == "hybrid"
    assert desk.status().index["waiting"] == {}
    assert not [note for note in desk.status().notes if "problem" in note]


def test_a_model_that_is_gone_for_a_while_reads_nothing_again(machine: Machine, checkout: Any) -> None:
    machine.sit(checkout.root).settled()
    machine.stop()
    machine.encoder.encoded.clear()
    machine.encoder.gone = True
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.store.problem)
    assert RECORD in desk.finds("postgres")
    machine.encoder.gone = False
    desk.wait(lambda: desk.search("where do jobs wait").notes == [])
    assert desk.settled().search("where do jobs wait").mode == "hybrid"
    assert machine.encoder.encoded.total() == 0


def test_a_checkout_that_is_deleted_while_it_is_served_is_named(
    machine: Machine, checkout: Any, tmp_path: Path
) -> None:
    desk = machine.sit(checkout.root).settled()
    checkout.root.rename(tmp_path / "moved")
    with pytest.raises(RepositoryError, match="does not exist"):
        desk.search("postgres")
    (tmp_path / "moved").rename(checkout.root)
    assert RECORD in desk.finds("postgres")


def test_a_folder_that_becomes_a_repository_gets_its_history(machine: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "README.md").write_text("# Plain\n\nThe ocelot.\n", encoding="utf-8")
    desk = machine.sit(folder, INDEX__HISTORY="true").settled()
    assert desk.finds("ocelot") == ["README.md"]
    assert any("not a git repository" in note for note in desk.status().notes)
    reason = "Begin\n\nBecause the capybara asked for a repository of its own."
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", reason]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    told = desk.index()
    assert told["by_kind"]["commit"] == 1 and told["notes"] == []


def test_an_empty_repository_answers_with_nothing(machine: Machine, git_folder: Any) -> None:
    desk = machine.sit(git_folder.root)
    assert desk.index()["files"] == 0
    answer = desk.search("anything")
    assert (answer.results, answer.confident) == ([], False)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, where this user may mount one."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=24m", "whykeeper-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, capture_output=True).returncode:
        pytest.skip("mounting takes a privilege this user has not")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.border
def test_a_full_disk_is_said_and_the_rest_follows_once_there_is_room(
    machine: Machine, checkout: Any, mounted: Path
) -> None:
    (machine.data_dir / "repositories").symlink_to(mounted, target_is_directory=True)
    desk = machine.sit(checkout.root).settled()
    _fill(mounted / "ballast")
    for number in range(40):
        checkout.write(f"docs/{number:02}.md", f"# Page {number}\n\n{'The tapir decides. ' * 400}\n")
    desk.wait(lambda: desk.memory.indexer.problem)
    desk.wait(lambda: not machine.host.busy())
    answer = desk.search("jobs wait in postgres")
    assert RECORD in [result.path for result in answer.results]
    assert any("no room left" in note for note in answer.notes)
    assert any("problem: no room left" in note for note in desk.status().notes)
    (mounted / "ballast").unlink()
    told = desk.index()
    assert told["files"] == 44
    assert desk.search("tapir", limit=1).notes == []


@pytest.mark.border
def test_a_read_only_repository_is_served_like_any_other(
    machine: Machine, checkout: Any, mounted: Path
) -> None:
    subprocess.run(["git", "clone", "-q", str(checkout.root), str(mounted / "repo")], check=True)
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    desk = machine.sit(mounted / "repo")
    assert desk.index()["files"] == 4
    answer = desk.search("jobs wait in postgres")
    assert RECORD in [result.path for result in answer.results] and answer.notes == []


@pytest.mark.border
def test_a_data_folder_that_is_read_only_is_one_clear_error(
    machine: Machine, checkout: Any, mounted: Path
) -> None:
    (machine.data_dir / "repositories").symlink_to(mounted, target_is_directory=True)
    desk = machine.sit(checkout.root).settled()
    machine.stop()
    # Chroma's own threads let go of their files a moment later.
    desk.wait(lambda: not subprocess.run(["mount", "-o", "remount,ro", str(mounted)]).returncode)
    with pytest.raises(StorageError):
        machine.sit(checkout.root).search("postgres")


def _fill(file: Path) -> None:
    with file.open("wb") as stream:
        try:
            while True:
                stream.write(b"x" * 65_536)
                stream.flush()
        except OSError:
            return
