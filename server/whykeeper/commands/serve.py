"""``whykeeper serve``, for the list of commands; `whykeeper.cli` goes past this to the pipe."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command()
@click.option(
    "--repo", metavar="PATH", help="The checkout to serve; default: $CLAUDE_PROJECT_DIR, then the one here."
)
@click.option("--in-process", is_flag=True, help="Serve from this process, without the shared daemon.")
def command(repo: str | None, in_process: bool) -> int:
    """Serve agents over MCP; agents start this."""
    from whykeeper.pipe import main

    return main([*(["--repo", repo] if repo else []), *(["--in-process"] if in_process else [])])
