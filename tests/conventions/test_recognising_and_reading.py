"""Every tool's convention files: which paths they are, what they bind, what they bring in."""

from __future__ import annotations

import pytest

from whykeeper_indexers.conventions import applies, convention_for, parse_convention
from whykeeper_indexers.types import ConventionRecord, Kind, Scope, ScopeMode, SourceText


def record(path: str, text: str) -> ConventionRecord:
    found = parse_convention(SourceText(path, text, "digest")).convention
    assert found is not None
    return found


def scope(path: str, text: str = "Be kind.\n") -> Scope:
    return record(path, text).scope


@pytest.mark.parametrize(
    ("path", "tool"),
    [
        ("AGENTS.md", "agents.md"),
        ("services/billing/AGENTS.md", "agents.md"),
        ("CLAUDE.md", "claude"),
        (".claude/CLAUDE.md", "claude"),
        ("CLAUDE.local.md", "claude"),
        (".claude/rules/testing.md", "claude"),
        ("web/.claude/rules/ui/forms.md", "claude"),
        (".claude/skills/review/SKILL.md", "claude"),
        (".cursor/rules/style.mdc", "cursor"),
        (".cursor/rules/deep/er/style.mdc", "cursor"),
        (".cursorrules", "cursor"),
        (".github/copilot-instructions.md", "copilot"),
        (".github/instructions/api/python.instructions.md", "copilot"),
        (".windsurf/rules/go.md", "windsurf"),
        (".windsurfrules", "windsurf"),
        (".kiro/steering/tech.md", "kiro"),
        (".clinerules", "cline"),
        (".clinerules/01-style.md", "cline"),
        (".roo/rules/style.md", "roo"),
        (".roo/rules/deep/er/style.txt", "roo"),
        ("web/.roo/rules/style.md", "roo"),
        (".roo/rules-architect/plans.md", "roo"),
        (".roo/rules-my-mode/deep/1_workflow.xml", "roo"),
        (".roorules", "roo"),
        (".roorules-architect", "roo"),
        ("GEMINI.md", "gemini"),
        (".junie/guidelines.md", "junie"),
        ("CONVENTIONS.md", "contributing"),
        ("CONTRIBUTING.rst", "contributing"),
        ("contributing.md", "contributing"),
        ("docs/CONTRIBUTING", "contributing"),
        ("docs/context/conventions.md", "whykeeper"),
        ("services/api/docs/context/patterns.md", "whykeeper"),
    ],
)
def test_each_tools_files_are_known_by_their_place(path: str, tool: str) -> None:
    assert convention_for(path) == tool


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "docs/integrations/gemini.md",
        "docs/agents.md",
        ".claude/settings.json",
        ".claude/commands/deploy.md",
        "rules/style.mdc",
        ".cursor/mcp.json",
        ".github/workflows/contributing.yml",
        ".github/python.instructions.md",
        ".clinerules/workflows/release.md",
        ".roo/mcp.json",
        ".roo/commands/deploy.md",
        ".roo/rules/check.py",
        ".roo/rules-architect",
        ".roomodes",
        "src/conventions.py",
        "src/contributing/index.ts",
        "docs/context",
    ],
)
def test_other_files_are_not(path: str) -> None:
    assert convention_for(path) is None


def test_a_convention_file_is_cut_into_conventions() -> None:
    text = "# How we work\n\nIntro that says enough to stand by itself in an index of passages.\n" + (
        "\n## Tests\n\nOne behaviour a test, named as a sentence.\n" * 8
    )

    parsed = parse_convention(SourceText("AGENTS.md", text, "digest"))

    assert (parsed.kind, parsed.title, parsed.path) == (Kind.CONVENTION, "How we work", "AGENTS.md")
    assert {chunk.kind for chunk in parsed.chunks} == {Kind.CONVENTION}


def test_a_file_without_an_extension_is_read_as_markdown() -> None:
    text = "# Rules\n\n## Style\n\n" + "Say what you mean, and mean what you say. " * 10

    parsed = parse_convention(SourceText(".cursorrules", text, "digest"))

    assert parsed.title == "Rules"
    assert [(chunk.path, chunk.title) for chunk in parsed.chunks] == [(".cursorrules", "Style")]


def test_a_file_that_is_no_tools_is_refused() -> None:
    with pytest.raises(ValueError, match=r"src/a\.py is no convention file"):
        parse_convention(SourceText("src/a.py", "", "digest"))


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("AGENTS.md", ""),
        ("services/billing/AGENTS.md", "services/billing"),
        (".claude/CLAUDE.md", ""),
        ("web/.claude/CLAUDE.md", "web"),
        ("web/.claude/rules/a/b.md", "web"),
        (".github/copilot-instructions.md", ""),
        ("api/.junie/guidelines.md", "api"),
        (".roo/rules/style.md", ""),
        ("web/.roo/rules/deep/style.txt", "web"),
        (".roorules", ""),
        (".github/CONTRIBUTING.md", ""),
        ("packages/a/CONTRIBUTING.md", "packages/a"),
        ("services/api/docs/context/patterns.md", "services/api"),
    ],
)
def test_a_plain_file_binds_the_folder_it_speaks_for(path: str, folder: str) -> None:
    assert scope(path) == Scope(folder=folder)


def front(*lines: str) -> str:
    return "\n".join(("---", *lines, "---", "", "Be kind.", ""))


@pytest.mark.parametrize(
    ("path", "text", "mode", "globs"),
    [
        (
            ".claude/rules/a.md",
            front('paths: ["src/**/*.ts", "lib/*.ts"]'),
            "paths",
            ("src/**/*.ts", "lib/*.ts"),
        ),
        (
            ".claude/rules/a.md",
            front("paths: src/**/*.{ts,tsx}, *.md"),
            "paths",
            ("src/**/*.{ts,tsx}", "*.md"),
        ),
        (".claude/rules/a.md", "Be kind.\n", "always", ()),
        (".claude/rules/a.md", front("paths: **/*.ts", "broken: [", "x"), "always", ()),
        ("web/.claude/rules/a.md", front("paths: src/**"), "paths", ("web/src/**",)),
        (".claude/skills/a/SKILL.md", front("name: a", "description: For reviews"), "model decides", ()),
        (
            ".cursor/rules/a.mdc",
            front("globs: **/*.ts, **/*.js", "alwaysApply: false"),
            "paths",
            ("**/*.ts", "**/*.js"),
        ),
        (".cursor/rules/a.mdc", front("globs: *.tsx", "alwaysApply: false"), "paths", ("**/*.tsx",)),
        (".cursor/rules/a.mdc", front("globs:", "  - *.tsx", "  - src/**"), "paths", ("**/*.tsx", "src/**")),
        (".cursor/rules/a.mdc", front("globs: src/**", "alwaysApply: true"), "always", ()),
        (
            ".cursor/rules/a.mdc",
            front("description: For forms", "globs:", "alwaysApply: false"),
            "model decides",
            (),
        ),
        (".cursor/rules/a.mdc", front("description:", "globs:", "alwaysApply: false"), "on request", ()),
        ("web/.cursor/rules/a.mdc", front("globs: src/**"), "paths", ("web/src/**",)),
        (
            ".github/instructions/a.instructions.md",
            front('applyTo: "**/*.py,*.md"'),
            "paths",
            ("**/*.py", "*.md"),
        ),
        (".github/instructions/a.instructions.md", "Be kind.\n", "on request", ()),
        (".windsurf/rules/a.md", front("trigger: glob", 'globs: "*.go"'), "paths", ("**/*.go",)),
        (".windsurf/rules/a.md", front("trigger: always_on"), "always", ()),
        (".windsurf/rules/a.md", front("trigger: manual"), "on request", ()),
        (".windsurf/rules/a.md", front("trigger: model_decision", "description: x"), "model decides", ()),
        (".kiro/steering/a.md", "Be kind.\n", "always", ()),
        (
            ".kiro/steering/a.md",
            front("inclusion: fileMatch", 'fileMatchPattern: ["components/**/*.tsx"]'),
            "paths",
            ("components/**/*.tsx",),
        ),
        (".kiro/steering/a.md", front("inclusion: manual"), "on request", ()),
        (".kiro/steering/a.md", front("inclusion: auto", "name: a"), "model decides", ()),
        (".clinerules/a.md", front("paths:", '  - "src/components/**"'), "paths", ("src/components/**",)),
        (".roo/rules/a.md", "Be kind.\n", "always", ()),
        (".roorules", "Be kind.\n", "always", ()),
        (".roo/rules-code/a.md", "Be kind.\n", "on request", ()),
        (".roorules-code", "Be kind.\n", "on request", ()),
        ("docs/context/api.md", front("paths: src/api/**"), "paths", ("src/api/**",)),
    ],
)
def test_front_matter_says_when_a_file_applies(
    path: str, text: str, mode: str, globs: tuple[str, ...]
) -> None:
    found = scope(path, text)

    assert (found.mode, found.globs) == (ScopeMode(mode), globs)


def test_what_front_matter_says_a_rule_is_for_is_kept() -> None:
    assert record(".cursor/rules/a.mdc", front("description: Forms: how we\tbuild them")).description == (
        "Forms: how we build them"
    )


def test_broken_front_matter_is_reported_and_its_rule_still_read() -> None:
    parsed = parse_convention(SourceText(".claude/rules/a.md", front("paths: [", "x: y"), "digest"))

    assert any("not readable YAML" in note for note in parsed.notes)
    assert any("Be kind." in chunk.text for chunk in parsed.chunks)


def test_imports_are_relative_to_their_file_and_stay_within_the_root() -> None:
    text = (
        "See @docs/style.md and (@../shared/api.md).\n\n- @package.json, @./x/y.md.\n\n"
        "Not @../../outside.md, @~/home.md, @/etc/passwd, ada@example.org or @someone.\n"
    )

    assert record("web/CLAUDE.md", text).imports == (
        "web/docs/style.md",
        "shared/api.md",
        "web/package.json",
        "web/x/y.md",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Write `@docs/a.md` to import.",
        "```\n@docs/a.md\n```",
        "    @docs/a.md",
        "<!-- @docs/a.md -->",
        "<!--\n@docs/a.md\n-->",
        "Inline <!-- @docs/a.md --> comment.",
        "``a ` @docs/a.md``",
    ],
)
def test_an_import_in_code_or_a_comment_is_none(text: str) -> None:
    assert record("CLAUDE.md", f"{text}\n").imports == ()


def test_references_of_other_tools_are_read_from_the_root() -> None:
    kiro = record("web/.kiro/steering/a.md", "See #[[file:api/openapi.yaml]] and #[[file:../x]].\n")
    cursor = record(".cursor/rules/a.mdc", "See [style](mdc:docs/style.md).\n")

    assert kiro.imports == ("api/openapi.yaml",)
    assert cursor.imports == ("docs/style.md",)


def test_gemini_imports_with_a_leading_dot() -> None:
    assert record("GEMINI.md", "@./docs/a.md\n").imports == ("docs/a.md",)


def test_comments_are_dropped_and_lines_keep_their_numbers() -> None:
    text = "<!-- for\nmaintainers only -->\n\n# Rules\n\nBe kind.\n\n```html\n<!-- kept -->\n```\n"

    parsed = parse_convention(SourceText("CLAUDE.md", text, "digest"))

    said = "\n".join(chunk.text for chunk in parsed.chunks)
    assert "maintainers" not in said
    assert "kept" in said
    assert parsed.chunks[0].lines is not None
    assert parsed.chunks[0].lines.start == 4


def test_applying_is_asked_with_nothing_but_a_path() -> None:
    assert applies(scope("services/billing/AGENTS.md"), "services/billing/src/a.py")
    assert not applies(scope("services/billing/AGENTS.md"), "services/billing2/a.py")
    assert applies(scope(".claude/rules/a.md", front("paths: '*.md'")), "notes.md")
    assert not applies(scope(".claude/rules/a.md", front("paths: '*.md'")), "docs/notes.md")
    assert applies(scope(".cursor/rules/a.mdc", front("globs: *.md")), "docs/notes.md")
    assert not applies(scope(".kiro/steering/a.md", front("inclusion: manual")), "src/a.py")
    assert applies(scope(".roo/rules/a.md"), "src/a.py")
    assert not applies(scope(".roo/rules-code/a.md"), "src/a.py")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n---",
        "---\n- a\n- b\n---\nx",
        "---\nglobs: {a: 1}\n---\nx",
        "---\nglobs: 7\n---\nx",
        "\x00\x01",
        "@" * 5_000,
    ],
)
def test_no_text_whatever_stops_an_index(text: str) -> None:
    for path in (
        ".cursor/rules/a.mdc",
        "CLAUDE.md",
        ".claude/rules/a.md",
        ".kiro/steering/a.md",
        ".clinerules/a.md",
        ".roo/rules-code/a.xml",
    ):
        assert parse_convention(SourceText(path, text, "digest")).path == path


def test_front_matter_that_is_not_closed_is_reported() -> None:
    parsed = parse_convention(SourceText(".cursor/rules/a.mdc", "---\nglobs: *.ts\n- Moor.\n", "digest"))

    assert any("front matter is not closed" in note for note in parsed.notes)
