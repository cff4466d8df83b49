"""Changed behaviour that no test reaches, by name, by import or by history."""

from __future__ import annotations

from tests.conftest import GitFolder
from tests.verification.conftest import Verified

from whykeeper.verification.answer import VerifyAnswer


def body(name: str, end: str = "0") -> str:
    return (
        f"def {name}(items, rate):\n    found = [item.price for item in items if item.counted]\n"
        f"    return sum(found) * (1 + rate) - min(found, default={end})\n\n\n"
    )


OTHER_TEST = "from shop import other\n\n\ndef test_other():\n    assert other.one(1) == 2\n"


def rules(answer: VerifyAnswer) -> list[tuple[str, str]]:
    assert not answer.notes
    return [(each.rule, each.severity.value) for each in answer.findings]


def test_a_changed_function_that_no_test_reaches_is_a_note(verified: Verified) -> None:
    before = {"shop/prices.py": body("total"), "tests/test_other.py": OTHER_TEST}
    answer = verified(before, {"shop/prices.py": body("total", "1")}, "tests")
    assert rules(answer) == [("tests/unreached", "note")]
    assert "`total`" in answer.findings[0].message


def test_a_test_that_names_it_reaches_it(verified: Verified) -> None:
    before = {"shop/prices.py": body("total"), "tests/test_other.py": OTHER_TEST + "    total()\n"}
    assert rules(verified(before, {"shop/prices.py": body("total", "1")}, "tests")) == []


def test_a_test_that_imports_its_file_reaches_it(verified: Verified) -> None:
    before = {"shop/prices.py": body("total"), "tests/test_all.py": "from shop import prices\n"}
    assert rules(verified(before, {"shop/prices.py": body("total", "1")}, "tests")) == []


def test_a_test_that_usually_changes_with_it_reaches_it(verified: Verified, git_folder: GitFolder) -> None:
    for number in range(2):
        git_folder.write("shop/prices.py", body("total", f"{number}0"))
        git_folder.write("tests/test_other.py", OTHER_TEST + f"# {number}\n")
        git_folder.commit()
    assert rules(verified({}, {"shop/prices.py": body("total", "1")}, "tests")) == []


def test_comments_and_layout_are_no_change_of_behaviour(verified: Verified) -> None:
    before = {"shop/prices.py": body("total"), "tests/test_other.py": OTHER_TEST}
    after = (
        body("total")
        .replace("    found", "    # Those that count.\n    found")
        .replace("(1 + rate)", "( 1 + rate )")
    )
    assert rules(verified(before, {"shop/prices.py": after}, "tests")) == []


def test_a_repository_without_tests_is_left_alone(verified: Verified) -> None:
    assert (
        rules(verified({"shop/prices.py": body("total")}, {"shop/prices.py": body("total", "1")}, "tests"))
        == []
    )


def test_a_new_public_function_without_a_test_is_against_the_practice_of_a_tested_file(
    verified: Verified,
) -> None:
    names = ["alpha", "bravo", "charlie", "delta"]
    tests = "from shop.prices import *\n\n\ndef test_all():\n" + "".join(
        f"    assert {each}([], 1)\n" for each in names
    )
    prices = "".join(map(body, names))
    before = {"shop/prices.py": prices, "tests/test_prices.py": tests}
    answer = verified(before, {"shop/prices.py": prices + body("echo") + body("_hidden")}, "tests")
    assert rules(answer) == [("tests/new-public", "warning")]
    assert "`echo`" in answer.findings[0].message and "tests/test_prices.py" in answer.findings[0].hint


def test_a_new_public_function_elsewhere_is_a_note(verified: Verified) -> None:
    before = {"shop/prices.py": body("total"), "tests/test_prices.py": "from shop import prices\n"}
    answer = verified(before, {"shop/prices.py": body("total") + body("echo") + body("_hidden")}, "tests")
    assert rules(answer) == [("tests/new-public", "note")]


def test_a_change_that_comes_with_tests_is_left_to_them(verified: Verified) -> None:
    before = {"shop/prices.py": body("total"), "tests/test_prices.py": OTHER_TEST}
    after = {"shop/prices.py": body("total") + body("echo"), "tests/test_prices.py": OTHER_TEST + "# more\n"}
    assert rules(verified(before, after, "tests")) == []
