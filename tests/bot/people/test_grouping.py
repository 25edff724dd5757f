"""Rows that are alike stand together."""

import numpy as np

from bot.people.grouping import alike


def test_rows_join_the_first_group_that_is_near() -> None:
    """Groups come by size, then in the order of their first rows; none is left out."""
    vectors = np.array([[1, 0], [0, 1], [0.6, 0.8], [0, 1], [0.8, 0.6]], np.float32)
    assert alike(vectors, threshold=0.79) == [[1, 2, 3], [0, 4]]
    assert alike(vectors, threshold=1.0) == [[1, 3], [0], [2], [4]]


def test_nothing_is_in_no_group() -> None:
    """Without questions there are no groups."""
    assert alike(np.zeros((0, 2), np.float32), threshold=0.5) == []
