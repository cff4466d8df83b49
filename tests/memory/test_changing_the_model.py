"""Another model is chosen: the vectors of the one before answer until it has read everything."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from tests.memory.conftest import GONE, MANY

from whykeeper.host import Pace
from whykeeper_indexers.errors import ModelError

if TYPE_CHECKING:
    from conftest import Desk, Machine, WordEncoder

FERRY = "docs/ferry.md"
# Words that no file has. Which of them means the same as one that the page has, depends on the model.
OLD_QUESTION = "vessel berth"
NEW_QUESTION = "catamaran quay"
PASSAGES = 5
"""What the checkout holds: a decision, a convention, two documents and a function."""


@pytest.fixture
def old(machine: Machine) -> WordEncoder:
    """The model that has read everything."""
    encoder = machine.add_encoder("old")
    encoder.same = {"vessel": "ferry", "berth": "jetty", "catamaran": "postgres", "quay": "broker"}
    machine.settings["MODEL__NAME"] = "old"
    return encoder


@pytest.fixture
def new(machine: Machine) -> WordEncoder:
    """The model that is chosen then; it reads nothing yet."""
    encoder = machine.add_encoder("new")
    encoder.same = {"vessel": "postgres", "berth": "broker", "catamaran": "ferry", "quay": "jetty"}
    encoder.turns = threading.Semaphore(0)
    return encoder


@pytest.fixture
def indexed(machine: Machine, checkout: Any, old: WordEncoder) -> Any:
    """The checkout, read by the old model."""
    checkout.write(FERRY, "# Ferry\n\nGannets decide when the ferry leaves the jetty.\n")
    desk = machine.sit(checkout.root).settled()
    assert meant(desk, OLD_QUESTION)
    desk.leave()
    old.encoded.clear()
    return checkout


@pytest.fixture
def slow_code(machine: Machine) -> None:
    """Code is read by the transformer too."""
    machine.settings["MODEL__CODE"] = "transformer"


def change(machine: Machine, root: Any, name: str = "new") -> Desk:
    """Choose another model."""
    machine.settings["MODEL__NAME"] = name
    desk = machine.sit(root)
    desk.wait(lambda: desk.memory.store.vectors and desk.memory.indexer.complete)
    return desk


def meant(desk: Desk, question: str) -> bool:
    """Whether the page about the ferry is the nearest to a question that has none of its words."""
    answer = desk.search(question)
    return bool(answer.mode == "hybrid" and answer.results and answer.results[0].path == FERRY)


def earlier(desk: Desk) -> int:
    """How many passages the old model answers for."""
    return int(desk.status().index["earlier"].get("old", 0))


def vectors(desk: Desk) -> tuple[int, int]:
    """How many vectors there are, and how many are still to be made."""
    index = desk.status().index
    return sum(index["encoded"].values()), sum(index["waiting"].values())


def said(desk: Desk) -> str:
    return "\n".join(desk.search(OLD_QUESTION).notes)


def test_the_old_vectors_answer_until_the_new_model_has_read_everything(
    machine: Machine, indexed: Any, new: WordEncoder, old: WordEncoder
) -> None:
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES)
    assert meant(desk, OLD_QUESTION) and not meant(desk, NEW_QUESTION)
    assert f"{PASSAGES} passages are still compared by the model used before, old" in said(desk)
    assert vectors(desk) == (0, PASSAGES)

    new.turns.release(MANY)
    desk.settled()
    assert vectors(desk) == (PASSAGES, 0)
    assert meant(desk, NEW_QUESTION) and not meant(desk, OLD_QUESTION)
    assert desk.search(NEW_QUESTION).notes == []
    assert desk.status().index["earlier"] == {}
    assert old.encoded.total() == 0


def test_scores_are_explained_with_the_model_that_gave_them(
    machine: Machine, indexed: Any, new: WordEncoder
) -> None:
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES)
    explained = desk.search(OLD_QUESTION, explain=True).results[0].signals or {}
    assert "meaning by old (used before)" in explained
    assert "words" not in explained
    new.turns.release(MANY)
    desk.settled()
    explained = desk.search(NEW_QUESTION, explain=True).results[0].signals or {}
    assert "meaning by new" in explained
    assert not any("used before" in name for name in explained)


def test_what_ranks_together_changes_over_together(machine: Machine, indexed: Any, new: WordEncoder) -> None:
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES)
    # Decisions come first, then conventions: documents wait.
    new.turns.release(2)
    desk.wait(lambda: set(desk.status().index["waiting"]) == {"document", "code"})
    assert earlier(desk) == PASSAGES
    assert meant(desk, OLD_QUESTION) and not meant(desk, NEW_QUESTION)
    assert desk.search("jobs wait in a table of postgres").results[0].kind == "decision"
    new.turns.release(MANY)
    assert meant(desk.settled(), NEW_QUESTION)


def test_prose_changes_over_while_code_is_still_being_read(
    machine: Machine, slow_code: None, indexed: Any, new: WordEncoder
) -> None:
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES)
    new.turns.release(3)
    desk.wait(lambda: earlier(desk) == 1)
    assert meant(desk, NEW_QUESTION)
    assert "1 passage is still compared by the model used before" in said(desk)
    new.turns.release(MANY)


def test_a_restart_in_the_middle_goes_on(machine: Machine, indexed: Any, new: WordEncoder) -> None:
    desk = change(machine, indexed.root)
    new.turns.release(1)
    desk.wait(lambda: desk.status().index["encoded"].get("decision"))
    machine.stop()
    new.turns = threading.Semaphore(0)

    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES)
    assert meant(desk, OLD_QUESTION)
    new.turns.release(MANY)
    desk.settled()
    assert set(new.encoded.values()) == {1}


def test_going_back_in_the_middle_reads_nothing_again(
    machine: Machine, indexed: Any, new: WordEncoder, old: WordEncoder
) -> None:
    desk = change(machine, indexed.root)
    new.turns.release(2)
    desk.wait(lambda: new.encoded.total() > 1)
    desk.leave()
    new.turns.release(MANY)
    machine.stop()

    desk = change(machine, indexed.root, "old").settled()
    assert meant(desk, OLD_QUESTION)
    assert desk.search(OLD_QUESTION).notes == []
    assert old.encoded.total() == 0


def test_the_old_model_is_let_go_when_nothing_needs_it_any_more(
    machine: Machine, checkout: Any, old: WordEncoder, new: WordEncoder
) -> None:
    machine.pace = Pace(look_s=0.05)
    machine.sit(checkout.root).settled().leave()
    desk = change(machine, checkout.root)
    desk.wait(lambda: earlier(desk))
    assert not old.closed
    new.turns.release(MANY)
    desk.wait(lambda: old.closed)
    assert not new.closed


def test_an_old_model_whose_files_are_gone_is_named_and_words_answer(
    machine: Machine, indexed: Any, new: WordEncoder, old: WordEncoder
) -> None:
    old.gone = True
    new.quick = False
    desk = change(machine, indexed.root)
    desk.wait(lambda: "cannot be compared any more: there is no model in its folder" in said(desk))
    assert desk.status().index["earlier"] == {}
    assert not meant(desk, OLD_QUESTION)
    assert desk.search("when does the ferry leave").results[0].path == FERRY
    new.turns.release(MANY)
    desk.settled()
    assert desk.search(NEW_QUESTION).notes == []


def test_what_the_old_model_answers_for_is_found_by_words_while_it_is_loaded(
    machine: Machine, indexed: Any, new: WordEncoder, old: WordEncoder
) -> None:
    old.ready = old.loads = False
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES)
    assert f"{PASSAGES} passages are found by words only: the model used before, old, is" in said(desk)
    assert desk.search("when does the ferry leave").results[0].path == FERRY
    old.loads = True
    desk.wait(lambda: meant(desk, OLD_QUESTION))
    new.turns.release(MANY)


def test_the_old_vectors_go_on_answering_when_the_new_model_cannot_be_loaded(
    machine: Machine, indexed: Any, new: WordEncoder
) -> None:
    new.ready = new.loads = False
    new.failure = "no such architecture"
    new.refusal = ModelError(new.failure)
    new.turns.release(MANY)
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES)
    assert meant(desk, OLD_QUESTION)
    assert "the embedding model failed: no such architecture" in said(desk)


def test_the_old_vectors_go_on_answering_when_the_new_model_is_not_there(
    machine: Machine, indexed: Any, new: WordEncoder, old: WordEncoder
) -> None:
    new.gone = True
    new.turns.release(MANY)
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES and desk.memory.store.problem)
    assert meant(desk, OLD_QUESTION)
    assert f"by the model used before, old: the embedding model failed: {GONE}" in said(desk)
    assert f"problem: {GONE}" in desk.status().notes

    desk.leave()
    desk = change(machine, indexed.root, "old").settled()
    assert meant(desk, OLD_QUESTION)
    assert desk.search(OLD_QUESTION).notes == []
    assert old.encoded.total() == 0


def test_a_model_that_comes_late_takes_over_from_the_old_one(
    machine: Machine, indexed: Any, new: WordEncoder
) -> None:
    new.gone = True
    new.turns.release(MANY)
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES and desk.memory.store.problem)
    new.gone = False
    desk.wait(lambda: meant(desk, NEW_QUESTION))
    assert desk.settled().status().index["earlier"] == {}


def test_a_file_saved_during_the_change_is_found_too(
    machine: Machine, indexed: Any, new: WordEncoder
) -> None:
    desk = change(machine, indexed.root)
    desk.wait(lambda: earlier(desk) == PASSAGES)
    indexed.write("docs/anchor.md", "# Anchor\n\nThe anchor drags in a northerly.\n")
    assert desk.search("anchor drags northerly").results[0].path == "docs/anchor.md"
    assert meant(desk, OLD_QUESTION)
    new.turns.release(MANY)


def test_another_tier_for_code_needs_no_second_model(
    machine: Machine, indexed: Any, old: WordEncoder
) -> None:
    loaded = len(machine.encoders)
    old.open.clear()
    desk = machine.sit(indexed.root, MODEL__CODE="static")
    desk.wait(lambda: earlier(desk))
    assert desk.search("backoff attempt").results[0].path == "src/retry.py"
    assert "compared by the model used before, old" in said(desk)
    old.open.set()
    desk.settled()
    assert desk.status().index["earlier"] == {}
    assert len(machine.encoders) == loaded
