"""Decision records: recognised by place and form, whoever's tool wrote them."""

from whykeeper_indexers.decisions.heirs import heirs_of
from whykeeper_indexers.decisions.layout import (
    CONFIGURATION_FILES,
    DecisionLayout,
    decision_layout,
    layout_of,
)
from whykeeper_indexers.decisions.parse import decision_content, parse_decision, recognise
from whykeeper_indexers.decisions.problems import decision_problems

__all__ = [
    "CONFIGURATION_FILES",
    "DecisionLayout",
    "decision_content",
    "decision_layout",
    "decision_problems",
    "heirs_of",
    "layout_of",
    "parse_decision",
    "recognise",
]
