"""Drive ``whykeeper serve`` with clients nobody here wrote, and print what passed.

    python -m benchmarks.clients --repo PATH [--only NAME …] [--npm DIR] [--out DIR]

``PATH`` is any checkout with a document in it; it is cloned. Needs node and npm, whose packages go to a
folder outside the repository, and the Python package ``jsonschema``. Everything runs in a
throw-away home.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.clients import codex, conformance, inspector, mcporter, sdk
from benchmarks.clients.outcome import Outcome, failed
from benchmarks.clients.subject import Subject
from benchmarks.figures import write_results
from benchmarks.npm import default_folder
from benchmarks.reporting import markdown_table
from benchmarks.sandbox import BenchmarkError, default_program, sandbox

CLIENTS: dict[str, Callable[[Subject], list[Outcome]]] = {
    "sdk": sdk.drive,
    "inspector": inspector.drive,
    "codex": codex.drive,
    "mcporter": mcporter.drive,
    "conformance": conformance.drive,
}


def main() -> int:
    options = _options()
    outcomes: list[Outcome] = []
    with sandbox(options.whykeeper) as home:
        repo = home.clone(options.repo.resolve())
        print("indexing the clone", file=sys.stderr)
        home.run("index", "--repo", str(repo))
        subject = Subject(home, repo, options.npm)
        for name in options.only or CLIENTS:
            print(name, file=sys.stderr)
            try:
                outcomes += CLIENTS[name](subject)
            except BenchmarkError as error:
                outcomes.append(failed(name, "–", "drive it", error))
    print(markdown_table(("client", "era", "what", "state", "detail"), [each.row for each in outcomes]))
    counts = Counter(each.state for each in outcomes)
    print(f"\n{counts['pass']} passed, {counts['FAIL']} failed, {counts['skip']} left out")
    if options.out:
        rows = [each.row for each in outcomes]
        write_results(options.out, "clients", {"clients": {"outcomes": rows}})
    return 1 if counts["FAIL"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repo", type=Path, required=True, help="any checkout with a document in it")
    parser.add_argument("--only", nargs="+", choices=list(CLIENTS), help="only these")
    parser.add_argument("--whykeeper", default=default_program(), help="the program to drive")
    parser.add_argument("--npm", type=Path, default=default_folder(), help="folder for npm packages")
    parser.add_argument("--out", type=Path, help="folder for a dated result file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
