"""Chroma, as far as whykeeper uses it: clients, collection names, and its errors made ours.

The only module that imports chromadb. Its own settings come from the environment and from a
``.env`` in the working directory, so every one that could send something anywhere is given
here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from whykeeper_indexers.errors import DamagedStoreError, StorageError
from whykeeper_indexers.types import Kind

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

__all__ = [
    "Space",
    "VectorSettings",
    "abandon_clients",
    "close_client",
    "connect",
    "errors_made_ours",
    "open_embedded",
    "vector_key",
]

# Chroma's defaults (16 neighbours, 100 candidates) find all of the true ten nearest of 20,000.
COLLECTION_SETTINGS = {"hnsw": {"space": "cosine"}}
_NO_ROOM = ("disk is full", "No space left", "os error 28")
_NO_WRITING = ("readonly database", "read-only", "Permission denied", "os error 13", "os error 30")


class Space(NamedTuple):
    """Vectors that can be compared with one another.

    Attributes:
        kind: What the texts are.
        fingerprint: Which model and settings made the vectors.
    """

    kind: Kind
    fingerprint: str


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """Where vectors are kept.

    Attributes:
        mode: ``embedded``, in the data folder, or ``server``, on a Chroma server.
        host: The server's name or address.
        port: The server's port.
        ssl: Whether the server speaks TLS.
        headers: Sent with every request to the server, for its authentication.
    """

    mode: str = "embedded"
    host: str = "127.0.0.1"
    port: int = 8000
    ssl: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def vector_key(fingerprint: str, text: str) -> str:
    """The key of a text's vector: equal texts share one, whatever file, branch or worktree holds them."""
    return hashlib.sha256(f"{fingerprint}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:40]


def open_embedded(folder: Path) -> ClientAPI:
    """Open Chroma's files in this process. One process only may have them open.

    Raises:
        DamagedStoreError: They cannot be opened.
        StorageError: No permission or no room.
    """
    import chromadb

    with errors_made_ours(f"opening {folder}"):
        try:
            return chromadb.PersistentClient(folder, settings=_settings())
        except BaseException:
            _forget_half_opened(folder)
            raise


def close_client(client: ClientAPI) -> None:
    """Close Chroma's files, or its connection."""
    # Declared by the class behind the interface only.
    cast("Any", client).close()


def _forget_half_opened(folder: Path) -> None:
    """Let the next attempt begin anew: Chroma keeps what failed to start, and fails on it from then on."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(str(folder), None)
    SharedSystemClient._identifier_to_refcount.pop(str(folder), None)


def abandon_clients() -> None:
    """Let the next `open_embedded` of any folder open it anew: Chroma shares what it opened by path."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient.clear_system_cache()


def connect(server: VectorSettings) -> ClientAPI:
    """Reach a Chroma server.

    Raises:
        StorageError: It does not answer.
    """
    import chromadb

    try:
        return chromadb.HttpClient(
            server.host, server.port, ssl=server.ssl, headers=dict(server.headers), settings=_settings()
        )
    except Exception as error:
        # A border: the client raises what httpx, pydantic or the server's answer happens to be.
        raise StorageError(
            f"no Chroma server answers at {server.host}:{server.port}: {error}",
            "start it, or set vectors.mode to embedded to keep the vectors on this machine",
        ) from error


@contextmanager
def errors_made_ours(doing: str) -> Iterator[None]:
    """Turn what Chroma raises, panics of its Rust part included, into errors of ours."""
    from chromadb.errors import ChromaError
    from httpx import TransportError

    try:
        yield
    except ChromaError as error:
        raise _translated(doing, error) from error
    except TransportError as error:
        said = str(error) or type(error).__name__
        raise StorageError(f"{doing}: the Chroma server does not answer: {said}", "start it again") from error
    except BaseException as error:
        # A panic is no Exception; its class has no importable name.
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedStoreError(f"{doing}: Chroma panicked: {error}") from error


def _translated(doing: str, error: Exception) -> Exception:
    text = str(error)
    if any(sign in text for sign in _NO_ROOM):
        return StorageError(f"{doing}: no room left on the disk", "make room, then run: whykeeper index")
    if any(sign in text for sign in _NO_WRITING):
        return StorageError(f"{doing}: {text}", "make the data folder writable")
    return DamagedStoreError(f"{doing}: {text}")


def _settings() -> Any:
    from chromadb.config import Settings

    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        chroma_server_host=None,
        chroma_server_http_port=None,
        chroma_client_auth_provider=None,
        chroma_otel_collection_endpoint="",
        chroma_otel_granularity=None,
        anonymized_telemetry=False,
        allow_reset=False,
        migrations="apply",
    )
