"""What a pipe must know of the MCP conversation that runs through it.

The daemon may die or be replaced while an agent talks to it. The pipe then tells the next one what
the client has said to the last one (its opening handshake, its subscriptions, requests that only read
and have no answer yet), and tells the client which of its requests will never be answered. Light: the
front-end imports this.

Both eras of the protocol are understood: up to 2025-11-25 a connection opens with ``initialize``;
from 2026-07-28 on every request stands alone, and only ``subscriptions/listen`` lasts.
"""

from __future__ import annotations

import json

from whykeeper.reading_tools import READING_TOOLS
from whykeeper_indexers.errors import WhykeeperError

__all__ = ["MOST_REPEATS", "Conversation", "error_line", "parse"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RESTARTED = -32000
INTERNAL_ERROR = -32603
PARSE_ERROR = -32700
_SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId"
_ANSWER_START = b'{"jsonrpc":"2.0","id":'
_READING_METHODS = (
    *("ping", "server/discover", "tools/list", "prompts/list", "prompts/get", "completion/complete"),
    *("resources/list", "resources/templates/list", "resources/read"),
)
MOST_REPEATS = 2
"""Of one request: what three daemons have died of would bring down the next one too."""
_LONG_LINE = 65_536
_LONGEST_ID = 1_024


def parse(line: bytes) -> dict[str, Any]:
    """Return a line's message; empty when it is not one, which is for the daemon to judge."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def error_line(identifier: object, code: int, message: str, data: dict[str, Any] | None = None) -> bytes:
    """Return a JSON-RPC error response as a line."""
    error: dict[str, Any] = {"code": code, "message": message}
    if data:
        error["data"] = data
    return json.dumps({"jsonrpc": "2.0", "id": identifier, "error": error}).encode() + b"\n"


class _Request:
    """A request that waits for its answer.

    Attributes:
        identifier: The client's.
        line: As the client sent it.
        reads: Whether it changes nothing, so that the next daemon may be asked it again.
        repeats: How often it was.
    """

    __slots__ = ("identifier", "line", "reads", "repeats")

    def __init__(self, identifier: object, line: bytes, reads: bool) -> None:
        self.identifier = identifier
        self.line = line
        self.reads = reads
        self.repeats = 0

    def given_up(self) -> bytes:
        """Return the answer to one that is not repeated, or not any more."""
        if not self.reads:
            said = "was restarted while it worked on this request"
            hint = "it may have been done and is not repeated: look before you try again"
        elif self.repeats:
            said = f"died {self.repeats + 1} times while it worked on this request"
            hint = "`whykeeper daemon logs` shows what it did last"
        else:
            said, hint = "was stopped while it worked on this request", "try again to start it"
        said = f"whykeeper's daemon {said}; {hint}"
        return error_line(self.identifier, RESTARTED, said, {"retry": self.reads and not self.repeats})


class Conversation:
    """One client's conversation, across the daemons that serve it. Not safe between threads."""

    def __init__(self) -> None:
        self._opening: bytes | None = None
        self._opening_key = ""
        self._opened = False
        self._initialized: bytes | None = None
        # Requests of the older era whose effect lasts, by what they are about.
        self._standing: dict[str, tuple[str, bytes]] = {}
        self._subscriptions: dict[str, tuple[object, bytes]] = {}
        self._acknowledged: set[str] = set()
        # In the order in which they were sent.
        self._in_flight: dict[str, _Request] = {}
        self._asked: dict[str, object] = {}
        self._unwanted: set[str] = set()

    @property
    def waiting(self) -> bool:
        """Whether the client waits for an answer."""
        return bool(self._in_flight) or (self._opening is not None and not self._opened)

    def sent(self, line: bytes, message: dict[str, Any]) -> bool:
        """Take note of a line from the client.

        Returns:
            Whether to pass it on: an answer to a daemon that is gone would confuse the next one.
        """
        method, key = message.get("method"), _key(message.get("id"))
        if method is None:
            return not message or not key or self._asked.pop(key, None) is not None
        if not key:
            self._note_notification(line, method, message.get("params"))
        elif method == "initialize":
            self._opening, self._opening_key, self._opened = line, key, False
        elif method == "subscriptions/listen":
            self._subscriptions[key] = (message["id"], line)
        else:
            params = message.get("params")
            standing = self._note_standing(line, key, method, params)
            self._in_flight[key] = _Request(message["id"], line, standing or _only_reads(method, params))
        return True

    def received(self, line: bytes) -> bool:
        """Take note of a line from the daemon.

        Returns:
            Whether to pass it on: what a new daemon answers to a repeated opening is not.
        """
        answered = _answered(line) if len(line) > _LONG_LINE else None
        if answered is None:
            message = parse(line)
            answered = _key(message.get("id"))
            if "method" in message:
                return self._note_daemon_message(message, answered)
        if answered in self._unwanted:
            self._unwanted.discard(answered)
            return False
        if answered == self._opening_key:
            self._opened = True
        self._in_flight.pop(answered, None)
        self._forget_subscription(answered)
        return True

    def replay(self) -> bytes:
        """Return what to tell a new daemon before anything else."""
        lines: list[bytes] = []
        if self._opening is not None:
            lines.append(self._opening)
            if self._opened:
                self._unwanted.add(self._opening_key)
        if self._initialized is not None:
            lines.append(self._initialized)
        answered = [each for each in self._standing.values() if each[0] not in self._in_flight]
        for key, line in answered:
            lines.append(line)
            self._unwanted.add(key)
        lines.extend(line for _, line in self._subscriptions.values())
        lines.extend(request.line for request in self._in_flight.values())
        return b"".join(lines)

    def lost(self, *, repeats: bool = True) -> list[bytes]:
        """Return what to tell the client when its daemon has gone.

        Its handshake and subscriptions are not failed: the next daemon is told of them. Nor are requests
        that only read, as long as no daemon after daemon is lost.

        Args:
            repeats: Whether the next daemon shall be asked them.
        """
        kept = {
            key: request
            for key, request in self._in_flight.items()
            if repeats and request.reads and request.repeats < MOST_REPEATS
        }
        lines = [request.given_up() for key, request in self._in_flight.items() if key not in kept]
        lines.extend(_cancelled(identifier) for identifier in self._asked.values())
        for request in kept.values():
            request.repeats += 1
        self._in_flight = kept
        self._asked.clear()
        self._unwanted.clear()
        return lines

    def failed(self, error: WhykeeperError) -> list[bytes]:
        """Return what to tell the client when no daemon can be had."""
        waiting = [request.identifier for request in self._in_flight.values()]
        waiting.extend(identifier for identifier, _ in self._subscriptions.values())
        if self._opening is not None and not self._opened:
            waiting.append(json.loads(self._opening_key))
            self._opening = None
        self._in_flight.clear()
        self._subscriptions.clear()
        self._acknowledged.clear()
        return [_failure(identifier, error) for identifier in waiting]

    def refused(self, line: bytes, message: dict[str, Any], error: WhykeeperError) -> list[bytes]:
        """Return the answer to a line that came while no daemon can be had."""
        if "method" in message and _key(message.get("id")):
            return [_failure(message["id"], error)]
        self.sent(line, message)
        return []

    def _note_notification(self, line: bytes, method: object, params: object) -> None:
        if method == "notifications/initialized":
            self._initialized = line
        elif method == "notifications/cancelled" and isinstance(params, dict):
            key = _key(params.get("requestId"))
            self._in_flight.pop(key, None)
            self._forget_subscription(key)

    def _note_standing(self, line: bytes, key: str, method: str, params: object) -> bool:
        """Keep a request whose effect lasts; whether it is one."""
        uri = params.get("uri") if isinstance(params, dict) else None
        if method == "logging/setLevel":
            self._standing[method] = (key, line)
        elif method == "resources/subscribe":
            self._standing[f"subscribe {uri}"] = (key, line)
        elif method == "resources/unsubscribe":
            self._standing.pop(f"subscribe {uri}", None)
        return method in ("logging/setLevel", "resources/subscribe")

    def _note_daemon_message(self, message: dict[str, Any], key: str) -> bool:
        if key:
            self._asked[key] = message["id"]
        if message["method"] != "notifications/subscriptions/acknowledged":
            return True
        params = message.get("params")
        meta = params.get("_meta") if isinstance(params, dict) else None
        subscription = _key(meta.get(_SUBSCRIPTION_ID)) if isinstance(meta, dict) else ""
        repeated = subscription in self._acknowledged
        self._acknowledged.add(subscription)
        return not repeated

    def _forget_subscription(self, key: str) -> None:
        self._subscriptions.pop(key, None)
        self._acknowledged.discard(key)


def _only_reads(method: str, params: object) -> bool:
    if method == "tools/call":
        name = params.get("name") if isinstance(params, dict) else None
        return isinstance(name, str) and name in READING_TOOLS
    return method in _READING_METHODS


def _key(identifier: object) -> str:
    """Return an id as a key that keeps ``1`` and ``"1"`` apart; empty when it is none."""
    if isinstance(identifier, str | int | float):
        return json.dumps(identifier)
    return ""


def _answered(line: bytes) -> str | None:
    """Return the id a long line answers without parsing all of it; None when that is not plain."""
    if not line.startswith(_ANSWER_START):
        return None
    head = line[len(_ANSWER_START) : _LONGEST_ID].decode("utf-8", "replace")
    try:
        identifier, end = json.JSONDecoder().raw_decode(head)
    except ValueError:
        return None
    return _key(identifier) if head.startswith((',"result":', ',"error":'), end) else None


def _cancelled(identifier: object) -> bytes:
    params = {"requestId": identifier, "reason": "whykeeper's daemon was restarted"}
    message = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}
    return json.dumps(message).encode() + b"\n"


def _failure(identifier: object, error: WhykeeperError) -> bytes:
    return error_line(identifier, INTERNAL_ERROR, str(error), {"hint": error.hint} if error.hint else None)
