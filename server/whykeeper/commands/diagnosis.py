"""The checks of ``whykeeper doctor``: each finds out one thing and says what to do about it."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from whykeeper.clients.client import Scope
from whykeeper.clients.registration import registered_entry
from whykeeper.clients.registry import CLIENTS
from whykeeper.commands.registering import surroundings
from whykeeper.commands.runtime import Runtime
from whykeeper.config import LoadedConfig, load_config
from whykeeper.rendering import human_bytes
from whykeeper_indexers.encoder.models import DEFAULT_MODEL, ModelSettings, resolve_model
from whykeeper_indexers.errors import WhykeeperError

__all__ = ["Check", "configuration_values", "diagnose"]

Status = Literal["ok", "warn", "fail"]

_PACKAGES = ("mcp", "chromadb", "sentence-transformers", "watchdog", "tree-sitter")
_LEAST_GIT = (2, 25)
_LEAST_FREE_BYTES = 500 * 1024 * 1024
_FEW_WATCHES = 65_536
_WATCHES = Path("/proc/sys/fs/inotify/max_user_watches")
_GIT_LIMIT_S = 10


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found.

    Attributes:
        name: What was looked at.
        status: ``fail`` keeps whykeeper from its job, ``warn`` makes it worse.
        detail: What was found.
        hint: What to do about it; empty when there is nothing to do.
    """

    name: str
    status: Status
    detail: str
    hint: str = ""


def diagnose(runtime: Runtime, checkout: Path | None) -> list[Check]:
    """Run every check."""
    return [
        _python(),
        *_packages(),
        _torch(),
        _git(runtime),
        *_folders(runtime),
        _sqlite(),
        _configuration(runtime, checkout),
        _model(runtime, checkout),
        *_inotify(runtime),
        _repository(checkout),
        *_daemon(runtime, checkout),
        *_clients(runtime, checkout),
    ]


def configuration_values(runtime: Runtime, checkout: Path | None) -> dict[str, dict[str, Any]]:
    """Name every setting, its value and where it came from; empty when a file is broken."""
    try:
        loaded = _load(runtime, checkout)
    except WhykeeperError:
        return {}
    tables = loaded.config.model_dump(mode="json")
    return {
        f"{section}.{key}": {"value": value, "origin": loaded.origins[f"{section}.{key}"]}
        for section, table in tables.items()
        for key, value in table.items()
    }


def _load(runtime: Runtime, checkout: Path | None) -> LoadedConfig:
    return load_config(checkout, runtime.locations.config_dir, runtime.env)


def _python() -> Check:
    return Check("Python", "ok", f"{platform.python_version()} ({sys.executable})")


def _packages() -> Iterator[Check]:
    for name in _PACKAGES:
        found = _version(name)
        if found is None:
            yield Check(name, "fail", "not installed", "install whykeeper again: pip install whykeeper")
        else:
            yield Check(name, "ok", found)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _torch() -> Check:
    found = _version("torch")
    if found is None:
        return Check("torch", "fail", "not installed", "install it: pip install torch")
    installed = {(each.metadata["Name"] or "").lower() for each in metadata.distributions()}
    cuda = "+cu" in found or any(name.startswith("nvidia-") for name in installed)
    return Check("torch", "ok", f"{found} ({'CUDA' if cuda else 'CPU'} build)")


def _git(runtime: Runtime) -> Check:
    program = shutil.which("git", path=runtime.env.get("PATH", ""))
    if program is None:
        return Check("git", "fail", "not found", "install git, so that ignore rules and history can be read")
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=_GIT_LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("git", "fail", f"{program} does not run: {error}", "install git anew")
    numbers = re.search(r"(\d+)\.(\d+)", done.stdout)
    if numbers and (int(numbers[1]), int(numbers[2])) < _LEAST_GIT:
        return Check("git", "warn", done.stdout.strip(), "install git 2.25 or later")
    return Check("git", "ok", f"{done.stdout.strip()} ({program})")


def _folders(runtime: Runtime) -> Iterator[Check]:
    places = runtime.locations
    yield _folder("data folder", places.data_dir, private=True, needs_room=True)
    yield _folder("runtime folder", places.runtime_dir, private=True)
    yield _folder("log folder", places.log_dir)
    yield Check("user settings", "ok", str(places.config_dir / "config.toml"))


def _folder(name: str, path: Path, *, private: bool = False, needs_room: bool = False) -> Check:
    existing = next(each for each in (path, *path.parents) if each.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        return Check(
            name, "fail", f"{path} cannot be written", "change its permissions or set WHYKEEPER_DATA_DIR"
        )
    detail = str(path) if path.exists() else f"{path} (made when it is needed)"
    open_to_others = path.exists() and os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077
    if private and open_to_others:
        return Check(name, "warn", f"{detail} is open to other users", f"chmod 700 {path}")
    if not needs_room:
        return Check(name, "ok", detail)
    free = shutil.disk_usage(existing).free
    detail += f", {human_bytes(free)} free"
    if free < _LEAST_FREE_BYTES:
        return Check(name, "warn", detail, "make room, or move it with WHYKEEPER_DATA_DIR")
    return Check(name, "ok", detail)


def _sqlite() -> Check:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.OperationalError:
        hint = "use a Python whose SQLite has FTS5, such as the one from python.org"
        return Check("SQLite", "fail", f"{sqlite3.sqlite_version} without FTS5", hint)
    finally:
        connection.close()
    return Check("SQLite", "ok", f"{sqlite3.sqlite_version} with FTS5")


def _configuration(runtime: Runtime, checkout: Path | None) -> Check:
    try:
        loaded = _load(runtime, checkout)
    except WhykeeperError as error:
        return Check("settings", "fail", error.message, error.hint or "put the file right")
    if loaded.notes:
        return Check("settings", "warn", "; ".join(loaded.notes))
    changed = sum(origin != "default" for origin in loaded.origins.values())
    return Check("settings", "ok", f"{changed} of {len(loaded.origins)} differ from the defaults")


def _model(runtime: Runtime, checkout: Path | None) -> Check:
    try:
        settings = _load(runtime, checkout).config.model
    except WhykeeperError:
        return Check("model", "warn", "not looked at, because the settings are broken")
    name = DEFAULT_MODEL if settings.name == "default" else settings.name
    wanted = ModelSettings(model=name, allow_hub=settings.allow_download)
    if wanted.from_hub:
        return _hub_model(wanted, runtime.locations.data_dir / "models")
    # An empty folder, so that the checksum is taken of what is on the disk now.
    with tempfile.TemporaryDirectory() as scratch:
        try:
            files = resolve_model(wanted, Path(scratch))
        except WhykeeperError as error:
            return Check("model", "fail", f"{error.message}; answers are by words only", error.hint)
    return Check("model", "ok", f"{name}, whole and unchanged ({files.folder})")


def _hub_model(wanted: ModelSettings, data: Path) -> Check:
    try:
        files = resolve_model(wanted, data)
    except WhykeeperError:
        return Check("model", "ok", f"{wanted.model}, from the hub (downloaded when it is first needed)")
    return Check("model", "ok", f"{wanted.model}, whole ({files.folder})")


def _inotify(runtime: Runtime) -> Iterator[Check]:
    if not runtime.platform.startswith("linux"):
        return
    try:
        watches = int(_WATCHES.read_text(encoding="ascii"))
    except (OSError, ValueError):
        yield Check("inotify", "warn", "its limits cannot be read", "files may have to be polled")
        return
    if watches < _FEW_WATCHES:
        hint = "for large repositories: sudo sysctl fs.inotify.max_user_watches=524288"
        yield Check("inotify", "warn", f"{watches:,} watches", hint)
    else:
        yield Check("inotify", "ok", f"{watches:,} watches")


def _repository(checkout: Path | None) -> Check:
    if checkout is None:
        return Check("repository", "ok", "none here; --repo PATH names one")
    if not (checkout / ".git").exists():
        return Check(
            "repository", "warn", f"{checkout} is not a git checkout", "history and ignore rules are missing"
        )
    return Check("repository", "ok", str(checkout))


def _daemon(runtime: Runtime, checkout: Path | None) -> Iterator[Check]:
    try:
        if not runtime.daemon_running():
            alone = runtime.serving_alone()
            said = alone.described if alone else "it starts when it is needed"
            yield Check("daemon", "ok", f"not running; {said}")
            return
        found = runtime.call(None, "daemon_status", {})
        yield Check("daemon", "ok", f"{found.get('version')}, process {found.get('pid')}")
        # Not of one that is closed: to ask would open it.
        if checkout is not None and str(checkout) in (found.get("checkouts") or ()):
            status = runtime.call(checkout, "status", {})
            yield from _model_in_use(status)
            yield from _change_of_model(status)
    except WhykeeperError as error:
        yield Check("daemon", "fail", error.message, error.hint or "run `whykeeper daemon stop`")


def _model_in_use(status: Mapping[str, Any]) -> Iterator[Check]:
    """Say what only shows when a model is loaded."""
    state = str((status.get("model") or {}).get("state") or "")
    if state.startswith("failed"):
        hint = "put it right: the rest follows by itself"
        yield Check("model in use", "fail", f"{state}; answers are by words only", hint)


def _change_of_model(status: Mapping[str, Any]) -> Iterator[Check]:
    index = status.get("index") or {}
    for name, count in (index.get("earlier") or {}).items():
        waiting = sum((index.get("waiting") or {}).values())
        said = f"{waiting:,} passages are still to be read; {name} answers for {count:,} of them"
        yield Check("change of model", "ok", said)


def _clients(runtime: Runtime, checkout: Path | None) -> Iterator[Check]:
    """List where whykeeper is registered; a client that is not installed is no finding."""
    where = surroundings(runtime, checkout)
    scopes = [Scope.USER] if checkout is None else [Scope.PROJECT, Scope.USER]
    found = 0
    for client in CLIENTS.values():
        for scope in scopes:
            try:
                entry = registered_entry(client, scope, where)
            except WhykeeperError as error:
                yield Check(f"{client.title} ({scope.value})", "warn", error.message, "put the file right")
                continue
            if entry is not None:
                found += 1
                yield _registration(f"{client.title} ({scope.value})", entry, runtime)
    if not found:
        yield Check("clients", "warn", "registered with none", "whykeeper install claude|cursor|vscode|codex")


def _registration(name: str, entry: Any, runtime: Runtime) -> Check:
    command = entry.get("command") if isinstance(entry, dict) else None
    shown = json.dumps(entry, ensure_ascii=False)
    if not isinstance(command, str) or shutil.which(command, path=runtime.env.get("PATH", "")) is None:
        return Check(
            name, "fail", f"registered, but its command is not found: {shown}", "run whykeeper install again"
        )
    return Check(name, "ok", f"registered: {shown}")
