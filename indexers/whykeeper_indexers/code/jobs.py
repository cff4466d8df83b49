"""What a function's name says it does, whichever of the usual words it says it with.

``fetchUserById``, ``load_user_by_id`` and ``get_user`` with an id differ in taste. The families of verbs are
those that naming guides list as exchangeable; a name has to say more than a verb to say anything.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zlib import crc32

from whykeeper_indexers.catalog.words import name_parts

__all__ = ["job_key", "job_words"]

_FAMILIES: Final = (
    "get fetch load read retrieve obtain lookup find query resolve",
    "create make build construct new generate produce",
    "delete remove erase drop destroy discard clear purge",
    "save store persist put write record",
    "validate check verify ensure assert",
    "convert transform to as into cast coerce",
    "parse decode deserialize unmarshal unpack",
    "format render stringify serialize encode marshal dump",
    "compute calculate calc determine derive",
    "set update modify change assign",
    "init initialize initialise setup prepare",
    "send dispatch emit publish post notify",
    "start begin launch run execute",
    "stop end finish terminate close shutdown",
    "add append insert push register attach",
    "count size length number len num total",
    "list all every each",
    "merge combine join concat concatenate",
    "split divide partition separate",
    "is has can should",
    "config configuration settings options cfg conf opts",
    "message msg",
    "string str text",
    "address addr",
    "context ctx",
    "environment env",
    "request req",
    "response resp reply",
    "error err exception failure",
    "folder dir directory",
    "document doc",
    "argument arg param parameter",
    "temporary temp tmp",
    "maximum max largest",
    "minimum min smallest",
    "average avg mean",
    "identifier id key",
    "user usr account",
    "value val",
    "function func fn callback",
    "normalize normalise canonicalize clean sanitize",
    "duration elapsed interval",
    "slug slugify",
)
_HEAD: Final = {word: family.split()[0] for family in _FAMILIES for word in family.split()}
_SILENT: Final = frozenset(
    ["a", "an", "the", "of", "for", "from", "by", "with", "in", "on", "at", "and", "or", "if"]
)
_PLURAL_FROM: Final = 4


@lru_cache(50_000)
def job_words(symbol: str) -> frozenset[str]:
    """What a function's own name says, without its class or module.

    Args:
        symbol: Qualified name.
    """
    parts = (part.lower() for part in name_parts(symbol.rpartition(".")[2]))
    return frozenset(_HEAD.get(word, word) for part in parts if (word := _singular(part)) not in _SILENT)


def job_key(symbol: str) -> int | None:
    """A number that functions of the same job share; None for a name that says too little."""
    words = job_words(symbol)
    if len(words) < 2:
        return None
    return crc32("\0".join(sorted(words)).encode("utf-8", "replace"))


def _singular(word: str) -> str:
    if word in _HEAD or len(word) < _PLURAL_FROM or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s")
