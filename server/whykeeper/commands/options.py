"""Options that verbs have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from whykeeper.budgets import LEAST_BUDGET, MOST_BUDGET

__all__ = ["budget_option", "dry_run_option", "json_option", "repo_option", "yes_option"]

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Decorator = Callable[[_Function], _Function]

repo_option: _Decorator[Any] = click.option(
    "--repo",
    metavar="PATH",
    help="The repository; default: the checkout around the working directory, or that folder.",
)
budget_option: _Decorator[Any] = click.option(
    "--budget",
    type=click.IntRange(LEAST_BUDGET, MOST_BUDGET),
    metavar="TOKENS",
    help=f"How much text in all, in tokens, {LEAST_BUDGET} to {MOST_BUDGET}.",
)
json_option: _Decorator[Any] = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object for programs to read."
)
yes_option: _Decorator[Any] = click.option("-y", "--yes", is_flag=True, help="Don't ask.")
dry_run_option: _Decorator[Any] = click.option(
    "--dry-run", is_flag=True, help="Show what would be done, and do nothing."
)
