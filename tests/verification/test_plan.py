"""A change held against the plan of its branch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.verification.conftest import Verified

from whykeeper.plans.choosing import plan_for
from whykeeper.plans.runs import Run, RunStore, state_of
from whykeeper.verification.answer import FindingItem, VerifyAnswer
from whykeeper.verification.request import VerifyRequest
from whykeeper.verification.verify import Verifier
from whykeeper_indexers.change import ChangeSource, SourceKind, gathered
from whykeeper_indexers.errors import NotFoundError
from whykeeper_indexers.facts import FactStore
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.scan import ScanOptions, open_repository

PATH = ".whykeeper/plans/ink.md"
FILES = {"src/proxy.py": "INK = 1\n", "src/api/orders.py": "ORDERS = []\n", "go.sum": "a\n"}


def plan(
    steps: str = "- [ ] Bound it in `src/proxy.py`\n",
    files: str = "- `src/proxy.py`: the buffers\n",
    kept: str = "- `src/api/**`\n",
    acceptance: str = "",
    **fields: str,
) -> str:
    given = {"title": "Less ink", "state": "open", "branch": "main", **fields}
    matter = "\n".join(f'{key}: "{value}"' for key, value in given.items() if value)
    return (
        f"---\n{matter}\n---\n\n# Less ink\n\n## Steps\n\n{steps}\n## Files expected to change\n\n{files}\n"
        f"## What must not change\n\n{kept}\n## Acceptance checks\n\n{acceptance}\n"
    )


def found(answer: VerifyAnswer) -> dict[tuple[str, str, str], FindingItem]:
    return {(each.rule, each.severity.value, each.path): each for each in answer.findings}


def test_a_change_without_a_plan_is_fine(verified: Verified) -> None:
    answer = verified(FILES, {"src/proxy.py": "INK = 2\n"}, "plan")
    assert (answer.findings, answer.notes) == ([], [])


def test_a_change_of_what_is_planned_is_fine(verified: Verified) -> None:
    answer = verified({**FILES, PATH: plan()}, {"src/proxy.py": "INK = 2\n", "go.sum": "b\n"}, "plan")
    assert (answer.findings, answer.notes) == ([], [])


def test_a_file_that_the_plan_forbids_is_an_error(verified: Verified) -> None:
    changed = {"src/proxy.py": "INK = 2\n", "src/api/orders.py": "ORDERS = [1]\n"}

    answer = verified({**FILES, PATH: plan()}, changed, "plan")

    ((key, finding),) = found(answer).items()
    assert key == ("plan/forbidden-file", "error", "src/api/orders.py")
    assert finding.message == (
        "src/api/orders.py is changed, and the plan “Less ink” says that it must not be"
    )
    (evidence,) = finding.evidence
    assert (evidence.path, evidence.text) == (PATH, "`src/api/**`")
    assert plan().splitlines()[(evidence.lines or (0, 0))[0] - 1] == "- `src/api/**`"


@pytest.mark.parametrize("how", ["gone", "moved away", "moved here"])
def test_a_forbidden_file_may_not_go_or_come_either(verified: Verified, how: str) -> None:
    text = "ORDERS = [\n" + "    'ink',\n" * 20 + "]\n"
    other = {"moved here": "src/orders.py"}.get(how, "src/api/orders.py")
    new = {"gone": {}, "moved away": {"src/orders.py": text}, "moved here": {"src/api/orders.py": text}}[how]

    answer = verified({**FILES, other: text, PATH: plan(files="")}, {other: None, **new}, "plan")

    assert "plan/forbidden-file" in {each.rule for each in answer.findings}


def test_a_file_that_is_named_itself_is_expected_in_a_forbidden_folder(verified: Verified) -> None:
    text = plan(files="- `src/api/orders.py`\n")
    assert verified({**FILES, PATH: text}, {"src/api/orders.py": "ORDERS = [1]\n"}, "plan").findings == []


def test_a_file_that_the_plan_does_not_name_is_a_warning(verified: Verified) -> None:
    changed = {
        "src/proxy.py": "INK = 2\n",
        "src/other.py": "x = 1\n",
        "tests/test_proxy.py": "x = 1\n",
        "CHANGELOG.md": "# Changes\n",
        "docs/decisions/0001-squid.md": "# 1. Squid\n\n## Status\n\nAccepted\n\n## Decision\n\nSquid.\n",
    }

    answer = verified({**FILES, PATH: plan()}, changed, "plan")

    assert set(found(answer)) == {
        ("plan/unnamed-file", "warning", "src/other.py"),
        ("plan/unnamed-file", "note", "tests/test_proxy.py"),
        ("plan/unnamed-file", "note", "CHANGELOG.md"),
        ("plan/unnamed-file", "note", "docs/decisions/0001-squid.md"),
    }


@pytest.mark.parametrize(
    ("named", "path"),
    [
        ("src/*.{py,pyi}", "src/tide.pyi"),
        ("app/[id]/page.tsx", "app/[id]/page.tsx"),
        ("app/[id]/**", "app/[id]/deep/page.tsx"),
        ("app/(shop)/**", "app/(shop)/page.tsx"),
        ("routes/users.$id.tsx", "routes/users.$id.tsx"),
    ],
)
def test_a_file_is_named_however_frameworks_write_folders(verified: Verified, named: str, path: str) -> None:
    planned = plan(files=f"- `{named}`: all of it\n", kept="")
    answer = verified({**FILES, PATH: planned}, {path: "x = 1\n"}, "plan")
    assert answer.findings == []


@pytest.mark.parametrize(
    ("test", "severity"),
    [("tests/test_api.py", "note"), ("tests/ApiTest.java", "note"), ("tests/test_capital.py", "warning")],
)
def test_a_test_goes_with_a_file_of_a_short_name_where_it_is_called_after_it(
    verified: Verified, test: str, severity: str
) -> None:
    planned = plan(steps="", files="- `src/api.py`\n", kept="")
    answer = verified({**FILES, PATH: planned}, {"src/api.py": "A = 1\n", test: "B = 1\n"}, "plan")
    assert set(found(answer)) == {("plan/unnamed-file", severity, test)}


def test_a_command_of_several_lines_is_one(verified: Verified) -> None:
    said = "```sh\n$ make \\\n  lint \\\n  test\n# no command\n$ make docs\n```\n"
    answer = verified({**FILES, PATH: plan(acceptance=said)}, {"src/proxy.py": "INK = 2\n"}, "plan")
    assert [each.message.split("`")[1] for each in answer.findings] == ["make lint test", "make docs"]
    assert [each.line for each in answer.findings] == [24, 28]


def test_a_request_that_a_statement_begins_with_is_no_command(verified: Verified) -> None:
    said = "- `GET /ink` answers with 200\n- `Ink.level` is shown\n- `$ pytest -q` passes\n"
    answer = verified({**FILES, PATH: plan(acceptance=said)}, {"src/proxy.py": "INK = 2\n"}, "plan")
    assert [each.message for each in answer.findings] == [
        "the acceptance command `pytest -q` was not run on this state"
    ]


def test_a_change_that_has_nothing_of_its_plan_in_it_is_told_of_once(verified: Verified) -> None:
    changed = {f"lib/{number}.py": "x = 1\n" for number in range(5)}
    answer = verified({**FILES, PATH: plan()}, changed, "plan")
    assert set(found(answer)) == {("plan/another-change", "warning", PATH)}


def test_a_sentence_on_what_must_not_change_forbids_no_file(verified: Verified) -> None:
    text = plan(kept="- `src/proxy.py` keeps its interface\n- The speed\n")
    assert verified({**FILES, PATH: text}, {"src/proxy.py": "INK = 2\n"}, "plan").findings == []


def test_a_step_marked_as_done_needs_a_change_since_the_plan_was_made(
    verified: Verified, git_folder: GitFolder
) -> None:
    for path, text in FILES.items():
        git_folder.write(path, text)
    start = git_folder.commit("start")
    git_folder.write("src/proxy.py", "INK = 2\n")
    steps = (
        "- [x] Bound it in `src/proxy.py`\n- [x] Count in `src/count.py`\n- [ ] Tell `src/api/orders.py`\n"
    )
    text = plan(steps, kept="", started_at=start)

    answer = verified({PATH: text}, {"README.md": "# Ink\n"}, "plan")

    ((_, finding),) = [each for each in found(answer).items() if each[0][0] == "plan/step-without-change"]
    assert finding.message.startswith("step 2 is marked as done, and nothing that it names has changed")
    assert (
        plan(steps, kept="", started_at=start).splitlines()[(finding.line or 0) - 1].startswith("- [x] Count")
    )


def test_a_start_that_is_no_commit_is_no_option_of_git_either(verified: Verified, tmp_path: Path) -> None:
    text = plan(steps="- [x] Bound it in `src/other.py`\n", started_at=f"--output={tmp_path}/taken")

    answer = verified({**FILES, PATH: text}, {"src/proxy.py": "INK = 2\n"}, "plan")

    assert list(tmp_path.glob("taken*")) == []
    assert answer.notes == [
        f"the commit at which {PATH} was started is not here: its steps were not looked at"
    ]


def test_where_the_start_is_not_known_steps_are_not_judged_and_that_is_said(verified: Verified) -> None:
    text = plan("- [x] Count in `src/count.py`\n", started_at="0123456789")
    answer = verified({**FILES, PATH: text}, {"src/proxy.py": "INK = 2\n"}, "plan")
    assert [each.rule for each in answer.findings] == []
    assert answer.notes == [
        f"the commit at which {PATH} was started is not here: its steps were not looked at"
    ]


def test_a_plan_that_is_said_to_be_done_has_nothing_left(verified: Verified, git_folder: GitFolder) -> None:
    git_folder.write("src/proxy.py", "INK = 0\n")
    start = git_folder.commit("start")
    text = plan(
        "- [x] Bound it in `src/proxy.py`\n- [ ] Measure\n- [-] Sing\n",
        "- `src/proxy.py`\n- `src/count.py`\n",
        acceptance="- `tests/test_ink.py::test_it`\n",
        started_at=start,
    )
    done = text.replace('state: "open"', 'state: "done"')

    answer = verified({**FILES, PATH: text}, {PATH: done}, "plan")

    assert set(found(answer)) == {
        ("plan/step-left", "warning", PATH),
        ("plan/file-unchanged", "note", PATH),
        ("plan/no-such-test", "warning", PATH),
    }


def test_plans_of_other_branches_and_closed_ones_do_not_bind(verified: Verified) -> None:
    plans = {
        ".whykeeper/plans/a.md": plan(branch="ink"),
        ".whykeeper/plans/b.md": plan(state="done"),
        ".whykeeper/plans/c.md": plan(state="dropped"),
    }
    answer = verified({**FILES, **plans}, {"src/api/orders.py": "ORDERS = [1]\n"}, "plan")
    assert (answer.findings, answer.notes) == ([], [])


def test_of_several_open_plans_one_has_to_be_named(verified: Verified) -> None:
    plans = {PATH: plan(), ".whykeeper/plans/lamps.md": plan(kept="")}
    changed = {"src/proxy.py": "INK = 2\n", "src/api/orders.py": "ORDERS = [1]\n"}

    answer = verified({**FILES, **plans}, changed, "plan")
    assert answer.findings == []
    assert answer.notes == [
        "several plans are open here, and the change was held against none: ink, lamps; name one"
    ]
    changed = {"src/api/orders.py": "ORDERS = [1, 2]\n"}
    named = verified({}, changed, "plan", plan="ink")
    assert set(found(named)) == {("plan/forbidden-file", "error", "src/api/orders.py")}
    assert verified({}, {}, "plan", plan="none").notes == []
    with pytest.raises(NotFoundError):
        verified({}, {}, "plan", plan="nope")


def test_a_plan_that_git_ignores_binds_all_the_same(verified: Verified, git_folder: GitFolder) -> None:
    git_folder.write(PATH, plan())
    before = {**FILES, ".gitignore": ".whykeeper/\n"}
    answer = verified(before, {"src/api/orders.py": "ORDERS = [1]\n"}, "plan")
    assert ("plan/forbidden-file", "error", "src/api/orders.py") in found(answer)


def test_commits_are_held_against_the_plan_that_they_bring(verified: Verified, git_folder: GitFolder) -> None:
    git_folder.write("src/proxy.py", "INK = 0\n")
    git_folder.commit("start")
    git_folder.git("switch", "-q", "-c", "ink")
    git_folder.write(PATH, plan(branch="ink"))
    git_folder.write("src/api/orders.py", "ORDERS = [1]\n")
    git_folder.commit("All of it")
    git_folder.git("switch", "-q", "main")
    git_folder.git("merge", "-q", "--no-ff", "--no-edit", "ink")
    merged = ChangeSource(SourceKind.RANGE, "HEAD~2", "HEAD~1")

    # The fixture commits once more.
    answer = verified({}, {}, "plan", source=merged)

    assert ("plan/forbidden-file", "error", "src/api/orders.py") in found(answer)


def test_what_is_about_to_be_committed_is_held_against_the_branchs_plan(
    verified: Verified, git_folder: GitFolder
) -> None:
    verified({**FILES, PATH: plan()}, {"src/api/orders.py": "ORDERS = [1]\n"})
    git_folder.git("add", "-A")
    tree = git_folder.git("write-tree")
    for source in (ChangeSource(SourceKind.INDEX), ChangeSource(SourceKind.RANGE, "HEAD", tree)):
        git_folder.write("src/proxy.py", f"INK = '{source.kind}'\n")
        repository = open_repository(git_folder.root)
        with gathered(repository.root, source) as change:
            chosen, notes = plan_for("", source, change, repository)
        assert (chosen.path if chosen else None, notes) == (PATH, [])


def test_without_a_branch_the_plan_that_the_change_brings_is_taken(
    verified: Verified, git_folder: GitFolder
) -> None:
    for path, text in FILES.items():
        git_folder.write(path, text)
    start = git_folder.commit("start")
    git_folder.write(PATH, plan(branch="of a fork"))
    git_folder.write("src/api/orders.py", "ORDERS = [1]\n")
    git_folder.commit("All of it")
    git_folder.git("switch", "-q", "--detach")

    answer = verified({}, {}, "plan", source=ChangeSource(base=start))

    assert ("plan/forbidden-file", "error", "src/api/orders.py") in found(answer)


class TestCommands:
    """What acceptance commands came to, by the state they were run on."""

    @pytest.fixture
    def asked(
        self, git_folder: GitFolder, pool: ParsePool, tmp_path: Path
    ) -> Callable[..., dict[tuple[str, str], FindingItem]]:
        store = FactStore(tmp_path / "facts.sqlite3")
        runs = RunStore(tmp_path)

        def ask(state: str = "open", **ran: Any) -> dict[tuple[str, str], FindingItem]:
            steps = "- [ ] Go on\n" if state == "open" else "- [x] Go on\n"
            git_folder.write(PATH, plan(steps, acceptance="- `make ink`\n", state="open"))
            if ran:
                with gathered(git_folder.root, ChangeSource()) as change:
                    now = state_of(change.head)
                runs.remember([Run("make ink", now, took_s=1.0, at="2026-11-22 10:00 UTC", **ran)])
            verifier = Verifier(open_repository(git_folder.root), ScanOptions(), store, pool)
            answer = verifier.verify(VerifyRequest(checks=("plan",)))
            return {(each.rule, each.severity.value): each for each in answer.findings}

        for path, text in FILES.items():
            git_folder.write(path, text)
        git_folder.commit("before")
        git_folder.write("src/proxy.py", "INK = 2\n")
        return ask

    def test_one_that_was_never_run_is_a_note_and_a_warning_at_the_end(
        self, asked: Callable[..., dict[tuple[str, str], FindingItem]]
    ) -> None:
        assert asked()["plan/not-run", "note"].message == (
            "the acceptance command `make ink` was not run on this state"
        )
        assert ("plan/not-run", "warning") in asked("done")

    def test_one_that_passed_needs_no_second_run_until_something_changes(
        self, asked: Callable[..., dict[tuple[str, str], FindingItem]], git_folder: GitFolder
    ) -> None:
        assert asked("done", code=0) == {}
        git_folder.commit("The same, committed")
        assert asked("done") == {}
        git_folder.write("src/proxy.py", "INK = 3\n")
        assert asked("done")["plan/not-run", "warning"].message == (
            "the acceptance command `make ink` was not run on this state; "
            "it passed on another state, 2026-11-22 10:00 UTC"
        )

    def test_one_that_failed_is_told_with_what_it_printed(
        self, asked: Callable[..., dict[tuple[str, str], FindingItem]]
    ) -> None:
        assert asked("open", code=2, tail="a\nno ink\n")["plan/failed", "warning"].hint == (
            "mend what it shows: … no ink"
        )
        finding = asked("done", code=None)["plan/failed", "error"]
        assert "was ended by the time limit on this state" in finding.message


def test_a_state_is_the_same_whatever_plans_say(git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "a")
    git_folder.commit()
    states = set()
    for text in ("one", "two"):
        git_folder.write(PATH, text)
        with gathered(git_folder.root, ChangeSource()) as change:
            states.add(state_of(change.head))
    assert len(states) == 1
