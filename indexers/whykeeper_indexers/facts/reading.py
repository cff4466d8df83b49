"""Reading files of a tree: what the parse worker does."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from whykeeper_indexers.change.tree import tree_at
from whykeeper_indexers.code import definitions_in, first_line, language_of, syntax_tree
from whykeeper_indexers.code.clones import sketches
from whykeeper_indexers.code.imports import imports_in
from whykeeper_indexers.conventions import convention_for
from whykeeper_indexers.decisions.constraints import NO_CONSTRAINTS, WrittenConstraints, constraints_in
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.documents.registry import markup_of
from whykeeper_indexers.facts.types import FileFacts
from whykeeper_indexers.links import told_lines
from whykeeper_indexers.parse import ParseContext, parse_file
from whykeeper_indexers.secrets import redact
from whykeeper_indexers.types import Kind, LineRange, SourceText

__all__ = ["facts_of", "read_facts"]

_log = logging.getLogger(__name__)


def read_facts(
    root: Path, tree: str, variables: Mapping[str, str], context: ParseContext, paths: Sequence[str]
) -> list[FileFacts]:
    """Read some files of a tree.

    Args:
        root: The checkout.
        tree: What git finds the tree by.
        variables: Of git's environment.
        context: What parsers must know of the whole tree.
        paths: The files.

    Returns:
        One entry a file, in order; an empty one for what is no text.
    """
    texts = tree_at(root, tree, variables).texts(paths, keep=False)
    return [facts_of(path, texts[path], context) if path in texts else FileFacts() for path in paths]


def facts_of(path: str, text: str, context: ParseContext) -> FileFacts:
    """Say what one file says.

    Args:
        path: Relative to the root.
        text: As it stands; secrets are cut out here.
        context: What parsers must know of the whole tree.
    """
    kept, _ = redact(text, path)
    source = SourceText(path, kept, "")
    language = language_of(path, first_line(kept))
    prose = is_document(path) or convention_for(path) is not None
    parsed = parse_file(source, context) if prose else None
    if parsed is None or parsed.kind is Kind.CODE:
        return _of_code(source, language) if language is not None else FileFacts()
    lines = list(told_lines(source))
    return FileFacts(
        kind=parsed.kind,
        title=parsed.title,
        decision=parsed.decision,
        content=parsed.content,
        constraints=_constraints(path, kept) if parsed.decision is not None else NO_CONSTRAINTS,
        references=parsed.references,
        past=_ranges(each.number for each in lines if (each.around if each.code else each.past)),
        blocks=_ranges(each.number for each in lines if each.code),
    )


def _constraints(path: str, text: str) -> WrittenConstraints:
    markup = markup_of(path)
    # Plain text that opens with fields is Markdown by another name.
    front_matter = markup is None or markup.front_matter or text.startswith("---\n")
    return constraints_in(text, front_matter=front_matter)


def _ranges(numbers: Iterable[int]) -> tuple[LineRange, ...]:
    """Ascending numbers as the fewest ranges."""
    found: list[LineRange] = []
    for number in numbers:
        if found and found[-1].end == number - 1:
            found[-1] = LineRange(found[-1].start, number)
        else:
            found.append(LineRange(number, number))
    return tuple(found)


def _of_code(source: SourceText, language: str | None) -> FileFacts:
    facts = FileFacts(kind=Kind.CODE, language=language)
    try:
        tree = syntax_tree(source)
        if tree is None:
            return facts
        return replace(
            facts,
            definitions=tuple(definitions_in(tree)),
            imports=imports_in(tree),
            functions=tuple(sketches(tree)),
        )
    except Exception:  # noqa: BLE001 - the border between untrusted files and what is made of them
        _log.exception("cannot read %s", source.path)
        return facts
