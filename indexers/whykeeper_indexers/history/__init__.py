"""What the history of a repository says: its commits, and which of them are worth remembering."""

from whykeeper_indexers.history.chunks import commit_chunks, without_files
from whykeeper_indexers.history.log import read_commits, redacted
from whykeeper_indexers.history.message import clean_body, memorable_title, worth_remembering

__all__ = [
    "clean_body",
    "commit_chunks",
    "memorable_title",
    "read_commits",
    "redacted",
    "without_files",
    "worth_remembering",
]
