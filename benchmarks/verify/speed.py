"""How long it takes to verify a change of ten files, and to tell where work stopped, as a user has it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.peers.tokenizer import Tokenizer
from benchmarks.reporting import markdown_table
from benchmarks.sandbox import BenchmarkError, Sandbox, default_program, sandbox
from benchmarks.speed.measurement import Measurement, spread

__all__ = ["LARGE", "measured", "speed_table"]

LARGE = ("JabRef/jabref", "edbf3b13ad2806e4460f1d477ddcb087984c8459")
FILES, LINES = 10, 500
TOLERANCE = 50
"""Lines that the change may have more or fewer."""
BACK = 40
"""Commits between the checkout and the state that some of its files are set back to."""
VERIFY_S, RESUME_S, RESUME_TOKENS = 1.5, 0.2, 600
RUNS = 20
PLANS = 3
INDEX_LIMIT_S = 3_000.0


def measured(folders: Sequence[Path]) -> dict[str, Any]:
    """Verify and resume in the large repository, through a daemon that has indexed it to the end.

    Raises:
        BenchmarkError: There is no checkout of it at its commit, or something could not be measured.
    """
    name, commit = LARGE
    roots = (folder / name.replace("/", "+") for folder in folders)
    checkout = next((root for root in roots if root.is_dir()), None)
    if checkout is None:
        raise BenchmarkError(f"no checkout of {name} is there")
    with sandbox(default_program()) as made:
        repo = _clone(made, checkout, commit)
        print(f"{name} is being indexed", file=sys.stderr)
        made.json("index", "--repo", str(repo), limit_s=INDEX_LIMIT_S)
        files = _git(repo, "ls-files").count("\n")
        lines = [*_verified(made, repo, files), *_resumed(made, repo)]
    return {"lines": [each.to_json() for each in lines], "at": commit}


def speed_table(part: dict[str, Any]) -> str:
    """Lay out what was measured."""
    rows = [
        (line["what"], line["reach"], f"{line['measured']} {'✓' if line['holds'] else '✗'}")
        for line in part["lines"]
    ]
    return markdown_table(("what", "reach", "measured"), rows)


def _clone(made: Sandbox, checkout: Path, commit: str) -> Path:
    """Clone without what a partial mirror lacks: archives, which nobody reads."""
    target = made.folder / "clones" / "large"
    subprocess.run(
        ["git", "clone", "-q", "--no-checkout", str(checkout.resolve()), str(target)],
        check=True,
        capture_output=True,
    )
    _git(target, "sparse-checkout", "set", "--no-cone", "/*", "!*.jar")
    _git(target, "checkout", "-q", "-B", "feature/task", commit)
    return target


def _verified(made: Sandbox, repo: Path, files: int) -> list[Measurement]:
    changed, lines = _change(repo)
    last = repo / changed[-1]
    text = last.read_text(encoding="utf-8")

    def once(number: int) -> float:
        # As after an edit: no run has seen this very state.
        last.write_text(f"{text}\n// {number}\n", encoding="utf-8")
        return float(_answer(made, "verify", "--repo", str(repo))["took_ms"])

    started = time.monotonic()
    once(-1)
    first = time.monotonic() - started
    inside, outside = _timed(once)
    what = f"verify of {FILES} files and {lines} lines in {LARGE[0]} ({files:,} files), warm"
    reach = f"under {VERIFY_S:g} s"
    return [
        Measurement(
            f"{what}: in the daemon", reach, spread(inside), max(inside) < VERIFY_S * 1_000,
            values={"ms": inside, "first_s": first}, asked_for=True,
        ),
        Measurement(
            f"{what}: `whykeeper verify --json` from start to end", reach, spread(outside),
            max(outside) < VERIFY_S * 1_000, values={"ms": outside},
        ),
        Measurement("the first verify of all, which reads every file's facts", "–", f"{first:.1f} s", True),
    ]  # fmt: skip


def _change(repo: Path) -> tuple[list[str], int]:
    """Set ten files back to what they were some commits ago, so that about 500 lines differ."""
    past = f"HEAD~{BACK}"
    listed = _git(repo, "diff", "--numstat", "--diff-filter=M", "HEAD", past, "--", "*.java").splitlines()
    rows = [(each.split("\t")[2], sum(map(int, each.split("\t")[:2]))) for each in listed]
    chance = Random(5)
    for _ in range(200_000):
        drawn = chance.sample(rows, min(FILES, len(rows)))
        lines = sum(count for _, count in drawn)
        if len(drawn) == FILES and abs(lines - LINES) <= TOLERANCE:
            paths = sorted(path for path, _ in drawn)
            patch = _git(repo, "diff", "HEAD", past, "--", *paths)
            subprocess.run(["git", "-C", str(repo), "apply", "-"], input=patch, text=True, check=True)
            return paths, lines
    raise BenchmarkError(f"no {FILES} files differ by about {LINES} lines from {past}")


def _resumed(made: Sandbox, repo: Path) -> list[Measurement]:
    """Ask where work stopped, with three open plans of the branch."""
    java = [path for path in _git(repo, "ls-files", "*.java").splitlines() if "/main/" in path]
    chance = Random(5)
    for number in range(PLANS):
        target = repo / ".whykeeper" / "plans" / f"task-{number}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_plan(number, chance.sample(java, 6)), encoding="utf-8")
    answers: list[dict[str, Any]] = []

    def once(_: int) -> float:
        answers.append(_answer(made, "resume", "--repo", str(repo)))
        return float(answers[-1]["took_ms"])

    once(-1)
    inside, outside = _timed(once)
    tokens = _tokens(made, made.run("resume", "--repo", str(repo)).stdout)
    what = f"resume with {PLANS} open plans in {LARGE[0]}, warm"
    reach = f"under {RESUME_S * 1_000:g} ms"
    return [
        Measurement(f"{what}: in the daemon", reach, spread(inside), max(inside) < RESUME_S * 1_000,
            asked_for=True,
        ),
        Measurement(
            f"{what}: `whykeeper resume --json` from start to end", reach, spread(outside),
            max(outside) < RESUME_S * 1_000,
        ),
        Measurement(
            f"{what}: what it tells", f"under {RESUME_TOKENS} tokens", f"{tokens} tokens",
            tokens < RESUME_TOKENS, asked_for=True,
        ),
    ]  # fmt: skip


def _tokens(made: Sandbox, text: str) -> int:
    counting = Tokenizer(made.folder / "environments", made.folder)
    try:
        return counting.count([text])[0]
    finally:
        counting.close()


def _plan(number: int, paths: Sequence[str]) -> str:
    steps = "".join(
        f"- [{'x' if at < 2 else ' '}] Step {at + 1}: carry the setting through `{path}`\n"
        for at, path in enumerate(paths)
    )
    return (
        f"---\ntitle: Carry setting {number} through\nstate: open\nbranch: feature/task\n---\n\n"
        f"# Carry setting {number} through\n\n## Goal\n\n"
        f"Every dialog reads setting {number} from one place.\n\n"
        "## Reason\n\nIt is read in six places, each a little otherwise.\n\n"
        f"## Steps\n\n{steps}\n## Files expected to change\n\n"
        + "".join(f"- `{path}`\n" for path in paths)
        + "\n## What must not change\n\n- `docs/**`\n\n## Acceptance checks\n\n- `./gradlew test`\n\n"
        "## Open questions\n\n- Does the old key have to be read for a while?\n\n"
        "## Notes\n\n- 2026-11-20: the first two places are done; next is the third, whose test fails.\n"
    )


def _timed(once: Callable[[int], float]) -> tuple[list[float], list[float]]:
    """Milliseconds that an answer says it took, and those from the command's start to its end."""
    inside: list[float] = []
    outside: list[float] = []
    for number in range(RUNS):
        started = time.monotonic()
        inside.append(round(once(number), 1))
        outside.append(round((time.monotonic() - started) * 1_000, 1))
    return inside, outside


def _answer(made: Sandbox, *arguments: str) -> dict[str, Any]:
    """What a command answers; findings of severity ``error`` make it end with 1, which is no failure here."""
    done = subprocess.run(
        [made.program, *arguments, "--json"],
        env=made.env,
        cwd=made.home,
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode not in (0, 1) or not re.match(r"\s*\{", done.stdout):
        raise BenchmarkError(f"`whykeeper {arguments[0]}` ended with {done.returncode}: {done.stderr[-500:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _git(repo: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(repo), *arguments], check=True, capture_output=True, text=True)
    return done.stdout
