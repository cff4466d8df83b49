"""What is written is found: at once, without being asked, whoever watches."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Desk, Machine

RECORD = "docs/adr/0001-queue-in-postgres.md"
WATCHING = {"watched": {}, "polled": {"WATCH__MODE": "polling"}, "unwatched": {"WATCH__ENABLED": "false"}}
ROUNDS = 30


@pytest.fixture(params=["watched", "unwatched"])
def desk(request: pytest.FixtureRequest, machine: Machine, checkout: Any) -> Desk:
    """A session at the checkout, indexed; watched or not watched at all."""
    return machine.sit(checkout.root, **WATCHING[request.param]).settled()


def test_an_index_answers_by_words_and_meaning_with_path_lines_kind_and_status(
    machine: Machine, checkout: Any
) -> None:
    desk = machine.sit(checkout.root, INDEX__HISTORY="true")
    told = desk.index()
    assert {"decision", "convention", "document", "code", "commit"} <= told["by_kind"].keys()
    answer = desk.search("jobs wait in a table of postgres")
    assert answer.mode == "hybrid" and answer.notes == []
    best = answer.results[0]
    assert (best.path, best.kind, best.status) == (RECORD, "decision", "accepted")
    assert best.lines is not None


@pytest.mark.parametrize("desk", WATCHING, indirect=True)
def test_every_write_finished_before_a_question_is_seen_by_it(desk: Desk, checkout: Any) -> None:
    for number in range(ROUNDS):
        checkout.write("docs/guide.md", f"# Guide\n\nThe word of this round is zebra{number:03}.\n")
        answer = desk.search(f"zebra{number:03}")
        found = [result for result in answer.results if f"zebra{number:03}" in result.text]
        assert [result.path for result in found] == ["docs/guide.md"], (number, answer.notes)


def test_two_writes_of_one_length_within_a_tick_of_the_clock_are_told_apart(
    desk: Desk, checkout: Any
) -> None:
    # Same size, same inode and, more often than not, the same time.
    file = checkout.root / "docs/guide.md"
    for number in range(ROUNDS):
        file.write_text(f"# Guide\n\nFirst otter{number:03}.\n", encoding="utf-8")
        desk.search("otter")
        file.write_text(f"# Guide\n\nThen badger{number:03}.\n", encoding="utf-8")
        assert "docs/guide.md" in desk.finds(f"badger{number:03}")


def test_new_renamed_deleted_and_ignored_files_and_folders_are_followed(desk: Desk, checkout: Any) -> None:
    checkout.write("notes/deep/er/plan.md", "# Plan\n\nMove the walrus service.\n")
    assert desk.finds("walrus") == ["notes/deep/er/plan.md"]
    (checkout.root / "notes").rename(checkout.root / "plans")
    assert desk.finds("walrus") == ["plans/deep/er/plan.md"]
    (checkout.root / "plans/deep/er/plan.md").rename(checkout.root / "walrus.md")
    assert desk.finds("walrus") == ["walrus.md"]
    (checkout.root / "walrus.md").unlink()
    assert desk.finds("walrus") == []

    checkout.write("private/secret.md", "# Platypus\n\nThe platypus protocol.\n")
    assert desk.finds("platypus") == ["private/secret.md"]
    checkout.write(".gitignore", "private/\n")
    assert desk.finds("platypus") == []
    (checkout.root / ".gitignore").unlink()
    assert desk.finds("platypus") == ["private/secret.md"]


@pytest.mark.parametrize("watching", ["watched", "unwatched"])
def test_checkout_pull_and_revert_are_followed_with_their_history(
    machine: Machine, checkout: Any, tmp_path: Path, watching: str
) -> None:
    desk = machine.sit(checkout.root, INDEX__HISTORY="true", **WATCHING[watching]).settled()
    other = tmp_path / "other"
    subprocess.run(["git", "clone", "-q", str(checkout.root), str(other)], check=True)
    (other / "lemur.md").write_text("# Lemur\n\nLemurs sleep.\n", encoding="utf-8")
    subprocess.run(["git", "add", "-A"], cwd=other, check=True)
    reason = "Add lemurs\n\nBecause the zoo asked for an armadillo."
    subprocess.run(["git", "commit", "-qm", reason], cwd=other, check=True)

    checkout.git("checkout", "-qb", "feature")
    checkout.write("feature.md", "# Feature\n\nThe axolotl feature.\n")
    checkout.commit("Add axolotl")
    assert desk.finds("axolotl")[:1] == ["feature.md"]
    checkout.git("checkout", "-q", "main")
    assert "feature.md" not in desk.finds("axolotl")

    checkout.git("pull", "-q", str(other), "main")
    assert "lemur.md" in desk.finds("lemurs")
    hash_of_head = checkout.git("rev-parse", "HEAD")
    _eventually(lambda: hash_of_head in desk.finds("armadillo"))
    checkout.git("revert", "--no-edit", "HEAD")
    assert "lemur.md" not in desk.finds("lemurs")


def test_a_file_saved_during_a_rescan_is_never_overwritten_by_what_was_read_before(
    machine: Machine, checkout: Any
) -> None:
    for number in range(120):
        checkout.write(f"docs/many/{number:03}.md", f"# Page {number}\n\nOld heron{number:03}.\n")
    desk = machine.sit(checkout.root)
    desk.index()
    choose = random.Random(4)
    for _ in range(3):
        ticket = desk.memory.indexer.queue
        for number in range(120):
            checkout.write(f"docs/many/{number:03}.md", f"# Page {number}\n\nOld heron{number:03}.\n")
        ticket.submit(rescan=True)
        changed = choose.sample(range(120), 10)
        for number in changed:
            checkout.write(f"docs/many/{number:03}.md", f"# Page {number}\n\nNew crane{number:03}.\n")
        for number in changed:
            found = desk.search(f"crane{number:03}", kinds=["document"]).results
            assert any(f"crane{number:03}" in result.text for result in found)


def test_a_new_record_is_known_to_others_at_once(machine: Machine, checkout: Any) -> None:
    desk = machine.sit(checkout.root).settled()
    checkout.write(
        "docs/adr/0002-queue-in-redis.md",
        "# 2. Keep the queue in Redis\n\nDate: 2025-01-01\n\n## Status\n\nAccepted\n\n"
        "Supersedes [1. Keep the queue in Postgres](0001-queue-in-postgres.md)\n\n## Context\n\nSpeed.\n\n"
        "## Decision\n\nRedis.\n\n## Consequences\n\nOne more thing to run.\n",
    )
    assert "docs/adr/0002-queue-in-redis.md" in desk.finds("redis")
    records = desk.memory.store.catalog.decisions(desk.memory.indexer.checkout)
    assert records["docs/adr/0002-queue-in-redis.md"].supersedes == (RECORD,)
    old = next(
        each for each in desk.search("jobs wait in a table of postgres").results if each.path == RECORD
    )
    assert (old.status, old.superseded_by) == ("superseded", ["docs/adr/0002-queue-in-redis.md"])


def _eventually(condition: Callable[[], Any]) -> None:
    for _ in range(500):
        if condition():
            return
    raise AssertionError("it never came true")
