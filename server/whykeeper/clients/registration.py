"""Putting whykeeper into a client's configuration file, and taking it out again.

Planning reads and computes; nothing is changed before `Plan.apply`, so that a person can be shown
the exact edit first.
"""

from __future__ import annotations

import difflib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from types import ModuleType
from typing import Any

from whykeeper.clients import jsonc, toml_table
from whykeeper.clients.client import Client, FileFormat, Scope, Surroundings
from whykeeper.clients.files import TextFile, delete_file, read_file, remove_folders, write_file
from whykeeper.clients.receipts import Receipt, Receipts, entry_digest, make_receipt, undo
from whykeeper_indexers.errors import ConfigurationError, RepositoryError, WhykeeperError

__all__ = ["SERVER_NAME", "Plan", "config_file", "plan_install", "plan_uninstall", "registered_entry"]

SERVER_NAME = "whykeeper"

logger = logging.getLogger(__name__)

_EDITORS: Mapping[FileFormat, ModuleType] = {"jsonc": jsonc, "toml": toml_table}


@dataclass(frozen=True, slots=True)
class Plan:
    """One edit, worked out and not yet made.

    Attributes:
        file: The configuration file as it was read.
        after: Its new text; None when the file is to be deleted.
        receipt: What to keep for uninstall; None when there will be nothing to undo.
        folders: Folders to remove if they are empty then.
        private: Whether a new file is for its owner alone.
        notes: What a person should know before agreeing.
    """

    file: TextFile
    after: str | None
    receipt: Receipt | None = None
    folders: tuple[Path, ...] = ()
    private: bool = False
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return self.after != (None if self.file.raw is None else self.file.text)

    def diff(self) -> str:
        """The edit as a unified diff, without a line end at the end."""
        before = "" if self.file.raw is None else self.file.text
        old = "/dev/null" if self.file.raw is None else str(self.file.path)
        new = "/dev/null" if self.after is None else str(self.file.path)
        lines = difflib.unified_diff(
            before.splitlines(), (self.after or "").splitlines(), old, new, lineterm=""
        )
        return "\n".join(lines)

    def apply(self, receipts: Receipts) -> None:
        """Make the edit.

        Raises:
            UserError: The file changed meanwhile or cannot be written; then nothing was changed.
        """
        if self.after is None:
            delete_file(self.file)
            remove_folders(self.folders)
            _keep(receipts, self.file.real, None)
            return
        made = write_file(self.file, self.after, private=self.private)
        kept = self.receipt
        if kept is not None and made:
            kept = replace(kept, folders=tuple(map(str, made)))
        _keep(receipts, self.file.real, kept)


def config_file(client: Client, scope: Scope, surroundings: Surroundings) -> Path:
    """Return the file a client reads for a scope.

    Raises:
        RepositoryError: A project's file is asked for outside a repository.
    """
    if scope is Scope.USER:
        return client.user_file(surroundings)
    if surroundings.root is None:
        raise RepositoryError(
            "not in a repository, so there is no project to register with",
            "name one with --repo, or use --user",
        )
    return surroundings.root / client.project_file


def registered_entry(client: Client, scope: Scope, surroundings: Surroundings) -> Any:
    """Return what a client's file says of whykeeper; None when it says nothing.

    Raises:
        UserError: The file cannot be read.
    """
    path = config_file(client, scope, surroundings)
    return _lookup(client, _read(path, scope, surroundings))


def plan_install(
    client: Client, scope: Scope, surroundings: Surroundings, command: str, receipts: Receipts
) -> Plan:
    """Work out how to register ``command serve`` with a client.

    Raises:
        UserError: The file cannot be read, is broken, or has something else in that place.
    """
    file = _read(config_file(client, scope, surroundings), scope, surroundings)
    wanted = {"command": command, "args": ["serve"]}
    present = _lookup(client, file)
    private = scope is Scope.USER
    if present is None:
        return replace(_insertion(client, file, wanted), private=private)
    if isinstance(present, dict) and all(present.get(key) == value for key, value in wanted.items()):
        return Plan(file, file.text, receipts.get(file.real), private=private)
    return replace(_change(client, file, wanted, receipts.get(file.real)), private=private)


def plan_uninstall(client: Client, scope: Scope, surroundings: Surroundings, receipts: Receipts) -> Plan:
    """Work out how to take whykeeper out: exactly what install put in where that is still known.

    Raises:
        UserError: The file cannot be read or is broken.
    """
    file = _read(config_file(client, scope, surroundings), scope, surroundings)
    receipt = receipts.get(file.real)
    present = _lookup(client, file)
    if file.raw is None or present is None:
        return Plan(file, None if file.raw is None else file.text)
    folders = tuple(map(Path, receipt.folders)) if receipt else ()
    notes = _edited_since(receipt, present)
    before = undo(receipt, file) if receipt else None
    ours_alone = _ours_alone(client, file, receipt)
    if before is None:
        before = _taken_out(client, file, with_key=receipt.created_key if receipt else ours_alone)
        if receipt and receipt.replaced is not None:
            before = _EDITORS[client.file_format].insert(before, _path(client), receipt.replaced)
    if ours_alone and "".join(before.split()) in {"", "{}"}:
        return Plan(file, None, folders=folders, notes=notes)
    return Plan(file, before, notes=notes)


def _insertion(client: Client, file: TextFile, wanted: Mapping[str, Any]) -> Plan:
    created_key = (
        _explained(file, lambda text: _EDITORS[client.file_format].lookup(text, (client.key,))) is None
    )
    after = _explained(file, lambda text: _EDITORS[client.file_format].insert(text, _path(client), wanted))
    receipt = make_receipt(file, after, created_key=created_key, folders=())
    return Plan(file, after, replace(receipt, installed=entry_digest(wanted)))


def _change(client: Client, file: TextFile, wanted: Mapping[str, Any], receipt: Receipt | None) -> Plan:
    """Bring an entry up to date: made anew where it is still ours alone, else key by key."""
    present, editor = _lookup(client, file), _EDITORS[client.file_format]
    before = undo(receipt, file) if receipt else None
    if receipt is None or before is None:
        after = _explained(file, lambda text: editor.update(text, _path(client), wanted))
        if not _is_ours(present):
            return _replacement(file, after, {**present, **wanted}, present)
        kept = receipt and replace(receipt, installed=entry_digest({**present, **wanted}))
        return Plan(file, after, kept)
    put = editor.insert if receipt.replaced is None else editor.update
    after = put(before, _path(client), wanted)
    original = TextFile(file.path, file.real, None if receipt.created_file else file.encode(before))
    remade = make_receipt(original, after, created_key=receipt.created_key, folders=())
    installed = entry_digest({**(receipt.replaced or {}), **wanted})
    kept = replace(remade, folders=receipt.folders, replaced=receipt.replaced, installed=installed)
    return Plan(file, after, kept)


def _replacement(
    file: TextFile, after: str, installed: Mapping[str, Any], present: Mapping[str, Any]
) -> Plan:
    """Take a person's own entry of the same name over, so that uninstall puts it back."""
    receipt = make_receipt(file, after, created_key=False, folders=())
    receipt = replace(receipt, replaced=dict(present), installed=entry_digest(installed))
    was = f" (command: {present['command']})" if present.get("command") else ""
    note = f"an entry named {SERVER_NAME} is there already{was} and is replaced; uninstall puts it back"
    return Plan(file, after, receipt, notes=(note,))


def _is_ours(entry: Mapping[str, Any]) -> bool:
    """Whether an entry starts whykeeper as install would have written it, wherever the program was."""
    command = entry.get("command")
    named = isinstance(command, str) and PurePath(command).stem == SERVER_NAME
    return named and entry.get("args") == ["serve"]


def _edited_since(receipt: Receipt | None, present: object) -> tuple[str, ...]:
    if receipt is None or receipt.installed in {"", entry_digest(present)}:
        return ()
    return ("the entry was changed since it was installed; that change goes with it",)


def _taken_out(client: Client, file: TextFile, *, with_key: bool) -> str:
    editor = _EDITORS[client.file_format]
    text: str = _explained(file, lambda text: editor.remove(text, _path(client)))
    if with_key and editor.lookup(text, (client.key,)) == {}:
        text = editor.remove(text, (client.key,))
    return text


def _ours_alone(client: Client, file: TextFile, receipt: Receipt | None) -> bool:
    """Tell whether install made the file: by the receipt, else because it looks exactly so."""
    if receipt is not None:
        return receipt.created_file
    entry = _lookup(client, file)
    if not isinstance(entry, dict):
        return False
    fresh: str = _EDITORS[client.file_format].insert("", _path(client), entry)
    return file.text == fresh


def _keep(receipts: Receipts, real: Path, receipt: Receipt | None) -> None:
    """Write the receipt; the edit is made already, and can be undone less exactly without one."""
    try:
        receipts.put(real, receipt)
    except WhykeeperError as error:
        logger.warning("no receipt kept for %s: %s", real, error.message)


def _path(client: Client) -> tuple[str, str]:
    return (client.key, SERVER_NAME)


def _read(path: Path, scope: Scope, surroundings: Surroundings) -> TextFile:
    return read_file(path, surroundings.root if scope is Scope.PROJECT else None)


def _lookup(client: Client, file: TextFile) -> Any:
    return _explained(file, lambda text: _EDITORS[client.file_format].lookup(text, _path(client)))


def _explained(file: TextFile, edit: Any) -> Any:
    """Run an edit on a file's text; an error then names the file and that nothing was changed."""
    try:
        return edit(file.text)
    except WhykeeperError as error:
        raise ConfigurationError(
            f"{file.path}: {error.message}", "nothing was changed; put the file right and try again"
        ) from error
