"""What the daemon serves, seen from its sockets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from whykeeper.locations import Locations

__all__ = ["Host", "HostFactory", "Progress", "Role", "Session"]

Role = Literal["mcp", "control"]
Progress = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """One connected client, and all that the daemon may know of it. Compared by identity.

    Attributes:
        checkout: Root of the checkout it works in; None when none was found.
        checkout_error: Why there is none, for the tools' answers.
        env: Its ``WHYKEEPER_*`` variables.
        config_dir: Folder of its user's settings.
        role: An agent's MCP session, or one request of the command line.
        client_pid: Process of the front-end; 0 when unknown.
        client_cwd: Working directory of the front-end; None when unknown.
        client_version: The front-end's whykeeper version.
    """

    checkout: Path | None
    checkout_error: str | None
    config_dir: Path
    role: Role
    env: Mapping[str, str] = field(default_factory=dict)
    client_pid: int = 0
    client_cwd: Path | None = None
    client_version: str = ""


class Host(Protocol):
    """Everything behind the sockets. All methods are called on the daemon's event loop."""

    def mcp_server(self, session: Session) -> MCPServer[Any]:
        """Return the server for an agent's session; instant, so that the handshake is."""

    async def control(
        self, session: Session, verb: str, params: dict[str, Any], progress: Progress
    ) -> dict[str, Any]:
        """Do one verb of the command line. Cancelled when its client goes away.

        Raises:
            WhykeeperError: Sent to the client with its message, hint and exit code.
        """

    def session_opened(self, session: Session) -> None:
        """Take note of a client, for example to start watching its checkout. Must not block."""

    def session_closed(self, session: Session) -> None:
        """Take note that a client has gone. Must not block."""

    def busy(self) -> bool:
        """Tell whether there is work that an idle exit would interrupt."""

    async def aclose(self) -> None:
        """Stop everything and close the stores."""


HostFactory = Callable[["Locations"], Host]
