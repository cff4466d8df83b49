"""What the transformer reads of code."""

from __future__ import annotations

from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.index.code_description import MAX_CHARACTERS, code_description
from whykeeper_indexers.index.embedding_text import embedding_text
from whykeeper_indexers.types import Chunk, Kind, Role


def code(text: str, **more: object) -> Chunk:
    given = {"title": "drain", "path": "src/jobQueue.py", "symbol": "JobQueue.drainAll", **more}
    return Chunk(kind=Kind.CODE, role=Role.SYMBOL, text=text, **given)  # type: ignore[arg-type]


def test_names_are_split_into_their_words() -> None:
    described = code_description(code("def drainAll(maxJobs): ...", signature="def drainAll(maxJobs)"))

    assert described == "job queue job queue drain all. def drain all max jobs"


def test_comments_are_told_without_their_marks_and_syntax_is_left_out() -> None:
    text = "fn drain() {\n    // Leave nothing behind.\n    let x = take(); // one by one\n    /* TODO */\n}"

    described = code_description(code(text))

    assert "Leave nothing behind. one by one" in described
    assert "let" not in described and "//" not in described


def test_a_docstring_is_told_once() -> None:
    docstring = "Empty the queue before the process ends, whatever it takes."
    text = f"# {docstring}\ndef drain(): ..."

    assert code_description(code(text, docstring=docstring)).count("whatever it takes") == 1


def test_a_licence_says_nothing_of_the_code() -> None:
    assert "copyright" not in code_description(code("# Copyright 2026 someone\n\nx = 1\n")).lower()


def test_a_description_is_short() -> None:
    assert len(code_description(code("# many words here\n" * 500))) == MAX_CHARACTERS


def test_the_static_model_reads_everything() -> None:
    chunk = code("def drain(): wait_for_all()")

    assert "wait_for_all" in embedding_text(chunk, Tier.STATIC)
    assert "wait_for_all" not in embedding_text(chunk, Tier.TRANSFORMER)
