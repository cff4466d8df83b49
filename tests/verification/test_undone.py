"""What a change leaves undone: stubs, made-up data, unfinished tests, errors that nobody hears of, notes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.verification.conftest import Verified

from whykeeper.verification.answer import VerifyAnswer

WORKING = """
def total(items, rate):
    found = [item.price for item in items if item.counted]
    return sum(found) * (1 + rate) - min(found, default=0)
"""


def rules(answer: VerifyAnswer) -> list[tuple[str, str]]:
    assert not answer.notes
    return [(each.rule.removeprefix("undone/"), each.severity.value) for each in answer.findings]


Case = tuple[str, str]


def each_added(verified: Verified, cases: Sequence[Case]) -> dict[Case, list[tuple[str, str]]]:
    """What is found in each of some new files, which are verified at once."""
    folders = {f"case{number}": case for number, case in enumerate(cases)}
    answer = verified(
        {"README.md": "# A\n"},
        {f"{folder}/{path}": text for folder, (path, text) in folders.items()},
        "undone",
    )
    assert not answer.notes
    found: dict[Case, list[tuple[str, str]]] = {case: [] for case in cases}
    for each in answer.findings:
        case = folders[each.path.split("/")[0]]
        found[case].append((each.rule.removeprefix("undone/"), each.severity.value))
    return found


def added(verified: Verified, path: str, text: str) -> list[tuple[str, str]]:
    return rules(verified({"README.md": "# A\n"}, {path: text}, "undone"))


STUBS = [
    ("src/a.py", 'def load_config(path):\n    raise NotImplementedError("TODO")\n'),
    ("src/a.py", "def send_mail(client, mail):\n    pass\n"),
    ("src/a.py", 'def validate(order: dict) -> bool:\n    """Validate the order."""\n    return True\n'),
    (
        "src/a.py",
        "def read_rows(path):\n    # In a real implementation this reads the file\n    return []\n",
    ),
    ("src/a.py", 'def render(page):\n    logger.warning("not implemented yet")\n    return {}\n'),
    (
        "src/a.ts",
        'export function loadAll(path: string): string[] {\n  throw new Error("Not implemented");\n}\n',
    ),
    ("src/a.ts", "export async function send(mail: object): Promise<void> {}\n"),
    ("src/a.tsx", "export const formatPrice = (value: number) => '';\n"),
    ("a.go", 'package a\n\nfunc Load(path string) error {\n\tpanic("not implemented")\n}\n'),
    ("a.go", "package a\n\nfunc Load(path string) ([]byte, error) {\n\treturn nil, nil\n}\n"),
    ("a.go", 'package a\n\nfunc Load(p string) error {\n\treturn errors.New("not implemented")\n}\n'),
    ("src/A.java", "class A { public String convert(String text) { return null; } }\n"),
    ("src/A.java", "class A { int sum(int a) { // TODO Auto-generated method stub\n return 0; } }\n"),
    ("src/a.kt", 'class A { fun load(path: String): String = TODO("later") }\n'),
    ("src/a.rs", "pub fn load(path: &str) -> Vec<u8> {\n    todo!()\n}\n"),
    ("src/A.cs", "class A { int Load(string p) { throw new NotImplementedException(); } }\n"),
    ("a.rb", 'def load(path)\n  raise NotImplementedError, "todo"\nend\n'),
    ("a.php", "<?php\nfunction load($path) { throw new Exception('Not implemented'); }\n"),
]


def test_a_new_function_that_does_not_do_what_it_says_is_a_stub(verified: Verified) -> None:
    found = each_added(verified, STUBS)
    assert found == {case: [("stub", "warning")] for case in STUBS}


MEANT = [
    ("src/a.py", "class Reader(Protocol):\n    def read(self, path): ...\n"),
    (
        "src/a.py",
        "class A(ABC):\n    @abstractmethod\n    def read(self, path):\n        raise NotImplementedError\n",
    ),
    ("src/a.py", 'def send(mail):\n    """Do nothing: mails are off."""\n'),
    ("src/a.py", "class Listener:\n    def on_change(self, path):\n        pass\n"),
    ("src/a.py", "@overload\ndef read(path: str) -> str: ...\n"),
    ("src/a.py", "def is_remote(path):\n    return False\n"),
    ("src/a.ts", "export interface A { load(path: string): void }\n"),
    ("src/a.ts", "abstract class A { abstract load(path: string): void; }\n"),
    ("src/A.java", "interface A { default void load(String path) {} }\n"),
    ("src/A.java", "class A { A(String path) {} @Override public void load(String path) {} }\n"),
    ("src/A.java", "abstract class A { protected void load(String path) {} }\n"),
    (
        "a.go",
        "package a\n\nfunc (n nop) Write(p []byte) error {\n\t// nothing is kept\n\treturn nil\n}\n",
    ),
    ("tests/a.py", "def load(path):\n    pass\n"),
    ("examples/a.py", "def load(path):\n    pass\n"),
]


def test_what_is_meant_to_do_nothing_is_none(verified: Verified) -> None:
    found = each_added(verified, MEANT)
    assert found == {case: [] for case in MEANT}


def test_a_method_that_others_define_as_well_may_do_nothing(verified: Verified) -> None:
    other = "class Other:\n    def write(self, path):\n        return path.write_text(self.text)\n"
    answer = verified(
        {"src/b.py": other}, {"src/a.py": "class A:\n    def write(self, path):\n        pass\n"}, "undone"
    )
    assert rules(answer) == [("stub", "note")]


def test_a_method_that_refuses_is_a_hook_only_in_a_class_with_others_below(
    verified: Verified,
) -> None:
    other = "class Other:\n    def write(self, path):\n        return path.write_text(self.text)\n"
    refusing = "class {}:\n    def write(self, path):\n        raise NotImplementedError\n"
    below = "class Below(Sink):\n    def write(self, path):\n        return path.write_bytes(self.data)\n"
    after = {"src/a.py": refusing.format("Alone"), "src/c.py": refusing.format("Sink"), "src/d.py": below}
    answer = verified({"src/b.py": other}, after, "undone")
    assert [(each.path, each.severity.value) for each in answer.findings] == [
        ("src/a.py", "warning"),
        ("src/c.py", "note"),
    ]


def test_a_function_that_is_emptied_is_a_stub_whatever_it_is_called(verified: Verified) -> None:
    answer = verified({"a.py": WORKING}, {"a.py": "def total(items, rate):\n    return 0\n"}, "undone")
    assert rules(answer) == [("stub", "warning")]
    assert "did something before" in answer.findings[0].message


def test_a_function_that_is_emptied_and_says_so_is_an_error(verified: Verified) -> None:
    text = "def total(items, rate):\n    # TODO: implement\n    return 0\n"
    assert rules(verified({"a.py": WORKING}, {"a.py": text}, "undone")) == [("stub", "error")]


def test_a_body_of_which_lines_are_only_taken_away_counts(verified: Verified) -> None:
    work = "    if items:\n        return sum(item.price for item in items if item.counted)\n"
    before = f"def total(items):\n{work}    return 0\n"
    after = "def total(items):\n    return 0\n"
    assert rules(verified({"a.py": before}, {"a.py": after}, "undone")) == [("stub", "warning")]


def test_what_was_there_before_is_not_told(verified: Verified) -> None:
    stub = "def load_all(path):\n    pass  # TODO\n"
    assert rules(verified({"a.py": stub}, {"a.py": stub + WORKING}, "undone")) == []


def test_what_moves_to_another_file_is_not_told(verified: Verified) -> None:
    stub = "def load_all(path):\n    raise NotImplementedError\n\n\n# TODO: faster\n"
    answer = verified({"a.py": stub}, {"a.py": None, "b.py": f"import os\n\n\n{stub}"}, "undone")
    assert rules(answer) == []


MADE_UP = [
    (
        "src/a.py",
        'def fetch_users():\n    return [{"id": 1, "name": "John Doe"}, {"id": 2, "name": "Jane Doe"}]\n',
    ),
    ("src/a.py", 'MOCK_USERS = [{"id": 1}]\n'),
    ("src/a.py", "def fetch_price(symbol):\n    return random.uniform(100, 200)\n"),
    ("src/a.py", 'def get_stats(start, end):\n    return {"total": 1234, "active": 567, "new": 12}\n'),
    ("src/a.py", 'URL = "https://api.example.com/v1/users"\n'),
    ("src/a.ts", 'export const title = () => compute("Lorem ipsum dolor sit amet");\n'),
    ("src/a.ts", "const fakeResponse = { status: 200, data: [1, 2] };\n"),
    ("src/a.ts", "export function fetchPrice(symbol: string) {\n  return Math.random() * 100;\n}\n"),
    ("a.go", 'package a\n\nvar mockUsers = []string{"first", "second"}\n'),
    ("a.go", "package a\n\ntype FakeClient struct{}\n"),
    ("src/A.java", 'class A { String email() { return find("john.doe@example.com"); } }\n'),
    ("src/A.java", "class A { double fetchPrice(String s) { return 100 + Math.random() * 100; } }\n"),
]


def test_made_up_data_in_product_code_is_told(verified: Verified) -> None:
    found = each_added(verified, MADE_UP)
    assert found == {case: [("mock-data", "warning")] for case in MADE_UP}


WHERE_IT_BELONGS = [
    ("tests/a.py", 'MOCK_USERS = [{"id": 1, "name": "John Doe"}]\n'),
    ("src/seeds/users.ts", 'export const users = [{ name: "John Doe" }];\n'),
    ("src/a.py", 'def f(url):\n    """Ask, such as https://example.com/a."""\n    return ask(url)\n'),
    ("src/a.py", 'parser.add_argument("--url", help="https://example.com")\n'),
    ("src/a.py", "def random_delay():\n    return random.uniform(1, 2)\n"),
    ("src/a.py", 'def get_headers(self):\n    return {"Accept": "text/html", "User-Agent": "a/1"}\n'),
    ("src/a.py", 'if __name__ == "__main__":\n    run("john@example.com")\n'),
    ("src/a.rs", '#[cfg(test)]\nmod tests {\n    fn name() -> &\'static str { "John Doe" }\n}\n'),
]


def test_data_where_it_belongs_is_not(verified: Verified) -> None:
    found = each_added(verified, WHERE_IT_BELONGS)
    assert found == {case: [] for case in WHERE_IT_BELONGS}


SWALLOWED = [
    ("src/a.py", "def f():\n    try:\n        g()\n    except Exception:\n        pass\n"),
    ("src/a.py", "def f():\n    try:\n        g()\n    except:\n        pass\n"),
    ("src/a.ts", "export function f() {\n  try {\n    g();\n  } catch (e) {}\n}\n"),
    ("src/b.ts", "export function f() {\n  return g().catch(() => {});\n}\n"),
    ("src/c.js", "function f() {\n  g().then(h).catch((e) => { });\n}\n"),
    ("src/A.java", "class A { void f() { try { g(); } catch (Exception e) { } } }\n"),
    ("a.go", "package a\n\nfunc f() {\n\tif err := g(); err != nil {\n\t}\n}\n"),
    ("src/a.kt", "fun f() { try { g() } catch (e: Exception) { } }\n"),
    ("src/A.cs", "class A { void F() { try { G(); } catch { } } }\n"),
    ("a.php", "<?php\nfunction f() { try { g(); } catch (\\Throwable $e) { } }\n"),
    ("a.rb", "def f\n  g\nrescue\nend\n"),
]


def test_a_handler_that_swallows_every_error_is_told(verified: Verified) -> None:
    found = each_added(verified, SWALLOWED)
    assert found == {case: [("swallowed-error", "warning")] for case in SWALLOWED}


def test_a_handler_that_leaves_a_fallback_in_place_is_a_note(verified: Verified) -> None:
    text = 'let code = "";\ntry {\n  code = read();\n} catch {}\n'
    assert added(verified, "src/a.ts", text) == [("swallowed-error", "note")]


IGNORED = [
    ("src/a.py", "try:\n    import fast\nexcept ImportError:\n    pass\n"),
    (
        "src/a.py",
        "def f():\n    try:\n        g()\n    except Exception:\n        pass  # it is gone already\n",
    ),
    ("src/a.py", "def f():\n    with suppress(KeyError):\n        g()\n"),
    ("src/a.ts", "try {\n  g();\n} catch {\n  // it is gone already\n}\n"),
    ("src/b.ts", "g().catch(() => {\n  // it is gone already\n});\n"),
    ("src/c.ts", "g().catch((ignored) => {});\n"),
    ("src/d.ts", "schema.catch(() => ({}));\n"),
    ("src/A.java", "class A { void f() { try { g(); } catch (Exception ignored) { } } }\n"),
    ("src/A.java", "class A { void f() { try { g(); } catch (NumberFormatException e) { } } }\n"),
    ("src/a.py", "n = 0\ntry:\n    n = int(text)\nexcept ValueError:\n    pass\n"),
]


def test_an_error_that_is_ignored_with_a_reason_is_not(verified: Verified) -> None:
    found = each_added(verified, IGNORED)
    assert found == {case: [] for case in IGNORED}


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "tests/test_a.py",
            "def test_a():\n    assert f() == 1\n",
            "@pytest.mark.skip\ndef test_a():\n    assert f() == 1\n",
        ),
        (
            "a.test.ts",
            'it("a", () => {\n  expect(f()).toBe(1);\n});\n',
            'it.skip("a", () => {\n  expect(f()).toBe(1);\n});\n',
        ),
        (
            "a_test.go",
            "package a\n\nfunc TestA(t *testing.T) {\n\tcheck(t)\n}\n",
            'package a\n\nfunc TestA(t *testing.T) {\n\tt.Skip("flaky")\n\tcheck(t)\n}\n',
        ),
        (
            "src/test/ATest.java",
            "class ATest { @Test void a() { assertTrue(f()); } }\n",
            "class ATest { @Disabled @Test void a() { assertTrue(f()); } }\n",
        ),
    ],
)
def test_a_test_that_is_no_longer_run_is_told(verified: Verified, path: str, before: str, after: str) -> None:
    assert rules(verified({path: before}, {path: after}, "undone")) == [("skipped-test", "warning")]


def test_a_new_test_that_is_skipped_is_a_note(verified: Verified) -> None:
    text = "@pytest.mark.skip\ndef test_a():\n    assert f() == 1\n"
    assert added(verified, "tests/test_a.py", text) == [("skipped-test", "note")]


@pytest.mark.parametrize(
    ("path", "text", "severity"),
    [
        ("tests/test_a.py", "def test_a():\n    pass\n", "warning"),
        ("tests/test_a.py", "def test_a():\n    assert True\n", "warning"),
        ("tests/test_a.py", "def test_a():\n    load('a')\n", "note"),
        ("a.test.ts", 'it("works", () => {\n  expect(true).toBe(true);\n});\n', "warning"),
        ("a_test.go", "package a\n\nfunc TestA(t *testing.T) {\n\tLoad()\n}\n", "note"),
        ("src/test/ATest.java", "class ATest { @Test void works() { } }\n", "warning"),
    ],
)
def test_a_test_that_cannot_fail_is_told(verified: Verified, path: str, text: str, severity: str) -> None:
    assert added(verified, path, text) == [("assertion-free-test", severity)]


def test_a_helper_of_the_file_may_assert(verified: Verified) -> None:
    text = "def holds(a):\n    assert a\n\n\ndef test_a():\n    holds(f())\n"
    assert added(verified, "tests/test_a.py", text) == []


def test_a_note_to_oneself_is_a_note(verified: Verified) -> None:
    assert added(verified, "a.py", "def f(a):\n    # TODO: faster\n    return g(a)\n") == [("todo", "note")]


@pytest.mark.parametrize(
    "said", ["TODO(#12): faster", "the XXX in the name", "see ABC-12, FIXME there", "todo lists"]
)
def test_what_names_its_issue_or_only_sounds_so_is_none(verified: Verified, said: str) -> None:
    assert added(verified, "a.py", f"def f(a):\n    # {said}\n    return g(a)\n") == []


def test_code_that_is_commented_out_is_told(verified: Verified) -> None:
    after = WORKING.replace("    found", "    # found = other(items)\n    # found = sorted(found)\n    found")
    before = WORKING.replace("    found", "    found = other(items)\n    found = sorted(found)\n    found")
    assert rules(verified({"a.py": before}, {"a.py": after}, "undone")) == [("commented-code", "warning")]


def test_a_function_of_python_in_a_comment_is_told_though_its_line_ends_as_an_introduction_does(
    verified: Verified,
) -> None:
    code = "# def old(n):\n#     base = 2 ** n\n#     return base + shift(n)\n"
    assert added(verified, "a.py", f"x = f(1)\n\n{code}") == [("commented-code", "note")]


def test_code_that_a_comment_introduces_is_an_example(verified: Verified) -> None:
    shown = "# It is called so:\n#     base = two(n)\n#     return base + shift(n)\n"
    assert added(verified, "a.py", f"x = f(1)\n\n{shown}") == []


def test_a_test_that_keeps_the_others_from_being_run_is_no_skipped_one(verified: Verified) -> None:
    text = 'describe.only("a", () => {\n  it("b", () => {\n    expect(f()).toBe(2);\n  });\n});\n'
    answer = verified({"README.md": "# A\n"}, {"a.test.ts": text}, "undone")
    assert [(each.rule, each.line, each.message) for each in answer.findings] == [
        ("undone/focused-test", 1, "`describe.only` of `a` keeps the other tests from being run.")
    ]


def test_the_marks_of_a_conflict_are_told_in_any_text(verified: Verified) -> None:
    ours = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> side\n"
    answer = verified(
        {"old.txt": ours, "moved.ini": "x = 1\n"},
        {
            "old.txt": ours + "more\n",
            "a.ini": f"[a]\n{ours}",
            "guide.md": f"# Conflicts\n\n{ours}",
            "title.rst": "Title\n=======\n",
        },
        "undone",
    )
    told = [(each.path, each.line, each.end_line, each.severity.value) for each in answer.findings]
    assert told == [("a.ini", 2, 6, "error"), ("guide.md", 3, 7, "warning")]


def test_code_that_is_too_large_to_be_read_is_said(verified: Verified) -> None:
    before = "x = 1\n" * 250_000
    answer = verified(
        {"a.py": before, "b.csv": before}, {"a.py": before + "y\n", "b.csv": before + "y\n"}, "undone"
    )
    assert answer.notes == ["not read: a.py; what is larger than 1 MB is taken for data"]


def test_a_comment_in_prose_is_none(verified: Verified) -> None:
    prose = (
        "    # It is read first, since others wait;\n    # what is left is read (see g).\n    # No more.\n"
    )
    text = f"def f(a):\n{prose}    g(a)\n"
    assert added(verified, "a.py", text) == []


def test_secrets_never_show_in_a_message(verified: Verified) -> None:
    token = "ghp_" + "9aZ3kLmQx7Rt2Vw8Yb4Nc6Pd1Sf5Hg0Jj3Ke"
    answer = verified({"README.md": ""}, {"a.py": f"# TODO: drop {token}\nx = 1\n"}, "undone")
    assert answer.findings
    assert token not in answer.model_dump_json()


def test_what_is_not_read_is_named(verified: Verified) -> None:
    after = {"wide.py": "x\0 = 1\n", "huge.csv": "1,2,3\n" * 200_000}
    answer = verified({"a.py": "a = 1\n"}, after, "undone")
    assert [note.partition(";")[0] for note in answer.notes] == ["not read: huge.csv", "not read: wide.py"]


def test_a_comment_above_the_body_of_a_handler_says_why_an_error_is_ignored(verified: Verified) -> None:
    told = "def end(stream):\n    try:\n        stream.write()\n    except Exception:  # pragma: no cover\n"
    why = "        # The stream may be at its end already\n        pass\n"
    assert not verified({"a.py": "a = 1\n"}, {"b.py": told + why}, "undone").findings
    (found,) = verified({"a.py": "a = 1\n"}, {"c.py": told + "        pass\n"}, "undone").findings
    assert found.rule == "undone/swallowed-error"
