"""The Action's script, run as GitHub does: on a real clone, against an API that keeps comments."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import GitFolder
from tests.memory.conftest import compiled_rules

__all__ = ["compiled_rules"]

PROJECT = Path(__file__).parents[2]
SCRIPT = PROJECT / "action" / "verify.py"
MARKER = "<!-- whykeeper verify -->"
BOT = "github-actions[bot]"
COMMENTS = re.compile(
    r"/repos/ada/harbour/issues/(?:(\d+)/comments|comments/(\d+))(?:\?per_page=(\d+)&page=(\d+))?"
)
FUNCTION = '''def {name}({first}, {second}):
    """Add up what the fishers of a harbour caught."""
    total = 0
    for each in {first}:
        if each.weight > {second}:
            total += each.weight * {second}
        elif each.late:
            total -= 1
    if total < 0:
        raise ValueError("no catch")
    return round(total / max(len({first}), 1), 2)
'''

pytestmark = pytest.mark.border


@dataclass
class GitHub:
    """Keeps the comments of one pull request, as GitHub's REST API does."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refusal: int = 0
    url: str = ""

    def post(self, login: str, body: str) -> dict[str, Any]:
        comment = {"id": len(self.comments) + 1, "user": {"login": login}, "body": body}
        self.comments.append(comment)
        return comment

    def answer(self, method: str, path: str, token: str, body: dict[str, Any]) -> tuple[int, object]:
        self.asked.append((method, path))
        found = COMMENTS.fullmatch(path)
        if found is None:
            return 404, {"message": "Not Found"}
        if token != "Bearer secret":
            return 401, {"message": "Bad credentials"}
        number, comment, per_page, page = found.groups()
        if method == "GET" and number == "7":
            start = int(per_page) * (int(page) - 1)
            return 200, self.comments[start : start + int(per_page)]
        if self.refusal:
            return self.refusal, {"message": "Resource not accessible by integration"}
        if method == "POST" and number == "7":
            return 201, self.post(BOT, body["body"])
        if method == "PATCH" and comment:
            self.comments[int(comment) - 1]["body"] = body["body"]
            return 200, self.comments[int(comment) - 1]
        return 404, {"message": "Not Found"}


@pytest.fixture
def github() -> Iterator[GitHub]:
    kept = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or "{}")
            token = self.headers.get("Authorization", "")
            status, answer = kept.answer(self.command, self.path, token, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815 - as the standard library names them

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        kept.url = f"http://127.0.0.1:{server.server_port}"
        yield kept
        server.shutdown()
        thread.join()


@dataclass
class Job:
    """One run of the script."""

    code: int
    out: str
    folder: Path

    @property
    def report(self) -> str:
        return (self.folder / "whykeeper.md").read_text(encoding="utf-8")

    @property
    def summary(self) -> str:
        file = self.folder / "summary"
        return file.read_text(encoding="utf-8") if file.exists() else ""


class Runner:
    """Runs the script in a clone, as a job for pull request 7."""

    def __init__(self, clone: GitFolder, folder: Path, github: GitHub) -> None:
        self.clone = clone
        self.folder = folder
        event = folder / "event.json"
        event.write_text('{"pull_request": {"number": 7}}', encoding="utf-8")
        program = Path(sys.executable).parent
        self.env = {
            **os.environ,
            "PATH": f"{program}{os.pathsep}{os.environ['PATH']}",
            # No model is needed to verify, and none is loaded.
            "WHYKEEPER_MODEL__NAME": "/nowhere",
            "RUNNER_TEMP": str(folder),
            "GITHUB_API_URL": github.url,
            "GITHUB_REPOSITORY": "ada/harbour",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "WHYKEEPER_ACTION_BASE": "main",
            "WHYKEEPER_ACTION_FAIL_ON": "error",
            "WHYKEEPER_ACTION_COMMENT": "true",
            "WHYKEEPER_ACTION_TOKEN": "secret",
            "WHYKEEPER_ACTION_AUTHOR": BOT,
        }

    def __call__(self, **changed: str) -> Job:
        (self.folder / "summary").unlink(missing_ok=True)
        command = [sys.executable, "-I", str(SCRIPT)]
        env = {**self.env, **changed}
        done = subprocess.run(
            command, cwd=self.clone.root, env=env, capture_output=True, text=True, check=False, timeout=120
        )
        return Job(done.returncode, done.stdout + done.stderr, self.folder)


@pytest.fixture
def runner(tmp_path: Path, isolated_home: Path, compiled_rules: Path, github: GitHub) -> Runner:
    """A job's clone, shallow as actions/checkout makes it, of a branch that copies a function."""
    shutil.copytree(compiled_rules, isolated_home / "data" / "rules")
    origin = GitFolder(tmp_path / "origin")
    origin.root.mkdir()
    origin.git("init", "-q", "-b", "main")
    origin.write("src/catch.py", FUNCTION.format(name="caught", first="fishers", second="limit"))
    origin.write(".whykeeper.toml", '[verify.severity]\nduplicates = "error"\n')
    origin.commit("Count the catch")
    origin.git("switch", "-q", "-c", "copy")
    origin.write("src/haul.py", FUNCTION.format(name="hauled", first="boats", second="least"))
    origin.commit("Count the haul")
    origin.git("switch", "-q", "main")
    origin.write("README.md", "# Harbour\n")
    origin.commit("Go on")
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", "--branch=copy", origin.root.as_uri(), str(clone)], check=True
    )
    folder = tmp_path / "temp"
    folder.mkdir()
    return Runner(GitFolder(clone), folder, github)


def test_a_pull_request_has_annotations_sarif_and_one_comment_that_is_kept_up_to_date(
    runner: Runner, github: GitHub
) -> None:
    theirs = github.post("mallory", f"{MARKER}\nnothing found")
    for number in range(110):
        github.post("ada", f"I like it {number}")

    job = runner()

    assert job.code == 1
    assert re.search(
        r"^::error file=src/haul\.py,line=1,.*title=whykeeper%3A duplicates", job.out, re.MULTILINE
    )
    log = json.loads((job.folder / "whykeeper.sarif").read_text(encoding="utf-8"))
    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in log["runs"][0]["results"]
    ]
    assert "src/haul.py" in uris and "README.md" not in job.report
    assert (job.folder / "output").read_text(encoding="utf-8").splitlines() == [
        f"sarif-file={job.folder / 'whykeeper.sarif'}",
        f"report-file={job.folder / 'whykeeper.md'}",
    ]
    mine = github.comments[-1]
    assert mine["body"] == f"{MARKER}\n{job.report}"
    assert (job.summary, theirs["body"]) == ("", f"{MARKER}\nnothing found")

    runner.clone.git("rm", "-q", "src/haul.py")
    runner.clone.git("commit", "-q", "-m", "Take the copy out")
    again = runner()

    assert (again.code, len(github.comments)) == (0, 112)
    assert "nothing found" in mine["body"]


REPORT = "**whykeeper**: one\n- `a.py` is wrong"


def told(github: GitHub, folder: Path, report: str = REPORT, **changed: str) -> str:
    """Have the script tell a report, and give what it put into the summary."""
    event = folder / "event.json"
    event.write_text('{"pull_request": {"number": 7}}', encoding="utf-8")
    summary = folder / "summary"
    summary.write_text("", encoding="utf-8")
    known = {
        "GITHUB_API_URL": github.url,
        "GITHUB_REPOSITORY": "ada/harbour",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_STEP_SUMMARY": str(summary),
        "WHYKEEPER_ACTION_COMMENT": "true",
        "WHYKEEPER_ACTION_TOKEN": "secret",
        "WHYKEEPER_ACTION_AUTHOR": BOT,
    }
    github.asked.clear()
    runpy.run_path(str(SCRIPT))["tell"]({**known, **changed}, report)
    return summary.read_text(encoding="utf-8")


def test_a_comment_that_says_the_same_is_left_alone(github: GitHub, tmp_path: Path) -> None:
    for report, methods in (
        ("**whykeeper**: nothing found.", ["GET"]),
        (REPORT, ["GET", "POST"]),
        (REPORT, ["GET"]),
        ("**whykeeper**: nothing found.", ["GET", "PATCH"]),
    ):
        assert told(github, tmp_path, report) == ""
        assert [method for method, _ in github.asked] == methods
    (comment,) = github.comments
    assert comment["body"] == f"{MARKER}\n**whykeeper**: nothing found."


@pytest.mark.parametrize(
    "changed",
    [
        {"WHYKEEPER_ACTION_TOKEN": "of a fork"},
        {"GITHUB_API_URL": "http://127.0.0.1:9"},
        {"GITHUB_EVENT_PATH": "/nowhere"},
        {"WHYKEEPER_ACTION_COMMENT": "false"},
        {"refusal": "403"},
        {"refusal": "500"},
    ],
)
def test_where_no_comment_can_be_written_the_summary_has_the_report(
    github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str]
) -> None:
    github.refusal = int(changed.pop("refusal", "0"))

    assert told(github, tmp_path, **changed) == f"{REPORT}\n"

    assert github.comments == []
    said = capsys.readouterr().out
    asked = not {"GITHUB_EVENT_PATH", "WHYKEEPER_ACTION_COMMENT"} & changed.keys()
    assert said.startswith("::notice title=whykeeper::") == asked


def test_what_keeps_it_from_verifying_fails_the_job_in_one_line(runner: Runner, github: GitHub) -> None:
    for base, said in (
        ("nowhere", "git fetch"),
        ("", "names no branch"),
        ("--upload-pack=x", "names no branch"),
    ):
        job = runner(WHYKEEPER_ACTION_BASE=base)
        (line,) = job.out.splitlines()
        assert job.code == 1
        assert line.startswith("::error title=whykeeper::") and said in line
    assert github.asked == []


def test_the_action_runs_nothing_of_others_and_puts_no_input_into_a_script() -> None:
    action = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
    steps = action["runs"]["steps"]
    assert action["runs"]["using"] == "composite"
    for step in steps:
        assert "${{" not in step["run"]
        # Whatever is used one day is named by the whole hash of a commit.
        assert re.fullmatch(r"[^@]+@[0-9a-f]{40}", step.get("uses", f"none@{'0' * 40}"))
    given = {name for step in steps for name in step.get("env", {})}
    read = set(re.findall(r"WHYKEEPER_ACTION_\w+", SCRIPT.read_text(encoding="utf-8")))
    assert read - {"WHYKEEPER_ACTION_"} <= given
