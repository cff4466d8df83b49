"""Every class of fault: what its planter is."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.verify.faults import Planter
from benchmarks.verify.planters.clones import plant_clone, plant_renamed_clone
from benchmarks.verify.planters.unfinished import plant_mock_data, plant_stub

__all__ = ["PLANTERS"]

PLANTERS: Mapping[str, Planter] = {
    "clone": plant_clone,
    "renamed clone": plant_renamed_clone,
    "stub": plant_stub,
    "mock data": plant_mock_data,
}
"""By the class's name."""
