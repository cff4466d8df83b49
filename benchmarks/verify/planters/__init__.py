"""Every class of fault: what its planter is."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.verify.faults import Planter
from benchmarks.verify.planters.clones import plant_clone, plant_renamed_clone
from benchmarks.verify.planters.documents import plant_stale_document
from benchmarks.verify.planters.imports import plant_forbidden_import
from benchmarks.verify.planters.plans import plant_out_of_plan
from benchmarks.verify.planters.refused import plant_refused
from benchmarks.verify.planters.unfinished import plant_mock_data, plant_stub
from benchmarks.verify.planters.uses import plant_dangling_use

__all__ = ["PLANTERS"]

PLANTERS: Mapping[str, Planter] = {
    "clone": plant_clone,
    "renamed clone": plant_renamed_clone,
    "forbidden import": plant_forbidden_import,
    "dangling use": plant_dangling_use,
    "stub": plant_stub,
    "mock data": plant_mock_data,
    "out-of-plan file": plant_out_of_plan,
    "refused decision": plant_refused,
    "stale document": plant_stale_document,
}
"""By the class's name."""
