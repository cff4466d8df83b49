"""What a piece of code says of itself in words.

A transformer trained on sentences reads names, signatures and comments well, and the syntax between them
adds length more than meaning. On 419 questions over 21 repositories the descriptions of code, of 64 word
pieces at most, are nearer to what is sought than whole pieces of 256 (nDCG@10 by meaning alone 0.687
against 0.680), and are read three to four times as fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from whykeeper_indexers.catalog.words import compound_parts
from whykeeper_indexers.code.comments import clean_comment, is_licence
from whykeeper_indexers.types import Chunk

__all__ = ["code_description"]

MAX_CHARACTERS = 320
"""Some 64 word pieces."""

_WORD = re.compile(r"\w+")
_COMMENT = re.compile(
    r"^[ \t]*(?:#+|//+[!/]?|/?\*+|--+|;+|%+|<!--|\"\"\"|''')[ \t]+(?P<line>.*[a-z]{3}.*)$|"
    r"[ \t](?:#|//)[ \t]+(?P<end>.*[a-z]{3}.*)$",
    re.MULTILINE,
)
_ALIKE = 40
"""Characters of a comment that tell whether it is the docstring once more."""


def code_description(chunk: Chunk) -> str:
    """Describe a piece of code by its names, its docstring and comments, and its signature.

    Args:
        chunk: Of code.

    Returns:
        Words, compound names split into theirs; never empty.
    """
    docstring = chunk.docstring or ""
    comments = " ".join(_comments(chunk.text))
    if is_licence(comments) or (comments and comments[:_ALIKE] in docstring):
        comments = ""
    parts = (
        _split(PurePosixPath(chunk.path or "").stem),
        f"{_split(chunk.symbol or chunk.title)}.",
        docstring,
        comments,
        _split(chunk.signature or ""),
    )
    return " ".join(" ".join(parts).split())[:MAX_CHARACTERS]


def _comments(text: str) -> Iterator[str]:
    for found in _COMMENT.finditer(text):
        yield clean_comment(found["line"] or found["end"])


def _split(names: str) -> str:
    return " ".join(" ".join(compound_parts(word)).lower() or word for word in _WORD.findall(names))
