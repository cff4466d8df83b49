"""Questions that a document asks its readers are no passages of it."""

from __future__ import annotations

import time

from whykeeper_indexers.documents import parse_document
from whykeeper_indexers.documents.questions import without_questions
from whykeeper_indexers.types import SourceText


def texts(text: str) -> list[str]:
    return [chunk.text for chunk in parse_document(SourceText("a.md", text, "")).chunks]


def test_questions_go_with_the_headings_that_have_nothing_else_and_lines_keep_their_numbers() -> None:
    text = (
        "# Ours\n\nSquid.\n\n## Empty\n\n<!-- question: why?\nand since when? -->\n\n### Below\n\n"
        "<!-- question: how? -->\n\n## Told\n\nInk.\n\n<!-- question: which? -->\n\n## Never asked\n"
    )
    kept = without_questions(text)
    assert kept.count("\n") == text.count("\n")
    assert kept.split() == ["#", "Ours", "Squid.", "##", "Told", "Ink.", "##", "Never", "asked"]
    assert not any("question" in each or "Empty" in each for each in texts(text))


def test_a_document_of_questions_and_other_comments_says_nothing() -> None:
    assert texts("# Ours\n\n<!-- written\nby us -->\n\n## Empty\n\n<!-- question: why? -->\n") == []


def test_what_only_looks_like_a_question_stays() -> None:
    for text in (
        "# A\n\n```html\n<!-- question: in code -->\n```",
        "# A\n\n- item <!-- question: inside -->",
        "# A\n\n<!-- question: answered --> in the same line",
        "# A\n\n<!-- question: without an end\n\nText.",
        "# A\n\n<!-- a comment -->\n\nText.",
    ):
        assert without_questions(text) == text


def test_hostile_documents_take_no_time() -> None:
    started = time.monotonic()
    for piece in ("<!-- question: \n", "<!-- question: ", "# <!-- question: -->\n", "<!-- question: a\nb\n"):
        without_questions(piece * 20_000)
    without_questions("# a\n" + "## b\n" * 20_000 + "<!-- question: x -->\n")
    assert time.monotonic() - started < 10
