"""What the history of a repository says: which commits are worth remembering, and how code came about."""

from whykeeper_indexers.history.blame import Place, ranges_of
from whykeeper_indexers.history.chunks import commit_chunks, without_files
from whykeeper_indexers.history.file_log import (
    file_log,
    staged_origin,
    what_became_of,
)
from whykeeper_indexers.history.ignored_revisions import ignored_revisions
from whykeeper_indexers.history.issues import issues_named
from whykeeper_indexers.history.line_log import How, LineCommit, follow_lines
from whykeeper_indexers.history.log import read_commits, read_named, redacted
from whykeeper_indexers.history.merges import merges_bringing
from whykeeper_indexers.history.message import clean_body, memorable_title, worth_remembering
from whykeeper_indexers.history.working_tree import (
    committed_lines,
    entry_type,
    file_bytes,
    head_of,
    is_shallow,
)

__all__ = [
    "How",
    "LineCommit",
    "Place",
    "clean_body",
    "commit_chunks",
    "committed_lines",
    "entry_type",
    "file_bytes",
    "file_log",
    "follow_lines",
    "head_of",
    "ignored_revisions",
    "is_shallow",
    "issues_named",
    "memorable_title",
    "merges_bringing",
    "ranges_of",
    "read_commits",
    "read_named",
    "redacted",
    "staged_origin",
    "what_became_of",
    "without_files",
    "worth_remembering",
]
