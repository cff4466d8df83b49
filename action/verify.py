"""What the GitHub Action runs: verify once, annotate, and keep one comment on the pull request up to date.

The standard library alone, so that it runs without any environment of ours. All it is told comes by variables
of the environment: GitHub's own, and ``WHYKEEPER_ACTION_…`` from ``action.yml``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

MARKER: Final = "<!-- whykeeper verify -->"
"""Hidden in front of the comment, so that it is found again."""
MOST_PAGES: Final = 30
PER_PAGE: Final = 100
PATIENCE_S: Final = 20
REFUSALS: Final = frozenset({401, 403, 404})
"""What the API answers where the token may not comment, as one of a fork's pull request."""


class UndoneError(Exception):
    """What keeps the job from being done, in one line."""


def main(env: Mapping[str, str]) -> int:
    """Run the action.

    Returns:
        What ``whykeeper verify`` returned.
    """
    folder = Path(env.get("RUNNER_TEMP") or ".")
    sarif, report = folder / "whykeeper.sarif", folder / "whykeeper.md"
    for file in (sarif, report):
        file.unlink(missing_ok=True)
    try:
        base = fetched(env.get("WHYKEEPER_ACTION_BASE") or "")
        code = verified(base, env.get("WHYKEEPER_ACTION_FAIL_ON") or "error", sarif, report)
        write_outputs(env, {"sarif-file": sarif, "report-file": report})
        tell(env, report.read_text(encoding="utf-8"))
    except UndoneError as error:
        annotate("error", str(error))
        return 1
    return code


def fetched(base: str) -> str:
    """Have the base branch's history here, and name it as git does."""
    if not base or base.startswith("-"):
        raise UndoneError(f"{base!r} names no branch to compare with: give the input base")
    name = f"refs/remotes/origin/{base}"
    shallow = git("rev-parse", "--is-shallow-repository") == "true"
    if shallow or not git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", may_fail=True):
        deeper = ["--unshallow"] if shallow else []
        git("fetch", "--quiet", "--no-tags", *deeper, "origin", f"+refs/heads/{base}:{name}")
    return name


def git(*arguments: str, may_fail: bool = False) -> str:
    """Run git, and give what it printed."""
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    if done.returncode and not may_fail:
        said = (done.stderr.strip().splitlines() or ["it failed"])[-1]
        hint = "actions/checkout with fetch-depth: 0 gets the whole history"
        raise UndoneError(f"git {arguments[0]}: {said}; {hint}")
    return done.stdout.strip() if not done.returncode else ""


def verified(base: str, fail_on: str, sarif: Path, report: Path) -> int:
    """Verify what the branch changed, once, in three forms: annotations go to the log."""
    files = [f"--output={sarif}", f"--output={report}"]
    command = ["whykeeper", "verify", f"{base}...HEAD", "--format=github", f"--fail-on={fail_on}", *files]
    try:
        code = subprocess.run(command, check=False).returncode
        subprocess.run(["whykeeper", "daemon", "stop"], stdout=subprocess.DEVNULL, check=False)
    except OSError as error:
        raise UndoneError(f"whykeeper could not be started: {error.strerror}") from error
    if not report.exists():
        raise UndoneError(f"whykeeper verify ended with {code} and wrote no report: see the lines above")
    return code


def write_outputs(env: Mapping[str, str], files: Mapping[str, Path]) -> None:
    """Name the files to the steps that follow."""
    if path := env.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.writelines(f"{name}={file}\n" for name, file in files.items())


def tell(env: Mapping[str, str], report: str) -> None:
    """Post the report on the pull request, or where that cannot be, put it into the job's summary."""
    number = pull_request(env)
    if number is not None and env.get("WHYKEEPER_ACTION_COMMENT") == "true":
        try:
            Comments(env, number).keep(report)
        except urllib.error.HTTPError as error:
            refused = error.code in REFUSALS
            why = "the token may not comment here" if refused else f"GitHub answered {error.code}"
        except (OSError, ValueError) as error:
            why = f"GitHub could not be asked ({type(error).__name__})"
        else:
            return
        annotate("notice", f"{why}: the report is in the job's summary")
    if path := env.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(f"{report}\n")


def pull_request(env: Mapping[str, str]) -> int | None:
    """The number of the pull request that the job runs for; None where it runs for none."""
    try:
        event = json.loads(Path(env["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
        return int(event["pull_request"]["number"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Comments:
    """The comments of one pull request, over the REST API.

    Source: https://docs.github.com/rest/issues/comments
    """

    def __init__(self, env: Mapping[str, str], number: int) -> None:
        api = env.get("GITHUB_API_URL") or "https://api.github.com"
        self._repository = f"{api}/repos/{env.get('GITHUB_REPOSITORY')}/issues"
        self._list = f"{self._repository}/{number}/comments"
        self._token = env.get("WHYKEEPER_ACTION_TOKEN") or ""
        self._author = env.get("WHYKEEPER_ACTION_AUTHOR") or ""

    def keep(self, report: str) -> None:
        """Post the report, or put it into the comment that is there; no first one tells of nothing."""
        body = f"{MARKER}\n{report}"
        mine = next(self._mine(), None)
        if mine is not None:
            if mine.get("body") != body:
                self._ask("PATCH", f"{self._repository}/comments/{int(mine['id'])}", {"body": body})
        elif "\n- " in report:
            self._ask("POST", self._list, {"body": body})

    def _mine(self) -> Iterator[dict[str, Any]]:
        """Ours by marker and author: anybody may write the marker, and what is theirs is not ours to edit."""
        for page in range(1, MOST_PAGES + 1):
            found = self._ask("GET", f"{self._list}?per_page={PER_PAGE}&page={page}")
            for comment in found:
                by = (comment.get("user") or {}).get("login")
                if by == self._author and str(comment.get("body") or "").startswith(MARKER):
                    yield comment
            if len(found) < PER_PAGE:
                return

    def _ask(self, method: str, url: str, body: object = None) -> Any:
        request = urllib.request.Request(
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
                "User-Agent": "whykeeper-verify",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        # Of this host alone, wherever it may lead.
        request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read() or b"null")


def annotate(weight: str, text: str) -> None:
    """Write one workflow command."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    sys.stdout.write(f"::{weight} title=whykeeper::{escaped}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(os.environ))
