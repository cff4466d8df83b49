from __future__ import annotations

from whykeeper.verification.answer import EvidenceItem, FindingItem, VerifyAnswer
from whykeeper.verification.findings import Severity
from whykeeper.verification.markdown import fitted, verification_markdown


class Words:
    """Counts words for tokens."""

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def trim_to_tokens(self, text: str, budget: int) -> str:
        return " ".join(text.split()[:budget])


def found(count: int, severity: Severity = Severity.WARNING) -> list[FindingItem]:
    return [
        FindingItem(
            check="undone",
            rule="undone/stub",
            id=f"{severity}{number}",
            severity=severity,
            path=f"src/a{number}.py",
            line=number + 1,
            message="It has no body yet.",
            hint="Write it.",
            evidence=[EvidenceItem(path="docs/a.md", lines=(3, 4), text="must be done " * 40)] * 9,
        )
        for number in range(count)
    ]


def answer(findings: list[FindingItem]) -> VerifyAnswer:
    return VerifyAnswer(findings=findings, what="HEAD~1..HEAD", files=1, checks=["undone"])


def test_the_heaviest_are_kept_within_the_budget_and_the_rest_is_counted() -> None:
    whole = answer([*found(2, Severity.ERROR), *found(3), *found(1, Severity.NOTE)])

    cut = fitted(whole, 400, Words())

    shown = verification_markdown(cut)
    assert [each.severity for each in cut.findings] == ["error", "error"]
    (note,) = cut.notes
    assert note.startswith("left out for the budget: 3 warnings, 1 note; mend these and call again")
    assert Words().count_tokens(shown) <= 400 + 40
    assert fitted(whole, 1, Words()).findings[0].id == "error0"
    assert len(fitted(whole, 100_000, Words()).findings) == 6


def test_waived_findings_take_no_more_than_a_note() -> None:
    waived = [each.model_copy(update={"waived": "it is a quote"}) for each in found(3)]
    cut = fitted(answer([]).model_copy(update={"waived": waived}), 100, Words())
    assert (cut.waived, cut.notes) == ([], ["3 findings waived in the repository"])


def test_a_finding_is_one_entry_with_place_rule_evidence_and_what_to_do() -> None:
    (item,) = found(1)
    shown = verification_markdown(answer([item.model_copy(update={"message": "A\nname \x1b[31m"})]))

    assert shown.splitlines()[2:4] == [
        r"1. warning src/a0.py:1: A\x0aname \x1b[31m [undone/stub, id warning0]",
        f"   see docs/a.md:3-4: {'must be done ' * 40}".rstrip(" ") + " ",
    ]


def test_where_nothing_was_found_it_says_what_was_compared() -> None:
    assert verification_markdown(answer([])) == "HEAD~1..HEAD: 1 file changed, 1 check run: nothing found."
