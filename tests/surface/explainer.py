"""Asking why code is as it is, and code to ask about."""

from __future__ import annotations

from typing import Any

from tests.surface.conftest import Agent

CODE = """def cast_net(depth):
    rope = measured_rope(depth)
    knots = tied_knots(rope)
    weights = hung_weights(knots)
    floats = fixed_floats(weights)
    boat = lowered_boat(floats)
    return haul(boat)
"""


def explain(agent: Agent, target: str, **arguments: Any) -> dict[str, Any]:
    return agent.answer("explain_code", target=target, **arguments)
