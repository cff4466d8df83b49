"""Passwords and tokens that people give in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["passwords_in", "without_passwords"]

_GIVEN: Final = re.compile(
    r"(?:password|passwd|secret|token)[\"'`*_]{0,3}[ \t]{0,4}[=:][ \t]{0,4}[\"'`*_]{0,3}"
    r"(?P<value>[^\s\"'`]{8,200})",
    re.IGNORECASE,
)
"""The scanner of secrets wants more than a word and a number, for it reads code; nobody writes code here."""
_PLACEHOLDER: Final = re.compile(r"^[<{$%\[(]|\$\{|xxx|\*\*\*|…|^[a-z]{2,10}://", re.IGNORECASE)
_AROUND: Final = ".,;:!?)]}*_"
_LEAST: Final = 8


def passwords_in(text: str) -> Iterator[tuple[int, int]]:
    """Where a text gives a password as a person makes one: a letter and a digit, and no placeholder.

    Yields:
        Beginning and end of each value.
    """
    for match in _GIVEN.finditer(text):
        value = match["value"].rstrip(_AROUND)
        made = len(value) >= _LEAST and re.search(r"[A-Za-z]", value) and re.search(r"\d", value)
        if made and not _PLACEHOLDER.search(value):
            yield match.start("value"), match.start("value") + len(value)


def without_passwords(text: str) -> str:
    """A text with a mark in the place of each password."""
    for start, end in reversed(list(passwords_in(text))):
        text = f"{text[:start]}[redacted: password]{text[end:]}"
    return text
