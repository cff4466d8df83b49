"""Holding a pattern of code against files of a tree: what the parse worker does."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from whykeeper_indexers.change.tree import tree_at
from whykeeper_indexers.code.patterns import PatternMatch, matches_of, problem_of
from whykeeper_indexers.secrets import redact

__all__ = ["Matched", "match_pattern"]

_log = logging.getLogger(__name__)

Matched = str | list[tuple[PatternMatch, ...] | None]
"""What is wrong with the pattern; otherwise what it fits in each file, without
secrets, None for one that cannot be read."""


def match_pattern(
    root: Path, tree: str, variables: Mapping[str, str], language: str, data: str, paths: Sequence[str]
) -> Matched:
    """Hold a pattern against some files of a tree.

    Args:
        root: The checkout.
        tree: What git finds the tree by.
        variables: Of git's environment.
        language: Of the pattern.
        data: The pattern in ast-grep's format, as JSON.
        paths: The files.
    """
    config = json.loads(data)
    problem = problem_of(language, config)
    if problem is not None:
        return problem
    texts = tree_at(root, tree, variables).texts(paths, keep=False)
    return [_matches(path, texts.get(path), language, config) for path in paths]


def _matches(
    path: str, text: str | None, language: str, config: Mapping[str, object]
) -> tuple[PatternMatch, ...] | None:
    if text is None:
        return None
    try:
        found = matches_of(text, language, config, path)
        kept = redact(text, path)[0] if found else text
        return found if kept == text else matches_of(kept, language, config, path)
    except Exception:  # noqa: BLE001 - the border between untrusted files and what is made of them
        _log.exception("cannot match %s", path)
        return None
