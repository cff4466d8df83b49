"""Constraints as decision records write them: data with the lines it stands in, not judged yet.

In Markdown they are a list in the front matter, under ``constraints``. reStructuredText and AsciiDoc have no
front matter that their own tools would pass over, so that there they are a block of YAML code, which
readers see, with ``constraints`` as its only key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import yaml

from whykeeper_indexers.documents.front_matter import composed_fields, split_front_matter

__all__ = ["KEY", "NO_CONSTRAINTS", "WrittenConstraint", "WrittenConstraints", "constraints_in"]

KEY: Final = "constraints"
MOST_CONSTRAINTS: Final = 100
"""Of one record."""
_LISTED = re.compile(rf"^{KEY}[ \t]*:", re.MULTILINE)
_BLOCK = re.compile(
    r"^(?:\.\. (?:code-block|code|sourcecode):: ya?ml|\[source, ?ya?ml[^\]\n]{0,80}\])[ \t]*$", re.MULTILINE
)
_MOST_BLOCK_LINES: Final = 300
_MOST_PLACES: Final = 2_000


@dataclass(frozen=True, slots=True)
class WrittenConstraint:
    """One entry of the list.

    Attributes:
        lines: Where it stands in the record, both ends included.
        data: What YAML makes of it, as JSON.
        places: Lines of what is inside, by its path: ``imports.forbid.0``.
    """

    lines: tuple[int, int]
    data: str
    places: tuple[tuple[str, int], ...] = ()

    @property
    def value(self) -> Any:
        """What YAML makes of it."""
        return json.loads(self.data)

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of something inside; of what is around it, where that is not there."""
        known = dict(self.places)
        for length in range(len(path), 0, -1):
            if (line := known.get(".".join(map(str, path[:length])))) is not None:
                return line
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class WrittenConstraints:
    """What one record writes.

    Attributes:
        constraints: In order.
        problems: Lines with what cannot be read there.
    """

    constraints: tuple[WrittenConstraint, ...] = ()
    problems: tuple[tuple[int, str], ...] = ()


NO_CONSTRAINTS: Final = WrittenConstraints()


def constraints_in(text: str, *, front_matter: bool = True) -> WrittenConstraints:
    """Read the constraints of a record.

    Args:
        text: The whole record, with line feeds.
        front_matter: Whether its markup has front matter; otherwise a block of code is looked for.
    """
    if not front_matter:
        return _in_blocks(text)
    fields, body, problem = split_front_matter(text)
    head = text.split("\n", body - 1)[: body - 1] if body > 1 else []
    if fields is not None and KEY in fields:
        node = composed_fields("\n".join(head[1:-1]))
        return _listed(fields[KEY], node, 1)
    listed = next((at for at, line in enumerate(head, 1) if _LISTED.match(line)), None)
    if problem is not None and listed is not None:
        return WrittenConstraints(problems=((listed, problem),))
    return _unrecognised(text) if fields is None and problem is None else NO_CONSTRAINTS


def _unrecognised(text: str) -> WrittenConstraints:
    """Tell of a list in front matter that is too long, or that is never closed."""
    if not text.startswith("---\n") or not (found := _LISTED.search(text[:100_000])):
        return NO_CONSTRAINTS
    before = text[4 : found.start()]
    if re.search(r"^(?:---|\.\.\.|#.*)$", before, re.MULTILINE):
        return NO_CONSTRAINTS
    line = before.count("\n") + 2
    return WrittenConstraints(problems=((line, "the front matter is too long, or has no closing ---"),))


def _in_blocks(text: str) -> WrittenConstraints:
    found = [_in_block(*block) for block in _code_blocks(text)]
    return WrittenConstraints(
        tuple(each for block in found for each in block.constraints)[:MOST_CONSTRAINTS],
        tuple(each for block in found for each in block.problems),
    )


def _code_blocks(text: str) -> Iterator[tuple[str, int]]:
    """Blocks of YAML code that hold constraints, without their indentation, with the lines before each."""
    lines = text.split("\n")
    for start in _BLOCK.finditer(text):
        first = text.count("\n", 0, start.start()) + 1
        literal = start[0].startswith("[")
        if literal and lines[first : first + 1] == ["----"]:
            end = next(
                (at for at, line in enumerate(lines[first + 1 :], first + 1) if line == "----"), len(lines)
            )
            first, block = first + 1, lines[first + 1 : end]
        elif literal:
            continue
        else:
            block = _indented(lines[first : first + _MOST_BLOCK_LINES])
        content = [line for line in block if line.strip()]
        indent = min((len(line) - len(line.lstrip()) for line in content), default=0)
        plain = "\n".join(line[indent:] for line in block)
        if _LISTED.match(plain.lstrip("\n")):
            yield plain, first


def _indented(lines: Sequence[str]) -> list[str]:
    """The content of a directive: indented or blank lines, without its options."""
    found = []
    for line in lines:
        if line.strip() and not line[0].isspace():
            break
        found.append("" if re.match(r"\s+:[\w-]+:", line) else line)
    return found


def _in_block(content: str, before: int) -> WrittenConstraints:
    fields, _, problem = split_front_matter(f"---\n{content}\n---\n")
    if fields is None:
        # The line that YAML complains of is counted from the added dashes on.
        return WrittenConstraints(problems=((before + 1, problem or "this is no YAML"),))
    return _listed(fields.get(KEY), composed_fields(content), before)


def _listed(value: object, root: yaml.MappingNode | None, before: int) -> WrittenConstraints:
    """Put values and their places together; ``before`` is how many lines stand above the YAML."""
    node = next((each for key, each in root.value if key.value == KEY), None) if root is not None else None
    line = before + 1 + (node.start_mark.line if node is not None else 0)
    if value is None:
        return NO_CONSTRAINTS
    if not isinstance(value, list) or not isinstance(node, yaml.SequenceNode):
        return WrittenConstraints(problems=((line, f"{KEY} is to be a list, each entry after a dash"),))
    written, problems = [], []
    for each, inner in zip(value[:MOST_CONSTRAINTS], node.value, strict=False):
        found = _written(each, inner, before)
        if isinstance(found, WrittenConstraint):
            written.append(found)
        else:
            problems.append((inner.start_mark.line + before + 1, found))
    if len(value) > MOST_CONSTRAINTS:
        problems.append((line, f"only the first {MOST_CONSTRAINTS} constraints of a record are read"))
    return WrittenConstraints(tuple(written), tuple(problems))


def _written(value: object, node: yaml.Node, before: int) -> WrittenConstraint | str:
    """One entry; a sentence where it cannot be kept."""
    places: dict[str, int] = {}
    for path, line in islice(_places(node, before), _MOST_PLACES + 1):
        places.setdefault(path, line)
        if len(places) > _MOST_PLACES:
            # Aliases of aliases make a short text grow without end.
            return "this is too large for one constraint"
    try:
        data = json.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        return f"this is no plain data: {error}"
    start = node.start_mark.line + before + 1
    return WrittenConstraint((start, max((start, *places.values()))), data, tuple(places.items()))


def _places(node: yaml.Node, before: int) -> Iterator[tuple[str, int]]:
    """Every path inside with its line: of a field, where its name stands."""
    todo: list[tuple[str, yaml.Node]] = [("", node)]
    while todo:
        path, each = todo.pop()
        prefix = f"{path}." if path else ""
        if isinstance(each, yaml.MappingNode):
            named = [(f"{prefix}{key.value}", key, inner) for key, inner in each.value]
        elif isinstance(each, yaml.SequenceNode):
            named = [(f"{prefix}{at}", inner, inner) for at, inner in enumerate(each.value)]
        else:
            continue
        for inside, start, inner in named:
            yield inside, start.start_mark.line + before + 1
            todo.append((inside, inner))
