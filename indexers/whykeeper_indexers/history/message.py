"""What a commit message says once its machinery is taken out, and whether that is worth keeping.

Most messages carry more ceremony than reason: trailers, generated lists, templates, merge
lines. A memory of reasons wants what people wrote for the next reader.
"""

from __future__ import annotations

import re

from whykeeper_indexers.types import CommitRecord

__all__ = ["clean_body", "memorable_title", "worth_remembering"]

MIN_BODY_WORDS = 6
"""The shortest bodies of six real histories that gave a reason had six words or more."""

MIN_UPGRADE_WORDS = 20
"""An upgrade is worth keeping where a person explained it, not where they named the versions."""

_MIN_REASON_WORDS = 3
"""A phrase that gives a reason needs something to give one for: "no longer needed", "because of CI"."""

_MIN_MERGE_WORDS = 3
_MIN_NAMED_MERGE_WORDS = 6
"""A merge that a person named says what came in. Of three histories, the shorter names said nothing
("Merge changes", "updated changelog with beta.1")."""

_TRAILER = re.compile(r"[A-Za-z][\w-]{0,40}: \S.*")
_PEOPLE_OR_MACHINE = re.compile(
    r"(?:[\w-]+-by|change-id|cc|[\w-]+-(?:id|signature|on|with|thread|url)|made-with|git-svn-id)\s?:",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?|refs?|related|issues?|see|ticket)\b", re.IGNORECASE
)
_CEREMONY = re.compile(
    r"\s*(?:\(cherry picked from commit [0-9a-f]+\)"
    r"|(?:🤖 )?(?:generated|made) (?:with|by) .*"
    r"|[-=_*~]{3,}"
    r"|[-*] \[[ xX]\] .*"
    r"|#+ *(?:checklist|conflicts):?"
    r"|#\t.*)",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n{3,}")

_NOT_A_WORD = re.compile(r"https?://\S+|#\d+|\b[0-9a-f]{7,64}\b|\b[A-Z]{2,10}-\d+\b")
_WORD = re.compile(r"[^\W\d_]{2,}")

_MERGE_LINE = re.compile(
    r"Merge(?:d)? (?:pull request|branch(?:es)?|remote-tracking branch|tag|commit|in)\b"
    r"|Merge \S+(?: into .{1,80})?$|Merge \".*\"$",
    re.IGNORECASE,
)
_MERGE_PREFIX = re.compile(
    r"(?:Merged? (?:pull request|PR|MR) [#!]?\d+|merge(?:d|s)?(?:\([^)]{0,60}\))?)\b[:,]? *", re.IGNORECASE
)
_SETTLED = re.compile(
    r"\b(?:fix|solve|resolv)\w* (?:\S+ ){0,3}conflicts?\b.{0,80}"
    r"|\b(?:accept|keep|tak|us)(?:e|ing)? (?:local|remote|ours?|theirs?)\b.{0,80}"
    r"|\b(?:remote|upstream|latest|incoming) (?:\S+ )?changes\b",
    re.IGNORECASE,
)
"""How two sides were brought together, which is what every merge does."""

_PULL_REQUEST = re.compile(r"Merge(?:d)? (?:pull request|in|branch)\b[^#!]{0,200}?([#!]\d+)", re.IGNORECASE)

_MAINTENANCE_AUTHOR = re.compile(
    r"renovate|dependabot|greenkeeper|snyk|pre-commit-ci|transifex|weblate|requirements bot"
    r"|github-actions|release-please|semantic-release|deployment automation|updater\b",
    re.IGNORECASE,
)
_UPGRADE = re.compile(
    r"(?:\w+(?:\([^)]{0,60}\))?!?: *)?(?:"
    r"(?:bump|upgrade|updat(?:e|ed|ing)|pin)\b.{0,120}?"
    r"(?:\bfrom \S+ to\b|\bto v?\d|requirements|dependenc|lock ?file|translations|version)"
    r"|version bump|bump\b|prepare (?:for )?(?:release|v?\d)|releas(?:e|ing) v?\d|v?\d+\.\d+(?:\.\d+)?\S*$)",
    re.IGNORECASE,
)
_RELEASE_TYPE = re.compile(r"\w+\((?:release|deps(?:-\w+)?|i18n)\)", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|so that|in order to|to (?:avoid|prevent|ensure|keep|stop)|instead of|rather than"
    r"|in favou?r of|due to|no longer|not? needed|unneeded|unused|obsolete|deprecat\w+|workaround|work around"
    r"|replace[sd]? .{1,80} (?:with|by)|switch(?:ed)? (?:to|from)|migrat\w+ (?:to|from|off)"
    r"|drop(?:ped)? support|revert\w*|roll(?:ed)? back|without .{1,60}ing|breaking"
    # A reason and no point in time: "since 2019", "since v0.50", "ever since", "since the last release".
    r"|(?<!ever )since (?!then|last|yesterday|when|release|version|before|commit|python|\W?[a-z]*\W?\d"
    r"|(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|(?:the|its|their|our|that|this)\s(?:\S+\s){0,3}(?:release|version|upgrade|update|migration|start"
    r"|beginning|commit|merge|refactor\w*|introduction|switch|move|fork|rewrite|change)\b)\S+\s\S+)\b"
    r"|^\w+(?:\([^)]{0,60}\))?!:",
    re.IGNORECASE,
)


def memorable_title(commit: CommitRecord) -> str:
    """Name a commit as a person would: a merged pull request by its title and number."""
    if not _has_merge_line(commit):
        return commit.subject
    first = clean_body(commit).partition("\n")[0].strip()
    pull = _PULL_REQUEST.match(commit.subject)
    if not first or not pull:
        return first or commit.subject
    return f"{first} ({pull[1]})"


def clean_body(commit: CommitRecord) -> str:
    """Give the body without trailers, template ceremony and a repetition of the subject."""
    text = _without_trailers(_without_comments(commit.body))
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for line in lines if not _CEREMONY.fullmatch(line) and not _PEOPLE_OR_MACHINE.match(line)]
    body = _BLANK_LINES.sub("\n\n", "\n".join(kept)).strip()
    first, _, rest = body.partition("\n")
    return rest.strip() if _repeats(first, commit.subject) else body


def worth_remembering(commit: CommitRecord) -> bool:
    """Say whether a commit tells the next reader something its diff does not."""
    body = clean_body(commit)
    words = _count_words(body)
    title = memorable_title(commit)
    named_by_machine = _has_merge_line(commit)
    if _MAINTENANCE_AUTHOR.search(commit.author) and not named_by_machine:
        return False
    if _UPGRADE.match(title) or _RELEASE_TYPE.match(title):
        return words >= MIN_UPGRADE_WORDS
    if named_by_machine:
        return words >= _MIN_MERGE_WORDS
    if words >= MIN_BODY_WORDS or _REASON.search(commit.subject):
        return True
    if words >= _MIN_REASON_WORDS and _REASON.search(body):
        return True
    return len(commit.parents) > 1 and _says_what_came_in(commit.subject, body)


def _has_merge_line(commit: CommitRecord) -> bool:
    """Whether a merge's subject is the one that git or a host writes."""
    return len(commit.parents) > 1 and _MERGE_LINE.match(commit.subject) is not None


def _says_what_came_in(subject: str, body: str) -> bool:
    """Whether a merge that a person named says more than that it is one."""
    said = _count_words(_SETTLED.sub("", body))
    named = _count_words(_SETTLED.sub("", _MERGE_PREFIX.sub("", subject, count=1)))
    return said >= _MIN_MERGE_WORDS or said + named >= _MIN_NAMED_MERGE_WORDS


def _without_comments(text: str) -> str:
    first, *rest = text.split("<!--")
    # A comment that never ends is no comment: dropping the rest would lose the reason.
    return first + "".join(part.partition("-->")[2] if "-->" in part else part for part in rest)


def _without_trailers(text: str) -> str:
    """Cut a last paragraph of trailers, as ``git interpret-trailers`` reads one; references stay."""
    head, gap, last = text.rstrip().rpartition("\n\n")
    lines = last.split("\n")
    if not all(_TRAILER.fullmatch(line.strip()) for line in lines):
        return text
    if not any(_PEOPLE_OR_MACHINE.match(line) for line in lines):
        return text
    references = [line for line in lines if _REFERENCE.match(line)]
    return head + gap + "\n".join(references)


def _repeats(line: str, subject: str) -> bool:
    said = line.lstrip("*- ").strip()
    return bool(said) and subject.startswith(said.rstrip("…."))


def _count_words(text: str) -> int:
    return len(_WORD.findall(_NOT_A_WORD.sub(" ", text)))
