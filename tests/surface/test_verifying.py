"""Verifying as an agent and a person's command line ask for it, at a checkout with settings and waivers."""

from __future__ import annotations

import datetime
import os
import tomllib
from pathlib import Path

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt

from whykeeper.verification.waivers import WAIVERS_FILE
from whykeeper_indexers.errors import NotFoundError, QueryError, RecordingError

FUNCTION = '''def {name}({first}, {second}):
    """Add up what the fishers of a harbour caught."""
    total = 0
    for {first}_each in {first}:
        if {first}_each.weight > {second}:
            total += {first}_each.weight * {second}
        elif {first}_each.late:
            total -= 1
    if total < 0:
        raise ValueError("no catch")
    return round(total / max(len({first}), 1), 2)
'''
WEIGHTS = 'duplicates = "note"\n"tests/none" = "off"\n'
LATER = str(datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=30))


@pytest.fixture
def clone(project: GitFolder) -> GitFolder:
    """A project in which a function has just been written a second time."""
    project.write("src/catch.py", FUNCTION.format(name="caught", first="fishers", second="limit"))
    project.commit("Count the catch")
    project.write("src/haul.py", FUNCTION.format(name="hauled", first="boats", second="least"))
    return project


def test_an_agent_is_told_what_its_change_repeats(agent_at: AgentAt, clone: GitFolder) -> None:
    agent = agent_at(clone.root)

    answer = agent.answer("verify_change")

    assert "src/haul.py" in [each["path"] for each in answer["findings"]]
    assert answer["what"] == "the working tree against HEAD"
    assert agent.answer("verify_change", change="staged")["findings"] == []
    assert agent.answer("verify_change", change="the working tree")["findings"] == answer["findings"]
    clone.commit("again")
    assert agent.answer("verify_change")["findings"] == []
    assert agent.answer("verify_change", change="HEAD~1..HEAD")["findings"]
    assert "there is no commit 'nowhere'" in agent.refusal("verify_change", change="nowhere")


def test_settings_of_the_repository_weigh_its_findings(agent_at: AgentAt, clone: GitFolder) -> None:
    clone.write(".whykeeper.toml", '[verify.severity]\nduplicates = "error"\n')
    assert "error" in agent_at(clone.root).desk.control("verify")["counts"]
    clone.write(".whykeeper.toml", '[verify.severity]\nduplicates = "off"\n')
    answer = agent_at(clone.root).desk.control("verify")
    assert (answer["findings"], answer["counts"]) == ([], {})


def test_a_waiver_is_written_for_a_finding_and_holds_at_once(agent_at: AgentAt, clone: GitFolder) -> None:
    desk = agent_at(clone.root).desk
    (found,) = desk.control("verify")["findings"]
    asked = {"ids": [found["id"]], "reason": 'both stay,\nsays "Ada"', "until": LATER}

    written = desk.control("waive", **asked)

    text = (clone.root / WAIVERS_FILE).read_text(encoding="utf-8")
    (entry,) = tomllib.loads(text)["waiver"]
    assert entry == {
        "finding": found["id"],
        "rule": found["rule"],
        "path": found["path"],
        "reason": 'both stay, says "Ada"',
        "until": datetime.date.fromisoformat(LATER),
    }
    assert all(f"+{line}" in written["diff"].splitlines() for line in text.splitlines())
    answer = desk.control("verify")
    assert (answer["findings"], [each["id"] for each in answer["waived"]]) == ([], [found["id"]])
    with pytest.raises(NotFoundError):
        desk.control("waive", **asked)


def test_a_waiver_is_added_behind_what_is_there_or_not_at_all(agent_at: AgentAt, clone: GitFolder) -> None:
    desk = agent_at(clone.root).desk
    (found,) = desk.control("verify")["findings"]
    asked = {"ids": [found["id"]], "reason": "both stay", "until": LATER}
    before = f"# ours\r\n\r\n[[waiver]]\r\nfinding = 'x'\r\nreason = 'y'\r\nuntil = {LATER}"
    (clone.write(WAIVERS_FILE, "")).write_bytes(before.encode())

    desk.control("waive", **asked)

    after = (clone.root / WAIVERS_FILE).read_bytes().decode()
    assert after.startswith(f"{before}\r\n\r\n[[waiver]]\r\n")
    assert len(tomllib.loads(after)["waiver"]) == 2
    for broken in ("waiver = []\n", "[[waiver]\n"):
        clone.write(WAIVERS_FILE, broken)
        with pytest.raises(RecordingError):
            desk.control("waive", **asked)
        assert (clone.root / WAIVERS_FILE).read_text(encoding="utf-8") == broken


def test_a_waiver_without_reason_day_or_finding_is_refused(agent_at: AgentAt, clone: GitFolder) -> None:
    desk = agent_at(clone.root).desk
    (found,) = desk.control("verify")["findings"]
    good = {"ids": [found["id"]], "reason": "both stay", "until": LATER}
    for wrong in ({"reason": " "}, {"until": "2020-01-01"}, {"until": "soon"}):
        with pytest.raises(QueryError):
            desk.control("waive", **{**good, **wrong})
    with pytest.raises(NotFoundError):
        desk.control("waive", **{**good, "ids": ["nothing"]})
    assert not (clone.root / WAIVERS_FILE).exists()


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (".whykeeper.toml", None, f"[verify.severity]\n{WEIGHTS}"),
        (
            ".whykeeper.toml",
            '# ours\n[index]\nexclude = ["a"] # why\n',
            f'# ours\n[index]\nexclude = ["a"] # why\n\n[verify.severity]\n{WEIGHTS}',
        ),
        (
            ".whykeeper.toml",
            '[verify.severity]\n# no\nduplicates = "off"\nsecrets = "error"\n',
            '[verify.severity]\n# no\nduplicates = "note"\nsecrets = "error"\n"tests/none" = "off"\n',
        ),
        (
            "pyproject.toml",
            "[tool.whykeeper.watch]\nenabled = false\n",
            f"[tool.whykeeper.watch]\nenabled = false\n\n[tool.whykeeper.verify.severity]\n{WEIGHTS}",
        ),
    ],
)
def test_weights_are_written_where_the_settings_are_and_the_rest_stays(
    agent_at: AgentAt, project: GitFolder, path: str, before: str | None, after: str
) -> None:
    if before is not None:
        project.write(path, before)
    desk = agent_at(project.root).desk
    asked = {"severities": {"duplicates": "note", "tests/none": "off"}}

    shown = desk.control("set_severities", **asked, write=False)

    assert (shown["path"], shown["written"]) == (path, False)
    assert (project.root / path).exists() == (before is not None)
    assert desk.control("set_severities", **asked, write=True)["diff"] == shown["diff"]
    assert (project.root / path).read_text(encoding="utf-8") == after
    assert desk.control("set_severities", **asked, write=True)["written"] is False


def test_a_name_that_is_no_text_can_be_told(agent_at: AgentAt, clone: GitFolder) -> None:
    text = (clone.root / "src" / "haul.py").read_bytes()
    (clone.root / "src" / "haul.py").unlink()
    Path(os.fsdecode(os.fsencode(clone.root / "src") + b"/h\xffl.py")).write_bytes(text)
    agent = agent_at(clone.root)

    (found,) = [
        each for each in agent.answer("verify_change")["findings"] if each["path"].startswith("src/h")
    ]

    assert found["path"] == r"src/h\udcffl.py"
    sent = agent.call("verify_change").model_dump_json()
    assert sent.count(r"src/h\\udcffl.py") >= 2
