"""Members, fields and modules that a change takes away while others still use them."""

from __future__ import annotations

import pytest
from tests.verification.bounded import found_in, only
from tests.verification.conftest import Verified

from whykeeper.verification.findings import Severity


def test_a_member_that_is_imported_statically_does_not_compile_without_it(verified: Verified) -> None:
    limits = "package a;\n\npublic class Limits {\n  static final int MOST = 3;\n}\n"
    use = "package a;\n\nimport static a.Limits.MOST;\n\nclass Main {\n  int most = MOST;\n}\n"
    before = {"src/a/Limits.java": limits, "src/a/Main.java": use}
    (found,) = verified(before, {"src/a/Limits.java": limits.replace("MOST", "ALL")}, "boundaries").findings
    assert (found.severity, found.evidence[0].path) == ("error", "src/a/Main.java")


def test_a_static_import_of_one_member_does_not_hide_the_class_of_another(verified: Verified) -> None:
    limits = "package a;\n\npublic class Limits {\n  static final int MOST = 3;\n  static int least() {}\n}\n"
    body = "class Main {\n  int most = Limits.MOST + least();\n}\n"
    use = f"package a;\n\nimport static a.Limits.least;\n\n{body}"
    before = {"src/a/Limits.java": limits, "src/a/Main.java": use}
    (found,) = verified(before, {"src/a/Limits.java": limits.replace("MOST", "ALL")}, "boundaries").findings
    assert found.evidence[0].lines == (6, 6)


_BASE = (
    "class Base:\n    def __init__(self, limit=20):\n        self.limit = limit\n\n"
    "    def send(self, a):\n        return a\n"
)


@pytest.mark.parametrize(
    "after",
    [_BASE.replace("limit=20", "most=20"), _BASE.replace("send(self, a)", "send(self, a, b)")],
    ids=["constructor", "method"],
)
def test_a_call_through_super_that_no_longer_fits_is_told(verified: Verified, after: str) -> None:
    child = (
        "from base import Base\n\n\nclass Child(Base):\n"
        "    def __init__(self):\n        super().__init__(limit=1)\n\n"
        "    def send(self, a):\n        return super().send(a)\n"
    )
    found = only(
        found_in(verified, {"base.py": _BASE, "child.py": child}, {"base.py": after}),
        "signature",
        Severity.WARNING,
    )
    assert [each.path for each in found.evidence] == ["child.py"]


def test_super_of_several_bases_may_be_any_of_them(verified: Verified) -> None:
    child = (
        "from base import Base\nfrom other import Other\n\n\nclass Child(Other, Base):\n"
        "    def __init__(self):\n        super().__init__(limit=1)\n"
    )
    after = {"base.py": _BASE.replace("limit=20", "most=20")}
    assert found_in(verified, {"base.py": _BASE, "child.py": child}, after) == []


_GO_MOD = {"go.mod": "module example.org/app\n"}
_GO_STRUCT = "package app\n\ntype Options struct {\n\tUse   string\n\tQuiet bool\n}\n"


def test_a_field_of_a_struct_that_is_gone_is_told_where_it_is_used(verified: Verified) -> None:
    other = (
        'package app\n\nfunc run(o *Options) bool {\n\tmade := &Options{Use: "a", Quiet: true}\n'
        "\treturn o.Quiet || made.Quiet\n}\n"
    )
    before = {**_GO_MOD, "a.go": _GO_STRUCT, "b.go": other}
    found = only(
        found_in(verified, before, {"a.go": _GO_STRUCT.replace("Quiet", "Hushed")}),
        "symbol",
        Severity.WARNING,
    )
    assert "it is probably Options.Hushed now" in found.message
    assert [(each.path, each.lines) for each in found.evidence] == [("b.go", (4, 4)), ("b.go", (5, 5))]


@pytest.mark.parametrize(
    "other",
    [
        (
            "package app\n\ntype Other struct{ Quiet bool }\n\n"
            "func run(o Other) bool { return Other{Quiet: true} == o }\n"
        ),
        'package app\n\nfunc run() map[string]bool { return map[string]bool{"Quiet": true} }\n',
    ],
    ids=["another struct", "a map"],
)
def test_a_field_of_the_same_name_elsewhere_is_no_use(verified: Verified, other: str) -> None:
    before = {**_GO_MOD, "a.go": _GO_STRUCT, "b.go": other}
    assert found_in(verified, before, {"a.go": _GO_STRUCT.replace("\tQuiet bool\n", "")}) == []


@pytest.mark.parametrize(
    "said",
    [
        "See `tests/run_all.py`.",
        "See [it](../tests/run_all.py).",
        "```sh\npython tests/run_all.py --quick\n```",
    ],
)
def test_a_page_that_names_a_file_by_its_old_path_is_told(verified: Verified, said: str) -> None:
    text = "".join(f"line_{number} = {number}\n" for number in range(9))
    before = {"docs/tests.md": f"# Tests\n\n{said}\n", "tests/run_all.py": text}
    answer = verified(before, {"tests/run_all.py": None, "tests/run_cases.py": text}, "boundaries")
    (found,) = answer.findings
    assert (found.rule, found.severity) == ("boundaries/file", "warning")
    assert found.evidence[0].path == "docs/tests.md"


def test_a_member_of_a_module_that_is_handed_on_as_a_whole_is_told(verified: Verified) -> None:
    before = {
        "src/util.ts": "export function merge(a: number): number {\n  return a;\n}\n",
        "src/index.ts": 'export * as util from "./util.js";\n',
        "src/use.ts": 'import { util } from "./index.js";\n\nexport const one = util.merge(1);\n',
    }
    after = {"src/util.ts": before["src/util.ts"].replace("merge", "combine")}
    (found,) = verified(before, after, "boundaries").findings
    assert (found.severity, found.evidence[0].path) == ("warning", "src/use.ts")


def test_attributes_that_are_set_on_objects_give_a_module_no_names(verified: Verified) -> None:
    models = "class Answer:\n    def set(self, name, value):\n        setattr(self, name, value)\n"
    before = {"models.py": models, "use.py": "from models import Answer\n\nanswer = Answer()\n"}
    (found,) = verified(before, {"models.py": models.replace("Answer", "Reply")}, "boundaries").findings
    assert (found.severity, found.evidence[0].path) == ("error", "use.py")
