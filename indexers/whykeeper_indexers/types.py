"""The domain's types: what a repository is turned into, and what is found in it.

Frozen, slotted and free of heavy imports, so that every module can use them. Lines are
1-based and inclusive. Paths are relative to the checkout's root, with forward slashes.
Times are seconds since the epoch unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from whykeeper_indexers.link_types import Reference

__all__ = [
    "CHUNKER_VERSION",
    "HISTORY_VERSION",
    "Alternative",
    "Chunk",
    "ChunkOutline",
    "CommitRecord",
    "ConventionRecord",
    "DecisionContent",
    "DecisionRecord",
    "Exclusion",
    "ExclusionReason",
    "FileStat",
    "Kind",
    "LineRange",
    "ParsedFile",
    "Redaction",
    "Role",
    "Scope",
    "ScopeMode",
    "SourceText",
]

CHUNKER_VERSION = 8
"""Raise when a parser or chunker changes what it yields or which files it reads: stored chunks are then
rebuilt, and what was left out is looked at again."""

HISTORY_VERSION = 3
"""Raise when what is kept of a commit changes, or what the model reads of it: the history is then read
again."""


class Kind(StrEnum):
    """What a chunk is, in the order in which it is worth encoding."""

    DECISION = "decision"
    CONVENTION = "convention"
    DOCUMENT = "document"
    PLAN = "plan"
    CODE = "code"
    COMMIT = "commit"


class Role(StrEnum):
    """Which part of its source a chunk is."""

    SECTION = "section"
    SYMBOL = "symbol"
    WINDOW = "window"
    REASON = "reason"
    COMMIT = "commit"


class LineRange(NamedTuple):
    """Lines of a file, 1-based, both ends included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FileStat:
    """What the file system says of a file that belongs in the index.

    Attributes:
        path: Relative to the checkout's root.
        size: Bytes.
        mtime_ns: Modification time, nanoseconds.
        inode: Changes when an editor replaces the file instead of writing into it.
    """

    path: str
    size: int
    mtime_ns: int
    inode: int = 0


class ExclusionReason(StrEnum):
    """Why a path is not in the index. The value is what a person is shown."""

    MISSING = "missing"
    OUTSIDE = "outside the repository"
    IGNORED = "ignored by git"
    CONFIGURED = "excluded by configuration"
    LINK_OUTSIDE = "symbolic link that leaves the repository"
    LINK_FOLDED = "symbolic link to a file that is indexed itself"
    BINARY = "binary"
    GENERATED = "generated"
    MINIFIED = "minified"
    LOCK_FILE = "lock file"
    TOO_LARGE = "over the size limit"
    UNREADABLE = "unreadable"
    NOT_A_FILE = "not a regular file"
    FOLDER = "a folder"
    GIT_DATA = "inside .git"
    UNSUPPORTED = "no text worth remembering"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A path left out, and why.

    Attributes:
        path: Relative to the checkout's root.
        reason: The class of reason.
        detail: The rule, limit or target behind it, for a person; may be empty.
    """

    path: str
    reason: ExclusionReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A secret that was cut out. The secret itself is never kept.

    Attributes:
        line: 1-based line in the source.
        rule: Name of the scanner's rule that found it.
    """

    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """One file as text, with its secrets already cut out.

    Attributes:
        path: Relative to the checkout's root.
        text: Decoded, line ends are line feeds; redaction never changes the number of lines.
        digest: SHA-256 of the raw bytes, hexadecimal.
        redactions: What was cut out.
    """

    path: str
    text: str
    digest: str
    redactions: tuple[Redaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """The unit that is searched, encoded and returned.

    Attributes:
        kind: What it is.
        role: Which part of its source it is.
        title: What a person would call it: heading, symbol or commit subject.
        text: The passage as it stands in the source (after redaction).
        path: The file it comes from; None for commits.
        lines: Where it stands; None for commits.
        commit: Full hash for commits; None otherwise.
        breadcrumb: Headings above it (documents) or enclosing scopes (code), outermost first,
            without its own title.
        symbol: Qualified name of the symbol, for code.
        signature: The declaration without its body, for code.
        docstring: What the source says the symbol does, for code.
        language: Name of the programming or markup language, lower case.
        part: 0 for a whole section or symbol, else 1, 2, … for its pieces in order.
    """

    kind: Kind
    role: Role
    title: str
    text: str
    path: str | None = None
    lines: LineRange | None = None
    commit: str | None = None
    breadcrumb: tuple[str, ...] = ()
    symbol: str | None = None
    signature: str | None = None
    docstring: str | None = None
    language: str | None = None
    part: int = 0

    @property
    def characters(self) -> int:
        """How long its text is."""
        return len(self.text)


class ChunkOutline(NamedTuple):
    """What a chunk is ranked by: all that is short of it, under the names that `Chunk` has for it.

    Attributes:
        characters: Of its text.
    """

    kind: Kind
    role: Role
    title: str
    path: str | None
    breadcrumb: tuple[str, ...]
    symbol: str | None
    part: int
    characters: int


_OUT_OF_FORCE = frozenset(
    ["abandoned", "deprecated", "obsolete", "rejected", "replaced", "retired", "superseded", "withdrawn"]
)


def in_force(status: str | None) -> bool:
    """Whether a decision's status leaves it open that the decision holds."""
    words = (status or "").lower().split()
    return not words or words[0].strip(":,.") not in _OUT_OF_FORCE


class Alternative(NamedTuple):
    """What a decision refused.

    Attributes:
        name: What it is called.
        why: What is said of it, for and against; empty where nothing is.
    """

    name: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class DecisionContent:
    """What a decision record says, part by part, as it is written; empty where it says nothing.

    Attributes:
        context: Why there was something to decide.
        decision: What was decided.
        alternatives: What was refused, and why.
        consequences: What follows.
        confirmation: How it is seen that the decision is kept.
    """

    context: str = ""
    decision: str = ""
    alternatives: tuple[Alternative, ...] = ()
    consequences: str = ""
    confirmation: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision record's own data, whatever form it was written in.

    Attributes:
        form: Which form it was recognised as, for example ``adr-tools`` or ``madr-4``.
        identifier: What people call it: ``ADR-0007``, ``RFC 12``, ``20200925-use-nextjs``.
        number: Its number, where it has one.
        title: Without number or prefix.
        status: First status word, lower case, as written when unknown; None when absent.
        status_text: The whole status passage, for people.
        date: ISO 8601 date as far as it can be read; None when absent.
        deciders: People named as deciding.
        consulted: People named as having been asked.
        informed: People named as to be told.
        supersedes: References as paths relative to the root where they can be resolved by
            the text alone, else as written (a number, an identifier).
        superseded_by: The same, in the other direction.
        amends: Records that it changes or replaces in part, which stay in force, in the same way.
        amended_by: The same, in the other direction.
        related: Paths of the other records it names, anywhere.
        addresses: URLs among its links and its header: issues, pull requests, discussions.
        tags: As written.
    """

    form: str
    identifier: str
    title: str
    number: int | None = None
    status: str | None = None
    status_text: str = ""
    date: str | None = None
    deciders: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()
    amended_by: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def in_force(self) -> bool:
        """Whether nothing says that it no longer holds, or never did."""
        return in_force(self.status)


class ScopeMode(StrEnum):
    """When a convention file applies."""

    ALWAYS = "always"
    PATHS = "paths"
    ON_REQUEST = "on request"
    MODEL_DECIDES = "model decides"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which paths a convention or service document binds.

    Attributes:
        folder: Folder it governs, relative to the root; empty for the whole repository.
        globs: Patterns relative to the root, read as its tool reads them; empty means every
            path in ``folder``.
        mode: When it applies.
    """

    folder: str = ""
    globs: tuple[str, ...] = ()
    mode: ScopeMode = ScopeMode.ALWAYS


@dataclass(frozen=True, slots=True)
class ConventionRecord:
    """A convention file's own data.

    Attributes:
        tool: Whose file it is: ``agents.md``, ``claude``, ``cursor`` …
        scope: What it binds.
        imports: Files it brings in, relative to the root, in order.
        description: What its front matter says it is for.
        aliases: Other paths that are links to this file.
    """

    tool: str
    scope: Scope
    imports: tuple[str, ...] = ()
    description: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """One file, parsed.

    Attributes:
        path: Relative to the checkout's root.
        kind: What the file is as a whole.
        title: The document's title, or the file's name.
        chunks: In source order.
        language: Programming or markup language, lower case.
        decision: Set for decision records.
        content: What a decision record says, part by part.
        convention: Set for convention files.
        service_folder: The folder a README, CONTEXT or design note describes; None when it
            describes none in particular. Empty for the root's.
        notes: What a parser could not do, for ``memory_status``.
        references: What a document names of the repository, in its order.
        defined: Qualified names of the symbols that code defines.
    """

    path: str
    kind: Kind
    title: str
    chunks: tuple[Chunk, ...]
    language: str | None = None
    decision: DecisionRecord | None = None
    content: DecisionContent | None = None
    convention: ConventionRecord | None = None
    service_folder: str | None = None
    notes: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    defined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """One commit worth remembering.

    Attributes:
        sha: Full hash.
        subject: First line.
        body: The rest, stripped.
        author: Name of the author.
        authored_at: Seconds since the epoch.
        parents: Hashes; two or more for a merge.
        files: Paths it touched.
        renames: New path to old path.
    """

    sha: str
    subject: str
    body: str
    author: str
    authored_at: int
    parents: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
