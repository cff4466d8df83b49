"""The registry of ecosystems."""

from __future__ import annotations

from whykeeper.scaffold.ecosystems import by_file, containers, go, jvm, node, python, rust, task_runners
from whykeeper.scaffold.facts import Ecosystem

__all__ = ["ECOSYSTEMS"]

ECOSYSTEMS: tuple[Ecosystem, ...] = (task_runners, python, node, go, rust, jvm, by_file, containers)
"""What a project's own task runner says comes before what its language's tool can do."""
