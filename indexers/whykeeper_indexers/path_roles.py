"""What part a file has in its repository, by its path: a test, an example, other people's code."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["is_aside", "is_product", "is_sample", "is_test"]

_TESTS = r"tests?|testing|testdata|specs?|fixtures?|mocks?|e2e"
_SAMPLES = r"examples?|samples?|docs?|documentation"
_FOREIGN = r"vendor|third_party|node_modules"
_TEST = re.compile(
    rf"(?:^|[/_.-])(?:{_TESTS})(?:$|[/_.-])|(?:^|/)(?:test(?-i:[A-Z])\w*|\w*(?-i:[a-z0-9])(?-i:Tests?|TestCase|IT|Spec)"
    r"|conftest)\.[a-z]{1,5}$",
    re.IGNORECASE,
)
_SAMPLE = re.compile(
    r"(?:^|/)_?(?:examples?|samples?|demos?|docs(?:[-_.][\w.-]{1,40})?|documentation|bench(?:mark)?s?|playgrounds?|seeds?|seeders"
    r"|stories|storybook)/|(?:^|[/_.-])(?:examples?|bench(?:mark)?s?|seeds?|stories|demos?)\.[a-z]{1,5}$",
    re.IGNORECASE,
)
_FOREIGN_FOLDER = re.compile(rf"(?:^|/)(?:{_FOREIGN})/")
_ASIDE = re.compile(rf"(?:^|[/_.-])(?:{_TESTS}|{_SAMPLES}|{_FOREIGN})(?:$|[/_.-])", re.IGNORECASE)
_REMEMBERED = 50_000


@lru_cache(_REMEMBERED)
def is_test(path: str) -> bool:
    """Whether a file is a test, or there for tests: fixtures, data, doubles.

    Args:
        path: Relative to the root.
    """
    return _TEST.search(path) is not None


@lru_cache(_REMEMBERED)
def is_sample(path: str) -> bool:
    """Whether a file shows or tries something and is not shipped: examples, benchmarks, documents, seeds.

    Args:
        path: Relative to the root.
    """
    return _SAMPLE.search(path) is not None


@lru_cache(_REMEMBERED)
def is_aside(path: str) -> bool:
    """Whether a file is no part of what the repository is for: tests, examples, other people's code.

    Wider than `is_test` and `is_sample` together: any part of a name that says so is enough.

    Args:
        path: Relative to the root.
    """
    return _ASIDE.search(path) is not None


def is_product(path: str) -> bool:
    """Whether a file is neither a test nor a sample, nor other people's.

    Args:
        path: Relative to the root.
    """
    return not (is_test(path) or is_sample(path) or _FOREIGN_FOLDER.search(path))
