"""What one file says, as far as a change is verified by it."""

from __future__ import annotations

from dataclasses import dataclass

from whykeeper_indexers.code import Definition
from whykeeper_indexers.code.clones import FunctionSketch
from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.decisions.constraints import NO_CONSTRAINTS, WrittenConstraints
from whykeeper_indexers.link_types import Reference
from whykeeper_indexers.types import DecisionContent, DecisionRecord, Kind, LineRange

__all__ = ["FACTS_VERSION", "FileFacts", "Import"]

FACTS_VERSION = 7
"""Raise when anything of this is read otherwise: what is kept is then read again."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one file says; secrets are cut out.

    Attributes:
        kind: What the file is as a whole; None where no parser reads it.
        language: Of code, lower case.
        title: Of a document.
        definitions: Symbols that code defines, in source order.
        imports: What code takes in, in source order.
        functions: How its functions are built, for those that are large enough to be compared.
        decision: Set for decision records.
        content: What a decision record says, part by part.
        constraints: Of a decision record, as written; they bind only while it is in force.
        references: What a document names of the repository.
        past: Lines of a document that tell of what was, or may be.
        blocks: Lines of a document that are code, as it is quoted there.
    """

    kind: Kind | None = None
    language: str | None = None
    title: str = ""
    definitions: tuple[Definition, ...] = ()
    imports: tuple[Import, ...] = ()
    functions: tuple[FunctionSketch, ...] = ()
    decision: DecisionRecord | None = None
    content: DecisionContent | None = None
    constraints: WrittenConstraints = NO_CONSTRAINTS
    references: tuple[Reference, ...] = ()
    past: tuple[LineRange, ...] = ()
    blocks: tuple[LineRange, ...] = ()
