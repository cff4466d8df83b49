"""The repositories that are verified: where each stands, and what of it is its product."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sandbox import BenchmarkError

__all__ = ["LANGUAGES", "PINNED", "Pinned", "checkouts"]


@dataclass(frozen=True, slots=True)
class Pinned:
    """A repository at one commit.

    Attributes:
        name: ``owner/name``.
        commit: Where its history is read from.
        language: What its product is written in.
        product: Matches the paths of the product's own code: no tests, examples, generated or vendored files.
    """

    name: str
    commit: str
    language: str
    product: re.Pattern[str]


def _pinned(name: str, commit: str, language: str, product: str) -> Pinned:
    return Pinned(name, commit, language, re.compile(product))


PINNED: tuple[Pinned, ...] = (
    _pinned(
        "encode/httpx", "ae1b9f66238f75ced3ced5e4485408435de10768", "python", r"httpx/(?!.*/mock\.py).*\.py"
    ),
    _pinned(
        "modelcontextprotocol/python-sdk", "57394b0548d1e2dc2dce8d67d84985769df3b8bb", "python", r"src/.*\.py"
    ),
    _pinned(
        "colinhacks/zod",
        "e516c3baf22615e20934116abebfed6c000222c2",
        "typescript",
        r"packages/zod/src/(?!.*/(?:tests|benchmarks|locales)/).*\.ts",
    ),
    _pinned(
        "spf13/cobra", "adbc8813901bba65827259daa8e22ff94ec1f30e", "go", r"(?!.*_test\.go)(?:doc/)?[^/]+\.go"
    ),
    _pinned(
        "gin-gonic/gin",
        "dcaa4296d111981ffb31ac3eba90bb63e1eb5ab9",
        "go",
        r"(?!.*_test\.go|testdata/|examples/).*(?<!\.pb)\.go",
    ),
    _pinned(
        "google/gson",
        "9835b6f90192f79cdf5300c528fc6212455fb6c1",
        "java",
        r"(?:gson|extras|proto)/src/main/.*(?<!/package-info)(?<!/module-info)\.java",
    ),
)
LANGUAGES: tuple[str, ...] = tuple(dict.fromkeys(each.language for each in PINNED))


def checkouts(folders: Sequence[Path], pinned: Iterable[Pinned] = PINNED) -> dict[Pinned, Path]:
    """Find the repositories' checkouts; what is not there is left out, and said.

    Args:
        folders: With checkouts named ``OWNER+NAME``, whose history holds the pinned commits.
        pinned: Those to find.

    Raises:
        BenchmarkError: None is there.
    """
    found: dict[Pinned, Path] = {}
    for each in pinned:
        roots = (folder / each.name.replace("/", "+") for folder in folders)
        root = next((root for root in roots if _has(root, each.commit)), None)
        if root is None:
            print(f"left out: no checkout of {each.name} that has {each.commit[:12]}", file=sys.stderr)
        else:
            found[each] = root.resolve()
    if not found:
        raise BenchmarkError("none of the repositories is there with the commit it is pinned at")
    return found


def _has(root: Path, commit: str) -> bool:
    git = ["git", "-C", str(root), "cat-file", "-e", f"{commit}^{{commit}}"]
    return root.is_dir() and subprocess.run(git, capture_output=True).returncode == 0
