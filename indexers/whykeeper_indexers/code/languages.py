"""Which language a path is written in, by its name or, when that says nothing, its first line.

Grammars exist for the languages in ``grammars.GRAMMARS``; every other language named here
is cut into windows of lines.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePosixPath

from whykeeper_indexers.code.interpreters import language_of_shebang

__all__ = ["COMMENT_PREFIXES", "is_code", "language_of"]

_EXTENSIONS_BY_LANGUAGE: dict[str, str] = {
    "python": "py pyi pyw",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "javascript": "js mjs cjs jsx es6",
    "go": "go",
    "java": "java",
    "kotlin": "kt kts",
    "rust": "rs",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp tpp inl ixx cppm cu cuh ino",
    "csharp": "cs csx",
    "ruby": "rb rake gemspec ru podspec",
    "php": "php phtml php5 php7",
    "swift": "swift",
    "scala": "scala sc sbt mill",
    "bash": "sh bash zsh ksh bats",
    "lua": "lua",
    "elixir": "ex exs",
    "haskell": "hs hs-boot",
    "zig": "zig zon",
    "ada": "adb ads",
    "assembly": "asm s",
    "awk": "awk",
    "batch": "bat cmd",
    "bicep": "bicep",
    "clojure": "clj cljs cljc edn",
    "cmake": "cmake",
    "cobol": "cob cbl",
    "coffeescript": "coffee",
    "crystal": "cr",
    "css": "css",
    "cue": "cue",
    "cython": "pyx pxd pxi",
    "d": "d di",
    "dart": "dart",
    "dhall": "dhall",
    "elm": "elm",
    "erlang": "erl hrl",
    "fish": "fish",
    "fortran": "f f90 f95 f03 f08 for",
    "fsharp": "fs fsi fsx",
    "gdscript": "gd",
    "gleam": "gleam",
    "glsl": "glsl vert frag comp hlsl wgsl metal",
    "graphql": "graphql gql graphqls",
    "groovy": "groovy gradle",
    "hcl": "tf tfvars hcl nomad",
    "html": "html htm xhtml",
    "ini": "ini cfg conf properties editorconfig desktop service",
    "jinja": "j2 jinja jinja2 tmpl mustache hbs ejs erb haml slim liquid njk pug twig",
    "jsonnet": "jsonnet libsonnet",
    "julia": "jl",
    "just": "just",
    "less": "less",
    "lisp": "el lisp lsp cl scm rkt ss",
    "make": "mk mak",
    "mojo": "mojo",
    "nim": "nim nims",
    "nix": "nix",
    "objective-c": "m mm",
    "ocaml": "ml mli",
    "pascal": "pas pp dpr",
    "perl": "pl pm t",
    "powershell": "ps1 psm1 psd1",
    "prisma": "prisma",
    "prolog": "pro prolog",
    "proto": "proto",
    "purescript": "purs",
    "r": "r",
    "rego": "rego",
    "scss": "scss sass",
    "solidity": "sol",
    "sql": "sql psql ddl",
    "starlark": "bzl star",
    "svelte": "svelte",
    "systemverilog": "sv svh v vh vhd vhdl",
    "tcl": "tcl",
    "thrift": "thrift",
    "toml": "toml",
    "astro": "astro",
    "typespec": "tsp",
    "v": "vsh",
    "vala": "vala",
    "vim": "vim",
    "visual-basic": "vb vbs bas",
    "vue": "vue",
    "xml": "csproj fsproj vbproj props targets xsd xsl xslt wsdl avsc",
    "yaml": "yaml yml",
}
_LANGUAGE_BY_EXTENSION = {
    extension: language for language, names in _EXTENSIONS_BY_LANGUAGE.items() for extension in names.split()
} | {"avsc": "json"}

_LANGUAGE_BY_NAME = {
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "make",
    "gnumakefile": "make",
    "cmakelists.txt": "cmake",
    "justfile": "just",
    "rakefile": "ruby",
    "gemfile": "ruby",
    "vagrantfile": "ruby",
    "podfile": "ruby",
    "fastfile": "ruby",
    "brewfile": "ruby",
    "guardfile": "ruby",
    "jenkinsfile": "groovy",
    "build": "starlark",
    "build.bazel": "starlark",
    "workspace": "starlark",
    "workspace.bazel": "starlark",
    "module.bazel": "starlark",
    "tiltfile": "starlark",
    "procfile": "yaml",
    "caddyfile": "ini",
    "go.mod": "go.mod",
    "go.work": "go.mod",
    "meson.build": "meson",
    "meson_options.txt": "meson",
    "requirements.txt": "ini",
    "pipfile": "toml",
    "pom.xml": "xml",
    "build.xml": "xml",
    "mix.lock": "",
    ".bashrc": "bash",
    ".zshrc": "bash",
    ".profile": "bash",
    ".envrc": "bash",
    ".editorconfig": "ini",
    ".gitattributes": "ini",
    ".npmrc": "ini",
    ".flake8": "ini",
    ".pylintrc": "ini",
    ".coveragerc": "ini",
    "codeowners": "ini",
    # JSON is mostly data; these few are written by hand and say how a project is built.
    "package.json": "json",
    "composer.json": "json",
    "deno.json": "json",
    "jsr.json": "json",
    "turbo.json": "json",
    "nx.json": "json",
    "lerna.json": "json",
    "biome.json": "json",
    "renovate.json": "json",
    "vercel.json": "json",
    "firebase.json": "json",
    "manifest.json": "json",
    ".eslintrc.json": "json",
    ".prettierrc.json": "json",
    "devcontainer.json": "json",
}
_NAME_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(tsconfig|jsconfig)[\w.-]{0,40}\.jsonc?|[\w.-]{0,40}config\.jsonc?"), "json"),
    (re.compile(r"(dockerfile|containerfile)\.[\w.-]{1,40}"), "dockerfile"),
    (re.compile(r"makefile\.[\w.-]{1,40}"), "make"),
    (re.compile(r"jenkinsfile\.[\w.-]{1,40}"), "groovy"),
    (re.compile(r"requirements[\w.-]{0,40}\.(txt|in)"), "ini"),
)
_SLASHES = (
    "bicep cue d dart fsharp glsl go.mod groovy jsonnet less objective-c pascal prisma proto scss solidity"
    " svelte systemverilog thrift typespec v vala vue"
)
_HASHES = (
    "awk cmake coffeescript crystal cython dockerfile fish gdscript graphql hcl ini jinja julia just make"
    " meson mojo nim nix perl powershell r rego starlark tcl toml yaml"
)
COMMENT_PREFIXES: dict[str, tuple[str, ...]] = (
    dict.fromkeys(_SLASHES.split(), ("//", "/*", "*"))
    | dict.fromkeys(_HASHES.split(), ("#",))
    | dict.fromkeys(("ada", "dhall", "elm", "purescript", "sql"), ("--",))
    | dict.fromkeys(("clojure", "lisp"), (";",))
    | {"css": ("/*", "*"), "ocaml": ("(*",), "erlang": ("%",), "fortran": ("!",), "vim": ('"',)}
    | {"hcl": ("#", "//"), "ini": ("#", ";"), "batch": ("REM ", "rem ", "::"), "gleam": ("//",)}
    | {"html": ("<!--",), "xml": ("<!--",), "visual-basic": ("'",), "prolog": ("%",)}
)
"""What begins a line that is a comment, for languages without a grammar."""


@lru_cache(50_000)
def language_of(path: str, head: str = "") -> str | None:
    """Name the language of a path, or None when it is not code.

    Args:
        path: Relative path with forward slashes.
        head: The file's first line, read for a ``#!`` when its name says nothing.
    """
    name = PurePosixPath(path).name.lower()
    if name in _LANGUAGE_BY_NAME:
        return _LANGUAGE_BY_NAME[name] or None
    for pattern, language in _NAME_PATTERNS:
        if pattern.fullmatch(name):
            return language
    _, dot, extension = name.rpartition(".")
    if dot and extension in _LANGUAGE_BY_EXTENSION:
        return _LANGUAGE_BY_EXTENSION[extension]
    return language_of_shebang(head)


def is_code(path: str, head: str = "") -> bool:
    """Say whether a path is a program, its configuration or its build.

    Args:
        path: Relative path with forward slashes.
        head: The file's first line, where it is known.
    """
    return language_of(path, head) is not None
