"""Paths and globs that a document names: in code spans, in links, in prose, and in drawn trees of folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from whykeeper_indexers.code import is_code
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links.text import TextLine
from whykeeper_indexers.path_words import path_words

__all__ = ["in_trees", "linked", "spelled"]

_LINK = re.compile(r"\[[^\[\]\n]{0,300}\]\(\s{0,3}<?([^()\s<>]{1,300})>?")
_DEFINED = re.compile(r"\s{0,3}\[[^\[\]\n]{1,200}\]:\s{1,4}<?([^\s<>]{1,300})>?")
_RST_TARGET = re.compile(r"`[^`<>\n]{0,200}<([^`<>\s]{1,300})>`_")
_INCLUDED = re.compile(r"\s{0,40}\.\. (?:literalinclude|include|image|figure)::\s{1,4}(\S{1,300})")
_URL = re.compile(r"[a-z][a-z0-9+.-]{1,20}://\S{0,1000}|mailto:\S{0,300}", re.IGNORECASE)
_SHAPE = re.compile(r"(?:\.{0,2}/)?[\w.@+-]{1,100}(?:/[\w.@+-]{1,100}){0,20}/?")
_GLOB_SHAPE = re.compile(r"[\w.@+/*?{},\[\]!-]{2,200}")
_PLACE = re.compile(r"(.{1,250}?)(?::(\d{1,6})(?:[-:]\d{1,6})?|#L(\d{1,6})(?:-L?\d{1,6})?)")
_OTHER_FILES = frozenset(
    [
        *(".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".env", ".lock", ".properties", ".xml"),
        *(".sql", ".proto", ".graphql", ".html", ".css", ".scss", ".csv", ".ipynb", ".fxml", ".snap"),
        *(".svg", ".png", ".jpg", ".gif", ".in", ".mk", ".gradle", ".bat", ".ps1", ".tf", ".j2", ".tmpl"),
        *(".mod", ".service", ".bazel", ".bzl", ".mjs", ".cjs"),
    ]
)
_NAMED_FILES = frozenset(
    ["Makefile", "Dockerfile", "justfile", "Justfile", "Procfile", "Jenkinsfile", "Vagrantfile"]
)
_BRANCH = re.compile(r"(?:├|└|\|--|\+--|`--)[─\-\s]{0,6}")
_TREE_NAME = re.compile(r"[\w.@+-]{1,100}(?:/[\w.@+-]{1,100}){0,8}/?(?=\s|$)")


def linked(line: TextLine) -> Iterator[Reference]:
    """What a line links to within the repository."""
    if line.code:
        return
    for pattern in (_LINK, _DEFINED, _RST_TARGET, _INCLUDED):
        for target in pattern.findall(line.text):
            if "://" in target or target.startswith(("#", "mailto:", "<", "{")):
                continue
            path, place = _split_place(target)
            path = path.split("#", 1)[0].split("?", 1)[0]
            if path and _SHAPE.fullmatch(path) and not path.startswith("/"):
                yield Reference(line.number, ReferenceKind.PATH, path, "link", place, line.past)


def spelled(line: TextLine) -> Iterator[Reference]:
    """Paths and globs that are written as code, or that nothing but a path looks like."""
    for body in line.spans:
        path, place = _split_place(body)
        if _is_glob(path):
            yield Reference(line.number, ReferenceKind.GLOB, path, "span", "", line.past)
        elif _SHAPE.fullmatch(path) and _is_path(path):
            yield Reference(line.number, ReferenceKind.PATH, path, "span", place, line.past)
    for role, body in line.roles:
        if role == "file" and _SHAPE.fullmatch(body):
            yield Reference(line.number, ReferenceKind.PATH, body, "span", "", line.past)
    if not line.code:
        for word in path_words(_URL.sub(" ", _LINK.sub(" ", line.plain))):
            if "/" in word and has_extension(word) and not word.startswith(("@", "//")):
                yield Reference(line.number, ReferenceKind.PATH, word, "text", "", line.past)


def in_trees(lines: Sequence[TextLine]) -> Iterator[Reference]:
    """Files of the trees that are drawn in blocks of code, each with its whole path."""
    stack: list[tuple[int, str]] = []
    root = ""
    before = 0
    for line in lines:
        branch = _BRANCH.search(line.text) if line.code else None
        if branch is None or line.number > before + 2:
            stack, root = [], ""
        if not line.code:
            continue
        before = line.number
        if branch is None:
            name = line.text.split("#", 1)[0].strip()
            root = name if name.endswith("/") and _SHAPE.fullmatch(name) else ""
            continue
        named = _TREE_NAME.match(line.text, branch.end())
        while stack and stack[-1][0] >= branch.start():
            stack.pop()
        if named is None:
            stack.append((branch.start(), "*"))
            continue
        stack.append((branch.start(), named[0].rstrip("/")))
        path = "/".join([*([root.rstrip("/")] if root else []), *(name for _, name in stack)])
        if "*" not in path and "..." not in path and len(path) < 250:
            yield Reference(line.number, ReferenceKind.PATH, path, "tree", "", line.past)


def has_extension(path: str) -> bool:
    """Whether a path ends like a file of a kind that repositories hold."""
    name = path.rstrip("/").rpartition("/")[2]
    suffix = PurePosixPath(name).suffix.lower()
    return name in _NAMED_FILES or (
        bool(suffix) and (suffix in _OTHER_FILES or is_document(name) or is_code(name, ""))
    )


def _is_path(text: str) -> bool:
    if text.strip("./") == "" or text.startswith(("@", "-", "+")):
        return False
    return (
        has_extension(text)
        or (text.count("/") >= 1 and not text.startswith("/") and text.strip("/").count("/") >= 1)
        or (text.endswith("/") and len(text) > 2 and not text.startswith("/"))
    )


def _is_glob(text: str) -> bool:
    return "*" in text and "/" in text and bool(_GLOB_SHAPE.fullmatch(text)) and not text.startswith("/")


def _split_place(text: str) -> tuple[str, str]:
    """A path, and the line of it that is meant."""
    found = _PLACE.fullmatch(text) if ":" in text or "#L" in text else None
    return (found[1], found[2] or found[3]) if found else (text, "")
