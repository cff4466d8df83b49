"""Names of new records, in the style of those that are there."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from whykeeper_indexers.decisions.places import is_record_file, record_name

__all__ = ["Naming", "file_stem", "learned_naming", "slug_of"]

MOST_SLUG = 72
"""Characters of a title that a file's name keeps, up to the last whole word: paths have limits."""
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "œ": "oe", "þ": "th", "ð": "d"})
"""Letters that no accent can be taken from."""
_NAMELESS = "decision"


class Naming(NamedTuple):
    """How a folder's records are named.

    Attributes:
        prefix: Before the number: ``adr-``; empty for most.
        digits: Least digits of a number; 0 where records have none.
        dated: The date before the slug, as 2 January 2006 would be written; empty where there is none.
        separator: Between number or date and slug.
        joiner: Between the slug's words.
        extension: With its dot.
    """

    prefix: str = ""
    digits: int = 4
    dated: str = ""
    separator: str = "-"
    joiner: str = "-"
    extension: str = ".md"


def learned_naming(paths: Sequence[str], default: Naming) -> Naming:
    """How most of some records are named.

    Args:
        paths: Of records of one folder and form, newest first.
        default: Where there are none.
    """
    read = [_read(path, default) for path in paths]
    if not read:
        return default
    # Equal counts: `most_common` keeps the order, and the newest is first.
    naming = Counter(each._replace(digits=bool(each.digits)) for each in read).most_common(1)[0][0]
    widths = [len(digits) for path in paths if (digits := record_name(path).digits)]
    padded = any((record_name(path).digits or "").startswith("0") for path in paths)
    return naming._replace(digits=(max(widths) if padded else 1) if naming.digits and widths else 0)


def file_stem(naming: Naming, title: str, number: int | None, date: str) -> str:
    """A new record's file name without its extension.

    Args:
        naming: The folder's.
        title: The record's.
        number: Its number; None where the folder has none.
        date: ISO 8601.
    """
    slug = slug_of(title, naming.joiner) or _NAMELESS
    before = ""
    if naming.dated:
        before = date if "-" in naming.dated else date.replace("-", "")
    elif number is not None:
        before = f"{naming.prefix}{number:0{max(naming.digits, 1)}}"
    stem = f"{before}{naming.separator}{slug}" if before else f"{naming.prefix}{slug}"
    # Some names are for what lies beside records: a template, an index.
    return stem if is_record_file(f"{stem}{naming.extension}") else f"{stem}{naming.joiner}{_NAMELESS}"


def slug_of(title: str, joiner: str = "-") -> str:
    """A title as part of a file's name: lower case, without accents, safe on every system.

    Letters that have no Latin form stay. Empty for a title without letters or digits.
    """
    plain = unicodedata.normalize("NFKD", title.lower().translate(_LATIN).replace("'", "").replace("’", ""))
    kept = "".join(letter for letter in plain if not _is_accent(letter))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", kept))
    slug = ""
    for word in words:
        longer = f"{slug}{joiner}{word}" if slug else word[:MOST_SLUG]
        if len(longer) > MOST_SLUG:
            break
        slug = longer
    return slug


def _is_accent(letter: str) -> bool:
    """Whether it is a mark of Latin, Greek or Cyrillic letters; others' marks are vowels."""
    return "\u0300" <= letter <= "\u036f"


def _read(path: str, default: Naming) -> Naming:
    name, extension = record_name(path), posixpath.splitext(path)[1]
    joiner = next((each for each in "-_ " if each in name.slug), default.joiner)
    if name.date:
        written = "2006-01-02" if name.stem.startswith(name.date) else "20060102"
        separator = name.stem[len(written) : len(name.stem) - len(name.slug)]
        return Naming("", 0, written, separator, joiner, extension)
    if name.digits:
        at = name.stem.index(name.digits)
        end = len(name.stem) - len(name.slug)
        separator = name.stem[at + len(name.digits) : end] if name.slug else default.separator
        return Naming(name.stem[:at], 1, "", separator, joiner, extension)
    prefix = name.stem[: len(name.stem) - len(name.slug)]
    return Naming(prefix, 0, "", default.separator, joiner, extension)
