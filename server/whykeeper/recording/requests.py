"""What a caller wants recorded, checked as far as it can be without the repository."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from whykeeper.passwords import passwords_in
from whykeeper.recording.entry_text import heading_text, unmarked, visible
from whykeeper_indexers.errors import QueryError, RecordingError
from whykeeper_indexers.secrets import redact
from whykeeper_indexers.types import Alternative, DecisionContent

__all__ = ["DecisionRequest", "EntryKind", "EntryRequest", "one_line", "plain", "refuse_secrets"]

MOST_TITLE = 160
MOST_TEXT = 20_000
"""Of all parts together: a record that nobody reads to its end binds nobody."""
MOST_ALTERNATIVES = 20
MOST_ENTRY = 2_000
"""A rule that is longer is a document; and every session that it binds pays for it."""
MOST_PATHS = 10
EntryKind = Literal["convention", "pattern", "avoid", "pitfall", "note"]
_STATUS: Final = re.compile(r"[a-z][a-z -]{1,40}")
_PREFIX: Final = re.compile(
    r"(?:adr|rfc|madr)[-_ #]{0,2}\d{1,6}[ \t]*[:.–—-]*[ \t]*|#?\d{1,6}[ \t]{0,3}[:.)–—-][ \t]+", re.IGNORECASE
)
_SUPERSEDED: Final = re.compile(r"super[sc]+e+ded|replaced", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Marks that have no width or turn what follows around: what is read is not what is written."""
_JOINERS: Final = "\u200c\u200d"
"""Persian and emoji need them between letters; alone they are nothing."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """A decision to record, or a change to one that is recorded.

    Attributes:
        title: One line.
        decision: What is decided.
        context: Why there was something to decide.
        alternatives: What was refused, and why.
        consequences: What follows.
        confirmation: How it is seen that it is kept.
        status: One word; None for accepted, or for no change.
        supersedes: Records whose place it takes, as people call them.
        amends: Records it changes in part.
        confirm_new: Whether it is to stand beside what is recorded already.
        id: The record to change; None for a new one.
        reason: Why a status changes.
        folder: Where to write; None for the usual place.
    """

    title: str = ""
    decision: str = ""
    context: str = ""
    alternatives: Mapping[str, str] = field(default_factory=dict)
    consequences: str = ""
    confirmation: str = ""
    status: str | None = None
    supersedes: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()
    confirm_new: bool = False
    id: str | None = None
    reason: str = ""
    folder: str | None = None

    def content(self) -> DecisionContent:
        """What it says, part by part."""
        refused = (Alternative(one_line(name), why.strip()) for name, why in self.alternatives.items())
        return DecisionContent(
            context=plain(self.context),
            decision=plain(self.decision),
            alternatives=tuple(each for each in refused if each.name),
            consequences=plain(self.consequences),
            confirmation=plain(self.confirmation),
        )

    def checked(self) -> DecisionRequest:
        """Say what is missing or too much.

        Raises:
            QueryError: The caller left something out, or gave too much.
        """
        if self.id is None:
            missing = [name for name in ("title", "context", "decision") if is_empty(getattr(self, name))]
            if missing:
                raise QueryError(
                    f"a decision needs its {' and '.join(missing)}",
                    "give title, context and decision; or the id of a record to change",
                )
        if len(one_line(self.title)) > MOST_TITLE:
            raise QueryError(
                f"the title has more than {MOST_TITLE} characters", "say the rest in the decision"
            )
        if sum(map(len, self._texts())) > MOST_TEXT:
            raise QueryError(
                f"the record has more than {MOST_TEXT:,} characters", "leave out what no reader needs"
            )
        if len(self.alternatives) > MOST_ALTERNATIVES:
            raise QueryError(f"more than {MOST_ALTERNATIVES} alternatives", "name those that were looked at")
        self._check_status()
        return self

    def _check_status(self) -> None:
        if self.status is not None and _SUPERSEDED.match(self.status.strip()):
            raise QueryError(
                "a record is superseded by another", "record that one, without id, and give supersedes there"
            )
        if self.status is not None and not _STATUS.fullmatch(self.status.strip().lower()):
            raise QueryError(f"{self.status[:60]!r} is no status", "give a word, like accepted or deprecated")

    def heading(self) -> str:
        """The title in one line, without the number that a record gets by itself."""
        title = one_line(self.title)
        return _PREFIX.sub("", title, count=1) or title

    def _texts(self) -> tuple[str, ...]:
        parts = (self.title, self.decision, self.context, self.consequences, self.confirmation, self.reason)
        return (*parts, *self.alternatives, *self.alternatives.values())


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """Something to remember, or a change of it.

    Attributes:
        text: The entry, with line feeds; empty to remove the one that is named.
        kind: What it is.
        paths: What it is about, files or globs, each in one line; none for everything.
        heading: To stand under, without marks; None for the usual one.
        replaces: An entry that it takes the place of, as ``path:line``, an id or its words.
        confirm_new: Whether it stands beside what says nearly the same.
    """

    text: str = ""
    kind: EntryKind = "convention"
    paths: tuple[str, ...] = ()
    heading: str | None = None
    replaces: str | None = None
    confirm_new: bool = False

    def __post_init__(self) -> None:
        # What is compared, shown to a person and written is one text from the start.
        text = unmarked(plain(visible(self.text)).replace("\r\n", "\n").replace("\r", "\n"))
        if self.text.strip() and not text:
            raise QueryError("the text holds nothing that can be seen", "leave it empty to remove an entry")
        paths = tuple(path for each in self.paths if (path := one_line(visible(each))))
        heading = heading_text(one_line(visible(self.heading or ""))) or None
        for name, value in (("text", text), ("paths", paths), ("heading", heading)):
            object.__setattr__(self, name, value)

    def checked(self) -> EntryRequest:
        """Say what is missing or too much.

        Raises:
            QueryError: The caller left something out, or gave too much.
        """
        if not self.text and self.replaces is None:
            raise QueryError(
                "there is no text to remember", "give text; or replaces alone to remove an entry"
            )
        if len(self.text) > MOST_ENTRY:
            message = f"the text has more than {MOST_ENTRY:,} characters"
            raise QueryError(message, "say it shorter, or write a document and refer to it")
        if len(self.heading or "") > MOST_TITLE:
            raise QueryError(f"the heading has more than {MOST_TITLE} characters", "say it in the text")
        if len(self.paths) > MOST_PATHS or sum(map(len, self.paths)) > MOST_ENTRY:
            message = f"more than {MOST_PATHS} paths, or {MOST_ENTRY:,} characters of them"
            raise QueryError(message, "give a folder or a glob")
        return self


def one_line(text: str) -> str:
    """A text without line ends or anything that no reader sees."""
    return " ".join(plain(text).split())


def refuse_secrets(text: str) -> None:
    """Refuse a text with a secret in it.

    Raises:
        RecordingError: It names the scanner's rule and never the secret.
    """
    _, found = redact(text)
    if not found and (place := next(passwords_in(text), None)):
        line = text.count("\n", 0, place[0]) + 1
        raise RecordingError(
            f"it gives a password or token in words (line {line} of what would be written)",
            "say where it is kept instead, or write a placeholder like <password>; nothing was written",
        )
    if found:
        rules = ", ".join(dict.fromkeys(each.rule for each in found))
        raise RecordingError(
            f"it holds a secret ({rules}, line {found[0].line} of what would be written)",
            "say where the secret is kept instead; nothing was written",
        )


def plain(text: str) -> str:
    """A text without anything that no reader sees."""
    return _CONTROL.sub(" ", _UNSEEN.sub("", text)).strip()


def is_empty(text: str) -> bool:
    """Whether a text has nothing that a reader sees."""
    return not plain(text).strip(_JOINERS + " \t\n")
