"""Files in the order of the words they hold."""

from pathlib import Path

from benchmarks.peers.matches import Match, files, words


def test_a_question_is_reduced_to_the_words_that_say_something() -> None:
    assert words("How does the parser read a file_name twice?") == ["parser", "read", "file_name", "twice"]


def test_a_question_of_small_words_keeps_them() -> None:
    assert words("is it so?") == ["is", "it", "so"]


def test_a_file_with_more_different_words_stands_above_one_with_more_lines(tmp_path: Path) -> None:
    for name in ("many.py", "both.py"):
        (tmp_path / name).write_text("text\n", encoding="utf-8")
    matches = [
        *(Match(str(tmp_path / "many.py"), frozenset({"read"})) for _ in range(5)),
        Match("both.py", frozenset({"read"})),
        Match("both.py", frozenset({"parser"})),
    ]
    found = files(matches, tmp_path, "src", 10)
    assert [unit.path for unit in found] == ["src/both.py", "src/many.py"]
