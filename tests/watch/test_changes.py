from __future__ import annotations

import pytest

from whykeeper.watch.changes import MOST_PATHS, ChangeSet, Event, Pending, Settling, Where


def summed(*events: Event, head_moved: bool = False, retracked: bool = False) -> ChangeSet | None:
    pending = Pending()
    for event in events:
        pending.add(event, 1.0)
    return pending.change_set(head_moved=head_moved, retracked=retracked)


def tree(path: str) -> Event:
    return Event(Where.TREE, path)


def git(path: str) -> Event:
    return Event(Where.GIT, path)


def test_many_events_of_a_path_are_one_change() -> None:
    assert summed(tree("a"), tree("b"), tree("a")) == ChangeSet(frozenset({"a", "b"}))


def test_nothing_is_told_of_nothing() -> None:
    assert summed() is None
    assert summed(Event(Where.MARK, "1")) is None


@pytest.mark.parametrize("path", [".gitignore", "deep/er/.gitignore", ".gitattributes", ".git"])
def test_a_file_of_rules_asks_for_a_whole_scan(path: str) -> None:
    assert summed(tree(path)) == ChangeSet(frozenset({path}), rescan=True, reason=f"{path} changed")


@pytest.mark.parametrize("path", ["info/exclude", "config", "info/sparse-checkout"])
def test_gits_own_rules_ask_for_a_whole_scan(path: str) -> None:
    assert summed(git(path)) == ChangeSet(frozenset(), rescan=True, reason=f"git's {path} changed")


def test_a_moved_head_asks_for_a_whole_scan_whatever_else_changed() -> None:
    found = summed(tree("a"), git("HEAD"), git("index"), head_moved=True, retracked=True)
    assert found == ChangeSet(frozenset({"a"}), rescan=True, head_moved=True, reason="HEAD moved")


def test_git_at_work_without_effect_is_not_told() -> None:
    assert summed(git("index.lock"), git("index"), git("HEAD.lock"), git("ORIG_HEAD")) is None


def test_other_tracked_files_ask_for_a_whole_scan() -> None:
    assert summed(git("index"), retracked=True) == ChangeSet(
        frozenset(), rescan=True, reason="other files are tracked"
    )


def test_lost_events_ask_for_a_whole_scan_and_say_why() -> None:
    found = summed(Event(Where.LOST, "overflow"), tree("a"))
    assert found == ChangeSet(frozenset({"a"}), rescan=True, reason="overflow")


def test_too_many_paths_become_a_whole_scan_and_memory_stays_bounded() -> None:
    found = summed(*(tree(str(number)) for number in range(MOST_PATHS + 10)))
    assert found is not None
    assert found.rescan
    assert len(found.paths) < MOST_PATHS


def test_a_burst_is_due_when_it_pauses_and_at_the_latest_at_its_bound() -> None:
    settling = Settling(settle_s=0.02, longest_s=0.25, git_settle_s=0.1, git_longest_s=2.0)
    assert settling.due(10.0, 10.0, git=False) == pytest.approx(10.02)
    assert settling.due(10.0, 10.24, git=False) == pytest.approx(10.25)
    assert settling.due(10.0, 10.24, git=True) == pytest.approx(10.34)
    assert settling.due(10.0, 13.0, git=True) == pytest.approx(12.0)
