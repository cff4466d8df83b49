"""The first line a front-end sends, and what is answered to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from whykeeper.daemon.protocols import Session

__all__ = ["Preamble", "is_newer"]


class _Client(BaseModel):
    pid: int = 0
    cwd: Path | None = None


class Preamble(BaseModel):
    """What a front-end says of itself and its client.

    Attributes:
        whykeeper: Version of this protocol.
        version: The front-end's whykeeper version.
        token: The daemon's own, read from the address file.
        role: What will be spoken after this line.
        checkout: Root of the client's checkout.
        checkout_error: Why there is none.
        env: The client's ``WHYKEEPER_*`` variables.
        config_dir: Folder of its user's settings.
        client: Its process.
        takes_over: Whether an older daemon must make way for this front-end's version.
    """

    whykeeper: Literal[1]
    version: str = Field(max_length=100)
    token: str
    role: Literal["mcp", "control"]
    checkout: Path | None = None
    checkout_error: str | None = None
    env: dict[str, str] = Field(default_factory=dict)
    config_dir: Path
    client: _Client = Field(default_factory=_Client)
    takes_over: bool = True

    def session(self) -> Session:
        """Return the session this opens."""
        return Session(
            checkout=self.checkout,
            checkout_error=self.checkout_error,
            env={name: value for name, value in self.env.items() if name.startswith("WHYKEEPER_")},
            config_dir=self.config_dir,
            role=self.role,
            client_pid=self.client.pid,
            client_cwd=self.client.cwd,
            client_version=self.version,
        )


def is_newer(version: str, than: str) -> bool:
    """Tell whether one release is later than another; pre-release parts are not compared."""
    return _release(version) > _release(than)


def _release(version: str) -> tuple[int, ...]:
    found = re.match(r"\d{1,9}(?:\.\d{1,9}){0,5}", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()
