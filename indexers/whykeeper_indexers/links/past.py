"""What tells of the past or of what may be: it makes no claim on how things are."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

__all__ = ["heading_of_the_past", "historical_document", "of_others", "strongly_past", "weakly_past"]

_STRONG = (
    r"removed?|removes|removing|removal|deleted?|deletes|deleting|dropp?ed|dropping|gone|eliminated?",
    r"deprecat\w{1,5}|obsolete[ds]?|discontinued|retired?|superseded|superceded|legacy|archived",
    r"renamed?|renames|renaming|replaced|replaces|replacing|extracted|moved (?:to|from|into)|migrat\w{1,6}",
    r"no longer|used to|formerly|previously|historical|historically|instead of|backwards?[- ]compat\w*",
    r"(?:old|former|original|previous)[- ](?:name|version|implementation|code|approach|api|behaviou?r|way)s?",
)
"""Within a paragraph, any of these makes all of it doubtful."""
_WEAK = (
    r"was|were|had|old|older|earlier|before|prior to|until|since v?\d|originally|initially",
    r"added in|introduced|fixed|fixes|refactored|converted|merged",
    r"should be created|proposed?|proposal|propose|todo|fixme|planned|upcoming|imagine|suppose",
)
"""On the same line, any of these."""
_EXAMPLE = (r"foo|bar|baz",)
"""Nobody's names: on the same line, within a name too."""
_OTHERS = (
    r"(?:your|their|users'?)(?: own| new)? (?:projects?|apps?|applications?)",
    r"(?:your|their|users'?)(?: own| new)? (?:repos?|repositor(?:y|ies)|code ?bases?|sites?)",
)
"""What readers have: it is not this repository."""
_HEADINGS = (
    r"change ?logs?|changes|history|what'?s new|release notes?|releases?|summary of changes|timeline",
    r"migrat\w{1,6}|upgrad\w{1,5}|deprecat\w{1,6}|removed|removals?|breaking|legacy|refactor\w{0,4}",
    r"before|previous|previously|old|past|prior|background|motivation|problem|status quo|root cause",
    r"alternatives?|rejected|considered|proposals?|proposed|future|roadmap|todo|milestones?|phases?",
    r"implementation plan|plan|next steps|tasks?|work done|progress|fixed|completed?|done",
    r"session|investigation",
)
_PATH_PARTS = (
    r"change[-_]?logs?|changes|changesets?|history|historical|news|release[-_]?notes?|releases?|whats[-_]?(?:new|next)",
    r"upgrad\w*|migrat\w*|deprecated|legacy|old|archived?|archives|versioned[-_]?docs|versions?[-_]?v?\d\S*",
    r"v\d+[._]\d+\S*|v\d+[-_](?:(?:to|vs)[-_])?v\d+|v\d{1,3}",
    r"blogs?|posts?|post[-_]?mortems?|retros?|retrospectives?|meetings?|minutes|journal|announcements?",
    r"(?:security[-_]?)?advisories|rfcs?|rips?|prds?|proposals?|plans?|roadmap|todo|ideas?|drafts?|brainstorm\w*|wip|tmp",
    r"investigations?|discover(?:y|ies)|findings|audits?|reports?|reviews?|research|experiments?|analysis|benchmarks?",
    r"sessions?|status|progress|handoffs?|bugs?|issues?|incidents?|specs?|\d{4}-\d\d\S*",
)
"""Of documents that tell of a time, of what somebody found, or of what is to be."""
_NOT_OURS = frozenset(
    [
        *(
            "vendor",
            "third_party",
            "third-party",
            "thirdparty",
            "node_modules",
            "testdata",
            "fixtures",
            "fixture",
        ),
        *("__fixtures__", "templates", "template", "cookiecutter", "snapshots", "__snapshots__"),
    ]
)
"""Folders of what others wrote, or of what is made from it."""
_OPENING = 1_500
_ARCHIVED = re.compile(
    r"(?:this (?:document|page|file|doc|guide|folder|directory|spec|design|proposal|package|plan) "
    r"(?:is|has been|was)"
    r"|status:?\**:?)\s{0,4}(?:now |no longer |only |an? )?\**"
    r"(?:archived?|obsolete|deprecated|historical|outdated|superseded|out of date|implemented"
    r"|complete[d]?|done|draft|proposed|proposal|rejected|withdrawn|maintained|current|kept for)",
    re.IGNORECASE,
)
_ARROWS_AND_STRIKES = re.compile(r"~~|❌|🗑|->|→|=>")
_VERSION_OR_DATE = re.compile(r"^\[?v?\d{1,3}\.\d{1,4}(?:\.|\b)|\b(?:19|20)\d\d-\d\d")


def _any_word(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_STRONG_WORD, _WEAK_WORD, _HEADING_WORD, _EXAMPLE_WORD = map(_any_word, (_STRONG, _WEAK, _HEADINGS, _EXAMPLE))
_OTHERS_WORD = _any_word(_OTHERS)
_SPAN = re.compile(r"(`{1,2})(?!`)([^`\n]{1,300})\1(?!`)")
_PROSE = re.compile(r"[A-Za-z\s]*")
_TARGET = re.compile(r"\]\([^()\s]{1,300}")
_TOKEN = re.compile(r"[^\s`\"'()\[\]<>,;]{1,300}")
_FILE = re.compile(r"[\w.@+-]{1,100}\.[a-z][a-z0-9]{0,5}(?:[:#]\S{0,40})?")
_PART_OF_PATH = re.compile(rf"(?:^|[-_. ])(?:{'|'.join(_PATH_PARTS)})(?:$|[-_. ])", re.IGNORECASE)


def strongly_past(text: str) -> bool:
    """Whether a line makes its whole paragraph doubtful."""
    return bool(_STRONG_WORD.search(text) and _STRONG_WORD.search(_without_names(text)))


def weakly_past(text: str) -> bool:
    """Whether a line is doubtful itself."""
    if _EXAMPLE_WORD.search(text) or of_others(text):
        return True
    if not _WEAK_WORD.search(text) and not _ARROWS_AND_STRIKES.search(text):
        return False
    plain = _without_names(text)
    return bool(_WEAK_WORD.search(plain) or _ARROWS_AND_STRIKES.search(plain))


def of_others(text: str) -> bool:
    """Whether a line is about what its readers have."""
    return bool(_OTHERS_WORD.search(text))


def heading_of_the_past(heading: str) -> bool:
    """Whether what stands below a heading tells of what was, or may be."""
    plain = _without_names(heading[:300])
    return bool(_HEADING_WORD.search(plain) or _VERSION_OR_DATE.search(heading[:300]))


def _without_names(text: str) -> str:
    """A line without names of things: what a file is called tells nothing of when it was there."""
    text = _SPAN.sub(lambda found: found[0] if _PROSE.fullmatch(found[2]) else " ", text)
    return _TOKEN.sub(lambda found: " " if _is_name(found[0]) else found[0], _TARGET.sub("] ", text))


def _is_name(word: str) -> bool:
    """Whether a word is a file or an address; ``added/removed`` is none."""
    return "://" in word or bool(_FILE.fullmatch(word.rstrip(".:!?").rpartition("/")[2]))


def historical_document(path: str, text: str) -> bool:
    """Whether a document as a whole tells of a time, or of something other than this repository.

    Change logs, release notes, guides to upgrading, plans, proposals, reports, archives; what is vendored,
    and what tests and examples are made of.

    Args:
        path: Of the document.
        text: Its text, or how it begins.
    """
    *folders, name = path.split("/")
    if not _NOT_OURS.isdisjoint(folder.lower() for folder in folders):
        return True
    stem = PurePosixPath(name).stem
    if any(_PART_OF_PATH.search(part) for part in (*folders, stem)):
        return True
    return bool(_ARCHIVED.search(text[:_OPENING]))
