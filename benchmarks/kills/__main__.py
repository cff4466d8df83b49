"""Kill the daemon, its encoder, its parsers and a session amid work on a real repository, and compare.

    python -m benchmarks.kills --repo CHECKOUT [--rounds 20] [--seed 1]

Works on a clone. In every round files are written, moved, deleted or committed, and one process is killed
(``kill -9``) at a random moment after it; then a session that has been open all along is asked for what was
written. At the end the index is compared with one that is made of the same files in peace.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.figures import write_results
from benchmarks.kills.contents import contents_of, differences
from benchmarks.processes import Process, descendants
from benchmarks.sandbox import BenchmarkError, Sandbox, default_program, sandbox
from benchmarks.stdio import StdioClient

INDEX_LIMIT_S = 900.0
FOUND_LIMIT_S = 120.0
LONGEST_WAIT_S = 6.0
"""Between a write and the kill: some kills fall into parsing, some into encoding, some into idleness."""
_TEXT = (".md", ".rst", ".py", ".ts", ".go")


def main() -> None:
    options = _options()
    chance = random.Random(options.seed)
    with sandbox(options.whykeeper) as killed:
        repo = killed.clone(options.repo)
        rounds = _Rounds(killed, repo, chance)
        with StdioClient(killed.serve(repo), killed.env, repo) as session:
            session.handshake("modern")
            for number in range(options.rounds):
                rounds.play(number, session)
        before = _tracked(repo)
        killed.json("index", "--repo", str(repo), limit_s=INDEX_LIMIT_S)
        killed.stop_daemon()
        rescued = contents_of(killed.data)
        with sandbox(options.whykeeper) as peaceful:
            peaceful.json("index", "--repo", str(repo), limit_s=INDEX_LIMIT_S)
            peaceful.stop_daemon()
            found = differences(rescued, contents_of(peaceful.data))
        if _tracked(repo) != before:
            raise BenchmarkError("something in the repository was changed")
        sizes = {
            "files": len(rescued.files),
            "passages": len(rescued.passages),
            "commits": len(rescued.commits),
        }
        print(f"\n{options.rounds} rounds, seed {options.seed}: killed {dict(rounds.kills)}")
        print(f"{rounds.errors} questions answered with an error; found after {rounds.slowest:.1f} s at most")
        print(f"indexed {sizes}; without a vector: {len(rescued.unencoded)}")
        print(f"differences to an index made in peace: {found or 'none'}")
        if options.out:
            told = {"seed": options.seed, "kills": rounds.kills, "errors": rounds.errors, "indexed": sizes}
            write_results(options.out, "kills", {"kills": {**told, "differences": found}})
        if found or rescued.unencoded:
            print(killed.log_tail(), file=sys.stderr)
            raise SystemExit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repo", type=Path, required=True, help="a checkout; it is cloned")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whykeeper", default=default_program())
    parser.add_argument("--out", type=Path, help="folder for a dated result file")
    return parser.parse_args()


class _Rounds:
    """Changes a clone, kills a process, and asks for the change.

    Attributes:
        kills: How often each sort of process was killed.
        errors: How often a question was answered with an error, as those in flight are.
        slowest: Seconds from a kill until the change was found, in the worst round.
    """

    def __init__(self, box: Sandbox, repo: Path, chance: random.Random) -> None:
        self._box = box
        self._repo = repo
        self._chance = chance
        self._changes: Sequence[Callable[[str], str]] = (self._append, self._create, self._move, self._commit)
        self.kills: Counter[str] = Counter()
        self.errors = 0
        self.slowest = 0.0

    def play(self, number: int, session: StdioClient) -> None:
        """Play one round."""
        word = f"quokka{number:03}"
        path = self._chance.choice(self._changes)(word)
        bystander = StdioClient(self._box.serve(self._repo), self._box.env, self._repo)
        time.sleep(self._chance.uniform(0.0, LONGEST_WAIT_S) * self._chance.random())
        victim = self._kill(bystander)
        took = self._ask(session, word, path)
        self.slowest = max(self.slowest, took)
        print(f"round {number + 1}: {path}, killed {victim}, found after {took:.1f} s", file=sys.stderr)
        bystander.close()

    def _kill(self, bystander: StdioClient) -> str:
        daemons = self._box.daemons()
        parts = [process for daemon in daemons for process in descendants(daemon.pid)]
        victims: dict[str, Sequence[Process]] = {
            "daemon": daemons,
            "encoder": [each for each in parts if "encoder.process" in each.command],
            "parser": [each for each in parts if "parse_worker" in each.command],
        }
        names = [name for name, found in victims.items() if found]
        name = self._chance.choice([*names, "session"])
        pid = bystander.process.pid if name == "session" else self._chance.choice(victims[name]).pid
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.kills[name] += 1
        return name

    def _ask(self, session: StdioClient, word: str, path: str) -> float:
        started = time.monotonic()
        while time.monotonic() - started < FOUND_LIMIT_S:
            try:
                answer: dict[str, Any] = session.tool("search_memory", {"query": word}, FOUND_LIMIT_S)
            except BenchmarkError:
                # In flight when the daemon was killed: the answer says to try again.
                self.errors += 1
            else:
                if any(path in (item.get("path"), item.get("commit")) for item in answer["results"]):
                    return time.monotonic() - started
            time.sleep(0.2)
        told = self._box.json("status", "--repo", str(self._repo))
        raise SystemExit(f"{word} was not found in {path}:\n{self._box.log_tail()}\n{told}")

    def _some_file(self) -> Path:
        tracked = self._git("ls-files").splitlines()
        return self._repo / self._chance.choice(
            [name for name in tracked if name.endswith(_TEXT) and (self._repo / name).exists()]
        )

    def _append(self, word: str) -> str:
        file = self._some_file()
        comment = "" if file.suffix in (".md", ".rst") else "// " if file.suffix in (".ts", ".go") else "# "
        with file.open("a", encoding="utf-8") as stream:
            stream.write(f"\n{comment}The word of this round is {word}.\n")
        return str(file.relative_to(self._repo))

    def _create(self, word: str) -> str:
        file = self._some_file().with_name(f"{word}.md")
        file.write_text(f"# A page\n\nThe word of this round is {word}.\n", encoding="utf-8")
        return str(file.relative_to(self._repo))

    def _move(self, word: str) -> str:
        self._append(word)
        file = self._some_file()
        target = file.with_name(f"{word}{file.suffix}")
        file.rename(target)
        with target.open("a", encoding="utf-8") as stream:
            stream.write(f"\n\n{word}\n")
        return str(target.relative_to(self._repo))

    def _commit(self, word: str) -> str:
        self._some_file().unlink()
        self._append(f"{word}x")
        self._git("add", "--all")
        message = f"Take the word {word}\n\nBecause every round has a word of its own, and this is {word}."
        self._git("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qm", message)
        return self._git("rev-parse", "HEAD").strip()

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self._repo), *arguments],
            env=self._box.env, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout


def _tracked(repo: Path) -> str:
    command = ["git", "-C", str(repo), "status", "--porcelain", "--untracked-files=all", "--ignored"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
