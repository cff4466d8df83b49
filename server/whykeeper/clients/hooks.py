"""Putting our hooks into the file of a client, beside those a person has there, and taking them out again."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from whykeeper.clients import jsonc
from whykeeper.clients.client import Client, Hooks, Scope, Surroundings
from whykeeper.clients.files import TextFile, read_file
from whykeeper.clients.receipts import Receipts, make_receipt, undo
from whykeeper.clients.registration import Plan
from whykeeper_indexers.errors import ConfigurationError, RepositoryError, UserError, WhykeeperError

__all__ = ["plan_hooks", "plan_without_hooks"]

_KEY: Final = "hooks"
_TIMEOUT_S: Final[Mapping[str, int]] = {"session-start": 10, "stop": 60}
"""Past it the client goes on without us."""
_OURS: Final = re.compile(r"""\bwhykeeper(\.exe)?['"]?\s+hook\s+(claude|cursor)\b""")


def plan_hooks(
    client: Client, scope: Scope, surroundings: Surroundings, command: str, receipts: Receipts
) -> Plan:
    """Work out how to have a client run our hooks.

    Args:
        client: It must have hooks.
        scope: Whose file is edited.
        surroundings: Where files are.
        command: How whykeeper is started.
        receipts: Of what was installed before.

    Raises:
        UserError: The client has none, or its file cannot be read or is broken.
    """
    hooks, file = _opened(client, scope, surroundings)
    receipt = receipts.get(file.real)
    try:
        if _complete(client, hooks, jsonc.parse(file.text), command):
            return Plan(file, file.text, receipt)
        after = _with(client, hooks, _without(hooks, file.text), command)
    except ConfigurationError as error:
        raise _explained(file, error) from error
    before = undo(receipt, file) if receipt else None
    if receipt is None or before is None:
        made = make_receipt(file, after, created_key=False, folders=())
        kept = replace(made, created_file=receipt.created_file, folders=receipt.folders) if receipt else made
        return Plan(file, after, kept, private=scope is Scope.USER)
    after = _with(client, hooks, before, command)
    original = TextFile(file.path, file.real, None if receipt.created_file else file.encode(before))
    remade = make_receipt(original, after, created_key=False, folders=())
    return Plan(file, after, replace(remade, folders=receipt.folders), private=scope is Scope.USER)


def plan_without_hooks(
    client: Client, scope: Scope, surroundings: Surroundings, receipts: Receipts
) -> Plan | None:
    """Work out how to take our hooks out; None where there are none.

    Raises:
        UserError: The client's file cannot be read or is broken.
    """
    if client.hooks is None:
        return None
    hooks, file = _opened(client, scope, surroundings)
    receipt = receipts.get(file.real)
    try:
        if file.raw is None or not any(_ours(hooks, jsonc.parse(file.text))):
            return None
        before = undo(receipt, file) if receipt else None
        after = before if before is not None else _tidied(_without(hooks, file.text))
    except ConfigurationError as error:
        raise _explained(file, error) from error
    folders = tuple(map(Path, receipt.folders)) if receipt else ()
    if (receipt.created_file if receipt else False) and jsonc.parse(after) in ({}, dict(hooks.opening)):
        return Plan(file, None, folders=folders)
    return Plan(file, after)


def _opened(client: Client, scope: Scope, surroundings: Surroundings) -> tuple[Hooks, TextFile]:
    if client.hooks is None:
        raise UserError(f"{client.title} runs no hooks that whykeeper knows", "leave --hooks out")
    if scope is Scope.USER:
        return client.hooks, read_file(client.hooks.user_file(surroundings), None)
    if surroundings.root is None:
        raise RepositoryError("not in a repository", "name one with --repo, or use --user")
    return client.hooks, read_file(surroundings.root / client.hooks.project_file, surroundings.root)


def _with(client: Client, hooks: Hooks, text: str, command: str) -> str:
    if not text.strip():
        text = json.dumps(dict(hooks.opening), indent=2) + "\n"
    for event, name in hooks.events.items():
        entry = hooks.entry(_command_line(client, event, command), _TIMEOUT_S[event])
        present = jsonc.lookup(text, (_KEY, name))
        if present is None:
            # `insert` takes objects alone: the list is put into one that holds nothing else.
            if jsonc.lookup(text, (_KEY,)) is None:
                text = jsonc.insert(text, (_KEY,), {name: [entry]})
            else:
                text = jsonc.update(text, (_KEY,), {name: [entry]})
        else:
            text = jsonc.append(text, (_KEY, name), entry)
    return text


def _complete(client: Client, hooks: Hooks, settings: Any, command: str) -> bool:
    """Whether our hooks are there as they should be, and nothing more of ours."""
    table = settings.get(_KEY) if isinstance(settings, dict) else None
    for event, name in hooks.events.items():
        listed = table.get(name) if isinstance(table, dict) else None
        entry = hooks.entry(_command_line(client, event, command), _TIMEOUT_S[event])
        if not isinstance(listed, list) or listed.count(entry) != 1:
            return False
    return len(list(_ours(hooks, settings))) == len(hooks.events)


def _command_line(client: Client, event: str, command: str) -> str:
    # Where whykeeper is not installed, or fails, the session goes on and nobody is told.
    return f"{shlex.quote(command)} hook {client.name} {event} 2>/dev/null || true"


def _without(hooks: Hooks, text: str) -> str:
    """Take every hook of ours out, and the lists that held nothing else."""
    while found := next(_ours(hooks, jsonc.parse(text)), None):
        text = jsonc.remove(text, found)
    return text


def _ours(hooks: Hooks, settings: Any) -> Iterator[Sequence[str | int]]:
    """Where our hooks stand, each with as much around it as is there for it alone."""
    table = settings.get(_KEY) if isinstance(settings, dict) else None
    for name in hooks.events.values():
        listed = table.get(name) if isinstance(table, dict) else None
        for place, entry in enumerate(listed if isinstance(listed, list) else []):
            inner = entry.get(_KEY) if isinstance(entry, dict) else None
            among = inner if isinstance(inner, list) else [entry]
            ours = [number for number, each in enumerate(among) if _is_ours(each)]
            if ours and len(ours) == len(among):
                yield (_KEY, name, place) if len(listed or []) > 1 else (_KEY, name)
            elif ours:
                yield (_KEY, name, place, _KEY, ours[0])


def _is_ours(entry: object) -> bool:
    command = entry.get("command") if isinstance(entry, dict) else None
    return isinstance(command, str) and _OURS.search(command) is not None


def _tidied(text: str) -> str:
    return jsonc.remove(text, (_KEY,)) if jsonc.lookup(text, (_KEY,)) == {} else text


def _explained(file: TextFile, error: WhykeeperError) -> ConfigurationError:
    return ConfigurationError(
        f"{file.path}: {error.message}", "nothing was changed; put the file right and try again"
    )
