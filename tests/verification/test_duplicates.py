"""New functions that do what existing ones do."""

from __future__ import annotations

from tests.verification.conftest import Verified

EXISTING = """
def parse_header(value: str) -> dict[str, str]:
    found = {}
    for part in value.split(";"):
        name, sign, rest = part.strip().partition("=")
        if not sign:
            continue
        cleaned = rest.strip().strip('"')
        if cleaned:
            found[name.lower()] = cleaned
    return found
"""
RENAMED = """
def read_options(text: str) -> dict[str, str]:
    options = {}
    for piece in text.split(","):
        key, mark, tail = piece.strip().partition(":")
        if not mark:
            continue
        plain = tail.strip().strip("'")
        if plain:
            options[key.lower()] = plain
    return options
"""
OTHER = """
def total(orders: list[dict[str, float]]) -> float:
    amount = 0.0
    for order in orders:
        price = order["price"] * order["count"]
        if order.get("discount"):
            price -= order["discount"]
        amount += max(price, 0)
    return round(amount, 2)
"""
GO = """package web

func Average(values []float64) float64 {
	sum := 0.0
	count := 0
	for _, value := range values {
		if value < 0 {
			continue
		}
		sum += value
		count++
	}
	if count == 0 {
		return 0
	}
	return sum / float64(count)
}
"""


def test_a_copy_in_another_file_names_the_one_to_call(verified: Verified) -> None:
    answer = verified({"web/headers.py": EXISTING}, {"api/parsing.py": EXISTING})
    (finding,) = answer.findings
    assert (finding.rule, finding.path, finding.line) == ("duplicates/clone", "api/parsing.py", 2)
    assert "web/headers.py:2" in finding.hint
    assert finding.evidence[0].lines == (2, 11)


def test_renamed_identifiers_and_other_literals_hide_nothing(verified: Verified) -> None:
    (finding,) = verified({"web/headers.py": EXISTING}, {"api/parsing.py": RENAMED}).findings
    assert "parse_header" in finding.message


def test_statements_in_another_order_hide_nothing(verified: Verified) -> None:
    swapped = GO.replace("\tsum := 0.0\n\tcount := 0\n", "\tn := 0\n\ttotal := 0.0\n").replace("sum", "total")
    swapped = swapped.replace("\t\ttotal += value\n\t\tcount++\n", "\t\tn++\n\t\ttotal += value\n")
    swapped = swapped.replace("count", "n").replace("Average", "Mean").replace("value", "each")
    (finding,) = verified({"web/average.go": GO}, {"stats/mean.go": swapped}).findings
    assert finding.message.startswith("Mean ")


def test_another_function_is_no_duplicate(verified: Verified) -> None:
    assert not verified({"web/headers.py": EXISTING}, {"api/orders.py": OTHER}).findings


def test_a_function_that_moved_is_no_duplicate(verified: Verified) -> None:
    before = {"web/headers.py": EXISTING + OTHER}
    assert not verified(before, {"web/headers.py": OTHER, "web/parsing.py": EXISTING}).findings


def test_a_test_may_repeat_another(verified: Verified) -> None:
    assert not verified({"tests/test_a.py": EXISTING}, {"tests/test_b.py": RENAMED}).findings


def test_one_more_of_a_family_weighs_less(verified: Verified) -> None:
    family = {f"locales/{name}.py": EXISTING for name in ("de", "fr", "it")}
    (finding,) = verified(family, {"locales/es.py": RENAMED}).findings
    assert finding.severity == "note"
    assert "one of 3" in finding.message


def test_a_function_whose_body_changed_a_little_is_not_new(verified: Verified) -> None:
    edited = EXISTING.replace("name.lower()", "name.upper()")
    assert not verified({"a.py": EXISTING, "b.py": EXISTING}, {"a.py": edited}).findings
