"""Writing a waiver for a finding that is there."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import tomlkit

from whykeeper.verification.editing import edit_file
from whykeeper.verification.use_case import request_of, verified
from whykeeper.verification.waivers import WAIVERS_FILE
from whykeeper_indexers.errors import NotFoundError, QueryError, RecordingError

if TYPE_CHECKING:
    from whykeeper.memory import Memory
    from whykeeper.verification.answer import FindingItem
    from whykeeper_indexers.facts import Progress

__all__ = ["waive"]

_OPENING: Final = """\
# Findings of `whykeeper verify` that this project lives with until a day, each with its reason.
"""


def waive(memory: Memory, params: Mapping[str, Any], progress: Progress | None = None) -> dict[str, Any]:
    """Write waivers for findings of a change.

    Args:
        memory: Of the checkout.
        params: What is verified, as `request_of` reads it; ``ids``, ``reason`` and ``until``, a date.
        progress: Told while many files have to be read.

    Raises:
        NotFoundError: The change has no such finding.
        QueryError: There is no reason, or the day has passed.
        RecordingError: The file cannot be written.
    """
    reason = " ".join(str(params.get("reason") or "").split())
    until = _day(str(params.get("until") or ""))
    if not reason:
        raise QueryError("a waiver needs a reason", "say why the project lives with it: --reason TEXT")
    answer = verified(memory, request_of(params), progress)
    items = [_named(each, answer.findings) for each in params.get("ids") or ()]
    added = "\n".join(_entry(item, reason, until) for item in {each.id: each for each in items}.values())
    diff = edit_file(memory, WAIVERS_FILE, lambda text: _appended(text, added))
    return {"path": WAIVERS_FILE, "diff": diff, "waived": [each.model_dump(mode="json") for each in items]}


def _day(text: str) -> datetime.date:
    try:
        until = datetime.date.fromisoformat(text)
    except ValueError:
        raise QueryError(f"{text!r} is no date", "write it as 2026-12-31") from None
    if until < datetime.datetime.now(datetime.UTC).date():
        raise QueryError(f"{until} has passed, so the waiver would not hold", "name a day to come")
    return until


def _named(finding_id: str, findings: Sequence[FindingItem]) -> FindingItem:
    named = next((each for each in findings if each.id == finding_id), None)
    if named is None:
        raise NotFoundError(
            f"the change has no finding {finding_id!r} that counts",
            "whykeeper verify shows their ids; name the same change, with the same options",
        )
    return named


def _entry(item: FindingItem, reason: str, until: datetime.date) -> str:
    # The id alone would do; the rest is for whoever reviews it.
    said = {"finding": item.id, "rule": item.rule, "path": item.path, "reason": reason, "until": until}
    return f"[[waiver]]\n{tomlkit.dumps(said)}"


def _appended(text: str, added: str) -> str:
    before = text or _OPENING
    gap = "\n" if before.endswith("\n") else "\n\n"
    newline = "\r\n" if "\r\n" in before else "\n"
    after = before + (gap + added).replace("\n", newline)
    try:
        was, now = _waivers(before), _waivers(after)
    except tomllib.TOMLDecodeError as error:
        raise RecordingError(
            f"{WAIVERS_FILE} is no TOML to which a [[waiver]] can be added: {error}", "put the file right"
        ) from error
    if was != now[: len(was)]:
        raise RecordingError(f"{WAIVERS_FILE} would be read otherwise", "write the waiver by hand")
    return after


def _waivers(text: str) -> list[object]:
    found = tomllib.loads(text).get("waiver", [])
    return found if isinstance(found, list) else []
