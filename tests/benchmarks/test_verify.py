"""Faults as they are planted, and what counts as finding one."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from benchmarks.verify.faults import Expected, Fault, Found, Named, found_by
from benchmarks.verify.pinned import Pinned, checkouts
from benchmarks.verify.planters import PLANTERS
from benchmarks.verify.planters.placing import sound
from benchmarks.verify.replay import replay_tables
from benchmarks.verify.scene import Scene, real_changes
from benchmarks.verify.workbench import Clone
from tests.conftest import GitFolder

from whykeeper.verification.answer import EvidenceItem, FindingItem
from whykeeper.verification.findings import Severity

LANGUAGES = ("python", "typescript", "go", "java")
SEEDS = range(12)
SOURCES = {
    "python": {
        "shop/prices.py": (
            "import math\n\nLARGEST_ORDER = 500\n\n\n"
            "def total_price(items, tax_rate, discount):\n"
            '    """Add up what the items cost."""\n'
            "    total = 0\n    count = 0\n"
            "    for item in items:\n"
            "        if item.amount < 0:\n"
            '            raise ValueError("the amount must be positive")\n'
            "        total += item.price * item.amount\n        count += item.amount\n"
            "    if count > 10:\n        total = total * (1 - discount)\n"
            "    return math.ceil(total * (1 + tax_rate))\n"
        ),
        "shop/cart.py": (
            "from shop.prices import total_price\n\n\n"
            "def checkout_cart(cart):\n    return total_price(cart.items, 0.19, 0)\n"
        ),
        "shop/stock.py": "def count_stock(shelf):\n    return len(shelf)\n",
        "requirements.txt": "attrs\n",
    },
    "typescript": {
        "shop/prices.ts": (
            "export const largestOrder = 500;\n\n"
            "export function totalPrice(items: any[], taxRate: number, discount: number): number {\n"
            "  let total = 0;\n  let count = 0;\n"
            "  for (const item of items) {\n"
            "    if (item.amount < 0) {\n"
            '      throw new Error("the amount must be positive");\n    }\n'
            "    total += item.price * item.amount;\n    count += item.amount;\n  }\n"
            "  if (count > 10) {\n    total = total * (1 - discount);\n  }\n"
            "  return Math.ceil(total * (1 + taxRate));\n}\n"
        ),
        "shop/cart.ts": (
            'import { totalPrice } from "./prices.js";\n\n'
            "export function checkoutCart(cart: any): number {\n"
            "  return totalPrice(cart.items, 0.19, 0);\n}\n"
        ),
        "shop/stock.ts": "export function countStock(shelf: any[]): number {\n  return shelf.length;\n}\n",
        "package.json": '{\n  "dependencies": {\n    "left": "1.0.0"\n  }\n}\n',
    },
    "go": {
        "shop/prices.go": (
            'package shop\n\nimport "errors"\n\nconst LargestOrder = 500\n\n'
            "// TotalPrice adds up what the items cost.\n"
            "func TotalPrice(items []Item, taxRate float64, discount float64) (float64, error) {\n"
            "\ttotal := 0.0\n\tcount := 0\n"
            "\tfor _, item := range items {\n\t\tif item.Amount < 0 {\n"
            '\t\t\treturn 0, errors.New("the amount must be positive")\n\t\t}\n'
            "\t\ttotal += item.Price * float64(item.Amount)\n\t\tcount += item.Amount\n\t}\n"
            "\tif count > 10 {\n\t\ttotal = total * (1 - discount)\n\t}\n"
            "\treturn total * (1 + taxRate), nil\n}\n"
        ),
        "shop/cart.go": (
            "package shop\n\nfunc CheckoutCart(items []Item) (float64, error) {\n"
            "\treturn TotalPrice(items, 0.19, 0)\n}\n"
        ),
        "shop/stock.go": "package shop\n\nfunc CountStock(shelf []Item) int {\n\treturn len(shelf)\n}\n",
        "shop/api/serve.go": "package api\n\nfunc ServeShop(port int) int {\n\treturn port\n}\n",
        "go.mod": "module example.org/shop\n\nrequire (\n\texample.org/left v1.0.0\n)\n",
    },
    "java": {
        "shop/Prices.java": (
            "package shop;\n\nimport java.util.List;\n\nfinal class Prices {\n"
            "  static final int LARGEST_ORDER = 500;\n\n"
            "  static double totalPrice(List<Item> items, double taxRate, double discount) {\n"
            "    double total = 0;\n    int count = 0;\n"
            "    for (Item item : items) {\n      if (item.amount < 0) {\n"
            '        throw new IllegalArgumentException("the amount must be positive");\n      }\n'
            "      total += item.price * item.amount;\n      count += item.amount;\n    }\n"
            "    if (count > 10) {\n      total = total * (1 - discount);\n    }\n"
            "    return Math.ceil(total * (1 + taxRate));\n  }\n}\n"
        ),
        "shop/Cart.java": (
            "package shop;\n\nimport java.util.List;\n\nfinal class Cart {\n"
            "  double checkoutCart(List<Item> items) {\n"
            "    return Prices.totalPrice(items, 0.19, 0);\n  }\n}\n"
        ),
        "shop/Stock.java": (
            "package shop;\n\nfinal class Stock {\n"
            "  int countStock(int[] shelf) {\n    return shelf.length;\n  }\n}\n"
        ),
        "shop/api/Api.java": (
            "package shop.api;\n\nfinal class Api {\n"
            "  static int serveShop(int port) {\n    return port;\n  }\n}\n"
        ),
        "pom.xml": "<project>\n  <dependencies>\n  </dependencies>\n</project>\n",
    },
}
ENDINGS = {"python": "py", "typescript": "ts", "go": "go", "java": "java"}


def scene_of(git_folder: GitFolder, tmp_path: Path, language: str) -> Scene:
    ending = ENDINGS[language]
    for path, text in SOURCES[language].items():
        git_folder.write(path, text)
    readme = "# Shop\n\nStart with `totalPrice`, `total_price` or `TotalPrice`.\n"
    git_folder.write("README.md", readme)
    git_folder.write(f"tests/test_shop.{ending}", "")
    git_folder.write(f"tool.{ending}", "")
    git_folder.commit("Begin")
    git_folder.write(f"tool.{ending}", "// a remark\n" if language != "python" else "# a remark\n")
    git_folder.commit("Say what the tool is for")
    head = git_folder.git("rev-parse", "HEAD").strip()
    pinned = Pinned("example/shop", head, language, re.compile(rf"shop/.*\.{ending}"))
    clone = Clone.of(git_folder.root, tmp_path / "clone")
    (change,) = [each for each in real_changes(clone, pinned) if f"tool.{ending}" in each.paths][:1]
    return Scene(pinned, clone, change)


def planted(scene: Scene, kind: str) -> list[Fault]:
    found = [PLANTERS[kind](scene, Random(seed)) for seed in SEEDS]
    return [each for each in found if each is not None]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PLANTERS)
def test_every_class_is_planted_in_every_language_and_what_is_written_parses(
    git_folder: GitFolder, tmp_path: Path, kind: str, language: str
) -> None:
    scene = scene_of(git_folder, tmp_path, language)

    faults = planted(scene, kind)

    assert faults
    for fault in faults:
        assert fault.expected
        assert not fault.writes.keys() & scene.change.paths
        for path, text in fault.writes.items():
            assert text != scene.tree.text(path)
            assert sound(path, scene.tree.text(path), text, language), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_keeps_everything_but_the_name(git_folder: GitFolder, tmp_path: Path, language: str) -> None:
    scene = scene_of(git_folder, tmp_path, language)

    for fault in planted(scene, "clone"):
        ((path, text),) = fault.writes.items()
        (expected,) = fault.expected
        assert path not in (each.path for each in expected.evidence)
        assert expected.within is not None
        start, end = expected.within
        written = "\n".join(str(text).split("\n")[start - 1 : end])
        assert not re.search(r"\btotal_?price\b", written, re.IGNORECASE), written
        assert "the amount must be positive" in written
        assert all(name in written for name in ("items", "discount", "count"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rewritten_copy_shares_no_name_of_a_local(
    git_folder: GitFolder, tmp_path: Path, language: str
) -> None:
    scene = scene_of(git_folder, tmp_path, language)

    for fault in planted(scene, "renamed clone"):
        ((path, text),) = fault.writes.items()
        (expected,) = fault.expected
        assert expected.within is not None
        start, end = expected.within
        written = "\n".join(str(text).split("\n")[start - 1 : end])
        assert not re.search(r"\b(?:items|item|discount|count|tax_?[rR]ate)\b", written), written
        assert ".amount" in written.lower()
        assert path.startswith("shop/")


def test_a_seed_always_gives_the_same_faults(git_folder: GitFolder, tmp_path: Path) -> None:
    scene = scene_of(git_folder, tmp_path, "python")

    for kind in PLANTERS:
        assert planted(scene, kind) == planted(scene, kind)


def test_uses_are_left_when_what_they_use_is_gone(git_folder: GitFolder, tmp_path: Path) -> None:
    scene = scene_of(git_folder, tmp_path, "python")
    faults = [
        each for each in planted(scene, "dangling use") if each.form.startswith(("removed", "renamed:"))
    ]

    assert faults
    for fault in faults:
        assert "shop/cart.py" not in fault.writes
        assert "def total_price" not in str(fault.writes["shop/prices.py"])


def test_a_fault_stands_beside_a_real_change_that_is_not_committed(
    git_folder: GitFolder, tmp_path: Path
) -> None:
    scene = scene_of(git_folder, tmp_path, "python")
    clone = Clone(tmp_path / "clone")

    clone.begin(f"{scene.change.commit}^", {"docs/note.md": "# A note\n"})
    clone.apply(scene.change.commit)
    clone.write({"shop/new.py": "x = 1\n", "shop/stock.py": None})

    changed = clone.git("status", "--porcelain").splitlines()
    assert sorted(changed) == [" D shop/stock.py", " M tool.py", "?? shop/new.py"]
    assert clone.git("show", "HEAD:docs/note.md") == "# A note\n"


EXPECTED = Expected("duplicates", frozenset(["b.py"]), (10, 20), (Named("a.py", "parse"),))


def finding(**changed: object) -> FindingItem:
    said: dict[str, object] = {
        "check": "duplicates",
        "rule": "duplicates/clone",
        "id": "1",
        "severity": Severity.WARNING,
        "path": "b.py",
        "line": 12,
        "message": "read does what parse does.",
        "evidence": [EvidenceItem(path="a.py", lines=(1, 5), text="parse")],
    }
    return FindingItem.model_validate({**said, **changed})


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, Found.YES),
        ({"severity": Severity.NOTE}, Found.NOTE),
        ({"check": "undone"}, Found.NO),
        ({"path": "a.py"}, Found.NO),
        ({"line": 30}, Found.NO),
        ({"line": None}, Found.YES),
        ({"line": 5, "end_line": 10}, Found.YES),
        ({"evidence": []}, Found.NO),
        ({"evidence": [EvidenceItem(path="c.py", text="parse")]}, Found.NO),
        ({"message": "Parser", "evidence": [EvidenceItem(path="a.py", text="parser")]}, Found.NO),
    ],
)
def test_a_fault_is_found_by_a_finding_that_says_which_file_where_and_by_what(
    changed: dict[str, object], found: Found
) -> None:
    fault = Fault("copied", "", {}, (EXPECTED,))

    assert found_by(fault, [finding(**changed)])[0] is found


def test_the_table_of_real_commits_says_whether_the_limits_hold() -> None:
    part = {
        "repository": "example/shop",
        "at": "0123456789abcdef",
        "commits": 200,
        "with": {"error": 5, "warning": 30, "note": 90},
        "rules": [["warning", "undone/todo", 30], ["error", "boundaries/removed", 5]],
        "median_s": 0.2,
        "p95_s": 0.9,
    }

    table = replay_tables([part])

    assert "| example/shop at 0123456789ab | 200 | 5 (2.5%) ✗ | 30 (15.0%) ✓ | 90 (45.0%) |" in table
    assert table.index("boundaries/removed") < table.index("undone/todo")


def test_a_checkout_without_the_pinned_commit_is_left_out(git_folder: GitFolder, tmp_path: Path) -> None:
    scene = scene_of(git_folder, tmp_path, "go")
    there = scene.pinned
    (tmp_path / "repos").mkdir()
    (tmp_path / "repos" / "example+shop").symlink_to(git_folder.root)
    other = Pinned("example/other", "0" * 40, "go", re.compile(""))

    assert checkouts([tmp_path / "repos"], [there, other]) == {there: git_folder.root.resolve()}
