from __future__ import annotations

import time

import pytest

from whykeeper_indexers.history.issues import issues_named
from whykeeper_indexers.history.line_changes import is_formatting, parse_hunks, renames_only, trace

DIFF = b"""diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -2 +2 @@ def f():
-    return one(two)
+    return one(two, three)
@@ -9,0 +10,2 @@
+new = 1
+--- odd = 2
"""


def test_a_line_in_the_place_of_one_like_it_was_changed_and_others_are_new() -> None:
    changed, new, odd = trace([2, 10, 11], parse_hunks(DIFF))
    assert (changed.before, changed.old.strip(), changed.formatting) == (2, "return one(two)", False)
    assert (new.before, odd.before, odd.new) == (None, None, "--- odd = 2")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["f(a, b)"], ["f(", "    a,", "    b,", ")"]),
        (["x = 'a'"], ['x = "a"']),
        (["if (a) { b() }"], ["if (a) {", "  b();", "}"]),
    ],
)
def test_line_breaks_quotes_and_trailing_signs_are_a_matter_of_form(old: list[str], new: list[str]) -> None:
    assert is_formatting(old, new)


@pytest.mark.parametrize(
    ("old", "new"), [("f(1, 2)", "f(12)"), ("a * (b + c)", "a * b + c"), ("f(a)", "f(b)"), ("a - b", "a + b")]
)
def test_what_means_something_else_is_no_matter_of_form(old: str, new: str) -> None:
    assert not is_formatting([old], [new])


def test_a_name_for_another_is_a_renaming_and_a_number_is_not() -> None:
    assert renames_only("call(old_name, 1)", "call(new_name, 1)")
    assert not renames_only("call(name, 1)", "call(name, 2)")
    assert not renames_only("call(name)", "call(name, more)")


@pytest.mark.parametrize(
    ("message", "issues"),
    [
        ("Fix it (#12), see GH-3 and NET-44", ("#12", "GH-3", "NET-44")),
        ("See merge request group/project!123", ("group/project!123",)),
        ("Fixes https://example.org/owner/name/issues/9", ("owner/name#9",)),
        ("Read UTF-8 and SHA-256 as RFC-2119 says; color #fff, &#39;", ()),
        ("CVE-2024-12345 in owner/name#7", ("CVE-2024-12345", "owner/name#7")),
    ],
)
def test_issues_are_kept_as_they_are_written(message: str, issues: tuple[str, ...]) -> None:
    assert set(issues_named(message)) == set(issues)


@pytest.mark.parametrize(
    "text", ["a/" * 100_000, "A-" * 100_000, "merge request " + "!" * 100_000, "#" * 100_000]
)
def test_a_long_message_takes_no_long_time(text: str) -> None:
    started = time.monotonic()
    issues_named(text)
    is_formatting([text], [text + "x"])
    renames_only(text, text + "x")
    assert time.monotonic() - started < 5
