"""What a file of code shows of work that was left undone."""

from __future__ import annotations

from whykeeper_indexers.undone.comments import Comment, comments_of
from whykeeper_indexers.undone.conflicts import conflicts_in
from whykeeper_indexers.undone.reading import Before, undone_in, work_of
from whykeeper_indexers.undone.remnant import Remnant, Weight

__all__ = ["Before", "Comment", "Remnant", "Weight", "comments_of", "conflicts_in", "undone_in", "work_of"]
