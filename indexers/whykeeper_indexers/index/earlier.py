"""After a change of model, the vectors of the one before answer until the new one has read everything.

A vector says nothing without a question encoded by its own model. So the settings that made a
space of vectors are kept beside it, and the earlier model is loaded beside the present one for as
long as the change takes. What ranks together changes over together: similarities of two models do
not compare, and the first of a few passages is not worth as much as the first of thousands.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.encoder.by_kind import NO_MODEL, KindEncoder
from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import ModelError
from whykeeper_indexers.search.recall import GROUPS
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import ProvisionalVectors, StandIn, VectorStore

__all__ = ["EarlierModels", "ModelChoice", "settings_before"]

_log = logging.getLogger(__name__)

MOST_HELD = 32_000
"""Of a kind: 50 MB of 384 dimensions. Those that wait longest; the others have their turn before."""


_TOGETHER = tuple(
    tuple(kind for kind in Kind if GROUPS[kind] == group) for group in dict.fromkeys(GROUPS.values())
)


def _knows_none(_settings: str) -> KindEncoder | None:
    return None


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The configured model, and how to come by one that was configured before.

    Attributes:
        settings: Of the present model, in a form that ``encoder_of`` reads.
        encoder_of: Gives the encoder of such settings, shared with whoever uses the same;
            None when they make no sense to this version.
    """

    settings: str = ""
    encoder_of: Callable[[str], KindEncoder | None] = _knows_none


class EarlierModels:
    """Holds vectors of earlier models while the present one reads what they are of.

    The thread that encodes changes it; any may ask for its attributes.

    Attributes:
        stand_ins: Vectors held, one object for each model.
        settings_in_use: Of the models that were asked for.
        problems: Why an earlier model's vectors are of no use, for answers and status.
        gathered: Whether it has been looked what there is.

    Args:
        catalog: Knows which vectors are awaited, and which there were before.
        vectors: Holds all of them.
        encoder: Of the present model.
        choice: Of models.
    """

    def __init__(
        self, catalog: Catalog, vectors: VectorStore, encoder: KindEncoder, choice: ModelChoice
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._encoder = encoder
        self._choice = choice
        self._by_fingerprint: dict[str, StandIn | None] = {}
        self.stand_ins: tuple[StandIn, ...] = ()
        self.settings_in_use: frozenset[str] = frozenset()
        self.problems: tuple[str, ...] = ()
        self.gathered = False

    def note_present(self) -> None:
        """Keep beside the vectors which settings the present ones are made with."""
        for fingerprint in {self._encoder.fingerprint(kind) for kind in Kind} - {NO_MODEL}:
            self._catalog.remember(_settings_of(fingerprint), self._choice.settings)

    def gather(self) -> None:
        """Hold what is stored of earlier models, for kinds that rank together with any that waits."""
        for together in _TOGETHER:
            wanted = {kind: self._catalog.previous_keys(kind, MOST_HELD) for kind in together}
            if not any(wanted.values()) or not self._waits(together):
                continue
            for kind, keys in wanted.items():
                held = self.held(kind, keys)
                if missing := {before: key for key, before in keys.items() if key not in held}:
                    self._gather_kind(kind, missing)
        self.gathered = True

    def release_done(self) -> None:
        """Let kinds go that the present model has read, and those that rank together with them."""
        had = [
            together
            for together in _TOGETHER
            if any(self._catalog.previous_keys(kind, 1) for kind in together)
        ]
        done = [together for together in had if not self._waits(together)]
        for kind in (kind for together in done for kind in together):
            self._catalog.forget_previous(kind)
            self.forget(kind)
        if len(done) == len(had):
            self._by_fingerprint.clear()
            self.stand_ins, self.settings_in_use, self.problems = (), frozenset(), ()

    def held(self, kind: Kind, keys: Collection[str]) -> set[str]:
        """Those of the keys that something stands in for, or will once its model is loaded."""
        held = (each.vectors.held(kind, keys) for each in self.stand_ins if not each.encoder.failed)
        return set().union(*held)

    def passages(self) -> dict[str, int]:
        """How many passages each earlier model answers for, by its name."""
        found: Counter[str] = Counter()
        for each in self.stand_ins:
            found[each.encoder.name] += sum(each.vectors.counts().values())
        return {name: count for name, count in found.items() if count}

    def forget(self, kind: Kind) -> None:
        """Let all of a kind go, because it is done or has got other keys; `gather` takes these up again."""
        for each in self.stand_ins:
            each.vectors.forget(kind)

    def _waits(self, kinds: Collection[Kind]) -> bool:
        return any(self._catalog.unencoded(kind, 1) for kind in kinds)

    def _gather_kind(self, kind: Kind, keys_now: dict[str, str]) -> None:
        """Hold vectors by the key that their passage has now, given by their own."""
        present = self._encoder.fingerprint(kind)
        for space in self._vectors.spaces():
            if space.kind is not kind or space.fingerprint == present:
                continue
            stand_in = self._stand_in(space.fingerprint)
            if stand_in is None:
                continue
            for keys, vectors in self._vectors.read(space, keys_now.keys()):
                stand_in.vectors.add(kind, [keys_now[key] for key in keys], vectors)

    def _stand_in(self, fingerprint: str) -> StandIn | None:
        if fingerprint not in self._by_fingerprint:
            found: StandIn | None = None
            try:
                found = self._opened(fingerprint)
            except ModelError as error:
                _log.warning("vectors of an earlier model cannot be used: %s", error)
                said = f"vectors of the model used before cannot be compared any more: {error.message}"
                self.problems = (*self.problems, said)
            self._by_fingerprint[fingerprint] = found
            self.stand_ins = tuple(filter(None, self._by_fingerprint.values()))
        return self._by_fingerprint[fingerprint]

    def _opened(self, fingerprint: str) -> StandIn:
        """Find the encoder of a space and have its model loaded.

        Raises:
            ModelError: It is not known or not there any more.
        """
        encoder: KindEncoder | None = self._encoder
        tier = self._present_tier_of(fingerprint)
        if tier is None:
            settings = self._catalog.recalled(_settings_of(fingerprint)) or ""
            # Before it is asked for, so that nobody takes it for one that is not needed.
            self.settings_in_use |= {settings}
            encoder = self._choice.encoder_of(settings)
            tier = encoder.tier_of(fingerprint) if encoder is not None else None
        if encoder is None or tier is None:
            raise ModelError("its files or settings have changed")
        encoder.warm()
        return StandIn(ProvisionalVectors(), encoder, tier, earlier=True)

    def _present_tier_of(self, fingerprint: str) -> Tier | None:
        try:
            return self._encoder.tier_of(fingerprint)
        except ModelError:
            # A present model that is not there says nothing of an earlier one.
            return None


def settings_before(catalog: Catalog) -> frozenset[str]:
    """Settings of the model that was in use last, which may answer on when it is another one's turn."""
    fingerprints = filter(None, map(catalog.fingerprint, Kind))
    return frozenset(filter(None, (catalog.recalled(_settings_of(each)) for each in fingerprints)))


def _settings_of(fingerprint: str) -> str:
    return f"model of {fingerprint}"
