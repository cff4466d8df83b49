"""Clones to plant in, and a verifier in this process: no daemon, no vectors."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.verify.pinned import Pinned
from whykeeper.verification.answer import VerifyAnswer
from whykeeper.verification.request import VerifyRequest
from whykeeper.verification.verify import Verifier
from whykeeper_indexers.change import ChangeSource, SourceKind
from whykeeper_indexers.change.tree import Tree
from whykeeper_indexers.facts import FactStore
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.scan import ScanOptions, open_repository

__all__ = ["Bench", "Clone", "Timed", "bench"]

BRANCH = "feature/task"
_AUTHOR = ("-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org")


@dataclass(frozen=True, slots=True)
class Timed:
    """An answer, and how long it took.

    Attributes:
        answer: What the verifier said.
        seconds: By the clock on the wall.
    """

    answer: VerifyAnswer
    seconds: float


class Clone:
    """A throw-away clone of a repository.

    Args:
        root: Its folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of(cls, checkout: Path, root: Path) -> Clone:
        """Clone a checkout, sharing its objects."""
        clone = ["clone", "--quiet", "--shared", "--no-checkout", str(checkout), str(root)]
        subprocess.run(["git", *clone], check=True, capture_output=True)
        made = cls(root)
        for name, value in (("core.autocrlf", "false"), ("core.hooksPath", "/dev/null")):
            made.git("config", name, value)
        return made

    def git(self, *arguments: str, input: bytes | None = None) -> str:
        """Run git in it.

        Raises:
            subprocess.CalledProcessError: Git refused.
        """
        done = subprocess.run(
            ["git", "-C", str(self.root), *_AUTHOR, *arguments],
            input=input, capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout.decode("utf-8", "surrogateescape")

    def tree(self, commit: str) -> Tree:
        """Read one of its states."""
        return Tree(self.root, commit)

    def non_merges(self, commit: str, count: int) -> Iterator[str]:
        """The newest commits up to one that are no merges and have a parent, newest first.

        A mirror may lack contents that were too large for it: what cannot be read whole is left out.
        """
        listed = self.git("rev-list", "--no-merges", "--min-parents=1", commit).split()
        return islice((each for each in listed if self._is_whole(each)), count)

    def _is_whole(self, commit: str) -> bool:
        show = ["git", "-C", str(self.root), "diff-tree", "-p", "-r", commit]
        return subprocess.run(show, capture_output=True).returncode == 0

    def begin(self, commit: str, setup: Mapping[str, str]) -> None:
        """Stand at a commit on a branch of a task, with some files committed on top of it."""
        self.git("checkout", "-q", "-f", "-B", BRANCH, commit)
        self.git("clean", "-q", "-f", "-d", "-x")
        if setup:
            self.write(setup)
            self.git("add", "-f", "--", *setup)
            self.git("commit", "-q", "-m", "Write down what was agreed")

    def apply(self, commit: str) -> None:
        """Bring a commit's changes into the working tree, and into nothing else."""
        patch = self.git("diff-tree", "-p", "--binary", "--no-renames", f"{commit}^", commit)
        self.git("apply", "--whitespace=nowarn", "-", input=patch.encode("utf-8", "surrogateescape"))

    def write(self, texts: Mapping[str, str | None]) -> None:
        """Write files; None deletes one."""
        for path, text in texts.items():
            file = self.root / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")


class Bench:
    """A place for clones, and what verifies them.

    Args:
        folder: For clones; deleted by whoever made it.
        kept: For facts of files, which may serve the next run.
        pool: Reads files.
    """

    def __init__(self, folder: Path, kept: Path, pool: ParsePool) -> None:
        self._folder = folder
        self._kept = kept
        self._pool = pool
        self._stores: dict[str, FactStore] = {}
        self._clones: dict[str, Clone] = {}

    def clone(self, pinned: Pinned, checkout: Path) -> Clone:
        """The clone of a repository, made when it is first asked for."""
        if pinned.name not in self._clones:
            root = self._folder / pinned.name.replace("/", "+")
            self._clones[pinned.name] = Clone.of(checkout, root)
        return self._clones[pinned.name]

    def verify(self, root: Path, commit: str | None = None, checks: Sequence[str] = ()) -> Timed:
        """Verify a commit against its parent; without one, the working tree against HEAD."""
        kind = SourceKind.WORKING_TREE if commit is None else SourceKind.RANGE
        source = ChangeSource(kind, "HEAD", "HEAD") if commit is None else ChangeSource(kind, "", commit)
        verifier = Verifier(open_repository(root), ScanOptions(), self._store(root.name), self._pool)
        started = time.monotonic()
        answer = verifier.verify(VerifyRequest(source, checks=tuple(checks)))
        return Timed(answer, time.monotonic() - started)

    def close(self) -> None:
        """Close what keeps facts."""
        for store in self._stores.values():
            store.close()

    def _store(self, name: str) -> FactStore:
        if name not in self._stores:
            self._stores[name] = FactStore(self._kept / f"{name}.sqlite3")
        return self._stores[name]


@contextmanager
def bench(folder: Path, kept: Path) -> Iterator[Bench]:
    """Make a bench; its processes end with it."""
    kept.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        pool = ParsePool(2, kept / "rules")
        stack.callback(pool.close)
        made = Bench(folder, kept, pool)
        stack.callback(made.close)
        yield made
