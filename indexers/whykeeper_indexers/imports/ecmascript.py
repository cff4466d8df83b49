"""What imports of JavaScript and TypeScript mean: paths, aliases of ``tsconfig.json``, workspace packages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.node_manifests import Aliases, aliases_of, entries_of, parsed
from whykeeper_indexers.imports.types import Repository, Resolved, above, joined

__all__ = ["EcmaScriptModules"]

_EXTENSIONS = (
    *(".ts", ".tsx", ".d.ts", ".mts", ".cts"),
    *(".js", ".jsx", ".mjs", ".cjs", ".json", ".vue", ".svelte"),
)
_EMITTED = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
"""What a compiler writes, and what from: imports name the first, repositories hold the second."""
_CONFIGURATIONS = ("tsconfig.json", "jsconfig.json", "tsconfig.base.json")
_MOST_EXTENDED = 5
_STANDARD_NAMES = (
    "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel "
    "dns domain events fs http http2 https inspector module net os path perf_hooks process punycode "
    "querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi "
    "worker_threads zlib"
)
_STANDARD = frozenset(_STANDARD_NAMES.split())


class EcmaScriptModules:
    """Modules by their specifiers.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._aliases: dict[str, Aliases] = {}

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an import of a file means."""
        target = imported.target.partition("?")[0]
        if target.startswith((".", "/")):
            place = joined(posixpath.dirname(path), target) if target.startswith(".") else target.lstrip("/")
            return self._found(place, place or target)
        for place in (*self._aliased(path, target), *self._in_package(path, target)):
            if found := self._file(place):
                return Resolved((found,), target)
        plain = target.removeprefix("node:")
        return Resolved((), target, plain != target or plain.partition("/")[0] in _STANDARD)

    def _found(self, place: str | None, name: str) -> Resolved:
        found = self._file(place) if place is not None else None
        return Resolved((found,) if found else (), name)

    def _file(self, place: str) -> str | None:
        return self._repository.first(self._spellings(place))

    def _spellings(self, place: str) -> Iterator[str]:
        yield place
        stem, extension = posixpath.splitext(place)
        yield from (stem + source for source in _EMITTED.get(extension, ()))
        yield from (place + each for each in _EXTENSIONS)
        yield from (posixpath.join(place, f"index{each}") for each in _EXTENSIONS)

    def _aliased(self, path: str, target: str) -> Iterator[str]:
        """Where the nearest configuration of the compiler says that a name lies."""
        for folder in above(path):
            for name in _CONFIGURATIONS:
                file = posixpath.join(folder, name)
                if file in self._repository.paths.files:
                    yield from self._configured(file).places(target)
                    return

    def _configured(self, file: str) -> Aliases:
        if file not in self._aliases:
            self._aliases[file] = self._read_configuration(file)
        return self._aliases[file]

    def _read_configuration(self, file: str) -> Aliases:
        """The aliases of a configuration, or of the one that it extends."""
        at = file
        for _ in range(_MOST_EXTENDED):
            settings = parsed(self._repository.read(at) or "")
            found = aliases_of(settings, posixpath.dirname(at))
            extended = settings.get("extends")
            extended = extended[-1] if isinstance(extended, list) and extended else extended
            if found or not isinstance(extended, str) or not extended.startswith("."):
                return found
            place = joined(posixpath.dirname(at), extended) or ""
            following = self._repository.first((place, f"{place}.json", f"{place}/tsconfig.json"))
            if following is None:
                return found
            at = following
        return Aliases()

    def _in_package(self, path: str, target: str) -> Iterator[str]:
        """Where a package of this repository keeps what a name asks for."""
        if target.startswith("#"):
            for folder in above(path):
                if posixpath.join(folder, "package.json") in self._repository.paths.files:
                    yield from entries_of(self._manifest(folder).get("imports"), target, folder)
                    return
            return
        parts = target.split("/")
        name = "/".join(parts[: 2 if target.startswith("@") else 1])
        if name not in self._packages:
            return
        folder, rest = self._packages[name], target[len(name) + 1 :]
        manifest = self._manifest(folder)
        yield from entries_of(manifest.get("exports"), f"./{rest}" if rest else ".", folder)
        if rest:
            yield from (posixpath.join(folder, rest), posixpath.join(folder, "src", rest))
            return
        for field in ("source", "module", "main", "types", "typings"):
            place = manifest.get(field)
            if isinstance(place, str):
                yield joined(folder, place) or ""
        yield from (
            posixpath.join(folder, each) for each in ("src/index", "index", "lib/index", "package.json")
        )

    def _manifest(self, folder: str) -> Mapping[str, object]:
        return parsed(self._repository.read(posixpath.join(folder, "package.json")) or "")

    @cached_property
    def _packages(self) -> Mapping[str, str]:
        """Packages of the repository by name, with their folders."""
        found: dict[str, str] = {}
        for path in self._repository.named("package.json"):
            name = parsed(self._repository.read(path) or "").get("name")
            if isinstance(name, str) and name:
                found.setdefault(name, posixpath.dirname(path))
        return found
