"""``whykeeper links``: what joins documents and code, as data."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from whykeeper.reading import Source
from whykeeper.staleness import finding_row
from whykeeper.symbol_links import SHORTEST, SymbolNames
from whykeeper_indexers.catalog import Catalog, last_part
from whykeeper_indexers.conventions.globs import matches
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.errors import NotFoundError
from whykeeper_indexers.freshness.commands import runner_and_target, targets_now
from whykeeper_indexers.freshness.places import Paths
from whykeeper_indexers.link_types import Freshness, Reference, ReferenceKind
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from whykeeper.memory import Memory

__all__ = ["called_before", "folder_references", "links_of", "references_to"]

MOST_NAMING = 50
"""Documents listed of one file."""
MOST_NAMED = 200
"""Names listed of one document."""
MOST_COMMITS = 400
"""Of one file, looked at for the names that it had before."""
MOST_TOGETHER = 10
LEAST_TOGETHER = 2
"""Commits that changed two files both: one may be an accident."""

_ABSENT = "not in the index"

_Targets = Callable[[str], set[str] | None]


def links_of(memory: Memory, path: str) -> dict[str, Any]:
    """Say what a file is linked with.

    Args:
        memory: The checkout's.
        path: A file of code or a document, relative to the root.

    Returns:
        ``named_by``: documents that name it, each with ``path``, ``kind``, ``status`` and ``places`` (line,
        kind, name as written, how), and ``formerly`` where that is a name it had before; ``names``: what it
        names itself, each with its ``state``; ``changed_with``: what the same commits changed, documents of
        code and code of documents.

    Raises:
        NotFoundError: There is no such path, and no document names it.
    """
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    with catalog.snapshot():
        entries = catalog.file_entries(checkout)
        kinds = {each.path: each.kind for each in entries if each.kind is not None}
        files = Paths(each.path for each in entries)
        kind = kinds.get(path)
        before = called_before(catalog, checkout, memory.repository.root, path)
        found = {
            "path": path or ".",
            "kind": kind.value if kind else None,
            "named_by": _naming(catalog, checkout, path, files, kinds, before),
            "names": _names(memory, path, files),
            "changed_with": _together(catalog, checkout, path, kinds),
        }
    gone = path not in files and not os.path.lexists(memory.repository.root / path)
    if gone and not found["named_by"]:
        raise NotFoundError(f"there is no file or folder {path}", "search_memory finds what there is")
    return found


def references_to(catalog: Catalog, checkout: int, path: str) -> dict[str, list[Reference]]:
    """What other documents say by which they name a file: its path, a glob, a symbol that it alone defines.

    Args:
        catalog: Of the repository.
        checkout: Its number there.
        path: The file, relative to the root; one that is gone is looked for as if it were there.
    """
    entries = catalog.file_entries(checkout)
    kinds = {each.path: each.kind for each in entries if each.kind is not None}
    return _references_to(catalog, checkout, path, Paths([path, *(each.path for each in entries)]), kinds)


def called_before(catalog: Catalog, checkout: int, root: Path, path: str) -> list[str]:
    """Older names of a file, as far as the index knows the history, that nothing is called now.

    Args:
        catalog: Of the repository.
        checkout: Its number there.
        root: The checkout.
        path: The file, relative to the root.
    """
    names = [path]
    for commit in catalog.commits_touching(checkout, path, MOST_COMMITS):
        names += [old for new, old in commit.renames.items() if new in names and old not in names]
    return [each for each in names[1:] if not os.path.lexists(root / each)]


def folder_references(catalog: Catalog, checkout: int, path: str) -> dict[str, list[Reference]]:
    """What documents say by which they name a folder that a path lies in, or that it is.

    Args:
        catalog: Of the repository.
        checkout: Its number there.
        path: A file or folder, relative to the root.

    Returns:
        To each document its references, those of the nearest folder first.
    """
    folders: list[str] = [path]
    while folders[-1]:
        folders.append(posixpath.dirname(folders[-1]))
    files = Paths(each.path for each in catalog.file_entries(checkout))
    depths = {each: -each.count("/") for each in folders if each and each in files.folders}
    found: dict[str, list[tuple[int, Reference]]] = {}
    for document, references in catalog.naming(
        checkout, [posixpath.basename(each).lower() for each in depths]
    ).items():
        for each in references:
            meant = files.found(each.target, document, each.form) if each.kind is ReferenceKind.PATH else []
            if len(meant) == 1 and meant[0] in depths:
                found.setdefault(document, []).append((depths[meant[0]], each))
    return {
        document: [each for _, each in sorted(pairs, key=lambda pair: pair[0])]
        for document, pairs in found.items()
    }


def _references_to(
    catalog: Catalog, checkout: int, path: str, files: Paths, kinds: Mapping[str, Kind]
) -> dict[str, list[Reference]]:
    symbols = SymbolNames(catalog, checkout)
    defined = _defined(catalog, checkout, path)
    # A folder is named by what ends like it, a file without its ending too: links to pages leave that out.
    names = [
        posixpath.basename(path).lower(),
        posixpath.splitext(posixpath.basename(path))[0].lower(),
        *defined,
    ]
    found: dict[str, list[Reference]] = {}

    for document, references in catalog.naming(checkout, names).items():
        meant = [each for each in references if _means(each, document, path, files, symbols)]
        if meant and document != path:
            found[document] = meant
    for document, globs in _globs(catalog, checkout, kinds).items():
        if document != path and (taking := [each for each in globs if matches((each.target,), path)]):
            found[document] = [*found.get(document, ()), *taking]
    return {document: references for document, references in found.items() if document in kinds}


def _naming(
    catalog: Catalog,
    checkout: int,
    path: str,
    files: Paths,
    kinds: Mapping[str, Kind],
    before: Sequence[str],
) -> list[dict[str, Any]]:
    found = _references_to(catalog, checkout, path, Paths([path, *files.files]), kinds)
    formerly: dict[str, str] = {}
    for name in before:
        under = _references_to(catalog, checkout, name, Paths([name, *files.files]), kinds)
        for document, references in under.items():
            # A glob says nothing of a file that has left what it takes in.
            paths = [each for each in references if each.kind is ReferenceKind.PATH]
            if paths and document not in found and document != path:
                found[document], formerly[document] = paths, name
    decisions = catalog.decisions(checkout)
    order = {Kind.DECISION: 0, Kind.CONVENTION: 1}
    ranked = sorted(
        found, key=lambda document: (order.get(kinds[document], 2), -len(found[document]), document)
    )
    return [
        {
            "path": document,
            "kind": kinds[document].value,
            "status": decisions[document].status if document in decisions else None,
            **({"formerly": formerly[document]} if document in formerly else {}),
            "governs": document in decisions and decisions[document].in_force,
            "places": [_place(each) for each in found[document]],
        }
        for document in ranked[:MOST_NAMING]
    ]


def _defined(catalog: Catalog, checkout: int, path: str) -> frozenset[str]:
    """What a file defines, by the names that it is looked up by."""
    names = (last_part(ReferenceKind.SYMBOL, each) for each in catalog.defined(checkout, path))
    return frozenset(name for name in names if len(name) >= SHORTEST)


def _means(reference: Reference, document: str, path: str, files: Paths, symbols: SymbolNames) -> bool:
    if reference.kind is ReferenceKind.PATH:
        return files.found(reference.target, document, reference.form) == [path]
    return reference.kind is ReferenceKind.SYMBOL and symbols.files(reference.target, document) == [path]


def _globs(catalog: Catalog, checkout: int, kinds: Mapping[str, Kind]) -> dict[str, list[Reference]]:
    found: dict[str, list[Reference]] = {}
    for document, kind in kinds.items():
        if kind is Kind.CODE:
            continue
        for each in catalog.references(checkout, document):
            if each.kind is ReferenceKind.GLOB:
                found.setdefault(document, []).append(each)
    return found


def _names(memory: Memory, path: str, files: Paths) -> list[dict[str, Any]]:
    catalog, checkout = memory.store.catalog, memory.indexer.checkout
    report = catalog.freshness(checkout, [path]).get(path)
    found = report.findings if report else ()
    worse = {(each.line, each.kind, each.target): each for each in found}
    # Kept once of a name, where it stands first: what is gone is so wherever else it is named.
    gone = {
        _meant_path(path, each.target): each
        for each in reversed(found)
        if each.kind is ReferenceKind.PATH and each.state in (Freshness.BROKEN, Freshness.AGEING)
    }
    symbols = SymbolNames(catalog, checkout)
    source = Source(memory.repository, memory.options)
    targets = cache(lambda runner: targets_now(runner, files, lambda each: source.text(each) or ""))
    rows = []
    for each in catalog.references(checkout, path)[:MOST_NAMED]:
        row = _place(each)
        finding = worse.get((each.line, each.kind, each.target))
        state = None if finding else _state(path, each, files, symbols, targets)
        if state == _ABSENT and not each.past:
            finding = gone.get(_meant_path(path, each.target))
        row["state"] = finding_row(finding) if finding else state
        rows.append(row)
    return rows


def _state(path: str, reference: Reference, files: Paths, symbols: SymbolNames, targets: _Targets) -> str:
    if reference.kind is ReferenceKind.PATH:
        found = files.found(reference.target, path, reference.form)
        return f"there: {found[0]}" if len(found) == 1 else "there" if found else _ABSENT
    if reference.kind is ReferenceKind.GLOB:
        count = sum(matches((reference.target,), each) for each in files.files)
        return f"there: {count} files" if count else "matches nothing"
    if reference.kind is ReferenceKind.SYMBOL:
        if places := symbols.files(reference.target, path):
            return f"there: {', '.join(places[:3])}"
        like = symbols.like_named(reference.target)
        return f"another of that name is in {', '.join(like[:3])}" if like else "not defined here"
    if reference.kind is ReferenceKind.COMMAND:
        runner, target = runner_and_target(reference.target)
        known = targets(runner)
        if known is None:
            return "not known: some targets are computed"
        return "there" if target in known else "no such target"
    return "not looked up"


def _meant_path(document: str, target: str) -> str:
    """A path as it is from the root, however the document writes it."""
    plain = target.rstrip("/")
    if plain.startswith("."):
        plain = posixpath.normpath(posixpath.join(posixpath.dirname(document), plain))
    return plain


def _together(catalog: Catalog, checkout: int, path: str, kinds: Mapping[str, Kind]) -> list[dict[str, Any]]:
    """Of code the documents, of a document the code; of anything else both."""
    document = kinds.get(path, Kind.CODE) is not Kind.CODE or is_document(path)
    found = []
    for other, commits, newest in catalog.changed_together(checkout, path, 200):
        if commits >= LEAST_TOGETHER and other in kinds and (kinds[other] is Kind.CODE) == document:
            found.append({"path": other, "commits": commits, "newest": newest})
    return found[:MOST_TOGETHER]


def _place(reference: Reference) -> dict[str, Any]:
    return {
        "line": reference.line,
        "kind": reference.kind.value,
        "name": reference.target,
        "form": reference.form,
    }
