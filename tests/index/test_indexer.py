"""The way in, when reading goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.errors import DamagedStoreError, WorkerError
from whykeeper_indexers.index.gate import Gate
from whykeeper_indexers.index.indexer import Indexed, Indexer
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.index.reading import ReadFile, read_and_parse
from whykeeper_indexers.scan import ScanOptions, open_repository
from whykeeper_indexers.types import FileStat


class Pool:
    """Parses in threads, and dies of some files as a process would.

    Attributes:
        deadly: Names of files that nobody survives reading.
        down: Whether nobody reads anything.
    """

    size = 2

    def __init__(self) -> None:
        self.deadly: set[str] = set()
        self.down = False
        self._threads = ThreadPoolExecutor(2)

    def parse(
        self,
        root: Path,
        options: ScanOptions,
        context: Any,
        stats: Sequence[FileStat],
        known: Mapping[str, Collection[str]],
        **_timeout: float,
    ) -> Future[list[ReadFile]]:
        return self._threads.submit(self._read, root, options, context, stats, known)

    def _read(self, root: Path, options: ScanOptions, context: Any, stats: Any, known: Any) -> list[ReadFile]:
        if self.down or any(Path(stat.path).name in self.deadly for stat in stats):
            raise WorkerError("the parser was killed by signal 11")
        return read_and_parse(root, options, context, stats, known)

    def close(self) -> None:
        self._threads.shutdown()


class Bench:
    """One checkout, its catalog and its indexer."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.pool = Pool()
        self.catalog = Catalog.open(folder, vector_key=lambda chunk: chunk.title)
        self.damage: list[DamagedStoreError] = []
        self.indexed: list[Indexed] = []
        self.indexer = Indexer(
            open_repository(root),
            ScanOptions(cut_secrets=False),
            self.catalog,
            cast("ParsePool", self.pool),
            Gate(),
            history_limit=0,
            on_indexed=self.indexed.append,
            on_damage=self.damage.append,
        )

    def idle(self) -> Bench:
        self.wait(lambda: not self.indexer.busy)
        return self

    def wait(self, condition: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "still waiting"
            time.sleep(0.005)

    def indexed_paths(self) -> set[str]:
        entries = self.catalog.file_entries(self.indexer.checkout)
        return {entry.path for entry in entries if entry.exclusion is None}

    def close(self) -> None:
        self.indexer.close()
        self.pool.close()
        self.catalog.close()


@pytest.fixture
def bench(git_folder: Any, tmp_path: Path) -> Iterator[Bench]:
    for number in range(50):
        git_folder.write(f"docs/{number:02}.md", f"# Page {number}\n\nQuokka{number}.\n")
    git_folder.commit("Pages")
    bench = Bench(git_folder.root, tmp_path / "catalog")
    yield bench
    bench.close()


def test_a_file_that_brings_the_parser_down_is_left_out_and_no_other(bench: Bench) -> None:
    bench.pool.deadly = {"07.md", "33.md"}
    bench.indexer.start()
    bench.idle()
    assert bench.indexer.complete and bench.indexer.problem is None
    assert bench.indexed_paths() == {f"docs/{number:02}.md" for number in range(50) if number not in {7, 33}}
    (entry,) = bench.catalog.file_entries(bench.indexer.checkout, ["docs/07.md"])
    assert entry.exclusion is not None and "did not survive" in entry.exclusion.detail


def test_parsers_that_do_not_start_leave_nothing_out_for_good(bench: Bench) -> None:
    bench.pool.down = True
    bench.indexer.start()
    bench.idle()
    assert bench.indexer.problem is not None and not bench.indexer.complete
    assert bench.catalog.file_entries(bench.indexer.checkout) == []
    bench.pool.down = False
    bench.wait(lambda: bench.indexer.complete and bench.indexer.problem is None)
    assert len(bench.indexed_paths()) == 50


def test_what_is_owed_is_not_forgiven_by_other_work_that_succeeds(bench: Bench, git_folder: Any) -> None:
    bench.indexer.start()
    bench.idle()
    bench.pool.down = True
    git_folder.write("docs/owed.md", "# Owed\n\nOwed.\n")
    bench.indexer.queue.submit(["docs/owed.md"])
    bench.idle()
    bench.pool.down = False
    git_folder.write("docs/other.md", "# Other\n\nOther.\n")
    bench.indexer.queue.submit(["docs/other.md"])
    bench.wait(lambda: "docs/other.md" in bench.indexed_paths())
    bench.wait(lambda: "docs/owed.md" in bench.indexed_paths())
    bench.wait(lambda: bench.indexer.problem is None)


def test_a_closed_indexer_has_not_seen_everything(bench: Bench) -> None:
    bench.indexer.start()
    bench.indexer.close()
    assert not bench.indexer.complete or len(bench.indexed_paths()) == 50
    assert (bench.catalog.scanned_at(bench.indexer.checkout) is None) == (not bench.indexer.complete)
