"""What findings weigh, and which are waived: by settings and files of the repository, whatever finds them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator

import pytest
from tests.conftest import GitFolder

from whykeeper.verification.answer import VerifyAnswer
from whykeeper.verification.findings import Finding, Severity
from whykeeper.verification.request import VerifyRequest
from whykeeper.verification.subject import Subject
from whykeeper.verification.verify import Verifier
from whykeeper.verification.waivers import WAIVERS_FILE
from whykeeper_indexers.change import ChangeSource, SourceKind
from whykeeper_indexers.facts import FactStore
from whykeeper_indexers.index.parse_pool import ParsePool
from whykeeper_indexers.scan import ScanOptions, open_repository

Weigh = Callable[..., VerifyAnswer]
TODAY = datetime.datetime.now(datetime.UTC).date()
LATER = TODAY + datetime.timedelta(days=30)
EARLIER = TODAY - datetime.timedelta(days=1)


def shouting(subject: Subject) -> Iterable[Finding]:
    """Finds what is written in capitals."""
    for file in subject.change.files:
        for number, line in enumerate((subject.head.text(file.path) or "").splitlines(), 1):
            if line.isupper() and file.path.endswith(".txt"):
                yield Finding(
                    "shouting", "shouting/line", Severity.WARNING, file.path, number, "Loud.", subject=line
                )


def louder(subject: Subject) -> Iterable[Finding]:
    """Finds exclamation marks."""
    for each in shouting(subject):
        if each.subject.endswith("!"):
            yield Finding("louder", "louder/mark", Severity.ERROR, each.path, each.line, "Louder.")


@pytest.fixture
def weigh(git_folder: GitFolder, pool: ParsePool) -> Iterator[Weigh]:
    """Verifies a change of the folder with two small checks."""
    store = FactStore(None)
    git_folder.write("calm.txt", "calm\n")
    git_folder.commit("calm")

    def verify(source: ChangeSource | None = None, **severities: str) -> VerifyAnswer:
        weights = {name.replace("_", "/"): severity for name, severity in severities.items()}
        checks = {"shouting": shouting, "louder": louder}
        repository = open_repository(git_folder.root)
        verifier = Verifier(repository, ScanOptions(), store, pool, weights, checks)
        return verifier.verify(VerifyRequest(source or ChangeSource()))

    yield verify
    store.close()


def weights(answer: VerifyAnswer) -> list[tuple[str, str]]:
    return [(each.rule, each.severity) for each in answer.findings]


def waiver(**said: object) -> str:
    lines = [
        f"{key} = {value if isinstance(value, datetime.date) else repr(value)}" for key, value in said.items()
    ]
    return "\n[[waiver]]\n" + "\n".join(lines) + "\n"


def test_settings_weigh_by_check_and_by_rule_which_is_stronger(weigh: Weigh, git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "HELP!\n")

    assert weights(weigh()) == [("louder/mark", "error"), ("shouting/line", "warning")]
    assert weights(weigh(shouting="error", louder="note")) == [
        ("shouting/line", "error"),
        ("louder/mark", "note"),
    ]
    assert weights(weigh(shouting="off", shouting_line="note", louder="off")) == [("shouting/line", "note")]
    answer = weigh(louder="off")
    assert (answer.counts, answer.checks) == ({"warning": 1}, ["shouting", "louder"])


def test_a_weight_for_no_check_is_told(weigh: Weigh) -> None:
    (note,) = weigh(shooting_line="off", shouting="note").notes
    assert note.startswith("[verify] severity names shooting/line, and there is no such check")


def test_a_waived_finding_is_listed_apart_with_its_reason(weigh: Weigh, git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "HELP\nHO\n")
    first, _ = weigh().findings
    git_folder.write(WAIVERS_FILE, waiver(finding=first.id, reason="it is a quote", until=LATER))
    git_folder.git("add", WAIVERS_FILE)
    git_folder.git("commit", "-q", "-m", "waive")

    answer = weigh()

    assert [(each.id, each.waived) for each in answer.waived] == [
        (first.id, f"it is a quote, until {LATER}"),
    ]
    assert (len(answer.findings), answer.counts, answer.notes) == (1, {"warning": 1}, [])


def test_rule_and_path_waive_a_file_and_a_subject_one_of_its_findings(
    weigh: Weigh, git_folder: GitFolder
) -> None:
    git_folder.write("a.txt", "HELP\nHO\n")
    named = {"rule": "shouting/line", "path": "a.txt"}
    git_folder.write(WAIVERS_FILE, waiver(**named, reason="loud", until=TODAY))
    assert len(weigh().waived) == 2
    git_folder.write(WAIVERS_FILE, waiver(**named, subject="HO", reason="loud", until=str(LATER)))
    assert [each.line for each in weigh().waived] == [2]
    git_folder.write(WAIVERS_FILE, waiver(rule="shouting/line", path="b.txt", reason="loud", until=LATER))
    assert weigh().waived == []


def test_a_waiver_comes_with_its_change_and_is_told_then(weigh: Weigh, git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "HELP\n")
    text = waiver(rule="shouting/line", path="a.txt", reason="loud", until=LATER)
    git_folder.write(WAIVERS_FILE, text)
    commit = git_folder.commit("loud")
    git_folder.write(WAIVERS_FILE, "")
    source = ChangeSource(SourceKind.RANGE, "", commit)

    answer = weigh(source)

    assert (len(answer.waived), answer.findings) == (1, [])
    assert answer.notes == [f"{WAIVERS_FILE}:2: this waiver comes with the change (loud)"]


def test_past_its_day_a_waiver_waives_nothing_and_says_so(weigh: Weigh, git_folder: GitFolder) -> None:
    git_folder.write("a.txt", "HELP\n")
    git_folder.write(WAIVERS_FILE, waiver(rule="shouting/line", path="a.txt", reason="loud", until=EARLIER))

    answer = weigh()

    assert (len(answer.findings), answer.waived) == (1, [])
    assert answer.notes == [
        f"{WAIVERS_FILE}:2: this waiver held until {EARLIER}; what it was for counts again",
    ]


def test_a_waiver_is_told_as_unused_only_where_the_change_shows_it(
    weigh: Weigh, git_folder: GitFolder
) -> None:
    git_folder.write("calm.txt", "calm\n")
    git_folder.write("other.txt", "calm\n")
    for path in ("calm.txt", "gone.txt"):
        git_folder.write(WAIVERS_FILE, waiver(rule="shouting/line", path=path, reason="loud", until=LATER))
        git_folder.commit(path)
        git_folder.write("other.txt", f"{path}\n")
        assert len(weigh().notes) == (path == "gone.txt")
    git_folder.write(WAIVERS_FILE, waiver(rule="shouting/line", path="calm.txt", reason="x", until=LATER))
    git_folder.commit("back")
    git_folder.write("calm.txt", "still calm\n")
    (note,) = weigh().notes
    assert note == (
        f"{WAIVERS_FILE}:2: this waiver covers nothing (rule shouting/line, path calm.txt): take it out"
    )


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"finding": "0123", "until": LATER}, "its reason is missing or no text"),
        ({"finding": "0123", "reason": "x"}, "its until is missing or no date"),
        ({"finding": "0123", "reason": "x", "until": "soon"}, "its until is missing or no date"),
        ({"finding": "0123", "reason": " ", "until": LATER}, "its reason is missing"),
        ({"reason": "x", "until": LATER}, "it names no finding"),
        ({"rule": "a/b", "reason": "x", "until": LATER}, "it names no finding"),
        ({"finding": "0123", "reason": "x", "until": LATER, "file": "a"}, "it has 'file', which is none of"),
    ],
)
def test_a_malformed_waiver_is_told_with_its_line_and_the_others_hold(
    weigh: Weigh, git_folder: GitFolder, said: dict[str, object], problem: str
) -> None:
    git_folder.write("a.txt", "HELP\n")
    good = waiver(rule="shouting/line", path="a.txt", reason="loud", until=LATER)
    git_folder.write(WAIVERS_FILE, f"# ours\n{waiver(**said)}{good}")

    answer = weigh()

    assert len(answer.waived) == 1
    assert answer.notes[0].startswith(f"{WAIVERS_FILE}:3: {problem}")


@pytest.mark.parametrize(
    "text",
    [
        "[[waiver]\nx",
        "waiver = 3\n",
        "waiver = [1, 2]\n",
        "[waiver]\nreason = 'x'\n",
        "x = " + "[" * 5_000,
        "\ufffd\0",
    ],
)
def test_a_broken_file_waives_nothing_and_is_told(weigh: Weigh, git_folder: GitFolder, text: str) -> None:
    git_folder.write("a.txt", "HELP\n")
    git_folder.write(WAIVERS_FILE, text)
    answer = weigh()
    assert (len(answer.findings), answer.waived) == (1, [])
    assert text.endswith("\0") or answer.notes
