"""What part a file has in its repository, by its path."""

from __future__ import annotations

import pytest

from whykeeper_indexers.path_roles import is_aside, is_sample, is_test


@pytest.mark.parametrize(
    "path",
    [
        "tests/a.py",
        "src/test/java/A.java",
        "pkg/store_test.go",
        "src/store.test.ts",
        "src/__tests__/store.ts",
        "src/StoreTest.java",
        "src/TestStore.cs",
        "spec/store_spec.rb",
        "conftest.py",
        "app/mocks/handlers.ts",
    ],
)
def test_a_test_is_told_by_its_folder_or_its_name(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize("path", ["src/latest.py", "src/contest.go", "src/Testament.java", "doc/man_docs.go"])
def test_a_name_that_only_sounds_like_one_is_none(path: str) -> None:
    assert not is_test(path) and not is_sample(path)


def test_examples_and_benchmarks_are_not_shipped() -> None:
    assert (
        is_sample("examples/simple/main.py") and is_sample("benchmarks/run.ts") and is_sample("db/seeds.rb")
    )


def test_what_is_aside_includes_other_peoples_code() -> None:
    assert is_aside("vendor/lib/a.go") and is_aside("tests/a.py") and not is_aside("src/a.py")
