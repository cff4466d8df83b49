from __future__ import annotations

import numpy as np

from whykeeper.gaps.grouping import NEAR_IN_WORDS, by_meaning, by_words, grouped


def test_what_is_near_to_all_of_a_group_joins_it_and_a_chain_does_not() -> None:
    # Each a little further round the circle: neighbours are near, the ends are not.
    angles = (0.0, 0.5, 1.0, 1.5)
    vectors = [np.array([np.cos(angle), np.sin(angle)], dtype=np.float32) for angle in angles]

    groups = grouped(by_meaning(vectors), 0.8)

    assert sorted(map(sorted, groups)) == [[0, 1], [2, 3]]


def test_the_one_in_the_middle_comes_first() -> None:
    angles = (0.4, 0.2, 0.0)
    vectors = [np.array([np.cos(angle), np.sin(angle)], dtype=np.float32) for angle in angles]

    (group,) = grouped(by_meaning(vectors), 0.5)

    assert group[0] == 1


def test_words_in_common_group_questions_whatever_their_inflection() -> None:
    asked = ["naming of migrations", "name a migration", "size of an upload"]
    groups = grouped(by_words(asked), NEAR_IN_WORDS)
    assert sorted(map(sorted, groups)) == [[0, 1], [2]]


def test_one_question_is_one_group() -> None:
    assert grouped(by_words(["why"]), NEAR_IN_WORDS) == [[0]]
