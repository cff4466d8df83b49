"""Bytes to lines."""

from __future__ import annotations

import time

import pytest

from whykeeper.daemon.lines import LineSplitter


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_lines_come_out_whole_however_the_bytes_come_in(size: int) -> None:
    data = b"one\n\ntwo\r\nthree\rstill three\nfour"
    splitter = LineSplitter()

    lines = [
        line for start in range(0, len(data), size) for line in splitter.feed(data[start : start + size])
    ]

    assert lines == [b"one\n", b"\n", b"two\r\n", b"three\rstill three\n"]
    assert splitter.feed(b"!\n") == [b"four!\n"]


def test_a_line_over_the_limit_is_dropped_and_the_next_is_not() -> None:
    splitter = LineSplitter(limit=5)

    assert splitter.feed(b"12345") == []
    assert splitter.feed(b"6789") == []
    assert splitter.feed(b"0\nok\n") == [b"ok\n"]
    assert splitter.dropped == 1


def test_the_cost_of_a_long_line_is_linear_in_its_length() -> None:
    def cost(pieces: int) -> float:
        splitter, piece = LineSplitter(), b"x" * 1_000
        started = time.process_time()
        for _ in range(pieces):
            splitter.feed(piece)
        assert len(splitter.feed(b"\n")[0]) == pieces * 1_000 + 1
        return time.process_time() - started

    # Quadratic, it would be 64 times.
    assert min(cost(40_000) for _ in range(3)) < 40 * max(min(cost(5_000) for _ in range(3)), 0.001)
