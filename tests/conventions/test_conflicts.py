"""Rules that disagree with one another or with decisions: clear cases only."""

from __future__ import annotations

import pytest

from whykeeper_indexers.conventions import (
    choices_of,
    disagreements,
    forbidden_by_rules,
    named_out_of_force,
    refusals_of,
    refused_by_decisions,
    rules_of,
)
from whykeeper_indexers.types import Alternative, DecisionContent, DecisionRecord, Scope

STORE = "docs/decisions/0003-use-postgres-for-orders.md"
OLD = "docs/decisions/0001-use-squid.md"
NEW = "docs/decisions/0007-use-otter.md"


def record(title: str, number: int, status: str = "accepted", **values: tuple[str, ...]) -> DecisionRecord:
    return DecisionRecord("madr-4", f"ADR-{number:04}", title, number, status, **values)


DECISIONS = {
    STORE: record("Use Postgres for orders", 3),
    OLD: record("Use squid", 1, "superseded", superseded_by=(NEW,)),
    NEW: record("Use Otter", 7, supersedes=(OLD,)),
}
CONTENTS = {
    STORE: DecisionContent(
        decision="Chosen option: Postgres. We must never use `pickle` for orders.",
        alternatives=(Alternative("SQLite", "locks"), Alternative("Do nothing", "")),
    ),
    NEW: DecisionContent(decision="We use Otter.", alternatives=(Alternative("HAProxy", ""),)),
}


def apart(first: str, second: str, *scopes: Scope) -> list[str]:
    bound = dict(zip(("AGENTS.md", "CLAUDE.md"), scopes or (Scope(), Scope()), strict=True))
    rules = [*rules_of(first, "AGENTS.md"), *rules_of(second, "CLAUDE.md")]
    return [each.said for each in disagreements(rules, bound.__getitem__)]


def against(rule: str, folder: str = "") -> list[str]:
    found = refused_by_decisions(
        rules_of(rule, "AGENTS.md"), refusals_of(DECISIONS, CONTENTS), lambda _: Scope(folder), lambda *_: 12
    )
    return [each.said for each in found]


def leaning(rule: str) -> list[str]:
    return [each.said for each in named_out_of_force(rules_of(rule, "docs/AGENTS.md"), DECISIONS)]


def test_opposites_under_one_heading_are_a_conflict_with_both_places() -> None:
    (said,) = apart(
        "# Rules\n\n## Tests\n\n- Always mock the harbour client in unit tests.\n",
        "# Rules\n\n## Tests\n\n- Never mock the harbour client in unit tests.\n",
    )
    assert said.startswith("AGENTS.md:5 and CLAUDE.md:5 disagree under the same heading: ")


def test_copies_whose_numbers_or_commands_drifted_are_a_conflict() -> None:
    text = "## Setup\n\n- Install the harbour tools with Python {} or newer before anything else.\n"
    assert len(apart(text.format("3.10"), text.format("3.12"))) == 1
    assert len(apart(text.format("`a`"), text.format("`b`"))) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Run `npm test` before committing.", "Run `pnpm test` before committing."),
        ("Build with `make harbour`.", "Build with `bazel build harbour`."),
        ("- Indent with 4 spaces.", "- Indent with 2 spaces."),
        ("```\nnpm run lint\n```", "```\nyarn lint\n```"),
    ],
)
def test_short_rules_whose_commands_or_numbers_drifted_are_a_conflict(first: str, second: str) -> None:
    (said,) = apart(f"# A\n\n## Checks\n\n{first}\n", f"# B\n\n## Checks\n\n{second}\n")
    assert said.startswith("AGENTS.md:5 and CLAUDE.md:5 disagree under the same heading: ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Run `npm test`.", "Run `make lint`."),
        ("Run `npm test` before committing.", "Run `pnpm test` before committing, or `npm test`."),
        (
            "- Run `npm test` before committing.\n\nThe docs use `yarn test`.",
            "- Run `yarn test` before committing.",
        ),
        ("The harbour has 4 quays.", "The harbour has 2 quays."),
        ("```\nnpm test\n```", "```\nmake all\n```"),
        (
            "- Run `npm test` before committing.\n- Run `npm t` before committing.",
            "- Run `yarn t` before committing.",
        ),
    ],
)
def test_commands_of_which_both_may_hold_are_none(first: str, second: str) -> None:
    assert apart(f"# A\n\n## Checks\n\n{first}\n", f"# B\n\n## Checks\n\n{second}\n") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Never mock the harbour client in tests.", "Do not mock the harbour client in tests."),
        ("Always mock the harbour client in unit tests.", "Never call the harbour client in slow tests."),
        ("Mock the sea.", "Never mock the sea."),
        ("Use port 80 for the quay of the harbour.", "Use port 80 for the quay of the harbour, and port 81."),
    ],
)
def test_what_merely_sounds_alike_is_none(first: str, second: str) -> None:
    assert apart(f"## Tests\n\n- {first}\n", f"## Tests\n\n- {second}\n") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Raise ValueError on bad input.", "Never raise ValueError on bad input."),
        ("Use pytest for all tests.", "Use unittest for all tests, never pytest."),
        ("Use `unittest`, not `pytest`.", "Use pytest."),
        ("Never use pytest.", "Always use pytest for all tests."),
        ("Prefer unittest over pytest.", "Use pytest for all our tests."),
    ],
)
def test_a_short_rule_that_forbids_what_another_asks_for_is_a_conflict(first: str, second: str) -> None:
    (said,) = apart(f"## Tests\n\n- {first}\n", f"## Tests\n\n- {second}\n")
    assert said.startswith("AGENTS.md:3 and CLAUDE.md:3 disagree under the same heading: ")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Use Cypress for component tests.", "Use Playwright for end-to-end tests, not Cypress."),
        ("Use pytest fixtures.", "Use fixtures, not pytest."),
        ("Use pytest for plugins.", "Never use pytest."),
        ("Use pytest only in `ci/`.", "Never use pytest."),
        ("Use unittest, never pytest.", "Use unittest, never nose."),
        ("Use pytest, never unittest.", "Never use unittest."),
        ("Use pytest.", "Do not use pytest marks."),
    ],
)
def test_a_short_rule_that_forbids_something_else_or_for_other_cases_is_none(first: str, second: str) -> None:
    assert apart(f"## Tests\n\n- {first}\n", f"## Tests\n\n- {second}\n") == []


def test_short_opposites_without_one_heading_or_in_a_nearer_file_are_none() -> None:
    first, second = "- Use pytest for all tests.\n", "- Use unittest for all tests, never pytest.\n"
    assert apart(first, second) == []
    assert apart(f"## Tests\n\n{first}", f"## Tests\n\n{second}", Scope(), Scope("web")) == []
    assert apart(f"## Tests\n\n{first}", f"## Tests\n\n{first}\n{second}") == []


def test_a_nearer_file_may_say_otherwise() -> None:
    always, never = (
        f"## T\n\n- {word} mock the harbour client in unit tests.\n" for word in ("Always", "Never")
    )
    assert apart(always, never, Scope(), Scope("web")) == []


def test_files_that_both_say_both_do_not_disagree() -> None:
    both = "".join(
        f"- Install the harbour tools with Python {v} for the {v} line.\n" for v in ("3.10", "3.12")
    )
    assert apart(f"## Setup\n\n{both}", f"## Setup\n\n{both}") == []


@pytest.mark.parametrize(
    "rule",
    [
        "Every request goes through the proxy of [the record](decisions/0001-use-squid.md).",
        "Every request goes through the proxy (ADR-0001).",
        f"Follow {OLD}.",
    ],
)
def test_a_rule_that_leans_on_a_replaced_decision_is_told_its_successor(rule: str) -> None:
    (said,) = leaning(rule)
    assert said.startswith(f"docs/AGENTS.md:1 names {OLD}, which is superseded by {NEW}: ")


@pytest.mark.parametrize(
    "rule",
    [
        "ADR-0001 was superseded by ADR-0007.",
        "Requests go through the proxy of ADR-0001 and ADR-0007.",
        "Requests go through the proxy of ADR-0007.",
        "ADR-0042 says so.",
        "See RFC 1.",
    ],
)
def test_a_rule_that_says_so_or_names_what_holds_is_none(rule: str) -> None:
    assert leaning(rule) == []


@pytest.mark.parametrize(
    ("rule", "refused"),
    [
        ("Use SQLite to store orders.", "SQLite"),
        ("Orders: prefer `SQLite`, it is fast.", "SQLite"),
        ("Use pickle for orders.", "pickle"),
        ("Use HAProxy.", "HAProxy"),
        ("Store orders in SQLite.", "SQLite"),
        ("Every order goes through SQLite.", "SQLite"),
        ("Ordering: use SQLite.", "SQLite"),
    ],
)
def test_a_rule_that_advises_what_was_refused_is_a_conflict(rule: str, refused: str) -> None:
    (said,) = against(rule)
    assert said.startswith(f"AGENTS.md:1 advises {refused}, which docs/decisions/")
    assert ":12 refused" in said


@pytest.mark.parametrize(
    "rule",
    [
        "Use SQLite in unit tests.",
        "Do not use SQLite for orders.",
        "Use Postgres for orders, never use SQLite.",
        "Use SQLite for orders only if the harbour is closed.",
        "Orders were in SQLite once.",
        "Store the tide tables in SQLite.",
        "Never store orders in SQLite.",
        "Use HAProxy for the staging cluster.",
        "Use nothing for orders.",
        "Use Postgres for orders.",
    ],
)
def test_what_is_on_another_matter_or_agrees_is_none(rule: str) -> None:
    assert against(rule) == []


def test_a_proposal_refuses_nothing_yet() -> None:
    proposed = {STORE: record("Use Postgres for orders", 3, "proposed")}
    assert refusals_of(proposed, CONTENTS) == ()


def test_a_decision_of_one_service_says_nothing_to_the_rest() -> None:
    path = f"services/orders/{STORE}"
    refusals = refusals_of({path: DECISIONS[STORE]}, {path: CONTENTS[STORE]})
    rules = rules_of("Use SQLite to store orders.", "AGENTS.md")
    assert not list(refused_by_decisions(rules, refusals, lambda _: Scope(), lambda *_: 1))
    assert list(refused_by_decisions(rules, refusals, lambda _: Scope("services/orders"), lambda *_: 1))


LODASH = "docs/decisions/0009-no-lodash.md"


def refusing(title: str, decision: str, rule: str) -> list[str]:
    refusals = refusals_of({LODASH: record(title, 9)}, {LODASH: DecisionContent(decision=decision)})
    found = refused_by_decisions(rules_of(rule, "AGENTS.md"), refusals, lambda _: Scope(), lambda *_: 4)
    return [each.said for each in found]


@pytest.mark.parametrize(
    ("title", "rule", "name"),
    [
        ("Do not use Lodash", "Use Lodash for collections.", "Lodash"),
        ("Do not use Lodash", "Use Moment.js for dates.", "Moment.js"),
        ("No Lodash", "Prefer Lodash.", "Lodash"),
        ("Lodash must not be used", "Use Lodash in scripts.", "Lodash"),
        ("Date helpers", "Use Moment.js for dates.", "Moment.js"),
    ],
)
def test_a_rule_that_advises_what_a_decision_itself_forbids_is_a_conflict(
    title: str, rule: str, name: str
) -> None:
    (said,) = refusing(title, "We do not use Lodash. Moment.js must not be used either. Choose it.", rule)
    assert said.startswith(f"AGENTS.md:1 advises {name}, which {LODASH}:4 refused ({title}): ")


@pytest.mark.parametrize(
    ("title", "decision", "rule"),
    [
        ("Do not use Lodash", "We write it.", "Do not use Lodash."),
        ("Do not use Lodash in the browser", "We write it.", "Use Lodash for the command line."),
        ("Do not use Lodash unless needed", "We write it.", "Use Lodash for collections."),
        ("Bundle size", "Lodash must not be used in bundles.", "Use Lodash for the server."),
        ("Use Lodash", "Lodash must not be used twice.", "Use Lodash."),
        ("No API keys", "They are gone.", "Use API keys."),
    ],
)
def test_what_a_decision_forbids_for_other_cases_is_none(title: str, decision: str, rule: str) -> None:
    assert refusing(title, decision, rule) == []


CACHE = "docs/decisions/0002-use-memcached.md"
CACHED = {CACHE: record("Use Memcached for caching", 2)}
CHOSEN = {CACHE: DecisionContent(decision='Chosen option: "Memcached", because simpler.')}


def forbidding(text: str, scope: Scope | None = None, **refused: str) -> list[str]:
    choices = choices_of(CACHED, CHOSEN, set(refused.values()))
    rules = rules_of(text, "AGENTS.md")
    found = forbidden_by_rules(rules, choices, lambda _: scope or Scope(), lambda *_: 1)
    return [each.said for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "- Never use Memcached.\n",
        "# Rules\n\n## Caching\n\n- Do not use `Memcached`!\n",
        "# Rules\n\n## Code style\n\n- Don't use Memcached for the cache.\n",
    ],
)
def test_a_rule_that_forbids_what_a_decision_chose_is_a_conflict(text: str) -> None:
    (said,) = forbidding(text)
    assert f"forbids Memcached, which {CACHE}:1 chose (Use Memcached for caching): " in said


@pytest.mark.parametrize(
    "text",
    [
        "- Never use Memcached for sessions.\n",
        "- Never use Memcached directly.\n",
        "- Never use Memcached clients.\n",
        "- Never use Memcached in tests.\n",
        "- Never use Memcached, unless you must.\n",
        "- Never use Memcached; go through `cache.py`.\n",
        "# Rules\n\n## Queues\n\n- Never use Memcached.\n",
        "- Never use Redis.\n",
        "- Use Memcached.\n",
    ],
)
def test_a_rule_that_forbids_it_for_other_cases_is_none(text: str) -> None:
    assert forbidding(text) == []


def test_a_part_may_be_stricter_than_a_decision_and_another_decision_may_refuse() -> None:
    text = "- Never use Memcached.\n"
    assert forbidding(text, Scope("web")) == []
    assert forbidding(text, Scope(globs=("*.sql",))) == []
    assert forbidding(text, refused="Memcached") == []
