"""What recording answers, as compact Markdown: what a model reads."""

from __future__ import annotations

from whykeeper.recording.answers import RecordAnswer, RelatedItem
from whykeeper_indexers.printable import one_line

__all__ = ["record_markdown"]


def record_markdown(answer: RecordAnswer) -> str:
    """Render what became of something to be recorded."""
    lines = [
        f"Written: {path}" + (f" ({answer.id})" if answer.id and not index else "")
        for index, path in enumerate(answer.written)
    ]
    if not answer.written:
        lines = ["Nothing was written."]
    lines += [f"- {_line(each)}" for each in answer.related]
    return "\n".join([*lines, *(f"Note: {one_line(note)}" for note in answer.notes)])


def _line(each: RelatedItem) -> str:
    status = f" [{each.status}]" if each.status else ""
    place = f"{each.path}:{each.line}" if each.line else each.path
    return one_line(f"{place}{status} {each.title}: {each.because}")
