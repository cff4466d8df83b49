"""Documents that say what a change makes untrue."""

from __future__ import annotations

import pytest
from tests.verification.conftest import Verified

from whykeeper.verification.answer import FindingItem
from whykeeper.verification.findings import Severity
from whykeeper_indexers.links import told_lines
from whykeeper_indexers.types import SourceText

CLIENT = '''"""A client."""

DEFAULT_TIMEOUT = 30


class Client:
    """Talks to the service."""

    def __init__(self, host: str, max_retries: int = 3) -> None:
        self.host = host
        self.max_retries = max_retries

    def fetch_pages(self, start: int, page_size: int) -> list[int]:
        """Fetch some pages."""
        return list(range(start, start + page_size))


def open_client(host: str, keep_alive: bool = False) -> Client:
    """Open one."""
    return Client(host)
'''
GO = """package server

// Serve answers requests.
func ServeRequests(address string, workers int) error {
	return nil
}

var maxWorkers = 8
"""
TYPESCRIPT = """export interface Options {
  retryLimit: number;
}

export function createStore(initial: string, options: Options): string {
  const retryLimit = 5;
  return initial + options.retryLimit + retryLimit;
}
"""
JAVA = """package org.acme;

public class Reader {
    private static final int BUFFER_SIZE = 4096;

    public String readAll(String source, int maximumLength) {
        return source.substring(0, Math.min(maximumLength, BUFFER_SIZE));
    }
}
"""


def stale(verified: Verified, before: dict[str, str], path: str, old: str, new: str) -> list[FindingItem]:
    """Warnings of what documents say, after one replacement in one file."""
    text = before[path]
    assert old in text
    answer = verified(before, {path: text.replace(old, new)}, "documents")
    assert not answer.notes
    return [each for each in answer.findings if each.severity is Severity.WARNING]


@pytest.mark.parametrize(
    ("path", "code", "statement", "old", "new", "named"),
    [
        (
            "acme/client.py",
            CLIENT,
            "Call `fetch_pages()` to read.",
            "fetch_pages",
            "iterate_pages",
            "fetch_pages",
        ),
        ("acme/client.py", CLIENT, "`DEFAULT_TIMEOUT` is 30.", "= 30", "= 60", "30"),
        ("acme/client.py", CLIENT, "Tries again (`max_retries`, default 3).", "= 3)", "= 5)", "3"),
        (
            "acme/client.py",
            CLIENT,
            "Use `open_client(host, keep_alive)`.",
            "keep_alive: bool",
            "ttl: int",
            "keep_alive",
        ),
        ("acme/client.py", CLIENT, "The default timeout is thirty: 30 seconds.", "= 30", "= 60", "30"),
        ("server/serve.go", GO, "`ServeRequests` listens.", "ServeRequests", "Listen", "ServeRequests"),
        (
            "server/serve.go",
            GO,
            "| name | default |\n| --- | --- |\n| `maxWorkers` | 8 |",
            "= 8",
            "= 16",
            "8",
        ),
        ("server/serve.go", GO, "`ServeRequests` takes `workers`.", "workers int", "limit int", "workers"),
        ("src/store.ts", TYPESCRIPT, "`createStore` makes one.", "createStore", "makeStore", "createStore"),
        ("src/store.ts", TYPESCRIPT, "`retryLimit` defaults to `5`.", "= 5", "= 9", "5"),
        ("src/store.ts", TYPESCRIPT, "`createStore(initial, options)`", "initial", "seed", "initial"),
        ("src/org/acme/Reader.java", JAVA, "See `Reader.readAll`.", "readAll", "readEverything", "readAll"),
        ("src/org/acme/Reader.java", JAVA, "`BUFFER_SIZE` is 4096.", "= 4096", "= 8192", "4096"),
        (
            "src/org/acme/Reader.java",
            JAVA,
            "`readAll(source, maximumLength)`",
            "maximumLength",
            "limit",
            "maximumLength",
        ),
    ],
)
def test_a_statement_that_held_before_the_change_and_not_after_it_is_told(
    verified: Verified, path: str, code: str, statement: str, old: str, new: str, named: str
) -> None:
    before = {"README.md": f"# Acme\n\nWhat it does.\n\n{statement}\n", path: code}
    found = stale(verified, before, path, old, new)
    assert [each.path for each in found] == ["README.md"]
    assert named in found[0].message
    assert found[0].evidence[0].lines == (found[0].line, found[0].line)
    assert found[0].evidence[1].path == path
    assert found[0].hint


def test_what_took_the_place_of_a_name_is_in_the_hint(verified: Verified) -> None:
    before = {"README.md": "# Acme\n\nCall `fetch_pages`.\n", "acme/client.py": CLIENT}
    (found,) = stale(verified, before, "acme/client.py", "fetch_pages", "iterate_pages")
    assert found.hint == "name iterate_pages instead"


def test_an_option_and_a_header_are_statements_too(verified: Verified) -> None:
    code = 'cli.option("--page-limit", help="x")\n\nheaders.add("X-Acme-Trace")\n'
    before = {"docs/use.md": "# Use\n\nGive `--page-limit`.\n\nSend `X-Acme-Trace`.\n", "acme/app.py": code}
    after = code.replace("--page-limit", "--most").replace("X-Acme-Trace", "Trace-Id")
    found = verified(before, {"acme/app.py": after}, "documents").findings
    assert sorted(each.line or 0 for each in found) == [3, 5]


def test_lines_quoted_from_a_file_are_stale_when_the_file_has_them_otherwise(verified: Verified) -> None:
    body = """def settle(account: Account, amount: int) -> Receipt:
    balance = account.balance_of_today() - amount
    receipt = Receipt(account.identifier, balance)
    journal.append_entry(account.identifier, amount)
    return receipt.signed_by(account.owner_name)
"""
    before = {
        "docs/design.md": f"# Design\n\nHow it settles:\n\n```python\n{body}```\n",
        "bank/settle.py": body,
    }
    found = stale(verified, before, "bank/settle.py", "balance_of_today()", "balance_at(noon)")
    assert [each.rule for each in found] == ["documents/quote"]


def test_a_target_that_readers_are_told_to_run_and_that_is_gone_is_told(verified: Verified) -> None:
    before = {
        "README.md": "# Acme\n\nRun `make lint` first.\n",
        "Makefile": "lint:\n\truff check\n\ntest:\n\tpytest\n",
    }
    (found,) = stale(verified, before, "Makefile", "lint:\n\truff check\n\n", "")
    assert found.rule == "documents/command"


def test_a_version_that_a_manifest_asks_for_anew_is_told(verified: Verified) -> None:
    manifest = '[project]\nname = "acme"\nrequires-python = ">=3.9"\n'
    before = {"README.md": "# Acme\n\nIt requires Python 3.9+ to run.\n", "pyproject.toml": manifest}
    (found,) = stale(verified, before, "pyproject.toml", "3.9", "3.11")
    assert found.hint == "say 3.11"


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("CHANGELOG.md", "Added `fetch_pages`."),
        ("README.md", "`fetch_pages` was removed."),
        ("README.md", "Fetch pages as you like."),
        ("docs/ja/README.md", "`fetch_pages`"),
        ("README.zh-CN.md", "`fetch_pages`"),
    ],
)
def test_what_tells_of_the_past_or_of_nothing_in_particular_stays(
    verified: Verified, path: str, statement: str
) -> None:
    before = {path: f"# Acme\n\n{statement}\n", "acme/client.py": CLIENT}
    assert not stale(verified, before, "acme/client.py", "fetch_pages", "iterate_pages")


def test_a_name_that_other_code_still_has_stays(verified: Verified) -> None:
    before = {
        "README.md": "# Acme\n\nSet `page_size`.\n",
        "acme/client.py": CLIENT,
        "acme/other.py": "def pages(page_size: int) -> int:\n    return page_size\n",
    }
    assert not stale(verified, before, "acme/client.py", "page_size", "count")


def test_a_document_that_the_change_corrects_is_not_told(verified: Verified) -> None:
    before = {"README.md": "# Acme\n\nCall `fetch_pages`.\n", "acme/client.py": CLIENT}
    after = {
        "README.md": "# Acme\n\nCall `iterate_pages`.\n",
        "acme/client.py": CLIENT.replace("fetch_pages", "iterate_pages"),
    }
    assert not verified(before, after, "documents").findings


@pytest.mark.parametrize(
    ("section", "severity"), [("Decision", Severity.WARNING), ("Context", Severity.NOTE)]
)
def test_what_was_decided_must_hold_and_why_it_was_is_history(
    verified: Verified, section: str, severity: Severity
) -> None:
    record = f"# 1. Read in pages\n\n## Status\n\nAccepted\n\n## {section}\n\nWe read with `fetch_pages`.\n"
    before = {"doc/adr/0001-who-reads-it.md": record, "acme/client.py": CLIENT}
    after = {"acme/client.py": CLIENT.replace("fetch_pages", "iterate_pages")}
    (found,) = verified(before, after, "documents").findings
    assert (found.severity, found.path) == (severity, "doc/adr/0001-who-reads-it.md")


def test_a_function_that_is_written_anew_is_worth_a_look_at_what_describes_it(verified: Verified) -> None:
    body = "\n".join(f"    value_{number} = measure(value, {number})" for number in range(12))
    code = f"def weigh_parcel(value: int) -> int:\n{body}\n    return value_0\n"
    before = {"README.md": "# Acme\n\n`weigh_parcel` weighs.\n", "acme/weigh.py": code}
    after = {"acme/weigh.py": code.replace("measure(value", "estimate(7 + value")}
    (found,) = verified(before, after, "documents").findings
    assert (found.severity, found.rule) == (Severity.NOTE, "documents/rewritten")


def test_an_arrow_in_code_tells_of_no_time_and_in_prose_it_does() -> None:
    text = "# A\n\nold -> new\n\n```python\ndef f() -> int: ...\n```\n"
    told = {each.text: (each.past, each.around) for each in told_lines(SourceText("a.md", text, ""))}
    assert told["old -> new"] == (True, False)
    assert told["def f() -> int: ..."] == (True, False)


def test_what_is_denied_after_a_parameter_is_named_hides_no_lost_parameter(verified: Verified) -> None:
    page = "# API\n\n`open_client(host, keep_alive)` takes `keep_alive` as it is, and never changes it.\n"
    changed = CLIENT.replace("keep_alive", "persistent")
    (found,) = verified({"src/client.py": CLIENT, "docs/api.md": page}, {"src/client.py": changed}).findings
    assert (found.rule, found.evidence[0].path) == ("documents/parameter", "docs/api.md")


def test_a_parameter_that_a_page_says_is_not_there_is_no_statement(verified: Verified) -> None:
    page = "# API\n\n`open_client` does not take `keep_alive`.\n"
    changed = CLIENT.replace("keep_alive", "persistent")
    assert not verified(
        {"src/client.py": CLIENT, "docs/api.md": page}, {"src/client.py": changed}, "documents"
    ).findings
