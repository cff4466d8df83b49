"""Quoted code, lines and parameters: whether they still read as a document has them."""

from __future__ import annotations

from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt
from tests.surface.staleness import GUIDE, findings, stale

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
