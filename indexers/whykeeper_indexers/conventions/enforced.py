"""What linters and formatters enforce on a file, and which rules only say that again."""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from whykeeper_indexers.conventions.editorconfig import sections_for
from whykeeper_indexers.conventions.linters import LINTERS, Linter, Matter
from whykeeper_indexers.conventions.rules import Rule
from whykeeper_indexers.conventions.settings import (
    Asked,
    Setting,
    agrees,
    asked_of,
    opposes,
    set_by,
    speaks_of,
)

__all__ = [
    "ConfigurationFiles",
    "Configured",
    "Opposed",
    "configured_linters",
    "enforcing",
    "hooks_of",
    "opposing",
]

MAX_BYTES = 200_000
"""Of a configuration file."""
MAX_NAMES = 5_000
"""Names looked at in one folder."""
MAX_SECTION = 20_000
"""Characters of a configuration that are looked at for a setting."""
MAX_HOOKS = 20
LONGEST = 160
"""Characters of a rule that does no more than repeat a setting."""

_HOOKS = (".pre-commit-config.yaml", ".pre-commit-config.yml")
_HOOK = re.compile(r"^[ \t]*(?:-[ \t]+)?id:[ \t]*[\"']?([\w.-]{1,60})", re.MULTILINE)
_EXCEPT = re.compile(r"\b(?:but|except|unless|instead|only|because|where|when|if)\b(?! of\b)", re.IGNORECASE)
_CODE = re.compile(r"`([^`\n]{1,200})`")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_RUN = re.compile(
    r"(?:always|please|run|use|using|we|with|and|format|formatted|formatting|formatter|lint|linted|linting|linter|"
    r"check|checks|fix|before|after|each|every|commit|commits|committing|push|pushing|code|your|the|all|files|"
    r"changes|to|is|are|by|for|on|python|typescript|javascript|rust|go)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w-]*")
_KEEPS = re.compile(
    r"\b(?:keep|preserve|allow|allowed|needed|significant|ignore|no limit|unlimited)\b", re.IGNORECASE
)
"""A rule with it leaves what a tool would mend."""
_UNSET = re.compile(r"\A\s*[#;]|ignore|disable|[:=]\s*[\"']?(?:false|off|unset|0)\b", re.IGNORECASE)
"""A line that names a setting and does not make it."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """Something that is said again and again of code's looks, and has no two ways.

    Attributes:
        matter: Which tools enforce it.
        said: How a rule says it.
        set: How a configuration does. A number that the rule gives must be there as well.
    """

    matter: Matter
    said: re.Pattern[str]
    set: re.Pattern[str]


def _topic(matter: Matter, said: str, configured: str) -> _Topic:
    return _Topic(matter, re.compile(said, re.IGNORECASE), re.compile(configured, re.IGNORECASE))


_TOPICS = (
    _topic(
        Matter.BLANKS,
        r"\bline[- ](?:length|width)|\blines? (?:\w+ ){0,4}\d{2,3} (?:characters|chars|columns)",
        r"line[-_]?length|line[-_]?width|print[-_]?width|max[-_]width|max-len|column_?limit",
    ),
    _topic(Matter.BLANKS, r"\btrailing (?:whitespace|spaces)\b", r"trim_trailing|W291|trailing-whitespace"),
)


@dataclass(frozen=True, slots=True)
class Configured:
    """A tool, and where it is configured.

    Attributes:
        linter: The tool.
        path: Of the file.
        line: Where in the file.
        text: What is configured there, for the file that was asked about.
        general: What is configured there for every file, where parts of it are for some.
    """

    linter: Linter = field(hash=False)
    path: str
    line: int
    text: str
    general: str = ""

    @property
    def place(self) -> str:
        """Path and line; the first line of a file of its own is the whole file."""
        return f"{self.path}:{self.line}" if self.line > 1 else self.path


@dataclass(frozen=True, slots=True)
class Opposed:
    """A tool that is told the opposite of what a rule asks for.

    Attributes:
        asked: By the rule, in words.
        sets: What the configuration sets, in words.
        configured: Where.
        line: Of the setting.
    """

    asked: str
    sets: str
    configured: Configured
    line: int


class ConfigurationFiles:
    """The configuration files of one checkout, for one question.

    Args:
        root: Of the checkout; nothing outside is read.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._real = os.path.realpath(root)
        self._names: dict[str, tuple[str, ...]] = {}
        self._texts: dict[str, str] = {}

    def names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder; none where there is no such folder."""
        if folder not in self._names:
            self._names[folder] = self._listed(folder)
        return self._names[folder]

    def text(self, path: str) -> str:
        """The text of a file; empty where it cannot be read, leaves the checkout or is too large."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _listed(self, folder: str) -> tuple[str, ...]:
        if not self._inside(folder):
            return ()
        try:
            with os.scandir(self._root / folder) as entries:
                return tuple(entry.name for entry, _ in zip(entries, range(MAX_NAMES), strict=False))
        except (OSError, ValueError):
            return ()

    def _read(self, path: str) -> str:
        if not self._inside(path):
            return ""
        try:
            with (self._root / path).open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
        except (OSError, ValueError):
            return ""
        return raw.decode("utf-8", "replace") if len(raw) <= MAX_BYTES else ""

    def _inside(self, path: str) -> bool:
        try:
            real = os.path.realpath(os.path.join(self._real, path))  # noqa: PTH118 - takes any name
        except (OSError, ValueError):
            return False
        return real == self._real or real.startswith(self._real + os.sep)


def configured_linters(path: str, files: ConfigurationFiles) -> tuple[Configured, ...]:
    """Find the linters and formatters for a file: those configured in the nearest folder upwards.

    Args:
        path: The file, or a folder with a slash at its end.
        files: The checkout's configuration.
    """
    name = posixpath.basename(path)
    wanted = [each for each in LINTERS if (each.reads(name) if name else True)]
    found: dict[str, Configured] = {}
    for folder in _upwards(path):
        names = files.names(folder)
        for linter in wanted:
            if linter.name not in found and (configured := _configured(linter, folder, names, files)):
                found[linter.name] = _for_path(configured, path, folder) if linter.sectioned else configured
    return tuple(found[each.name] for each in wanted if each.name in found)


def hooks_of(path: str, files: ConfigurationFiles) -> tuple[str, tuple[str, ...]] | None:
    """Name the hooks that pre-commit runs: the configuration's path, and their ids in its order."""
    for folder in _upwards(path):
        for name in _HOOKS:
            if name in files.names(folder):
                at = posixpath.join(folder, name)
                ids = tuple(dict.fromkeys(match[1] for match in _HOOK.finditer(files.text(at))))
                return (at, ids[:MAX_HOOKS]) if ids else None
    return None


def enforcing(rule: Rule, configured: Sequence[Configured]) -> Configured | None:
    """Give the tool that enforces all that a rule says, where that is clear."""
    text = rule.text
    if not _is_plain(text):
        return None
    if (asked := asked_of(text)) is not None:
        found = _set_for(asked, text, configured)
        alike = [each for each, setting in found if agrees(asked, setting)]
        return alike[0] if alike and not any(opposes(asked, setting) for _, setting in found) else None
    return _of_topic(text, configured) or _run(text, configured)


def opposing(rule: Rule, configured: Sequence[Configured]) -> Opposed | None:
    """Give what a tool is told that is the opposite of what a rule asks for, where that is clear."""
    text = rule.text
    asked = asked_of(text) if _is_plain(text) else None
    if asked is None:
        return None
    found = _set_for(asked, text, configured)
    general = [replace(each, text=each.general) for each in configured if each.general]
    if any(agrees(asked, setting) for _, setting in (*found, *_set_for(asked, text, general))):
        return None  # Tools differ, or files: as with tabs for a Makefile alone, both may be meant.
    against = next(((each, setting) for each, setting in found if opposes(asked, setting)), None)
    if against is None:
        return None
    each, setting = against
    return Opposed(asked.said, setting.said, each, each.line + setting.line)


def _is_plain(text: str) -> bool:
    return len(text) <= LONGEST and "\n" not in text and not _EXCEPT.search(text)


def _set_for(asked: Asked, text: str, configured: Sequence[Configured]) -> list[tuple[Configured, Setting]]:
    return [
        (each, setting)
        for each in configured
        if speaks_of(each.linter, text) and (setting := set_by(asked, each.linter, each.text)) is not None
    ]


def _of_topic(text: str, configured: Sequence[Configured]) -> Configured | None:
    topics = [topic for topic in _TOPICS if topic.said.search(text)]
    if len(topics) != 1 or ". " in text or _KEEPS.search(text):
        return None
    topic, numbers = topics[0], set(_NUMBER.findall(text))
    for each in configured:
        if topic.matter in each.linter.enforces and _is_set(topic, numbers, each.text):
            return each
    return None


def _is_set(topic: _Topic, numbers: set[str], text: str) -> bool:
    for match in topic.set.finditer(text):
        begin, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        end = end if end >= 0 else len(text)
        if numbers <= set(_NUMBER.findall(text[match.start() : end])) and not _UNSET.search(text[begin:end]):
            return True
    return False


def _run(text: str, configured: Sequence[Configured]) -> Configured | None:
    """Whether a rule says no more than to run a tool."""
    left, first = text.lower(), None
    for each in configured:
        for word in each.linter.words or (each.linter.name.lower(),):
            if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", left):
                first = first or each
                left = left.replace(word, " ")
    said = _CODE.sub(lambda code: " " + code[1], left)
    if first is None or not all(_RUN.fullmatch(word) for word in _WORD.findall(said)):
        return None
    return first


def _configured(
    linter: Linter, folder: str, names: tuple[str, ...], files: ConfigurationFiles
) -> Configured | None:
    for pattern in linter.files:
        below, own = posixpath.split(pattern)
        inside = posixpath.join(folder, below) if below else folder
        there = (
            files.names(inside) if below and below.partition("/")[0] in names else names if not below else ()
        )
        name = next((each for each in there if fnmatchcase(each, own)), None)
        if name is not None:
            path = posixpath.join(inside, name)
            return Configured(linter, path, 1, files.text(path)[:MAX_SECTION])
    for name, begins in linter.within.items():
        if name in names and (found := _part(linter, posixpath.join(folder, name), begins, files)):
            return found
    if linter.key and "package.json" in names:
        return _keyed(linter, posixpath.join(folder, "package.json"), files)
    return None


def _for_path(configured: Configured, path: str, folder: str) -> Configured:
    every = f"{folder}/" if folder else ""
    return replace(
        configured,
        text=sections_for(path, folder, configured.text),
        general=sections_for(every, folder, configured.text),
    )


def _part(linter: Linter, path: str, begins: re.Pattern[str], files: ConfigurationFiles) -> Configured | None:
    text = files.text(path)
    match = begins.search(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start()) + 1
    return Configured(linter, path, line, text[match.start() : match.start() + MAX_SECTION])


def _keyed(linter: Linter, path: str, files: ConfigurationFiles) -> Configured | None:
    """A key of the outermost object; dependencies of the same name are deeper."""
    text = files.text(path)
    if f'"{linter.key}"' not in text:
        return None
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(loaded, dict) or linter.key not in loaded:
        return None
    spelt = re.compile(rf'^([ \t]*)"{re.escape(linter.key)}"[ \t]*:', re.MULTILINE)
    found = min(spelt.finditer(text), key=lambda match: len(match[1]), default=None)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return Configured(linter, path, line, json.dumps(loaded[linter.key])[:MAX_SECTION])


def _upwards(path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    # Nothing lies above the root of a path that begins with a slash.
    while folder.strip("/"):
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
