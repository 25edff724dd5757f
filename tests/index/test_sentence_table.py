"""The sentences of all passages in one table."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import SentenceTable
from index.types import Span

PASSAGES = [[Span(0, 5), Span(6, 9)], [Span(0, 3)], [], [Span(2, 4), Span(4, 8), Span(9, 10)]]


def test_sentences_are_found_by_their_passage() -> None:
    """As plain spans, whatever the table keeps."""
    table = SentenceTable.from_spans(PASSAGES)
    assert [table.of_passage(row) for row in range(4)] == PASSAGES
    assert all(type(end) is int for span in table.of_passage(0) for end in span)


def test_sentences_know_their_passage() -> None:
    """Sentence j belongs to the passage `owner[j]`."""
    table = SentenceTable.from_spans(PASSAGES)
    assert table.owner.tolist() == [0, 0, 1, 3, 3, 3]
    assert table.start.tolist() == [0, 2, 3, 3, 6]


def test_a_table_is_as_long_as_there_are_passages() -> None:
    """Not as there are sentences."""
    assert len(SentenceTable.from_spans(PASSAGES)) == 4
    assert len(SentenceTable.from_spans([])) == 0
    assert SentenceTable.from_spans([[]]).of_passage(0) == []


def test_a_saved_table_loads_the_same(tmp_path: Path) -> None:
    """Array by array."""
    before = SentenceTable.from_spans(PASSAGES)
    before.save(tmp_path, "sentences")
    after = SentenceTable.load(tmp_path, "sentences")
    for name in SentenceTable.__slots__:
        assert getattr(before, name).dtype == getattr(after, name).dtype
        assert np.array_equal(getattr(before, name), getattr(after, name))
    assert [after.of_passage(row) for row in range(4)] == PASSAGES


def test_an_empty_table_loads_the_same(tmp_path: Path) -> None:
    """Arrays of no length are files too."""
    SentenceTable.from_spans([]).save(tmp_path, "sentences")
    assert len(SentenceTable.load(tmp_path, "sentences")) == 0


_ENDS = st.integers(0, 2**31 - 1)


@given(st.lists(st.lists(st.builds(Span, _ENDS, _ENDS), max_size=4), max_size=6))
def test_any_spans_come_back(passages: list[list[Span]]) -> None:
    """In their order, none lost."""
    table = SentenceTable.from_spans(passages)
    assert [table.of_passage(row) for row in range(len(table))] == passages
