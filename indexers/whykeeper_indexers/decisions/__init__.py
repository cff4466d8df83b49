"""Decision records: recognised by place and form, whoever's tool wrote them."""

from whykeeper_indexers.decisions.layout import DecisionLayout, decision_layout
from whykeeper_indexers.decisions.parse import parse_decision, recognise

__all__ = ["DecisionLayout", "decision_layout", "parse_decision", "recognise"]
