from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whykeeper_indexers.secrets import use_rule_cache


@pytest.fixture(scope="session", autouse=True)
def compiled_rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Compile the scanner's rules once, not once a test."""
    folder = tmp_path_factory.mktemp("rules") / "compiled"
    use_rule_cache(folder)
    yield folder
    use_rule_cache(None)
