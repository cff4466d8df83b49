"""What a larger embedding model costs: memory, disk and time, by its size.

    python -m benchmarks.models [--only NAME …] [--out DIR]

The models have the shapes of well-known ones and random weights: what they answer is nonsense, what
they take is not. Each is loaded as whykeeper loads a model, in a process of its own, and reads the
sections of this repository's documents, by length as the daemon sorts them. Times are of the
processor, with one thread, because wall-clock times mean little on a machine that is shared. Needs
5 GB of disk for a while.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.reporting import environment, markdown_table, write_results
from whykeeper_indexers.encoder.models import ModelSettings, resolve_model

__all__ = ["SHAPES", "Shape"]

ROOT = Path(__file__).parents[1]
BATCH = 8
ROUNDS = 3
CHARACTERS = 1_000
"""Of a passage at most: the chunkers cut at about that."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model.

    Attributes:
        layers: Transformer layers.
        width: Dimensions of its vectors.
        inner: Width of the feed-forward part.
        heads: Attention heads.
        vocabulary: Tokens it knows; they cost memory and no time.
        family: ``bert``, or ``qwen3`` for a decoder with grouped attention.
        like: Models of this shape.
    """

    layers: int
    width: int
    inner: int
    heads: int
    vocabulary: int
    family: str
    like: str


SHAPES = {
    "23M": Shape(6, 384, 1536, 12, 30_522, "bert", "all-MiniLM-L6-v2"),
    "33M": Shape(12, 384, 1536, 12, 30_522, "bert", "bge-small-en-v1.5, e5-small-v2"),
    "110M": Shape(12, 768, 3072, 12, 30_522, "bert", "bge-base-en-v1.5, e5-base-v2"),
    "278M": Shape(12, 768, 3072, 12, 250_002, "bert", "multilingual-e5-base"),
    "335M": Shape(24, 1024, 4096, 16, 30_522, "bert", "bge-large-en-v1.5, mxbai-embed-large-v1"),
    "560M": Shape(24, 1024, 4096, 16, 250_002, "bert", "bge-m3, multilingual-e5-large"),
    "596M": Shape(28, 1024, 3072, 16, 151_669, "qwen3", "Qwen3-Embedding-0.6B"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=SHAPES, default=list(SHAPES))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure is not None:
        sys.stdout.write(json.dumps(_measured(options.measure)))
        return 0
    found = {name: _in_own_process(name) for name in options.only}
    rows = [_row(name, found[name], found.get("23M")) for name in found]
    headings = [
        "parameters",
        "like",
        "dimensions",
        "on disk",
        "memory",
        "load",
        "tokens/s a core",
        "time",
    ]
    sys.stdout.write(markdown_table(headings, rows) + "\n")
    if options.out is not None:
        write_results(options.out, "models", {"environment": environment(), "models": found})
    return 0


def _row(name: str, found: dict[str, Any], least: dict[str, Any] | None) -> list[str]:
    slower = f"{least['tokens_s'] / found['tokens_s']:.1f} ×" if least else "–"
    return [
        name.replace("M", " M"),
        SHAPES[name].like,
        str(SHAPES[name].width),
        f"{found['disk_mb']:,.0f} MB",
        f"{found['memory_mb']:,.0f} MB",
        f"{found['load_s']:.1f} s",
        f"{found['tokens_s']:,.0f}",
        slower,
    ]


def _in_own_process(name: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        _build(SHAPES[name], Path(folder))
        command = [sys.executable, "-m", "benchmarks.models", "--measure", folder]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        disk = sum(file.stat().st_size for file in Path(folder).glob("*.safetensors")) / 1e6
    found: dict[str, Any] = json.loads(done.stdout)
    return {**asdict(SHAPES[name]), "disk_mb": disk, **found}


def _build(shape: Shape, folder: Path) -> None:
    """Save a model of random weights, in half precision as the larger ones are published."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import AutoModel, AutoTokenizer

    plain = folder / "plain"
    AutoModel.from_config(_configuration(shape), dtype=torch.bfloat16).save_pretrained(plain)
    # The default model's: how a text is split into tokens is not what is measured.
    tokenizer = resolve_model(ModelSettings(), folder / "data").folder
    AutoTokenizer.from_pretrained(str(tokenizer)).save_pretrained(plain)
    first = Transformer(str(plain), max_seq_length=512)
    pooling = Pooling(shape.width, "lasttoken" if shape.family == "qwen3" else "mean")
    SentenceTransformer(modules=[first, pooling], device="cpu").save(str(folder))
    for file in plain.glob("*.safetensors"):
        file.unlink()


def _configuration(shape: Shape) -> Any:
    from transformers import BertConfig, Qwen3Config

    common = {
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
    }
    if shape.family == "bert":
        return BertConfig(**common)
    return Qwen3Config(**common, num_key_value_heads=shape.heads // 2, head_dim=128, pad_token_id=0)


def _measured(folder: Path) -> dict[str, float]:
    from tokenizers import Tokenizer

    from whykeeper_indexers.encoder.transformer import TransformerModel

    began = time.process_time()
    model = TransformerModel(ModelSettings(model=str(folder), threads=1), folder / "data")
    model.encode(["warm"], query=False)
    load_s = time.process_time() - began
    passages = sorted(_passages(), key=len)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokens = sum(min(len(each.ids), 512) for each in tokenizer.encode_batch(passages))
    took = min(_reading_time(model, passages) for _ in range(ROUNDS))
    return {
        "load_s": load_s,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "tokens_s": tokens / took,
        "passages": len(passages),
        "tokens_a_passage": tokens / len(passages),
    }


def _reading_time(model: Any, passages: list[str]) -> float:
    began = time.process_time()
    for start in range(0, len(passages), BATCH):
        model.encode(passages[start : start + BATCH], query=False)
    return time.process_time() - began


def _passages() -> list[str]:
    """Sections of the decision records: prose, some of it with code."""
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    sections = [part for file in files for part in file.read_text(encoding="utf-8").split("\n## ")[1:]]
    return [section[:CHARACTERS] for section in sections][:48]


if __name__ == "__main__":
    sys.exit(main())
