"""What binds a source file, in which order, and for what reason."""

from __future__ import annotations

import time

import pytest

from whykeeper_indexers.conventions import decision_home, find_mentions, governing, search_words
from whykeeper_indexers.conventions.mentions import Mention
from whykeeper_indexers.types import ConventionRecord, DecisionRecord, Scope, ScopeMode


def decision(title: str = "x", status: str = "accepted") -> DecisionRecord:
    return DecisionRecord(form="nygard", identifier="1", title=title, status=status)


def convention(folder: str = "", *globs: str, mode: ScopeMode | None = None) -> ConventionRecord:
    chosen = mode or (ScopeMode.PATHS if globs else ScopeMode.ALWAYS)
    return ConventionRecord("agents.md", Scope(folder, globs, chosen))


FILE = "services/catalog/sync.py"


def test_the_service_comes_before_its_parents_and_what_binds_before_what_is_merely_kept() -> None:
    found = governing(
        FILE,
        {"AGENTS.md": convention(), "services/catalog/AGENTS.md": convention("services/catalog")},
        {
            "services/catalog/docs/decisions/0001-sync.md": decision(),
            "docs/decisions/0003-copy.md": decision(),
        },
        {"services/catalog/README.md": "services/catalog"},
    )

    assert [each.path for each in found] == [
        "services/catalog/docs/decisions/0001-sync.md",
        "services/catalog/AGENTS.md",
        "services/catalog/README.md",
        "AGENTS.md",
        "docs/decisions/0003-copy.md",
    ]


def test_each_binding_gives_its_reason() -> None:
    found = governing(
        FILE,
        {"AGENTS.md": convention(), ".cursor/rules/a.mdc": convention("", "services/**")},
        {
            "services/catalog/docs/decisions/0001-sync.md": decision(),
            "docs/adr/0002-x.md": decision(status="rejected"),
        },
        {"services/catalog/README.md": "services/catalog"},
        mentions={
            "AGENTS.md": Mention(named=3.0, names=("catalog/sync.py",), points=True),
            "docs/adr/0002-x.md": Mention(topical=3.0),
        },
    )

    assert {each.path: each.reason for each in found} == {
        "services/catalog/docs/decisions/0001-sync.md": "decision folder of services/catalog",
        ".cursor/rules/a.mdc": "glob services/**",
        "services/catalog/README.md": "describes services/catalog",
        "AGENTS.md": "binds the whole repository; names catalog/sync.py",
        "docs/adr/0002-x.md": "decision folder of the repository, rejected",
    }


def test_a_decision_that_names_the_file_comes_first_wherever_it_is() -> None:
    texts = {
        "docs/decisions/0007-endpoint.md": "CatalogSynchronizer in services/catalog/sync.py does it.",
        "services/catalog/docs/decisions/0001-names.md": "We name resources in the plural.",
        "services/web/docs/decisions/0001-pages.md": "Pages are static.",
    }

    found = governing(
        FILE,
        {},
        dict.fromkeys(texts, decision()),
        {},
        mentions=find_mentions(FILE, texts, symbols=["CatalogSynchronizer"]),
    )

    assert [each.path for each in found] == [
        "docs/decisions/0007-endpoint.md",
        "services/catalog/docs/decisions/0001-names.md",
    ]
    assert "names services/catalog/sync.py" in found[0].reason


@pytest.mark.parametrize("evidence", [0.0, 3.0])
def test_a_decision_in_force_comes_before_the_one_it_replaced_if_that_speaks_of_the_file(
    evidence: float,
) -> None:
    records = {"docs/adr/1.md": decision(status="superseded"), "docs/adr/2.md": decision()}
    found = governing(FILE, {}, records, {}, mentions=dict.fromkeys(records, Mention(topical=evidence)))

    assert [each.path for each in found] == ["docs/adr/2.md", "docs/adr/1.md"][: 2 if evidence else 1]


def test_a_document_elsewhere_binds_only_by_what_it_says() -> None:
    texts = {
        "docs/sync.md": "How `services/catalog/sync.py` works.",
        "docs/other.md": "Nothing of the kind.",
        "CHANGELOG.md": "Changed services/catalog/sync.py.",
        "i18n/de/sync.md": "Wie `services/catalog/sync.py` arbeitet.",
        "docs/archive/sync.md": "How `services/catalog/sync.py` worked.",
    }

    found = governing(FILE, {}, {}, {}, mentions=find_mentions(FILE, texts))

    assert [each.path for each in found] == ["docs/sync.md"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".github/workflows/deploy.yml", "Releases are made by .github/workflows/deploy.yml."),
        (".github/workflows/deploy.yml", "Run [the job](../../.github/workflows/deploy.yml)."),
        (FILE, "It is run by ./services/catalog/sync.py..."),
        (FILE, "`from .catalog.sync import run`"),
    ],
)
def test_a_path_is_known_however_it_is_written(path: str, text: str) -> None:
    assert find_mentions(path, {"docs/a.md": text})["docs/a.md"].points


def test_a_document_that_points_comes_before_one_that_only_uses() -> None:
    texts = {
        "docs/design.md": "The loop is in catalog/sync.py.",
        "docs/tutorial.md": "Call run_full_sync, then run_full_sync again. run_full_sync is handy.",
        "docs/c.md": "Other.",
    }

    found = governing(FILE, {}, {}, {}, mentions=find_mentions(FILE, texts, symbols=["run_full_sync"]))

    assert found[0].path == "docs/design.md"


def test_what_an_agent_may_pick_is_offered_when_it_speaks_of_the_file() -> None:
    skill = {".claude/skills/sync/SKILL.md": convention(mode=ScopeMode.MODEL_DECIDES)}
    texts = {
        ".claude/skills/sync/SKILL.md": "How to change services/catalog/sync.py safely.",
        "docs/a.md": "Else.",
    }

    assert governing(FILE, skill, {}, {}) == ()
    assert len(governing(FILE, skill, {}, {}, mentions=find_mentions(FILE, texts))) == 1


def test_what_is_for_a_person_to_bring_in_binds_nothing() -> None:
    assert governing(FILE, {"a.mdc": convention(mode=ScopeMode.ON_REQUEST)}, {}, {}) == ()


def test_a_document_does_not_govern_itself() -> None:
    assert governing("AGENTS.md", {"AGENTS.md": convention()}, {}, {}) == ()


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("docs/decisions/0001-x.md", ""),
        ("doc/adr/0001-x.md", ""),
        ("services/catalog/docs/decisions/0001-x.rst", "services/catalog"),
        ("packages/core/docs/adr/x.md", "packages/core"),
        ("services/catalog/adr/0001-x.md", "services/catalog"),
        ("rfcs/text/0001-x.md", "rfcs/text"),
        ("0001-x.md", ""),
    ],
)
def test_a_decision_is_about_the_folder_its_folder_lies_in(path: str, home: str) -> None:
    assert decision_home(path) == home


def test_a_rare_name_tells_more_than_a_common_word() -> None:
    texts = {f"docs/{number}.md": "The catalog and its sync." for number in range(20)}
    texts["docs/named.md"] = "CatalogSynchronizer."

    mentions = find_mentions(FILE, texts, symbols=["sync.CatalogSynchronizer"])

    assert max(mentions, key=lambda each: mentions[each].strength) == "docs/named.md"
    assert mentions["docs/named.md"].names == ("CatalogSynchronizer",)


def test_a_modules_dotted_name_points_at_its_file() -> None:
    mentions = find_mentions("pkg/bus/schema.py", {"docs/a.md": "See pkg.bus.schema.", "docs/b.md": "No."})

    assert mentions["docs/a.md"].points


def test_a_name_that_every_folder_has_points_at_none() -> None:
    mentions = find_mentions(
        "pkg/bus/__init__.py", {"docs/a.md": "Export it in __init__.py.", "docs/b.md": "No."}
    )

    assert not any(mention.points for mention in mentions.values())


def test_a_long_text_needs_to_say_more() -> None:
    texts = {"docs/short.md": "catalog sync", "docs/long.md": "catalog sync " + "and much else " * 500}

    mentions = find_mentions(FILE, texts, of=100)

    assert mentions["docs/short.md"].topical > mentions["docs/long.md"].topical


def test_rarity_is_counted_among_all_documents_when_only_some_are_given() -> None:
    texts = {"docs/a.md": "CatalogSynchronizer"}

    few = find_mentions(FILE, texts, symbols=["CatalogSynchronizer"])
    many = find_mentions(FILE, texts, symbols=["CatalogSynchronizer"], of=1_000)

    assert many["docs/a.md"].named > few["docs/a.md"].named


def test_a_search_for_mentions_starts_with_the_files_own_name() -> None:
    words = search_words("src/app/catalog/sync_ids.py", ["CatalogSynchronizer", "run", "load_all"], limit=5)

    assert words == ("sync_ids.py", "sync_ids", "catalog", "CatalogSynchronizer", "load_all")


def test_texts_of_any_size_are_read_in_bounded_time() -> None:
    texts = {"a.md": "a" * 1_000_000, "b.md": "../" * 300_000, "c.md": "aB" * 500_000}
    started = time.perf_counter()

    find_mentions(FILE, texts, symbols=["aB" * 50] * 10_000)

    assert time.perf_counter() - started < 5.0


def test_what_is_nearer_in_meaning_comes_first_among_what_is_equally_near_in_place() -> None:
    records = {"docs/adr/1.md": decision(), "docs/adr/2.md": decision()}

    found = governing(FILE, {}, records, {}, alike={"docs/adr/2.md": 0.2})

    assert [each.path for each in found] == ["docs/adr/2.md", "docs/adr/1.md"]


def test_a_document_on_the_same_matter_is_offered_after_what_names_the_file_unless_it_is_a_copy() -> None:
    found = governing(
        FILE,
        {},
        {},
        {},
        mentions={"docs/sync.md": Mention(named=8.0, names=("sync.py",), points=True)},
        alike={"docs/charter.md": 0.2, "i18n/de/charter.md": 0.2, "docs/sync.md": 0.1},
    )

    assert {each.path: each.reason for each in found} == {
        "docs/sync.md": "document; names sync.py",
        "docs/charter.md": "document on the same matter",
    }


def test_what_the_file_names_comes_first_wherever_it_is_kept_and_in_force_or_not() -> None:
    records = {
        "services/catalog/docs/decisions/0001-a.md": decision(),
        "services/web/docs/decisions/0001-b.md": decision(status="superseded"),
    }
    cited = ["services/web/docs/decisions/0001-b.md", "docs/archive/old.md"]

    found = governing(FILE, {}, records, {}, cited=cited)

    assert [each.path for each in found] == [*cited, "services/catalog/docs/decisions/0001-a.md"]
    assert found[1].reason == "the file names it; document"


def test_a_decision_of_another_service_is_not_taken_for_being_alike() -> None:
    records = {"services/web/docs/decisions/0001-b.md": decision()}

    assert governing(FILE, {}, records, {}, alike=dict.fromkeys(records, 0.3)) == ()


def test_what_holds_in_place_of_a_decision_that_speaks_of_the_file_binds_it_though_it_names_nothing() -> None:
    old, new = "services/web/docs/adr/1.md", "docs/adr/9.md"
    found = governing(
        FILE,
        {},
        {old: decision(status="superseded"), new: decision(), "docs/adr/8.md": decision()},
        {},
        mentions={old: Mention(named=3.0, names=("sync.py",), points=True)},
        heirs={old: (new,)},
    )

    assert [each.path for each in found] == [new, old, "docs/adr/8.md"]
    assert found[0].binds
    assert "holds in place of 1.md" in found[0].reason


def test_what_tests_are_fed_with_governs_nothing_but_what_lies_with_it() -> None:
    sample = "tests/fixtures/shop"
    decisions = {f"{sample}/docs/adr/0001-a.md": decision(), "docs/adr/0002-b.md": decision()}
    rules = {f"{sample}/CLAUDE.md": convention("", "**")}
    speaking = {path: Mention(named=9.0, names=("sync.py",), points=True) for path in (*decisions, *rules)}

    outside = governing(FILE, rules, decisions, {}, mentions=speaking)
    inside = governing(f"{sample}/src/sync.py", rules, decisions, {}, mentions=speaking)

    assert [each.path for each in outside] == ["docs/adr/0002-b.md"]
    assert {each.path for each in inside} == {*decisions, *rules}
