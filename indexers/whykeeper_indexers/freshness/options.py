"""Options of the repository's own commands that no code knows any more."""

from __future__ import annotations

import re
from collections.abc import Collection

from whykeeper_indexers.freshness.case import Case, Check
from whykeeper_indexers.freshness.history import History
from whykeeper_indexers.link_types import Finding, Freshness, Reference, ReferenceKind
from whykeeper_indexers.path_roles import is_aside

__all__ = ["OptionCheck"]

_DECLARING = re.compile(r"flag|option|arg|param|opt|clap|click|command|choice|usage|cli", re.IGNORECASE)
_SHORTEST = 4


class OptionCheck(Check):
    """An option is declared somewhere, or not any more."""

    def names(self, reference: Reference) -> Collection[str]:
        """Its name, without the dashes."""
        return (reference.target.removeprefix("--"),)

    def holds(self, case: Case) -> bool | None:
        """Code has its name, however it writes it."""
        name = case.reference.target.removeprefix("--")
        if len(name) < _SHORTEST or name.startswith("no-"):
            return True
        camel = re.sub(r"-(\w)", lambda found: found[1].upper(), name)
        spelled = {name, name.replace("-", "_"), camel, camel[:1].upper() + camel[1:], name.replace("-", "")}
        return True if spelled & case.present.words else None

    def judge(self, case: Case, sha: str, history: History) -> Finding | None:
        """Code declared it then."""
        name = case.reference.target.removeprefix("--")
        quoted = re.compile(rf"[\"'`](?:--)?{re.escape(name)}[\"'`=]")
        then = [
            each
            for each in history.occurrences(sha, name)
            if not is_aside(each.path) and quoted.search(each.text) and _DECLARING.search(each.text)
        ]
        if not then:
            return None
        files = list(dict.fromkeys(each.path for each in then))
        commit = history.dropped(name, sha, files)
        what = f"no command declares it any more; it was declared in {files[0]}"
        hint = "take it out, or give the option that took its place"
        return Finding(
            Freshness.DRIFTED,
            case.reference.line,
            ReferenceKind.OPTION,
            case.reference.target,
            what,
            commit,
            hint,
        )
