"""What a document describes changes, and the document does not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from random import Random

from tree_sitter import Node

from benchmarks.verify.faults import Expected, Fault, Named
from benchmarks.verify.names import another_name
from benchmarks.verify.planters.placing import sound
from benchmarks.verify.scene import Scene
from benchmarks.verify.source import Edit, Function, apply, text_of, walk
from benchmarks.verify.symbols import Symbol, defined, renamed

__all__ = ["plant_stale_document"]

_CHECK = "documents"
_ENDINGS = (".md", ".mdx", ".rst", ".adoc")
_NO_PAGES = re.compile(r"change|history|news|release|licen[cs]e|code_of_conduct|migrat", re.IGNORECASE)
_FOLDERS = ("docs", "docs/design", "docs/notes", "doc/internals")
_NUMBERS = {"integer", "number", "int_literal", "decimal_integer_literal", "float", "float_literal"}
_MOVABLE = (".py", ".ts", ".go", ".java", ".sh")
MOST_FILES = 25
"""In which a name stands that is changed everywhere."""


def plant_stale_document(scene: Scene, chance: Random) -> Fault | None:
    """A symbol, a file or a value becomes another everywhere in code, and a page tells of the old one."""
    form = chance.choice(
        ("real page", "real page", "symbol", "symbol", "file", "value", "signature", "record")
    )
    if form == "file":
        return _moved(scene, chance)
    if form == "value":
        return _value(scene, chance)
    options = [each for each in defined(scene) if re.search(r"[a-z][A-Z_]|[A-Za-z]_[a-z]", each.name)]
    if form == "signature":
        options = [each for each in options if each.function is not None]
    if form == "real page":
        pages = _pages(scene)
        named = {word for text in pages.values() for word in _in_code(text)}
        options = [each for each in options if each.name in named]
    for symbol in chance.sample(options, min(20, len(options))):
        made = (
            _signature(scene, chance, symbol)
            if form == "signature"
            else _renamed(scene, chance, symbol, form)
        )
        if made is not None:
            return made
    return None


def _pages(scene: Scene) -> Mapping[str, str]:
    """The repository's own pages, but for those that tell of the past and those of the real change."""
    return scene.tree.texts(
        [
            path
            for path in scene.paths
            if path.endswith(_ENDINGS)
            and path not in scene.change.paths
            and not _NO_PAGES.search(path)
            and "v3" not in path
        ]
    )


def _in_code(text: str) -> set[str]:
    """Words that stand alone or as a member in backticks."""
    return {
        word
        for span in re.findall(r"``?([^`\n]{3,80})``?", text)
        for word in re.findall(r"\b[A-Za-z_]\w{4,}\b", span)
    }


def _renamed(scene: Scene, chance: Random, symbol: Symbol, form: str) -> Fault | None:
    where = scene.using(symbol.name)
    if len(where) > MOST_FILES or any(path in scene.change.paths for path in where):
        return None
    try:
        snake = scene.language == "python" and "_" in symbol.name
        new = another_name(symbol.name, chance, (), snake=snake)
        # Some replace the word wherever it stands, some what their editor takes for the symbol.
        everywhere = chance.random() < 0.67
        writes: dict[str, str | None] = {
            path: _replaced(scene.text(path), symbol.name, new)
            if everywhere
            else renamed(scene.source(path), symbol.name, new)
            for path in where
        }
    except ValueError:
        return None
    writes = {path: text for path, text in writes.items() if text != scene.text(path)}
    if symbol.file.path not in writes:
        return None
    if form == "real page":
        setup: dict[str, str] = {}
        pages = sorted(path for path, text in _pages(scene).items() if symbol.name in _in_code(text))
    else:
        setup = _page(scene, chance, symbol, form)
        pages = sorted(setup)
    what = f"{symbol.name} of {symbol.file.path} is {new} now, and {', '.join(pages)} tell of the old name"
    return _fault(f"{form}: {symbol.kind} renamed", what, writes, setup, pages, symbol.name)


def _replaced(text: str, name: str, new: str) -> str:
    return re.sub(rf"(?<![\w$]){re.escape(name)}(?![\w$])", lambda _: new, text)


def _page(scene: Scene, chance: Random, symbol: Symbol, form: str) -> dict[str, str]:
    path, name = symbol.file.path, symbol.name
    if form == "record":
        return {
            "docs/decisions/0012-one-place-for-it.md": (
                "---\nstatus: accepted\ndate: 2026-01-15\n---\n\n# One place for it\n\n## Context\n\n"
                "It was done in several places, each a little otherwise.\n\n## Decision\n\n"
                f"`{name}` in `{path}` does it, and"
                " nothing else.\n\n## Consequences\n\nWhoever needs it calls that.\n"
            )
        }
    folder = chance.choice(_FOLDERS)
    page = posixpath.join(folder, chance.choice(("internals.md", "overview.md", "how-it-works.md")))
    if page in scene.tree.blobs:
        page = posixpath.join(folder, "inside.md")
    wording = chance.choice(
        (
            f"The work is done by `{name}`, in `{path}`. Read it first.",
            f"| what | where |\n| --- | --- |\n| the entry point | `{name}` |\n| its file | `{path}` |",
            f"1. A call arrives.\n2. `{name}` takes it and hands the rest on.\n3. The caller goes on.",
            f"Start with [{name}]({posixpath.relpath(path, folder)}): everything goes through `{name}`.",
        )
    )
    return {page: f"# How it works\n\nThis page is for people who work on the code.\n\n{wording}\n"}


def _moved(scene: Scene, chance: Random) -> Fault | None:
    """A file that no code names gets another name, and a page gives the old one."""
    options = [
        path
        for path in scene.paths
        if re.search(r"(?:^|/)(?:tests?|scripts?|examples?|bench)/", path) or path.endswith("_test.go")
        if path.endswith(_MOVABLE) and path not in scene.change.paths and not path.startswith(".")
        if "__init__" not in path and "conftest" not in path
    ]
    if not options:
        return None
    path = chance.choice(options)
    stem, ending = posixpath.splitext(path)
    tail = "_test" if stem.endswith("_test") else ""
    target = f"{stem.removesuffix('_test')}_cases{tail}{ending}"
    if target in scene.tree.blobs or scene.tree.text(path) is None:
        return None
    wording = chance.choice(
        (
            f"What must hold is written down in `{path}`; add to it when you change the behaviour.",
            f"See [{posixpath.basename(path)}](../{path}) for how it is meant to be used.",
            f"```sh\ncat {path}\n```\n\nshows how it is used.",
        )
    )
    page = "docs/working-on-it.md"
    if page in scene.tree.blobs or page in scene.change.paths:
        return None
    setup = {page: f"# Working on it\n\n{wording}\n"}
    what = f"{path} is {target} now, and {page} gives the old path"
    writes: dict[str, str | None] = {path: None, target: scene.text(path)}
    # What names a file that is gone is told with all else that still uses it.
    return _fault("file moved", what, writes, setup, [page], "", (_CHECK, "boundaries"))


def _value(scene: Scene, chance: Random) -> Fault | None:
    """A constant or a default is another number, and a page gives the old one."""
    options = [found for each in defined(scene) if (found := _number(each))]
    if not options:
        return None
    symbol, number = chance.choice(options)
    old = text_of(number)
    new = str(int(old) * 2) if old.isdigit() else "0.75"
    text = apply(symbol.file.data, [Edit(number.start_byte, number.end_byte, new)])
    page = posixpath.join(chance.choice(_FOLDERS), "limits.md")
    label = "default" if symbol.function is not None else "value"
    said = chance.choice(
        (
            f"The {label} of `{symbol.name}` is {old}.",
            f"`{symbol.name}` (in `{symbol.file.path}`) is set to `{old}`.",
            f"| name | {label} |\n| --- | --- |\n| `{symbol.name}` | `{old}` |",
        )
    )
    setup = {page: f"# Limits\n\nNumbers that are worth knowing.\n\n{said}\n"}
    what = f"{symbol.name} of {symbol.file.path} is {new} now, and {page} says {old}"
    return _fault("value", what, {symbol.file.path: text}, setup, [page], symbol.name)


def _number(symbol: Symbol) -> tuple[Symbol, Node] | None:
    """The one number that a constant is."""
    if symbol.function is not None or symbol.kind == "class":
        return None
    found = [each for each in walk(symbol.outer) if each.type in _NUMBERS]
    if len(found) != 1 or text_of(found[0]) in ("0", "1") or len(text_of(symbol.outer)) > 160:
        return None
    parent = found[0].parent
    simple = parent is not None and parent.type in _ASSIGNED
    return (symbol, found[0]) if simple and re.fullmatch(r"\d+(\.\d+)?", text_of(found[0])) else None


_ASSIGNED = {"assignment", "variable_declarator", "const_spec", "var_spec", "expression_list"}


def _signature(scene: Scene, chance: Random, symbol: Symbol) -> Fault | None:
    """A parameter is called otherwise, and a page shows how the function is called with it."""
    function = symbol.function
    assert function is not None
    names = _parameters(function)
    if not names or symbol.file.path in scene.change.paths:
        return None
    old = chance.choice(names)
    new = f"{old}_value" if scene.language == "python" else f"{old}Value"
    edits = [
        Edit(node.start_byte, node.end_byte, new)
        for node in walk(function.node)
        if node.type == "identifier" and text_of(node) == old and not _is_member(node)
    ]
    page = posixpath.join(chance.choice(_FOLDERS), "reference.md")
    listed = ", ".join(names)
    said = chance.choice(
        (
            f"## `{symbol.name}({listed})`\n\n- `{old}`: what it works on.",
            f"`{symbol.name}({listed})` in `{function.path}` takes `{old}` as it is, and never changes it.",
        )
    )
    setup = {page: f"# Reference\n\n{said}\n"}
    text = apply(function.file.data, edits)
    if not sound(function.path, function.file.text, text, scene.language):
        return None
    what = f"{old} of {symbol.name} in {function.path} is {new} now, and {page} says {old}"
    return _fault("parameter renamed", what, {function.path: text}, setup, [page], symbol.name)


def _parameters(function: Function) -> list[str]:
    listed = function.parameters
    if listed is None:
        return []
    found = []
    for each in listed.named_children:
        name = each.child_by_field_name("name") or each.child_by_field_name("pattern") or each
        name = next((e for e in [name, *name.named_children] if e.type == "identifier"), name)
        said = text_of(name)
        if re.fullmatch(r"[A-Za-z]\w{2,}", said) and said not in ("self", "cls", "this"):
            found.append(said)
    return found


def _is_member(node: Node) -> bool:
    parent = node.parent
    return parent is not None and any(
        parent.type == kind and parent.child_by_field_name(field) == node
        for kind, field in (
            ("attribute", "attribute"),
            ("keyword_argument", "name"),
            ("field_access", "field"),
            ("method_invocation", "name"),
        )
    )


def _fault(
    form: str,
    what: str,
    writes: Mapping[str, str | None],
    setup: Mapping[str, str],
    pages: list[str],
    name: str,
    checks: tuple[str, ...] = (_CHECK,),
) -> Fault:
    words = frozenset([name]) if name else frozenset()
    paths = frozenset(writes)
    named = tuple(Named(page) for page in pages)
    at_page = [Expected(check, frozenset(pages), words=words) for check in checks]
    at_code = [Expected(check, paths, evidence=named, words=words) for check in checks]
    return Fault(form, what, writes, (*at_page, *at_code), setup)
