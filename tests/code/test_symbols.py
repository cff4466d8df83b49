"""Every language with a grammar: symbols, scopes, signatures and docstrings."""

from __future__ import annotations

import pytest
from tests.code.samples import SAMPLES

from whykeeper_indexers.code import definitions, parse_code, symbols_of
from whykeeper_indexers.code.grammars import GRAMMARS
from whykeeper_indexers.types import Kind, ParsedFile, SourceText


def parsed(path: str, text: str) -> ParsedFile:
    return parse_code(SourceText(path, text, "0"))


def test_every_language_with_a_grammar_has_a_sample() -> None:
    assert set(SAMPLES) == set(GRAMMARS)


@pytest.mark.parametrize("language", SAMPLES)
def test_a_file_lists_the_symbols_it_defines(language: str) -> None:
    sample = SAMPLES[language]
    found = definitions(SourceText(sample.path, sample.text, "0"))
    assert tuple(one.symbol for one in found) == sample.symbols


@pytest.mark.parametrize("language", SAMPLES)
def test_a_definition_knows_its_signature(language: str) -> None:
    sample = SAMPLES[language]
    found = {one.symbol: one.signature for one in definitions(SourceText(sample.path, sample.text, "0"))}
    assert found[sample.symbol] == sample.signature


@pytest.mark.parametrize("language", SAMPLES)
def test_a_definition_knows_its_docstring_and_starts_with_it(language: str) -> None:
    sample = SAMPLES[language]
    found = {one.symbol: one for one in definitions(SourceText(sample.path, sample.text, "0"))}[sample.symbol]
    assert found.docstring == sample.docstring
    text = "\n".join(sample.text.split("\n")[found.lines.start - 1 : found.lines.end])
    assert sample.docstring.split("\n")[-1] in text


@pytest.mark.parametrize("language", SAMPLES)
def test_a_small_file_is_one_chunk_or_a_few_in_its_language(language: str) -> None:
    sample = SAMPLES[language]
    file = parsed(sample.path, sample.text)
    assert file.kind is Kind.CODE
    assert file.language == language
    assert file.notes == ()
    assert 1 <= len(file.chunks) <= 3
    assert sample.symbol in {one.symbol for one in definitions(SourceText(sample.path, sample.text, "0"))}
    assert sample.symbol.split(".")[0] in {
        name.split(".")[0] for chunk in file.chunks for name in symbols_of(chunk)
    }
