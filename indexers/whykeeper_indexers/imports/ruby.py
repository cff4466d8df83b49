"""What ``require`` of Ruby means: files below the folders of the load path."""

from __future__ import annotations

import posixpath

from whykeeper_indexers.code.imports import Import
from whykeeper_indexers.imports.types import Repository, Resolved, joined, nearest

__all__ = ["RubyFiles"]

_LOAD_PATH = frozenset({"", "lib", "app", "test", "spec", "ext"})
_STANDARD_NAMES = (
    "abbrev base64 benchmark bigdecimal bundler cgi coverage csv date delegate digest drb erb etc fcntl "
    "fiddle fileutils find forwardable getoptlong io ipaddr irb json logger matrix minitest monitor net "
    "objspace observer open-uri open3 openssl optparse ostruct pathname pp prettyprint prime pstore psych "
    "pty racc random rdoc readline resolv rexml ripper securerandom set shellwords singleton socket "
    "stringio strscan syslog tempfile time timeout tmpdir tracer tsort un uri weakref win32ole yaml zlib"
)
_STANDARD = frozenset(_STANDARD_NAMES.split())


class RubyFiles:
    """Files of Ruby by what requires them.

    Args:
        repository: Where they are looked for.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def resolve(self, path: str, imported: Import) -> Resolved:
        """Say what an import means: a file, or a gem."""
        name = imported.target.removesuffix(".rb")
        if name.startswith("."):
            place = joined(posixpath.dirname(path), name) or ""
            found = self._repository.first((f"{place}.rb",))
            return Resolved((found,) if found else (), place)
        ending = f"{name}.rb"
        candidates = [
            each
            for each in self._repository.paths.ending(ending)
            if posixpath.basename(each[: -len(ending)].rstrip("/")) in _LOAD_PATH
        ]
        found = nearest(candidates, path)
        return Resolved((found,) if found else (), name, not found and name.partition("/")[0] in _STANDARD)
