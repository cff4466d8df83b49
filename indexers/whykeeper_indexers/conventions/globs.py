"""Globs as agents' tools read them: braces, ``**`` across folders, ``!`` to take back.

A pattern comes from an untrusted file and is asked for every path, so matching must not
backtrack: each segment is matched by the standard library's ``fnmatch`` (whose expressions
are atomic), and ``**`` greedily over segments, which is linear in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

__all__ = ["anchor", "float_bare", "literal_depth", "matches", "split_globs"]

MAX_GLOBS = 100
MAX_GLOB_CHARACTERS = 500
MAX_ALTERNATIVES = 64

_WILD = re.compile(r"[*?\[]")
_INNERMOST_BRACES = re.compile(r"\{([^{}]*)\}")
_SEQUENCE = re.compile(r"(-?\d{1,4})\.\.(-?\d{1,4})")
_ALTERNATION = re.compile(r"[@?]\(([^()]*)\)")
_EVERYTHING = "**"


def split_globs(value: object) -> tuple[str, ...]:
    """Read a front matter value as globs: a list, or one string with commas outside braces."""
    items = value if isinstance(value, list) else [value]
    found = [glob for item in items[:MAX_GLOBS] if isinstance(item, str) for glob in _split(item)]
    return tuple(dict.fromkeys(found))[:MAX_GLOBS]


def anchor(globs: Iterable[str], folder: str) -> tuple[str, ...]:
    """Make globs that are relative to a folder relative to the root."""
    return tuple(_anchored(glob, folder) for glob in globs)


def float_bare(globs: Iterable[str]) -> tuple[str, ...]:
    """Let a pattern without a slash match at any depth, for the tools that read it so."""
    return tuple(_floated(glob) for glob in globs)


def matches(globs: Sequence[str], path: str) -> bool:
    """Say whether the last of the globs that speaks of a path takes it in."""
    return matching(globs, path) is not None


def matching(globs: Sequence[str], path: str) -> str | None:
    """Give the glob that takes a path in; None when none does or a later one takes it back."""
    found: str | None = None
    segments = tuple(path.split("/"))
    for glob in globs:
        negated = glob.startswith("!")
        if negated and found is None:
            continue
        if any(_fits(pattern, segments) for pattern in _patterns(glob.removeprefix("!"))):
            found = None if negated else glob
    return found


def literal_depth(glob: str) -> int:
    """Count the leading folders of a glob that hold no wildcard: how near it comes to a path."""
    depth = 0
    for segment in glob.split("/")[:-1]:
        if _WILD.search(segment) or "{" in segment:
            break
        depth += 1
    return depth


def _split(text: str) -> list[str]:
    """Split at commas that are not within braces."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == "," and depth <= 0:
            parts.append(text[start:index])
            start = index + 1
    cleaned = [part.strip().strip("\"'").strip() for part in [*parts, text[start:]]]
    return [part for part in cleaned if part and len(part) <= MAX_GLOB_CHARACTERS]


def _anchored(glob: str, folder: str) -> str:
    sign, plain = ("!", glob[1:]) if glob.startswith("!") else ("", glob)
    plain = plain.removeprefix("./").lstrip("/")
    return f"{sign}{folder}/{plain}" if folder else sign + plain


def _floated(glob: str) -> str:
    sign, plain = ("!", glob[1:]) if glob.startswith("!") else ("", glob)
    return glob if "/" in plain.rstrip("/") or plain == _EVERYTHING else f"{sign}**/{plain}"


@lru_cache(maxsize=4096)
def _patterns(glob: str) -> tuple[tuple[str, ...], ...]:
    plain = glob.removeprefix("./").lstrip("/").replace("[^", "[!")
    plain = _ALTERNATION.sub(lambda found: "{" + found[1].replace("|", ",") + "}", plain)
    patterns = []
    for alternative in _expand_braces(plain):
        segments = _segments(alternative)
        patterns.append(segments)
        # A pattern that names a folder binds what is in it; on a file's name it changes nothing.
        if segments[-1] != _EVERYTHING and not _WILD.search(segments[-1]):
            patterns.append((*segments, _EVERYTHING))
    return tuple(patterns)


def _segments(pattern: str) -> tuple[str, ...]:
    full = f"{pattern}**" if pattern.endswith("/") or not pattern else pattern
    return tuple(segment for segment in full.split("/") if segment) or (_EVERYTHING,)


def _expand_braces(pattern: str) -> list[str]:
    """Expand ``{a,b}`` and ``{1..3}`` as a shell does, innermost first, up to a bound."""
    done: list[str] = []
    waiting = [pattern]
    while waiting and len(done) + len(waiting) <= MAX_ALTERNATIVES:
        current = waiting.pop()
        found = _INNERMOST_BRACES.search(current)
        if not found:
            done.append(current)
            continue
        head, tail = current[: found.start()], current[found.end() :]
        waiting += [head + choice + tail for choice in _choices(found[1])]
    return done or [pattern]


def _choices(inside: str) -> list[str]:
    sequence = _SEQUENCE.fullmatch(inside)
    if not sequence:
        return inside.split(",")
    first, last = int(sequence[1]), int(sequence[2])
    return [str(number) for number in range(first, last + 1)][:MAX_ALTERNATIVES]


def _fits(pattern: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    """Match segments with ``**`` as the wildcard, falling back to the latest ``**`` only.

    That the latest is enough is why wildcard matching needs no recursion.
    """
    at = here = 0
    star, resume = -1, 0
    while here < len(segments):
        if at < len(pattern) and pattern[at] == _EVERYTHING:
            star, resume, at = at, here, at + 1
        elif at < len(pattern) and fnmatchcase(segments[here], pattern[at]):
            at, here = at + 1, here + 1
        elif star >= 0:
            resume += 1
            at, here = star + 1, resume
        else:
            return False
    return all(segment == _EVERYTHING for segment in pattern[at:])
