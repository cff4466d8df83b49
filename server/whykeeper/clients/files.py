"""Reading and replacing a person's configuration file without harm to it."""

from __future__ import annotations

import codecs
import contextlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from whykeeper_indexers.errors import ConfigurationError, StorageError, UserError

__all__ = ["TextFile", "delete_file", "read_file", "remove_folders", "write_file"]

_MAX_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TextFile:
    """A configuration file as it was read.

    Attributes:
        path: Where it is named; may be a symbolic link.
        real: Where its bytes are.
        raw: Its bytes; None when there is no such file.
    """

    path: Path
    real: Path
    raw: bytes | None

    @property
    def text(self) -> str:
        """Its text without a byte order mark, line ends as they are."""
        return (self.raw or b"").removeprefix(codecs.BOM_UTF8).decode("utf-8")

    def encode(self, text: str) -> bytes:
        """Bytes for a new text, with the byte order mark the file has."""
        mark = codecs.BOM_UTF8 if (self.raw or b"").startswith(codecs.BOM_UTF8) else b""
        return mark + text.encode("utf-8")


def read_file(path: Path, inside: Path | None) -> TextFile:
    """Read a file that may be missing.

    Args:
        path: Where it is named.
        inside: A folder that its bytes must lie in; None where anywhere will do.

    Raises:
        UserError: It leads outside, is no file, is too large, unreadable or not UTF-8.
    """
    try:
        real = path.resolve()
        if inside is not None and not real.is_relative_to(inside.resolve()):
            raise UserError(f"{path} leads outside the repository, to {real}", "replace the link by a file")
        if not real.exists():
            return TextFile(path, real, None)
        found = TextFile(path, real, _read_bytes(real))
        found.text  # noqa: B018 -- decoded once here, so that later use cannot fail
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path}: not UTF-8 text (byte {error.start}); nothing was changed"
        ) from error
    except (OSError, RuntimeError) as error:
        raise StorageError(f"{path} cannot be read: {error}") from error
    return found


def _read_bytes(real: Path) -> bytes:
    if not real.is_file():
        raise UserError(f"{real} is not a regular file")
    if real.stat().st_size > _MAX_BYTES:
        raise UserError(f"{real} is larger than {_MAX_BYTES:,} bytes; nothing was changed")
    return real.read_bytes()


def write_file(file: TextFile, text: str, *, private: bool) -> tuple[Path, ...]:
    """Put a new text in a file's place in one step, keeping its mode and links to it.

    Args:
        file: As it was read; a change since then is refused.
        text: The new text.
        private: Make a new file readable by its owner alone.

    Returns:
        Folders that were made for it, outermost first.

    Raises:
        UserError: Somebody else changed it meanwhile.
        StorageError: It cannot be written.
    """
    try:
        folders = _make_folders(file.real.parent)
        mode = _mode(file, private=private)
        _refuse_changed(file)
        _replace(file.real, file.encode(text), mode)
    except OSError as error:
        raise StorageError(
            f"{file.path} cannot be written: {error.strerror}", "check its permissions and free space"
        ) from error
    return folders


def delete_file(file: TextFile) -> None:
    """Delete a file, unless somebody changed it since it was read.

    Raises:
        StorageError: It cannot be deleted.
    """
    try:
        _refuse_changed(file)
        file.path.unlink()
    except OSError as error:
        raise StorageError(f"{file.path} cannot be deleted: {error.strerror}") from error


def remove_folders(folders: tuple[Path, ...]) -> None:
    """Remove folders that are empty now, innermost first."""
    with contextlib.suppress(OSError):
        for folder in reversed(folders):
            folder.rmdir()


def _make_folders(folder: Path) -> tuple[Path, ...]:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(reversed(missing))


def _mode(file: TextFile, *, private: bool) -> int | None:
    if file.raw is None:
        return 0o600 if private else None
    if not os.access(file.real, os.W_OK):
        raise StorageError(f"{file.path} is read-only", "make it writable and try again")
    return stat.S_IMODE(file.real.stat().st_mode)


def _refuse_changed(file: TextFile) -> None:
    now = file.real.read_bytes() if file.real.exists() else None
    if now != file.raw:
        raise UserError(f"{file.path} was changed by another program meanwhile", "run the command again")


def _replace(real: Path, raw: bytes, mode: int | None) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{real.name}.", suffix=".tmp", dir=real.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode if mode is not None else 0o666 & ~_umask())
        Path(name).replace(real)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
