"""``whykeeper gaps``: the unanswered questions of a repository as documents worth writing."""

from __future__ import annotations

import logging
import posixpath
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from whykeeper.gaps.grouping import NEAR_IN_MEANING, NEAR_IN_WORDS, by_meaning, by_words, grouped
from whykeeper.gaps.places import Form, Surroundings, form_of, place_for
from whykeeper.gaps.questions import Question
from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import WhykeeperError
from whykeeper_indexers.search.analysis import analyse
from whykeeper_indexers.search.engine import search
from whykeeper_indexers.search.recall import Recall, SearchRequest
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from whykeeper.memory import Memory

__all__ = ["Gap", "GapsAnswer", "gaps_report", "unanswered"]

_log = logging.getLogger(__name__)

ASKING_AGAIN_S = 20.0
"""For all questions together, some 30 ms each."""
OPENING_S = 20.0
"""How long a person waits for the model and the vectors, which take seconds after a start."""
WRITING_S = 5.0
MOST_PATHS = 8
"""Named of a gap."""
_LOOK_S = 0.05
_PROSE = (Kind.DECISION, Kind.CONVENTION, Kind.DOCUMENT, Kind.PLAN)
_GLOB_CHARACTERS = frozenset("*?[")


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskedQuestion(_Model):
    """One wording of what was asked."""

    text: str
    times: int
    last_asked: str


class Gap(_Model):
    """A document worth writing.

    Attributes:
        title: The question nearest to all of the group.
        form: What would answer it: a decision, a convention or a document.
        where: A folder, ending in a slash, or a file, that it would go to; it need not exist.
        because: Why there.
        times: How often it was asked, in all its wordings.
        by_agents: Of these, by agents.
        by_people: Of these, at the command line.
        first_asked: ISO 8601, UTC.
        last_asked: The same.
        paths: What it concerns.
        questions: All wordings, from the middle of the group outwards.
    """

    title: str
    form: Form
    where: str
    because: str
    times: int
    by_agents: int
    by_people: int
    first_asked: str
    last_asked: str
    paths: list[str]
    questions: list[AskedQuestion]


class GapsAnswer(_Model):
    """What is worth writing, the most often asked first.

    Attributes:
        gaps: Documents worth writing.
        more: How many others there are.
        answered: How many questions have found an answer since they were asked.
        notes: What a person must know about how the list came about.
    """

    gaps: list[Gap]
    more: int = 0
    answered: int = 0
    notes: list[str] = []


def unanswered(memory: Memory) -> tuple[int, str | None]:
    """Count the questions that nothing answers, for the status; with what keeps them from being read."""
    if not memory.loaded.config.gaps.keep:
        return 0, None
    try:
        return memory.questions.store.count(), None
    except WhykeeperError as error:
        return 0, str(error)


def gaps_report(memory: Memory, limit: int) -> GapsAnswer:
    """Ask again what was not answered, and group what still is not.

    Args:
        memory: Of the checkout.
        limit: Most gaps to show.

    Raises:
        StorageError: The questions cannot be read.
    """
    if not memory.loaded.config.gaps.keep:
        return GapsAnswer(gaps=[], notes=["keep = false under [gaps]: no question is kept or shown"])
    notes = [] if memory.questions.drain(WRITING_S) else ["a question asked just now is still being written"]
    kept = memory.questions.store.questions()
    if not kept:
        return GapsAnswer(gaps=[], notes=notes)
    by_model = _wait_for_model(memory)
    recall = memory.recall()
    if by_model:
        open_ones, asked_again = _asked_again(kept, recall)
        unanswered_ones = {each.id for each in open_ones}
        memory.questions.store.mark({each.id for each in kept} - unanswered_ones, unanswered_ones)
        if left := len(kept) - asked_again:
            notes.append(f"{left} of {len(kept)} questions were not asked again, for want of time")
    else:
        open_ones = [each for each in kept if not each.answered]
        why = recall.encoder.unready if not recall.encoder.ready else "the vectors are being opened"
        notes.append(f"grouped by words, and not asked again: {why}")
    found = _gaps(open_ones, recall, by_model)
    gaps = sorted(found, key=lambda gap: (gap.times, gap.last_asked), reverse=True)
    answered = len(kept) - len(open_ones)
    return GapsAnswer(gaps=gaps[:limit], more=max(len(gaps) - limit, 0), answered=answered, notes=notes)


def _wait_for_model(memory: Memory) -> bool:
    """Wait until questions can be asked by meaning; whether they can."""
    with suppress(WhykeeperError):
        memory.store.encoder.load()
    deadline = time.monotonic() + OPENING_S
    while memory.store.vectors is None and memory.store.failure is None and time.monotonic() < deadline:
        time.sleep(_LOOK_S)
    return memory.store.encoder.ready_for(Kind.DOCUMENT) and memory.store.vectors is not None


def _asked_again(kept: Sequence[Question], recall: Recall) -> tuple[list[Question], int]:
    """Keep what nothing answers now; and how many were asked, before time ran out."""
    deadline = time.monotonic() + ASKING_AGAIN_S
    still: list[Question] = []
    for number, question in enumerate(kept):
        if time.monotonic() > deadline:
            return [*still, *(each for each in kept[number:] if not each.answered)], number
        answer = search(SearchRequest(question.text, limit=1), recall)
        # By words alone too much seems unanswered, and too little: what was known before holds.
        known = answer.confident if answer.mode == "hybrid" else question.answered
        still += [] if known else [question]
    return still, len(kept)


def _gaps(questions: Sequence[Question], recall: Recall, by_model: bool) -> Iterator[Gap]:
    around = _surroundings(recall)
    for form in Form:
        asked = [each for each in questions if form_of(each.text) is form]
        for group in _groups(asked, recall, by_model) if asked else ():
            yield _gap(form, group, recall, around)


def _groups(questions: Sequence[Question], recall: Recall, by_model: bool) -> list[list[Question]]:
    texts = [each.text for each in questions]
    if by_model:
        vectors = [recall.encoder.encode_query(text, Tier.TRANSFORMER) for text in texts]
        places = grouped(by_meaning(vectors), NEAR_IN_MEANING)
    else:
        places = grouped(by_words(texts), NEAR_IN_WORDS)
    return [[questions[place] for place in group] for group in places]


def _gap(form: Form, group: Sequence[Question], recall: Recall, around: Surroundings) -> Gap:
    paths = list(dict.fromkeys(path for each in group for path in _concerned(each, recall)))
    place = place_for(form, paths, around)
    return Gap(
        title=group[0].text,
        form=form,
        where=place.path,
        because=place.because,
        times=sum(each.times for each in group),
        by_agents=sum(each.by_agents for each in group),
        by_people=sum(each.by_people for each in group),
        first_asked=_iso(min(each.first_asked for each in group)),
        last_asked=_iso(max(each.last_asked for each in group)),
        paths=paths[:MOST_PATHS],
        questions=[
            AskedQuestion(text=each.text, times=each.times, last_asked=_iso(each.last_asked))
            for each in group
        ],
    )


def _concerned(question: Question, recall: Recall) -> Iterator[str]:
    """The places that a question was narrowed to, or spells, as far as they are there."""
    analysis = analyse(question.text)
    for path in question.paths:
        above = _before_glob(path)
        while above and not _is_there(above, recall):
            above = posixpath.dirname(above)
        if above:
            yield above
    yield from (path for path in (*analysis.paths, *analysis.folders) if path and _is_there(path, recall))


def _is_there(path: str, recall: Recall) -> bool:
    catalog, checkout = recall.catalog, recall.checkout
    return bool(catalog.count_files(checkout, tuple(Kind), path) or catalog.file_entries(checkout, [path]))


def _before_glob(path: str) -> str:
    """The folder that a glob begins with."""
    fixed = takewhile(lambda part: not _GLOB_CHARACTERS.intersection(part), path.split("/"))
    return "/".join(fixed)


def _surroundings(recall: Recall) -> Surroundings:
    catalog, checkout = recall.catalog, recall.checkout
    entries = catalog.file_entries(checkout)
    documents = [each.path for each in entries if each.exclusion is None and each.kind in _PROSE]
    return Surroundings(documents, catalog.decisions(checkout), catalog.conventions(checkout))


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
