"""Which language a script is written in, by the interpreter its first line asks for.

One table: a new interpreter is one more word. What the first line may hold is said in
execve(2), and for ``env -S`` in the manual of GNU coreutils.
"""

from __future__ import annotations

import re

__all__ = ["first_line", "language_of_shebang"]

_LONGEST = 256
"""Linux reads no more of a script than this to find its interpreter."""

_INTERPRETERS_BY_LANGUAGE: dict[str, str] = {
    "bash": "sh bash zsh dash ash ksh mksh pdksh rbash bats",
    "python": "python pypy ipython uv sage",
    "javascript": "node nodejs zx",
    "typescript": "deno bun ts-node ts-node-esm ts-node-script tsx swc-node",
    "ruby": "ruby jruby truffleruby rake macruby",
    "php": "php php-cli php-cgi",
    "lua": "lua luajit luau texlua",
    "elixir": "elixir iex",
    "haskell": "runhaskell runghc runhugs stack cabal",
    "go": "gorun yaegi",
    "java": "java jbang",
    "kotlin": "kotlin kotlinc",
    "rust": "rust-script cargo",
    "csharp": "dotnet dotnet-script csi scriptcs",
    "scala": "scala scala-cli amm",
    "swift": "swift",
    "zig": "zig",
    "awk": "awk gawk mawk nawk",
    "clojure": "clojure clj bb",
    "crystal": "crystal",
    "dart": "dart",
    "erlang": "escript",
    "fish": "fish",
    "groovy": "groovy",
    "julia": "julia",
    "just": "just",
    "lisp": "guile racket sbcl emacs",
    "make": "make gmake",
    "nim": "nim",
    "ocaml": "ocaml",
    "perl": "perl",
    "powershell": "pwsh powershell",
    "prolog": "swipl",
    "r": "rscript littler",
    "tcl": "tclsh wish expect",
}
_LANGUAGE_BY_INTERPRETER = {
    interpreter: language
    for language, names in _INTERPRETERS_BY_LANGUAGE.items()
    for interpreter in names.split()
}

_LAUNCHERS = frozenset(
    ["env", "busybox", "npx", "bunx", "pnpm", "yarn", "poetry", "pipenv", "hatch", "pdm", "rye"]
)
"""They start the interpreter that is named after them."""
_VERBS = frozenset(["run", "exec", "dlx"])
_TAKES_A_VALUE = frozenset(["-u", "--unset", "-C", "--chdir", "-P", "-a", "--argv0"])
"""Options of ``env`` whose value is the next word."""
_SPLIT = re.compile(r"^(?:-[a-zA-Z]*S|--split-string=?)")
_VERSION = re.compile(r"[-.\d]+$")


def first_line(text: str) -> str:
    """The part of a file that can name an interpreter.

    Args:
        text: The file's text, or its beginning.
    """
    return text[:_LONGEST].partition("\n")[0]


def language_of_shebang(line: str) -> str | None:
    """Name the language of the interpreter in a ``#!`` line; None for any other line.

    Args:
        line: A file's first line.
    """
    if not line.startswith("#!"):
        return None
    words = iter(line[2:].split())
    program = _program(next(words, ""))
    if program not in _LAUNCHERS:
        return _LANGUAGE_BY_INTERPRETER.get(program)
    for word in words:
        # ``-Sbash`` and ``--split-string=bash`` hold the next word as well.
        given = _SPLIT.sub("", word, count=1) if word.startswith("-") else word
        if word in _TAKES_A_VALUE:
            next(words, None)
        elif given and not given.startswith("-") and "=" not in given:
            program = _program(given)
            if program not in _LAUNCHERS and program not in _VERBS:
                return _LANGUAGE_BY_INTERPRETER.get(program)
    return None


def _program(word: str) -> str:
    """``/usr/bin/python3.12`` is ``python``."""
    name = word.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    return _VERSION.sub("", name)
