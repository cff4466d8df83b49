"""What a plan's entries name: files, commands, tests."""

from __future__ import annotations

import re
from typing import Final

from whykeeper_indexers.code.languages import is_code
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.path_roles import is_test

__all__ = ["OUTCOME", "PROGRAMS", "command_of", "is_path", "leading_paths", "paths_of", "test_of"]

_SPAN: Final = re.compile(r"(?<!`)(`+)(?!`)\s*(?P<code>.+?)\s*(?<!`)\1(?!`)")
_WILD: Final = re.compile(r"[*?\[{]")
_PLACE: Final = re.compile(r"(?::\d+(?:-\d+)?|::[\w.\[\]<>-]+)$")
"""A line or a symbol behind a path."""
_DATA: Final = frozenset(
    re.findall(r"\S+", "json jsonc yaml yml toml ini cfg conf env xml csv lock txt sql proto gradle svg")
)
"""Endings of files that are neither code nor documents."""
_PATH: Final = re.compile(
    # Besides what most names are of: `*.{py,pyi}`, `app/(shop)/page.tsx`, `routes/users.$id.tsx`.
    r"(?![-$])(?:[^\s`'\"<>|:;,(){}!=]|\{[^\s`'\"{}]*\}|(?<=/)\([\w.@-]{1,40}\))+"
)
_NEXT: Final = re.compile(r"\s*(?:,|and|or|&)?\s*(?=`)")
_ENDED: Final = re.compile(r"\s*(?:$|[:(–—]|-\s)")
_WORDS: Final = re.compile(r"(?P<paths>[^\s,:]+(?:,\s*[^\s,:]+)*)\s*(?:$|[:(–—]|-\s)")
_REQUEST: Final = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s|/")
PROGRAMS: Final = frozenset(
    re.findall(
        r"\S+",
        """
        ant bash bazel bun bundle cargo cmake composer ctest deno docker dotnet eslint flutter go gradle hatch
        jest just lint-imports make meson mix mvn mypy ninja node npm npx nox pdm phpunit pip pipenv pnpm
        poetry pre-commit pylint pyright pytest python python3 rake rspec ruff sbt sh stack swift terraform
        tox tsc uv uvx vitest yarn
        """,
    )
)
"""What a command begins with that somebody gave without marking it as one."""
OUTCOME: Final = re.compile(
    r"\s+(?:passes|pass|succeeds|is green|is clean|works|exits (?:with )?0)\.?$", re.IGNORECASE
)
_TICKED: Final = re.compile(r"\[[ xX/~>-]\]\s+")


def is_path(text: str) -> bool:
    """Whether a text is written as a file, a folder or a glob of the repository is."""
    if not _PATH.fullmatch(text) or text.startswith("/") or "://" in text:
        return False
    name = text.rpartition("/")[2]
    if _WILD.search(text) or text.endswith("/"):
        return "/" in text or "." in name or name == "**"
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return bool(suffix in _DATA or is_document(name) or is_code(name))


def paths_of(text: str) -> tuple[str, ...]:
    """The files and globs in the code of an entry, wherever they stand in it."""
    found = (_plain(match["code"]) for match in _SPAN.finditer(text))
    return tuple(dict.fromkeys(path for path in found if is_path(path)))


def leading_paths(text: str) -> tuple[str, ...]:
    """The files and globs that an entry is about: it begins with them, and explains after a colon if at all.

    A path within a sentence is spoken of; the entry is about what the sentence says.
    """
    found, at = [], 0
    while match := _SPAN.match(text, at):
        found.append(_plain(match["code"]))
        following = _NEXT.match(text, match.end())
        at = following.end() if following else match.end()
    if not found:
        words = _WORDS.match(text)
        found = [_plain(each.strip()) for each in words["paths"].split(",")] if words else []
        return tuple(each for each in found if is_path(each) or "/" in each)
    # In code, and alone, even a name without a suffix means a file.
    return tuple(each for each in found if _PATH.fullmatch(each)) if _ENDED.match(text, at) else ()


def command_of(text: str) -> str:
    """The command of an acceptance check: code that its entry begins with, and no test; else empty.

    ``GET /users`` that answers with 200 is spoken of, and nothing to run.
    """
    match = _SPAN.match(_TICKED.sub("", text, count=1))
    if match is None or _names_test(match["code"]):
        return ""
    code, rest = match["code"].removeprefix("$ "), match.string[match.end() :]
    spoken_of = _REQUEST.match(code) or (
        len(code.split()) == 1 and code not in PROGRAMS and "/" not in code[1:]
    )
    return "" if spoken_of and not (_ENDED.match(rest) or OUTCOME.match(rest)) else code


def test_of(text: str) -> str:
    """The path of the test that an acceptance check begins with; else empty."""
    match = _SPAN.match(_TICKED.sub("", text, count=1))
    return _plain(match["code"]) if match is not None and _names_test(match["code"]) else ""


def _names_test(code: str) -> bool:
    """Whether code is a test's place, which another program runs, and no command."""
    path = _plain(code)
    return not code.startswith("./") and is_path(path) and ("::" in code or is_test(path))


def _plain(path: str) -> str:
    return _PLACE.sub("", path).removeprefix("./")
