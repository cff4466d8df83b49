"""A status passage, read: the word it starts with."""

from __future__ import annotations

import re

__all__ = ["plain_status", "status_word", "without_comments", "without_links"]

KNOWN = (
    "accepted",
    "proposed",
    "rejected",
    "deprecated",
    "superseded",
    "draft",
    "approved",
    "implemented",
    "provisional",
    "replaced",
    "withdrawn",
    "abandoned",
    "pending",
    "amended",
    "decided",
    "final",
    "active",
    "retired",
    "obsolete",
)
_SPELLINGS = {"superceded": "superseded", "supersceded": "superseded", "superseeded": "superseded"}
"""adr-tools writes the first; readers should find one word."""
MAX_WORDS = 4
MAX_PASSAGE = 1_500

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_STRUCK = re.compile(r"~~[^~]*~~")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*[^()]*\)|`([^`<]*?)\s*<[^<>`]*>`_{1,2}")
_DATED = re.compile(r"^[ \t]*(?:[-*+][ \t]+)?\**(\d{4}-\d{2}-\d{2})\b", re.MULTILINE)
_MARKS = re.compile(r"[*_`|\[\]]+")
_WORDS = re.compile(r"[^\W\d_]+(?:[ \t'-]+[^\W\d_]+)*")
_PHRASE_END = re.compile(r"\s+(?:by|in|on|since|as|for|with|until|pending|and|but|to|from)\b")


def plain_status(passage: str) -> str:
    """A status passage without markup, comments and what was struck out."""
    text = _STRUCK.sub(" ", without_comments(passage[:MAX_PASSAGE])).strip()
    dated = [(match[1], match.start()) for match in _DATED.finditer(text)]
    # A status with its history: the latest line holds, and what goes with it.
    return text[max(dated)[1] :] if len(dated) > 1 else text


def status_word(passage: str) -> str | None:
    """The status as one lower-case word or phrase; unknown ones as they are written.

    Args:
        passage: What ``plain_status`` left of it.

    Returns:
        None when there is none, or when it still lists the template's choices.
    """
    text = _MARKS.sub("", without_links(_without_placeholder(passage)))
    match = _WORDS.search(text)
    if match is None:
        return None
    phrase = match[0].lower()
    first = phrase.split()[0]
    first = _SPELLINGS.get(first, first)
    if first in KNOWN:
        return first
    phrase = _PHRASE_END.split(phrase, maxsplit=1)[0]
    return " ".join(phrase.split()[:MAX_WORDS])


def without_comments(text: str) -> str:
    """A text without what readers do not see."""
    return _COMMENT.sub(" ", text)


def without_links(text: str) -> str:
    """A text with the words of its links in place of the links."""
    return _LINK.sub(lambda match: match[1] or match[2] or "", text)


def _without_placeholder(passage: str) -> str:
    """Empty for a template's list of choices."""
    first_line = passage.split("\n", 1)[0].lower()
    choices = sum(word in first_line for word in KNOWN)
    listed = first_line.count("|") >= 2 or first_line.count("/") >= 2
    return "" if choices >= 2 and listed else passage
