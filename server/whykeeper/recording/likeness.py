"""Which recorded decisions a new one may repeat, contradict or replace, and what makes it look so.

Stopping a write costs the caller a second call, missing a decision costs the project a contradiction;
an unrelated record must not stop one. The figures behind the bounds are in decision record 28.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from whykeeper.recording.answers import RelatedItem
from whykeeper.recording.clauses import clauses
from whykeeper.recording.stems import stems
from whykeeper.recording.titles import opposed
from whykeeper_indexers.search.recall import Recall
from whykeeper_indexers.types import DecisionContent, DecisionRecord, Kind

__all__ = ["Compared", "EntryWords", "Nearness", "entry_likeness", "nearness", "related_decisions"]

SURELY = 0.8
"""Cosine of decision and passage from which on two speak of one matter."""
STANDING_OUT = 0.62
"""The same for a record that is nearer than every other by `MARGIN`."""
MARGIN = 0.1
ALONE = 0.4
"""The same by `FAR_AHEAD`, as in small repositories: one that is short is not near anything by much."""
FAR_AHEAD = 0.2
TITLE_TOO = 0.4
"""Least cosine of the title by itself: a long decision may touch on everything."""
SAME_TITLE = 0.6
"""Share of the titles' words, weighed by how rare they are."""
SAME_WORDS = 0.35
"""Share of all words, where no model can be asked or a record is not encoded yet."""
ON_THE_MATTER = 0.45
"""Least cosine where the words themselves name an alternative or what is given up."""
LOOKED_AT = 3
"""Nearest records whose alternatives and titles are compared by name."""
MOST_RELATED = 5
DECIDED_CHARACTERS = 600
"""Of a decision's text: models read no more, and it says what matters first."""
NEIGHBOURS = 400
"""Passages whose nearness is asked for: of 600 records the nearest dozen have that many."""

ENTRIES_ENCODED = 24
"""Entries that the model compares, 5 ms each."""
SAME_ENTRY = 0.75
"""Cosine of two entries of a list that say the same, or the opposite: models hardly tell which."""
SAME_ENTRY_WORDS = 0.6
"""The same of their words, rare ones counting more."""

SAME_PLAIN = 0.75
"""The same of a clause without its “never”, which is less to go by."""
LEAST_SAID = 2
"""Words of a clause that another entry repeats; for the opposite one is enough."""
_OPPOSITE, _SAME = "it may say the opposite", "it says nearly the same"

_NEGATED = re.compile(
    r"\b(?:never|not|no|don'?t|avoid|without|neither|nor|must not|forbidden)\b", re.IGNORECASE
)
_GIVEN_UP = re.compile(
    r"\b(?:instead of|in place of|away from|(?:mov|migrat|switch|return)\w* from|replac(?:es|ing|e))\b"
    r"(?P<what>[^.;:\n]{2,30})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a new decision is to a recorded one, by meaning.

    Attributes:
        whole: Greatest cosine of its title and decision with a passage of the other.
        title: The same of its title alone.
    """

    whole: float
    title: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A new decision, as it is compared.

    Attributes:
        title: Its title.
        content: What it says.
    """

    title: str
    content: DecisionContent

    @property
    def whole(self) -> str:
        """Title and decision."""
        return f"{self.title}. {self.content.decision[:DECIDED_CHARACTERS]}"


def nearness(new: Compared, recall: Recall) -> dict[str, Nearness] | None:
    """Compare a decision with the passages of all records by meaning.

    Args:
        new: The decision.
        recall: Where the records are.

    Returns:
        By path; None while the model or the vectors cannot be asked.

    Raises:
        WhykeeperError: The vector store failed.
    """
    if recall.vectors is None or not recall.encoder.ready_for(Kind.DECISION):
        return None
    whole, title = (_nearest(text, recall) for text in (new.whole, new.title))
    return {path: Nearness(cosine, title.get(path, 0.0)) for path, cosine in whole.items()}


def _nearest(text: str, recall: Recall) -> dict[str, float]:
    assert recall.vectors is not None
    vector = recall.encoder.encode_query(text, recall.encoder.tier(Kind.DECISION))
    near = dict(recall.vectors.query(Kind.DECISION, vector, NEIGHBOURS))
    live = recall.catalog.live(recall.checkout, list(near), Kind.DECISION)
    best: dict[int, float] = {}
    for key, rows in live.items():
        best |= {row: max(best.get(row, 0.0), near[key]) for row in rows}
    found: dict[str, float] = {}
    for row, outline in recall.catalog.outlines(recall.checkout, list(best)).items():
        if path := outline.chunk.path:
            found[path] = max(found.get(path, 0.0), best[row])
    return found


def related_decisions(
    new: Compared,
    records: Mapping[str, DecisionRecord],
    contents: Mapping[str, DecisionContent],
    near: Mapping[str, Nearness] | None,
    among: Set[str] | None = None,
) -> list[RelatedItem]:
    """Say which records a new one may repeat, contradict or replace.

    Args:
        new: The decision.
        records: By path; those whose place another has taken do not count.
        contents: What they say.
        near: From `nearness`; None compares by words alone.
        among: The records that may be said; None for all of them.

    Returns:
        The most telling first; few, or none.
    """
    known = {path: record for path, record in records.items() if record.status != "superseded"}
    words = _Words(new, known, contents)
    weights = {path: words.share(path) if near is None else _of(near, path).whole for path in known}
    order = sorted(known, key=lambda path: (-weights[path], path))
    on_the_matter = [path for path in order[:LOOKED_AT] if near is None or weights[path] >= ON_THE_MATTER]
    found: list[RelatedItem] = []
    for path in order:
        if among is not None and path not in among:
            continue
        because = ""
        if path in on_the_matter:
            because = _refused(new, contents.get(path), path, words) or _given_up(new, path, words)
        because = because or opposed(new.title, known[path].title, words.telling)
        if because := because or _alike(path, near, words, order):
            record = known[path]
            found.append(RelatedItem(path=path, title=record.title, status=record.status, because=because))
    return found[:MOST_RELATED]


def _of(near: Mapping[str, Nearness], path: str) -> Nearness:
    return near.get(path, Nearness(0.0, 0.0))


def _alike(path: str, near: Mapping[str, Nearness] | None, words: _Words, order: Sequence[str]) -> str:
    """Say that both speak of the same matter, if they do."""
    if words.title_share(path) >= SAME_TITLE:
        return "its title says nearly the same"
    if near is None or path not in near:
        # What has just been written is not encoded yet.
        return "it says much of it in the same words" if words.share(path) >= SAME_WORDS else ""
    each, others = _of(near, path), [_of(near, other).whole for other in order[:2] if other != path]
    stands_out = each.whole >= STANDING_OUT and each.whole - max(others, default=0.0) >= MARGIN
    alone = each.whole >= ALONE and each.whole - max(others, default=0.0) >= FAR_AHEAD
    alike = each.title >= TITLE_TOO and (each.whole >= SURELY or stands_out or alone)
    return f"it is about the same matter (similarity {each.whole:.2f})" if alike else ""


def _refused(new: Compared, content: DecisionContent | None, path: str, words: _Words) -> str:
    """Say that one decides what the other refused, if it does."""
    for each in content.alternatives if content else ():
        if names(each.name, words.of_title) and not names(each.name, words.title_of(path)):
            return f"it refused “{each.name}”"
    for each in new.content.alternatives:
        if names(each.name, words.title_of(path)):
            return f"it decided “{each.name}”, which this refuses"
    return ""


def _given_up(new: Compared, path: str, words: _Words) -> str:
    """Say that the new one gives up what the other decided, if it does."""
    for match in _GIVEN_UP.finditer(new.whole):
        if words.is_of(match["what"], path):
            return f"this says “{' '.join(match[0].split())}”"
    return ""


class _Words:
    """Words of records and of a new one, weighed by how few records have them."""

    def __init__(
        self,
        new: Compared,
        records: Mapping[str, DecisionRecord],
        contents: Mapping[str, DecisionContent],
    ) -> None:
        self._titles = {path: stems(record.title) for path, record in records.items()}
        self._texts = {
            path: self._titles[path] | stems(contents[path].decision[:DECIDED_CHARACTERS])
            if path in contents
            else self._titles[path]
            for path in records
        }
        counted = Counter(word for words in self._texts.values() for word in words)
        self._idf = {word: math.log(1 + len(records) / (1 + count)) for word, count in counted.items()}
        self._unseen = math.log(1 + len(records))
        self.of_title, self._of_text = stems(new.title), stems(new.whole)

    def title_of(self, path: str) -> Set[str]:
        """The words of a record's title."""
        return self._titles[path]

    def title_share(self, path: str) -> float:
        """How much of both titles they have in common."""
        return self._shared(self.of_title, self._titles[path])

    def share(self, path: str) -> float:
        """How much of both texts they have in common."""
        return self._shared(self._of_text, self._texts[path])

    def telling(self, shared: Set[str]) -> bool:
        """Whether few records' titles have all of these words."""
        return sum(shared <= title for title in self._titles.values()) <= _FEW

    def is_of(self, what: str, path: str) -> bool:
        """Whether some words name what a record's title is about, and few other records'."""
        shared = stems(what) & self._titles[path]
        return any(sum(word in title for title in self._titles.values()) <= _FEW for word in shared)

    def _shared(self, one: Set[str], other: Set[str]) -> float:
        union = self._sum(one | other)
        return self._sum(one & other) / union if union else 0.0

    def _sum(self, words: Set[str]) -> float:
        return sum(self._idf.get(word, self._unseen) for word in words)


def entry_likeness(new: str, kept: Sequence[str], recall: Recall) -> list[tuple[int, str]]:
    """Say which entries of lists a new one repeats or contradicts, as a whole or with one of its clauses.

    Args:
        new: Its text.
        kept: Texts of those that are there.
        recall: Has the model, which is asked about the few that share most words with it.

    Returns:
        Places in `kept` and why, the likest first.
    """
    share = EntryWords(kept).shares
    shares = share(new)
    order = sorted((n for n in range(len(kept)) if shares[n]), key=lambda n: (-shares[n], n))[
        :ENTRIES_ENCODED
    ]
    cosines = _cosines(new, [kept[n] for n in order], recall)
    found: dict[int, tuple[float, str]] = {}
    for n, cosine in zip(order, cosines, strict=True):
        if shares[n] >= SAME_ENTRY_WORDS or cosine >= SAME_ENTRY:
            found[n] = (max(shares[n], cosine), _why(new, kept[n]))
    # By words alone: models find most of what is as short as a clause alike.
    for clause in clauses(new)[1:]:
        plain = [each * (each >= SAME_PLAIN) for each in share(_NEGATED.sub(" ", clause))]
        for n, shared in enumerate(map(max, share(clause), plain)):
            why = _why(clause, kept[n])
            if n not in found and shared >= SAME_ENTRY_WORDS and (why == _OPPOSITE or _says_much(clause)):
                found[n] = (shared, why)
    return [(n, why) for n, (_, why) in sorted(found.items(), key=lambda each: (-each[1][0], each[0]))]


class EntryWords:
    """Words of entries, weighed by how few have them."""

    def __init__(self, kept: Sequence[str]) -> None:
        self._told = [stems(text) for text in kept]
        self._counted = Counter(word for words in self._told for word in words)

    def shares(self, text: str) -> list[float]:
        """How much of a text and of each entry they have in common."""
        asked = stems(text)
        return [self._share(asked, words) for words in self._told]

    def _share(self, asked: Set[str], words: Set[str]) -> float:
        union = self._sum(asked | words) if asked & words else 0.0
        return self._sum(asked & words) / union if union else 0.0

    def _sum(self, words: Set[str]) -> float:
        return sum(1 / math.sqrt(1 + self._counted[word]) for word in words)


def _why(new: str, kept: str) -> str:
    return _OPPOSITE if bool(_NEGATED.search(new)) != bool(_NEGATED.search(kept)) else _SAME


def _says_much(clause: str) -> bool:
    """Whether a clause that says what another entry says tells that both are on one matter."""
    return len(stems(clause)) >= LEAST_SAID


def _cosines(new: str, kept: Sequence[str], recall: Recall) -> list[float]:
    """By meaning; nothing where the model cannot be asked, and words decide alone."""
    if not kept or not recall.encoder.ready_for(Kind.CONVENTION):
        return [0.0] * len(kept)
    tier = recall.encoder.tier(Kind.CONVENTION)
    vector = recall.encoder.encode_query(new, tier)
    return [float(vector @ recall.encoder.encode_query(text, tier)) for text in kept]


def names(name: str, words: Set[str]) -> bool:
    """Whether some words name an alternative: every word of it that says something."""
    asked = stems(name)
    return bool(asked) and asked <= words and not _NOTHING.match(name)


_NOTHING: Final = re.compile(r"(?:no|none|not|do nothing|nothing|status quo|keep|leave)\b", re.IGNORECASE)
"""An alternative that is to leave things as they are names nothing."""
_FEW: Final = 2
"""Records whose title has a word that tells which of them is meant."""
