"""Questions that spell what they mean: a path, a record's number, a qualified name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Desk, Machine

RECORD = "# {number}. {title}\n\n## Status\n\nAccepted\n\n## Decision\n\n{decision}\n"
TYPED = (
    "class Command:\n    def invoke(self):\n        return run(self)\n\n\n"
    "class Context:\n    def invoke(self):\n        return call(self)\n"
)


@pytest.fixture
def desk(machine: Machine, checkout: Any) -> Desk:
    titles = {2: "Keep orders", 3: "Write an outbox", 4: "Retry thrice"}
    for number, title in titles.items():
        text = RECORD.format(number=number, title=title, decision=f"We {title.lower()} in the database.")
        checkout.write(f"docs/adr/{number:04}-{title.replace(' ', '-').lower()}.md", text)
    checkout.write("docs/guide.md", "# Guide\n\nHow the types are used, and docs/usage.md.\n")
    checkout.write("docs/usage.md", "# Using it\n\nCall it with an order.\n")
    checkout.write("src/shop/types.py", TYPED)
    checkout.write(
        "tests/test_types.py", "from shop.types import Context\n\n\ndef test_context():\n    assert Context\n"
    )
    (
        checkout.git("add", "."),
        checkout.git("commit", "-qm", "Add src/shop/types.py, docs/usage.md and ADR-0003"),
    )
    found = machine.sit(checkout.root)
    found.settled()
    return found


@pytest.mark.parametrize("path", ["docs/usage.md", "src/shop/types.py", "tests/test_types.py"])
@pytest.mark.parametrize("question", ["{}", "what is in {}", "why does {} look like that"])
def test_a_file_whose_path_is_spelled_comes_first(desk: Desk, path: str, question: str) -> None:
    answer = desk.search(question.format(path))
    assert answer.results[0].path == path
    assert answer.confident


@pytest.mark.parametrize("question", ["{}", "why does {} look like that"])
def test_a_path_may_be_spelled_from_the_machines_root(desk: Desk, checkout: Any, question: str) -> None:
    answer = desk.search(question.format(checkout.root / "src/shop/types.py"))
    assert answer.results[0].path == "src/shop/types.py"
    assert answer.confident


@pytest.mark.parametrize("question", ["ADR-0003", "adr 3", "decision 3", "what does ADR-0003 say"])
def test_a_record_whose_number_is_spelled_comes_first(desk: Desk, question: str) -> None:
    answer = desk.search(question)
    assert answer.results[0].path == "docs/adr/0003-write-an-outbox.md"
    assert answer.confident


@pytest.mark.parametrize("name", ["Context.invoke", "shop.types.Context.invoke", "Context::invoke"])
def test_a_qualified_name_means_that_definition_alone(desk: Desk, name: str) -> None:
    first = desk.search(f"how does {name} work", kinds=["code"]).results[0]
    assert first.path == "src/shop/types.py"
    assert "call(self)" in first.text


def test_an_answer_is_judged_alike_however_much_of_it_is_asked_for(desk: Desk) -> None:
    for question in ("is there a decision on Go", "why do we keep orders", "who maintains the cluster"):
        assert len({desk.search(question, limit=limit).confident for limit in (1, 2, 5, 10)}) == 1


def test_what_the_budget_leaves_out_and_what_is_not_read_is_said(desk: Desk) -> None:
    short = desk.search("orders in the database", limit=10, budget=100)
    assert any("did not fit the budget" in note for note in short.notes)
    assert not desk.search("orders in the database", limit=1, budget=2_000).notes
    assert any("the first 4,000" in note for note in desk.search("orders " * 700).notes)


@pytest.fixture
def historian(machine: Machine, checkout: Any) -> Desk:
    machine.settings["INDEX__HISTORY"] = "true"
    checkout.write("docs/outbox.md", "# Outbox\n\nBrought back after a crash; see #42 and #43.\n")
    checkout.git("add", ".")
    for subject in ("Bring it back (#41)", 'Revert "Bring it back (#41)" (#42)', "Retry twice (#43)"):
        checkout.git(
            "commit", "-q", "--allow-empty", "-m", f"{subject}\n\nBecause orders were lost in a crash."
        )
    found = machine.sit(checkout.root)
    found.index()
    return found


@pytest.mark.parametrize("question", ["{}", "commit {}", "why was {} made"])
def test_a_commit_whose_hash_is_spelled_comes_first(historian: Desk, checkout: Any, question: str) -> None:
    sha = checkout.git("rev-parse", "HEAD~2").strip()
    for spelled in (sha, sha[:9]):
        answer = historian.search(question.format(spelled))
        assert answer.results[0].commit == sha
        assert answer.confident


@pytest.mark.parametrize("question", ["#43", "what did #43 change"])
def test_a_commit_whose_pull_request_is_spelled_comes_first(
    historian: Desk, checkout: Any, question: str
) -> None:
    answer = historian.search(question)
    assert answer.results[0].commit == checkout.git("rev-parse", "HEAD").strip()
    assert answer.confident


@pytest.mark.parametrize("path", ["src/shop/nope.py", "terraform/main.tf"])
def test_a_path_that_nothing_has_is_said_to_be_unknown(desk: Desk, path: str) -> None:
    answer = desk.search(path)
    assert not answer.confident
    assert f"{path} is not in the index" in answer.notes
