"""Decision records: recognised by place and form, whoever's tool wrote them."""

from whykeeper_indexers.decisions.layout import CONFIGURATION_FILES, DecisionLayout, decision_layout
from whykeeper_indexers.decisions.parse import decision_content, parse_decision, recognise

__all__ = [
    "CONFIGURATION_FILES",
    "DecisionLayout",
    "decision_content",
    "decision_layout",
    "parse_decision",
    "recognise",
]
