"""What an answer says of its scores adds up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Machine

ADDED = ("words", "meaning")


def score(signals: dict[str, float]) -> float:
    added = [share for name, share in signals.items() if name.startswith(ADDED)]
    return sum(added) * math.prod(share for name, share in signals.items() if not name.startswith(ADDED))


@pytest.mark.parametrize("question", ["how are orders kept", "Orders.keep", "where is src/orders.py tested"])
def test_shares_are_added_and_factors_multiplied(machine: Machine, checkout: Any, question: str) -> None:
    checkout.write("docs/adr/0007-keep-orders.md", "# 7. Keep orders\n\n## Status\n\nSuperseded\n\nOrders.\n")
    checkout.write("docs/orders.md", "# Orders\n\nThey are kept.\n\n## Old orders\n\nThey are kept too.\n")
    checkout.write("src/orders.py", "class Orders:\n    def keep(self):\n        return self\n")
    checkout.write("tests/test_orders.py", "def test_orders_are_kept():\n    assert Orders().keep()\n")
    desk = machine.sit(checkout.root).settled()
    results = desk.search(question, explain=True, near=["src/orders.py"]).results
    explained = [score(result.signals or {}) for result in results]
    assert len(results) > 3
    assert [result.score for result in results] == pytest.approx(
        [each / explained[0] for each in explained], abs=1e-3
    )
