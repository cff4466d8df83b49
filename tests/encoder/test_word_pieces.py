"""Token ids by words that are remembered, those that the library gives."""

from __future__ import annotations

import json
import random

import pytest
from tokenizers import Tokenizer

from whykeeper_indexers.encoder.word_pieces import WordPieces

VOCABULARY = ["[UNK]", "[PAD]", *map(chr, range(33, 127)), "##s", "##er", "parse", "read", "file", "é", "中"]


def _tokenizer(**parts: object) -> Tokenizer:
    made: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": 1, "content": "[PAD]", "single_word": False, "lstrip": False, "rstrip": False,
                "normalized": False, "special": True,
            }
        ],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": {word: row for row, word in enumerate(VOCABULARY)},
        },
        **parts,
    }  # fmt: skip
    return Tokenizer.from_str(json.dumps(made))


def _by_library(tokenizer: Tokenizer, texts: list[str]) -> list[list[int]]:
    return [one.ids for one in tokenizer.encode_batch_fast(texts, add_special_tokens=False)]


TEXTS = [
    "",
    "   \n\t",
    "Parser.reads(file_files); // READ",
    "naïve parsers read 中中文 files",
    "pars\x00er re\x0bad\x1cfile\x7fs",
    "no\u2028break\u00a0here\ufeff",
    "a [PAD]ded file",
    "x" * 101,
    "…",
]


@pytest.mark.parametrize("text", [*TEXTS, "Parsers read files; " * 3])
def test_a_texts_tokens_are_counted_and_end_as_the_library_says(text: str) -> None:
    tokenizer = _tokenizer()
    offsets = tokenizer.encode(text, add_special_tokens=False).offsets
    pieces = WordPieces(tokenizer)
    assert pieces.count(text) == len(offsets)
    ends = [pieces.end_of(text, number) for number in range(1, len(offsets) + 2)]
    assert ends == [*(end for _, end in offsets[:-1]), None, None][: len(offsets) + 1]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_has_the_ids_that_the_library_gives(text: str) -> None:
    tokenizer = _tokenizer()
    pieces = WordPieces(tokenizer)
    # The second time from what is remembered.
    assert pieces.ids([text]) == pieces.ids([text]) == _by_library(tokenizer, [text])


def test_texts_of_any_characters_have_the_ids_that_the_library_gives() -> None:
    chance = random.Random(0)
    characters = [*map(chr, range(128)), "parse", "file", "é", "中", "[PAD]", "\u2003", "e\u0301", "İ"]
    texts = ["".join(chance.choices(characters, k=40)) for _ in range(2_000)]
    tokenizer = _tokenizer()
    assert WordPieces(tokenizer).ids(texts) == _by_library(tokenizer, texts)


def test_a_tokenizer_of_another_make_is_left_to_the_library() -> None:
    # Case counts here, and spaces are no borders.
    tokenizer = _tokenizer(normalizer=None, pre_tokenizer=None)
    texts = ["Parse", "parse", "read file"]
    assert WordPieces(tokenizer).ids(texts) == _by_library(tokenizer, texts)


def test_more_words_than_are_kept_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whykeeper_indexers.encoder.word_pieces._WORDS_KEPT", 3)
    tokenizer = _tokenizer()
    pieces = WordPieces(tokenizer)
    for text in ("parse read", "file files", "readers parse the file"):
        assert pieces.ids([text]) == _by_library(tokenizer, [text])
