from __future__ import annotations

import itertools

import pytest

from whykeeper_indexers.documents import is_document, parse_document, sections
from whykeeper_indexers.documents.front_matter import split_front_matter
from whykeeper_indexers.types import Chunk, Kind, LineRange, ParsedFile, SourceText

WORDS = "Every sentence of this paragraph says something about the cache. "


def parse(text: str, path: str = "docs/guide.md") -> ParsedFile:
    return parse_document(SourceText(path, text, ""))


def lines_of(text: str, chunk: Chunk) -> str:
    assert chunk.lines is not None
    return "\n".join(text.split("\n")[chunk.lines.start - 1 : chunk.lines.end])


def paragraph(characters: int = 600) -> str:
    return (WORDS * (characters // len(WORDS) + 1))[:characters].rstrip()


def test_chunks_follow_headings_and_carry_the_headings_above_them() -> None:
    text = f"# Guide\n\n{paragraph()}\n\n## Cache\n\n{paragraph()}\n\n### Eviction\n\n{paragraph()}\n"
    chunks = parse(text).chunks
    assert [(c.breadcrumb, c.title) for c in chunks] == [
        ((), "Guide"),
        (("Guide",), "Cache"),
        (("Guide", "Cache"), "Eviction"),
    ]
    assert [c.lines for c in chunks] == [LineRange(1, 3), LineRange(5, 7), LineRange(9, 11)]


def test_a_chunks_text_is_its_lines_as_they_stand() -> None:
    text = (
        f"---\ntitle: T\n---\n\n# One\n\n{paragraph(3000)}\n\n- a\n- b\n\n## Two\n\n"
        + "line of prose\n" * 300
    )
    chunks = parse(text).chunks
    assert len(chunks) > 4
    assert all(chunk.text in lines_of(text, chunk) for chunk in chunks)
    assert all(chunk.text == lines_of(text, chunk) for chunk in chunks if chunk.title == "Two")


def test_front_matter_counts_as_lines_and_names_the_document() -> None:
    parsed = parse(f"---\ntitle: The guide\nsidebar_position: 3\n---\n## Cache\n\n{paragraph()}\n", "a.mdx")
    assert parsed.title == "The guide"
    assert parsed.chunks[0].lines == LineRange(5, 7)
    assert parsed.chunks[0].breadcrumb == ("The guide",)


def test_front_matter_that_describes_the_document_is_searchable() -> None:
    parsed = parse("---\nname: skill\ndescription: Cut releases with the tool\n---\n\n# Skill\n\nDo it.\n")
    assert "Cut releases" in parsed.chunks[0].text


def test_front_matter_that_is_not_yaml_is_noted_and_still_read_loosely() -> None:
    parsed = parse("---\ndescription: Use: this when [odd\n---\n\n# Skill\n\nDo it.\n")
    assert "Use: this" in parsed.chunks[0].text
    assert "front matter" in parsed.notes[0]


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    assert split_front_matter("---\n\nProse.\n\n---\n\nMore.\n") == (None, 1, None)


def test_a_date_in_front_matter_stays_as_it_is_written() -> None:
    assert split_front_matter("---\ndate: 2024-13-45\n---\n")[0] == {"date": "2024-13-45"}


def test_deeply_nested_front_matter_is_refused() -> None:
    fields, line, problem = split_front_matter("---\na: " + "[" * 5000 + "\n---\nbody\n")
    assert (fields, line) == (None, 4)
    assert problem is not None


def test_a_heading_without_a_body_is_part_of_the_next_chunk() -> None:
    chunks = parse(f"# Guide\n\n## Cache\n\n{paragraph()}\n").chunks
    assert [(c.title, c.lines) for c in chunks] == [("Cache", LineRange(1, 5))]


def test_tiny_sections_are_joined_under_their_parent() -> None:
    chunks = parse("# 1.2.0\n\n## Added\n\n- one\n\n## Fixed\n\n- two\n").chunks
    assert [(c.title, c.lines) for c in chunks] == [("1.2.0", LineRange(1, 9))]


def test_headings_inside_code_and_comments_are_none() -> None:
    text = "# Real\n\n```sh\n# not a heading\n```\n\n<!--\n# nor this\n-->\n\n    # nor that\n\nText.\n"
    assert [s.heading for s in sections(SourceText("a.md", text, ""))] == ["Real"]


def test_setext_headings_are_headings_and_long_paragraphs_above_a_rule_are_not() -> None:
    text = "Title\n=====\n\nbody\n\nSub *title*\n---\n\nbody\n\none\ntwo\nthree\n---\nrest\n"
    found = sections(SourceText("a.md", text, ""))
    assert [(s.level, s.heading) for s in found] == [(1, "Title"), (2, "Sub title")]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Use `foo_bar` **now** <!-- todo -->", "Use foo_bar now"),
        ("[Link](https://example.org) and ![image](x.png)", "Link and image"),
        ("snake_case_name stays", "snake_case_name stays"),
        ("Anchor {#custom-id}", "Anchor"),
        ("A &amp; B ##", "A & B"),
        ("`Vec<T>` and <a name='x'></a>text", "Vec<T> and text"),
        ("{/* hidden */} Shown", "Shown"),
    ],
)
def test_titles_carry_no_markup(written: str, title: str) -> None:
    assert parse(f"# {written}\n\ntext\n").title == title


@pytest.mark.parametrize("picture", ["# ![](logo.svg)", "# <img src=logo.svg>", "# <img alt='' src=x>", "#"])
def test_a_heading_that_is_only_a_picture_names_nothing(picture: str) -> None:
    text = f"{picture}\n\n{paragraph()}\n\n## Routes\n\n{paragraph()}\n\n### Mounts\n\n{paragraph()}\n"
    parsed = parse(text, "docs/router.md")

    assert parsed.title == "router.md" and parsed.chunks[0].title == "router.md"
    assert [(chunk.breadcrumb, chunk.title) for chunk in parsed.chunks[1:]] == [
        ((), "Routes"),
        (("Routes",), "Mounts"),
    ]


@pytest.mark.parametrize(
    "picture",
    ["# ![Router](logo.svg)", "# <img alt='Router' src=logo.svg />", '<h1><IMG src=x alt="Router"></h1>'],
)
def test_a_picture_in_a_heading_is_called_what_it_shows(picture: str) -> None:
    assert parse(f"{picture}\n\n{paragraph()}\n").title == "Router"


def test_tiny_sections_are_joined_under_a_picture_too() -> None:
    (chunk,) = parse(f"# ![](logo.svg)\n\n{paragraph(300)}\n\n## Note\n\nShort.\n").chunks

    assert chunk.text.endswith("Short.")


def test_an_html_heading_is_a_heading() -> None:
    parsed = parse(
        '<p align="center">\n  <img src="logo.svg">\n  <h1 align="center">Zod</h1>\n</p>\n\nText here.\n'
    )
    assert parsed.title == "Zod"


@pytest.mark.parametrize(
    "block",
    [
        "| a | b |\n|---|---|\n" + "\n".join(["| value one | value two |"] * 60),
        "```python\n" + "call(argument)\n\n" * 100 + "```",
        "\n".join(f"- item {n} says a little" for n in range(70)),
    ],
    ids=["table", "code", "list"],
)
def test_a_block_stays_whole_where_it_fits(block: str) -> None:
    text = f"# T\n\n{paragraph(1200)}\n\n{block}\n\n{paragraph(1200)}\n"
    assert any(block in chunk.text for chunk in parse(text).chunks)


def test_a_long_list_is_cut_between_its_items() -> None:
    text = "# T\n\n" + "".join(f"- item {n}\n  {paragraph(150)}\n" for n in range(40))
    chunks = parse(text).chunks
    assert len(chunks) > 4
    assert all(chunk.text.startswith(("# T", "- item")) for chunk in chunks)
    assert [c.part for c in chunks] == list(range(1, len(chunks) + 1))


def test_one_very_long_line_becomes_parts_of_that_line() -> None:
    chunks = parse(f"# T\n\n{paragraph(9000)}\n").chunks
    assert max(len(c.text) for c in chunks) <= 1700
    assert {c.lines.end for c in chunks if c.lines} == {3}
    assert "".join(c.text for c in chunks).count("cache") == paragraph(9000).count("cache")


def test_chunks_never_overlap_and_leave_no_prose_out() -> None:
    text = "\n\n".join(f"{'#' * (1 + n % 4)} Part {n}\n\n{paragraph(100 + 90 * n)}" for n in range(30))
    chunks = parse(text).chunks
    ranges = [c.lines for c in chunks if c.lines]
    assert all(a.end <= b.start for a, b in itertools.pairwise(ranges))
    covered = {n for r in ranges for n in range(r.start, r.end + 1)}
    assert all(n in covered for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def test_mdx_statements_and_jsx_do_not_hide_headings() -> None:
    text = (
        'import { Tabs } from "x";\nexport const meta = {};\n\n# Title\n\n<Callout>\n## Inside\n\n'
        f"{paragraph()}\n</Callout>\n\n    ## Indented\n"
    )
    parsed = parse(text, "page.mdx")
    found = sections(SourceText("page.mdx", text, ""))
    assert [s.heading for s in found if s.level] == ["Title", "Inside", "Indented"]
    assert "import" not in parsed.chunks[0].text


def test_badges_and_comments_alone_are_no_passage() -> None:
    assert parse("<!-- a comment -->\n\n[![ci](a.svg)](b)\n").chunks == ()


def test_an_empty_document_has_no_chunks() -> None:
    assert parse("").chunks == ()
    assert parse("\n\n  \n").chunks == ()


def test_the_kind_asked_for_is_the_kind_given() -> None:
    parsed = parse_document(SourceText("AGENTS.md", "# Rules\n\nBe kind.\n", ""), Kind.CONVENTION)
    assert {parsed.kind, parsed.chunks[0].kind} == {Kind.CONVENTION}


@pytest.mark.parametrize(
    "path",
    [
        "a.md",
        "a.markdown",
        "a.mdx",
        "x/.cursor/rules/a.mdc",
        "a.rst",
        "a.adoc",
        "a.txt",
        "README",
        "CHANGELOG",
    ],
)
def test_documents_are_known_by_name(path: str) -> None:
    assert is_document(path)


@pytest.mark.parametrize(
    "path", ["a.py", "CMakeLists.txt", "requirements/base.txt", "requirements-dev.txt", "LICENSE", "Makefile"]
)
def test_what_nobody_writes_prose_in_is_no_document(path: str) -> None:
    assert not is_document(path)


@pytest.mark.parametrize(
    "text",
    [
        ">" * 200_000,
        "".join(" " * n + "- a\n" for n in range(600)),
        "[" * 200_000,
        "# " + "*_`[" * 50_000,
        "<!--" * 50_000,
        "# a\n" * 15_000,
        "a|b\n" * 15_000,
        "- a\nb\n" * 10_000,
        "```\n" * 15_000,
        "x" * 500_000,
    ],
    ids=[
        "quotes",
        "nested list",
        "brackets",
        "marks",
        "comments",
        "headings",
        "pipes",
        "lazy",
        "fences",
        "line",
    ],
)
@pytest.mark.parametrize("extension", ["md", "mdx", "rst", "adoc", "txt"])
def test_hostile_input_ends(text: str, extension: str) -> None:
    parsed = parse(text, f"evil.{extension}")
    assert all(len(chunk.text) <= 3_000 for chunk in parsed.chunks)


def test_a_document_past_the_bounds_is_cut_with_a_note() -> None:
    parsed = parse("word\n\n" * 61_000)
    assert "only the first" in parsed.notes[0]
