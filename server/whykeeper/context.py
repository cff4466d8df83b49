"""``get_context``: what binds some files or a task, most binding first.

Which documents bind is decided by ``conventions.binding``; here their evidence is collected (who
speaks of the file) and the passage of each is chosen that says most about it.
"""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate
from pathlib import Path

from whykeeper.answers import GoverningItem, RuleItem
from whykeeper.bindings import Bindings
from whykeeper.effective_rules import Chosen, EffectiveRules
from whykeeper.results import governing_item
from whykeeper.rule_conflicts import PROSE, checkout_conventions
from whykeeper_indexers.catalog import Catalog, StoredChunk
from whykeeper_indexers.code import symbols_of
from whykeeper_indexers.conventions import (
    Governing,
    applies,
    cited_documents,
    find_mentions,
    governing,
    imported_by,
    precedence,
    search_words,
)
from whykeeper_indexers.decisions import heirs_of
from whykeeper_indexers.decisions.sections import is_appendix, is_conclusion, is_rejection
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.errors import QueryError, WhykeeperError
from whykeeper_indexers.git import GitError, run_git
from whykeeper_indexers.search.budget import fit
from whykeeper_indexers.search.candidates import Candidate
from whykeeper_indexers.search.engine import search
from whykeeper_indexers.search.framing import binding_line
from whykeeper_indexers.search.freshness import freshness_of
from whykeeper_indexers.search.likeness import Alike, comparable, documents_alike
from whykeeper_indexers.search.open_paths import open_file
from whykeeper_indexers.search.recall import Recall, SearchRequest
from whykeeper_indexers.types import ConventionRecord, DecisionRecord, Kind, Role

__all__ = ["Context", "ContextRequest", "context_of"]

_log = logging.getLogger(__name__)

MOST_PATHS = 20
"""Looked at in one call, some 40 ms each; a longer list is a whole change, and says so little of any."""
MOST_NAMED = 5
"""Of what the budget leaves out."""
MOST_DOCUMENTS = 20
"""Governing documents in an answer; the budget usually cuts earlier."""
SEARCHED = 60
"""Passages looked at for mentions of a file; they stand for some 30 documents."""
READ_WHOLE = 6
"""Documents read whole although they are no records; with passages alone nDCG@10 is 0.003 lower."""
MAX_CHARACTERS = 30_000
"""Of one document: its beginning says what it is about."""
LIKE_NAMED = 20
"""Paths looked at to see whether one alone ends with a name."""
RELATED = 6
"""Passages about the task, beside what governs."""
FILES_SAMPLED = 300
"""Of a folder, to see whether a rule binds some of them."""
MOST_RULED = 500
"""Paths whose convention files are looked for: that takes no search."""
RULES_SHARE = 0.5
"""Of the budget, for rules, where decisions or notes bind as well."""
RULES_ALONE = 0.8
"""The same where nothing else binds."""

_BELOW = 0.2
"""Score of a rule for a part of the folder that was asked about: less than any rule for all of it."""
_IMPORTED = 0.05
"""What an imported file comes after the file that imports it."""


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """What is about to be done.

    Attributes:
        paths: Relative to the root, files or folders, which need not exist yet; empty for none.
        task: In words; empty for none.
        budget: Most tokens of what is shown, notes aside.
    """

    paths: Sequence[str]
    task: str
    budget: int


@dataclass(frozen=True, slots=True)
class Context:
    """What binds it.

    Attributes:
        governing: Passages, most binding first, each with the reason.
        conventions: Paths of the convention files that apply, most specific first.
        related: What else is recorded about the task.
        notes: What the caller must know about how the answer came about.
        tokens: What the rules and the governing passages take of the budget.
        rules: Of the convention files, by precedence; their passages are not shown again.
        enforced: Linters and formatters of the paths, with their places.
        conflicts: What of it cannot both be followed.
    """

    governing: list[GoverningItem]
    conventions: list[str]
    related: list[GoverningItem]
    notes: list[str]
    tokens: int = 0
    rules: list[RuleItem] = field(default_factory=list)
    enforced: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def context_of(request: ContextRequest, recall: Recall, root: Path) -> Context:
    """Say what binds some files or a task.

    Args:
        request: Paths, a task, or both.
        recall: The checkout's view of its stores.
        root: Of the checkout.

    Raises:
        QueryError: Neither a path nor a task was given, or the task is far too long.
    """
    if not request.paths and not request.task:
        raise QueryError("neither a path nor a task was given", "name the files you are about to change")
    if not request.task:
        return _Places(recall, root).govern(request.paths, "", request.budget)
    # A task alone is best served by what is recorded about it; with paths, these come first.
    share = request.budget * 2 // 3 if request.paths else request.budget // 3
    found = _Places(recall, root).govern(request.paths or ("",), request.task, share)
    shown = {item.path for item in found.governing} | set(request.paths)
    left = request.budget - max(share, found.tokens)
    related, notes = _related(request, recall, max(left, 0), shown)
    return replace(found, related=related, notes=[*found.notes, *notes])


def _related(
    request: ContextRequest, recall: Recall, budget: int, shown: set[str | None]
) -> tuple[list[GoverningItem], list[str]]:
    read = partial(recall.catalog.file_text, recall.checkout)
    near = tuple(open_file(path, read(path)) for path in request.paths[:MOST_PATHS] if path)
    answer = search(SearchRequest(request.task, limit=RELATED, budget=budget, near=near), recall)
    if not answer.confident:
        return [], [*answer.notes, "nothing that is recorded clearly speaks of this task"]
    if answer.tokens > budget:
        return [], [f"what is recorded about the task does not fit the budget of {request.budget:,} tokens"]
    related = [governing_item(each) for each in answer.results if each.path is None or each.path not in shown]
    return related, list(answer.notes)


class _Places:
    """What is recorded in a checkout, to be asked about places in it."""

    def __init__(self, recall: Recall, root: Path) -> None:
        self._recall = recall
        self._root = root
        self._catalog: Catalog = recall.catalog
        self._checkout = recall.checkout
        self._conventions: Mapping[str, ConventionRecord] = {}
        self._decisions: Mapping[str, DecisionRecord] = {}
        self._heirs: Mapping[str, Sequence[str]] = {}
        self._services: Mapping[str, str] = {}
        self._documents = 0
        self._imports: dict[str, tuple[str, ...]] = {}
        self._defined: dict[str, list[str]] = {}
        self._noted: defaultdict[str, list[str]] = defaultdict(list)

    def govern(self, paths: Sequence[str], task: str, budget: int) -> Context:
        """Say what binds some places, each document once and by its best reason."""
        best: dict[str, Governing] = {}
        passages: dict[str, StoredChunk] = {}
        of_path: dict[str, str] = {}
        bound: defaultdict[str, set[str]] = defaultdict(set)
        notes = _too_many(paths)
        with self._catalog.snapshot():
            self._load()
            bindings = Bindings(self._conventions, self._imported)
            for path in paths[:MOST_PATHS]:
                hits = self._speaking(path, task)
                alike = self._alike(path)
                for name, (_, nearest) in alike.items():
                    hits.setdefault(name, [nearest])
                binding = list(self._binding(path, hits, alike))
                brought_in = list(self._brought_in(path, binding))
                for found in (*binding, *brought_in):
                    bindings.add(found, path, hits.get(found.path, ()))
                    bound[found.path].add(path)
                    if found.path in best and found.order >= best[found.path].order:
                        continue
                    if passage := self._passage(found.path, hits):
                        best[found.path], passages[found.path] = found, passage
                        of_path[found.path] = path
                self._unknown(path)
            bindings.add_places(paths[MOST_PATHS:MOST_RULED])
            if len(paths) > 1:
                for name, found in best.items():
                    others = f"; binds {len(bound[name]) - 1} more of them" if len(bound[name]) > 1 else ""
                    best[name] = replace(found, reason=f"{of_path[name]}: {found.reason}{others}")
            ranked = sorted(best.values(), key=lambda each: each.order)[:MOST_DOCUMENTS]
            conventions = self._by_precedence(best.keys(), bindings, paths)
            rules = EffectiveRules(
                bindings.of(conventions),
                asked=paths[:MOST_RULED],
                files=[file for path in paths[:MOST_PATHS] for file in self._files_of(path)],
                symbols={path: self._symbols(path) for path in paths[:MOST_PATHS] if path},
                task=task,
                conventions=self._conventions,
                recall=self._recall,
                root=self._root,
            )
        chosen, items, tokens = self._shown(rules, ranked, passages, budget)
        shown = {item.path for item in items}
        notes += [
            *_gathered(self._noted),
            *chosen.notes,
            *self._left_out([each for each in ranked if each.path not in shown]),
        ]
        return Context(items, conventions, [], notes, tokens, chosen.rules, chosen.enforced, chosen.conflicts)

    def _by_precedence(
        self, governing: Collection[str], bindings: Bindings, paths: Sequence[str]
    ) -> list[str]:
        """The convention files that apply, most specific first, each before what it imports."""

        def nearest(name: str) -> tuple[int, int, int, int, str]:
            places = bindings.places(name) or paths
            return min(precedence(self._conventions[name], name, path) for path in places)

        applying = {*governing, *bindings.names} & self._conventions.keys()
        names = (name for rules in sorted(applying, key=nearest) for name in (rules, *self._imported(rules)))
        return list(dict.fromkeys(names))

    def _shown(
        self,
        rules: EffectiveRules,
        ranked: Sequence[Governing],
        passages: Mapping[str, StoredChunk],
        budget: int,
    ) -> tuple[Chosen, list[GoverningItem], int]:
        """Share the budget among rules and passages; what these leave is the rules'."""
        others = any(each.binds and each.path not in rules.files for each in ranked)
        chosen = rules.choose(int(budget * (RULES_SHARE if others else RULES_ALONE)))
        told = rules.files if chosen.rules else frozenset()
        items, tokens = _items(ranked, passages, self._recall, budget - chosen.tokens, told)
        if chosen.notes or chosen.tokens + tokens > budget:
            chosen = rules.choose(budget - tokens)
        return chosen, items, chosen.tokens + tokens

    def _files_of(self, path: str) -> list[str]:
        """A file, or some of those in a folder."""
        return self._files_below(path) or [path] if path else []

    def _load(self) -> None:
        catalog, checkout = self._catalog, self._checkout
        self._conventions = checkout_conventions(catalog, checkout)
        self._decisions = catalog.decisions(checkout)
        replaced = [path for path, record in self._decisions.items() if not record.in_force]
        self._heirs = {path: heirs for path in replaced if (heirs := heirs_of(path, self._decisions))}
        with_code = catalog.folders_with(checkout, Kind.CODE)
        documents = catalog.service_documents(checkout)
        self._services = {path: folder for path, folder in documents.items() if folder in with_code}
        self._documents = catalog.count_files(checkout, PROSE)

    def _binding(self, path: str, hits: Mapping[str, list[StoredChunk]], alike: Alike) -> Iterator[Governing]:
        if not path:
            yield from self._binding_everything()
            return
        below = self._files_below(path)
        mentions = find_mentions(
            path,
            self._texts(hits),
            symbols=self._symbols(path),
            titles={name: chunks[0].file.title for name, chunks in hits.items() if chunks[0].file},
            of=self._documents,
        )
        # Seen from inside, so that what binds a folder is what binds whatever is put into it.
        place = f"{path}/" if below else path
        found = governing(
            place,
            self._conventions,
            self._decisions,
            self._services,
            mentions=mentions,
            alike={name: nearer for name, (nearer, _) in alike.items()},
            cited=self._cited(path),
            heirs=self._heirs,
        )
        yield from (each for each in found if each.path != path)
        yield from self._binding_parts(path, below, {each.path for each in found})

    def _binding_everything(self) -> Iterator[Governing]:
        """What binds whatever a task may touch: no more is known of the places."""
        for path, record in self._conventions.items():
            if not record.scope.folder and applies(record.scope, "any"):
                yield Governing(path, "binds the whole repository", 0.0)

    def _binding_parts(self, folder: str, files: Sequence[str], found: set[str]) -> Iterator[Governing]:
        for path, record in self._conventions.items():
            if path in found:
                continue
            bound = [each for each in files if applies(record.scope, each)]
            if bound:
                some = f"{bound[0]}" if len(bound) == 1 else f"{bound[0]} and {len(bound) - 1} more"
                yield Governing(path, f"binds a part of {folder}: {some}", _BELOW)

    def _brought_in(self, path: str, binding: Sequence[Governing]) -> Iterator[Governing]:
        """What conventions that bind import, which binds as they do."""
        for each in binding:
            for name in self._imported(each.path):
                if name != path:
                    yield Governing(name, f"imported by {each.path}", each.score - _IMPORTED, imported=True)

    def _imported(self, path: str) -> tuple[str, ...]:
        if path not in self._imports:
            record = self._conventions.get(path)
            read = partial(self._catalog.file_text, self._checkout)
            found = imported_by(path, self._conventions, read) if record else ()
            entries = self._catalog.file_entries(self._checkout, found) if found else ()
            there = {each.path for each in entries}
            self._imports[path] = tuple(name for name in found if name in there)
            # Without a document's suffix it may be a package's name.
            for name in (each for each in found if each not in there and is_document(each)):
                why = "in the index" if os.path.exists(self._root / name) else "there"  # noqa: PTH110
                self._noted[f"imported by {path}, but not {why}"].append(name)
        return self._imports[path]

    def _files_below(self, path: str) -> list[str]:
        prefix = f"{path}/"
        near = self._catalog.paths_like(self._checkout, prefix, 2 * FILES_SAMPLED)
        return [each for each in near if each.startswith(prefix)][:FILES_SAMPLED]

    def _texts(self, hits: Mapping[str, list[StoredChunk]]) -> dict[str, str]:
        """What the documents say: rules, decisions and the likeliest whole, of others what was found."""
        texts = {}
        for rank, (name, chunks) in enumerate(hits.items()):
            if rank < READ_WHOLE or name in self._conventions or name in self._decisions:
                texts[name] = self._catalog.file_text(self._checkout, name)[:MAX_CHARACTERS]
            else:
                texts[name] = "\n".join(stored.chunk.text for stored in chunks)
        return texts

    def _speaking(self, path: str, task: str) -> dict[str, list[StoredChunk]]:
        """Passages of prose that share names or words with a file, by document, the best first."""
        words = " ".join(search_words(path, self._symbols(path))) if path else task
        hits = self._catalog.search_words(self._checkout, words, kinds=PROSE, limit=SEARCHED)
        by_document: defaultdict[str, list[StoredChunk]] = defaultdict(list)
        for stored in self._catalog.chunks(self._checkout, [hit.rowid for hit in hits]):
            if stored.chunk.path and stored.chunk.path != path:
                by_document[stored.chunk.path].append(stored)
        return dict(by_document)

    def _alike(self, path: str) -> Alike:
        """Documents on the matter of a file of code; where they cannot be told, the notes say so."""
        pieces = self._catalog.file_chunks(self._checkout, path) if path else []
        if not pieces or pieces[0].chunk.kind is not Kind.CODE or not comparable(self._recall, PROSE):
            return {}
        try:
            found = documents_alike(pieces, self._recall, PROSE)
        except WhykeeperError as error:
            _log.warning("no comparison by meaning: %s", error)
            self._noted[f"compared by words only: {error.message}"].append(path)
            return {}
        if found is None:
            encoder = self._recall.encoder
            why = encoder.unready if encoder.failed else "the embedding model has yet to read it"
            self._noted[f"compared by words only: {why}"].append(path)
        return found or {}

    def _cited(self, path: str) -> tuple[str, ...]:
        """Documents that the file names."""
        catalog, checkout = self._catalog, self._checkout

        def ending(name: str) -> list[str]:
            near = catalog.paths_like(checkout, name, LIKE_NAMED)
            return [each for each in near if f"/{each}".endswith(f"/{name}")]

        def present(paths: Collection[str]) -> list[str]:
            return [each.path for each in catalog.file_entries(checkout, paths) if each.kind in PROSE]

        return cited_documents(path, catalog.file_text(checkout, path), self._decisions, ending, present)

    def _symbols(self, path: str) -> list[str]:
        if path not in self._defined:
            chunks = self._catalog.file_chunks(self._checkout, path)
            symbols = (stored.chunk for stored in chunks if stored.chunk.role is Role.SYMBOL)
            self._defined[path] = [name for chunk in symbols for name in symbols_of(chunk)]
        return self._defined[path]

    def _passage(self, document: str, hits: Mapping[str, list[StoredChunk]]) -> StoredChunk | None:
        """The passage that says most about the place; of a decision, what was concluded.

        None for an empty file, which binds nobody to anything.
        """
        speaking = hits.get(document, [])
        if document not in self._decisions and speaking:
            return speaking[0]
        chunks = self._catalog.file_chunks(self._checkout, document)
        concluding = [each for each in chunks if is_conclusion(each.chunk)]
        ids = {each.id for each in concluding}
        binding = (each for each in speaking if not (is_rejection(each.chunk) or is_appendix(each.chunk)))
        choices = (*(each for each in speaking if each.id in ids), *concluding, *binding, *chunks)
        return next(iter(choices), None)

    def _unknown(self, path: str) -> None:
        catalog, checkout = self._catalog, self._checkout
        if not path or catalog.file_entries(checkout, [path]) or self._files_below(path):
            return
        # Not Path.exists: it raises for a name that no file system takes.
        if os.path.exists(self._root / path):  # noqa: PTH110
            why = "not in the index"
        elif _was_committed(self._root, path):
            why = "deleted"
        else:
            name = f"/{path.rpartition('/')[2]}"
            meant = [each for each in catalog.paths_like(checkout, name, 1) if f"/{each}".endswith(name)]
            why = f"not there yet (did you mean {meant[0]}?)" if meant else "not there yet"
        self._noted[f"{why}: what binds its place is given"].append(path)

    def _left_out(self, missing: Sequence[Governing]) -> list[str]:
        """Name what governs a place and is not shown, and what merely speaks of it."""
        decided = {each.path: self._decisions.get(each.path) for each in missing}
        over = {path: record for path, record in decided.items() if record and not record.in_force}
        governs = [
            each.path
            for each in missing
            if each.path not in over and (each.binds or decided[each.path] is not None)
        ]
        others = [
            f"{each.path} ({over[each.path].status})" if each.path in over else each.path
            for each in missing
            if each.path not in governs
        ]
        return [
            *_listed("more govern{s} this and {do} not fit the budget", governs),
            *_listed("more speak{s} of the same matter and {do} not fit the budget", others),
        ]


def _was_committed(root: Path, path: str) -> bool:
    try:
        return bool(run_git(root, ["ls-tree", "-z", "--name-only", "HEAD", "--", path]))
    except GitError:
        return False


def _too_many(paths: Sequence[str]) -> list[str]:
    if len(paths) <= MOST_PATHS:
        return []
    looked_at = f"only the first {MOST_PATHS} of {len(paths):,} paths were looked at"
    for_rules = f", of {MOST_RULED} for rules" if len(paths) > MOST_RULED else ", but for rules"
    return [f"{looked_at}{for_rules}: ask for fewer at a time"]


def _gathered(noted: Mapping[str, Sequence[str]]) -> list[str]:
    """One note for all paths of which the same is to be said."""
    return [
        f"{paths[0]} is {what}" if len(paths) == 1 else _listed(f"paths are {what}", paths)[0]
        for what, paths in noted.items()
    ]


def _listed(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    said = what.replace("{s}", "s" * (len(names) == 1)).replace("{do}", "do" + "es" * (len(names) == 1))
    return [f"{len(names)} {said}: {', '.join(names[:MOST_NAMED])}{' …' if len(names) > MOST_NAMED else ''}"]


def _items(
    ranked: Sequence[Governing],
    passages: Mapping[str, StoredChunk],
    recall: Recall,
    budget: int,
    told: Collection[str] = (),
) -> tuple[list[GoverningItem], int]:
    # Scores of binding may be negative, and what resembles may have the greater one; an answer's are
    # relative to its best, positive, and fall.
    falling = list(accumulate((each.score for each in ranked), min))
    candidates = [
        Candidate(passages[each.path], score=2.0 ** (score - falling[0]))
        for each, score in zip(ranked, falling, strict=True)
    ]
    fresh = freshness_of((each.path for each in ranked), recall)
    lines = [binding_line(each.reason) for each in ranked]
    results, tokens = fit(candidates, budget, recall.encoder, lines, fresh=fresh, told=told)
    reasons = {each.path: each.reason for each in ranked}
    return [governing_item(result, reasons[result.path or ""]) for result in results], tokens
