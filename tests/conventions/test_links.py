"""Convention files bind where links to them lie."""

from __future__ import annotations

from whykeeper_indexers.conventions import applies, bound_by_links
from whykeeper_indexers.types import ConventionRecord, Scope, ScopeMode


def test_a_file_that_the_roots_name_links_to_binds_the_whole_repository() -> None:
    records = {".agents/AGENTS.md": ConventionRecord("agents.md", Scope(".agents"))}
    links = {"AGENTS.md": ".agents/AGENTS.md", "CLAUDE.md": ".agents/AGENTS.md", "docs/x.md": "README.md"}

    (record,) = bound_by_links(records, links, lambda _: "").values()

    assert record.scope == Scope()
    assert record.aliases == ("AGENTS.md", "CLAUDE.md")


def test_links_in_several_folders_bind_each_of_them_and_nothing_else() -> None:
    records = {"shared/CLAUDE.md": ConventionRecord("claude", Scope("shared"))}
    links = {"web/CLAUDE.md": "shared/CLAUDE.md", "api/AGENTS.md": "shared/CLAUDE.md"}

    (record,) = bound_by_links(records, links, lambda _: "").values()

    assert [
        path for path in ("web/a/b.ts", "api/a.py", "shared/x", "other/a") if applies(record.scope, path)
    ] == [
        "web/a/b.ts",
        "api/a.py",
        "shared/x",
    ]


def test_a_plain_document_that_a_tools_name_links_to_is_a_convention_file() -> None:
    found = bound_by_links(
        {}, {"CLAUDE.md": "docs/ai.md", "AGENTS.md": "logo.png"}, {"docs/ai.md": "See @x.md"}.get
    )

    assert list(found) == ["docs/ai.md"]
    assert found["docs/ai.md"].tool == "claude"
    assert found["docs/ai.md"].imports == ("x.md",)


def test_a_link_beside_the_file_changes_nothing() -> None:
    record = ConventionRecord("agents.md", Scope("web"))
    found = bound_by_links({"web/AGENTS.md": record}, {"web/CLAUDE.md": "web/AGENTS.md"}, lambda _: "")

    assert found["web/AGENTS.md"].scope == record.scope


def test_what_a_model_may_pick_binds_where_it_is_linked_to_as_a_rule() -> None:
    record = ConventionRecord("claude", Scope("", (), ScopeMode.MODEL_DECIDES))
    found = bound_by_links(
        {".claude/skills/a/SKILL.md": record}, {"web/AGENTS.md": ".claude/skills/a/SKILL.md"}, str
    )

    assert found[".claude/skills/a/SKILL.md"].scope == Scope("web")
