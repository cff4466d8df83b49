from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from whykeeper_indexers.catalog import Catalog
from whykeeper_indexers.types import (
    Chunk,
    ChunkOutline,
    ConventionRecord,
    DecisionRecord,
    Exclusion,
    ExclusionReason,
    FileStat,
    Kind,
    LineRange,
    ParsedFile,
    Redaction,
    Role,
    Scope,
    ScopeMode,
)

if TYPE_CHECKING:
    from tests.catalog.conftest import Bench


def test_a_stored_chunk_comes_back_as_it_was_given(bench: Bench) -> None:
    chunk = Chunk(
        kind=Kind.CODE,
        role=Role.SYMBOL,
        title="getUserName",
        text="def getUserName(self):\n    return 'é…'",
        path="src/user.py",
        lines=LineRange(10, 11),
        breadcrumb=("user", "User"),
        symbol="user.User.getUserName",
        signature="def getUserName(self)",
        docstring="The name.",
        language="python",
        part=2,
    )
    parsed = ParsedFile("src/user.py", Kind.CODE, "user.py", (chunk,), language="python")
    bench.catalog.apply(bench.main, parsed=[(FileStat("src/user.py", 3, 99, 5), "d1", parsed, ())])

    (stored,) = bench.catalog.file_chunks(bench.main, "src/user.py")

    assert stored.chunk == chunk
    assert stored.vector_key == bench.key(chunk)
    assert stored.mtime_ns == 99
    assert stored.file is not None
    assert (stored.file.path, stored.file.kind, stored.file.language) == ("src/user.py", Kind.CODE, "python")


def test_decision_convention_and_service_data_are_kept_with_their_files(bench: Bench) -> None:
    decision = DecisionRecord(
        "madr-4",
        "ADR-0007",
        "Use SQLite",
        7,
        "accepted",
        "accepted, for now",
        "2026-01-02",
        ("Ada",),
        ("0003",),
        (),
        ("db",),
    )
    convention = ConventionRecord(
        "cursor", Scope("web", ("web/**/*.ts",), ScopeMode.PATHS), ("a.md",), "for web", ("b.md",)
    )
    bench.write("docs/adr/0007.md", "Use SQLite", Kind.DECISION, decision=decision)
    bench.write(".cursor/rules/web.mdc", "Tabs", Kind.CONVENTION, convention=convention)
    bench.write("web/README.md", "The web", service_folder="web")
    bench.write("README.md", "All of it", service_folder="")

    assert bench.catalog.decisions(bench.main) == {"docs/adr/0007.md": decision}
    assert bench.catalog.conventions(bench.main) == {".cursor/rules/web.mdc": convention}
    assert bench.catalog.service_documents(bench.main) == {"README.md": "", "web/README.md": "web"}
    assert bench.catalog.file_chunks(bench.main, "docs/adr/0007.md")[0].file.decision == decision


def test_known_files_tell_what_is_in_and_what_is_not_and_why(bench: Bench) -> None:
    excluded = Exclusion("logo.png", ExclusionReason.BINARY, "has a NUL byte")
    bench.write("a.md", "alpha")
    bench.catalog.apply(
        bench.main,
        excluded=[(FileStat("logo.png", 9, 8, 7), excluded), (None, Exclusion("x", ExclusionReason.MISSING))],
    )

    known = bench.catalog.known_files(bench.main)

    assert known["a.md"].stat == bench.stat("a.md", "alpha")
    assert known["a.md"].digest == bench.digest("alpha")
    assert known["a.md"].exclusion is None
    assert not known["a.md"].stale
    assert known["logo.png"].exclusion == excluded
    assert known["logo.png"].stat == FileStat("logo.png", 9, 8, 7)
    assert known["x"].stat is None


def test_a_file_that_becomes_excluded_is_no_longer_found(bench: Bench) -> None:
    bench.write("a.md", "alpha")

    bench.catalog.apply(bench.main, excluded=[(None, Exclusion("a.md", ExclusionReason.GENERATED))])

    assert bench.found("alpha") == []
    assert bench.catalog.file_chunks(bench.main, "a.md") == []


def test_redactions_and_notes_are_reported_for_the_file(bench: Bench) -> None:
    stat, digest, parsed, _ = bench.content("a.md", "alpha", notes=("bad front matter",))
    bench.catalog.apply(bench.main, parsed=[(stat, digest, parsed, (Redaction(3, "aws-key"),))])

    (entry,) = bench.catalog.file_entries(bench.main, ["a.md"])

    assert (entry.kind, entry.chunks) == (Kind.DOCUMENT, 1)
    assert entry.redactions == (Redaction(3, "aws-key"),)
    assert entry.notes == ("bad front matter",)


def test_an_id_outlives_edits_elsewhere_in_the_file_and_moves_with_its_lines(bench: Bench) -> None:
    bench.write("a.md", "alpha one\n\nbeta two")
    before = bench.catalog.file_chunks(bench.main, "a.md")[1]

    result = bench.write("a.md", "alpha one\nand more\n\nbeta two")

    after = bench.catalog.file_chunks(bench.main, "a.md")[1]
    assert after.id == before.id
    assert after.rowid == before.rowid
    assert (before.chunk.lines, after.chunk.lines) == (LineRange(3, 3), LineRange(4, 4))
    assert (result.added_chunks, result.kept_chunks) == (1, 1)


def test_an_id_is_found_again_and_one_that_is_gone_is_not(bench: Bench) -> None:
    bench.write("a.md", "alpha one")
    (stored,) = bench.catalog.file_chunks(bench.main, "a.md")

    assert bench.catalog.chunk_by_id(bench.main, stored.id.upper()) == stored
    assert bench.catalog.chunk_by_id(bench.main, "nothing") is None
    bench.write("a.md", "beta")
    assert bench.catalog.chunk_by_id(bench.main, stored.id) is None


def test_the_same_passage_twice_in_a_file_is_found_once_at_its_first_place(bench: Bench) -> None:
    bench.write("a.md", "again again\n\nagain again")

    (stored,) = bench.catalog.file_chunks(bench.main, "a.md")

    assert stored.chunk.lines == LineRange(1, 1)
    assert bench.found("again") == ["again again"]


def test_switching_back_to_a_content_needs_no_parsing(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.write("a.md", "beta")

    assert bench.has_parsed("a.md", "alpha")
    result = bench.reuse("a.md", "alpha")

    assert result.added_chunks == 0
    assert result.changed
    assert bench.found("alpha beta") == ["alpha"]


def test_a_second_worktree_shares_contents_and_sees_only_its_own(bench: Bench) -> None:
    feature = bench.catalog.checkout(Path("/srv/feature"))
    bench.write("a.md", "alpha shared")
    bench.write("b.md", "beta main")

    bench.reuse("a.md", "alpha shared", checkout=feature)
    bench.write("b.md", "beta feature", checkout=feature)

    assert bench.found("alpha beta", checkout=feature) == ["alpha shared", "beta feature"]
    assert sorted(bench.found("alpha beta")) == ["alpha shared", "beta main"]
    assert bench.catalog.checkout(Path("/srv/feature")) == feature


def test_a_forgotten_checkout_leaves_the_others_alone(bench: Bench) -> None:
    feature = bench.catalog.checkout(Path("/srv/feature"))
    bench.write("a.md", "alpha")
    bench.reuse("a.md", "alpha", checkout=feature)

    bench.catalog.forget_checkout(feature)

    assert list(bench.catalog.checkouts()) == [Path("/srv/main")]
    assert bench.found("alpha") == ["alpha"]


def test_content_swept_between_the_question_and_the_change_is_reported_missing(bench: Bench) -> None:
    result = bench.reuse("a.md", "never parsed")

    assert result.missing == ("a.md",)
    assert bench.catalog.known_files(bench.main) == {}


def test_a_file_saved_all_day_keeps_few_of_its_pasts(bench: Bench) -> None:
    for number in range(20):
        bench.write("a.md", f"version{number} of it")

    kept = [number for number in range(20) if bench.has_parsed("a.md", f"version{number} of it")]

    assert kept == [16, 17, 18, 19]
    assert bench.found("version3") == bench.found("version19") == ["version19 of it"]


def test_sweeping_drops_what_no_checkout_has_and_nothing_else(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.write("b.md", "beta")
    bench.write("a.md", "gamma")

    assert bench.catalog.sweep(3600).contents == 0
    swept = bench.catalog.sweep(0)

    assert (swept.contents, swept.chunks) == (1, 1)
    assert not bench.has_parsed("a.md", "alpha")
    assert sorted(bench.found("alpha beta gamma")) == ["beta", "gamma"]


def test_parsing_a_content_again_replaces_it_in_every_checkout(bench: Bench) -> None:
    feature = bench.catalog.checkout(Path("/srv/feature"))
    bench.write("docs/1.md", "Use SQLite")
    bench.reuse("docs/1.md", "Use SQLite", checkout=feature)

    bench.write(
        "docs/1.md", "Use SQLite", Kind.DECISION, decision=DecisionRecord("nygard", "1", "Use SQLite")
    )

    for checkout in (bench.main, feature):
        hits = bench.catalog.search_words(checkout, "sqlite")
        assert [hit.kind for hit in hits] == [Kind.DECISION]
        assert list(bench.catalog.decisions(checkout)) == ["docs/1.md"]


def test_a_new_chunker_version_makes_files_due_while_they_keep_answering(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.write("b.md", "beta")

    catalog = bench.reopen(chunker_version=99)

    assert bench.stale() == ["a.md", "b.md"]
    assert catalog.known_files(bench.main)["a.md"].stale
    assert not bench.has_parsed("a.md", "alpha")
    assert sorted(bench.found("alpha beta")) == ["alpha", "beta"]
    bench.write("a.md", "alpha")
    assert bench.stale() == ["b.md"]
    assert catalog.statistics(bench.main).stale_files == 1


def test_the_generation_changes_with_the_content_and_only_then(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    first = bench.catalog.generation(bench.main)

    touched = bench.write("a.md", "alpha")
    bench.catalog.apply(bench.main, excluded=[(None, Exclusion("x", ExclusionReason.MISSING))])
    unchanged = bench.catalog.generation(bench.main)
    bench.catalog.apply(bench.main, removed=["a.md"])

    assert touched.added_chunks == 0
    assert unchanged >= first
    assert bench.catalog.generation(bench.main) > unchanged
    assert bench.catalog.known_files(bench.main).keys() == {"x"}


def test_text_that_is_not_valid_unicode_is_stored_as_escapes(bench: Bench) -> None:
    bench.write("bad\udcff.md", "half \ud800 pair")

    assert bench.found("half") == ["half \\ud800 pair"]


def test_a_snapshot_does_not_see_what_is_written_meanwhile(bench: Bench) -> None:
    bench.write("a.md", "alpha")

    with bench.catalog.snapshot():
        hits = bench.catalog.search_words(bench.main, "alpha")
        bench.write("a.md", "beta")
        seen = bench.catalog.chunks(bench.main, [hit.rowid for hit in hits])
        assert [stored.chunk.text for stored in seen] == ["alpha"]

    assert bench.found("alpha") == []
    assert bench.found("beta") == ["beta"]


def test_paths_like_prefers_whole_names_then_short_paths(bench: Bench) -> None:
    for path in ("docs/init_safety.md", "cmd/init.go", "cmd/init_test.go", "init/notes.md"):
        bench.write(path, "x")

    assert bench.catalog.paths_like(bench.main, "INIT.go") == ["cmd/init.go"]
    assert bench.catalog.paths_like(bench.main, "init") == [
        "cmd/init.go",
        "cmd/init_test.go",
        "docs/init_safety.md",
        "init/notes.md",
    ]
    assert bench.catalog.paths_like(bench.main, "init", limit=1) == ["cmd/init.go"]
    assert bench.catalog.paths_like(bench.main, " ") == []


def test_statistics_count_what_is_live(bench: Bench) -> None:
    bench.write("a.md", "alpha\n\nbeta", notes=("odd",))
    bench.write("b.py", "gamma", Kind.CODE)
    bench.catalog.apply(bench.main, excluded=[(None, Exclusion("x", ExclusionReason.MISSING))])
    bench.catalog.mark_scanned(bench.main, 12.5)

    numbers = bench.catalog.statistics(bench.main)

    assert (numbers.files, numbers.stale_files) == (2, 0)
    assert (numbers.chunks[Kind.DOCUMENT], numbers.chunks[Kind.CODE]) == (2, 1)
    assert (numbers.waiting[Kind.DOCUMENT], numbers.encoded[Kind.DOCUMENT]) == (2, 0)
    assert numbers.excluded == {"missing": 1}
    assert numbers.notes == {"a.md": ("odd",)}
    assert numbers.scanned_at == 12.5
    assert numbers.size_bytes > 0


@pytest.mark.parametrize("count", [0, 3])
def test_an_empty_change_and_an_empty_file_are_fine(bench: Bench, count: int) -> None:
    result = bench.catalog.apply(
        bench.main,
        parsed=[
            (bench.stat(f"{n}.txt", ""), "e", ParsedFile(f"{n}.txt", Kind.DOCUMENT, "x", ()), ())
            for n in range(count)
        ],
    )

    assert result.added_chunks == 0
    assert len(bench.catalog.known_files(bench.main)) == count
    assert isinstance(bench.catalog, Catalog)


def test_files_marked_stale_are_due_in_this_checkout_and_answer_meanwhile(bench: Bench) -> None:
    feature = bench.catalog.checkout(Path("/srv/feature"))
    bench.write("a.md", "alpha")
    bench.reuse("a.md", "alpha", checkout=feature)

    for _ in range(2):
        bench.catalog.mark_stale(bench.main)
        assert bench.stale() == ["a.md"]
        assert not bench.has_parsed("a.md", "alpha")
        assert bench.found("alpha") == bench.found("alpha", checkout=feature) == ["alpha"]
        bench.write("a.md", "alpha")

    assert bench.stale() == []
    assert bench.reuse("a.md", "alpha", checkout=feature).missing == ()
    assert bench.stale(feature) == []


def test_known_files_can_be_asked_for_below_some_paths(bench: Bench) -> None:
    for path in ("docs/a.md", "docs/deep/b.md", "docs.md", "docs0.md", "src/c.py"):
        bench.write(path, "x")

    below = bench.catalog.known_files(bench.main, below=["docs", "src/c.py", "gone"])

    assert below.keys() == {"docs/a.md", "docs/deep/b.md", "src/c.py"}


def test_parsed_digests_tell_every_content_of_a_path_that_is_kept(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    bench.write("a.md", "beta")

    digests = bench.catalog.parsed_digests(["a.md", "b.md"])

    assert digests == {"a.md": {bench.digest("alpha"), bench.digest("beta")}}


def test_folders_and_files_are_counted_by_kind(bench: Bench) -> None:
    bench.write("src/deep/c.py", "x", Kind.CODE)
    bench.write("docs/a.md", "y")

    assert bench.catalog.folders_with(bench.main, Kind.CODE) == {"src/deep", "src", ""}
    assert bench.catalog.count_files(bench.main, [Kind.DOCUMENT, Kind.CODE]) == 2
    assert bench.catalog.count_files(bench.main, [Kind.DECISION]) == 0


def test_a_remembered_value_tells_when_it_changes(bench: Bench) -> None:
    assert not bench.catalog.remember("layout", "one")
    assert not bench.catalog.remember("layout", "one")
    bench.reopen()
    assert bench.catalog.remember("layout", "two")


def test_what_was_asked_for_before_is_read_anew_after_every_change(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    (hit,) = bench.catalog.search_words(bench.main, "alpha")
    (chunk,) = bench.catalog.chunks(bench.main, [hit.rowid])
    live = {chunk.vector_key: [hit.rowid]}
    for _ in range(2):
        assert bench.catalog.chunks(bench.main, [hit.rowid, 7]) == [chunk]
        assert list(bench.catalog.outlines(bench.main, [hit.rowid, 7])) == [hit.rowid]
        assert bench.catalog.live(bench.main, [chunk.vector_key, "unknown"]) == live
    bench.catalog.apply(bench.main, removed=["a.md"])
    assert bench.catalog.chunks(bench.main, [hit.rowid]) == []
    assert bench.catalog.outlines(bench.main, [hit.rowid]) == {}
    assert bench.catalog.live(bench.main, [chunk.vector_key]) == {}
    bench.reuse("a.md", "alpha")
    assert [each.id for each in bench.catalog.chunks(bench.main, [hit.rowid])] == [chunk.id]
    assert list(bench.catalog.outlines(bench.main, [hit.rowid])) == [hit.rowid]
    assert bench.catalog.live(bench.main, [chunk.vector_key]) == live


def test_an_outline_says_what_the_chunk_says_of_itself(bench: Bench) -> None:
    record = DecisionRecord("madr-4", "ADR-1", "Alpha", number=1)
    bench.write("docs/adr/0001.md", "alpha", Kind.DECISION, decision=record)
    (hit,) = bench.catalog.search_words(bench.main, "alpha")
    (stored,) = bench.catalog.chunks(bench.main, [hit.rowid])
    outline = bench.catalog.outlines(bench.main, [hit.rowid])[hit.rowid]
    assert all(getattr(outline.chunk, name) == getattr(stored.chunk, name) for name in ChunkOutline._fields)
    assert outline.decision == stored.decision == record
    assert outline.commit is None


def test_what_is_remembered_belongs_to_the_snapshot_that_asks(bench: Bench) -> None:
    bench.write("a.md", "alpha")
    (hit,) = bench.catalog.search_words(bench.main, "alpha")
    with bench.catalog.snapshot():
        assert len(bench.catalog.chunks(bench.main, [hit.rowid])) == 1
        remove = threading.Thread(target=lambda: bench.catalog.apply(bench.main, removed=["a.md"]))
        remove.start()
        remove.join()
        assert len(bench.catalog.chunks(bench.main, [hit.rowid])) == 1
    assert bench.catalog.chunks(bench.main, [hit.rowid]) == []


def test_questions_at_once_lack_nothing_that_another_is_only_reading(bench: Bench) -> None:
    bench.write("a.md", "\n\n".join(f"alpha {number}" for number in range(400)))
    rows = [hit.rowid for hit in bench.catalog.search_words(bench.main, "alpha", limit=400)]
    together, found = threading.Barrier(4, timeout=30), []

    def ask() -> None:
        for _ in range(60):
            together.wait()
            found.append(len(bench.catalog.chunks(bench.main, rows)))
            together.wait()
            bench.catalog.release()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert set(found) == {len(rows)}
    assert len(found) == 240
