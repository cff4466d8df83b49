"""Changes of small repositories, verified in this process over real parse workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.memory.conftest import compiled_rules

from whykeeper.verification.answer import VerifyAnswer
from whykeeper.verification.request import VerifyRequest
from whykeeper.verification.verify import Verifier
from whykeeper_indexers.facts import FactStore
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.scan import ScanOptions, open_repository

__all__ = ["Verified", "compiled_rules"]

Verified = Callable[..., VerifyAnswer]


@pytest.fixture(scope="module")
def pool(compiled_rules: Any) -> Iterator[ParsePool]:
    """One parse worker for a module's tests."""
    pool = ParsePool(1, compiled_rules)
    yield pool
    pool.close()


@pytest.fixture
def verified(git_folder: GitFolder, pool: ParsePool) -> Iterator[Verified]:
    """Commits ``before``, writes ``after`` (None deletes a file) and verifies the working tree."""
    store = FactStore(None)

    def verify(
        before: Mapping[str, str], after: Mapping[str, str | None], *checks: str, **request: Any
    ) -> VerifyAnswer:
        for path, text in before.items():
            git_folder.write(path, text)
        git_folder.commit("before")
        for path, changed in after.items():
            if changed is None:
                (git_folder.root / path).unlink()
            else:
                git_folder.write(path, changed)
        verifier = Verifier(open_repository(git_folder.root), ScanOptions(), store, pool)
        return verifier.verify(VerifyRequest(checks=checks, **request))

    yield verify
    store.close()
