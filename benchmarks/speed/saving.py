"""From a saved file to an answer that holds it, by words and by meaning."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reporting import quantile
from benchmarks.sandbox import BenchmarkError
from benchmarks.speed.measurement import Measurement, spread
from benchmarks.speed.passages import PAIRS
from benchmarks.speed.workbench import Workbench
from benchmarks.stdio import StdioClient

__all__ = ["by_meaning", "by_words"]

MOST_WORDS_MS = 300.0
MOST_MEANING_MS = 1500.0
SAVES = 48
LIMIT_S = 15.0
POLL_S = 0.005
PAUSES_S = (0.1, 0.6)
"""Between saves, at random: people and agents don't keep step with the watcher."""
_DOCUMENT_LIMIT_BYTES = 60_000


@dataclass(frozen=True, slots=True)
class _Save:
    """One way to save.

    Attributes:
        name: For the result file.
        path: Relative to the checkout.
        atomic: Written beside and moved into place, as most editors do.
    """

    name: str
    path: str
    atomic: bool


def by_words(bench: Workbench) -> list[Measurement]:
    """Save a word nobody ever used, then ask for it until it is found."""
    bench.ready()
    chance = random.Random(7)
    taken: list[tuple[str, float]] = []
    with bench.session() as client:
        bench.warm(client)
        bench.quiet(client)
        for number, save in enumerate(_saves(bench.repo, SAVES)):
            word = "".join(chance.choices("bcdfghjklmnpqrstvwxz", k=14))
            time.sleep(chance.uniform(*PAUSES_S))
            started = _perform(bench.repo, save, _text(save.path, f"{word} is note {number}"))
            taken.append((save.name, _until(client, word, save.path, started, word)))
    every = [took for _, took in taken]
    missed = sum(took == LIMIT_S * 1000 for took in every)
    return [
        Measurement(
            f"save → found by words ({len(taken)} saves in a clone of beads: new files, appends, "
            "atomic saves by rename; documents and code)",
            f"p95 {MOST_WORDS_MS:g} ms",
            spread(every) + (f"; {missed} not found in {LIMIT_S:g} s" if missed else ""),
            quantile(every, 0.95) <= MOST_WORDS_MS,
            values={"saves": taken},
        )
    ]


def by_meaning(bench: Workbench) -> list[Measurement]:
    """Save a passage, then ask a question that shares no word with it until it is found."""
    bench.ready()
    chance = random.Random(11)
    taken: list[tuple[str, float]] = []
    with bench.session() as client:
        bench.warm(client)
        bench.quiet(client)
        for number, (passage, question) in enumerate(PAIRS):
            atomic = number % 2 == 1
            # A third of them replace what an earlier one said.
            path = f"docs/bench/passage-{number if number % 3 else 0}.md"
            save = _Save("atomic" if atomic else "in place", path, atomic)
            time.sleep(chance.uniform(*PAUSES_S))
            started = _write(bench.repo, save, f"{passage}\n")
            # In that file alone: this asks when it is found, not how well it ranks against others.
            found = _until(client, question, path, started, passage, paths=[path])
            taken.append((save.name, found))
    every = [took for _, took in taken]
    missed = sum(took == LIMIT_S * 1000 for took in every)
    return [
        Measurement(
            f"save → found by meaning ({len(taken)} saves of a document, asked for, in that file, by a "
            "paraphrase that shares no word with it)",
            f"p95 {MOST_MEANING_MS:g} ms",
            spread(every) + (f"; {missed} not found in {LIMIT_S:g} s" if missed else ""),
            quantile(every, 0.95) <= MOST_MEANING_MS,
            values={"saves": taken},
        )
    ]


def _saves(repo: Path, number: int) -> Iterator[_Save]:
    """Ways to save, in turn: never the same file twice."""
    documents = iter(_tracked(repo, ".md"))
    code = iter(_tracked(repo, ".go"))
    for index in range(number):
        match index % 8:
            case 0:
                yield _Save("append to a document", next(documents), atomic=False)
            case 1:
                yield _Save("append to code", next(code), atomic=False)
            case 2 | 3:
                yield _Save("atomic save of a document", next(documents), atomic=True)
            case 4:
                yield _Save("atomic save of code", next(code), atomic=True)
            case 5:
                yield _Save("new document", f"docs/bench/note-{index}.md", atomic=False)
            case 6:
                yield _Save("new code", f"internal/bench/note{index}.go", atomic=False)
            case _:
                yield _Save("new document, atomic", f"docs/bench/note-{index}.md", atomic=True)


def _tracked(repo: Path, suffix: str) -> list[str]:
    listed = subprocess.run(
        ["git", "-C", str(repo), "ls-files", f"*{suffix}"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    fit = [path for path in listed if _is_plain(repo / path)]
    # Spread over the whole repository, not its first folder.
    random.Random(3).shuffle(fit)
    return fit


def _is_plain(file: Path) -> bool:
    return (
        file.is_file()
        and not file.is_symlink()
        and 0 < file.stat().st_size < _DOCUMENT_LIMIT_BYTES
        and b"generated" not in file.read_bytes()[:2_000].lower()
    )


def _text(path: str, sentence: str) -> str:
    if path.endswith(".go"):
        return f"\n// WHY: {sentence}.\nfunc bench{sentence.split()[0]}() {{}}\n"
    return f"\n## A note\n\nWe keep this in mind: {sentence}.\n"


def _perform(repo: Path, save: _Save, text: str) -> float:
    file = repo / save.path
    before = file.read_text(encoding="utf-8") if file.exists() else _opening(save.path)
    return _write(repo, save, before + text)


def _opening(path: str) -> str:
    return "package bench\n" if path.endswith(".go") else "# Notes\n"


def _write(repo: Path, save: _Save, content: str) -> float:
    """Save a file and return the moment at which that was done."""
    file = repo / save.path
    file.parent.mkdir(parents=True, exist_ok=True)
    if not save.atomic:
        file.write_text(content, encoding="utf-8")
        return time.perf_counter()
    aside = file.with_name(f".{file.name}.tmp")
    aside.write_text(content, encoding="utf-8")
    aside.replace(file)
    return time.perf_counter()


def _until(
    client: StdioClient,
    question: str,
    path: str,
    started: float,
    saved: str,
    *,
    paths: Sequence[str] = (),
) -> float:
    """Ask until an answer holds what was saved; return the milliseconds since it was saved."""
    asked = {"query": question, "limit": 20, "budget_tokens": 20_000, **({"paths": paths} if paths else {})}
    while True:
        answer = client.tool("search_memory", asked, LIMIT_S * 2)
        now = (time.perf_counter() - started) * 1000
        if any(item.get("path") == path and saved in item["text"] for item in answer["results"]):
            return round(now, 2)
        if now > LIMIT_S * 1000:
            if not answer["results"]:
                raise BenchmarkError(f"no results at all for {question!r}: {answer.get('notes')}")
            return LIMIT_S * 1000
        time.sleep(POLL_S)
