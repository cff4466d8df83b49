"""Rules of a convention file: what can be followed one by one, with lines."""

from __future__ import annotations

import time

from whykeeper_indexers.conventions import fold_rules, rules_of

GUIDE = """---
alwaysApply: true
---
# House rules

Be brief.

## Testing

- Use the harbour fixture.
  It takes
  no time.
- Before a release:
  - run the tide tests
  - run the moon tests

Never do any of these:

1. Sleep in a test.
2. Mock the sea.

Run them so:

```bash
make test
```

## Ports

| port | use |
| --- | --- |
| 80 | the quay |

@docs/more.md
"""


def told(text: str, path: str = "AGENTS.md") -> list[tuple[int, str, str]]:
    return [(rule.line, rule.under, rule.text) for rule in rules_of(text, path)]


def test_items_rows_and_paragraphs_are_rules_under_their_headings_with_their_lines() -> None:
    assert told(GUIDE, ".cursor/rules/a.mdc") == [
        (6, "", "Be brief."),
        (10, "Testing", "Use the harbour fixture. It takes no time."),
        (13, "Testing", "Before a release:\n- run the tide tests\n- run the moon tests"),
        (19, "Testing > Never do any of these:", "Sleep in a test."),
        (20, "Testing > Never do any of these:", "Mock the sea."),
        (22, "Testing", "Run them so:\n```bash\nmake test\n```"),
        (32, "Ports > | port | use |", "| 80 | the quay |"),
    ]


def test_code_after_an_item_belongs_to_it() -> None:
    text = "- Import types so:\n\n```ts\nimport type { A } from 'a'\n```\n"
    assert told(text) == [(1, "", "Import types so:\n```ts\nimport type { A } from 'a'\n```")]


def test_a_long_item_is_told_point_by_point() -> None:
    points = "".join(
        f"  - Point {number}: {'every ferry waits its turn at the quay ' * 2}\n" for number in range(6)
    )
    found = told(f"# T\n\n- **Ferries**:\n{points}")

    assert [(line, under) for line, under, _ in found] == [(n, "**Ferries**:") for n in range(4, 10)]
    assert found[0][2].startswith("Point 0: every ferry")


def test_a_file_without_an_extension_is_markdown() -> None:
    assert told("# A\n\n* Keep it short.\n", ".cursorrules") == [(3, "", "Keep it short.")]


def test_text_made_to_stall_is_read_in_time() -> None:
    started = time.monotonic()
    for text in ("- " * 50_000, "@a " * 50_000, "| " * 50_000 + "\n|-|\n", "`" * 100_000, "- x\n" * 30_000):
        fold_rules(rules_of(text, "AGENTS.md"))
    assert time.monotonic() - started < 20


def test_what_several_files_say_is_told_once_with_the_other_places() -> None:
    ours = rules_of("- Use the **harbour** fixture, always.\n- Write tests first.\n", "src/AGENTS.md")
    copy = rules_of(
        "# Copy\n\n* use the harbour fixture always\n* Write tests *first*!\n* Take care.\n", "CLAUDE.md"
    )

    found = [(each.rule.place, [other.place for other in each.also]) for each in fold_rules([*ours, *copy])]

    assert found == [
        ("src/AGENTS.md:1", ["CLAUDE.md:3"]),
        ("src/AGENTS.md:2", ["CLAUDE.md:4"]),
        ("CLAUDE.md:5", []),
    ]


def test_a_copy_that_drifted_by_a_word_is_the_same_rule() -> None:
    where = "in every one of our services"
    first = f"A handler of the harbour checks who its caller is before it answers anything at all, {where}.\n"
    second = first.replace("answers", "replies")
    (one,) = fold_rules([*rules_of(first, "AGENTS.md"), *rules_of(second, "CLAUDE.md")])
    assert [each.path for each in one.also] == ["CLAUDE.md"]


def test_rules_of_one_file_and_code_are_folded_only_where_they_are_the_same() -> None:
    one = "The header of the harbour sets how many seconds the delivery of each {} is late at most here.\n"
    assert len(fold_rules(rules_of(one.format("message") + "\n" + one.format("batch"), "AGENTS.md"))) == 2
    right, wrong = "Do:\n```\nx y c d e f g\n```\n", "Do:\n```\ny x c d e f g\n```\n"
    assert len(fold_rules([*rules_of(right, "AGENTS.md"), *rules_of(wrong, "CLAUDE.md")])) == 2


def test_what_forbids_counts_or_names_something_else_is_another_rule() -> None:
    plain = "Every handler of the harbour checks who its caller is within 20 seconds with `check_caller`.\n"
    for other in (
        plain.replace("checks", "never checks"),
        plain.replace("20", "30"),
        plain.replace("check_caller", "verify_caller"),
    ):
        assert len(fold_rules([*rules_of(plain, "AGENTS.md"), *rules_of(other, "CLAUDE.md")])) == 2, other


def test_lines_that_only_bring_files_in_are_no_rules() -> None:
    text = (
        "# A\n@AGENTS.md\n@docs/style.md @b.md\n@~/own.md\nSee @docs/more.md for more.\nBe kind.\n\n@c.md\n"
    )
    assert told(text) == [(5, "", "See @docs/more.md for more. Be kind.")]
