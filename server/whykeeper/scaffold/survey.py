"""What a repository is, as far as its files tell without a person."""

from __future__ import annotations

import hashlib
import posixpath
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath

from whykeeper.documents_folder import documents_folder
from whykeeper.scaffold.ecosystems.registry import ECOSYSTEMS
from whykeeper.scaffold.facts import Fact
from whykeeper.scaffold.languages import Folder, folders, languages
from whykeeper.scaffold.linters import linters
from whykeeper.scaffold.tree import Tree, is_aside, survey_tree
from whykeeper_indexers.conventions import convention_for
from whykeeper_indexers.decisions import DecisionLayout, decision_layout, parse_decision
from whykeeper_indexers.decisions.places import Place, named_place
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.scan import Repository
from whykeeper_indexers.types import SourceText

__all__ = ["Decisions", "Survey", "survey"]

SAMPLED = 30
"""Records read to see in which form they are."""

_KEEPERS = frozenset({".gitkeep", ".keep"})
"""Files without a text, there for git to have their folder."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decision records that are there.

    Attributes:
        folder: That has the most of them, or is prepared for them; empty where no folder is for them.
        count: Files in it that are records by their place.
        elsewhere: The same in other folders.
        form: In which most are written; empty where none could be read.
    """

    folder: str = ""
    count: int = 0
    elsewhere: int = 0
    form: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """A repository, surveyed.

    Attributes:
        tree: Its files.
        languages: The most used first.
        folders: Of the root.
        facts: What its builds, runners and containers say.
        linters: What is configured.
        decisions: Its records.
        rules: Its convention files.
        documents: The project's own documents.
        documents_folder: Where most of them lie; empty where there is no folder for them.
    """

    tree: Tree
    languages: tuple[str, ...]
    folders: tuple[Folder, ...]
    facts: tuple[Fact, ...]
    linters: tuple[Fact, ...]
    decisions: Decisions
    rules: tuple[str, ...]
    documents: tuple[str, ...]
    documents_folder: str


def survey(repository: Repository) -> Survey:
    """Look at all files of a repository, and read those that say how it is built.

    Raises:
        RepositoryError: It cannot be read.
    """
    tree = survey_tree(repository)
    facts = (fact for ecosystem in ECOSYSTEMS for fact in ecosystem.read(tree))
    own = [path for path in tree.own() if is_document(path)]
    return Survey(
        tree=tree,
        languages=tuple(languages(tree)),
        folders=tuple(folders(tree)),
        facts=tuple(dict.fromkeys(facts)),
        linters=tuple(linters(tree)),
        decisions=_decisions(tree),
        rules=tuple(path for path in tree.own() if convention_for(path)),
        documents=tuple(own),
        documents_folder=documents_folder(own),
    )


def _decisions(tree: Tree) -> Decisions:
    layout = decision_layout(tree.root, tree.paths)
    records = sorted(path for path in layout.candidates if not is_aside(path))
    parsed = {path: form for path in records[:SAMPLED] if (form := _form(tree, path, layout))}
    if not records:
        return Decisions(_prepared_folder(tree))
    folders_of = Counter(posixpath.dirname(path) for path in records)
    folder, count = folders_of.most_common(1)[0]
    forms = Counter(parsed.values()).most_common(1)
    return Decisions(folder, count, len(records) - count, forms[0][0] if forms else "")


def _form(tree: Tree, path: str, layout: DecisionLayout) -> str:
    text = tree.text(path)
    source = SourceText(path, text, hashlib.sha256(text.encode()).hexdigest())
    parsed = parse_decision(source, layout)
    return parsed.decision.form if parsed and parsed.decision else ""


def _prepared_folder(tree: Tree) -> str:
    """A folder for decisions without a record yet: a template, a README or what keeps it in git is in it."""
    placed = (
        named_place(path)
        for path in tree.own()
        if PurePosixPath(path).suffix in {".md", ".rst", ".adoc"} or posixpath.basename(path) in _KEEPERS
    )
    named = [folder for each in placed if each for place, folder in [each] if place is Place.DECISIONS]
    return min(named, key=lambda folder: (folder.count("/"), folder), default="")
