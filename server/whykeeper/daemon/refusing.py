"""A host that has nothing to serve, and tells every call why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from mcp.server import MCPServer

    from whykeeper.daemon.protocols import Progress, Session
    from whykeeper_indexers.errors import WhykeeperError

__all__ = ["RefusingHost"]


class RefusingHost:
    """Shakes hands and lists tools, so that a client shows what its calls are answered with.

    Args:
        error: Why there is nothing.
    """

    def __init__(self, error: WhykeeperError) -> None:
        self._error = error

    def mcp_server(self, _session: Session) -> MCPServer[Any]:
        """Give a server whose every tool fails with the reason."""
        from whykeeper.tools import create_server

        return create_server(self._refuse)

    async def control(
        self, _session: Session, _verb: str, _params: dict[str, Any], _progress: Progress
    ) -> dict[str, Any]:
        """Fail with the reason.

        Raises:
            WhykeeperError: The reason.
        """
        raise self._error

    def session_opened(self, _session: Session) -> None:
        """Nothing to open."""

    def session_closed(self, _session: Session) -> None:
        """Nothing to close."""

    def busy(self) -> bool:
        """Never."""
        return False

    async def aclose(self) -> None:
        """Nothing to close."""

    async def _refuse(self) -> NoReturn:
        # A new one each time: one that is raised again drags along every traceback it had.
        raise type(self._error)(self._error.message, self._error.hint)
