"""The vector store with real Chroma: what goes in comes out, for one owner."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from whykeeper_indexers.errors import LockedError, StorageError
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import Space, VectorSettings, VectorStore, vector_key
from whykeeper_indexers.vectors.collections import errors_made_ours

CODE = Space(Kind.CODE, "0123456789abcdef")
NOTES = Space(Kind.DOCUMENT, "0123456789abcdef")
NEWER = Space(Kind.CODE, "fedcba9876543210")


def some(n: int, dimensions: int = 32, seed: int = 0) -> tuple[list[str], NDArray[np.float32]]:
    vectors = np.random.default_rng(seed).normal(size=(n, dimensions)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [vector_key("model", f"text {seed} {i}") for i in range(n)], vectors


def test_a_vector_finds_itself_first_and_then_its_neighbours(store: VectorStore) -> None:
    keys, vectors = some(700)
    store.add(CODE, keys, vectors)
    found = store.query(CODE, vectors[5], 10)
    similarities = [similarity for _, similarity in found]
    assert found[0][0] == keys[5]
    assert found[0][1] == pytest.approx(1, abs=1e-4)
    assert similarities == sorted(similarities, reverse=True)
    nearest = np.argsort(-(vectors @ vectors[5]))[:10]
    assert [key for key, _ in found] == [keys[index] for index in nearest]


def test_equal_texts_share_a_key_and_other_models_have_others() -> None:
    assert vector_key("a", "text") == vector_key("a", "text")
    assert len({vector_key("a", "text"), vector_key("b", "text"), vector_key("a", "texts")}) == 3
    assert vector_key("a", "lone surrogate \udc80")


def test_spaces_are_apart_and_may_differ_in_length(store: VectorStore) -> None:
    keys, vectors = some(3)
    wide_keys, wide = some(4, dimensions=48, seed=1)
    store.add(CODE, keys, vectors)
    store.add(NOTES, wide_keys, wide)
    assert store.query(NOTES, wide[0], 10)[0][0] == wide_keys[0]
    assert {key for key, _ in store.query(CODE, vectors[0], 10)} == set(keys)
    assert store.spaces() == {CODE: 3, NOTES: 4}


def test_what_was_never_stored_is_empty_and_not_an_error(store: VectorStore) -> None:
    _, vectors = some(1)
    assert store.query(CODE, vectors[0], 5) == []
    assert store.known(CODE, ["x"]) == set()
    assert store.keys(CODE) == set()
    assert store.count(CODE) == 0
    store.remove(CODE, ["x"])
    store.drop(CODE)
    assert store.spaces() == {}


def test_known_and_removed_keys_in_bulk(store: VectorStore) -> None:
    keys, vectors = some(1200)
    store.add(CODE, keys, vectors)
    assert store.known(CODE, [*keys[:600], "absent"]) == set(keys[:600])
    assert store.keys(CODE) == set(keys)
    store.remove(CODE, [*keys[:500], "absent"])
    assert store.keys(CODE) == set(keys[500:])
    assert keys[0] not in {key for key, _ in store.query(CODE, vectors[0], 50)}
    store.health_check()


def test_a_key_stored_twice_is_stored_once(store: VectorStore) -> None:
    keys, vectors = some(2)
    store.add(CODE, [keys[0], keys[0]], vectors)
    store.add(CODE, keys[:1], vectors[1:])
    assert store.count(CODE) == 1
    ((key, similarity),) = store.query(CODE, vectors[1], 1)
    assert key == keys[0]
    assert similarity == pytest.approx(1, abs=1e-4)


def test_vectors_that_are_not_numbers_are_refused(store: VectorStore) -> None:
    keys, vectors = some(2)
    with pytest.raises(ValueError, match="not finite"):
        store.add(CODE, keys, np.full_like(vectors, np.nan))
    with pytest.raises(ValueError, match="3 keys"):
        store.add(CODE, [*keys, "third"], vectors)


def test_an_old_space_answers_until_it_is_dropped(store: VectorStore) -> None:
    keys, vectors = some(5)
    store.add(CODE, keys, vectors)
    store.add(NEWER, keys[:2], vectors[:2])
    assert len(store.query(CODE, vectors[0], 5)) == 5
    store.drop(CODE)
    assert store.spaces() == {NEWER: 2}
    store.health_check()


def test_a_kind_means_its_present_fingerprint(tmp_path: Path) -> None:
    keys, vectors = some(4)
    store = VectorStore.open(tmp_path / "vectors", {Kind.CODE: CODE.fingerprint})
    store.add(Kind.CODE, keys, vectors)
    assert store.spaces() == {CODE: 4}
    store.use(Kind.CODE, NEWER.fingerprint)
    assert store.known(Kind.CODE, keys) == set()
    assert store.query(CODE, vectors[0], 1)[0][0] == keys[0]
    store.close()


def test_a_released_store_opens_again_by_itself(store: VectorStore) -> None:
    keys, vectors = some(30)
    store.add(CODE, keys, vectors)
    store.release()
    assert store.query(CODE, vectors[7], 1)[0][0] == keys[7]


def test_a_store_answers_while_it_is_written_and_released(store: VectorStore) -> None:
    keys, vectors = some(3000)
    store.add(CODE, keys[:100], vectors[:100])
    writer = threading.Thread(target=store.add, args=(CODE, keys, vectors))
    writer.start()
    while writer.is_alive():
        assert store.query(CODE, vectors[7], 1)[0][0] == keys[7]
        store.release()
    writer.join()
    assert store.count(CODE) == 3000


def test_everything_is_there_after_reopening(tmp_path: Path) -> None:
    keys, vectors = some(50)
    first = VectorStore.open(tmp_path / "vectors")
    first.add(CODE, keys, vectors)
    first.close()
    again = VectorStore.open(tmp_path / "vectors")
    assert again.query(CODE, vectors[3], 1)[0][0] == keys[3]
    again.close()


def test_a_second_opening_is_refused_until_the_first_is_closed(store: VectorStore, tmp_path: Path) -> None:
    with pytest.raises(LockedError, match="another process has the vectors"):
        VectorStore.open(tmp_path / "vectors")
    program = """
import sys
from pathlib import Path
from whykeeper_indexers.errors import LockedError
from whykeeper_indexers.vectors.store import VectorStore
try:
    VectorStore.open(Path(sys.argv[1]))
except LockedError as error:
    print(error.message)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "vectors")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "another process has the vectors" in done.stdout
    store.close()
    VectorStore.open(tmp_path / "vectors").close()


@pytest.mark.border
def test_a_killed_owner_loses_nothing_it_had_stored(tmp_path: Path) -> None:
    program = """
import sys, time
from pathlib import Path
import numpy as np
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors.collections import Space
from whykeeper_indexers.vectors.store import VectorStore
store = VectorStore.open(Path(sys.argv[1]))
vectors = np.random.default_rng(3).normal(size=(600, 32)).astype(np.float32)
store.add(Space(Kind.CODE, "f"), [str(i) for i in range(600)], vectors)
print("stored", flush=True)
time.sleep(60)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "vectors")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "stored\n"
        os.kill(owner.pid, signal.SIGKILL)
    vectors = np.random.default_rng(3).normal(size=(600, 32)).astype(np.float32)
    store = VectorStore.open(tmp_path / "vectors")
    space = Space(Kind.CODE, "f")
    assert store.keys(space) == {str(i) for i in range(600)}
    assert all(store.query(space, vectors[i], 1)[0][0] == str(i) for i in range(0, 600, 60))
    store.close()


def test_settings_in_the_working_directory_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "CHROMA_API_IMPL=chromadb.api.fastapi.FastAPI\nCHROMA_OTEL_COLLECTION_ENDPOINT=http://127.0.0.1:9\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    store = VectorStore.open(tmp_path / "vectors")
    keys, vectors = some(3)
    store.add(CODE, keys, vectors)
    assert store.count(CODE) == 3
    store.close()


def test_a_place_that_cannot_be_written_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"):
        VectorStore.open(tmp_path / "file" / "vectors")


def test_a_server_that_does_not_answer_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"no Chroma server answers at 127\.0\.0\.1:9"):
        VectorStore.open(tmp_path, settings=VectorSettings("server", "127.0.0.1", 9))


SERVED = """
import sys, time
from pathlib import Path
import numpy as np
from whykeeper_indexers.errors import StorageError
from whykeeper_indexers.types import Kind
from whykeeper_indexers.vectors import Space, VectorSettings, VectorStore

settings = VectorSettings("server", "127.0.0.1", int(sys.argv[1]))
deadline = time.monotonic() + 30
while True:
    try:
        first = VectorStore.open(Path("one/vectors"), settings=settings)
        break
    except StorageError:
        assert time.monotonic() < deadline
space = Space(Kind.CODE, "f")
vectors = np.eye(3, 8, dtype=np.float32)
first.add(space, ["a", "b", "c"], vectors)
second = VectorStore.open(Path("two/vectors"), settings=settings)
print(first.query(space, vectors[1], 1)[0][0], end=" ")
print(first.known(space, ["a", "absent"]), first.spaces(), second.spaces())
first.close()
second.close()
"""


@pytest.mark.border
def test_a_chroma_server_keeps_repositories_apart(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    chroma = str(Path(sys.executable).with_name("chroma"))
    command = [chroma, "run", "--path", str(tmp_path / "served"), "--port", port]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            # In a process of its own: Chroma's client leaves its sockets open, which is an error here.
            client = [sys.executable, "-c", SERVED, port]
            done = subprocess.run(client, capture_output=True, text=True, check=True, timeout=60)
        finally:
            server.kill()
    assert done.stdout.strip() == f"b {{'a'}} {{{Space(Kind.CODE, 'f')!r}: 3}} {{}}"


def test_a_server_that_stops_answering_is_the_users_to_start_again() -> None:
    with (
        pytest.raises(StorageError, match="asking: the Chroma server does not answer: refused"),
        errors_made_ours("asking"),
    ):
        raise httpx.ConnectError("refused")
