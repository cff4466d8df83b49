"""Answers for people: as wide as the terminal, without colour where it is not wanted.

What is shown comes from repositories, which nobody vouches for: characters that would drive the
terminal or turn the reading direction are made visible.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from whykeeper_indexers.printable import one_line, printable
from whykeeper_indexers.search.framing import standing

__all__ = ["Output", "counted", "human_bytes", "human_seconds"]

_SHOWN_LINES = 8
_LEAST_WIDTH = 20
_CHECK_INDENT = 6
_KIBIBYTE = 1024
_STATUS_STYLE = {
    "accepted": "green",
    "proposed": "yellow",
    "superseded": "red",
    "deprecated": "red",
    "rejected": "red",
}
_CHECK_STYLE = {"ok": "green", "warn": "yellow", "fail": "bold red"}


class Output:
    """Standard output, for one command.

    Args:
        stream: Where to write.
        env: The process's environment, for ``NO_COLOR``.
    """

    def __init__(self, stream: IO[str], env: Mapping[str, str]) -> None:
        self._stream = stream
        plain = bool(env.get("NO_COLOR"))
        self._console = Console(
            file=stream, highlight=False, markup=False, emoji=False, color_system=None if plain else "auto"
        )

    def json(self, value: object) -> None:
        """Write one JSON object on one line."""
        encoding = (getattr(self._stream, "encoding", None) or "ascii").lower().replace("-", "")
        text = json.dumps(value, ensure_ascii=encoding != "utf8")
        # Half a surrogate pair, from a file name that is not UTF-8, can be written as an escape alone.
        self._stream.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")
        self._stream.flush()

    def line(self, text: str = "", style: str = "") -> None:
        """Write one line; what a terminal folds is indented like its beginning."""
        self._hanging(Text(one_line(text), style=style), len(text) - len(text.lstrip(" ")))

    def raw(self, text: str) -> None:
        """Write a passage as it is, never folded."""
        self._console.print(Text(printable(text)), soft_wrap=True)

    def diff(self, text: str) -> None:
        """Write a unified diff."""
        for line in text.splitlines():
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
            self._console.print(Text(printable(line), style=style), soft_wrap=True)

    def results(self, results: Sequence[Mapping[str, Any]]) -> None:
        """Write search results, best first."""
        for place, result in enumerate(results, start=1):
            if place > 1:
                self.line()
            self._heading(result, f"{place}. ")
            if result.get("text"):
                self._passage(str(result["text"]), code=result.get("kind") == "code")
            if result.get("truncated"):
                self.line(
                    f"   {self._cut}" if result.get("text") else "   (text left out: read it by its id)",
                    "dim",
                )
            self.line(f"   id: {result.get('id')}", "dim")

    def item(self, item: Mapping[str, Any]) -> None:
        """Write one remembered item whole."""
        self._heading(item, "")
        if item.get("details"):
            self.mapping(item["details"])
        self.line()
        self.raw(str(item.get("text") or ""))
        if item.get("truncated"):
            self.line(f"{self._cut} cut to the budget: --budget N gives more", "dim")

    def notes(self, notes: Iterable[str]) -> None:
        """Write notes, each once and on a line of its own."""
        for note in dict.fromkeys(notes):
            self._hanging(Text(f"note: {one_line(note)}", style="yellow"), len("note: "))

    def mapping(self, values: Mapping[str, Any], indent: int = 0) -> None:
        """Write nested values as indented ``name: value`` lines."""
        for name, value in values.items():
            label = " " * indent + name.replace("_", " ")
            if isinstance(value, Mapping):
                self.line(f"{label}:" if value else f"{label}: none")
                self.mapping(value, indent + 2)
            elif isinstance(value, list):
                self.line(f"{label}:" if value else f"{label}: none")
                self._items(value, indent + 2)
            else:
                self.line(f"{label}: {_shown(value)}")

    def labelled(self, lines: Iterable[tuple[str, str]]) -> None:
        """Write lines under their names, which stand in a column of their own."""
        rows = list(lines)
        width = max((len(name) for name, _ in rows), default=0)
        before = ""
        for name, said in rows:
            line = Text(f"{name if name != before else '':<{width}}  ", style="bold")
            line.append(one_line(said), style="not bold")
            self._hanging(line, width + 2)
            before = name

    def check(self, status: str, name: str, detail: str, hint: str = "") -> None:
        """Write one finding of ``doctor``."""
        line = Text(f"{status:>4}", style=_CHECK_STYLE.get(status, ""))
        line.append(f"  {one_line(name)}: ", style="bold")
        line.append(one_line(detail))
        self._hanging(line, _CHECK_INDENT)
        if hint:
            self.line(f"      → {hint}" if self._unicode else f"      -> {hint}")

    def _items(self, values: Sequence[Any], indent: int) -> None:
        for value in values:
            if isinstance(value, Mapping):
                self.line(" " * indent + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()))
            else:
                self.line(" " * indent + _shown(value))

    def _heading(self, result: Mapping[str, Any], lead: str) -> None:
        indent = " " * len(lead)
        self._hanging(Text(one_line(f"{lead}{result.get('title') or ''}"), style="bold"), len(lead))
        parts = Text(indent)
        parts.append(str(result.get("kind") or ""), style="cyan")
        status = result.get("status")
        for said in standing(status, result.get("superseded_by"), result.get("amended_by")):
            parts.append(f"  {one_line(said)}", style=_STATUS_STYLE.get(str(status), ""))
        fresh = Text(
            f"  {one_line(str(result['freshness']))}" if result.get("freshness") else "", style="dim"
        )
        self._place(parts, Text(one_line(place(result)), style="magenta"), fresh, indent)
        if result.get("because"):
            self.line(f"{indent}{result['because']}", "dim")

    def _place(self, before: Text, where: Text, after: Text, indent: str) -> None:
        """Write where a result stands among what else is said of it, or below where there is no room.

        Never folded: whoever copies it, or clicks on it, needs the whole.
        """
        whole = before + Text("  ") + where + after
        if self._console.is_terminal and whole.cell_len > self._console.width:
            self._write(before + after)
            self._console.print(Text(indent) + where, soft_wrap=True)
        else:
            self._write(whole)

    def _passage(self, text: str, *, code: bool) -> None:
        lines = printable(text.strip("\n")).rstrip().splitlines()
        body = Text("\n".join(lines[:_SHOWN_LINES]))
        if self._console.is_terminal:
            body.no_wrap = code
            body.overflow = "ellipsis" if code else "fold"
            self._console.print(Padding(body, (0, 0, 0, 3)))
        else:
            self._console.print(
                Text("\n".join(f"   {line}" for line in lines[:_SHOWN_LINES])), soft_wrap=True
            )
        if len(lines) > _SHOWN_LINES:
            self.line(f"   ({counted(len(lines) - _SHOWN_LINES, 'more line')})", "dim")

    def _hanging(self, text: Text, indent: int) -> None:
        """Write one line; where it is folded, what follows stands below its beginning."""
        if not self._console.is_terminal:
            self._write(text)
            return
        first, *rest = text.wrap(self._console, max(self._console.width, indent + _LEAST_WIDTH))
        self._write(first)
        if rest:
            below = Text(" ").join(rest)
            self._console.print(Padding(below, (0, 0, 0, indent)))

    def _write(self, text: Text) -> None:
        self._console.print(text, soft_wrap=not self._console.is_terminal)

    @property
    def _cut(self) -> str:
        return "[…]" if self._unicode else "[...]"

    @property
    def _unicode(self) -> bool:
        return (self._console.encoding or "").lower().startswith("utf")


def place(result: Mapping[str, Any]) -> str:
    """Say where a result stands: path and lines, or commit."""
    if result.get("path"):
        lines = result.get("lines")
        return f"{result['path']}:{lines[0]}-{lines[1]}" if lines else str(result["path"])
    return f"commit {str(result['commit'])[:12]}" if result.get("commit") else ""


def counted(count: int, noun: str) -> str:
    """Write a number of things."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def human_bytes(count: float) -> str:
    """Write a number of bytes as a person would."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < _KIBIBYTE or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= _KIBIBYTE
    raise AssertionError


def human_seconds(seconds: float) -> str:
    """Write a duration as a person would."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    named = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    shown = [f"{count} {unit}" for count, unit in named if count]
    return " ".join(shown[:2]) or "0 s"


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value)) or "none"
    return str(value)
