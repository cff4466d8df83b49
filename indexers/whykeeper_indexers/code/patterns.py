"""Patterns of code, in ast-grep's rule format (https://ast-grep.github.io/reference/rule.html)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from whykeeper_indexers.code.languages import language_of

if TYPE_CHECKING:
    from ast_grep_py import Config

__all__ = [
    "PATTERN_LANGUAGES",
    "PatternMatch",
    "matches_of",
    "nearest_language",
    "pattern_language",
    "problem_of",
    "written_in",
]

PATTERN_LANGUAGES = (
    *("python", "typescript", "tsx", "javascript", "go", "java", "kotlin", "rust", "csharp", "ruby", "php"),
    *("c", "cpp", "swift", "scala", "bash", "lua", "elixir", "haskell", "html", "css", "json", "yaml", "hcl"),
    *("nix", "solidity"),
)
"""Languages that both this package and ast-grep know, by the same name."""
_SPELLED = (
    "py=python ts=typescript js=javascript jsx=javascript golang=go kt=kotlin rs=rust c#=csharp cs=csharp"
    " rb=ruby c++=cpp cc=cpp sh=bash ex=elixir hs=haskell yml=yaml"
)
_SPELLINGS = dict(pair.split("=") for pair in _SPELLED.split())
_READ_AS: Mapping[str, frozenset[str]] = {
    "typescript": frozenset({"typescript", "tsx"}),
    "cpp": frozenset({"cpp", "c"}),
}
"""Files of other languages that a pattern is held against too."""
_CALL = re.compile(r"[\w$]+(?:(?:\.|->)[\w$]+)*\(.*\)", re.DOTALL)
_CALL_CONTEXTS: Mapping[str, str] = {"go": "func f() {{ {} }}", "c": "void f() {{ {}; }}"}
"""Where a call is one: on its own, these grammars take `os.Exit(x)` for a conversion of types, which no code
would ever fit (https://ast-grep.github.io/catalog/go/)."""
MOST_MATCHES = 200
"""Of one file."""
_LONGEST = 200


class PatternMatch(NamedTuple):
    """Code that a pattern fits.

    Attributes:
        line: 1-based.
        end_line: The last line.
        text: What it fits, on one line and cut.
    """

    line: int
    end_line: int
    text: str


def pattern_language(name: str) -> str | None:
    """The language that is meant by a name; None for one without a grammar."""
    plain = name.strip().lower()
    found = _SPELLINGS.get(plain, plain)
    return found if found in PATTERN_LANGUAGES else None


def nearest_language(name: str) -> str:
    """The language whose name is most like another's."""
    return next(iter(difflib.get_close_matches(name.lower(), PATTERN_LANGUAGES, 1, 0.4)), "python")


def written_in(path: str, language: str) -> bool:
    """Whether a pattern of a language is held against a file."""
    found = language_of(path)
    return found == language or found in _READ_AS.get(language, ())


def problem_of(language: str, config: Mapping[str, Any]) -> str | None:
    """What is wrong with a rule; None when ast-grep takes it.

    Args:
        language: One of ``PATTERN_LANGUAGES``.
        config: ``rule``, and ``constraints`` and ``utils`` where it has them.
    """
    try:
        matches_of("", language, config)
    except (RuntimeError, TypeError, ValueError) as error:
        return _reason(str(error))
    except Exception as error:
        # The binding raises Exception itself for fields that it does not know.
        if type(error) is not Exception:
            raise
        return _reason(str(error))
    return None


def matches_of(
    text: str, language: str, config: Mapping[str, Any], path: str = ""
) -> tuple[PatternMatch, ...]:
    """Find what a rule fits in a text.

    Args:
        text: Of a file.
        language: One of ``PATTERN_LANGUAGES``.
        config: ``rule``, and ``constraints`` and ``utils`` where it has them.
        path: Of the file, whose name may ask for a dialect of the language.
    """
    from ast_grep_py import SgRoot

    dialect = language_of(path) if path else None
    read_as = dialect if dialect in _READ_AS.get(language, ()) and dialect != "c" else language
    found = SgRoot(text, read_as or language).root().find_all(_understood(config, language))
    return tuple(
        PatternMatch(node.range().start.line + 1, node.range().end.line + 1, _shown(node.text()))
        for node in found[:MOST_MATCHES]
    )


def _understood(config: Mapping[str, Any], language: str) -> Config:
    context = _CALL_CONTEXTS.get(language)
    return cast("Config", dict(config) if context is None else _with_calls(dict(config), context))


def _with_calls(value: Any, context: str) -> Any:
    """Give patterns that are a call and nothing else a context, however deep they stand in a rule."""
    if isinstance(value, list):
        return [_with_calls(each, context) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _with_calls(each, context) for name, each in value.items()}
    written = found.get("pattern")
    if isinstance(written, str) and _CALL.fullmatch(written.strip()):
        found["pattern"] = {"context": context.format(written.strip()), "selector": "call_expression"}
    return found


def _shown(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]


def _reason(message: str) -> str:
    """What the binding complains of, without its stack."""
    causes = message.split("Stack backtrace")[0].strip().splitlines()
    told = [line.strip().lstrip("0123456789: ") for line in causes if line.strip()]
    kept = [line for line in told if line not in ("cannot get matcher", "Caused by:")]
    return " ".join(kept)[:400] or "ast-grep does not take it"
