"""Whether documents still hold against the code: judged in the background, shown beside what is found."""

from __future__ import annotations

from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

GUIDE = "docs/guide.md"


def stale(agent: Agent, **params: Any) -> dict[str, dict[str, Any]]:
    """What ``whykeeper stale`` says, by document."""
    return {each["path"]: each for each in agent.desk.control("stale", **params)["documents"]}


def findings(agent: Agent, path: str = GUIDE) -> list[tuple[str, int, str, str]]:
    """The state, line, name and outcome of each thing that does not hold in a document."""
    found = stale(agent, all=True)[path]["findings"]
    return [(each["state"], each["line"], each["names"], each["what"]) for each in found]


def head(project: GitFolder) -> str:
    return project.git("rev-parse", "HEAD").strip()


def test_a_file_that_is_gone_breaks_the_document_that_names_it(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nThe harbour master reads `src/harbour/lamp.py` at dusk.\n")
    project.write("src/harbour/lamp.py", "def shine():\n    return 1\n")
    project.commit("Light the harbour")
    project.git("rm", "-q", "src/harbour/lamp.py")
    project.commit("Take the lamp away")

    agent = agent_at(project.root)
    found = stale(agent)[GUIDE]

    assert found["state"] == "broken"
    assert found["findings"][0] == {
        "state": "broken",
        "line": 3,
        "kind": "path",
        "names": "src/harbour/lamp.py",
        "what": "removed",
        "commit": head(project),
        "hint": "take it out, or name what took its place",
    }
    said = f"broken: line 3 names src/harbour/lamp.py, removed in {head(project)[:8]}"
    (shown,) = [
        each
        for each in agent.answer("search_memory", query="harbour master at dusk")["results"]
        if each.get("path") == GUIDE
    ]
    assert shown["freshness"] == said
    text = agent.call("search_memory", query="harbour master at dusk").content[0].text  # type: ignore[union-attr]
    assert f"[document, {said}]" in text
    assert agent.answer("memory_status")["index"]["freshness"]["broken"] == 1


def test_context_says_that_what_binds_a_file_is_stale(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("AGENTS.md", "# Rules\n\nEvery handler is listed in `src/api/registry.py`, always.\n")
    project.write("src/api/registry.py", "HANDLERS = []\n")
    project.commit("List the handlers")
    project.git("rm", "-q", "src/api/registry.py")
    project.commit("Find handlers by themselves")

    agent = agent_at(project.root)
    stale(agent)

    governing = agent.answer("get_context", paths=["src/api/handlers.py"])["governing"]
    assert {each["path"]: each.get("freshness") for each in governing}["AGENTS.md"].startswith(
        "broken: line 3"
    )


def test_a_renamed_file_is_named_by_what_it_is_called_now(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nSee [the lamp](../src/lamp.py).\n")
    project.write("src/lamp.py", "def shine():\n    return 'light over the water'\n")
    project.commit("Light the harbour")
    project.git("mv", "src/lamp.py", "src/beacon.py")
    project.commit("Call it a beacon")

    assert findings(agent_at(project.root)) == [("broken", 3, "../src/lamp.py", "renamed to src/beacon.py")]


LAMP = "".join(f"value_of_lantern_{number} = {number}\n" for number in range(20))


def blamed(agent: Agent, path: str = GUIDE) -> dict[str, str | None]:
    """The commit that is given for each name, by the name."""
    return {each["names"]: each["commit"] for each in stale(agent, all=True)[path]["findings"]}


def test_the_commit_that_took_a_name_away_is_given_and_not_one_that_renamed_its_file(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(GUIDE, "# Guide\n\n`Session.close_stream` ends it, see `src/big.py`.\n")
    project.write("src/big.py", f"{LAMP}class Session:\n    def close_stream(self):\n        return 1\n")
    project.commit("Start")
    first = ""
    for old, new in (("big", "large"), ("large", "largest")):
        project.git("mv", f"src/{old}.py", f"src/{new}.py")
        project.commit(f"Call it {new}")
        first = first or head(project)
    project.write("src/largest.py", f"{LAMP}class Session:\n    pass\n")
    project.commit("Close nothing")
    removed = head(project)
    project.git("mv", "src/largest.py", "src/huge.py")
    project.commit("Call it huge")
    agent = agent_at(project.root)

    assert blamed(agent) == {"Session.close_stream": removed, "src/big.py": first}
    assert ("broken", 3, "src/big.py", "renamed to src/huge.py") in findings(agent)


def test_the_commit_is_followed_to_the_file_that_a_name_was_moved_to(
    agent_at: AgentAt, project: GitFolder
) -> None:
    code = "def kindle_lantern(fuel):\n    return fuel\n"
    project.write(GUIDE, "# Guide\n\n`kindle_lantern(fuel)` does it.\n")
    project.write("src/lamp.py", f"{LAMP}{code}")
    project.commit("Start")
    project.write("src/lamp.py", LAMP)
    project.write("src/fire.py", code)
    project.commit("Keep fire apart")
    project.write("src/fire.py", "def burn(oil):\n    return oil\n")
    project.commit("Burn")

    assert blamed(agent_at(project.root)) == {"kindle_lantern": head(project)}


def test_quotations_and_lines_are_followed_through_a_rename_that_was_taken_back(
    agent_at: AgentAt, project: GitFolder
) -> None:
    line = "def kindle_lantern(fuel, *, wick):"
    text = f"# Guide\n\nIt is `src/lamp.py:4`.\n\n```python\n{line}\n```\n"
    project.write(GUIDE, text)
    project.write("src/lamp.py", f"{LAMP}{line}\n    return fuel\n")
    project.commit("Start")
    changed = LAMP.replace("lantern_3 = 3", "beacon_of_the_port = 3")
    project.write("src/lamp.py", f"{changed}{line}\n    return fuel\n")
    project.commit("Call the third a beacon")
    beacon = head(project)
    project.git("mv", "src/lamp.py", "src/light.py")
    project.commit("Call it light")
    project.write("src/light.py", f"{changed}def kindle_lantern(oil):\n    return oil\n")
    project.commit("Burn oil")
    oil = head(project)
    project.git("mv", "src/light.py", "src/lamp.py")
    project.commit("Call it lamp")

    assert blamed(agent_at(project.root)) == {"src/lamp.py": beacon, "kindle_lantern": oil}


def test_no_commit_is_given_where_a_merge_took_a_name_away(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\n`kindle_lantern(fuel)` does it.\n")
    project.write("src/lamp.py", f"{LAMP}def kindle_lantern(fuel):\n    return fuel\n")
    project.commit("Start")
    project.git("checkout", "-q", "-b", "side")
    project.git("mv", "src/lamp.py", "src/light.py")
    project.commit("Call it light")
    project.git("checkout", "-q", "-")
    project.write("other.py", "OTHER = 1\n")
    project.commit("Do something else")
    project.git("merge", "-q", "--no-commit", "--no-ff", "side")
    project.write("src/light.py", LAMP)
    project.commit("Merge, and burn nothing")

    assert blamed(agent_at(project.root)) == {"kindle_lantern": None}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (GUIDE, "# Guide\n\nPut your settings into `src/yours/settings.py`.\n"),
        (GUIDE, "# Guide\n\n`src/lamp.py` was removed, the sun does.\n"),
        (GUIDE, "# Guide\n\n## Migrating from 1.x\n\nIt lies in `src/lamp.py`.\n"),
        ("CHANGELOG.md", "# Changes\n\nThe lamp is in `src/lamp.py`.\n"),
        ("docs/light_v0_v1_difference.md", "# Light\n\nThe lamp is in `src/lamp.py`.\n"),
        ("docs/plans/2024-05-light.md", "# Light\n\nThe lamp is in `src/lamp.py`.\n"),
        (
            "docs/decisions/0002-light.md",
            "# 2. Light\n\n## Status\n\nSuperseded by 0003\n\n## Decision\n\nThe lamp is in `src/lamp.py`.\n",
        ),
    ],
    ids=[
        "never existed",
        "told as past",
        "under a heading of the past",
        "change log",
        "two versions",
        "plan",
        "superseded",
    ],
)
def test_what_makes_no_claim_on_the_present_is_not_stale(
    agent_at: AgentAt, project: GitFolder, path: str, text: str
) -> None:
    project.write(path, text)
    project.write("src/lamp.py", "def shine():\n    return 1\n")
    project.commit("Light the harbour")
    project.git("rm", "-q", "src/lamp.py")
    project.commit("Rely on the sun")

    assert stale(agent_at(project.root)) == {}


def test_a_line_that_was_written_after_the_removal_is_not_stale(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write("src/lamp.py", "def shine():\n    return 1\n")
    project.commit("Light the harbour")
    project.git("rm", "-q", "src/lamp.py")
    project.commit("Rely on the sun")
    project.write(GUIDE, "# Guide\n\nWhoever misses `src/lamp.py` looks at the sun.\n")
    project.commit("Explain the dark")

    assert stale(agent_at(project.root)) == {}


def test_a_decision_in_force_ages_and_is_never_broken(agent_at: AgentAt, project: GitFolder) -> None:
    project.git("rm", "-q", "src/proxy.py")
    project.commit("Let the ink out")

    (found,) = findings(agent_at(project.root), "docs/decisions/0001-use-squid.md")
    assert found[0] == "ageing"
    assert found[2:] == ("src/proxy.py", "removed")


def test_a_symbol_that_no_code_has_any_more_breaks_a_document(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\n`SquidProxy.forward_ink()` writes, `other_lib.tentacles()` does not.\n")
    project.write("src/proxy.py", "class SquidProxy:\n    def forward_ink(self):\n        return 'ink'\n")
    project.commit("Forward ink")
    project.write("src/proxy.py", "class SquidProxy:\n    def pass_on(self):\n        return 'ink'\n")
    project.commit("Pass it on")

    assert findings(agent_at(project.root)) == [
        ("broken", 3, "SquidProxy.forward_ink", "no longer in the code; it was in src/proxy.py")
    ]


def test_targets_options_and_versions_are_held_against_what_declares_them(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(
        GUIDE,
        "# Guide\n\nRun `make harbour` and `make lint`. Python 3.9 or newer is required.\n\n"
        "```console\n$ squid --dim-lights --verbose-ink\n```\n",
    )
    project.write("Makefile", "harbour:\n\ttrue\n\nlint:\n\ttrue\n")
    project.write("pyproject.toml", '[project]\nname = "squid"\nrequires-python = ">=3.9"\n')
    option = "parser.add_argument('--verbose-ink')\n"
    project.write("src/cli.py", f"parser.add_argument('--dim-lights')\n{option}")
    project.commit("Add the commands")
    project.write("Makefile", "lint:\n\ttrue\n")
    project.write("pyproject.toml", '[project]\nname = "squid"\nrequires-python = ">=3.12"\n')
    project.write("src/cli.py", option)
    project.commit("Slim down")

    assert findings(agent_at(project.root)) == [
        ("broken", 3, "make harbour", "Makefile has no harbour any more"),
        ("drifted", 3, "python 3.9", "3.9 is asked for here, 3.12 in pyproject.toml"),
        ("drifted", 6, "--dim-lights", "no command declares it any more; it was declared in src/cli.py"),
    ]


BODY = (
    "def forward_all(messages, harbour):\n"
    "    lanterns = harbour.lanterns_in_order()\n"
    "    for message in sorted(messages):\n"
    "        harbour.forward(message, lanterns)\n"
)


def test_quoted_code_that_reads_otherwise_now_has_drifted(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, f"# Guide\n\nIt goes like this:\n\n```python\n{BODY}```\n")
    project.write("src/forwarding.py", BODY)
    project.commit("Forward in order")
    project.write("src/forwarding.py", BODY.replace("sorted(messages)", "reversed(messages)"))
    project.commit("Forward the newest first")

    (found,) = findings(agent_at(project.root))
    assert found[:2] == ("drifted", 6)
    assert found[3] == (
        "1 of 4 lines quoted from src/forwarding.py is no longer in the code: "
        "for message in sorted(messages):"
    )


def test_quoted_code_that_is_only_laid_out_otherwise_has_not(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, f"# Guide\n\nIt goes like this:\n\n```python\n{BODY}```\n")
    project.write("src/forwarding.py", BODY)
    project.commit("Forward in order")
    project.write("src/forwarding.py", "if True:\n" + "".join(f"    {line}\n" for line in BODY.splitlines()))
    project.commit("Indent")

    assert stale(agent_at(project.root)) == {}


def test_a_quotation_does_not_drift_with_a_scratch_file_that_once_held_it(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(GUIDE, f"# Guide\n\nIt goes like this:\n\n```python\n{BODY}```\n")
    project.write("play.py", BODY)
    project.commit("Try the example")
    project.write("play.py", "".join(f"print('another trial', {number})\n" for number in range(9)))
    project.commit("Try another")

    assert stale(agent_at(project.root)) == {}


def test_a_tree_that_is_drawn_of_the_readers_project_is_not_held_against_this_one(
    agent_at: AgentAt, project: GitFolder
) -> None:
    drawn = "my-project/\n├── .harbour/\n│   ├── store/\n│   └── config.yaml\n├── app/\n└── README.md\n"
    named = "harbour/\n├── docs/\n│   └── guide.md\n├── src/\n│   └── lamp.py\n└── README.md\n"
    project.write(
        GUIDE, f"# Guide\n\nYours looks like this:\n\n```\n{drawn}```\n\nOurs:\n\n```\n{named}```\n"
    )
    for path in (".harbour/config.yaml", ".harbour/kept", "src/lamp.py", "src/kept", "README.md"):
        project.write(path, "a: 1\n")
    project.commit("Keep settings")
    project.git("rm", "-q", ".harbour/config.yaml", "src/lamp.py")
    project.commit("Keep none")

    assert [each[2] for each in findings(agent_at(project.root))] == ["harbour/src/lamp.py"]


def test_a_tree_of_which_much_never_was_here_is_somebody_elses(agent_at: AgentAt, project: GitFolder) -> None:
    drawn = "service/\n├── config.yaml\n├── handlers/\n├── views/\n├── src/\n├── docs/\n└── README.md\n"
    project.write(GUIDE, f"# Guide\n\nA service has this layout:\n\n```\n{drawn}```\n")
    for path in ("config.yaml", "src/kept", "README.md"):
        project.write(path, "a: 1\n")
    project.commit("Keep settings")
    project.git("rm", "-q", "config.yaml")
    project.commit("Keep none")

    assert stale(agent_at(project.root)) == {}


def test_what_readers_have_is_not_held_against_the_repository(agent_at: AgentAt, project: GitFolder) -> None:
    drawn = "myapp/\n├── src/\n│   └── m.py\n└── settings.yaml\n"
    project.write(
        GUIDE,
        f"# Guide\n\nYour project:\n\n```\n{drawn}```\n\nUsers add `src/m.py` to their own project.\n",
    )
    project.write("src/m.py", "VALUE_OF_THE_LANTERN = 1\n")
    project.write("settings.yaml", "a: 1\n")
    project.commit("Start")
    project.git("mv", "src/m.py", "src/n.py")
    project.commit("Call it n")

    assert stale(agent_at(project.root)) == {}


@pytest.mark.parametrize(
    ("before", "hint"),
    [
        (["tools/install.sh"], "take it out, or name what took its place"),
        ([], "perhaps tools/install.sh is meant now"),
    ],
    ids=["stood beside it", "came later"],
)
def test_a_file_of_the_same_name_is_offered_only_where_it_can_have_taken_the_place(
    agent_at: AgentAt, project: GitFolder, before: list[str], hint: str
) -> None:
    project.write(GUIDE, "# Guide\n\nRun `hooks/install.sh` once.\n")
    for path in ("hooks/install.sh", *before):
        project.write(path, f"echo {path}\n")
    project.commit("Install hooks")
    project.git("rm", "-q", "hooks/install.sh")
    project.commit("Install no hooks")
    if not before:
        project.write("tools/install.sh", "set -e\ncurl the.harbour | sh\n")
        project.commit("Install everything")

    (found,) = stale(agent_at(project.root))[GUIDE]["findings"]
    assert found["hint"] == hint


def test_a_quoted_declaration_that_is_gone_is_not_to_be_quoted_anew(
    agent_at: AgentAt, project: GitFolder
) -> None:
    line, rest = "def kindle_the_lantern(fuel, *, wick):", "MOST_LANTERNS_OF_A_QUAY = 12\n"
    project.write(GUIDE, f"# Guide\n\n```python\n{line}\n```\n")
    project.write("src/lamp.py", f"{rest}{line}\n    return fuel\n")
    project.commit("Light the harbour")
    project.write("src/lamp.py", rest)
    project.commit("Rely on the sun")

    (found,) = stale(agent_at(project.root))[GUIDE]["findings"]
    assert (found["state"], found["hint"]) == ("broken", "say what took its place, or take it out")


def test_a_line_number_that_points_elsewhere_has_drifted(agent_at: AgentAt, project: GitFolder) -> None:
    lines = [f"value_of_lantern_{number} = {number}" for number in range(40)]
    project.write(GUIDE, "# Guide\n\nThe twentieth stands at `src/lanterns.py:20`.\n")
    project.write("src/lanterns.py", "\n".join(lines))
    project.commit("Count the lanterns")
    project.write("src/lanterns.py", "\n".join([*(f"# {line}" for line in "abcdefghij"), *lines]))
    project.commit("Explain them")

    assert findings(agent_at(project.root)) == [
        ("drifted", 3, "src/lanterns.py", "line 20 is another one now: what stood there is in line 30")
    ]


def test_a_range_that_still_has_what_it_began_with_has_not_drifted(
    agent_at: AgentAt, project: GitFolder
) -> None:
    lines = [f"value_of_lantern_{number} = {number}" for number in range(60)]
    text = "# Guide\n\nSee [them](../src/lanterns.py#L20-L40).\n\nOr [these](../src/lanterns.py#L20-L26).\n"
    project.write(GUIDE, text)
    project.write("src/lanterns.py", "\n".join(lines))
    project.commit("Count the lanterns")
    project.write("src/lanterns.py", "\n".join([*(f"# {line}" for line in "abcdefghij"), *lines]))
    project.commit("Explain them")

    assert [each[:2] for each in findings(agent_at(project.root))] == [("drifted", 5)]


def test_a_line_whose_value_was_raised_is_still_the_line_that_was_meant(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(GUIDE, "# Guide\n\n[What it needs](../settings.ini#L2).\n")
    project.write("settings.ini", "[harbour]\nrequired_lanterns = 7\nname = squid\n")
    project.commit("Ask for lanterns")
    project.write("settings.ini", "[harbour]\nrequired_lanterns = 12\nname = squid\n")
    project.commit("Ask for more")

    assert stale(agent_at(project.root)) == {}


def test_parameters_are_compared_where_they_were_declared(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nCall `kindle_lamp(fuel, wick)` at dusk.\n")
    project.write("src/lamp.py", "def kindle_lamp(fuel, wick):\n    return fuel\n")
    project.commit("Light the harbour")
    project.write("src/lamp.py", "kindle_lamp: Lamp[\n    fuel, wick\n]\n")
    project.write("lib/other.py", "def kindle_lamp(colour):\n    return colour\n")
    project.commit("Make it generic, and take another library in")
    agent = agent_at(project.root)
    assert stale(agent) == {}

    project.write("src/lamp.py", "def kindle_lamp(oil):\n    return oil\n")
    project.commit("Burn oil")
    assert stale(agent)[GUIDE]["state"] == "drifted"


def test_options_of_fields_are_no_change_of_what_is_quoted(agent_at: AgentAt, project: GitFolder) -> None:
    named = ("sender", "receiver", "amount")
    fields = [
        f'  string {name} = {number} [ (tags.more) = "yaml:{name}" ];' for number, name in enumerate(named, 1)
    ]
    tagged = "\n".join(["message MsgSendLight {", *fields, "}\n"])
    project.write(GUIDE, f"# Guide\n\n```proto\n{tagged}```\n")
    project.write("proto/light.proto", tagged)
    project.commit("Send light")
    project.write("proto/light.proto", tagged.replace("[ (tags.more) =", "[(scalar.kind)       ="))
    project.commit("Say what kind it is")
    agent = agent_at(project.root)
    assert stale(agent) == {}

    project.write("proto/light.proto", tagged.replace("string sender", "bytes sender"))
    project.commit("Send bytes")
    assert stale(agent)[GUIDE]["state"] == "drifted"


def test_a_page_in_the_readers_language_is_what_a_link_to_the_page_means(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write("docs/guide.en.md", "# Guide\n\nSee [the lamp](./lamp.md).\n")
    project.write("docs/lamp.md", "# The lamp\n\nIt shines.\n")
    project.commit("Explain the lamp")
    project.git("mv", "docs/lamp.md", "docs/lamp.en.md")
    project.commit("Translate")

    assert stale(agent_at(project.root)) == {}


def test_a_path_that_code_spells_out_is_made_where_it_is_used(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(
        GUIDE, "# Guide\n\nNights are kept in `./memory/nights.json`, days in `./memory/days.json`.\n"
    )
    project.write("src/lamp.py", "STORE = './memory/nights.json'\n")
    for name in ("nights", "days"):
        project.write(f"memory/{name}.json", "{}\n")
    project.commit("Keep the nights")
    project.git("rm", "-q", "memory/nights.json", "memory/days.json")
    project.commit("Take out what was made here")

    assert findings(agent_at(project.root)) == [("broken", 3, "./memory/days.json", "removed")]


def test_a_document_is_no_code_however_its_ending_is_written(agent_at: AgentAt, project: GitFolder) -> None:
    text = "# Guide\n\nHave a function such as `get_lantern_code`, and pass `--option-of-yours`:\n\n"
    project.write("AGENTS.MD", f"{text}```\nsquid --option-of-yours='cli'\ndef get_lantern_code():\n```\n")
    project.commit("Say how to extend")
    project.git("mv", "AGENTS.MD", "GUIDE.md")
    project.commit("Rename")

    assert stale(agent_at(project.root)) == {}


def test_a_variable_that_is_declared_elsewhere_is_no_change_of_what_is_quoted(
    agent_at: AgentAt, project: GitFolder
) -> None:
    quoted = (
        "session := harbour.NewSession(context)\n"
        "lanterns, err := FetchLanterns(session)\n"
        "messages := FetchMessages(session, lanterns)\n"
        "return harbour.Forward(messages, err)\n"
    )
    project.write(GUIDE, f"# Guide\n\n```go\n{quoted}```\n")
    project.write("src/fetch.go", quoted)
    project.commit("Fetch")
    project.write("src/fetch.go", "var session Session\n" + quoted.replace("session :=", "session ="))
    project.commit("Declare before")

    assert stale(agent_at(project.root)) == {}


def test_code_that_was_rewritten_makes_a_document_age(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nLanterns are in `src/lanterns.py`.\n")
    project.write("src/lanterns.py", "".join(f"lantern_{number} = {number}\n" for number in range(60)))
    project.commit("Count the lanterns")
    project.write("src/lanterns.py", "".join(f"beacon_{number} = {number}\n" for number in range(60)))
    project.commit("Make them beacons")

    agent = agent_at(project.root)
    assert stale(agent) == {}
    assert findings(agent) == [
        ("ageing", 3, "src/lanterns.py", "100 % of it was rewritten since this was last touched")
    ]


def test_fresh_and_unknown_documents_are_told_apart(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nThe proxy is `src/proxy.py`.\n")
    project.write("docs/poem.md", "# Poem\n\nThe sea, the sea.\n")
    project.commit("Write")

    found = stale(agent_at(project.root), all=True)

    assert (found[GUIDE]["state"], found["docs/poem.md"]["state"]) == ("fresh", "unknown")


def test_a_document_that_is_mended_is_fresh_again(agent_at: AgentAt, project: GitFolder) -> None:
    project.write(GUIDE, "# Guide\n\nThe lamp is `src/lamp.py`, the proxy `src/proxy.py`.\n")
    project.write("src/lamp.py", "def shine():\n    return 1\n")
    project.commit("Light the harbour")
    project.git("rm", "-q", "src/lamp.py")
    project.commit("Rely on the sun")
    agent = agent_at(project.root)
    assert list(stale(agent)) == [GUIDE]

    project.write(GUIDE, "# Guide\n\nThe proxy is `src/proxy.py`.\n")

    assert stale(agent) == {}


def test_the_one_who_asks_is_told_that_documents_are_being_judged(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write(GUIDE, "# Guide\n\nThe proxy is `src/proxy.py`.\n")
    project.commit("Write")
    agent = agent_at(project.root)
    agent.desk.settled()

    told: list[dict[str, Any]] = []
    agent.desk.control("stale", told=told)

    assert {"phase": "judging"}.items() <= told[-1].items()


def test_without_git_it_says_that_there_is_nothing_to_judge_by(agent_at: AgentAt, tmp_path: Any) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "guide.md").write_text("# Guide\n\nSee `src/lamp.py`.\n", encoding="utf-8")

    answer = agent_at(folder).desk.control("stale")

    assert (answer["documents"], answer["notes"]) == (
        [],
        ["there is no git history here to judge documents by"],
    )
