"""One decision record, from text to its data and chunks."""

from __future__ import annotations

from dataclasses import replace

from whykeeper_indexers.decisions.content import content_of
from whykeeper_indexers.decisions.dates import iso_date, latest_date
from whykeeper_indexers.decisions.facts import Facts, people_in
from whykeeper_indexers.decisions.forms.registry import FORMS
from whykeeper_indexers.decisions.layout import DecisionLayout
from whykeeper_indexers.decisions.record_text import RecordText
from whykeeper_indexers.decisions.relations import relations_of
from whykeeper_indexers.decisions.status import plain_status, status_word
from whykeeper_indexers.decisions.titles import record_title, title_heading
from whykeeper_indexers.documents.outline import under_title
from whykeeper_indexers.documents.parse import document_from_outline, read_outline
from whykeeper_indexers.types import (
    DecisionContent,
    DecisionRecord,
    Kind,
    ParsedFile,
    SourceText,
    in_force,
)

__all__ = ["decision_content", "parse_decision", "recognise"]

_TEMPLATE_MARKS = (
    "[short title",
    "{short title",
    "[title]",
    "{title}",
    "<title>",
    "number. title",
    "adr {adr-number}",
)


def recognise(source: SourceText, layout: DecisionLayout) -> bool:
    """Whether a file is a decision record, by its place and its form."""
    found = _recognised(source, layout)
    return found is not None


def parse_decision(source: SourceText, layout: DecisionLayout) -> ParsedFile | None:
    """Read a decision record.

    Args:
        source: The file.
        layout: Where the repository keeps its records.

    Returns:
        The record with its chunks; None when the file is no decision record by place or form.
    """
    found = _recognised(source, layout)
    if found is None:
        return None
    form, text = found
    record = _record(form, text, layout)
    title = title_heading(text)
    parsed = document_from_outline(
        text.outline if title else under_title(text.outline, record.title), Kind.DECISION
    )
    return replace(parsed, title=record.title, decision=record, content=content_of(text))


def decision_content(source: SourceText, layout: DecisionLayout) -> DecisionContent | None:
    """Read what a decision record says, part by part.

    Args:
        source: The file.
        layout: Where the repository keeps its records.

    Returns:
        None when the file is no decision record by place or form.
    """
    found = _recognised(source, layout)
    return content_of(found[1]) if found else None


def _recognised(source: SourceText, layout: DecisionLayout) -> tuple[str, RecordText] | None:
    placed = layout.place_of(source.path)
    if placed is None:
        return None
    text = RecordText(read_outline(source), placed)
    if title_heading(text).lower().startswith(_TEMPLATE_MARKS):
        return None
    form = next((name for name, module in FORMS.items() if module.recognise(text)), None)
    return (form, text) if form else None


def _record(form: str, text: RecordText, layout: DecisionLayout) -> DecisionRecord:
    facts = FORMS[form].facts(text)
    passage = plain_status(facts.status)
    relations = relations_of(text, facts, passage, layout)
    return DecisionRecord(
        form=form,
        identifier=FORMS[form].identifier(text),
        title=record_title(text),
        number=text.name.number,
        status=_status(passage, relations.superseded),
        status_text=passage,
        date=_date(facts, passage, text),
        deciders=people_in(facts.deciders),
        consulted=people_in(facts.consulted),
        informed=people_in(facts.informed),
        supersedes=relations.supersedes,
        superseded_by=relations.superseded_by,
        amends=relations.amends,
        amended_by=relations.amended_by,
        related=relations.related,
        addresses=relations.addresses,
        tags=tuple(filter(None, (tag.strip(" `#[]") for tag in facts.tags.split(",")))),
    )


def _status(passage: str, superseded: bool) -> str | None:
    """The status word; an earlier one is left standing by many when a record is superseded."""
    word = status_word(passage)
    return "superseded" if superseded and in_force(word) else word


def _date(facts: Facts, status: str, text: RecordText) -> str | None:
    return iso_date(facts.date) or iso_date(status) or latest_date(facts.dates) or text.name.date
