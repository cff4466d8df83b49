"""Result files, and the tables written from them."""

from pathlib import Path

import pytest
from benchmarks.figures import dated, newest, with_section, write_results, write_sections
from benchmarks.reach import reach_table

README = "before\n<!-- speed -->\nold\n<!-- /speed -->\nafter\n"


def test_a_table_takes_the_place_of_the_one_before_it() -> None:
    assert with_section(README, "speed", "| new \\1 |\n") == README.replace("old", "| new \\1 |")


def test_a_table_without_a_place_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(README, encoding="utf-8")
    with pytest.raises(ValueError, match="peers"):
        write_sections(readme, {"speed": "new", "peers": "new"})
    assert readme.read_text(encoding="utf-8") == README


def test_the_newest_figure_of_each_part_is_found(tmp_path: Path) -> None:
    first = write_results(tmp_path, "speed", {"index": {"took": 1}, "search": {"took": 2}})
    first.rename(tmp_path / "2026-01-01-000000-speed.json")
    write_results(tmp_path, "speed", {"index": {"took": 3}})
    write_results(tmp_path, "retrieval", {"index": {"took": 4}})
    found = newest(tmp_path, "speed")
    assert (found["index"]["took"], found["search"]["took"]) == (3, 2)


def test_what_was_not_measured_is_said_to_be_so() -> None:
    table = reach_table({}, {})
    assert "✓" not in table
    assert "not measured" in table


def test_a_reach_holds_only_when_all_of_it_does() -> None:
    summary = {
        "absent": {"hits": 11, "of": 12},
        "withheld": {"hits": 10, "of": 100},
        "scope": {"ndcg@10": (0.81, 0.7, 0.9)},
        "hand": {"ndcg@10": (0.81, 0.7, 0.9), "recall@5": (0.84, 0.7, 0.9)},
    }
    lines = reach_table({"retrieval": {"summary": summary}}, {}).splitlines()
    marks = {name: line[-3] for line in lines for name in ("hand-written", "absent", "scope") if name in line}
    assert marks == {"hand-written": "✗", "absent": "✗", "scope": "✓"}


def test_no_repository_makes_up_for_the_false_alarms_of_another() -> None:
    def alarms(*warnings: int) -> str:
        parts = {
            f"replay {number}": {"commits": 200, "with": {"error": 0, "warning": count}}
            for number, count in enumerate(warnings)
        }
        return reach_table({}, {}, parts)

    assert "0 (0.0%) / 40 (10.0%) of 400, in 2 repositories ✗" in alarms(0, 40)
    assert "0 (0.0%) / 60 (15.0%) of 400, in 2 repositories ✓" in alarms(30, 30)


def test_every_class_of_planted_faults_is_to_be_found() -> None:
    counts = {"clone": {"found": 18, "planted": 20}, "stub": {"found": 17, "planted": 20}}
    table = reach_table({}, {}, {"planted go": {"kinds": counts}})

    assert "planted faults found: clone | 90% | 18 of 20 (90%) ✓" in table
    assert "planted faults found: stub | 90% | 17 of 20 (85%) ✗" in table


def test_semble_is_to_be_beaten_where_it_was_measured_and_where_it_publishes() -> None:
    def tokens(ours: int, theirs: int) -> str:
        engines = {"whykeeper": {"tokens": ours}, "semble 1": {"tokens": theirs}}
        return reach_table({"peers": {"engines": engines}}, {})

    assert "✓" in tokens(900, 950)
    assert "✓" not in tokens(900, 800)
    assert "✓" not in tokens(1_100, 1_200)


def test_a_table_says_when_and_at_which_commits_it_was_measured() -> None:
    parts = [
        {"date": "2026-01-02T03:04:05+00:00", "commit": "b"},
        {"date": "2026-01-02T04:04:05+00:00", "commit": "b"},
        {"date": "2026-01-01T03:04:05+00:00", "commit": "a"},
    ]
    assert dated("table", parts) == "table\n\nMeasured on 2026-01-01 at `a`, 2026-01-02 at `b`."
