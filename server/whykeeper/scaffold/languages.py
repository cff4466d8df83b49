"""Which languages a project is written in, and what its folders hold."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from whykeeper.scaffold.tree import Tree, is_aside
from whykeeper_indexers.code.languages import language_of
from whykeeper_indexers.documents import is_document

__all__ = ["Folder", "folders", "languages"]

LEAST_SHARE = 0.05
"""Of the files with code; what has less is a script or two."""
LEAST_FILES = 3
"""The same where there are few."""
MOST_FOLDERS = 30
_HEADER = "header"
_IN_FOLDER = 2
"""Languages named of a folder."""

_TITLES = {
    "bash": "shell",
    "c": "C",
    "clojure": "Clojure",
    "cpp": "C++",
    "csharp": "C#",
    "cuda": "CUDA",
    "dart": "Dart",
    "elixir": "Elixir",
    "erlang": "Erlang",
    "fsharp": "F#",
    "gleam": "Gleam",
    "go": "Go",
    "groovy": "Groovy",
    "haskell": "Haskell",
    "hcl": "HCL",
    "java": "Java",
    "javascript": "JavaScript",
    "julia": "Julia",
    "kotlin": "Kotlin",
    "lua": "Lua",
    "nix": "Nix",
    "objective-c": "Objective-C",
    "ocaml": "OCaml",
    "perl": "Perl",
    "php": "PHP",
    "powershell": "PowerShell",
    "python": "Python",
    "r": "R",
    "ruby": "Ruby",
    "rust": "Rust",
    "scala": "Scala",
    "solidity": "Solidity",
    "sql": "SQL",
    "svelte": "Svelte",
    "swift": "Swift",
    "tsx": "TypeScript",
    "typescript": "TypeScript",
    "vue": "Vue",
    "zig": "Zig",
}
"""Languages that programs are written in; data, markup, styles and builds say little of a project."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the root.

    Attributes:
        name: As it is called.
        holds: What most of its files are, in words; empty where nothing stands out.
        readme: The document that tells of it; empty where there is none.
    """

    name: str
    holds: str
    readme: str = ""


def languages(tree: Tree) -> list[str]:
    """Name the languages, the one with the most files first."""
    return _most(_counted((path for path in tree.paths if not is_aside(path)), _of_headers(tree)))


def folders(tree: Tree) -> list[Folder]:
    """Describe the folders of the root, those of tools, whose names begin with a dot, aside."""
    inside: defaultdict[str, list[str]] = defaultdict(list)
    for path in tree.paths:
        name, slash, _ = path.partition("/")
        if slash and not name.startswith("."):
            inside[name].append(path)
    headers = _of_headers(tree)
    found = [Folder(name, _holds(paths, headers), _readme(name, paths)) for name, paths in inside.items()]
    return sorted(found, key=lambda folder: folder.name)[:MOST_FOLDERS]


def _of_headers(tree: Tree) -> str:
    """The language of headers: that of most of the sources that may include them."""
    counted = Counter(_known(tree.paths))
    return max(("C", "C++", "Objective-C"), key=lambda name: counted[name])


def _counted(paths: Iterable[str], headers: str) -> Counter[str]:
    found = Counter(_known(paths))
    found[headers] += found.pop(_HEADER, 0)
    return +found


def _most(counted: Counter[str]) -> list[str]:
    ordered = counted.most_common()
    most = ordered[0][1] if ordered else 0
    least = min(most, max(LEAST_SHARE * sum(counted.values()), LEAST_FILES))
    return [name for name, count in ordered if count >= least]


def _known(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        # A build in the language of what it builds, or in another, says nothing of the project.
        if path.endswith((".gradle.kts", ".gradle", ".rake", ".gemspec")):
            continue
        if path.endswith(".h"):
            yield _HEADER
        elif title := _TITLES.get(language_of(path) or ""):
            yield title


def _holds(paths: list[str], headers: str) -> str:
    counted = _counted(paths, headers)
    documents = sum(is_document(path) for path in paths)
    if documents > sum(counted.values()):
        return "documents" if documents * 2 > len(paths) else ""
    # Among data a script or two are not what a folder is about.
    return " and ".join(_most(counted)[:_IN_FOLDER]) if sum(counted.values()) * 4 >= len(paths) else ""


def _readme(name: str, paths: list[str]) -> str:
    here = [path for path in paths if posixpath.dirname(path) == name]
    return next(
        (path for path in here if posixpath.basename(path).lower() in {"readme.md", "readme.rst"}), ""
    )
