"""What is said of one import, and how a language's imports are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tree_sitter import Node

__all__ = ["Import", "ImportReader"]


class Import(NamedTuple):
    """Something that a file of code takes in.

    Attributes:
        line: Where, 1-based.
        target: The module, package or path as written, without quotes: ``..types``, ``./client``,
            ``github.com/org/project/internal``, ``java.util.List``, ``crate::http::Request``.
        names: What is taken of it; ``*`` for everything by name; empty for the module itself.
    """

    line: int
    target: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReader:
    """How imports of a language are read.

    Attributes:
        query: A tree-sitter query that captures, by any name, the nodes that import.
        read: Gives what one such node imports.
    """

    query: str
    read: Callable[[Node], Iterable[Import]]


def line_of(node: Node) -> int:
    """The line that a node starts in, 1-based."""
    return node.start_point[0] + 1
