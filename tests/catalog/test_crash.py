"""What is left after a writer was killed in the middle of a change."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from tests.catalog.conftest import Bench

ROUNDS = 20
FILES = 60
PARTS = 10

# Applies one state after the other, all files of a state in one call, and says when each is in.
WRITER = """
import sys
from pathlib import Path
from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.types import Chunk, FileStat, Kind, ParsedFile, Role

folder, first, files, parts = Path(sys.argv[1]), *map(int, sys.argv[2:5])
catalog = Catalog.open(folder, vector_key=lambda chunk: chunk.text[:40])
checkout = catalog.checkout(Path("/srv/main"))

def word_of(state):
    return "zq" + "".join("bcdfghjklm"[int(digit)] for digit in str(state))

def content(state, number):
    path = f"{number}.md"
    texts = [f"{word_of(state)} file{number} part{part} " + "filler " * 50 for part in range(parts)]
    chunks = tuple(Chunk(Kind.DOCUMENT, Role.SECTION, text[:20], text, path=path) for text in texts)
    return FileStat(path, state, state), f"digest-{state}", ParsedFile(path, Kind.DOCUMENT, path, chunks), ()

print("ready", flush=True)
for state in range(first, first + 1_000):
    catalog.apply(checkout, parsed=[content(state, number) for number in range(files)])
    print(state, flush=True)
"""


def word_of(state: int) -> str:
    """A word for each state that no stemming or splitting makes equal to another's."""
    return "zq" + "".join("bcdfghjklm"[int(digit)] for digit in str(state))


@pytest.mark.border
def test_kill_at_any_moment_leaves_the_state_before_or_after(bench: Bench) -> None:
    pick = random.Random(20)
    seen = 0
    for _ in range(ROUNDS):
        bench.catalog.close()
        said = run_and_kill(bench.folder, seen + 1, pick.uniform(0.0, 0.3))

        catalog = bench.reopen()

        assert catalog.quick_check(10)
        digests = {known.digest for known in catalog.known_files(bench.main).values()}
        assert len(digests) <= 1
        state = int(digests.pop().removeprefix("digest-")) if digests else 0
        assert state in (said, said + 1)
        if state:
            assert_searchable(bench, state)
        seen = state
    assert seen > 0


def run_and_kill(folder: Path, first: int, after_s: float) -> int:
    """Let the writer work for a moment; returns the last state it said was in."""
    arguments = [sys.executable, "-c", WRITER, str(folder), str(first), str(FILES), str(PARTS)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        try:
            writer.wait(timeout=after_s)
        except subprocess.TimeoutExpired:
            writer.kill()
        said = writer.stdout.read().split("\n")
    return max((int(line) for line in said if line.isdigit()), default=first - 1)


def assert_searchable(bench: Bench, state: int) -> None:
    """The words, the chunks and the queue of vectors agree with the files."""
    hits = bench.catalog.search_words(bench.main, word_of(state), limit=2 * FILES * PARTS)
    assert len(hits) == FILES * PARTS
    stored = bench.catalog.chunks(bench.main, [hit.rowid for hit in hits])
    assert {each.chunk.text.split()[0] for each in stored} == {word_of(state)}
    assert bench.catalog.search_words(bench.main, word_of(state - 1)) == []
    assert bench.catalog.statistics(bench.main).waiting[Kind.DOCUMENT] == FILES * PARTS
