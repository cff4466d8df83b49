"""The effective rules for some files: of all convention files that apply, each once, within a budget.

The order is that of precedence. Where not all fit, those that speak of the files or the task are chosen
first, and it is said how many were left out of which file.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from math import log2
from pathlib import Path

from whykeeper.answers import RuleItem
from whykeeper.bindings import Binding
from whykeeper.rule_conflicts import conflicts_of, file_rules
from whykeeper_indexers.conventions import (
    ConfigurationFiles,
    Configured,
    Rule,
    Told,
    configured_linters,
    enforcing,
    fold_rules,
    hooks_of,
    opposing,
    rule_scores,
)
from whykeeper_indexers.conventions.rules import MAX_RULES
from whykeeper_indexers.conventions.wording import excerpt
from whykeeper_indexers.link_types import Freshness
from whykeeper_indexers.search.budget import TokenCounter
from whykeeper_indexers.search.framing import fence, rule_line, rules_heading, under_line
from whykeeper_indexers.search.recall import Recall
from whykeeper_indexers.types import ConventionRecord

__all__ = ["Chosen", "EffectiveRules"]

MOST_CONFLICTS = 5
"""Told in one answer; the rest is counted, and `memory_status` counts them too."""
CONFLICT_SHARE = 0.25
"""Of the budget, for conflicts: they must not push out the rules they are about."""
MOST_LINTERS = 12
MOST_TRIED = 30
"""Rules in a row that do not fit, after which no other is tried."""
MOST_NAMED = 5
_MERGED_KEPT = 32
"""Sets of files that were asked about; those of one folder share theirs."""

_NEAREST = 3.0
"""For a rule of the nearest nested file or glob, half of it for the next, and so on: they were written for
this part, and a short file of these is shown whole."""
_CROWD = 4
"""Rules of one file after which each doubling of them costs what a doubling of evidence is worth, or one long
file would be all there is."""
_FOR_PEOPLE = -0.5
"""For a rule of a contributor's guide, most of which is on pull requests."""
_PASSAGE = 0.5
"""For a rule in the passage of its file that says most about the files."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rules that fit a budget.

    Attributes:
        rules: In order of precedence.
        enforced: Linters, each with its place.
        conflicts: In words.
        notes: What was left out.
        tokens: What it takes as it is shown.
    """

    rules: list[RuleItem]
    enforced: list[str]
    conflicts: list[str]
    notes: list[str]
    tokens: int


class EffectiveRules:
    """The rules that apply to some files, to be chosen from.

    Args:
        bindings: Convention files that apply, those that bind most first.
        asked: All paths asked about.
        files: Files to find linters for.
        symbols: What the files define, by path.
        task: In words; empty for none.
        conventions: All convention files of the checkout.
        recall: The checkout's view of its stores.
        root: Of the checkout.
    """

    def __init__(
        self,
        bindings: Sequence[Binding],
        *,
        asked: Sequence[str],
        files: Sequence[str],
        symbols: Mapping[str, Sequence[str]],
        task: str,
        conventions: Mapping[str, ConventionRecord],
        recall: Recall,
        root: Path,
    ) -> None:
        self._bindings = {each.path: each for each in bindings}
        nested = (each.path for each in bindings if each.near)
        self._nearness = {path: rank for rank, path in enumerate(nested)}
        self._asked = list(dict.fromkeys(asked))
        self._counter: TokenCounter = recall.encoder
        self._counted: dict[str, int] = {}
        catalog, checkout = recall.catalog, recall.checkout
        read = partial(file_rules, catalog, checkout)
        every = [rule for each in bindings for rule in read(each.path)]
        linters, hooks = _linters(files, ConfigurationFiles(root))
        self._cut = [each.path for each in bindings if len(read(each.path)) >= MAX_RULES]
        self._told, repeated, opposed = _merged(tuple(every), tuple(linters))
        named = [_enforced(each, where) for each, where in _by_place(linters, repeated)]
        self._enforced = [*named[:MOST_LINTERS], *hooks]
        scores = rule_scores([each.rule for each in self._told], files or asked, symbols, task)
        weighted = [score + self._weight(each.rule) for score, each in zip(scores, self._told, strict=True)]
        self._order = self._in_turn(weighted)
        found = conflicts_of(catalog, checkout, conventions) if bindings else ()
        told = (each.said for each in found if {each.rule.path, each.path} & self._bindings.keys())
        self._conflicts = [*opposed, *told]

    @property
    def files(self) -> frozenset[str]:
        """The files that are told by their rules; some have none but what they import."""
        return frozenset(self._bindings)

    def choose(self, budget: int) -> Chosen:
        """Choose the rules that fit a budget, headings and marks included."""
        count = self._tokens
        conflicts, spent = [], 0
        for said in self._conflicts[:MOST_CONFLICTS]:
            tokens = count(f"- {said}")
            if spent + tokens <= budget * CONFLICT_SHARE:
                conflicts.append(said)
                spent += tokens
        enforced = self._enforced
        tokens = count(f"Enforced by linters, so not repeated: {'; '.join(enforced)}") if enforced else 0
        if tokens > budget * CONFLICT_SHARE:
            enforced, tokens = [], 0
        chosen, taken = self._fitting(budget - spent - tokens)
        notes = self._left_out(chosen)
        notes += [f"of {path} only the first {MAX_RULES} rules are read" for path in self._cut]
        if len(conflicts) < len(self._conflicts):
            more = len(self._conflicts) - len(conflicts)
            said = "conflict among the rules is" if more == 1 else "conflicts among the rules are"
            notes.append(f"{more} more {said} not shown")
        rules = [self._item(self._told[number]) for number in sorted(chosen)]
        return Chosen(rules, enforced, conflicts, notes, spent + tokens + taken)

    def _fitting(self, budget: int) -> tuple[list[int], int]:
        """The rules that are most to the point, as many as fit."""
        count = self._tokens
        chosen: list[int] = []
        shown: set[tuple[str, str]] = set()
        spent = missed = 0
        for number in self._order:
            item = self._item(self._told[number])
            heading = [] if (item.path, "") in shown else [self._heading(item), fence(""), fence("")]
            under = [under_line(item.under)] if item.under and (item.path, item.under) not in shown else []
            tokens = count("\n".join((*heading, *under, rule_line(item.line, item.text, item.also))))
            if spent + tokens > budget:
                missed += 1
                if missed > MOST_TRIED:
                    break
                continue
            chosen.append(number)
            spent += tokens
            shown |= {(item.path, ""), (item.path, item.under or "")}
        return chosen, spent

    def _tokens(self, text: str) -> int:
        if text not in self._counted:
            self._counted[text] = self._counter.count_tokens(text)
        return self._counted[text]

    def _heading(self, item: RuleItem) -> str:
        # Room for a word on whether the file is stale, which is seen later.
        return rules_heading(item.path, self._bindings[item.path].because, item.paths, Freshness.DRIFTED)

    def _item(self, told: Told) -> RuleItem:
        rule = told.rule
        places = self._bindings[rule.path].places
        return RuleItem(
            text=rule.text,
            path=rule.path,
            line=rule.line,
            under=rule.under or None,
            also=[each.place for each in told.also] or None,
            paths=places[:MOST_NAMED] if len(places) < len(self._asked) else None,
        )

    def _weight(self, rule: Rule) -> float:
        binding = self._bindings[rule.path]
        passage = any(lines.start <= rule.line <= lines.end for lines in binding.passages)
        people = binding.tool == "contributing"
        near = _NEAREST / 2 ** self._nearness[rule.path] if binding.near else 0.0
        return near + _FOR_PEOPLE * people + _PASSAGE * passage

    def _in_turn(self, weighted: Sequence[float]) -> list[int]:
        """Rules by their weight, each the less the more of its file come before it."""
        before: Counter[str] = Counter()
        turns: dict[int, float] = {}
        for number in sorted(range(len(self._told)), key=lambda number: (-weighted[number], number)):
            path = self._told[number].rule.path
            turns[number] = weighted[number] - log2(1 + before[path] / _CROWD)
            before[path] += 1
        return sorted(turns, key=lambda number: (-turns[number], number))

    def _left_out(self, chosen: Sequence[int]) -> list[str]:
        missing = [each.rule for number, each in enumerate(self._told) if number not in set(chosen)]
        if not missing:
            return []
        lines: defaultdict[str, list[int]] = defaultdict(list)
        for rule in missing:
            lines[rule.path].append(rule.line)
        named = [
            f"{len(at)} of {path} (lines {at[0]}-{at[-1]})" if len(at) > 1 else f"{path}:{at[0]}"
            for path, at in list(lines.items())[:MOST_NAMED]
        ]
        more = " …" if len(lines) > MOST_NAMED else ""
        rules = (
            "rules that say less about this are" if len(missing) > 1 else "rule that says less about this is"
        )
        return [f"{len(missing)} {rules} left out: {', '.join(named)}{more}"]


@lru_cache(maxsize=_MERGED_KEPT)
def _merged(
    rules: tuple[Rule, ...], linters: tuple[Configured, ...]
) -> tuple[list[Told], Mapping[int, Sequence[Rule]], Sequence[str]]:
    """Each rule once, those that only repeat what a linter enforces by its number, and what opposes one."""
    repeated: defaultdict[int, list[Rule]] = defaultdict(list)
    kept, opposed = [], []
    for rule in rules:
        if (tool := enforcing(rule, linters)) is not None:
            repeated[linters.index(tool)].append(rule)
            continue
        kept.append(rule)
        if (against := opposing(rule, linters)) is not None:
            opposed.append(
                f"{rule.place} asks for {against.asked}, {against.configured.path}:{against.line} sets "
                f"{against.sets} ({against.configured.linter.name}): “{excerpt(rule.text)}”"
            )
    return fold_rules(kept), dict(repeated), opposed


def _by_place(
    linters: Sequence[Configured], repeated: Mapping[int, Sequence[Rule]]
) -> list[tuple[Configured, list[Rule]]]:
    """Each tool once, with the rules that repeat it: files of two kinds may have two parts of one file."""
    found: dict[tuple[str, str], tuple[Configured, list[Rule]]] = {}
    for number, each in enumerate(linters):
        _, rules = found.setdefault((each.linter.name, each.place), (each, []))
        rules += repeated.get(number, ())
    return list(found.values())


def _linters(files: Sequence[str], configuration: ConfigurationFiles) -> tuple[list[Configured], list[str]]:
    """The linters of files, those of the first first, and what pre-commit runs."""
    found: dict[tuple[str, str, str], Configured] = {}
    hooks: dict[str, None] = {}
    seen: set[tuple[str, str]] = set()
    for path in files:
        # Files of one folder and one kind have the same; without a suffix the name decides.
        folder, name = posixpath.split(path)
        kind = (folder, posixpath.splitext(name)[1] or name)
        if kind in seen:
            continue
        seen.add(kind)
        for each in configured_linters(path, configuration):
            found.setdefault((each.linter.name, each.place, each.text), each)
        if (run := hooks_of(path, configuration)) is not None:
            hooks[f"pre-commit ({run[0]}) runs {', '.join(run[1])}"] = None
    return list(found.values()), list(hooks)


def _enforced(configured: Configured, repeated: Sequence[Rule]) -> str:
    said = f", said again in {', '.join(rule.place for rule in repeated[:MOST_NAMED])}" if repeated else ""
    return f"{configured.linter.name} ({configured.place}{said})"
