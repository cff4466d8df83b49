"""Which commits are kept, and what is kept of them."""

from __future__ import annotations

import pytest

from whykeeper_indexers.history import (
    clean_body,
    commit_chunks,
    memorable_title,
    without_files,
    worth_remembering,
)
from whykeeper_indexers.types import CommitRecord, Kind, Role


def commit(
    subject: str, body: str = "", *, author: str = "Ada", parents: int = 1, files: int = 0
) -> CommitRecord:
    return CommitRecord(
        sha="a" * 40,
        subject=subject,
        body=body,
        author=author,
        authored_at=1_700_000_000,
        parents=tuple(str(number) * 40 for number in range(parents)),
        files=tuple(f"src/file_{number}.py" for number in range(files)),
    )


TRAILERS = "Co-authored-by: Bo <bo@example.org>\nSigned-off-by: Ada <ada@example.org>\nChange-Id: I0123"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("fix: #27 pin nextjs", 'because we rely on many "hacks", we cannot use semver'),
        ("feat: store hours as text", "The old column lost the time zone of the writer."),
        ("fix: keep the lock file to avoid a race on start", ""),
        ("refactor!: move serializers out of tests", ""),
        ('Revert "Use threads for uploads"', "This reverts commit 0123456789abcdef."),
        ("Drop the lambdaville runner", "Because lambdaville is EOL."),
        ("Delete the shim", f"No longer needed.\n\n{TRAILERS}"),
        ("fix: retry twice since the vendor API drops connections on idle", ""),
        ("Keep one connection", "Since `close` blocks."),
        ("Bump Django to 5.2", "Long term support ends in April. " * 6),
    ],
)
def test_a_commit_that_gives_a_reason_is_remembered(subject: str, body: str) -> None:
    assert worth_remembering(commit(subject, body))


@pytest.mark.parametrize(
    ("subject", "body", "author"),
    [
        ("fix typo", "", "Ada"),
        ("fix link (#1231)", TRAILERS, "Ada"),
        ("Delete the shim", "Signed-off-by: Ada Because <ada@example.org>", "Ada"),
        ("Delete the shim", "Because.", "Ada"),
        ("Update the year, unchanged since 2019", "", "Ada"),
        ("List what is new since v0.50", "Since last week.", "Ada"),
        ("Count failures since the last release", "", "Ada"),
        ("Unchanged ever since it began", "", "Ada"),
        ("Add thing", "Fixes #12\n\nhttps://example.org/a/long/path/to/nothing", "Ada"),
        (
            "chore(deps): update dependency node to v22",
            "A long table of release notes " * 20,
            "renovate[bot]",
        ),
        ("Bump lodash from 4.17.20 to 4.17.21", "Bumps lodash from 4.17.20 to 4.17.21.", "Ada"),
        ("chore(release): publish v1.0.1", "Everything new in this one.", "Ada"),
        ("v1.2.3", "", "Ada"),
    ],
)
def test_a_commit_without_a_reason_is_not(subject: str, body: str, author: str) -> None:
    assert not worth_remembering(commit(subject, body, author=author))


def test_a_merge_is_remembered_for_its_message_only() -> None:
    assert worth_remembering(
        commit("Merge pull request #4 from a/b", "Keep drafts out of the feed", parents=2)
    )
    assert not worth_remembering(commit("Merge branch 'main' into topic", "", parents=2))
    assert not worth_remembering(
        commit("Merge pull request #5 from bot/x", "Bump lodash from 4.17.20 to 4.17.21", parents=2)
    )


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Move billing to the queue that survives restarts", ""),
        ("Bring in the retry queue", "Payments need it."),
        ("Merge PR #38: Add Nix flake for declarative builds", TRAILERS),
        ("Release train", "Keep drafts out."),
    ],
)
def test_a_merge_that_a_person_named_is_remembered_for_its_own_words(subject: str, body: str) -> None:
    assert worth_remembering(commit(subject, body, parents=2))
    assert memorable_title(commit(subject, body, parents=2)) == subject


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("WIP", ""),
        ("Merge main", TRAILERS),
        ("Merge main into the branch for staleness signals", ""),
        ("Merge main: resolve conflicts in the comments of every module", ""),
        ("Merge remote changes", "Resolved .beads/beads.jsonl conflict"),
        ('Merge "Keep drafts out of the feed of others"', "Change-Id: I0123"),
    ],
)
def test_a_merge_that_says_only_that_it_is_one_is_not(subject: str, body: str) -> None:
    assert not worth_remembering(commit(subject, body, parents=2))


def test_a_merged_pull_request_is_called_by_its_title_and_number() -> None:
    merged = commit("Merge pull request #298 from akutruff/v3", "Add Set support\n\nLonger story.", parents=2)

    assert memorable_title(merged) == "Add Set support (#298)"
    assert commit_chunks(merged)[0].text == "Add Set support (#298)\n\nLonger story."


@pytest.mark.parametrize(
    "ceremony",
    [
        TRAILERS,
        "Role: builder\nCo-Authored-By: Bo <bo@example.org>",
        "(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)",
        "\N{ROBOT FACE} Generated with [Claude Code](https://example.org)",
        "<!-- Describe your change\nhere -->",
        "- [x] I have read the guide\n- [ ] Tests",
        "# Conflicts:\n#\tsrc/a.py\n#\tsrc/b.py",
        "---------",
    ],
)
def test_ceremony_is_cut_and_the_reason_stays(ceremony: str) -> None:
    assert clean_body(commit("Add a", f"It is needed by b.\n\n{ceremony}")) == "It is needed by b."


def test_references_to_issues_stay_in_the_body() -> None:
    body = clean_body(commit("Add a", "Needed by b.\n\nFixes: #12\nSigned-off-by: Ada <a@example.org>"))

    assert body == "Needed by b.\n\nFixes: #12"


def test_a_last_paragraph_with_colons_is_no_trailer() -> None:
    body = "Needed by b.\n\nNote: the order matters.\nWarning: so does the case."

    assert clean_body(commit("Add a", body)) == body


def test_a_body_that_repeats_the_subject_says_it_once() -> None:
    squashed = commit("fix: honour flags (#42)", "* fix: honour flags\n\n* test: cover them")

    assert clean_body(squashed) == "* test: cover them"


def test_a_comment_that_never_ends_hides_nothing() -> None:
    assert "reason" in clean_body(commit("Add a", "<!-- start\nthe reason is here"))


def test_a_chunk_is_the_message_and_where_it_was_done() -> None:
    (chunk,) = commit_chunks(commit("Add a", f"It is needed by b.\n\n{TRAILERS}", files=2))

    assert chunk.text == "Add a\n\nIt is needed by b.\n\nFiles: src/file_0.py, src/file_1.py"
    assert (chunk.kind, chunk.role, chunk.title, chunk.part) == (Kind.COMMIT, Role.COMMIT, "Add a", 0)
    assert (chunk.commit, chunk.path, chunk.lines) == ("a" * 40, None, None)


@pytest.mark.parametrize(
    ("body", "files"),
    [("It is needed by b.", 300), ("It is.\n\nFiles: are listed\nbelow by hand.", 0), ("", 1)],
)
def test_what_a_chunk_says_is_told_from_the_files_it_names(body: str, files: int) -> None:
    (chunk,) = commit_chunks(commit("Add a", body, files=files))

    assert without_files(chunk.text) == f"Add a\n\n{body}".strip()


def test_touched_files_are_bounded() -> None:
    (chunk,) = commit_chunks(commit("Add a", "It is needed by b.", files=300))

    assert chunk.text.endswith("src/file_9.py and 290 more")


def test_a_long_message_is_cut_into_numbered_parts() -> None:
    body = "\n\n".join(f"Paragraph {number}. " + "Words that say why. " * 15 for number in range(12))

    chunks = commit_chunks(commit("Add a", body, files=1))

    assert [chunk.part for chunk in chunks] == list(range(1, len(chunks) + 1))
    assert len(chunks) > 1
    assert all(len(chunk.text) <= 1_800 and chunk.title == "Add a" for chunk in chunks)
    assert chunks[-1].text.endswith("Files: src/file_0.py")


def test_a_pasted_log_is_not_kept_whole() -> None:
    chunks = commit_chunks(commit("Add a", "a line of a log\n" * 5_000))

    assert len(chunks) == 8
