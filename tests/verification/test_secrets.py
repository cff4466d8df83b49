"""Credentials that a change adds, and that are never told themselves."""

from __future__ import annotations

from tests.verification.conftest import Verified

TOKEN = "ghp_" + "9aZ3kLmQx7Rt2Vw8Yb4Nc6Pd1Sf5Hg0Jj3Ke"
PASSWORD = "qW7!kdmX" + "plZ3r"


def test_a_credential_in_product_code_is_an_error_without_its_value(verified: Verified) -> None:
    answer = verified({"a.py": "x = 1\n"}, {"a.py": f'x = 1\nTOKEN = "{TOKEN}"\n'}, "secrets")
    (found,) = answer.findings
    assert (found.rule, found.severity, found.path, found.line) == ("secrets/credential", "error", "a.py", 2)
    assert TOKEN not in answer.model_dump_json() and TOKEN[:12] not in answer.model_dump_json()


def test_a_file_that_does_not_belong_in_the_index_is_looked_at(verified: Verified) -> None:
    answer = verified({"a.py": ""}, {".env": f"GITHUB_TOKEN={TOKEN}\n"}, "secrets")
    assert [each.path for each in answer.findings] == [".env"]


def test_one_that_was_there_before_is_not_told(verified: Verified) -> None:
    line = f'TOKEN = "{TOKEN}"\n'
    assert verified({"a.py": line}, {"a.py": line + "x = 1\n"}, "secrets").findings == []


def test_one_that_moves_is_not_told(verified: Verified) -> None:
    answer = verified({"a.py": f'TOKEN = "{TOKEN}"\n'}, {"a.py": "", "b.py": f'KEY = "{TOKEN}"\n'}, "secrets")
    assert answer.findings == []


def test_tests_need_values_that_look_right(verified: Verified) -> None:
    text = f'password = "{PASSWORD}"\ntoken = "{TOKEN}"\n'
    answer = verified({"a.py": ""}, {"tests/test_a.py": text}, "secrets")
    assert [each.severity.value for each in answer.findings] == ["warning", "note"]
