"""Routes of a service that are gone and still asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from whykeeper.verification.checks.boundaries.sides import Boundary
from whykeeper.verification.checks.boundaries.told import Use, evidence_of, heaviest, places
from whykeeper.verification.findings import Finding, Severity
from whykeeper_indexers.code import language_of
from whykeeper_indexers.documents import is_document
from whykeeper_indexers.links import historical_document
from whykeeper_indexers.path_roles import is_product

__all__ = ["AskedRoutes"]

_VERBS: Final = "get|post|put|delete|patch|head|options"
_PYTHON: Final = re.compile(
    rf"@[\w.]{{1,80}}\.(?:{_VERBS}|route|websocket|api_route)\(\s*[rfb]?[\"'](/[^\"']*)[\"']|"
    r"\b(?:add_url_rule|add_api_route|add_route|WebSocketRoute|Route|Mount)\(\s*[\"'](/[^\"']*)[\"']"
)
_SCRIPT: Final = re.compile(
    rf"\b(?:\w*[aA]pp|\w*[rR]outer|\w*[sS]erver|fastify|api)\s*\.(?:{_VERBS}|all|use|route)\(\s*[\"'`](/[^\"'`]*)[\"'`]|"
    r"@(?:Get|Post|Put|Delete|Patch|Controller)\(\s*[\"'`](/?[\w{}:/-]+)[\"'`]"
)
_GO: Final = re.compile(
    r"\.(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS|Any|Handle|HandleFunc|Get|Post|Put|Delete|Patch|Route|Group)"
    r"\(\s*(?:http\.Method\w+,\s*)?\"(?:[A-Z]{3,7} )?(/[^\"]*)\""
)
_JAVA: Final = re.compile(
    r"@(?:(?:Get|Post|Put|Delete|Patch|Request)Mapping|Path)\(\s*(?:(?:value|path)\s*=\s*)?\{?\s*\"(/?[^\"]*)\""
)
_DECLARING: Final = {
    "python": _PYTHON,
    "typescript": _SCRIPT,
    "tsx": _SCRIPT,
    "javascript": _SCRIPT,
    "go": _GO,
    "java": _JAVA,
}
_PARAMETER: Final = re.compile(r"\{[^{}/]*\}|<[^<>/]*>|:\w+|\*\w*|\$\{[^{}]*\}")
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_SHORTEST: Final = 5


class AskedRoutes:
    """Routes that the change took away and that clients, tests or documents still name.

    Args:
        boundary: The change.

    Attributes:
        words: None: routes are looked for as they are written, and not word by word.
    """

    words: Collection[str] = ()

    def __init__(self, boundary: Boundary) -> None:
        self._boundary = boundary
        self._gone = _gone(boundary)

    def findings(self) -> Iterator[Finding]:
        """One for each route."""
        if not self._gone:
            return
        asked = {_fixed(route) for route in self._gone}
        lines = list(self._boundary.subject.head.tree.grep_text(asked))
        for route in sorted(self._gone):
            uses = _uses(route, [(each.path, each.line, each.text) for each in lines], self._boundary)
            if uses:
                yield _finding(route, self._gone[route], uses)


def _gone(boundary: Boundary) -> dict[str, str]:
    """Routes that no changed file declares any more, with the file that did."""
    after = {
        route
        for each in boundary.subject.change.files
        if not each.deleted
        for route in _declared(each.path, boundary.subject.head.text(each.path))
    }
    gone: dict[str, str] = {}
    for each in boundary.code:
        if each.before and is_product(each.before):
            before = _declared(each.before, boundary.subject.base.text(each.before))
            gone.update(dict.fromkeys(before - after, each.path))
    return gone


def _declared(path: str, text: str | None) -> set[str]:
    """Routes that a file declares and that have enough in them to be looked for."""
    pattern = _DECLARING.get(language_of(path) or "")
    if pattern is None or not text:
        return set()
    found = {"".join(groups) for groups in _groups(pattern, text)}
    routes = {route if route.startswith("/") else f"/{route}" for route in found}
    return {route for route in routes if len(_fixed(route)) >= _SHORTEST and _WORD.search(_fixed(route))}


def _groups(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, ...]]:
    for match in pattern.finditer(text):
        yield tuple(group or "" for group in match.groups())


def _fixed(route: str) -> str:
    """What every mention of a route has: what stands before its first parameter."""
    found = _PARAMETER.search(route)
    return (route[: found.start()] if found else route).rstrip("/")


def _uses(route: str, lines: Sequence[tuple[str, int, str]], boundary: Boundary) -> list[Use]:
    pattern = _asking(route)
    found: list[Use] = []
    for path, line, text in lines:
        if not pattern.search(text):
            continue
        if route in _declared(path, text):
            # Another part of the service has it.
            return []
        if _is_current(path, boundary):
            found.append(Use(path, line, text.strip()[:200], Severity.WARNING))
    return found


def _asking(route: str) -> re.Pattern[str]:
    """The route as a whole, after a quote, a host or a base, with anything in place of its parameters."""
    pieces = [re.escape(piece) for piece in _PARAMETER.split(route.rstrip("/"))]
    body = r"[^/\s\"'`?#]+".join(pieces)
    return re.compile(
        rf"(?:[\"'`\s(>}}]|https?://[^/\s\"'`]+|\b(?:{_VERBS.upper()}) ){body}/?(?=[\"'`?#\s):<,]|$)"
    )


def _is_current(path: str, boundary: Boundary) -> bool:
    if not is_document(path):
        return path in boundary.subject.head.paths
    return not historical_document(path, (boundary.subject.head.text(path) or "")[:4_000])


def _finding(route: str, path: str, uses: Sequence[Use]) -> Finding:
    return Finding(
        check="boundaries",
        rule="boundaries/route",
        severity=heaviest(uses),
        path=path,
        line=None,
        message=f"The route {route} is no longer declared in {path} and still asked for in {places(uses)}.",
        hint="ask for the route that took its place, or keep it",
        evidence=evidence_of(uses),
        subject=route,
    )
