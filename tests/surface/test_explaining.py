"""Why code is as it is, over real histories."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import GitFolder
from tests.surface.conftest import AgentAt
from tests.surface.explainer import CODE, explain

BODY = "The kraken leaked under load, because its buffers were never freed."
MOST_TOOL = 1_000


def commits(answer: dict[str, Any]) -> dict[str, str]:
    """To each commit that is given as a reason how it is connected."""
    return {each["commit"]: each["because"] for each in answer["reasons"] if each["kind"] == "commit"}


@pytest.fixture
def net(git_folder: GitFolder) -> str:
    """A repository with one function; its commit."""
    git_folder.write("net.py", CODE)
    return git_folder.commit(f"Cast the net (#7)\n\n{BODY}\n\nFixes: GH-12, NET-34")


def test_a_line_has_the_commit_that_wrote_it_with_body_author_and_issues(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    answer = explain(agent_at(git_folder.root), "net.py:3")

    (reason,) = answer["reasons"]
    assert (reason["commit"], reason["author"], reason["because"]) == (net, "Ada", "wrote this line")
    assert reason["issues"] == ["#7", "GH-12", "NET-34"]
    assert BODY in reason["text"]
    assert (answer["last_commit"], answer["symbol"], answer["confident"]) == (net, "cast_net", True)


def test_a_rename_is_followed(agent_at: AgentAt, git_folder: GitFolder, net: str) -> None:
    (git_folder.root / "sea").mkdir()
    git_folder.git("mv", "net.py", "sea/trawl.py")
    renamed = git_folder.commit("Move to the sea")
    agent = agent_at(git_folder.root)

    assert commits(explain(agent, "sea/trawl.py:3")) == {net: "wrote this line (in net.py)"}
    assert commits(explain(agent, "sea/trawl.py")) == {
        net: "made this file",
        renamed: "renamed this file from net.py",
    }
    gone = explain(agent, "net.py")
    assert commits(gone) == {renamed: "renamed it; it is sea/trawl.py now"}
    assert gone["notes"] == ["net.py is not there any more: ask for sea/trawl.py"]


def test_lines_copied_into_another_file_lead_to_where_they_are_from(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    git_folder.write("other.py", f"import sea\n\n\n{CODE}")
    copied = git_folder.commit("Fish elsewhere")

    answer = explain(agent_at(git_folder.root), "other.py:6")
    assert commits(answer) == {
        copied: "copied this line from net.py",
        net: "wrote an earlier form of this line (in net.py)",
    }
    assert answer["last_commit"] == copied


def test_lines_moved_to_another_file_keep_whoever_wrote_them(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    git_folder.write("net.py", "import sea\n")
    git_folder.write("other.py", f"import sea\n\n\n{CODE}")
    moved = git_folder.commit("Split the files")

    answer = explain(agent_at(git_folder.root), "other.py:6")
    assert commits(answer) == {net: "wrote this line (in net.py)", moved: "moved this line from net.py"}
    assert answer["last_commit"] == net


def test_one_line_that_is_like_another_was_not_copied(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    git_folder.write("other.py", "def other():\n    weights = hung_weights(knots)\n    return weights\n")
    wrote = git_folder.commit("Weigh")
    assert commits(explain(agent_at(git_folder.root), "other.py:2")) == {wrote: "wrote this line"}


def test_a_line_changed_twice_names_both_and_what_it_was(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    git_folder.write("net.py", CODE.replace("tied_knots(rope)", "tied_knots(rope, 3)"))
    changed = git_folder.commit("Tie three knots\n\nTwo knots came loose in every storm of the last winter.")

    answer = explain(agent_at(git_folder.root), "net.py:3")
    assert list(commits(answer).items()) == [
        (changed, "changed this line, before: knots = tied_knots(rope)"),
        (net, "wrote an earlier form of this line"),
    ]


def test_commits_of_the_same_second_are_told_in_their_order(
    agent_at: AgentAt, git_folder: GitFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1700000000 +0000")
    lines = [f"knot_{number} = tied({number})" for number in range(8)]
    made = []
    for number in range(8):
        git_folder.write("net.py", "\n".join(lines[: number + 1]) + "\n")
        made.append(git_folder.commit(f"Tie knot {number}"))
    answer = explain(agent_at(git_folder.root), "net.py:1-8")
    assert answer["last_commit"] == made[-1]
    assert list(commits(answer)) == made[::-1]


@pytest.mark.parametrize(
    "formatted",
    [
        CODE.replace("    ", "\t"),
        CODE.replace("tied_knots(rope)", "tied_knots(\n        rope,\n    )"),
    ],
)
def test_a_commit_that_only_formats_is_looked_through(
    agent_at: AgentAt, git_folder: GitFolder, net: str, formatted: str
) -> None:
    git_folder.write("net.py", formatted)
    git_folder.commit("Run the formatter over everything that there is")
    answer = explain(agent_at(git_folder.root), "net.py:3")
    assert commits(answer) == {net: "wrote this line"}


def test_a_name_changed_in_very_many_files_is_looked_through_and_counted(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    for number in range(45):
        git_folder.write(f"use/u{number}.py", "tied_knots(1)\n")
    git_folder.commit("Use knots")
    for file in [git_folder.root / "net.py", *(git_folder.root / "use").iterdir()]:
        file.write_text(file.read_text().replace("tied_knots", "made_knots"))
    renaming = git_folder.commit("Rename tied_knots everywhere to made_knots, as agreed")
    answer = explain(agent_at(git_folder.root), "net.py:3")
    assert commits(answer) == {net: "wrote this line"}
    assert answer["notes"] == [f"looked through 1 mechanical commit: {renaming[:12]}"]


@pytest.mark.parametrize("configured", [False, True])
def test_the_projects_list_of_commits_to_ignore_is_honoured(
    agent_at: AgentAt, git_folder: GitFolder, net: str, configured: bool
) -> None:
    git_folder.write("net.py", CODE.replace("tied_knots(rope)", "tied_knots(rope) if rope else None"))
    ignored = git_folder.commit("Change something that the project does not want to see")
    name = "lists/ignored" if configured else ".git-blame-ignore-revs"
    git_folder.write(name, f"# the formatter\n{ignored}  # run\n{'0' * 40}\n")
    git_folder.commit("Ignore it")
    if configured:
        git_folder.git("config", "blame.ignoreRevsFile", name)
    assert commits(explain(agent_at(git_folder.root), "net.py:3")) == {net: "wrote this line"}


def test_a_list_configured_for_all_repositories_need_not_be_in_each(
    agent_at: AgentAt, git_folder: GitFolder, net: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "gitconfig"
    own.write_text("[blame]\n\tignoreRevsFile = .git-blame-ignore-revs\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    answer = explain(agent_at(git_folder.root), "net.py:3")
    assert (commits(answer), answer["notes"]) == ({net: "wrote this line"}, [])


def test_a_configured_list_outside_the_repository_is_never_read(
    agent_at: AgentAt, git_folder: GitFolder, net: str, tmp_path: Path
) -> None:
    outside = tmp_path / "secret"
    outside.write_text("hunter2\n")
    git_folder.git("config", "blame.ignoreRevsFile", str(outside))
    answer = explain(agent_at(git_folder.root), "net.py:3")
    assert commits(answer) == {net: "made this file"}
    (note,) = answer["notes"]
    assert "not that of lines: blame.ignoreRevsFile is set to" in note
    assert "the file was last changed by" in answer["summary"]
    assert "last_commit" not in answer
    assert "hunter2" not in str(answer)


def test_the_merge_that_brought_a_commit_in_gives_its_number_and_reason(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    git_folder.git("switch", "-q", "-c", "knots")
    git_folder.write("net.py", CODE.replace("tied_knots(rope)", "tied_knots(rope, 3)"))
    changed = git_folder.commit("wip")
    git_folder.git("switch", "-q", "main")
    git_folder.write("readme.txt", "Fish.\n")
    git_folder.commit("Say what this is")
    message = (
        "Merge pull request #12 from ada/knots\n\nTie three knots\n\nTwo came loose in every storm we had."
    )
    git_folder.git("merge", "-q", "--no-ff", "-m", message, "knots")

    first = explain(agent_at(git_folder.root), "net.py:3")["reasons"][0]
    assert (first["commit"], first["issues"]) == (changed, ["#12"])
    assert "Tie three knots" in first["text"]
    assert "Two came loose in every storm" in first["text"]


def test_a_line_without_a_recorded_reason_says_so_and_who_wrote_it(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("net.py", CODE)
    wrote = git_folder.commit("Begin")
    answer = explain(agent_at(git_folder.root), "net.py:3")
    assert not answer["confident"]
    assert answer["summary"].startswith("net.py:3 (cast_net): nothing recorded says why; as it is since ")
    assert wrote[:12] in answer["summary"]


def test_lines_that_are_not_committed_say_so_and_the_others_keep_theirs(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    git_folder.write("net.py", f"import sea\n\n{CODE}")
    git_folder.write("new.py", "fresh = True\n")
    agent = agent_at(git_folder.root)

    answer = explain(agent, "net.py:1-5")
    assert answer["notes"] == ["lines 1-2 are not committed yet: no commit tells of them"]
    assert commits(answer) == {net: "wrote these lines"}
    new = explain(agent, "new.py:1")
    assert (new["reasons"], new["confident"]) == ([], False)
    assert new["notes"] == ["new.py is not committed yet: no commit tells of it"]


def test_a_staged_rename_is_followed(agent_at: AgentAt, git_folder: GitFolder, net: str) -> None:
    git_folder.git("mv", "net.py", "trawl.py")
    answer = explain(agent_at(git_folder.root), "trawl.py:3")
    assert list(commits(answer)) == [net]
    assert "trawl.py is net.py in the last commit" in answer["notes"][0]


def test_a_shallow_clone_does_not_blame_its_oldest_commit(
    agent_at: AgentAt, git_folder: GitFolder, net: str, tmp_path: Path
) -> None:
    git_folder.write("readme.txt", "Fish.\n")
    git_folder.commit(f"Say what this is\n\n{BODY}")
    shallow = tmp_path / "shallow"
    git_folder.git("clone", "-q", "--depth", "1", git_folder.root.as_uri(), str(shallow))
    answer = explain(agent_at(shallow), "net.py:3")
    (reason,) = answer["reasons"]
    assert reason["because"].startswith("the oldest commit of this shallow clone")
    assert (reason["text"], answer["confident"], answer.get("last_commit")) == ("", False, None)
    assert any("shallow clone" in note for note in answer["notes"])


def test_a_deleted_file_has_the_commit_that_took_it_away(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    (git_folder.root / "net.py").unlink()
    gone = git_folder.commit("Stop fishing\n\nThe sea is empty since the last of the herrings left it.")
    answer = explain(agent_at(git_folder.root), "net.py")
    assert commits(answer) == {gone: "took it away"}
    assert answer["confident"]


def test_a_folder_that_is_gone_has_the_commit_that_emptied_it(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("lib/old.py", CODE)
    git_folder.write("new.py", "x = 1\n")
    git_folder.commit()
    git_folder.git("rm", "-q", "lib/old.py")
    gone = git_folder.commit("Empty it")
    agent = agent_at(git_folder.root)
    for target in ("lib", "lib/"):
        assert commits(explain(agent, target)) == {gone: "took away, or moved, the last of what was in it"}


def test_a_folder_and_a_binary_file_have_the_commits_that_touched_them(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    (git_folder.root / "sea").mkdir()
    (git_folder.root / "sea/map.bin").write_bytes(b"\0\1\2")
    drew = git_folder.commit("Draw the map")
    git_folder.write("[a].py", "x = 1\n")
    git_folder.commit("Something else")
    agent = agent_at(git_folder.root)
    assert list(commits(explain(agent, "sea"))) == [drew]
    assert list(commits(explain(agent, "sea/map.bin:1"))) == [drew]
    assert len(commits(explain(agent, "[a].py"))) == 1


def test_a_plain_folder_has_comments_and_no_history(agent_at: AgentAt, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(CODE.replace("    boat", "    # Last, because a boat drifts.\n    boat"))
    answer = explain(agent_at(tmp_path), "net.py")
    assert [each["kind"] for each in answer["reasons"]] == ["comment"]
    (note,) = answer["notes"]
    assert "not a git repository" in note


def test_secrets_in_messages_and_old_lines_are_cut_out(agent_at: AgentAt, git_folder: GitFolder) -> None:
    token = "ghp_" + "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY2zA4"
    git_folder.write("net.py", f"hook = connect('{token}')\n")
    git_folder.commit(f"Connect\n\nThe token {token} is what the harbour gave us for this.")
    git_folder.write("net.py", "hook = connect(token)\n")
    git_folder.commit("Hide it")
    result = agent_at(git_folder.root).call("explain_code", target="net.py:1")
    assert "wrote" in str(result)
    assert token not in str(result)


def test_an_ambiguous_symbol_lists_where_it_is_defined(agent_at: AgentAt, git_folder: GitFolder) -> None:
    git_folder.write("a.py", CODE)
    git_folder.write("b.py", CODE)
    git_folder.commit()
    refused = agent_at(git_folder.root).refusal("explain_code", target="cast_net")
    assert "cast_net is defined in 2 places: a.py::cast_net, b.py::cast_net" in refused


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("net.py:99", "net.py has 7 lines, and not 99"),
        ("net.py::haul_in", "net.py defines no haul_in"),
        ("nonesuch", "there is no path, symbol or id 'nonesuch'"),
        ("nets.py", "there is no file nets.py, and no commit has ever had it"),
        ("Net.cast_in", "nothing defines Net.cast_in, and no commit has ever had a file of that name"),
        (".git/config", ".git/config is git's own: no commit holds it"),
        ("empty.py:1", "empty.py has no lines, and not 1"),
        ("../net.py", "outside the repository"),
        (" ", "nothing to explain was named"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_words(
    agent_at: AgentAt, git_folder: GitFolder, net: str, target: str, said: str
) -> None:
    git_folder.write("empty.py", "")
    assert said in agent_at(git_folder.root).refusal("explain_code", target=target)


def test_a_target_that_is_no_name_is_refused_by_its_length(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    refusal = agent_at(git_folder.root).refusal("explain_code", target="a" * 5_000)
    assert "is no path or symbol: it has 5,000 characters" in refusal
    assert len(refusal) < 400


def test_a_budget_holds_with_what_stands_above_the_passages(
    agent_at: AgentAt, git_folder: GitFolder, net: str
) -> None:
    for number in range(6):
        git_folder.write("net.py", CODE.replace("(rope)", f"(rope, {number})"))
        git_folder.commit(f"Tie {number} knots\n\n" + "Because the sea is rough and deep. " * 20)
    agent = agent_at(git_folder.root)
    (content,) = agent.call("explain_code", target="net.py", budget_tokens=150).content
    shown = [line for line in content.text.splitlines() if not line.startswith("Note:")]  # type: ignore[union-attr]
    assert len(" ".join(shown[1:]).split()) <= 150
    assert any(
        "do not fit the budget" in note for note in explain(agent, "net.py", budget_tokens=150)["notes"]
    )


def test_what_a_repository_configures_is_never_run(
    agent_at: AgentAt, git_folder: GitFolder, net: str, tmp_path: Path
) -> None:
    proof = tmp_path / "ran"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {proof}\ncat\n")
    script.chmod(0o755)
    git_folder.write(".gitattributes", "*.py diff=evil filter=evil merge=evil\n")
    git_folder.write("net.py", CODE.replace("(rope)", "(rope, 3)"))
    git_folder.commit("Prepare")
    for name in (
        "diff.evil.textconv", "diff.evil.command", "filter.evil.clean", "filter.evil.smudge", "diff.external",
        "core.fsmonitor", "core.pager", "pager.blame", "pager.log", "core.editor", "core.sshCommand",
        "gpg.program", "credential.helper", "interactive.diffFilter",
    ):  # fmt: skip
        git_folder.git("config", name, str(script))
    for name in ("blame", "log", "diff", "rev-list", "cat-file"):
        git_folder.git("config", f"alias.{name}", f"!{script}")
    git_folder.git("config", "log.showSignature", "true")
    hooks = git_folder.root / ".git/hooks"
    for name in ("post-index-change", "reference-transaction", "post-checkout"):
        shutil.copy(script, hooks / name)
    git_folder.write("net.py", CODE.replace("(rope)", "(rope, 4)"))
    git_folder.git("blame", "net.py")
    assert proof.exists(), "the trap is not set"
    proof.unlink()

    agent = agent_at(git_folder.root)
    for target in ("net.py", "net.py:1-7", "cast_net", "gone.py/x", "."):
        agent.call("explain_code", target=target)
    assert not proof.exists()
    assert net in commits(explain(agent, "net.py:2"))


@pytest.mark.skipif(os.name == "nt", reason="a pipe in the file system")
def test_a_configured_pipe_holds_nobody_up(agent_at: AgentAt, git_folder: GitFolder, net: str) -> None:
    os.mkfifo(git_folder.root / "pipe")
    git_folder.git("config", "blame.ignoreRevsFile", "pipe")
    assert commits(explain(agent_at(git_folder.root), "net.py:3")) == {net: "made this file"}


def test_a_submodule_says_what_it_is(agent_at: AgentAt, git_folder: GitFolder, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    within = GitFolder(inner)
    within.git("init", "-q", "-b", "main")
    within.write("a.py", "x = 1\n")
    within.commit("Inside")
    subprocess.run(
        ["git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "lib"],
        cwd=git_folder.root, check=True, capture_output=True,
    )  # fmt: skip
    added = git_folder.commit("Take the library in")
    answer = explain(agent_at(git_folder.root), "lib")
    assert list(commits(answer)) == [added]
    assert "lib is a submodule" in answer["notes"][0]


def test_a_file_within_a_submodule_leads_to_its_own_checkout(
    agent_at: AgentAt, git_folder: GitFolder, tmp_path: Path
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    within = GitFolder(inner)
    within.git("init", "-q", "-b", "main")
    within.write("a.py", "x = 1\n")
    within.commit("Inside")
    git_folder.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "lib")
    added = git_folder.commit("Take the library in")
    answer = explain(agent_at(git_folder.root), "lib/a.py:1")
    assert list(commits(answer)) == [added]
    assert answer["notes"] == ["lib/a.py lies in the submodule lib: ask in its own checkout"]


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_a_link_says_where_it_leads(agent_at: AgentAt, git_folder: GitFolder, net: str) -> None:
    git_folder.write("sea/boat.py", "x = 1\n")
    for name, target in {"one.py": "net.py", "two": "sea", "out.py": "/etc/hosts", "loop": "loop"}.items():
        (git_folder.root / name).symlink_to(target)
    linked = git_folder.commit("Link")
    agent = agent_at(git_folder.root)

    def said(target: str) -> tuple[list[str], list[str]]:
        answer = explain(agent, target)
        return list(commits(answer)), answer["notes"]

    own = "is a link, and only its own history is told"
    assert said("one.py:1") == ([linked], [f"one.py {own}: ask for net.py"])
    assert said("out.py") == ([linked], [f"out.py {own}: it leads out of the repository"])
    assert said("loop") == ([linked], [f"loop {own}: it leads nowhere"])
    assert said("two/boat.py:1") == ([], ["two/boat.py lies behind the link two: ask for sea/boat.py"])


def test_a_subject_stands_in_marks_and_names_of_files_on_one_line(
    agent_at: AgentAt, git_folder: GitFolder
) -> None:
    git_folder.write("o\nd.py", "x = 1\n")
    git_folder.commit("Obey ” me")
    git_folder.git("mv", "o\nd.py", "net.py")
    git_folder.commit("Rename")
    agent = agent_at(git_folder.root)
    assert explain(agent, "net.py:1")["summary"].endswith(': “Obey " me”')
    (content,) = agent.call("explain_code", target="net.py").content
    assert "renamed this file from o\\x0ad.py" in content.text  # type: ignore[union-attr]


def test_the_tool_is_listed_in_few_characters(agent_at: AgentAt, git_folder: GitFolder, net: str) -> None:
    (tool,) = (each for each in agent_at(git_folder.root).tools().tools if each.name == "explain_code")
    assert len(tool.model_dump_json(by_alias=True, exclude_none=True)) <= MOST_TOOL
