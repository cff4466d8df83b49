"""YAML front matter, read once for every part that wants it."""

from __future__ import annotations

import re
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

__all__ = ["composed_fields", "loose_front_matter", "split_front_matter"]

MAX_LINES = 300
MAX_CHARACTERS = 20_000
MAX_NESTING_MARKS = 400
"""Brackets and repeated dashes: deeper nesting is an attack on the loader, not metadata."""

_LOOSE_FIELD = re.compile(r"([A-Za-z][\w .-]{0,60}?)[ \t]*:(?:[ \t]+(.*))?$")


class _Loader(_SafeLoader):
    """Safe loading with dates left as they are written, so that a bad date is not an error."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}


def split_front_matter(text: str) -> tuple[dict[str, Any] | None, int, str | None]:
    """Read the YAML between the leading ``---`` lines.

    Args:
        text: The whole file, with line feeds.

    Returns:
        The mapping (None when there is none or it cannot be read), the 1-based line at which the
        body starts (1 when there is no front matter), and why it could not be read.
    """
    block = _front_matter_block(text)
    if block is None:
        return None, 1, None
    content, body_line = block
    try:
        loaded = _load(content)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        return None, body_line, f"front matter is not readable YAML: {_reason(error)}"
    if loaded is None:
        return {}, body_line, None
    if not isinstance(loaded, dict):
        return None, body_line, "front matter is not a mapping"
    return {str(key): value for key, value in loaded.items()}, body_line, None


def composed_fields(content: str) -> yaml.MappingNode | None:
    """Read YAML fields as nodes, which know their lines; None where they are no mapping.

    Args:
        content: What stands between the ``---`` lines.
    """
    if _is_too_deep(content):
        return None
    try:
        node = yaml.compose(content, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return node if isinstance(node, yaml.MappingNode) else None


def loose_front_matter(text: str) -> dict[str, str]:
    """Read ``key: value`` lines of front matter that is not strict YAML.

    Args:
        text: The whole file, with line feeds.

    Returns:
        Top-level keys with the rest of their line, quotes stripped; empty without front matter.
    """
    block = _front_matter_block(text)
    if block is None:
        return {}
    found: dict[str, str] = {}
    for line in block[0].splitlines():
        match = _LOOSE_FIELD.match(line)
        if match:
            found[match[1]] = (match[2] or "").strip().strip("\"'")
    return found


def _front_matter_block(text: str) -> tuple[str, int] | None:
    if not text.startswith("---"):
        return None
    lines = text[: MAX_CHARACTERS + 10].split("\n")
    if lines[0].rstrip() != "---":
        return None
    for index, line in enumerate(lines[1:MAX_LINES], start=1):
        if line.rstrip() in {"---", "..."}:
            content = "\n".join(lines[1:index])
            return (content, index + 2) if _looks_like_fields(content) else None
    return None


def _reason(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem and error.problem_mark:
        return f"{error.problem} (line {error.problem_mark.line + 2})"
    return str(error).split("\n", 1)[0] or type(error).__name__


def _looks_like_fields(content: str) -> bool:
    """Tell front matter from prose between two thematic breaks."""
    lines = [line for line in content.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return not lines or any(":" in line for line in lines)


def _load(content: str) -> object:
    if _is_too_deep(content):
        raise ValueError("too deeply nested")
    return yaml.load(content, Loader=_Loader)


def _is_too_deep(content: str) -> bool:
    marks = content.count("[") + content.count("{") + content.count("- - ")
    return marks > MAX_NESTING_MARKS
