"""The registry of shapes by form, and how files of each are named where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.writing.forms import adr_tools, cosmos, log4brains, madr, nygard, rfc
from whykeeper_indexers.decisions.writing.naming import Naming
from whykeeper_indexers.decisions.writing.shape import Shape

__all__ = ["DEFAULT_FOLDER", "DEFAULT_FORM", "STYLES", "Style", "style_of"]

DEFAULT_FORM: Final = "madr-4"
DEFAULT_FOLDER: Final = "docs/decisions"


class Style(NamedTuple):
    """How records look, and how their files are named."""

    shape: Shape
    naming: Naming


STYLES: Final[Mapping[str, Style]] = {
    "log4brains": Style(log4brains.SHAPE, Naming(digits=0, dated="20060102")),
    "rfc": Style(rfc.SHAPE, Naming()),
    "madr-4": Style(madr.MADR_4, Naming()),
    "madr-3": Style(madr.MADR_3, Naming()),
    "madr-2": Style(madr.MADR_2, Naming()),
    "adr-tools": Style(adr_tools.SHAPE, Naming()),
    "cosmos": Style(cosmos.SHAPE, Naming(prefix="adr-", digits=3)),
    "nygard-rst": Style(nygard.RESTRUCTURED, Naming(extension=".rst")),
    "nygard": Style(nygard.MARKDOWN, Naming()),
}
"""One for each of the forms that are read."""


def style_of(form: str, records: Iterable[RecordText]) -> Style:
    """Give the style that records of a form have, where two versions of it can be told apart no further.

    A record of MADR 3 that has nothing which only that version has is one of MADR 4 as well.
    """
    if form == "madr-3" and not any(madr.is_version_3(each) for each in records):
        return STYLES["madr-4"]
    return STYLES[form]
