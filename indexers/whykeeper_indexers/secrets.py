"""Secrets are cut out of a text before anything else sees it.

Kingfisher (in-process, linear-time, never over the network) finds the tokens of known services
and what ``secret_rules.yml`` proposes: values that only their name gives away. A proposal is cut
when its value looks made by a generator or a careful person; names, placeholders and
words survive, for cutting harmless text damages the index.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from filelock import FileLock

from whykeeper_indexers.secret_values import looks_secret
from whykeeper_indexers.types import LineRange, Redaction

if TYPE_CHECKING:
    from kingfisher_sdk import Finding, Scanner

__all__ = ["FoundSecret", "redact", "secrets_in", "use_rule_cache"]

_log = logging.getLogger(__name__)

_RULES = Path(__file__).with_name("secret_rules.yml")
_PROPOSING = ("whykeeper.", "betterleaks.generic-")
_HELPERS_WORTH_CUTTING = re.compile(r"secret|passphrase|security-token|consumer-key|api-key")
"""Kingfisher's invisible findings are parts of a credential; these parts are secret themselves."""

_KEY_BEGIN = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END = re.compile(rb"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINE = re.compile(rb"[A-Za-z0-9+/=:,\\-]*|[A-Z][A-Za-z]{2,15}-[A-Z][A-Za-z]{2,15}: [A-Za-z0-9,-]+")
_KEY_LIMIT = 20_000
_KEY_SHORTEST = 40
"""A block with less in it is an example in prose."""

_cache_folder: Path | None = None
_loading = threading.Lock()


class FoundSecret(NamedTuple):
    """A place with a secret.

    Attributes:
        lines: Where.
        rule: What found it, such as ``github.1``.
        fingerprint: The same for the same secret, and good for nothing else.
        guessed: Whether only its name and its looks give it away, and not a form that some service gives
            its tokens.
    """

    lines: LineRange
    rule: str
    fingerprint: str
    guessed: bool


class _Cut(NamedTuple):
    start: int
    end: int
    rule: str
    guessed: bool = True


def use_rule_cache(folder: Path | None) -> None:
    """Keep the compiled rules in a private folder: loading takes 0.3 s instead of 3.3 s.

    Takes effect when called before the first ``redact`` of the process. None keeps nothing on disk.

    Args:
        folder: Made with mode 0700 when it is missing.
    """
    global _cache_folder
    _cache_folder = folder
    _scanner.cache_clear()


def redact(text: str, path: str = "") -> tuple[str, tuple[Redaction, ...]]:
    """Replace every secret by ``[redacted: rule]``; the number of lines stays.

    Args:
        text: Anything that will be stored or shown.
        path: Where it comes from, for the log.

    Returns:
        The text without its secrets, and what was cut in order of its lines.
    """
    data = text.encode("utf-8", "replace")
    cuts = _cuts(data)
    if not cuts:
        return text, ()
    _log.debug("cut %d secrets out of %s", len(cuts), path or "a text")
    return _without(data, cuts)


def secrets_in(text: str, key: bytes) -> tuple[FoundSecret, ...]:
    """Say where secrets stand, and which are the same, without giving any.

    Args:
        text: Anything.
        key: Only who has it can tell whether two fingerprints are of one secret; at most 64 bytes.
    """
    data = text.encode("utf-8", "replace")
    return tuple(
        FoundSecret(
            LineRange(data.count(b"\n", 0, cut.start) + 1, data.count(b"\n", 0, cut.end) + 1),
            cut.rule,
            hashlib.blake2b(data[cut.start : cut.end], key=key, digest_size=16).hexdigest(),
            cut.guessed,
        )
        for cut in _cuts(data)
    )


def _cuts(data: bytes) -> list[_Cut]:
    """Where secrets stand, in order, none over another."""
    with _loading:
        scanner = _scanner()
    cuts = [cut for finding in scanner.scan(data) if (cut := _cut(finding)) is not None]
    cuts.extend(_private_keys(data))
    return _merged(cuts)


@lru_cache(maxsize=1)
def _scanner() -> Scanner:
    # Imported here: it maps 36 MB, which a process that never redacts should not.
    from kingfisher_sdk import Rules, Scanner

    folder = _usable(_cache_folder)
    if folder is None:
        return Scanner(Rules([_RULES], cache=False), base64=False)
    # One process compiles, and the others read what it compiled instead of doing the same beside it.
    with FileLock(folder / "compiling.lock"):
        return Scanner(Rules([_RULES], cache_dir=folder), base64=False)


def _usable(folder: Path | None) -> Path | None:
    """The folder, made when it is missing; None when it cannot be: compiling again is only slower."""
    if folder is not None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            _log.warning("compiled secret rules cannot be kept in %s", folder, exc_info=True)
            return None
    return folder


def _cut(finding: Finding) -> _Cut | None:
    rule = finding.rule_id
    if rule.startswith(_PROPOSING):
        if not looks_secret(finding.secret, finding.captures.get("KEY", "password")):
            return None
    elif not finding.visible and not _HELPERS_WORTH_CUTTING.search(rule):
        return None
    place = finding.location
    guessed = rule.startswith(_PROPOSING)
    return _Cut(place["start_offset"], place["end_offset"], rule.partition(".")[2] or rule, guessed)


def _private_keys(data: bytes) -> Iterator[_Cut]:
    """Private key blocks, also those that end in the middle."""
    at = 0
    while begin := _KEY_BEGIN.search(data, at):
        end = _KEY_END.search(data, begin.end(), begin.end() + _KEY_LIMIT)
        body = data[begin.end() : end.start()] if end else _cut_off_body(data, begin.end())
        at = end.end() if end else begin.end() + len(body)
        if sum(map(len, re.findall(rb"[A-Za-z0-9+/=]{16,}", body))) >= _KEY_SHORTEST:
            yield _Cut(begin.start(), at, "private-key")


def _cut_off_body(data: bytes, start: int) -> bytes:
    """The lines after a key's first that can be part of it."""
    lines: list[bytes] = []
    for line in data[start : start + _KEY_LIMIT].split(b"\n"):
        if not _KEY_LINE.fullmatch(line.strip(b" \t\r>*#|\"',+;")):
            break
        lines.append(line)
    return b"\n".join(lines).rstrip()


def _merged(cuts: Iterable[_Cut]) -> list[_Cut]:
    """Cuts in order, those that overlap made one under the name of the longest."""
    merged: list[_Cut] = []
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end)):
        last = merged[-1] if merged else None
        if last is not None and cut.start < last.end:
            longest = max(last, cut, key=lambda one: one.end - one.start)
            merged[-1] = _Cut(last.start, max(last.end, cut.end), longest.rule, last.guessed and cut.guessed)
        else:
            merged.append(cut)
    return merged


def _without(data: bytes, cuts: list[_Cut]) -> tuple[str, tuple[Redaction, ...]]:
    pieces: list[bytes] = []
    redactions: list[Redaction] = []
    at, line = 0, 1
    for cut in cuts:
        before = data[at : cut.start]
        line += before.count(b"\n")
        redactions.append(Redaction(line, cut.rule))
        lines = data[cut.start : cut.end].count(b"\n")
        pieces += (before, f"[redacted: {cut.rule}]".encode(), b"\n" * lines)
        at, line = cut.end, line + lines
    pieces.append(data[at:])
    return b"".join(pieces).decode("utf-8", "replace"), tuple(redactions)
