"""What manifests may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from whykeeper.verification.constraints.schema import DependenciesRule
from whykeeper.verification.constraints.violation import Violation, Where
from whykeeper_indexers.conventions.globs import matches
from whykeeper_indexers.dependencies import ManifestError, dependencies_in, is_manifest

__all__ = ["globs", "violations"]

_RUNS = re.compile(r"[-_.]+")
_PYTHON = ("pyproject.toml", "Pipfile", ".txt", ".in")


def globs(rule: DependenciesRule) -> Sequence[str]:
    """Give those of the manifests."""
    return rule.in_


def violations(rule: DependenciesRule, where: Where) -> Iterator[Violation]:
    """Give the dependencies that break a rule."""
    manifests = [path for path in where.paths if is_manifest(path) and matches(rule.in_, path)]
    texts = where.side.tree.texts(manifests)
    for path in manifests:
        try:
            found = dependencies_in(path, texts.get(path, ""))
        except ManifestError as error:
            where.note(f"{path} could not be read for its dependencies: {error}")
            continue
        for each in found:
            forbidden = rule.forbid is not None and _named(rule.forbid, each.name, path)
            missing = rule.only is not None and not _named(rule.only, each.name, path)
            if forbidden or missing:
                why = "" if forbidden else ", which is not among what it may ask for"
                yield Violation(path, each.line, f"asks for {each.name}{why}", each.name)


def _named(entries: Sequence[str], name: str, path: str) -> bool:
    found = False
    for entry in entries:
        if any(fnmatchcase(each, _spelled(entry.removeprefix("!"), path)) for each in _spellings(name, path)):
            found = not entry.startswith("!")
    return found


def _spellings(name: str, path: str) -> list[str]:
    """A name as rules may have it: of the JVM, a group or an artifact alone as well."""
    plain = _spelled(name, path)
    return [plain, *plain.split(":")] if ":" in plain else [plain]


def _spelled(name: str, path: str) -> str:
    """Lower case; of Python packages every separator is the same (PEP 503)."""
    return _RUNS.sub("-", name).lower() if path.endswith(_PYTHON) else name.lower()
