"""Watching a checkout: what changed, told once it has settled."""

from whykeeper.watch.changes import ChangeSet
from whykeeper.watch.watcher import CheckoutWatcher, WatchState

__all__ = ["ChangeSet", "CheckoutWatcher", "WatchState"]
