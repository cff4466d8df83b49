"""Headings without their markup."""

from __future__ import annotations

import html
import re

__all__ = ["MAX_TITLE", "plain_from_asciidoc", "plain_from_markdown", "plain_from_rst"]

MAX_TITLE = 200
_MAX_SOURCE = 600
"""Longer headings are cut before any pattern sees them."""

_MARKDOWN_MARKS = re.compile(r"[`*_<\[&\\{~]")
_CODE_SPAN = re.compile(r"(`+)([^`]+)\1")
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|\{/\*.*?\*/\}", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\([^()]*\))?[^()]*\)|\[[^\[\]]*\])")
_IMAGE = re.compile(r"""<img\s[^<>]*?\balt=(?:"([^"<>]*)"|'([^'<>]*)')[^<>]*>""", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ANCHOR = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")
_STARS = re.compile(r"(\*{1,3}|~~)(?=\S)([^*~]+)(?<=\S)\1")
_UNDERSCORES = re.compile(r"(?<!\w)(_{1,3})(?=\S)([^_]+(?:_[^_]+)*)(?<=\S)\1(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPACE = re.compile(r"\s+")

_ROLE = re.compile(r":[\w.:+-]+:`([^`<]*?)(?:\s*<[^<>`]*>)?`")
_RST_LINK = re.compile(r"`([^`<]*?)(?:\s*<[^<>`]*>)?`_{0,2}")
_RST_LITERAL = re.compile(r"``([^`]+)``")
_RST_EMPHASIS = re.compile(r"(\*{1,2})(?=\S)([^*]+)(?<=\S)\1")

_ASCIIDOC_LINK = re.compile(r"(?:link:|xref:|https?://)[^\s\[]*\[([^\[\]]*)\]|<<[^<>,]*,([^<>]*)>>")
_ASCIIDOC_ANCHOR = re.compile(r"\[\[[^\[\]]*\]\]|\[#[^\[\]]*\]")
_ASCIIDOC_MARKS = re.compile(r"(?<!\w)([*_`+#]{1,2})(?=\S)([^*_`+#]+)(?<=\S)\1(?!\w)")


def plain_from_markdown(text: str) -> str:
    """A Markdown or MDX inline text as a person reads it."""
    text = text[:_MAX_SOURCE]
    if not _MARKDOWN_MARKS.search(text):
        return _tidy(text)
    text = _ANCHOR.sub("", _COMMENT.sub(" ", text))
    pieces = []
    position = 0
    for span in _CODE_SPAN.finditer(text):
        pieces += [_inline(text[position : span.start()]), span[2]]
        position = span.end()
    pieces.append(_inline(text[position:]))
    whole = "".join(pieces)
    return _tidy(_LINK.sub(r"\1", _STARS.sub(r"\2", whole)))


def plain_from_rst(text: str) -> str:
    """A reStructuredText inline text as a person reads it."""
    text = text[:_MAX_SOURCE]
    for pattern in (_RST_LITERAL, _ROLE, _RST_LINK):
        text = pattern.sub(r"\1", text)
    return _tidy(_RST_EMPHASIS.sub(r"\2", text))


def plain_from_asciidoc(text: str) -> str:
    """An AsciiDoc inline text as a person reads it."""
    text = _ASCIIDOC_ANCHOR.sub("", text[:_MAX_SOURCE])
    text = _ASCIIDOC_LINK.sub(lambda match: match[1] or match[2] or "", text)
    return _tidy(_ASCIIDOC_MARKS.sub(r"\2", text))


def _inline(text: str) -> str:
    text = _IMAGE.sub(lambda image: image[1] or image[2] or "", _LINK.sub(r"\1", text))
    text = _TAG.sub("", text)
    text = _UNDERSCORES.sub(r"\2", _STARS.sub(r"\2", text))
    return html.unescape(_ESCAPE.sub(r"\1", text))


def _tidy(text: str) -> str:
    return _SPACE.sub(" ", text).strip()[:MAX_TITLE].rstrip()
