"""This repository keeps to the constraints of its own decisions."""

from __future__ import annotations

from pathlib import Path

from whykeeper.verification.verify import Verifier
from whykeeper_indexers.facts import FactStore
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.scan import ScanOptions, open_repository

PROJECT = Path(__file__).parents[2]


def test_this_repository_keeps_to_the_constraints_of_its_decisions(pool: ParsePool) -> None:
    store = FactStore(None)
    verifier = Verifier(open_repository(PROJECT), ScanOptions(), store, pool)
    answer = verifier.constraints(check=True)
    store.close()

    assert [each.problems for each in answer.decisions if each.problems] == []
    assert [
        place.message for each in answer.decisions for rule in each.constraints for place in rule.places
    ] == []
    assert all(rule.idle == [] for each in answer.decisions for rule in each.constraints)
    assert len(answer.decisions) >= 4
