"""Commands that a document tells its reader to run: targets, scripts, options."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whykeeper_indexers.link_types import Reference, ReferenceKind
from whykeeper_indexers.links.paths import has_extension
from whykeeper_indexers.links.text import TextLine

__all__ = ["options", "run"]

_SHELLS = frozenset(
    ["", "bash", "sh", "shell", "console", "zsh", "text", "terminal", "shell-session", "shellsession", "cmd"]
)
_PROMPT = re.compile(r"\s{0,40}(?:[$#>%]\s{1,4})?")
_NAME = re.compile(r"[A-Za-z][\w:.-]{0,80}")
_RUNNERS = {"npm": ("run",), "yarn": ("run",), "pnpm": ("run",), "bun": ("run",)}
_TARGETS = frozenset(["make", "just", "gmake"])
_INTERPRETERS = frozenset(["python", "python3", "bash", "sh", "node", "ruby", "source", ".", "perl", "pwsh"])
_OPTION = re.compile(r"(?<![\w-])--([a-z][a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,6})(?![\w-])")
_FOREIGN = frozenset(
    [
        *(
            "git",
            "gh",
            "docker",
            "docker-compose",
            "podman",
            "kubectl",
            "helm",
            "terraform",
            "aws",
            "gcloud",
            "az",
        ),
        *("pip", "pip3", "pipx", "uv", "poetry", "conda", "pytest", "tox", "ruff", "mypy", "black"),
        *("npm", "npx", "yarn", "pnpm", "eslint", "jest", "vitest", "cargo", "rustc", "go", "java", "mvn"),
        *(
            "gradle",
            "gradlew",
            "./gradlew",
            "bundle",
            "gem",
            "composer",
            "make",
            "cmake",
            "apt",
            "apt-get",
            "brew",
        ),
        *(
            "curl",
            "wget",
            "rsync",
            "ssh",
            "tar",
            "openssl",
            "psql",
            "mysql",
            "systemctl",
            "useradd",
            "adduser",
        ),
        *("find", "ls", "grep", "sed"),
    ]
)
"""Whose options are not the repository's."""
_UNSURE = frozenset("$*{<")
"""What a reader, or a shell, is to fill in."""
_LONGEST = 300


def run(line: TextLine) -> Iterator[Reference]:
    """Targets of make, just, npm and tox, and scripts of the repository, that a line runs."""
    for command in _commands(line):
        form = "block" if line.code else "span"
        for target in _run(command.split()):
            yield Reference(line.number, ReferenceKind.COMMAND, target, form, "", line.past)
        for path in _scripts(command.split()):
            yield Reference(line.number, ReferenceKind.PATH, path, "command", "", line.past)


def options(line: TextLine) -> Iterator[Reference]:
    """Options of commands that may be the repository's own."""
    texts = [line.text[:_LONGEST]] if line.code and line.language in _SHELLS else line.spans
    for text in texts:
        words = text.split()
        while words and (words[0] in {"$", "sudo", "#", ">"} or "=" in words[0]):
            words = words[1:]
        if not words or words[0] in _FOREIGN:
            continue
        program = "" if words[0].startswith("-") else words[0]
        for name in _OPTION.findall(text):
            yield Reference(line.number, ReferenceKind.OPTION, f"--{name}", "span", program, line.past)


def _commands(line: TextLine) -> Iterator[str]:
    if not line.code:
        yield from line.spans
    elif line.language in _SHELLS:
        start = _PROMPT.match(line.text)
        text = line.text[start.end() if start else 0 : _LONGEST]
        yield from (part.split(" #", 1)[0].strip() for part in re.split(r"&&|;|\|\|", text))


def _run(words: list[str]) -> Iterator[str]:
    if len(words) < 2:
        return
    program, first, *more = words
    if program in _TARGETS:
        for word in (first, *more):
            if not _NAME.fullmatch(word) or "." in word:
                break
            yield f"{'make' if program == 'gmake' else program} {word}"
    elif first in _RUNNERS.get(program, ()) and more and _NAME.fullmatch(more[0]):
        yield f"npm run {more[0]}"
    elif program == "tox" and first == "-e" and more:
        yield from (f"tox -e {name}" for name in more[0].split(",") if _NAME.fullmatch(name))


def _scripts(words: list[str]) -> Iterator[str]:
    if not words:
        return
    candidates = words[1:2] if words[0] in _INTERPRETERS else words[:1]
    for word in candidates:
        if (
            "/" in word
            and has_extension(word)
            and not word.startswith(("/", "~", "-", "http"))
            and _UNSURE.isdisjoint(word)
        ):
            yield word
