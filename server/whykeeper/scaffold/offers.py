"""What ``init`` offers a repository: documents that it lacks, clients, a section for agents."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from whykeeper.clients.files import read_file
from whykeeper.clients.receipts import Receipts
from whykeeper.clients.registration import Plan
from whykeeper.documents_folder import context_folder
from whykeeper.scaffold.agents_section import AGENTS_FILES, plan_section
from whykeeper.scaffold.documents import architecture, conventions, first_decision, patterns, plan_template
from whykeeper.scaffold.survey import Survey
from whykeeper_indexers.decisions.places import named_place
from whykeeper_indexers.errors import UserError
from whykeeper_indexers.git import run_git
from whykeeper_indexers.scan import Repository

__all__ = ["Offer", "Offers", "documents_offered", "without_ignored"]

RULES_LINES = 10
"""Lines from which an agents' file is where a team keeps its conventions."""
_TEMPLATE = ".whykeeper/templates/plan.md"
_SITES = {
    "mkdocs.yml": "MkDocs",
    "mkdocs.yaml": "MkDocs",
    "conf.py": "Sphinx",
    "docusaurus.config.js": "Docusaurus",
    "docusaurus.config.ts": "Docusaurus",
    "_config.yml": "Jekyll",
    "antora.yml": "Antora",
    "book.toml": "mdBook",
}
_ALIKE = {
    "architecture": re.compile(r"(?:[\w-]{0,40}-)?architecture|architecture-[\w-]{0,60}|arc42"),
    "conventions": re.compile(
        r"(?:[\w-]{0,40}-)?(?:conventions|style-?guide|code-style|coding-style|coding-standards|"
        r"(?:coding|code|style)-guidelines)"
    ),
    "patterns": re.compile(r"(?:[\w-]{0,40}-)?(?:patterns|anti-?patterns|pitfalls|best-practices)"),
}
"""By what names repositories have such documents already."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One file that could be written.

    Attributes:
        what: In words.
        path: Relative to the root.
        plan: The edit.
    """

    what: str
    path: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Offers:
    """All that could be done.

    Attributes:
        offers: In the order in which they are shown.
        there: What the repository has already, each in words.
        notes: What a person should know.
    """

    offers: tuple[Offer, ...] = ()
    there: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __add__(self, other: Offers) -> Offers:
        return Offers(self.offers + other.offers, self.there + other.there, self.notes + other.notes)


def documents_offered(repository: Repository, found: Survey, today: date, receipts: Receipts) -> Offers:
    """Offer the documents that a repository lacks, where it keeps its own, and the agents' section.

    Args:
        repository: The checkout.
        found: What it is.
        today: For the first decision record.
        receipts: Of what was put in before.
    """
    base = found.documents_folder or "docs"
    context = context_folder(found.documents)
    offered = Offers()
    for name, write in _WRITERS.items():
        path = f"{context}/{name}.md"
        if present := _alike(name, path, found):
            offered += Offers(there=(f"{name}: {present}",))
        else:
            offered += _new(repository, f"a document: {name}", path, write(found))
    offered += _decisions(repository, found, base, today)
    if (repository.root / _TEMPLATE).exists():
        offered += Offers(there=(f"a template for plans: {_TEMPLATE}",))
    else:
        offered += _new(repository, "a template for plans", _TEMPLATE, plan_template())
    offered += _section(repository, receipts)
    allowed = without_ignored(repository, offered)
    return replace(allowed, notes=(*allowed.notes, *_site_notes(found, context, allowed)))


_WRITERS: dict[str, Callable[[Survey], str]] = {
    "architecture": architecture,
    "conventions": conventions,
    "patterns": patterns,
}


def _alike(name: str, path: str, found: Survey) -> str:
    """The document that tells of the same already; empty where there is none."""
    if path in found.tree or (found.tree.root / path).exists():
        return path
    if name == "conventions":
        kept = next((each for each in AGENTS_FILES if _lines(found, each) >= RULES_LINES), "")
        if kept:
            return kept
    for document in found.documents:
        top = document.partition("/")[0]
        whole = "/" not in document or top in {found.documents_folder, ".github"}
        stem = PurePosixPath(document).stem.lower().replace("_", "-").replace(" ", "-")
        if whole and _ALIKE[name].fullmatch(stem) and named_place(document) is None:
            return document
    return ""


def _lines(found: Survey, path: str) -> int:
    return sum(bool(line.strip()) for line in found.tree.text(path).split("\n"))


def _new(repository: Repository, what: str, path: str, text: str) -> Offers:
    above = [repository.root / folder for folder in PurePosixPath(path).parents]
    if any(each.exists() and not each.is_dir() for each in above):
        return Offers(notes=(f"{path} is not offered: a file has the name of its folder",))
    try:
        file = read_file(repository.root / path, repository.root)
    except UserError as error:
        return Offers(notes=(f"{path} is not offered: {error.message}",))
    return Offers((Offer(what, path, Plan(file, text)),)) if file.raw is None else Offers(there=(path,))


def _decisions(repository: Repository, found: Survey, base: str, today: date) -> Offers:
    there = found.decisions
    if there.count:
        form = f", form {there.form}" if there.form else ""
        files = f"{there.count} file{'s' if there.count > 1 else ''}{form}"
        others = f"; {there.elsewhere} in other folders" if there.elsewhere else ""
        return Offers(there=(f"decisions: {there.folder or '.'} ({files}{others})",))
    folder = there.folder or f"{base}/decisions"
    path = posixpath.join(folder, "0001-record-architecture-decisions.md")
    return _new(
        repository, "a folder for decisions, with its first record", path, first_decision(folder, today)
    )


def _section(repository: Repository, receipts: Receipts) -> Offers:
    try:
        plan = plan_section(repository.root, receipts)
    except UserError as error:
        return Offers(notes=(f"no section on whykeeper is offered: {error.message}",))
    path = plan.file.path.relative_to(repository.root).as_posix()
    if plan.changes:
        return Offers((Offer("a section on whykeeper for agents", path, plan),))
    return Offers(notes=plan.notes) if plan.notes else Offers(there=(f"a section on whykeeper: {path}",))


def without_ignored(repository: Repository, offered: Offers) -> Offers:
    """Leave out what git would not see: nobody would get it, and it would not be found."""
    if not repository.is_git or not offered.offers:
        return offered
    asked = b"\0".join(offer.path.encode("utf-8", "surrogateescape") for offer in offered.offers)
    said = run_git(repository.root, ["check-ignore", "-z", "--stdin"], input=asked, ok=(0, 1))
    ignored = set(said.decode("utf-8", "surrogateescape").split("\0"))
    notes = [f"{path} is not offered: git ignores it here" for path in sorted(ignored - {""})]
    kept = tuple(offer for offer in offered.offers if offer.path not in ignored)
    return Offers(kept, offered.there, (*offered.notes, *notes))


def _site_notes(found: Survey, context: str, offered: Offers) -> Iterator[str]:
    """Say where documents are published from the folder that new ones would go to."""
    folder = found.documents_folder
    if not folder or not any(offer.path.startswith(f"{folder}/") for offer in offered.offers):
        return
    names: Sequence[str] = [*_SITES, *(f"{folder}/{name}" for name in _SITES)]
    site = next((name for name in names if name in found.tree), "")
    if site:
        told = f"{folder}/ may be published by {_SITES[posixpath.basename(site)]} ({site})"
        yield f"{told}: leave {context}/ out there, or list it, as you like"
