"""The languages that have a grammar: adding one is one module and one entry here."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from whykeeper_indexers.code.grammar import Grammar

__all__ = ["GRAMMARS", "grammar_for"]

GRAMMARS: dict[str, tuple[str, str]] = {
    "python": ("python", "PYTHON"),
    "typescript": ("ecmascript", "TYPESCRIPT"),
    "tsx": ("ecmascript", "TSX"),
    "javascript": ("ecmascript", "JAVASCRIPT"),
    "go": ("go", "GO"),
    "java": ("java", "JAVA"),
    "kotlin": ("kotlin", "KOTLIN"),
    "rust": ("rust", "RUST"),
    "c": ("c_family", "C"),
    "cpp": ("c_family", "CPP"),
    "csharp": ("csharp", "CSHARP"),
    "ruby": ("ruby", "RUBY"),
    "php": ("php", "PHP"),
    "swift": ("swift", "SWIFT"),
    "scala": ("scala", "SCALA"),
    "bash": ("bash", "BASH"),
    "lua": ("lua", "LUA"),
    "elixir": ("elixir", "ELIXIR"),
    "haskell": ("haskell", "HASKELL"),
    "zig": ("zig", "ZIG"),
}
"""Language to the module below this package, and the name in it, that describe it."""


@lru_cache(maxsize=32)
def grammar_for(language: str) -> Grammar | None:
    """Return a language's grammar, importing its module on first use; None when there is none."""
    entry = GRAMMARS.get(language)
    if entry is None:
        return None
    found = getattr(import_module(f"{__name__}.{entry[0]}"), entry[1])
    assert isinstance(found, Grammar)
    return found
