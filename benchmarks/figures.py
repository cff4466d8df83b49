"""Result files, and the parts of the README that are written from them.

A dated file holds parts by name. The README's tables are made from the newest file that has a part, so
that one measure can be taken again without the others. Each table stands between two comments, and the
prose around it is nobody's but its authors'.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.reporting import environment

__all__ = ["README", "RESULTS", "dated", "newest", "with_section", "write_results", "write_sections"]

README = Path(__file__).parent / "README.md"
RESULTS = Path(__file__).parent / "results"


def write_results(folder: Path, name: str, parts: Mapping[str, Any]) -> Path:
    """Write a dated result file and return its path.

    Args:
        folder: Made when it is not there.
        name: Of the benchmark.
        parts: What was measured, by name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.UTC)
    target = folder / f"{now:%Y-%m-%d-%H%M%S}-{name}.json"
    content = {"date": now.isoformat(timespec="seconds"), "environment": environment(), "parts": parts}
    target.write_text(json.dumps(content, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
    return target


def newest(folder: Path, name: str) -> dict[str, Any]:
    """Collect every part of a benchmark as it was measured last.

    Args:
        folder: With dated result files.
        name: Of the benchmark.
    """
    parts: dict[str, Any] = {}
    for file in sorted(folder.glob(f"*-{name}.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        when = {"date": content["date"], "commit": content["environment"]["commit"]}
        parts.update({part: {**found, **when} for part, found in content["parts"].items()})
    return parts


def dated(table: str, parts: Iterable[Mapping[str, Any]]) -> str:
    """Say below a table when, and at which commits, its parts were measured."""
    when = sorted({(part["date"][:10], part["commit"]) for part in parts})
    return f"{table}\n\nMeasured on {', '.join(f'{day} at `{commit}`' for day, commit in when)}."


def write_sections(readme: Path, sections: Mapping[str, str]) -> None:
    """Put tables where the README keeps them.

    Raises:
        ValueError: It keeps no place for one; nothing is written then.
    """
    text = readme.read_text(encoding="utf-8")
    for name, table in sections.items():
        text = with_section(text, name, table)
    readme.write_text(text, encoding="utf-8")


def with_section(text: str, name: str, table: str) -> str:
    """Replace what stands between the comments ``<!-- name -->`` and ``<!-- /name -->``.

    Raises:
        ValueError: They are not there, each once and in this order.
    """
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    place = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if text.count(start) != 1 or text.count(end) != 1 or not place.search(text):
        raise ValueError(f"the text keeps no place between {start} and {end}")
    return place.sub(lambda _: f"{start}\n{table.strip()}\n{end}", text)
