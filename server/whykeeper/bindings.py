"""Which convention files apply to which of the files asked about, without anybody's choosing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from whykeeper_indexers.catalog import StoredChunk
from whykeeper_indexers.conventions import Governing, applies
from whykeeper_indexers.types import ConventionRecord, LineRange, ScopeMode

__all__ = ["Binding", "Bindings"]

_UNASKED = frozenset({ScopeMode.ALWAYS, ScopeMode.PATHS})


@dataclass(slots=True)
class Binding:
    """A convention file that applies.

    Attributes:
        path: The file.
        because: Why.
        near: Whether it was written for a part of the repository.
        tool: Whose file it is; empty for a document that another imports.
        places: Those of the paths asked about that it binds, in order.
        passages: Lines that say most about them.
    """

    path: str
    because: str
    near: bool
    tool: str
    places: list[str] = field(default_factory=list)
    passages: list[LineRange] = field(default_factory=list)


class Bindings:
    """Convention files that apply, and what those import; what a model may pick or a person ask for does not.

    Args:
        conventions: All convention files of the checkout.
        imported: Gives what one of them imports.
    """

    def __init__(
        self, conventions: Mapping[str, ConventionRecord], imported: Callable[[str], Sequence[str]]
    ) -> None:
        self._conventions = conventions
        self._imported = imported
        self._bindings: dict[str, Binding] = {}

    @property
    def names(self) -> Iterable[str]:
        """Their paths."""
        return self._bindings.keys()

    def places(self, name: str) -> Sequence[str]:
        """The paths that one binds; none where it does not apply."""
        return self._bindings[name].places if name in self._bindings else ()

    def of(self, names: Iterable[str]) -> list[Binding]:
        """Those of some names, in their order."""
        return [self._bindings[name] for name in names if name in self._bindings]

    def add(self, found: Governing, path: str, speaking: Sequence[StoredChunk]) -> None:
        """Note what governs a path, where it is a convention file that applies, or imported by one.

        Args:
            found: What governs it.
            path: Which path.
            speaking: Its passages that speak of the path, the best first.
        """
        record = self._conventions.get(found.path)
        if not found.imported and (record is None or record.scope.mode not in _UNASKED):
            return
        near = record is not None and bool(record.scope.folder or record.scope.globs)
        binding = self._bindings.setdefault(
            found.path, Binding(found.path, found.reason, near, record.tool if record else "")
        )
        if path not in binding.places:
            binding.places.append(path)
        if speaking and (lines := speaking[0].chunk.lines):
            binding.passages.append(lines)

    def add_places(self, paths: Sequence[str]) -> None:
        """Note what applies to more paths by its scope alone."""
        for path in paths:
            for name, record in self._conventions.items():
                if name != path and applies(record.scope, path):
                    self.add(Governing(name, "binds some of these paths", 0.0), path, ())
                    for brought in self._imported(name):
                        found = Governing(brought, f"imported by {name}", 0.0, imported=True)
                        self.add(found, path, ())
