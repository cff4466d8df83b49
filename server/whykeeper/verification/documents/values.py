"""Values that code gives to names, and that documents say it gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["given_values", "name_words", "plain_value", "said_values", "spellings"]

_GIVEN = re.compile(
    r"(?P<sign>:=|=|:|,|\()\s{0,4}(?P<value>-?\d[\d_]*(?:\.\d+)?|\"[^\"\n]{1,60}\"|'[^'\n]{1,60}'"
    r"|(?:[A-Za-z_]\w{0,40}\.){0,3}[A-Z]\w{1,60}|[tT]rue\b|[fF]alse\b|null\b|nil\b)(?![\w(])"
)
_NAMED = re.compile(r"[A-Za-z_$][\w$]*(?:[-.][\w$]+)*")
_QUOTED_NAME = re.compile(r"[\"'`]-{0,2}([A-Za-z_$][\w$]*(?:[-.][\w$]+)*)[\"'`:]")
_TYPE = re.compile(r"\[[^\[\]\n]{0,80}\]|<[^<>\n]{0,80}>")
_LOOK_BACK = 160
"""Characters between a name and its value, types and other arguments among them."""
_MOST_NAMES = 3
_FEATURES = frozenset(
    [
        *("default", "defaults", "k", "value", "val", "sec", "secs", "second", "seconds", "ms", "millis"),
        *("milliseconds", "minutes", "dflt", "const", "opt"),
    ]
)
"""Parts of a name that say what kind of value it has."""
_NO_NAMES = frozenset(
    [
        *(
            "boolean",
            "bool",
            "byte",
            "char",
            "const",
            "default",
            "defaultValue",
            "double",
            "env",
            "envDefault",
        ),
        *(
            "float",
            "help",
            "int",
            "int64",
            "let",
            "long",
            "name",
            "names",
            "return",
            "short",
            "static",
            "string",
        ),
        *("type", "val", "value", "var"),
    ]
)
"""What stands before a value and says nothing of whose it is."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_COUNTED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SAID = re.compile(
    r"(?<![\w.$-])-?\d[\d_,]*(?:\.\d+)?(?![\w]*\.\d)|`[^`\n]{1,60}`|\"[^\"\n]{1,60}\"|'[^'\n]{1,60}'|\b\w+\b"
)
_CONSTANTS = frozenset(["true", "false", "none", "null", "nil"])
_NULLS = frozenset(["none", "null", "nil", "undefined"])
_NUMBER = re.compile(r"-?\d[\d_,]*(?:\.\d+)?(?:[eE][+-]?\d+)?")


def given_values(text: str) -> Iterator[tuple[str, str]]:
    """Names with the literals that code gives them, as far as one passage of it tells.

    Args:
        text: Code, configuration, a declaration of an option.
    """
    for found in _GIVEN.finditer(text):
        if (
            found["sign"] == ":"
            and found["value"].isidentifier()
            and found["value"].lower() not in _CONSTANTS
        ):
            # A type: ``context: Context``.
            continue
        before = _TYPE.sub("", text[max(0, found.start() - _LOOK_BACK) : found.start()])
        for name in _names_before(before, found["sign"]):
            yield name.rpartition(".")[2], plain_value(found["value"])


def _names_before(text: str, sign: str) -> list[str]:
    """What a value may belong to: what stands before it, or what an option with a default is called."""
    segment = re.split(r"[,;({\[\n]", text)[-1]
    names = [name for name in _NAMED.findall(segment)[-_MOST_NAMES:] if name not in _NO_NAMES]
    if sign == "(":
        # ``PORT = int(8080)``: what is called is no name, what it is given to is one.
        wrapped = re.search(r"([A-Za-z_$][\w$]*)\s*(?::\s*[\w.]+\s*)?=\s*(?:new\s)?[\w.]+\s*\Z", text)
        return [wrapped[1]] if wrapped else []
    if names and not names[-1].lower().startswith("default"):
        return names
    if "default" not in segment.lower():
        return names
    option = _QUOTED_NAME.findall(text)[-1:]
    wrapped = re.search(r"([A-Za-z_$][\w$]*)\s*(?::\s*[\w.]+\s*)?=\s*[\w.]+\([^()]*\Z", text)
    return [*names, *option, *([wrapped[1]] if wrapped else [])]


@lru_cache(maxsize=4_096)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name however it is written, without those that say that it is a default."""
    words = [word.lower() for word in _WORDS.findall(name)]
    telling = tuple(word for word in words if word not in _FEATURES)
    return telling or tuple(words)


def spellings(name: str) -> set[str]:
    """Ways to write a name, as code and as options, settings and prose have it."""
    words = name_words(name)
    if not words:
        return {name}
    camel = words[0] + "".join(word.capitalize() for word in words[1:])
    forms = {"_".join(words), "-".join(words), "_".join(words).upper(), camel, camel[:1].upper() + camel[1:]}
    return {name, *forms, " ".join(words)}


@lru_cache(maxsize=4_096)
def plain_value(value: str) -> str:
    """A value however it is written: without quotes, 5.0 and 5 alike."""
    plain = value.strip("\"'`").strip()
    if _NUMBER.fullmatch(plain):
        number = float(plain.replace("_", "").replace(",", ""))
        return f"{number:g}" if abs(number) < 1e15 else plain
    lower = plain.lower()
    if lower in _NULLS:
        return "none"
    return lower if lower in ("true", "false") else plain.rpartition(".")[2] if _dotted(plain) else plain


def said_values(text: str) -> list[str]:
    """Everything in a line of prose that can be a value, in order."""
    found = []
    for match in _SAID.finditer(text):
        word = match[0]
        if word.lower() in _COUNTED:
            found.append(str(_COUNTED.index(word.lower())))
        else:
            found.append(plain_value(word))
    return found


def _dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split(".")) and "." in text
