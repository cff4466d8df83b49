"""From what decision records write to constraints that can be tested, and what is wrong with the others."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from whykeeper.verification.constraints.kinds import KINDS
from whykeeper.verification.constraints.schema import ConstraintModel
from whykeeper.verification.findings import Evidence, Severity
from whykeeper.verification.side import Side
from whykeeper_indexers.decisions.constraints import WrittenConstraint
from whykeeper_indexers.types import DecisionRecord

__all__ = ["Bound", "Constraint", "Problem", "constraints_of"]

_OPTIONS = ("message", "severity")
_UNION_TAGS = frozenset({"str", "dict[str,any]"})


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint of a decision.

    Attributes:
        path: The decision's record.
        title: Of the decision.
        lines: Where it stands in the record.
        kind: One of ``KINDS``.
        rule: What it says, as the kind's model.
        severity: Of a violation.
        message: What is told of a violation; empty for the kind's own words.
        written: As it stands there, as JSON; two that say the same are the same.
    """

    path: str
    title: str
    lines: tuple[int, int]
    kind: str
    rule: Any
    severity: Severity
    message: str
    written: str

    @property
    def evidence(self) -> Evidence:
        """Where the rule and its reason stand."""
        return Evidence(self.path, self.lines, self.title)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something written as a constraint that is none.

    Attributes:
        path: The record.
        line: Where.
        message: What is wrong, as a sentence without its full stop.
    """

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Bound:
    """What one record asks for.

    Attributes:
        path: The record.
        record: Its data.
        binds: Whether its status makes it bind anybody.
        constraints: In order.
        problems: What cannot be read.
    """

    path: str
    record: DecisionRecord
    binds: bool
    constraints: tuple[Constraint, ...]
    problems: tuple[Problem, ...]


def constraints_of(side: Side) -> list[Bound]:
    """Read the constraints of every decision record, those without any too, by path."""
    return [_bound(side, path, record) for path, record in sorted(side.decisions.items())]


_UNDECIDED = frozenset({"draft", "pending", "proposed", "provisional"})


def _binds(record: DecisionRecord) -> bool:
    """Whether a decision was taken and still holds."""
    word = (record.status or "").split(" ")[0]
    return record.in_force and word not in _UNDECIDED


def _bound(side: Side, path: str, record: DecisionRecord) -> Bound:
    written = side.documents[path].constraints
    problems = [Problem(path, line, message) for line, message in written.problems]
    constraints = []
    for each in written.constraints:
        read = _read(side, path, record, each)
        if isinstance(read, Constraint):
            constraints.append(read)
        else:
            problems += read
    return Bound(path, record, _binds(record), tuple(constraints), tuple(problems))


def _read(
    side: Side, path: str, record: DecisionRecord, written: WrittenConstraint
) -> Constraint | list[Problem]:
    value = written.value
    if misshapen := _shape_problem(value):
        return [Problem(path, written.line_of(misshapen[0]), misshapen[1])]
    try:
        model = ConstraintModel.model_validate(value)
    except ValidationError as error:
        return [Problem(path, written.line_of(_place(each)), _told(each)) for each in _distinct(error)]
    kind = next(name for name in KINDS if getattr(model, name) is not None)
    rule = getattr(model, kind)
    if message := _problem_of(side, kind, rule):
        place = (kind, "forbid" if getattr(rule, "forbid", None) is not None else "require")
        return [Problem(path, written.line_of(place), message)]
    return Constraint(
        path=path,
        title=record.title,
        lines=written.lines,
        kind=kind,
        rule=rule,
        severity=model.severity,
        message=model.message or "",
        written=written.data,
    )


def _problem_of(side: Side, kind: str, rule: Any) -> str | None:
    """What only whoever would use a rule can say of it: ast-grep, of its patterns."""
    ask = getattr(KINDS[kind], "problem", None)
    return ask(rule, side) if ask is not None else None


def _shape_problem(value: object) -> tuple[tuple[str, ...], str] | None:
    """What is wrong with an entry as a whole: it names exactly one kind that is known."""
    kinds = ", ".join(KINDS)
    if not isinstance(value, Mapping):
        return (), f"a constraint is a field with its kind ({kinds})"
    unknown = [str(key) for key in value if key not in KINDS and key not in _OPTIONS]
    if unknown:
        near = difflib.get_close_matches(unknown[0].lower(), (*KINDS, *_OPTIONS), 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else f"kinds are {kinds}"
        return (unknown[0],), f"{unknown[0]!r} is no kind of constraint; {hint}"
    named = [key for key in KINDS if key in value]
    if len(named) != 1:
        said = f"{' and '.join(named)} are to be constraints of their own" if named else f"kinds are {kinds}"
        return (), f"a constraint has exactly one kind; {said}"
    if not isinstance(value[named[0]], Mapping):
        return (named[0],), f"what {named[0]} asks for is to be given as fields"
    return None


def _distinct(error: ValidationError) -> Iterator[Mapping[str, Any]]:
    seen = set()
    for each in error.errors(include_url=False, include_context=True):
        if (place := _place(each)) not in seen:
            seen.add(place)
            yield each


def _place(error: Mapping[str, Any]) -> tuple[str | int, ...]:
    # Of a value that may be two things, pydantic adds which of them it speaks of.
    return tuple(part for part in error["loc"] if part not in _UNION_TAGS)


def _told(error: Mapping[str, Any]) -> str:
    place = _place(error)
    field = ".".join(str(part) for part in place)
    kind = str(error["type"])
    if kind == "extra_forbidden":
        known = _fields(str(place[0]))
        near = difflib.get_close_matches(str(place[-1]), known, 1, 0.5)
        return (
            f"{field} is unknown; {f'did you mean {near[0]}?' if near else 'there are ' + ', '.join(known)}"
        )
    if kind == "missing":
        return f"{field} is missing"
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    wanted = f"is to be {message}" if str(error["msg"]).startswith("Input should be ") else message
    return f"{field}: {wanted}" if wanted == message else f"{field} {wanted}"


def _fields(kind: str) -> list[str]:
    from whykeeper.verification.constraints import schema

    model = getattr(schema, f"{kind.capitalize()}Rule")
    return [field.alias or name for name, field in model.model_fields.items()]
