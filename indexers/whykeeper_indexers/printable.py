"""Text from repositories, as it can be shown: nobody vouches for its characters."""

from __future__ import annotations

import unicodedata

__all__ = ["one_line", "printable"]

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str) -> str:
    """Make characters visible that would drive a terminal, turn the reading direction or hide."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Make a text printable on one line."""
    return printable(text).replace("\n", "\\x0a")


def _visible(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _UNSEEN:
        return character
    # Joins emoji and the letters of several scripts.
    if character in "\u200c\u200d":
        return character
    return f"\\u{ord(character):04x}" if ord(character) > 0xFF else f"\\x{ord(character):02x}"
