"""The Inspector's command line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.clients.node import run, versioned
from benchmarks.clients.outcome import TOOLS, Outcome, check, failed
from benchmarks.clients.subject import Subject
from benchmarks.npm import install

__all__ = ["drive"]

PACKAGE = "@modelcontextprotocol/inspector@2.12.0"
ERAS = ("modern", "legacy")
OK, TOOL_ERROR = 0, 5
SERVER_INFO = "io.modelcontextprotocol/serverInfo"
"""The later era's results carry it in ``_meta``, the earlier one's never."""


def drive(subject: Subject) -> list[Outcome]:
    """List and call the tools in both eras, and see each exit code."""
    programs = install(subject.npm, [PACKAGE])
    name = versioned(subject.npm, PACKAGE)
    outcomes: list[Outcome] = []
    for era in ERAS:
        inspector = _Inspector(subject, programs, era)
        outcomes += [_list(inspector, name), *_calls(inspector, name, subject)]
        outcomes += _exit_codes(inspector, name)
    return outcomes


class _Inspector:
    """The Inspector with a configuration file for one era."""

    def __init__(self, subject: Subject, programs: Path, era: str) -> None:
        home = subject.home
        self.era = era
        self._home = home
        self._programs = programs
        self._config = home.folder / f"inspector-{era}.json"
        servers = {
            name: _entry(home.serve(repo), era)
            for name, repo in (("whykeeper", subject.repo), ("nowhere", home.folder / "no-such-folder"))
        }
        self._config.write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")

    def __call__(
        self, method: str, *options: str, server: str = "whykeeper"
    ) -> subprocess.CompletedProcess[str]:
        """Run one method."""
        command = [
            str(self._programs / "mcp-inspector"), "--cli",
            "--config", str(self._config), "--server", server,
            "--method", method, "--format", "json", *options,
        ]  # fmt: skip
        return run(command, self._home, self._programs)


def _entry(command: list[str], era: str) -> dict[str, Any]:
    return {"type": "stdio", "command": command[0], "args": command[1:], "protocolEra": era}


def _list(inspector: _Inspector, name: str) -> Outcome:
    what = "tools/list --strict: exit 0, no portability problem of error severity"
    done = inspector("tools/list", "--strict")
    if done.returncode != OK:
        return failed(name, inspector.era, what, f"exit {done.returncode}: {done.stderr[-200:]}")
    tools = [tool["name"] for tool in json.loads(done.stdout)["result"]["tools"]]
    return check(name, inspector.era, what, sorted(tools) == sorted(TOOLS), ", ".join(tools))


def _calls(inspector: _Inspector, name: str, subject: Subject) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for tool, arguments in subject.calls.items():
        what = f"tools/call {tool}: exit 0, structured content"
        done = inspector("tools/call", "--tool-name", tool, "--tool-args-json", json.dumps(arguments))
        if done.returncode != OK:
            outcomes.append(
                failed(name, inspector.era, what, f"exit {done.returncode}: {done.stdout[-200:]}")
            )
            continue
        result = json.loads(done.stdout)["result"]
        structured = isinstance(result.get("structuredContent"), dict)
        modern = SERVER_INFO in result.get("_meta", {})
        seen = "modern" if modern else "legacy"
        outcomes.append(
            check(name, inspector.era, what, structured and seen == inspector.era, f"{seen} on the wire")
        )
    return outcomes


def _exit_codes(inspector: _Inspector, name: str) -> list[Outcome]:
    # It ends with 4 for servers over HTTP alone: a program that is not there is 1.
    empty = ("--tool-name", "search_memory", "--tool-args-json", json.dumps({"query": " "}))
    wrong = inspector("tools/call", *empty).returncode
    listed = inspector("tools/list", server="nowhere").returncode
    lost = inspector("tools/call", "--tool-name", "memory_status", server="nowhere")
    said = "not a folder" in lost.stdout
    codes = f"{listed}, {lost.returncode}"
    return [
        check(name, inspector.era, "tools/call, an empty question: exit 5", wrong == TOOL_ERROR, f"{wrong}"),
        check(
            name, inspector.era, "a folder that is not there: tools/list exit 0, tools/call exit 5 and why",
            (listed, lost.returncode) == (OK, TOOL_ERROR) and said, codes,
        ),
    ]  # fmt: skip
