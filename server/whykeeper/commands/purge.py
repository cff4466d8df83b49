"""``whykeeper purge``."""

from __future__ import annotations

import click

from whykeeper.commands.options import dry_run_option, json_option, repo_option, yes_option
from whykeeper.commands.runtime import Runtime

__all__ = ["command"]

_QUESTIONS_NOTE = "unanswered questions are not derived, and stay; `whykeeper gaps --forget` deletes them"


@click.command()
@click.option("--all", "everything", is_flag=True, help="What is derived from every repository, models too.")
@yes_option
@dry_run_option
@repo_option
@json_option
@click.pass_obj
def command(
    runtime: Runtime, everything: bool, yes: bool, dry_run: bool, repo: str | None, as_json: bool
) -> None:
    """Delete what was derived from the repository.

    Shows what would be deleted, and asks. Nothing in the repository is touched: the index is made
    anew when it is needed. The daemon is stopped for it; sessions find the next one by themselves.
    """
    from whykeeper.commands.derived_data import delete, everything_derived, kept_questions, repository_data
    from whykeeper.rendering import human_bytes

    output, data_dir = runtime.output, runtime.locations.data_dir
    checkout = None if everything else runtime.checkout(repo)
    found = repository_data(data_dir, checkout) if checkout else everything_derived(data_dir)
    kept = kept_questions(data_dir, checkout)
    total = sum(item.size for item in found)
    if not as_json:
        for item in found:
            output.line(f"{human_bytes(item.size):>9}  {item.path}")
        output.line(f"{human_bytes(total):>9}  in all" if found else f"nothing to delete in {data_dir}")
        if kept:
            output.notes([_QUESTIONS_NOTE])
    agreed = bool(found) and not dry_run and runtime.confirm("Delete this?", yes=yes)
    if agreed:
        if runtime.daemon_running():
            runtime.call(None, "daemon_stop", {})
        delete(found, data_dir)
    if as_json:
        paths = [{"path": str(item.path), "bytes": item.size} for item in found]
        output.json({"paths": paths, "total_bytes": total, "deleted": agreed, "kept": list(map(str, kept))})
    elif agreed:
        output.line("deleted")
