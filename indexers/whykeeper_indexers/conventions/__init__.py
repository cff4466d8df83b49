"""What people and agents were told to respect, by whose file, and for which paths."""

from whykeeper_indexers.conventions.binding import Governing, decision_home, governing
from whykeeper_indexers.conventions.choices import Choice, choices_of
from whykeeper_indexers.conventions.citations import cited_documents
from whykeeper_indexers.conventions.conflicts import (
    Conflict,
    disagreements,
    forbidden_by_rules,
    named_out_of_force,
    refused_by_decisions,
)
from whykeeper_indexers.conventions.enforced import (
    ConfigurationFiles,
    Configured,
    Opposed,
    configured_linters,
    enforcing,
    hooks_of,
    opposing,
)
from whykeeper_indexers.conventions.folding import Told, fold_rules
from whykeeper_indexers.conventions.imports import imported_by
from whykeeper_indexers.conventions.links import bound_by_links
from whykeeper_indexers.conventions.mentions import Mention, find_mentions, search_words
from whykeeper_indexers.conventions.overrides import overridden
from whykeeper_indexers.conventions.parse import parse_convention, with_aliases
from whykeeper_indexers.conventions.refusals import Refusal, refusals_of
from whykeeper_indexers.conventions.registry import convention_for
from whykeeper_indexers.conventions.rejections import Rejection, rejections_of
from whykeeper_indexers.conventions.relevance import rule_scores
from whykeeper_indexers.conventions.rules import Rule, rules_of
from whykeeper_indexers.conventions.scope import applies, precedence, service_folder

__all__ = [
    "Choice",
    "ConfigurationFiles",
    "Configured",
    "Conflict",
    "Governing",
    "Mention",
    "Opposed",
    "Refusal",
    "Rejection",
    "Rule",
    "Told",
    "applies",
    "bound_by_links",
    "choices_of",
    "cited_documents",
    "configured_linters",
    "convention_for",
    "decision_home",
    "disagreements",
    "enforcing",
    "find_mentions",
    "fold_rules",
    "forbidden_by_rules",
    "governing",
    "hooks_of",
    "imported_by",
    "named_out_of_force",
    "opposing",
    "overridden",
    "parse_convention",
    "precedence",
    "refusals_of",
    "refused_by_decisions",
    "rejections_of",
    "rule_scores",
    "rules_of",
    "search_words",
    "service_folder",
    "with_aliases",
]
