from __future__ import annotations

from whykeeper_indexers.documents import parse_document, sections
from whykeeper_indexers.types import LineRange, ParsedFile, SourceText

PROSE = "Events carry the context that a consumer needs to act on them without asking again. " * 8


def parse(path: str, text: str) -> ParsedFile:
    return parse_document(SourceText(path, text, ""))


def outline(path: str, text: str) -> list[tuple[int, str]]:
    return [
        (section.level, section.heading) for section in sections(SourceText(path, text, "")) if section.level
    ]


def test_rst_levels_follow_the_order_of_adornments() -> None:
    text = "####\nTop\n####\n\nOne\n***\n\ntext\n\nDeep\n----\n\ntext\n\nTwo\n***\n\ntext\n"
    assert outline("a.rst", text) == [(1, "Top"), (2, "One"), (3, "Deep"), (2, "Two")]


def test_rst_titles_carry_no_roles_or_links() -> None:
    text = "Use :ref:`the bus <bus>` and ``code`` of `Open edX <https://x.org>`_\n" + "=" * 70 + "\n\ntext\n"
    assert parse("a.rst", text).title == "Use the bus and code of Open edX"


def test_rst_directives_tables_and_literals_are_no_titles() -> None:
    text = (
        "Title\n=====\n\n.. code-block:: rst\n\n   Inner\n   =====\n\n"
        "=====  =====\nA      B\n=====  =====\n1      2\n"
        "=====  =====\n\n----\n\n::\n\n   Other\n   -----\n"
    )
    assert outline("a.rst", text) == [(1, "Title")]


def test_rst_code_stays_with_the_directive_it_belongs_to() -> None:
    code = ".. code-block:: python\n\n" + "   call(argument)\n\n" * 40
    text = f"Title\n=====\n\n{PROSE}\n\n{code.rstrip()}\n\n{PROSE}\n\n{PROSE}\n"
    assert any(code.rstrip() in chunk.text for chunk in parse("a.rst", text).chunks)


def test_rst_labels_and_comments_are_kept_out_of_passages() -> None:
    text = f".. _ADR-2:\n\n2. Naming\n#########\n\n{PROSE}\n\n.. _a link: https://example.org\n"
    parsed = parse("a.rst", text)
    assert parsed.title == "2. Naming"
    assert [chunk.lines for chunk in parsed.chunks] == [LineRange(3, 6)]


def test_a_long_rst_list_is_cut_between_its_items() -> None:
    text = "Title\n=====\n\n" + "".join(f"* item {n}\n  {PROSE[:120]}\n\n" for n in range(40))
    chunks = parse("a.rst", text).chunks
    assert len(chunks) > 3
    assert all(chunk.text.startswith(("Title", "* item")) for chunk in chunks)


def test_asciidoc_titles_and_delimited_blocks() -> None:
    text = (
        f"= Manual\n:toc: left\n\n{PROSE}\n\n== Setup\n\n[source,sh]\n----\n== not a title\n----\n\n"
        f"{PROSE}\n\n=== xref:a.adoc[Deep *part*]\n\n|===\n|a |b\n\n== nor this\n|===\n\n{PROSE}\n"
    )
    assert outline("a.adoc", text) == [(1, "Manual"), (2, "Setup"), (3, "Deep part")]
    assert [c.breadcrumb for c in parse("a.adoc", text).chunks][-1] == ("Manual", "Setup")


def test_plain_text_follows_underlined_titles_and_paragraphs() -> None:
    text = f"Release notes\n=============\n\n{PROSE}\n\nFixed\n-----\n\n{PROSE}\n"
    assert [c.title for c in parse("notes.txt", text).chunks] == ["Release notes", "Fixed"]


def test_an_indented_example_of_a_heading_titles_no_plain_text() -> None:
    example = "    A level-one heading\n    ===================\n"
    text = f"Manual\n------\n\n{PROSE}\n\n{example}\n{PROSE}\n"
    assert outline("manual.txt", text) == [(1, "Manual")]
    assert parse("manual.txt", text).title == "Manual"


def test_plain_text_that_opens_with_front_matter_is_read_as_the_markdown_it_is() -> None:
    text = f"---\ntitle: The Guide\nauthor: X\n---\n\n# Synopsis\n\n{PROSE}\n\n# Options\n\n{PROSE}\n"
    parsed = parse("MANUAL.txt", text)
    assert (parsed.title, parsed.language) == ("The Guide", "markdown")
    assert [chunk.title for chunk in parsed.chunks] == ["Synopsis", "Options"]


def test_plain_text_that_opens_with_a_rule_keeps_its_first_lines() -> None:
    parsed = parse("notes.txt", f"---\nNote: old, and: not kept up\n---\n\n{PROSE}\n")
    assert (parsed.language, parsed.chunks[0].lines) == ("text", LineRange(1, 5))


def test_plain_text_without_titles_is_called_by_its_file() -> None:
    parsed = parse("docs/notes.txt", "\n\n".join([PROSE] * 5))
    assert {c.title for c in parsed.chunks} == {"notes.txt"}
    assert len(parsed.chunks) > 1


def test_each_markup_names_its_language() -> None:
    paths = ["a.md", "a.mdx", "a.rst", "a.adoc", "a.txt", "README"]
    assert [parse(path, "text\n").language for path in paths] == [
        "markdown",
        "mdx",
        "restructuredtext",
        "asciidoc",
        "text",
        "markdown",
    ]
