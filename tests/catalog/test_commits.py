from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from tests.catalog.conftest import Bench


@pytest.fixture
def history(commit_of: Any) -> tuple[Any, ...]:
    """root ── left ── leftmost, and root ── right."""
    root = commit_of("plant root", files=("a.py",), at=1)
    left = commit_of("grow left", root[0], files=("a.py", "b.py"), at=2)
    leftmost = commit_of("grow leftmost", left[0], files=("c.py",), renames={"c.py": "a.py"}, at=3)
    right = commit_of("grow right", root[0], files=("a.py",), at=4)
    return root, left, leftmost, right


def subjects(bench: Bench, query: str, checkout: int | None = None) -> list[str]:
    return sorted(text.splitlines()[0] for text in bench.found(query, checkout=checkout, kinds={Kind.COMMIT}))


def test_commits_are_found_from_the_heads_that_reach_them(bench: Bench, history: Any) -> None:
    root, left, leftmost, right = history
    bench.catalog.apply_commits(bench.main, leftmost[0].sha, [leftmost, left, root])
    assert subjects(bench, "plant grow") == ["grow left", "grow leftmost", "plant root"]

    bench.catalog.apply_commits(bench.main, right[0].sha, [right])

    assert subjects(bench, "plant grow") == ["grow right", "plant root"]
    assert bench.catalog.head(bench.main) == right[0].sha
    numbers = bench.catalog.statistics(bench.main)
    assert (numbers.commits, numbers.encoded[Kind.COMMIT], numbers.waiting[Kind.COMMIT]) == (2, 0, 2)
    waiting = [each.vector_key for each in bench.catalog.unencoded(Kind.COMMIT, 10)]
    bench.catalog.mark_encoded(Kind.COMMIT, waiting)
    numbers = bench.catalog.statistics(bench.main)
    assert (numbers.encoded[Kind.COMMIT], numbers.waiting[Kind.COMMIT]) == (2, 0)


def test_going_back_to_a_known_head_needs_no_commits(bench: Bench, history: Any) -> None:
    root, left, _, right = history
    bench.catalog.apply_commits(bench.main, right[0].sha, [right, root])

    assert not bench.catalog.set_head(bench.main, left[0].sha)
    bench.catalog.apply_commits(bench.main, left[0].sha, [left])
    before = bench.catalog.generation(bench.main)

    assert bench.catalog.set_head(bench.main, right[0].sha)
    assert subjects(bench, "plant grow") == ["grow right", "plant root"]
    assert bench.catalog.generation(bench.main) > before
    assert bench.catalog.set_head(bench.main, root[0].sha)
    assert subjects(bench, "plant grow") == ["plant root"]


def test_commits_may_come_in_parts_before_their_head_is_told(bench: Bench, history: Any) -> None:
    root, left, leftmost, _ = history
    bench.catalog.apply_commits(bench.main, None, [leftmost])
    bench.catalog.apply_commits(bench.main, None, [left])
    assert subjects(bench, "plant grow") == []

    bench.catalog.apply_commits(bench.main, leftmost[0].sha, [root])

    assert subjects(bench, "plant grow") == ["grow left", "grow leftmost", "plant root"]
    assert bench.catalog.known_commits() == {each[0].sha for each in (root, left, leftmost)}


def test_the_caller_may_say_what_a_head_reaches(bench: Bench, history: Any) -> None:
    root, left, leftmost, _ = history

    reachable = [leftmost[0].sha, root[0].sha, "f" * 40]
    bench.catalog.apply_commits(bench.main, leftmost[0].sha, [leftmost, root, left], reachable=reachable)

    assert subjects(bench, "plant grow") == ["grow leftmost", "plant root"]


def test_worktrees_on_different_heads_see_their_own_history(bench: Bench, history: Any) -> None:
    root, left, _, right = history
    feature = bench.catalog.checkout(Path("/srv/feature"))
    bench.catalog.apply_commits(bench.main, right[0].sha, [right, root])
    bench.catalog.apply_commits(feature, left[0].sha, [left])

    assert subjects(bench, "plant grow") == ["grow right", "plant root"]
    assert subjects(bench, "plant grow", feature) == ["grow left", "plant root"]


def test_a_commit_chunk_carries_its_commit(bench: Bench, history: Any) -> None:
    root = history[0]
    bench.catalog.apply_commits(bench.main, root[0].sha, [root])

    (hit,) = bench.catalog.search_words(bench.main, "plant")
    (stored,) = bench.catalog.chunks(bench.main, [hit.rowid])

    assert stored.chunk.commit == root[0].sha
    assert stored.chunk == root[1][0]
    assert bench.catalog.chunk_by_id(bench.main, stored.id) == stored


def test_a_commit_is_found_by_a_prefix_that_is_long_enough_and_no_others(bench: Bench, history: Any) -> None:
    root, left, *_ = history
    bench.catalog.apply_commits(bench.main, left[0].sha, [left, root])

    assert bench.catalog.commit_by_prefix(left[0].sha[:7].upper()) == left[0]
    assert bench.catalog.commit_by_prefix(left[0].sha) == left[0]
    for wrong in (left[0].sha[:3], "", "zzzz", "%%%%", "0000"):
        assert bench.catalog.commit_by_prefix(wrong) is None


def test_a_files_commits_follow_its_renames(bench: Bench, history: Any) -> None:
    root, left, leftmost, right = history
    bench.catalog.apply_commits(bench.main, leftmost[0].sha, [leftmost, left, root])
    bench.catalog.apply_commits(bench.main, None, [right])

    touching = bench.catalog.commits_touching(bench.main, "c.py")

    assert [commit.subject for commit in touching] == ["grow leftmost", "grow left", "plant root"]
    assert [commit.subject for commit in bench.catalog.commits_touching(bench.main, "b.py")] == ["grow left"]
    assert len(bench.catalog.commits_touching(bench.main, "c.py", limit=1)) == 1


def test_a_search_within_paths_finds_commits_that_touched_them(bench: Bench, history: Any) -> None:
    root, left, leftmost, _ = history
    bench.catalog.apply_commits(bench.main, leftmost[0].sha, [leftmost, left, root])

    assert bench.found("grow plant", paths=["b.py"]) == ["grow left\n\nbecause grow left"]


def test_sweeping_drops_commits_of_heads_nobody_is_on(bench: Bench, history: Any) -> None:
    root, left, _, right = history
    bench.catalog.apply_commits(bench.main, left[0].sha, [left, root])
    bench.catalog.apply_commits(bench.main, right[0].sha, [right])

    assert bench.catalog.sweep(3600).commits == 0
    swept = bench.catalog.sweep(0)

    assert (swept.commits, swept.chunks) == (1, 1)
    assert bench.catalog.known_commits() == {root[0].sha, right[0].sha}
    assert subjects(bench, "plant grow") == ["grow right", "plant root"]


def test_a_long_history_is_followed_to_its_root(bench: Bench, commit_of: Any) -> None:
    chain = [commit_of("number 0")]
    for number in range(1, 3_000):
        chain.append(commit_of(f"number {number}", chain[-1][0]))
    bench.catalog.apply_commits(bench.main, chain[-1][0].sha, [(record, ()) for record, _ in reversed(chain)])

    assert bench.catalog.statistics(bench.main).commits == 3_000
    assert bench.catalog.set_head(bench.main, chain[999][0].sha)
    assert bench.catalog.statistics(bench.main).commits == 1_000
