"""Strings that no JSON of ours can carry, made into text that can be stored and sent.

JSON may write half a surrogate pair: as the command line does for a file name that is not UTF-8,
and a client for whatever it was given. pydantic and SQLite both refuse such a string.
"""

from __future__ import annotations

import json
import re
from typing import Any

from whykeeper_indexers.scan.paths import shown

__all__ = ["parsed", "whole_text"]

_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Halves that stand for no byte of a file's name (PEP 383)."""


def parsed(line: bytes) -> Any:
    """Parse a line of JSON, whatever its strings hold.

    Raises:
        ValueError: It is no JSON, or nested beyond reason.
    """
    try:
        return json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def whole_text(value: Any) -> Any:
    """Copy a JSON value with every string made whole: bytes of names escaped as the index has them.

    Raises:
        ValueError: It is nested beyond reason.
    """
    try:
        return _whole(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return shown(_NO_BYTE.sub("\N{REPLACEMENT CHARACTER}", value))
    if isinstance(value, dict):
        return {_whole(name): _whole(each) for name, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value
