"""What comments say that is left to do, and code that is one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from tree_sitter import Node, Parser

from whykeeper_indexers.code.comments import clean_comment
from whykeeper_indexers.code.functions import captured
from whykeeper_indexers.code.grammar import Grammar, load_language, text_of
from whykeeper_indexers.code.outline import end_row
from whykeeper_indexers.code.parser import SyntaxTree
from whykeeper_indexers.types import LineRange
from whykeeper_indexers.undone.remnant import Remnant, Weight
from whykeeper_indexers.undone.words import NOT_IMPLEMENTED, TODO, UNFINISHED

__all__ = ["Comment", "commented_code", "comments_of", "placeholders", "todos"]

_TRACKED = re.compile(r"#\d+|\b[A-Z][A-Z0-9]+-\d+\b|https?://|\bgh-\d+|\bissue\s?\d+", re.IGNORECASE)
_LEAST_LINES: Final = 3
"""Lines of a comment from which it is taken for code that nobody has seen before."""
_LEAST_KNOWN: Final = 2
"""Lines of a comment that were code before the change."""
_CODE = re.compile(
    r"[;{}]\s*$|^\s*(?:return|if|for|while|else|def|class|func|fn|const|let|var|import|from|public|private|try|catch|raise|throw|await)\b.*[:;{(=]"
    r"|^\s*[\w.$\[\]\"']+\s*(?::?=|\+=)\s*\S|^\s*[\w.$]+\([^)]*\)[;,]?\s*$|^\s*[})\]]+[;,)]*\s*$"
)
_PROSE = re.compile(r"^\s*(?:[A-Z][a-z]+\s[a-z]+\s[a-z]+|[a-z]+\s[a-z]+\s[a-z]+\s[a-z]+)")
_EXAMPLE = re.compile(
    r"\be\.?g\b|example|usage|for instance|i\.e\.|such as|like this|>>>|```|equivalent|pseudo",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(r":\s*$")
_OPENS_BLOCK = re.compile(
    r"\s*(?:(?:async\s+)?(?:def|class)\s+\w+.*|(?:if|for|while|with|elif|except)\s.+|else|try|finally):\s*$"
)
"""How Python begins what other languages put into braces."""


class Comment(NamedTuple):
    """A comment, or neighbouring ones of one line each taken together.

    Attributes:
        lines: Where.
        start: Its first byte.
        end: The byte after its last.
        text: Without its marks.
        alone: Whether nothing else is on its first line.
        documents: Whether it is written for whoever reads documentation.
    """

    lines: LineRange
    start: int
    end: int
    text: str
    alone: bool
    documents: bool


def comments_of(tree: SyntaxTree) -> list[Comment]:
    """Give a file's comments in order, those of consecutive lines as one."""
    kinds = sorted(tree.grammar.comments & _known(tree.grammar))
    nodes = captured(tree, " ".join(f"({each})" for each in kinds)) if kinds else []
    runs: list[list[Node]] = []
    for node in nodes:
        if runs and node.start_byte < runs[-1][-1].end_byte:
            continue
        if runs and _follows(runs[-1][-1], node, tree.data):
            runs[-1].append(node)
        else:
            runs.append([node])
    return [_comment(run, tree.data) for run in runs]


def _known(grammar: Grammar) -> frozenset[str]:
    language = load_language(grammar.module, grammar.entry)
    return frozenset(each for each in grammar.comments if language.id_for_node_kind(each, True) is not None)


def _follows(before: Node, node: Node, data: bytes) -> bool:
    return (
        node.start_point[0] - end_row(before) == 1
        and node.start_point[1] == before.start_point[1]
        and _stands_alone(before, data)
    )


def _stands_alone(node: Node, data: bytes) -> bool:
    line = data.rfind(b"\n", 0, node.start_byte) + 1
    return not data[line : node.start_byte].strip()


def _comment(run: Sequence[Node], data: bytes) -> Comment:
    text = "\n".join(text_of(node).rstrip("\n") for node in run)
    lines = LineRange(run[0].start_point[0] + 1, end_row(run[-1]) + 1)
    documents = text.startswith(("/**", "///", "//!", "/*!", '"""'))
    return Comment(
        lines,
        run[0].start_byte,
        run[-1].end_byte,
        clean_comment(text, 20_000),
        _stands_alone(run[0], data),
        documents,
    )


def todos(comments: Sequence[Comment]) -> Iterator[Remnant]:
    """Give the notes of work to be done; one that names an issue is kept track of elsewhere."""
    for comment in comments:
        for number, line in enumerate(comment.text.split("\n")):
            found = TODO.search(line)
            if found is None or _TRACKED.search(line):
                continue
            row = min(comment.lines.start + number, comment.lines.end)
            said = " ".join(line[found.start() :].split())[:120]
            yield Remnant("todo", LineRange(row, row), said, f"Work is left for later: {said}", Weight.MAYBE)


def placeholders(comments: Sequence[Comment]) -> Iterator[Remnant]:
    """Give the comments that say that what stands beside them stands in for something else."""
    for comment in comments:
        if comment.documents and len(comment.text) > 200:
            continue
        for paragraph in [comment.text.replace("\n", " ")]:
            found = UNFINISHED.search(paragraph) or NOT_IMPLEMENTED.search(TODO.sub("", paragraph))
            if found is None or _TRACKED.search(paragraph):
                continue
            said = " ".join(paragraph.split())[:100]
            message = f"A comment says that this is not the real thing: {said}"
            yield Remnant("placeholder", comment.lines, said, message)


def commented_code(
    comments: Sequence[Comment], tree: SyntaxTree, was_code: Callable[[str], bool]
) -> Iterator[Remnant]:
    """Give the comments that are code.

    Args:
        comments: Of a file.
        tree: Of the file.
        was_code: Whether a line, without white space around it, was code before the change.
    """
    for comment in comments:
        if not comment.alone or comment.documents or _is_example(comment.text.split("\n", 1)[0]):
            continue
        lines = [line.strip() for line in comment.text.split("\n") if line.strip()]
        known = [line for line in lines if len(line) > 5 and was_code(line)]
        shown = " ".join(lines[0].split())[:60] if lines else ""
        if len(known) >= _LEAST_KNOWN and len(known) * 2 >= len(lines):
            message = f"Code was commented out instead of being removed: `{shown}` …"
            yield Remnant("commented-code", comment.lines, "\n".join(lines)[:400], message)
        elif len(lines) >= _LEAST_LINES and _is_code(comment.text, lines, tree.grammar):
            message = f"A comment holds code: `{shown}` …"
            yield Remnant("commented-code", comment.lines, "\n".join(lines)[:400], message, Weight.MAYBE)


def _is_example(line: str) -> bool:
    """Whether what follows a line is code that is shown."""
    if _EXAMPLE.search(line):
        return True
    return _INTRODUCES.search(line) is not None and _OPENS_BLOCK.match(line) is None


def _is_code(text: str, lines: Sequence[str], grammar: Grammar) -> bool:
    telling = sum(bool(_CODE.search(line)) for line in lines)
    prose = sum(bool(_PROSE.search(line)) and not _CODE.search(line) for line in lines)
    if telling * 3 < len(lines) * 2 or prose:
        return False
    root = (
        Parser(load_language(grammar.module, grammar.entry)).parse(text.encode("utf-8", "replace")).root_node
    )
    return not root.has_error
