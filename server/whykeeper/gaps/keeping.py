"""Keeping what was not answered, after the answer has gone out and never in its way."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from whykeeper.gaps.questions import Asker, QuestionStore
from whykeeper.passwords import without_passwords
from whykeeper_indexers.catalog import query_terms
from whykeeper_indexers.search.analysis import LONGEST_READ, analyse

__all__ = ["Asked", "QuestionKeeper"]

_log = logging.getLogger(__name__)

LONGEST_KEPT = 600
"""Characters; a longer question is a task or a paste, of which this much says what it is about."""
LEAST_WORDS = 2
"""Beside the names in it. Whoever looks up one name or path is not asking for a document."""
MOST_WAITING = 50
"""Questions at once that nobody could answer; more come from a program, and are let go."""
_CLOSING_S = 2.0
_GREETINGS = "hello hi hey thanks please foo bar baz qux lorem ipsum dolor sit amet xyz abc whykeeper"
_THE_MOMENT = "current currently now today yesterday status progress latest recent recently"
_OF_NOTHING = frozenset((*_GREETINGS.split(), *_THE_MOMENT.split()))
"""Words of greetings and trials, and of what is so at this moment: no document tells that."""
_RANDOM = re.compile(
    r"\d+|(?P<one>\w)(?P=one)+|(?:qwer(?:t(?:y(?:u(?:i(?:op?)?)?)?)?)?|asdf(?:g(?:h(?:j(?:kl?)?)?)?)?|"
    r"zxcv(?:b(?:nm?)?)?|hjkl|jkl)+",
    re.IGNORECASE,
)
"""What hands do to a keyboard, and numbers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that got no answer.

    Attributes:
        text: As it was asked.
        by: Who asked.
        paths: What it was narrowed to or asked near.
        narrowed: Whether kinds or paths limited where an answer could come from.
    """

    text: str
    by: Asker
    paths: Sequence[str] = ()
    narrowed: bool = False


class QuestionKeeper:
    """Writes unanswered questions down in the background, for one checkout.

    Args:
        store: Its repository's.
        redact: Cuts the secrets out of a text; may take seconds, the first time.
        answered: Asks again without limits, and says whether anything recorded answers.
    """

    def __init__(
        self, store: QuestionStore, redact: Callable[[str], str], answered: Callable[[str], bool]
    ) -> None:
        self.store = store
        self._redact = redact
        self._answered = answered
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="keep questions")
        self._waiting: set[Future[None]] = set()
        self._lock = threading.Lock()

    def note(self, asked: Asked) -> None:
        """Have a question kept; returns at once and never fails."""
        try:
            with self._lock:
                if len(self._waiting) < MOST_WAITING:
                    future = self._threads.submit(self._keep, asked)
                    self._waiting.add(future)
                    future.add_done_callback(self._waiting.discard)
        except RuntimeError:
            _log.info("a question was asked while its checkout was closed; it is not kept")

    def drain(self, limit_s: float) -> bool:
        """Wait for what was noted before; whether all of it is written."""
        return not wait(list(self._waiting), limit_s).not_done

    def forget(self) -> int:
        """Delete what is kept, and what was noted before; gives how many there were.

        Raises:
            StorageError: The file cannot be deleted.
        """
        self.drain(_CLOSING_S)
        return self.store.forget()

    def close(self) -> None:
        """Write what is under way, and let go of the rest."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.drain(_CLOSING_S)

    def _keep(self, asked: Asked) -> None:
        try:
            if not _asks(asked.text) or (asked.narrowed and self._answered(asked.text)):
                return
            # First cut, then shortened: half a secret looks like none.
            text = " ".join(without_passwords(self._redact(asked.text[:LONGEST_READ])).split())
            self.store.keep(text[:LONGEST_KEPT], asked.by, [path for path in asked.paths if path])
        except Exception:  # noqa: BLE001 - the question was answered long ago, and nobody waits for this
            _log.warning("an unanswered question could not be kept", exc_info=True)


def _asks(text: str) -> bool:
    """Whether it asks for more than a name, a path, how things are now, or nothing at all."""
    analysis = analyse(text)
    if analysis.status is not None and analysis.status.alone:
        return False
    named = " ".join((*analysis.identifiers, *analysis.paths, *analysis.folders))
    terms = set(query_terms(analysis.text)) - set(query_terms(named))
    said = {term.strip('"').lower() for term in terms} - _OF_NOTHING
    return sum(not _RANDOM.fullmatch(word) for word in said) >= LEAST_WORDS
