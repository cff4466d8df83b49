from __future__ import annotations

import re
import time

import pytest

from whykeeper.gaps.places import Form, Surroundings, form_of, place_for
from whykeeper_indexers.types import ConventionRecord, DecisionRecord, Scope, ScopeMode


def decision(path: str) -> DecisionRecord:
    return DecisionRecord(form="madr-4", identifier=path, number=1, title=path, status="accepted")


def rules(folder: str = "", *globs: str) -> ConventionRecord:
    mode = ScopeMode.PATHS if globs else ScopeMode.ALWAYS
    return ConventionRecord("agents.md", Scope(folder, globs, mode))


def around(*documents: str, decisions: tuple[str, ...] = (), conventions: object = None) -> Surroundings:
    found = conventions if isinstance(conventions, dict) else {}
    return Surroundings(documents, {path: decision(path) for path in decisions}, found)


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("why is the queue in postgres", Form.DECISION),
        ("alternatives to redis that were rejected", Form.DECISION),
        ("how do we name migrations", Form.CONVENTION),
        ("may I import the server from the indexers, are we allowed to", Form.CONVENTION),
        ("how to release a hotfix", Form.CONVENTION),
        ("was that layout considered and turned down?", Form.DECISION),
        ("what is the merge policy", Form.CONVENTION),
        ("what is the retention policy of invoices", Form.DOCUMENT),
        ("how many reviewers must approve a change", Form.CONVENTION),
        ("where are uploads stored", Form.DOCUMENT),
        ("who is told when a backup fails", Form.DOCUMENT),
    ],
)
def test_the_wording_says_what_kind_of_document_answers(question: str, form: Form) -> None:
    assert form_of(question) is form


def test_a_reason_goes_to_the_decisions_of_its_own_service() -> None:
    there = around(decisions=("docs/adr/0001-a.md", "docs/adr/0002-b.md", "web/docs/adr/0001-c.md"))
    assert place_for(Form.DECISION, ["web/src/page.ts"], there).path == "web/docs/adr/"
    assert place_for(Form.DECISION, ["core/src/page.ts"], there).path == "docs/adr/"
    assert place_for(Form.DECISION, [], there).path == "docs/adr/"
    assert place_for(Form.DECISION, [], around()).path == "docs/decisions/"


def test_a_rule_goes_to_the_nearest_file_that_binds_all_the_paths_and_to_no_file_for_some() -> None:
    found = {
        "AGENTS.md": rules(),
        "web/AGENTS.md": rules("web"),
        ".cursor/rules/ts.mdc": rules("", "web/**/*.ts"),
    }
    there = around(conventions=found)
    assert place_for(Form.CONVENTION, ["web/src/a.ts", "web/b.ts"], there).path == "web/AGENTS.md"
    assert place_for(Form.CONVENTION, ["web/src/a.ts", "core/b.ts"], there).path == "AGENTS.md"
    assert place_for(Form.CONVENTION, [], around()).path == "docs/context/conventions.md"
    assert place_for(Form.CONVENTION, [], around("doc/a.md")).path == "doc/context/conventions.md"


def test_anything_else_goes_to_the_readme_or_the_documents_nearest_to_the_paths() -> None:
    there = around("README.md", "web/README.md", "core/docs/design.md", "docs/architecture.md")
    assert place_for(Form.DOCUMENT, ["web/src/deep/a.ts"], there).path == "web/README.md"
    assert place_for(Form.DOCUMENT, ["core/src/a.go"], there).path == "core/docs/"
    assert place_for(Form.DOCUMENT, ["lib/a.go"], there).path == "docs/architecture.md"
    assert place_for(Form.DOCUMENT, [], around("documentation/a.md")).path == "documentation/"
    assert place_for(Form.DOCUMENT, [], around("README.md")).path == "README.md"
    assert place_for(Form.DOCUMENT, [], around()).path == "docs/context/architecture.md"


def test_a_long_question_is_read_in_no_time() -> None:
    started = time.monotonic()
    for evil in ("how " * 100_000, "should we " * 50_000, "-" * 400_000):
        form_of(re.sub("x", "", evil))
    assert time.monotonic() - started < 2


def test_what_is_new_goes_where_the_documents_are() -> None:
    there = around("doc/guide.md", "doc/more.md")
    assert place_for(Form.CONVENTION, [], there).path == "doc/context/conventions.md"
    assert place_for(Form.CONVENTION, [], around()).path == "docs/context/conventions.md"
    assert place_for(Form.DOCUMENT, [], around()).path == "docs/context/architecture.md"
