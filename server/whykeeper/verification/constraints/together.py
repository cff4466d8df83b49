"""Files that change together. Only a change can break this, so that a whole repository never does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from whykeeper.verification.constraints.schema import TogetherRule
from whykeeper.verification.constraints.violation import Violation, Where
from whykeeper_indexers.conventions.globs import matches

__all__ = ["forgotten", "globs", "violations"]


def globs(rule: TogetherRule) -> Sequence[str]:
    """Give those of both sides."""
    return (*rule.when, *rule.also)


def violations(rule: TogetherRule, where: Where) -> Iterator[Violation]:  # noqa: ARG001 - as other kinds have it
    """Give nothing: no state of a repository breaks the rule."""
    return iter(())


def forgotten(rule: TogetherRule, changed: Iterable[str]) -> Iterator[Violation]:
    """Give what a change left out.

    Args:
        rule: What changes together.
        changed: Every path that the change touches.
    """
    paths = list(changed)
    causes = [path for path in paths if matches(rule.when, path)]
    if not causes:
        return
    for glob in rule.also:
        if glob.startswith("!"):
            continue
        if not any(matches((glob,), path) for path in paths):
            yield Violation(causes[0], None, f"changed and {glob} did not", glob)
