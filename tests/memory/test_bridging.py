"""What is found by meaning while the slow model still reads."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from tests.memory.conftest import MANY

from whykeeper_indexers.index.encoding import BRIDGED_FROM

if TYPE_CHECKING:
    from conftest import Desk, Machine

# Full-text search leaves a question's commonest words out; the vectors of these tests don't.
QUESTION = "harbour lantern"


@pytest.fixture
def waiting(machine: Machine, checkout: Any) -> Desk:
    """A session at a checkout with more prose than is quickly read, none of it read yet."""
    for number in range(BRIDGED_FROM + 10):
        checkout.write(f"docs/notes/{number}.md", f"# Note {number}\n\nThe number{number} is all it says.\n")
    checkout.write("docs/notes/lamp.md", f"# Lamp\n\n{QUESTION}.\n")
    machine.encoder.turns = threading.Semaphore(0)
    desk = machine.sit(checkout.root)
    desk.wait(lambda: bridged(desk) > BRIDGED_FROM)
    return desk


def bridged(desk: Desk) -> int:
    """How many documents wait, once each of them has something that stands in for it; else 0."""
    index = desk.status().index
    documents = index["bridged"].get("document", 0)
    return documents if documents == index["waiting"].get("document") else 0


def test_prose_is_found_by_meaning_before_the_slow_model_has_read_it(waiting: Desk) -> None:
    answer = waiting.search(QUESTION, explain=True)

    assert answer.mode == "hybrid"
    assert answer.results[0].path == "docs/notes/lamp.md"
    assert "meaning by words's static table (standing in)" in (answer.results[0].signals or {})
    assert any("a quick, rougher model" in note for note in answer.notes)


def test_a_file_saved_meanwhile_is_found_by_meaning_too(
    waiting: Desk, machine: Machine, checkout: Any
) -> None:
    files = waiting.status().index["files"]
    checkout.write("docs/notes/late.md", "# Late\n\nThe anchor drags.\n")
    waiting.wait(lambda: waiting.status().index["files"] == files + 1)
    assert not bridged(waiting)

    # Between two batches of the slow model.
    machine.encoder.turns.release(2)
    waiting.wait(lambda: bridged(waiting))
    assert waiting.search("anchor drags").results[0].path == "docs/notes/late.md"


def test_nothing_stands_in_any_more_once_everything_is_read(waiting: Desk, machine: Machine) -> None:
    machine.encoder.turns.release(MANY)
    told = waiting.index()

    assert waiting.status().index["bridged"] == {}
    answer = waiting.search(QUESTION)
    assert (answer.mode, answer.notes) == ("hybrid", [])
    assert answer.results[0].path == "docs/notes/lamp.md"
    assert told["vectors"] > BRIDGED_FROM


def test_without_a_quick_model_it_is_found_by_words_until_then(machine: Machine, checkout: Any) -> None:
    machine.encoder.quick = False
    for number in range(BRIDGED_FROM + 10):
        checkout.write(f"docs/notes/{number}.md", f"# Note {number}\n\nThe number{number} is all it says.\n")
    machine.encoder.turns = threading.Semaphore(0)
    desk = machine.sit(checkout.root)
    desk.wait(lambda: desk.memory.indexer.complete)

    assert desk.status().index["bridged"] == {}
    assert desk.finds("number7")[0] == "docs/notes/7.md"
    machine.encoder.turns.release(MANY)
    assert desk.index()["vectors"] > BRIDGED_FROM


def test_a_file_saved_just_now_stands_first_while_its_vector_is_awaited(
    machine: Machine, checkout: Any
) -> None:
    desk = machine.sit(checkout.root).settled()
    machine.encoder.turns = threading.Semaphore(0)
    checkout.write("docs/ferry.md", "# The ferry\n\nGannets decide when the ferry leaves the jetty.\n")

    answer = desk.search("when does the ferry leave the jetty")

    assert answer.mode == "hybrid"
    assert answer.results[0].path == "docs/ferry.md"
    assert desk.status().index["waiting"] == {"document": 1}
    machine.encoder.turns.release(MANY)


def test_what_is_saved_does_not_wait_for_the_quick_model_that_commits_wait_for(
    machine: Machine, checkout: Any
) -> None:
    # A model with a large vocabulary takes many minutes to be distilled.
    machine.encoder.quick, machine.encoder.distilling = False, True
    desk = machine.sit(checkout.root, INDEX__HISTORY="true")
    desk.wait(lambda: desk.status().index["waiting"] == {"commit": 1})
    checkout.write("docs/ferry.md", "# The ferry\n\nGannets decide when the ferry leaves the jetty.\n")
    desk.wait(lambda: any("Gannets" in text for text in machine.encoder.encoded))
    desk.wait(lambda: desk.status().index["waiting"] == {"commit": 1})

    machine.encoder.quick, machine.encoder.distilling = True, False
    assert desk.settled().status().index["waiting"] == {}
