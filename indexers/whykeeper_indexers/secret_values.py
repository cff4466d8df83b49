"""Whether a value that stands under a secret's name is one, or a word, a name, a placeholder."""

from __future__ import annotations

import math
import re
from collections import Counter

__all__ = ["looks_secret"]

_PLACEHOLDER = re.compile(
    r"""
      example|sample|placeholder|change[_-]?(?:me|it)|your[_-]?|replace|insert|dummy|fake|mock|testing
    | \btest|test\b|test[_-]|[_-]test|redacted|removed|hidden|secret|passw(?:or)?d|passphrase|token|credential
    | api[_-]?key|default|foobar|foo[_-]|bar[_-]|lorem|x{4,}|\*{3,}|\.{3}|…|12345|abcde|qwerty|localhost
    | ^none|^null|^true|^false
    | \$[({a-z_]|\{\{|\}\}|%[({]|%s|<[^>]*>|\#\{
    | process\.env|os\.environ|getenv|secretkeyref|vault:|ssm:|arn:|op://
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HARMLESS_KEY = re.compile(
    r"""
    (?:hash|digest|checksum|sha|id|ids|uu?id|name|names|ur[il]s?|path|file|filename|field|fields|type|kind|env
    | var|regex|pattern|label|title|hint|help|text|message|msg|error|errors|placeholder|prefix|suffix|length
    | len|count|size|limit|max|min|expir\w*|ttl|timeout|header|param|parameter|arn|ref|version|format|policy
    | strength|reset|provider|class|module|manager|service|model|endpoint|algorithm|alg|scheme|scope|usage
    | budget|budgets|encoder|decoder|parser|ization|izer)$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PASSWORD_KEY = re.compile(r"passw(?:or)?d|pwd|passphrase", re.IGNORECASE)
_KEY_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_IDENTIFIER_PATH = re.compile(
    r"[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)*(?:[(\[{].*)?", re.DOTALL
)
_ADDRESS_OR_PATH = re.compile(r"[a-z][a-z0-9+.-]*://|\.{0,2}/|~/|[A-Za-z]:\\|@[\w-]+/|#/")
_WORD_PIECE = re.compile(r"[A-Za-z]*|\d{1,8}|[A-Za-z]{1,24}\d{1,4}|\d{1,4}[A-Za-z]{1,12}|\w{1,4}|v\d+\w*")
_LEAST_ENTROPY = 2.7
_LEAST_ENTROPY_LONG = 3.2
"""Of 20 characters and more. Hexadecimal keys reach 3.5, random base64 4.5, English words 3."""


def looks_secret(value: str, key: str) -> bool:
    """Judge a value by its letters and by the name it stands under.

    Args:
        value: What would be cut.
        key: The name before it: ``DB_PASSWORD``, ``clientSecret``.
    """
    value = value.rstrip(",;")
    if len(value) < 6 or _PLACEHOLDER.search(value) or _is_harmless_name(key):
        return False
    if _is_expression(value) or _ADDRESS_OR_PATH.match(value):
        return False
    least = _LEAST_ENTROPY_LONG if len(value) >= 20 else _LEAST_ENTROPY
    return _entropy(value) >= least and (_is_random(value) or _is_careful(value, key))


def _is_expression(value: str) -> bool:
    """Whether it reads as code: ``self.token1``, ``headers[7:]``, ``make2(x)``."""
    return any(sign in value for sign in ".:>([{") and _IDENTIFIER_PATH.fullmatch(value) is not None


def _is_harmless_name(key: str) -> bool:
    words = _KEY_WORDS.findall(key)
    return bool(words) and _HARMLESS_KEY.match(words[-1]) is not None


def _is_random(value: str) -> bool:
    """Whether some piece of it mixes letters and digits as no word does."""
    if not (re.search(r"\d", value) and re.search(r"[A-Za-z]", value)):
        return False
    return any(not _WORD_PIECE.fullmatch(piece) for piece in re.split(r"[-_./:,;@+=\s]", value))


def _is_careful(value: str, key: str) -> bool:
    """Whether a password mixes what password rules ask for: ``Winter2024!``, ``qW!kdmXpl``."""
    if not _PASSWORD_KEY.search(key) or " " in value:
        return False
    classes = (r"[a-z]", r"[A-Z]", r"\d", r"[!@#%^&*?+=~]")
    return sum(re.search(sign, value) is not None for sign in classes) >= 3


def _entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
