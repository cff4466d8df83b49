"""Decision records, written: in the form, the words and under the names that a folder's records have."""

from whykeeper_indexers.decisions.writing.draft import Draft, Link
from whykeeper_indexers.decisions.writing.edits import Edit, applied
from whykeeper_indexers.decisions.writing.naming import Naming, file_stem, learned_naming, slug_of
from whykeeper_indexers.decisions.writing.practice import learned_shape
from whykeeper_indexers.decisions.writing.rendering import rendered
from whykeeper_indexers.decisions.writing.shape import Part, Shape
from whykeeper_indexers.decisions.writing.statuses import status_edit

__all__ = [
    "Draft",
    "Edit",
    "Link",
    "Naming",
    "Part",
    "Shape",
    "applied",
    "file_stem",
    "learned_naming",
    "learned_shape",
    "rendered",
    "slug_of",
    "status_edit",
]
