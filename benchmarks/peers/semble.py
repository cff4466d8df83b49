"""semble, with the static model that whykeeper distils in place of its own.

Its own model comes from a model hub. The model folder is given to it in the layout that
sentence-transformers writes, which it reads.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peers import environment
from benchmarks.peers.conversation import Worker
from benchmarks.peers.engine import Indexed
from benchmarks.retrieval.units import Reply, Unit
from benchmarks.sandbox import BenchmarkError

__all__ = ["Semble", "static_model"]

PACKAGES = ("semble==0.7.0",)
_WORKER = Path(__file__).with_name("semble_worker.py")


class Semble:
    """semble in an interpreter of its own, asked through its Python interface.

    Args:
        environments: Holds the virtual environments.
        scratch: For its model, its cache and its log.
        static: Folder of the distilled model.
        workers: Processes it may chunk with; 0 chunks in its own, which is its interface's default.
    """

    def __init__(self, environments: Path, scratch: Path, static: Path, *, workers: int = 0) -> None:
        programs = environment.make(environments, "semble", PACKAGES)
        self._home = scratch / f"semble-{workers}"
        self._home.mkdir(parents=True, exist_ok=True)
        env = {
            "PATH": os.environ["PATH"], "HOME": str(self._home), "HF_HUB_OFFLINE": "1",
            "SEMBLE_INDEX_WORKERS": str(workers),
        }  # fmt: skip
        command = [str(programs / "python"), "-P", str(_WORKER), str(_readable(static, self._home / "model"))]
        self._worker = Worker(command, env, self._home / "log.txt")
        self._root = ""

    @property
    def name(self) -> str:
        """With its version, and what it was given."""
        return "semble 0.7.0, our static model"

    def index(self, checkout: Path, root: str | None, *, prose: bool) -> Indexed:
        """Index a folder, in memory."""
        content = "everything" if prose else "code"
        told = self._worker.ask(what="index", folder=str(checkout / (root or "")), content=content)
        self._root = f"{root}/" if root else ""
        return Indexed(told["took_s"], tuple(told["files"]), told["chunks"])

    def ask(self, question: str, limit: int) -> Reply:
        """Answer a question."""
        told = self._worker.ask(what="ask", question=question, limit=limit)
        units = [Unit(f"{self._root}{path}", *rest) for path, *rest in told["units"]]
        return Reply(units, told["took_ms"], told["took_ms"])

    def close(self) -> None:
        """End it."""
        self._worker.close()


def static_model(env: Mapping[str, str]) -> Path:
    """Find the static model that an index in this environment was made with.

    Raises:
        BenchmarkError: None was distilled yet.
    """
    folder = Path(env["WHYKEEPER_DATA_DIR"]) / "models" / "static"
    found = sorted(folder.glob("*/model.safetensors"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise BenchmarkError(f"no static model in {folder}: index a repository first")
    return found[-1].parent


def _readable(static: Path, target: Path) -> Path:
    target.mkdir(exist_ok=True)
    for name in ("model.safetensors", "tokenizer.json"):
        link = target / name
        link.unlink(missing_ok=True)
        link.symlink_to(static / name)
    (target / "config_sentence_transformers.json").write_text(json.dumps({"normalize": True}), "utf-8")
    return target
