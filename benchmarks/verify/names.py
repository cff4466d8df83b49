"""Names as a second author would have chosen them."""

from __future__ import annotations

import re
from collections.abc import Collection
from random import Random

__all__ = ["another_local", "another_name", "cased", "words_of"]

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VERBS: dict[str, tuple[str, ...]] = {
    "get": ("fetch", "lookup", "obtain"),
    "set": ("assign", "update", "apply"),
    "is": ("check", "verify"),
    "has": ("contains", "check"),
    "parse": ("read", "decode", "interpret"),
    "read": ("load", "consume", "parse"),
    "write": ("emit", "output", "dump"),
    "make": ("build", "construct"),
    "build": ("create", "assemble"),
    "create": ("build", "make", "construct"),
    "add": ("append", "register", "include"),
    "remove": ("delete", "drop"),
    "find": ("locate", "search", "lookup"),
    "validate": ("check", "ensure"),
    "to": ("convert", "as"),
    "from": ("load", "parse"),
    "encode": ("serialize", "format"),
    "decode": ("parse", "unpack"),
    "send": ("dispatch", "submit", "post"),
    "handle": ("process", "on"),
    "process": ("handle", "run"),
    "print": ("show", "render"),
    "normalize": ("clean", "canonical"),
    "merge": ("combine", "join"),
    "gen": ("emit", "create"),
    "load": ("read", "fetch"),
}
_LEADS = ("resolve", "prepare", "compute", "collect", "handle", "ensure")
_NOUNS: dict[str, tuple[str, ...]] = {
    "value": ("item", "raw", "entry"),
    "values": ("items", "entries"),
    "key": ("name", "field"),
    "name": ("label", "key"),
    "result": ("output", "outcome"),
    "results": ("outputs", "found"),
    "request": ("req", "outgoing"),
    "response": ("resp", "reply"),
    "data": ("payload", "content"),
    "path": ("location", "route"),
    "url": ("address", "link"),
    "headers": ("fields", "header_list"),
    "header": ("field", "heading"),
    "index": ("position", "idx"),
    "i": ("idx", "n"),
    "c": ("cmd", "node"),
    "cmd": ("command", "current"),
    "ctx": ("context", "scope"),
    "type": ("kind", "category"),
    "input": ("source", "given"),
    "schema": ("shape", "spec"),
    "message": ("text", "notice"),
    "error": ("failure", "problem"),
    "args": ("arguments", "params"),
    "opts": ("options", "settings"),
    "options": ("settings", "config"),
    "reader": ("source", "input"),
    "writer": ("sink", "target"),
    "element": ("entry", "node"),
    "buf": ("buffer", "acc"),
    "flags": ("switches", "flag_list"),
    "flag": ("switch", "option"),
}
_LOCALS = (
    *("entry", "current", "target", "found", "payload", "piece", "handle", "limit", "extra", "outcome"),
    *("candidate", "chosen", "cursor", "source", "given", "part", "holder", "other", "wanted", "known"),
)


def words_of(name: str) -> list[str]:
    """A name's words in lower case."""
    return [word.lower() for word in _PARTS.findall(name)]


def cased(words: list[str], like: str) -> str:
    """Put words together in the way another name has them."""
    lead = like[: len(like) - len(like.lstrip("_$"))]
    bare = like.lstrip("_$")
    words = [part for word in words for part in word.split("_")]
    if len(bare) > 1 and bare.isupper():
        return lead + "_".join(words).upper()
    if "_" in bare:
        return lead + "_".join(words)
    joined = "".join(word.capitalize() for word in words)
    return lead + (joined if bare[:1].isupper() else joined[:1].lower() + joined[1:])


def another_name(name: str, chance: Random, taken: Collection[str], *, snake: bool) -> str:
    """Another name for the same job."""
    words = words_of(name) or [name]
    like = f"{name}_x" if snake else name
    lead = chance.choice(_VERBS.get(words[0], (f"{chance.choice(_LEADS)} {words[0]}",))).split()
    for tail in ((), ("value",), ("for", "use"), ("data",), ("internal",)):
        nouns = [chance.choice(_NOUNS[word]) if word in _NOUNS else word for word in words[1:]]
        made = cased([*lead, *nouns, *tail], like)
        if made not in taken and made != name:
            return made
    raise ValueError(f"no other name for {name}")


def another_local(name: str, chance: Random, taken: Collection[str], *, snake: bool) -> str:
    """Another name for a variable."""
    words = words_of(name) or [name]
    like = "a_b" if snake and len(words) > 1 else name.lower() if len(words) == 1 else name
    options = [
        cased([*words[:at], other, *words[at + 1 :]], like)
        for at, word in enumerate(words)
        for other in _NOUNS.get(word, ())
    ]
    options = [each if snake else cased(words_of(each), "aB") for each in options]
    chance.shuffle(options)
    pool = chance.sample(_LOCALS, len(_LOCALS))
    for made in (*options, *pool, *(f"{each}2" for each in pool)):
        if made not in taken:
            return made
    raise ValueError(f"no other name for {name}")
