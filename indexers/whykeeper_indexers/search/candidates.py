"""What is ranked: a chunk, and everything that speaks for or against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from whykeeper_indexers.catalog import StoredChunk, StoredOutline
from whykeeper_indexers.types import Chunk, ChunkOutline, DecisionRecord, Kind, LineRange

__all__ = ["Candidate", "Result", "SearchAnswer"]


@dataclass(slots=True)
class Candidate:
    """A chunk on its way up or down.

    Attributes:
        stored: The chunk, and the file or commit it stands in; without its text until that is needed.
        word_rank: 0-based rank by words within its kind; None when words did not find it.
        word_strength: BM25 relative to a passage that has every word of the question, 0 to 1.
        meaning_rank: The same by meaning.
        meaning_by: What gave it that rank, in words.
        similarity: Cosine to the question; None when meaning did not find it.
        nearness: The cosine relative to that of the nearest passage of its group, 0 to 1.
        opens: It is what a file is shown by that was taken in for being named, or for its folder: its first
            passage, or those at the lines that are asked for.
        score: Fused and adjusted; only its order means anything.
        signals: What moved the score, by name, for ``--explain``.
        chunk: Of what is stored.
        decision: The decision record it stands in.
    """

    stored: StoredChunk | StoredOutline
    word_rank: int | None = None
    word_strength: float = 0.0
    meaning_rank: int | None = None
    meaning_by: str = "meaning"
    similarity: float | None = None
    nearness: float = 1.0
    opens: bool = False
    score: float = 0.0
    signals: dict[str, float] = field(default_factory=dict)
    chunk: Chunk | ChunkOutline = field(init=False)
    decision: DecisionRecord | None = field(init=False)

    def __post_init__(self) -> None:
        # Twenty features ask for them.
        self.chunk = self.stored.chunk
        self.decision = self.stored.decision

    @property
    def whole(self) -> StoredChunk:
        """The chunk with its text, of a candidate whose text was read."""
        if not isinstance(self.stored, StoredChunk):
            raise TypeError(f"the text of chunk {self.stored.rowid} was not read")
        return self.stored

    def read(self, whole: StoredChunk) -> None:
        """Take in the text."""
        self.stored, self.chunk = whole, whole.chunk

    def scale(self, name: str, factor: float) -> None:
        """Multiply the score and remember why."""
        if factor != 1.0:
            self.score *= factor
            self.signals[name] = factor


@dataclass(frozen=True, slots=True)
class Result:
    """One entry of an answer, with its evidence.

    Attributes:
        item_id: To read the whole of it.
        kind: What it is.
        title: Heading path, symbol or subject.
        text: The passage, cut to the budget.
        score: Relative to the best result, which is 1.
        path: Where it stands; None for commits.
        lines: Where in the file; None for commits.
        commit: Hash, for commits.
        status: Of a decision.
        superseded_by: The records that took a decision's place.
        amended_by: The records that changed a decision, or a part of it.
        freshness: Whether the document it stands in still holds, and what does not; empty when not known.
        signals: What moved its rank.
        truncated: The text is shorter than the passage.
    """

    item_id: str
    kind: Kind
    title: str
    text: str
    score: float
    path: str | None = None
    lines: LineRange | None = None
    commit: str | None = None
    status: str | None = None
    superseded_by: Sequence[str] = ()
    amended_by: Sequence[str] = ()
    freshness: str = ""
    signals: Mapping[str, float] = field(default_factory=dict)
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found.

    Attributes:
        query: The question as it was read.
        confident: False when nothing found is likely to answer it.
        mode: ``hybrid``, or ``lexical`` when the model could not take part.
        results: Best first.
        tokens: What the texts cost, by the embedding model's tokenizer.
        notes: What the caller must know about how the answer came about.
    """

    query: str
    confident: bool
    mode: str
    results: Sequence[Result]
    tokens: int
    notes: Sequence[str] = ()
