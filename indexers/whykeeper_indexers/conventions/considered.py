"""What a decision's prose says was looked at and not taken, several at once too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["passed_over"]

_MARK = r"[*_\"“”]{0,3}"
_NAME = (
    rf"(?:`[^`\s]{{2,60}}`|{_MARK}[A-Z][\w+#-]{{1,40}}(?:\.[\w+#-]{{1,20}}){{0,3}}"
    rf"(?:[ ][A-Z0-9][\w+#.-]{{0,20}}\b){{0,2}}{_MARK})"
)
_LIST = rf"(?P<names>{_NAME}(?:\s*,\s*{_NAME}){{0,6}}(?:\s*,?\s+(?:and|or|nor|with)\s+{_NAME}){{0,2}})"
_SEVERAL = _LIST.replace("{0,2})", "{1,2})")
"""Alone, requests may have been rejected as well as Requests."""
_REFUSED = r"(?:rejected|refused|dropped|discarded|dismissed|ruled\s+out|turned\s+down|decided\s+against)"
_WEIGHED = r"(?:considered|evaluated|weighed|discussed|tried|looked\s+at)"
_ENDS = r"(?=\s*(?:[.,;:()]|$|\s(?:for|because|as|since|to|in|on|when)\b))"
_STOPS = r"(?=\s*(?:[.,;:()]|$|\s(?:because|as|since)\b))"
_SAID: Final = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        (
            rf"\b(?i:{_WEIGHED})\s+{_LIST}\s*,?\s+(?i:and|but)\s+(?:(?i:then|we|have|had)\s+){{0,2}}(?i:{_REFUSED})"
            r"\s+(?i:it|them|both|all|each|these|those|either)\b"
        ),
        (
            rf"{_LIST}\s+(?i:was|were|has\s+been|have\s+been)\s+(?i:{_WEIGHED})\s*,?\s+(?i:and|but)\s+"
            rf"(?:(?i:then|was|were|later)\s+){{0,2}}(?i:{_REFUSED})\b"
        ),
        rf"{_SEVERAL}\s+(?i:were|have\s+been)\s+(?:(?i:both|all)\s+)?(?i:{_REFUSED})\b",
        (
            r"\b(?i:use|uses|adopt|choose|chose|pick|picked|prefer|go\s+with)\s[^.;,\n]{1,60}(?:\s+and|,(?:\s+and)?)\s+(?i:not)\s+"
            rf"{_LIST}{_ENDS}"
        ),
        rf"\b(?i:neither)\s+{_LIST}",
        (
            r"\b(?i:choose|chose|chosen|prefer|preferred|pick|picked|select|selected)\s(?:[^.;:\n]{0,80}?\s)?(?i:over)\s+"
            rf"{_LIST}{_ENDS}"
        ),
        rf"\b(?i:instead\s+of|rather\s+than|in\s+favou?r\s+over)\s+(?:(?i:using)\s+)?{_LIST}{_ENDS}",
        (
            r"\b(?i:do\s+not|don['’]t|must\s+not|never|no\s+longer|will\s+not|won['’]t|shall\s+not|should\s+not)\s+"
            rf"(?i:use|add|introduce|adopt|depend\s+on|rely\s+on)\s+{_LIST}{_ENDS}"
        ),
        rf"\b(?i:we)\s+(?:(?i:have|had)\s+)?(?i:avoid|removed?|dropp?(?:ed)?|retired?)\s+{_LIST}{_STOPS}",
    )
)
_NAMES = re.compile(_NAME)
_PLAIN = re.compile(r"[`*_\"“”]")


def passed_over(text: str) -> Iterator[str]:
    """Give the names of what a text says was not taken, in its order for each way of saying so.

    Args:
        text: Of a decision.
    """
    for pattern in _SAID:
        for found in pattern.finditer(text):
            for name in _NAMES.findall(found["names"]):
                yield _PLAIN.sub("", name)
