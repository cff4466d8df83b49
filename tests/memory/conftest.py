"""A host in this process over real stores, an encoder of a few lines, and short words for both."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from whykeeper.answers import SearchAnswerModel, StatusAnswer
from whykeeper.config import Config
from whykeeper.daemon.protocols import Role, Session
from whykeeper.host import MemoryHost, Pace
from whykeeper.locations import Locations
from whykeeper.memory import Memory
from whykeeper_indexers.encoder.by_kind import KindEncoder
from whykeeper_indexers.encoder.client import Encoder, NotReadyError
from whykeeper_indexers.encoder.models import Tier
from whykeeper_indexers.errors import ModelError, WorkerError
from whykeeper_indexers.secrets import redact, use_rule_cache

PATIENCE_S = 30.0
DIMENSIONS = 64
GONE = ModelError("there is no model in its folder", "give the folder of one")
MANY = 1_000_000
_Result = TypeVar("_Result")


def until(condition: Callable[[], Any], limit_s: float = PATIENCE_S) -> Any:
    """Wait for a condition, and fail when it takes too long."""
    deadline = time.monotonic() + limit_s
    while not (found := condition()):
        assert time.monotonic() < deadline, f"still waiting after {limit_s} s"
        time.sleep(0.005)
    return found


class WordEncoder:
    """An encoder whose vectors say which words a text has: equal words are near, others are not.

    Attributes:
        encoded: Texts, with how often each was encoded, as passages.
        names: Of the two tiers' spaces; another name is another model.
        ready: Whether it is loaded; `warm` loads it when `loads`.
        open: Cleared, it holds whoever has passages encoded.
        turns: How often the transformer may still encode passages.
        refusal: Raised instead of encoding.
        quick: Whether the static tier can be used.
        distilling: Whether the static tier is being built.
        gone: Whether its files are not there any more.
        failure: Why it cannot be loaded.
        same: Words that mean the same to it, each with the one it reads them as.
    """

    def __init__(self, name: str = "words") -> None:
        self.encoded: Counter[str] = Counter()
        self.names = {tier: f"{name}-{tier}-0123456789" for tier in Tier}
        self.ready = self.loads = True
        self.open = threading.Event()
        self.open.set()
        self.turns = threading.Semaphore(MANY)
        self.refusal: Exception | None = None
        self.closed = False
        self.quick = True
        self.distilling = False
        self.gone = False
        self.failure = ""
        self.same: dict[str, str] = {}
        self._name = name

    def for_kinds(self, bulk_tier: Tier = Tier.STATIC) -> KindEncoder:
        return KindEncoder(cast("Encoder", self), bulk_tier)

    @property
    def state(self) -> str:
        if self.gone:
            return f"failed: {GONE}"
        if self.failure:
            return f"failed: {self.failure}"
        return "ready" if self.ready else "warming"

    def status(self) -> dict[str, Any]:
        return {"model": self._name, "state": self.state}

    def tier_ready(self, _tier: Tier) -> bool:
        return self.ready and not self.gone

    def question_ready(self, tier: Tier) -> bool:
        return self.tier_ready(tier)

    def compile(self) -> None: ...

    @property
    def distilled(self) -> bool:
        return self.ready and self.quick and not self.gone

    def distil(self) -> None: ...

    def fingerprint(self, tier: Tier) -> str:
        if self.gone:
            raise ModelError(GONE.message, GONE.hint)
        return self.names[tier]

    def tier_of(self, fingerprint: str) -> Tier | None:
        if self.gone:
            raise ModelError(GONE.message, GONE.hint)
        return next((tier for tier, name in self.names.items() if name == fingerprint), None)

    def warm(self) -> None:
        self.ready = self.ready or self.loads

    def load(self) -> None:
        self.warm()
        if self.gone or self.failure:
            raise ModelError(*((GONE.message, GONE.hint) if self.gone else (self.failure,)))

    def release(self) -> None:
        self.ready = False

    def close(self) -> None:
        self.closed = True
        self.open.set()
        self.turns.release(MANY)

    def agreement(self, _question: str, _passages: Sequence[str]) -> None:
        return None

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def trim_to_tokens(self, text: str, budget: int) -> str:
        return " ".join(text.split()[:budget])

    def encode_query(self, text: str, _tier: Tier) -> NDArray[np.float32]:
        if not self.tier_ready(_tier):
            raise NotReadyError("not loaded")
        return self.vector(text)

    def encode_passages(self, texts: Sequence[str], tier: Tier) -> NDArray[np.float32]:
        assert self.open.wait(PATIENCE_S)
        assert tier is Tier.STATIC or self.turns.acquire(timeout=PATIENCE_S)
        if self.closed:
            raise WorkerError("closed")
        if self.gone:
            raise ModelError(GONE.message, GONE.hint)
        if self.refusal is not None:
            raise self.refusal
        self.ready = True
        self.encoded.update(texts)
        return np.stack([self.vector(text) for text in texts])

    def vector(self, text: str) -> NDArray[np.float32]:
        vector = np.full(DIMENSIONS, 0.01, dtype=np.float32)
        for written in text.lower().split():
            word = written.strip(".,:#?")
            place = int.from_bytes(hashlib.blake2b(self.same.get(word, word).encode()).digest()[:2])
            vector[place % DIMENSIONS] += 1
        return vector / np.linalg.norm(vector)


class Desk:
    """One session at one checkout."""

    def __init__(self, machine: Machine, session: Session) -> None:
        self._machine = machine
        self.session = session

    @property
    def memory(self) -> Memory:
        return self._machine.run(self._machine.host.memory(self.session))

    def search(self, query: str, **options: Any) -> SearchAnswerModel:
        asked = {"limit": None, "budget": None, "kinds": None, "paths": None, **options}

        async def ask() -> SearchAnswerModel:
            return await (await self._machine.host.memory(self.session)).search(query, **asked)

        return self._machine.run(ask())

    def finds(self, word: str) -> list[str]:
        """The paths, or commits, of the results whose text has a word; best first."""
        results = self.search(word).results
        return [str(each.path or each.commit) for each in results if word in each.text.lower()]

    def control(
        self, verb: str, *, told: list[dict[str, Any]] | None = None, **params: Any
    ) -> dict[str, Any]:
        async def tell(report: dict[str, Any]) -> None:
            if told is not None:
                told.append(report)

        return self._machine.run(self._machine.host.control(self.session, verb, params, tell))

    def index(self, **params: Any) -> dict[str, Any]:
        """Bring everything up to date, words and meaning."""
        return self.control("index", **params)

    def status(self) -> StatusAnswer:
        return self._machine.run(self.memory.status())

    def settled(self) -> Desk:
        """Wait until nothing is under way."""
        until(lambda: self.memory.indexer.complete and not self._machine.host.busy())
        return self

    def encoded(self) -> None:
        """Have what was written before this found by words and by meaning."""
        self.search("anything")
        self.settled()

    def parsers(self) -> set[int]:
        """The processes that read files."""
        return {pid for pid in children() if b"parse_worker" in _command_line(pid)}

    def wait(self, condition: Callable[[], Any]) -> None:
        """Wait for something that happens in the background."""
        until(condition)

    def leave(self) -> None:
        self._machine.on_loop(lambda: self._machine.host.session_closed(self.session))


class Machine:
    """One user's daemon without its sockets: a host, on an event loop in a thread of its own.

    Attributes:
        settings: Of every session, as environment variables without their prefix.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        # The scanner of secrets and the history take most of the time that a few files and commits take.
        self.settings = {"SECRETS__ENABLED": "false", "INDEX__HISTORY": "false"}
        self.encoder = WordEncoder()
        self.encoders: dict[str, WordEncoder] = {}
        self.real_encoder: KindEncoder | None = None
        self.pace = Pace()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="loop")
        self._thread.start()
        self._host: MemoryHost | None = None

    @property
    def data_dir(self) -> Path:
        return self.home / "data"

    @property
    def host(self) -> MemoryHost:
        if self._host is None:
            places = Locations(self.data_dir, self.home / "run", self.home / "config", self.home / "log")
            self._host = MemoryHost(places, make_encoder=self._make_encoder, pace=self.pace)
        return self._host

    def add_encoder(self, name: str) -> WordEncoder:
        """Have another model to choose by its name."""
        self.encoders[name] = WordEncoder(name)
        return self.encoders[name]

    def _make_encoder(self, config: Config) -> KindEncoder:
        if self.real_encoder is not None:
            return self.real_encoder
        encoder = self.encoders.get(config.model.name, self.encoder)
        encoder.closed = False
        return encoder.for_kinds(Tier(config.model.code))

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(2 * PATIENCE_S)

    def on_loop(self, work: Callable[[], _Result]) -> _Result:
        async def do() -> _Result:
            return work()

        return self.run(do())

    def sit(self, root: Path, role: Role = "mcp", **env: str) -> Desk:
        """Open a session at a checkout."""
        variables = {f"WHYKEEPER_{name}": value for name, value in {**self.settings, **env}.items()}
        session = Session(root, None, self.home / "config", role, variables)
        self.on_loop(lambda: self.host.session_opened(session))
        return Desk(self, session)

    def stop(self) -> None:
        """End the daemon in good order; the next session starts another."""
        host, self._host = self._host, None
        if host is not None:
            self.run(host.aclose())

    def stores(self) -> list[Path]:
        """The folders of what is derived, one a repository."""
        return sorted((self.data_dir / "repositories").glob("*"))

    def close(self) -> None:
        self.stop()
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()


def children() -> set[int]:
    """The processes this one has started and that still run."""
    found = set()
    for task in Path("/proc/self/task").iterdir():
        # A thread may end meanwhile.
        with suppress(OSError):
            found |= set(map(int, (task / "children").read_text(encoding="ascii").split()))
    return found


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a few kilobytes, for the real encoder process."""
    source = Path(__file__).parents[1] / "encoder" / "conftest.py"
    spec = importlib.util.spec_from_file_location("tiny_models", source)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder: Path = module.make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")
    return folder


def _command_line(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@pytest.fixture(scope="session")
def compiled_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The secret scanner's rules, compiled once: it takes seconds."""
    folder = tmp_path_factory.mktemp("compiled") / "rules"
    use_rule_cache(folder)
    redact("nothing")
    use_rule_cache(None)
    return folder


def _threads() -> set[threading.Thread]:
    # watchdog's one inotify descriptor and the searching threads are there for as long as the process.
    shared = ("InotifyFD", "question")
    return {
        thread
        for thread in threading.enumerate()
        if not thread.name.startswith(shared) and type(thread).__name__ not in shared
    }


@pytest.fixture
def machine(isolated_home: Path, compiled_rules: Path) -> Iterator[Machine]:
    """A user's machine; whoever leaves threads or processes behind fails."""
    threads, processes = _threads(), children()
    # A copy, for it must be the user's own folder and no link.
    shutil.copytree(compiled_rules, isolated_home / "data" / "rules")
    machine = Machine(isolated_home)
    yield machine
    machine.close()
    deadline = time.monotonic() + 5
    while (left := [*(_threads() - threads), *(children() - processes)]) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left


@pytest.fixture
def checkout(git_folder: Any) -> Any:
    """A small repository: decisions, a convention, code and a commit that gives a reason."""
    git_folder.write(
        "docs/adr/0001-queue-in-postgres.md",
        "# 1. Keep the queue in Postgres\n\nDate: 2024-05-01\n\n## Status\n\nAccepted\n\n## Context\n\n"
        "A broker is one more thing to run.\n\n## Decision\n\nJobs wait in a table of Postgres.\n\n"
        "## Consequences\n\nNo message is lost when a worker dies.\n",
    )
    git_folder.write("AGENTS.md", "# For agents\n\nRun the formatter before every commit.\n")
    git_folder.write("docs/guide.md", "# Guide\n\n## Setting up\n\nInstall the turnip adapter first.\n")
    git_folder.write("src/retry.py", "def backoff(attempt):\n    '''Wait longer after each failure.'''\n")
    git_folder.commit("Retry webhooks\n\nBecause the provider drops one call in a hundred, we try thrice.")
    return git_folder
