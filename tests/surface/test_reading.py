"""``read_memory``: whole items by id, path and commit."""

from __future__ import annotations

from tests.conftest import GitFolder
from tests.surface.conftest import Agent, AgentAt

KEY = "AKIA" + "QX7ZJ2MNPLRT5VWB"
LONG_BODY = "".join(
    f"    total += weigh_anchor({number})  # the anchor of berth {number}\n" for number in range(200)
)
LONG = f"def weigh_fleet(total):\n{LONG_BODY}    return total\n"
OTHER = "def unrelated():\n    return 'between'\n"


def found(agent: Agent, query: str, **narrowed: object) -> dict[str, object]:
    results = agent.answer("search_memory", query=query, **narrowed)["results"]
    assert results
    best: dict[str, object] = results[0]
    return best


def test_a_passage_of_a_decision_brings_the_whole_record(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    passage = found(agent, "kraken leaked", kinds=["decision"])

    item = agent.answer("read_memory", id=passage["id"])

    assert item["text"].startswith("# 1. Use squid")
    assert "must not leak ink" in item["text"]
    assert (item["kind"], item["status"], item["path"]) == ("decision", "accepted", passage["path"])
    assert item["lines"][0] == 1


def test_a_record_is_found_by_its_number_and_told_with_its_facts(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    for number in range(1, 15):
        facts = "Date: 2024-05-06\n\nDeciders: Ada, Grace\n\n## Status\n\nAccepted\n"
        text = f"# {number}. Choose berth {number}\n\n{facts}\n## Decision\n\nThere. ADR 12 said so.\n"
        git_folder.write(f"docs/adr/{number:04}-choose.md", text)
    agent = agent_at(git_folder.root)
    for asked in ("ADR 7", "what does adr-0007 say", "decision record no. 7"):
        assert found(agent, asked)["path"] == "docs/adr/0007-choose.md"

    details = agent.answer("read_memory", id="docs/adr/0007-choose.md")["details"]
    assert (details["identifier"], details["date"]) == ("ADR-0007", "2024-05-06")
    assert details["deciders"] == ["Ada", "Grace"]


def test_a_symbol_that_was_split_comes_whole_and_without_its_namesake(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("fleet.py", f"{LONG}\n{OTHER}\n{LONG}")
    agent = agent_at(git_folder.root)
    part = found(agent, "weigh_fleet anchor berth 150", kinds=["code"])

    item = agent.answer("read_memory", id=part["id"], budget_tokens=20_000)

    assert len(str(part["text"])) < len(LONG)
    assert item["text"].strip() == LONG.strip()
    assert "between" not in item["text"]


def test_a_long_document_comes_as_the_section_that_was_found(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    sections = [f"## Berth {n}\n\n{f'The anchor of berth {n} is heavy. ' * 60}\n" for n in range(12)]
    git_folder.write("docs/harbour.md", "# Harbour\n\n" + "\n".join(sections))
    agent = agent_at(git_folder.root)
    passage = found(agent, '"berth 7"')

    item = agent.answer("read_memory", id=passage["id"], budget_tokens=1_000)

    assert item["text"].count("berth 7 ") == 60
    assert "berth 6 " not in item["text"]
    assert "truncated" not in item or item["truncated"] is False


def test_a_path_is_read_however_it_is_cited(agent_at: AgentAt, project: GitFolder) -> None:
    agent = agent_at(project.root)
    for wanted in ("docs/guide.md", "./docs/guide.md", "docs/guide.md:1-3", " docs/guide.md "):
        item = agent.answer("read_memory", id=wanted)
        assert (item["path"], item["lines"], item["kind"]) == ("docs/guide.md", [1, 3], "document")
        assert item["text"] == "# Guide\n\nThe lantern explains the harbour.\n"


def test_of_a_path_with_lines_these_are_read_as_far_as_there_are_any(
    agent_at: AgentAt, project: GitFolder
) -> None:
    project.write("src/berths.py", "".join(f"BERTH_{number} = {number}\n" for number in range(1, 41)))
    agent = agent_at(project.root)

    item = agent.answer("read_memory", id="src/berths.py:12-14")
    assert item["text"] == "BERTH_12 = 12\nBERTH_13 = 13\nBERTH_14 = 14"
    assert (item["path"], item["lines"]) == ("src/berths.py", [12, 14])
    assert item["notes"] == ["the file has 40 lines: ask for src/berths.py to have all of it"]
    assert agent.answer("read_memory", id="src/berths.py:40")["text"] == "BERTH_40 = 40"

    item = agent.answer("read_memory", id="src/berths.py:39-60")
    assert (item["text"], item["lines"]) == ("BERTH_39 = 39\nBERTH_40 = 40", [39, 40])
    assert item["notes"] == ["the file has 40 lines only: there is nothing past line 40"]
    item = agent.answer("read_memory", id="src/berths.py:1-60")
    assert (item["lines"], item["notes"]) == (
        [1, 40],
        ["the file has 40 lines only: there is nothing past line 40"],
    )


def test_lines_that_a_file_has_not_are_refused_with_how_many_it_has(
    agent_at: AgentAt, project: GitFolder
) -> None:
    agent = agent_at(project.root)
    for lines in ("5000-6000", "4", "0-2", "3-2"):
        refusal = agent.refusal("read_memory", id=f"docs/guide.md:{lines}")
        assert "docs/guide.md has 3 lines, and not " in refusal
        assert "ask for docs/guide.md:1-3, or without lines for the whole file" in refusal


def test_a_commit_is_read_by_any_prefix_that_is_its_own(agent_at: AgentAt, project: GitFolder) -> None:
    sha = project.git("rev-parse", "HEAD")
    agent = agent_at(project.root)

    for wanted in (sha, sha[:12], sha[:7], sha[:7].upper()):
        item = agent.answer("read_memory", id=wanted)
        assert (item["commit"], item["title"], item["kind"]) == (sha, "Add the proxy", "commit")
        assert "never freed" in item["text"]
        assert "src/proxy.py" in item["details"]["files"]


def test_a_budget_cuts_and_says_so(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("docs/long.md", "# Long\n\n" + "word " * 5_000)
    agent = agent_at(project.root)

    item = agent.answer("read_memory", id="docs/long.md", budget_tokens=100)

    assert item["truncated"] is True
    assert len(item["text"].split()) <= 100
    assert "[…]" in str(agent.call("read_memory", id="docs/long.md", budget_tokens=100).content[0])


def test_secrets_stay_cut_and_lines_stay_right(agent_at: AgentAt, project: GitFolder) -> None:
    project.write("docs/keys.md", f"# Keys\n\naws_access_key_id = {KEY}\n\nThe albatross knows.\n")
    agent = agent_at(project.root)

    for wanted in ("docs/keys.md", str(found(agent, "albatross knows")["id"])):
        item = agent.answer("read_memory", id=wanted)
        assert KEY not in item["text"]
        assert "[redacted: " in item["text"]
        assert item["text"].splitlines()[4] == "The albatross knows."


def test_what_is_left_out_or_has_gone_is_told_from_an_id_that_is_stale(
    agent_at: AgentAt, project: GitFolder
) -> None:
    (project.root / "logo.png").write_bytes(b"\x89PNG")
    project.write("empty.py", "")
    agent = agent_at(project.root)
    stale = str(found(agent, "lantern harbour")["id"])
    project.write("docs/guide.md", "# Guide\n\nSomething else stands here now.\n")

    assert "logo.png is not in the index: binary (.png)" in agent.refusal("read_memory", id="logo.png")
    assert "nothing is remembered of empty.py" in agent.refusal("read_memory", id="empty.py")
    assert "an id changes with its passage" in agent.refusal("read_memory", id=stale)
    assert agent.answer("read_memory", id="docs/guide.md")["text"].endswith("here now.\n")


def test_what_held_nothing_but_secrets_is_not_to_be_read_elsewhere(
    agent_at: AgentAt, project: GitFolder
) -> None:
    body = "\n".join("MIICXAIBAAKBgQ" + "qX7ZJ2MNPLRT5VWBkd83hGs0" * 2 + str(row) for row in range(10))
    project.write("key.pem", f"-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n")
    project.write(".env", f"AWS_ACCESS_KEY_ID={KEY}\n")
    agent = agent_at(project.root, SECRETS__ENABLED="true")

    for path in ("key.pem", ".env"):
        refusal = agent.refusal("read_memory", id=path)
        assert "cut out as secrets" in refusal
        assert "the file itself" not in refusal
        verdict = agent.verdict(path)
        assert (verdict["indexed"], verdict["redactions"]) == (False, 1), verdict
        assert "cut out: " in verdict["detail"]
        assert "in line 1" in verdict["detail"]
