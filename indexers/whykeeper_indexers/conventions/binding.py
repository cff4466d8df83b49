"""What binds a source file: conventions, decisions and its service's notes, in one order.

Two things make rank. What lies nearest is most specific, as every tool that reads nested files
has it; and what names the file is about it, wherever it lies. The weights below are in the units
of ``Mention.strength``: doubling the evidence is worth 1.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from whykeeper_indexers.conventions.globs import literal_depth, matching
from whykeeper_indexers.conventions.mentions import Mention
from whykeeper_indexers.conventions.scope import applies, depth_of, is_within, precedence
from whykeeper_indexers.types import ConventionRecord, DecisionRecord, ScopeMode

__all__ = ["Governing", "decision_home", "governing"]

_NEAR_DECISION = 2.5
_DECISION = 1.0
"""Above a document of the same evidence: it was agreed on."""
_UNRELATED_DECISION = -1.0
"""Kept for the whole repository, and it shares less with the file than one telling word."""
_RELATED = 1.0
_NEAR_CONVENTION = 2.0
"""A glob or a nested file was written for this part of the repository."""
_CONVENTION = 0.5
_NEAR_NOTE = 1.5
_DOCUMENT = -1.0
"""It describes; it binds only as far as it speaks of the file."""
_USES_ONLY = -1.5
"""It uses what the file defines, as a tutorial does, and never points at the file."""
_ALIKE = 10.0
"""Of a difference of cosines, which are rarely 0.3 apart; with 8 to 12 the ranking is as good."""
_MOST_ALIKE = 2.0
"""No likeness outweighs that a rule was written for this part: where little is recorded, even what is far
from the file is nearer than the rest."""
_CITED = 4.0
"""The file names it: as telling as a document that spells the file's path."""
_WORTH_OFFERING = 2.0
_NESTING = 0.1
"""For each level that a nearer file is deeper: it settles ties."""
_OUT_OF_FORCE = 0.4
"""Share of its score, whatever the sign, that a decision out of force loses."""

_RECORD_FOLDERS = frozenset(
    [
        "adr",
        "adrs",
        "arch",
        "architecture",
        "architecture-decisions",
        "architectural-decisions",
        "decision",
        "decision-records",
        "decisions",
        "design",
        "doc",
        "docs",
        "documentation",
        "proposals",
        "rfc",
        "rfcs",
    ]
)
_SAMPLES = frozenset(
    ["__fixtures__", "__snapshots__", "fixture", "fixtures", "test-data", "test_data", "testdata"]
)
"""Folders of what tests are fed with: a record or a rule there binds nobody but what lies with it."""
_COPIES = frozenset(["i18n", "l10n", "locale", "locales", "translations", "versioned_docs", "website"])
"""Folders of translations and of a site's copies: the originals are elsewhere."""
_RETIRED = frozenset(["archive", "archived", "attic", "deprecated", "obsolete", "old", "removal", "retired"])
_CHRONICLES = frozenset(["changelog", "changes", "history", "migration", "news", "release_notes", "releases"])
"""They tell what happened to every file and bind none."""


@dataclass(frozen=True, slots=True)
class Governing:
    """A document that binds a source file.

    Attributes:
        path: Of the document.
        reason: Why it binds: its place, its glob, the names it uses.
        score: Higher is more specific; comparable within one answer only.
        binds: Its place, its glob or a name speaks for it; else it merely resembles the file, or is kept
            for the whole repository and speaks of something else.
        imported: A convention file that binds brings it in.
    """

    path: str
    reason: str
    score: float
    binds: bool = True
    imported: bool = False

    @property
    def order(self) -> tuple[bool, float, str]:
        """Sorts what binds before what resembles, and each by its score."""
        return not self.binds, -self.score, self.path


def governing(
    path: str,
    conventions: Mapping[str, ConventionRecord],
    decisions: Mapping[str, DecisionRecord],
    service_docs: Mapping[str, str],
    *,
    mentions: Mapping[str, Mention] | None = None,
    alike: Mapping[str, float] | None = None,
    cited: Collection[str] = (),
    heirs: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Governing, ...]:
    """Rank what binds a source file, most specific first.

    Args:
        path: The source file.
        conventions: Convention files by path.
        decisions: Decision records by path.
        service_docs: Documents by path, each with the folder it describes.
        mentions: Which documents speak of the file (``find_mentions``); other documents than the
            above are considered for what they say of it alone.
        alike: By how much documents are nearer in meaning to the file than most, as a difference of
            cosines; other documents are considered for it too.
        cited: Documents that the file names (``cited_documents``).
        heirs: To decisions that were replaced, those that hold in their place: these speak of whatever
            those speak of.

    Returns:
        Each document once, with the reason it binds; what binds comes before what resembles. Conventions
        that apply are all there.
    """
    spoken, near = mentions or {}, alike or {}
    found: dict[str, Governing] = {}
    for each in (
        *_conventions(path, conventions, spoken),
        *_decisions(path, decisions, spoken, cited, heirs or {}),
        *_service_notes(path, service_docs, spoken),
        *_documents(spoken, near, cited, conventions.keys() | decisions.keys()),
    ):
        named = each.path in cited
        if each.path != path and each.path not in found and (named or not _is_sample(each.path, path)):
            likeness = min(_ALIKE * near.get(each.path, 0.0), _MOST_ALIKE)
            score = each.score + likeness + (_CITED if named else 0.0)
            reason = f"the file names it; {each.reason}" if named else each.reason
            found[each.path] = replace(each, score=score, reason=reason)
    return tuple(sorted(found.values(), key=lambda each: each.order))


def decision_home(path: str) -> str:
    """Give the folder that a decision record decides about: the one its decision folder lies in."""
    parts = posixpath.dirname(path).split("/")
    while parts and parts[-1].lower() in _RECORD_FOLDERS:
        parts.pop()
    return "/".join(parts)


def _conventions(
    path: str, conventions: Mapping[str, ConventionRecord], spoken: Mapping[str, Mention]
) -> Iterator[Governing]:
    binding = [each for each, record in conventions.items() if applies(record.scope, path)]
    for rank, each in enumerate(sorted(binding, key=lambda each: precedence(conventions[each], each, path))):
        record, mention = conventions[each], spoken.get(each, Mention())
        glob = matching(record.scope.globs, path) if record.scope.globs else None
        depth = max(depth_of(record.scope.folder), literal_depth(glob or ""))
        base = _NEAR_CONVENTION + _NESTING * depth if glob or depth else _CONVENTION
        why = f"glob {glob}" if glob else _place_of(each, record.scope.folder, first=rank == 0)
        yield Governing(each, _reason(why, mention), base + mention.strength - rank * _NESTING / 10)
    for each, record in conventions.items():
        mention = spoken.get(each, Mention())
        offered = record.scope.mode is ScopeMode.MODEL_DECIDES and is_within(record.scope.folder, path)
        if offered and mention.strength >= _WORTH_OFFERING:
            yield Governing(each, _reason("offered by its description", mention), mention.strength)


def _place_of(convention: str, folder: str, *, first: bool) -> str:
    """Say how near a file's folder is; only a nested one has others between it and the path."""
    name = posixpath.basename(convention)
    if first:
        return f"nearest {name}"
    return f"binds all of {folder}" if folder else "binds the whole repository"


def _decisions(
    path: str,
    decisions: Mapping[str, DecisionRecord],
    spoken: Mapping[str, Mention],
    cited: Collection[str],
    heirs: Mapping[str, Sequence[str]],
) -> Iterator[Governing]:
    inherited = _inherited(heirs, spoken, cited)
    for each, record in decisions.items():
        home, mention = decision_home(each), spoken.get(each, Mention())
        near = bool(home) and is_within(home, path)
        if home and not near and not mention.named and each not in cited and each not in inherited:
            continue
        earlier = inherited.get(each, "")
        strength = max(mention.strength, spoken.get(earlier, Mention()).strength)
        related = strength >= _RELATED or each in cited or earlier in cited
        if not record.in_force and not related:
            # It binds nobody any more; one that speaks of the file still tells what was given up.
            continue
        if near:
            base = _NEAR_DECISION + _NESTING * depth_of(home)
        else:
            base = _DECISION if related else _UNRELATED_DECISION
        score = base + strength
        why = f"decision folder of {home or 'the repository'}"
        if earlier:
            why = f"{why}; holds in place of {posixpath.basename(earlier)}"
        if not record.in_force:
            why, score = f"{why}, {record.status}", score - _OUT_OF_FORCE * abs(score)
        yield Governing(each, _reason(why, mention), score, binds=near or related)


def _inherited(
    heirs: Mapping[str, Sequence[str]], spoken: Mapping[str, Mention], cited: Collection[str]
) -> dict[str, str]:
    """To decisions the replaced one that speaks of the file most, as clearly as a decision must to count."""
    found: dict[str, str] = {}
    for earlier in sorted(heirs, key=lambda each: -spoken.get(each, Mention()).strength):
        if spoken.get(earlier, Mention()).strength >= _RELATED or earlier in cited:
            for later in heirs[earlier]:
                found.setdefault(later, earlier)
    return found


def _service_notes(
    path: str, service_docs: Mapping[str, str], spoken: Mapping[str, Mention]
) -> Iterator[Governing]:
    for each, folder in service_docs.items():
        if folder and is_within(folder, path) and _stem(each) not in _CHRONICLES:
            mention = spoken.get(each, Mention())
            base = _NEAR_NOTE + _NESTING * depth_of(folder)
            yield Governing(each, _reason(f"describes {folder}", mention), base + mention.strength)


def _documents(
    spoken: Mapping[str, Mention], near: Mapping[str, float], cited: Collection[str], others: set[str]
) -> Iterator[Governing]:
    for each in dict.fromkeys((*spoken, *near, *cited)):
        mention = spoken.get(each, Mention())
        speaks = mention.named or mention.titled or each in cited
        if each in others or not (speaks or each in near):
            continue
        if _is_aside(each) and each not in cited:
            continue
        base = _DOCUMENT if mention.points or each in cited else _DOCUMENT + _USES_ONLY
        why = "document" if speaks else "document on the same matter"
        binds = mention.named > 0 or each in cited
        yield Governing(each, _reason(why, mention), base + mention.strength, binds)


def _is_sample(document: str, path: str) -> bool:
    """Say whether a document is a sample for tests, and the path no part of the same."""
    parts = document.split("/")[:-1]
    at = next((number for number, part in enumerate(parts) if part.lower() in _SAMPLES), None)
    return at is not None and not is_within("/".join(parts[: at + 1]), path)


def _is_aside(path: str) -> bool:
    """Say whether a document is a copy, retired, a chronicle or made for machines."""
    parts = path.lower().split("/")
    words = {word for part in parts[:-1] for word in part.split("-")}
    return bool(_COPIES & set(parts[:-1]) or _RETIRED & words) or _stem(path) in _CHRONICLES


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0].lower().replace("-", "_")


def _reason(why: str, mention: Mention) -> str:
    return f"{why}; names {', '.join(mention.names[:3])}" if mention.names else why
