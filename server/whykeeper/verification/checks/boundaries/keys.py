"""Environment variables and settings that one side of the repository lost and the other still has."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final, NamedTuple

from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper.verification.checks.boundaries.told import Use, evidence_of, heaviest, places
from whykeeper.verification.findings import Finding, Severity
from whykeeper_indexers.change import ChangedFile, Occurrence
from whykeeper_indexers.code import has_grammar
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.links import historical_document
from whykeeper_indexers.path_roles import is_product

__all__ = ["LeftKeys"]

_VARIABLE: Final = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_READ: Final = re.compile(
    r"(?:\b(?:os\.)?environ(?:\.get|\.pop|\.setdefault)?|\b(?:os\.)?getenv|\bprocess\.env|\bimport\.meta\.env|"
    r"\bDeno\.env\.get|\bos\.(?:Getenv|LookupEnv)|\bSystem\.getenv(?:\(\))?(?:\.get)?|\benv::var(?:_os)?|\bENV(?:\.fetch)?)"
    rf"\s*(?:[\[(]\s*[\"']|\.)({_VARIABLE})\b"
)
_DECLARING: Final = re.compile(
    r"(?:^|/)(?:\.env(?:\.\w+)*|[\w.-]{0,40}\.env(?:\.(?:example|sample|template|dist))?|env\.example|"
    r"(?:docker-)?compose[\w.-]{0,30}\.ya?ml|[\w.-]{0,40}Dockerfile[\w.-]{0,20}|Procfile|app\.json|render\.yaml)$"
)
_DECLARED: Final = re.compile(
    rf"^\s*(?:-\s*|export\s+|ENV\s+|ARG\s+)?[\"']?({_VARIABLE})[\"']?\s*(?:[=:]|$)", re.MULTILINE
)
_SETTING_FILES: Final = re.compile(
    r"(?:^|/)[\w.-]{0,60}(?:config|settings|options|application|defaults?|preferences)[\w.-]{0,40}\."
    r"(?:toml|ya?ml|json|ini|cfg|conf|properties)$",
    re.IGNORECASE,
)
_TOOL_FILES: Final = re.compile(
    r"(?:^|/)(?:tsconfig|jsconfig|\.|mkdocs|babel|jest|renovate|pnpm|lerna|nx|turbo|next|vite)[\w.-]{0,60}$|"
    r"(?:^|/)\.[\w-]+/"
)
_SETTING: Final = re.compile(r"^\s*[\"']?([A-Za-z][\w.-]{4,60})[\"']?\s*[:=]", re.MULTILINE)
_VALUE: Final = re.compile(r"([=:])\s*\S.*")
_TELLING: Final = re.compile(r"[a-z][A-Z]|\w[_.-]\w")
_DATA: Final = re.compile(
    r"\.(?:ya?ml|toml|ini|cfg|conf|json|properties|env|service|tf|tfvars)$|(?:^|/)\.env[\w.-]*$|Dockerfile[\w.-]*$"
)


class _Key(NamedTuple):
    name: str
    path: str
    what: str
    hint: str


class LeftKeys:
    """Keys that the change took away on one side and that remain on the other.

    Args:
        boundary: The change.

    Attributes:
        words: Names that are looked for.
    """

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._unread = list(_no_longer(boundary, _is_program, _READ))
        self._undeclared = list(_no_longer(boundary, _declares, _DECLARED))
        unset = _no_longer(boundary, _is_settings, _SETTING)
        self._unset = [each for each in unset if _TELLING.search(each[1])]
        self.words = {name for _, name in (*self._unread, *self._undeclared, *self._unset)}

    def findings(self) -> Iterator[Finding]:
        """One for each key."""
        for path, name in self._unread:
            key = _Key(name, path, "no longer read in", "take it out there, or read it again")
            yield from _told(key, _still_set(name, self._boundary))
        for path, name in self._undeclared:
            key = _Key(name, path, "no longer declared in", "declare it again, or stop reading it")
            yield from _told(key, _still_read(name, self._boundary))
        for path, name in self._unset:
            key = _Key(name, path, "no longer in", "put it back, or stop reading it")
            yield from _told(key, _still_asked_for(name, self._boundary))


def _no_longer(
    boundary: Boundary, wanted: Callable[[str], bool], pattern: re.Pattern[str]
) -> Iterator[tuple[str, str]]:
    """Names that a pattern finds in changed files before the change and in none of them after."""
    files = [each for each in boundary.subject.change.files if each.before and wanted(each.before)]
    there = {name for each in files if not each.deleted for name in _names(boundary, each, pattern, False)}
    for each in files:
        for name in sorted(_names(boundary, each, pattern, True) - there):
            yield (each.before or each.path if each.deleted else each.path), name


def _names(boundary: Boundary, file: ChangedFile, pattern: re.Pattern[str], before: bool) -> set[str]:
    side = boundary.subject.base if before else boundary.subject.head
    return set(pattern.findall(side.text((file.before or "") if before else file.path) or ""))


def _is_program(path: str) -> bool:
    return has_grammar(path) and is_product(path)


def _declares(path: str) -> bool:
    return _DECLARING.search(path) is not None


def _is_settings(path: str) -> bool:
    return bool(_SETTING_FILES.search(path)) and not _TOOL_FILES.search(path) and is_product(path)


def _lines(name: str, boundary: Boundary) -> list[Occurrence]:
    return [each for found in boundary.where(name).values() for each in found]


def _is_data(path: str) -> bool:
    return bool(_DATA.search(path) or _DECLARING.search(path))


def _still_set(name: str, boundary: Boundary) -> list[Use]:
    """Where a variable is set or described, if no program has it any more."""
    found = _lines(name, boundary)
    if any(not _is_data(each.path) and not _is_told(each, boundary) for each in found):
        return []
    if any(re.search(rf"\$\{{?{name}\b|\benv\.{name}\b", each.text) for each in found):
        return []
    return [
        _use(each, Severity.WARNING)
        for each in found
        if not (is_document(each.path) and _is_past(each.path, boundary))
    ]


def _is_told(found: Occurrence, boundary: Boundary) -> bool:
    return is_document(found.path) and found.path in boundary.subject.head.paths


def _is_past(path: str, boundary: Boundary) -> bool:
    return historical_document(path, (boundary.subject.head.text(path) or "")[:4_000])


def _still_read(name: str, boundary: Boundary) -> list[Use]:
    found = _lines(name, boundary)
    if any(_is_data(each.path) for each in found):
        return []
    required = re.compile(
        rf"environ\[\s*[\"']{name}|process\.env\.{name}!|ENV\.fetch\(\s*[\"']{name}[\"']\s*\)"
    )
    return [
        _use(each, Severity.WARNING if required.search(each.text) else Severity.NOTE)
        for each in found
        if _is_program(each.path) and name in _READ.findall(each.text)
    ]


def _still_asked_for(name: str, boundary: Boundary) -> list[Use]:
    """Where a program asks for a setting by its name, if no file of settings has it any more."""
    found = _lines(name, boundary)
    keyed = re.compile(rf"^\s*[\"']?{re.escape(name)}[\"']?\s*[:=]")
    if any(_is_data(each.path) and keyed.search(each.text) for each in found):
        return []
    quoted = rf"[\"']{re.escape(name)}[\"']"
    asked = re.compile(rf"\[\s*{quoted}\s*\]|\b[gG]et\w*\(\s*{quoted}|\$\{{{re.escape(name)}[}}:]")
    return [
        _use(each, Severity.WARNING)
        for each in found
        if _is_program(each.path)
        and asked.search(each.text)
        and not re.search(rf"{quoted}\s*\]\s*=", each.text)
    ]


def _use(found: Occurrence, severity: Severity) -> Use:
    text = found.text.strip()[:200]
    # What a file of settings gives a key may be a secret.
    return Use(found.path, found.line, _VALUE.sub(r"\1 …", text) if _is_data(found.path) else text, severity)


def _told(key: _Key, uses: Sequence[Use]) -> Iterator[Finding]:
    others: Collection[Use] = [each for each in uses if each.path != key.path]
    if not others:
        return
    told = list(others)
    yield Finding(
        check="boundaries",
        rule="boundaries/key",
        severity=heaviest(told),
        path=key.path,
        line=None,
        message=f"{key.name} is {key.what} {key.path} and still used in {places(told)}.",
        hint=key.hint,
        evidence=evidence_of(told),
        subject=key.name,
    )
