"""Documents held against the code they describe: the one registry of checks, and a round of them.

What a document names and the checkout does not have is looked for in the commit that its line is from.
What was not there either, nobody took away: it is an example, or another project's. Nothing is said of it.
"""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from whykeeper_indexers.freshness.case import Case, Check, Document
from whykeeper_indexers.freshness.commands import CommandCheck
from whykeeper_indexers.freshness.declarations import DeclarationCheck
from whykeeper_indexers.freshness.facts import Facts
from whykeeper_indexers.freshness.history import History, OutOfTimeError
from whykeeper_indexers.freshness.keys import KeyCheck
from whykeeper_indexers.freshness.options import OptionCheck
from whykeeper_indexers.freshness.paths import PathCheck
from whykeeper_indexers.freshness.present import Present
from whykeeper_indexers.freshness.quotes import QuoteCheck
from whykeeper_indexers.freshness.requirements import RequirementCheck
from whykeeper_indexers.freshness.symbols import SymbolCheck
from whykeeper_indexers.freshness.volume import ageing
from whykeeper_indexers.link_types import Finding, Freshness, FreshnessReport, Reference, ReferenceKind
from whykeeper_indexers.links import quoted
from whykeeper_indexers.types import Kind

__all__ = ["Assessment", "AssessmentRequest", "assess"]

MOST_TIME_S = 60.0
"""Of one round; what is left is done in the next, with all that is known by then."""
MOST_FINDINGS = 40
"""Kept of one document."""
_ONE_BLOCK = 12
"""Lines around a quotation that changed, in which a declaration that changed is the same finding."""
_STRANGE_SHARE = 0.2
"""Of a drawn tree, what the repository never had: with more, somebody else's project is drawn."""
_PLACEHOLDER = re.compile(r"(?:my|your)(?:[-_.]|[A-Z]|$)")
_WORST_FIRST = list(Freshness)
_GONE = (ReferenceKind.PATH, ReferenceKind.SYMBOL, ReferenceKind.KEY)


@dataclass(frozen=True, slots=True)
class AssessmentRequest:
    """What a round is given; plain data, for it is done in a process of its own.

    Attributes:
        root: Of the checkout.
        documents: To be judged.
        past: Every path of the history.
        facts: What earlier rounds have asked of the history.
        time_s: How long it may take.
    """

    root: Path
    documents: tuple[Document, ...]
    past: tuple[str, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    time_s: float = MOST_TIME_S


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a round found.

    Attributes:
        reports: One for each document that was judged to the end.
        facts: What is worth keeping of what was asked.
        complete: Whether every document was.
    """

    reports: tuple[FreshnessReport, ...]
    facts: Mapping[str, str]
    complete: bool


def assess(request: AssessmentRequest) -> Assessment:
    """Judge documents.

    Args:
        request: Which, and what is known.

    Raises:
        GitError: Git is missing or failed.
    """
    facts = Facts(request.facts)
    round_ = _Round(request, facts)
    reports: list[FreshnessReport] = []
    complete = True
    try:
        round_.prepare()
        reports += [round_.report(document) for document in request.documents]
    except OutOfTimeError:
        complete = False
    return Assessment(tuple(reports), facts.used if complete else facts.known, complete)


class _Round:
    def __init__(self, request: AssessmentRequest, facts: Facts) -> None:
        self._documents = request.documents
        self._history = History(request.root, facts, time.monotonic() + request.time_s)
        plain: dict[ReferenceKind, Check] = {
            ReferenceKind.SYMBOL: SymbolCheck(),
            ReferenceKind.DEFINITION: DeclarationCheck(),
            ReferenceKind.COMMAND: CommandCheck(),
            ReferenceKind.KEY: KeyCheck(),
            ReferenceKind.OPTION: OptionCheck(),
            ReferenceKind.REQUIREMENT: RequirementCheck(),
            ReferenceKind.QUOTE: QuoteCheck(),
        }
        names = {
            name
            for document in request.documents
            for reference in document.references
            if reference.kind in plain
            for name in plain[reference.kind].names(reference)
        }
        quoted = {
            line
            for document in request.documents
            for reference in document.references
            if reference.kind is ReferenceKind.QUOTE
            for line in reference.detail.split("\n")
        }
        self._present = Present(request.root, names - quoted, quoted)
        self._checks = plain | {ReferenceKind.PATH: PathCheck(_gone_by_name(request.past, self._present))}
        self._suspects: dict[str, list[tuple[Case, str]]] = {}
        self._checked: dict[str, int] = {}

    def prepare(self) -> None:
        """Ask the history for everything at once that the judgements need."""
        for document in self._documents:
            self._suspects[document.path] = self._suspected(document)
        everything = [pair for pairs in self._suspects.values() for pair in pairs]
        self._history.had(
            [
                (sha, path)
                for case, sha in everything
                for path in self._checks[case.reference.kind].before(case, sha)
            ]
        )
        words: defaultdict[str, set[str]] = defaultdict(set)
        for case, sha in everything:
            words[sha].update(self._checks[case.reference.kind].names(case.reference))
        for sha, names in sorted(words.items(), key=lambda pair: -len(pair[1])):
            if names:
                self._history.read_words(sha, names)

    def report(self, document: Document) -> FreshnessReport:
        """Judge one document."""
        found = []
        for case, sha in self._suspects[document.path]:
            if finding := self._checks[case.reference.kind].judge(case, sha, self._history):
                found.append(_mild(finding, document))
        found = self._confirmed(found)
        if not document.past:
            found += ageing(document, self._present, self._history)
        ordered = sorted(_once(found), key=lambda each: (_WORST_FIRST.index(each.state), each.line))[
            :MOST_FINDINGS
        ]
        checked = self._checked[document.path]
        state = ordered[0].state if ordered else Freshness.FRESH if checked else Freshness.UNKNOWN
        return FreshnessReport(document.path, state, tuple(ordered), checked)

    def _suspected(self, document: Document) -> list[tuple[Case, str]]:
        self._checked[document.path] = 0
        if document.past:
            return []
        beside: defaultdict[int, list[Reference]] = defaultdict(list)
        for each in document.references:
            beside[each.line].append(each)
        cases = []
        never: set[Reference] = set()
        for reference in document.references:
            check = self._checks.get(reference.kind)
            if check is None or reference.past:
                continue
            others = tuple(each for each in beside[reference.line] if each is not reference)
            case = Case(document, reference, self._present, others)
            holds = check.holds(case)
            if holds:
                self._checked[document.path] += 1
            if holds is None:
                cases.append(case)
            elif not holds:
                never.add(reference)
        cases = _of_own_trees(cases, document, never)
        if not cases:
            return []
        blamed = self._history.blame(document.path, document.digest, (case.reference.line for case in cases))
        return [(case, blamed[case.reference.line]) for case in cases if case.reference.line in blamed]

    def _confirmed(self, found: Sequence[Finding]) -> list[Finding]:
        """Without what is there after all: part of a word, in a large file, ignored by git, made by code."""
        gone = [each for each in found if each.state is Freshness.BROKEN and each.kind in _GONE]
        names = {_bare(each.target) for each in gone if each.kind is not ReferenceKind.PATH}
        there = self._present.contains(names)
        paths = {
            _plain(each.target)
            for each in gone
            if each.kind is ReferenceKind.PATH and ".." not in each.target
        }
        made = self._present.ignored(paths) | self._present.spelled_out(paths)
        return [
            each
            for each in found
            if each not in gone
            or (each.kind is ReferenceKind.PATH and _plain(each.target) not in made)
            or (each.kind is not ReferenceKind.PATH and _bare(each.target) not in there)
        ]


def _of_own_trees(cases: Sequence[Case], document: Document, never: Collection[Reference]) -> list[Case]:
    """Without the files of trees that are drawn of something else, such as what a user is to have.

    Args:
        cases: What is not there as it is named.
        document: Which names it.
        never: What neither is there nor was.
    """
    drawn = Counter(_top(each) for each in document.references if each.form == "tree")
    strange = Counter(_top(each) for each in never if each.form == "tree")
    missing = strange + Counter(_top(case.reference) for case in cases if case.reference.form == "tree")
    return [
        case
        for case in cases
        if case.reference.form != "tree"
        or (
            2 * missing[top := _top(case.reference)] <= drawn[top]
            and strange[top] <= _STRANGE_SHARE * drawn[top]
            and not _PLACEHOLDER.match(top)
        )
    ]


def _top(reference: Reference) -> str:
    return reference.target.partition("/")[0]


def _plain(path: str) -> str:
    return path.removeprefix("./").strip("/")


def _bare(target: str) -> str:
    return quoted(target)


def _mild(finding: Finding, document: Document) -> Finding:
    """A decision describes the time it was made: that code has moved on since is no fault of the record."""
    if document.kind is Kind.DECISION and finding.state in (Freshness.BROKEN, Freshness.DRIFTED):
        return finding._replace(state=Freshness.AGEING)
    return finding


def _once(found: Iterable[Finding]) -> list[Finding]:
    """Each name once, where it stands first."""
    found = list(found)
    quoted = [each.line for each in found if each.kind is ReferenceKind.QUOTE]
    kept: dict[tuple[Freshness, ReferenceKind, str], Finding] = {}
    for each in sorted(found, key=lambda each: each.line):
        if each.kind is ReferenceKind.DEFINITION and any(
            abs(each.line - line) <= _ONE_BLOCK for line in quoted
        ):
            continue
        kept.setdefault((each.state, each.kind, each.target.strip("./")), each)
    return [each for each in kept.values() if not any(_says_more(other, each) for other in kept.values())]


def _says_more(one: Finding, other: Finding) -> bool:
    """Whether another finding in the same line names the same path in full: a link and its text."""
    if one is other or (one.line, one.kind, one.kind) != (other.line, other.kind, ReferenceKind.PATH):
        return False
    return f"/{one.target.strip('./')}".endswith(f"/{other.target.strip('./')}")


def _gone_by_name(past: Iterable[str], present: Present) -> dict[str, Collection[str]]:
    """Paths of the history that are no more, with the folders that are no more, by their last part."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for each in past:
        path = each
        while path and path not in present.paths:
            name = path.rpartition("/")[2]
            if path in found[name]:
                break
            found[name].add(path)
            path = path.rpartition("/")[0]
    return dict(found)
