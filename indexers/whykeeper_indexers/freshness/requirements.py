"""Versions of languages that a document asks for, against those that the manifests ask for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from whykeeper_indexers.freshness.case import Case, Check
from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.freshness.lineage import Said
from whykeeper_indexers.link_types import Finding, Freshness, ReferenceKind

__all__ = ["MANIFESTS", "RequirementCheck", "least_version", "version_numbers"]

MANIFESTS: Mapping[str, Sequence[tuple[str, re.Pattern[str]]]] = {
    "python": (
        (
            "pyproject.toml",
            re.compile(r"^requires-python\s*=\s*[\"'][^\"'\n]{0,20}?>=\s*(\d+\.\d+)", re.MULTILINE),
        ),
        ("pyproject.toml", re.compile(r"^python\s*=\s*[\"'](?:\^|>=|~)\s*(\d+\.\d+)", re.MULTILINE)),
        ("setup.py", re.compile(r"python_requires\s*=\s*[\"'][^\"'\n]{0,20}?>=\s*(\d+\.\d+)")),
        ("setup.cfg", re.compile(r"^python_requires\s*=\s*[^\n]{0,20}?>=\s*(\d+\.\d+)", re.MULTILINE)),
    ),
    "node": (("package.json", re.compile(r"\"node\"\s*:\s*\"[\s^~>=v]{0,6}(\d+(?:\.\d+)?)")),),
    "go": (("go.mod", re.compile(r"^go\s+(\d+\.\d+)", re.MULTILINE)),),
    "rust": (("Cargo.toml", re.compile(r"^rust-version\s*=\s*\"(\d+\.\d+)", re.MULTILINE)),),
    "java": (
        ("pom.xml", re.compile(r"<(?:maven\.compiler\.(?:release|source|target)|java\.version)>(\d+)<")),
        ("build.gradle", re.compile(r"JavaLanguageVersion\.of\((\d+)\)")),
        ("build.gradle.kts", re.compile(r"JavaLanguageVersion\.of\((\d+)\)")),
    ),
}
"""Where the root says which version it needs at least."""


class RequirementCheck(Check):
    """A version is the one that the manifest asks for."""

    def holds(self, case: Case) -> bool | None:
        """The nearest manifest asks for as much, or for nothing."""
        found = self._now(case)
        if found is None:
            return False
        return True if version_numbers(found[1]) <= version_numbers(case.reference.detail) else None

    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """The manifest asked for it then, and asks for more now."""
        language, said = case.reference.target, case.reference.detail
        found = self._now(case)
        if found is None or version_numbers(found[1]) <= version_numbers(said):
            return None
        manifest, now = found
        then = _asked_for(language, manifest, history.lines_at(sha, manifest))
        if not then or not _same(then, said):
            return None
        asked = Said(then, lambda lines: _asked_for(language, manifest, lines) == then, f"{language} {then}")
        commit = history.lineage.ended(asked, sha, [manifest])
        if commit is None:
            return None
        what = f"{said} is asked for here, {now} in {manifest}"
        target = f"{language} {said}"
        return Finding(
            Freshness.DRIFTED,
            case.reference.line,
            ReferenceKind.REQUIREMENT,
            target,
            what,
            commit,
            f"say {now}",
        )

    def _now(self, case: Case) -> tuple[str, str] | None:
        """The manifest that is nearest above the document, and what it asks for."""
        present = case.present
        return least_version(
            case.reference.target, case.document.path, present.paths.files, present.text_lines
        )


def least_version(
    language: str, document: str, paths: Collection[str], lines_of: Callable[[str], Sequence[str]]
) -> tuple[str, str] | None:
    """The manifest that is nearest above a document, and the least version of a language that it asks for.

    Args:
        language: One of those of ``MANIFESTS``.
        document: Its path.
        paths: All files.
        lines_of: Reads one.
    """
    folder = document
    while folder:
        folder = posixpath.dirname(folder)
        named = [
            posixpath.join(folder, name) for name in dict.fromkeys(name for name, _ in MANIFESTS[language])
        ]
        there = [path for path in named if path in paths]
        for path in there:
            if version := _asked_for(language, path, lines_of(path)):
                return path, version
        if there:
            return None
    return None


def _asked_for(language: str, manifest: str, lines: Sequence[str]) -> str | None:
    name, text = posixpath.basename(manifest), "\n".join(lines)
    patterns = [pattern for file, pattern in MANIFESTS[language] if file == name]
    return next((found[1] for pattern in patterns if (found := pattern.search(text))), None)


def version_numbers(version: str) -> tuple[int, ...]:
    """A version as it is compared."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _same(one: str, other: str) -> bool:
    length = min(len(version_numbers(one)), len(version_numbers(other)))
    return version_numbers(one)[:length] == version_numbers(other)[:length]
