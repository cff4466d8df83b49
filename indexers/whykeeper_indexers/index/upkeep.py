"""What is derived and needed by nobody any more: found, and let go, when there is nothing else to do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.types import HISTORY_VERSION, Kind
from whykeeper_indexers.vectors import VectorStore

__all__ = ["renew_history", "tidy_catalog", "tidy_vectors"]

_log = logging.getLogger(__name__)

KEPT_S = 30 * 24 * 3600.0
"""How long contents and commits stay that no checkout has: a branch is often come back to."""
_BATCH = 2_000
_ANY_AGE = float("-inf")
"""Also what a clock that was set back since then dates from the future."""
_RENEWED = "history version"
_renewing = threading.Lock()


def renew_history(catalog: Catalog) -> None:
    """Let go of commits that another version has judged, so that they are read again.

    Call it before asking which commits are known. Commits are stored once for all checkouts; one that is
    stored is never looked at again. Killed in between, the next start does it again.

    Args:
        catalog: The repository's; every checkout of it may call this at once.
    """
    version = str(HISTORY_VERSION)
    with _renewing:
        if catalog.recalled(_RENEWED) == version:
            return
        for number in catalog.checkouts().values():
            catalog.forget_head(number)
        swept = catalog.sweep(_ANY_AGE)
        if swept.commits:
            _log.info("%d commits are read again with the rules of this version", swept.commits)
        catalog.remember(_RENEWED, version)


def tidy_catalog(catalog: Catalog, in_use: Collection[int]) -> None:
    """Forget checkouts whose folder is gone, and what no checkout has had for long.

    Args:
        catalog: The repository's.
        in_use: Checkouts that are served now; they stay, whatever became of their folders.
    """
    for root, number in catalog.checkouts().items():
        if number not in in_use and not root.exists():
            _log.info("%s is gone and is forgotten", root)
            catalog.forget_checkout(number)
    swept = catalog.sweep(KEPT_S)
    if any((swept.contents, swept.commits, swept.chunks)):
        _log.info("let go: %s", swept)


def tidy_vectors(
    catalog: Catalog,
    vectors: VectorStore,
    fingerprints: Mapping[Kind, str],
    should_stop: Callable[[], bool],
) -> None:
    """Remove vectors that no chunk needs. Call it when every chunk has its vector.

    Only whoever adds vectors may call it: one that is added meanwhile would be taken for
    one that nobody needs.

    Args:
        catalog: Knows what is needed.
        vectors: This repository's alone.
        fingerprints: Of the vectors that each kind has now; spaces of others are dropped.
        should_stop: Asked between batches.
    """
    for kind in Kind:
        while keys := catalog.unreferenced_vector_keys(kind, _BATCH):
            if should_stop():
                return
            vectors.remove(kind, keys)
            catalog.forget_encoded(kind, keys)
        # Left by a catalog that was damaged and built anew.
        if unknown := vectors.keys(kind) - catalog.encoded_keys(kind):
            vectors.remove(kind, unknown)
    for space, count in vectors.spaces().items():
        if should_stop():
            return
        if space.fingerprint != fingerprints[space.kind]:
            _log.info("%d vectors of kind %s, made with another model, are let go", count, space.kind)
            vectors.drop(space)
