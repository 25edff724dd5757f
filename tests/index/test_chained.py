"""Stores over several segments answer as one store of all their rows would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chained import ChainedArray, ChainedRecords, ChainedVectors
from index.chained_words import ChainedLexical, ChainedTerms, ChainedTokens
from index.dense import DenseIndex
from index.lexical import LexicalIndex, LexicalWriter
from index.placement import GONE, Placement
from index.searches import IndexKind
from index.terms import TermStatistics, TermStore
from index.tokens import PieceStatistics, TokenStore, word_records

if TYPE_CHECKING:
    from pathlib import Path

    from index.types import Vectors

TEXTS = [
    [["cat", "dog"], ["cat", "cat", "cow"], ["gone"], ["dog", "dog", "dog", "hen"]],
    [["cow", "hen"], ["gone", "cat"], ["cat", "hen", "hen"]],
]
ALIVE = [(0, 0), (1, 0), (0, 1), (1, 2), (0, 3)]
"""The rows of the whole: their segments, and their rows there."""


def placed(*rows: tuple[int, int], sizes: tuple[int, ...] = (4, 3)) -> Placement:
    """Place rows in segments."""
    segment, local = zip(*rows, strict=True)
    return Placement.of(np.array(segment, np.int32), np.array(local, np.int64), sizes)


PLACED = placed(*ALIVE)
WHOLE = [TEXTS[segment][local] for segment, local in ALIVE]


def unit(seed: int, count: int, dimension: int = 8) -> Vectors:
    """Return random unit vectors."""
    made = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True))


def test_rows_are_found_both_ways() -> None:
    """What is in a segment and not in the whole has no row."""
    assert [rows.tolist() for rows in PLACED.rows] == [[0, 2, GONE, 4], [1, GONE, 3]]
    assert len(PLACED) == 5
    found = [
        (number, at.tolist(), local.tolist())
        for number, at, local in PLACED.parts(np.array([4, 1, 0]))
    ]
    assert found == [(0, [0, 2], [3, 0]), (1, [1], [0])]


def test_what_is_below_rows_stands_in_their_order() -> None:
    """Rows of two, one and no parts."""
    starts = [np.array([0, 2, 3, 3, 5]), np.array([0, 1, 4, 4])]
    begins, parts = PLACED.below(starts)
    assert begins.tolist() == [0, 2, 3, 4, 4, 6]
    assert parts.segment.tolist() == [0, 0, 1, 0, 0, 0]
    assert parts.local.tolist() == [0, 1, 0, 2, 3, 4]
    assert [rows.tolist() for rows in parts.rows] == [[0, 1, 3, 4, 5], [2, GONE, GONE, GONE]]


def test_records_and_arrays_come_row_by_row() -> None:
    """One, from the end, as slices; and some rows at once, in any order."""
    records = ChainedRecords(TEXTS, PLACED)
    assert [len(records), records[-1], records[1:3]] == [5, WHOLE[-1], WHOLE[1:3]]
    assert list(records) == WHOLE
    with pytest.raises(IndexError):
        records[5]
    arrays = [unit(0, 4), unit(1, 3)]
    found = ChainedArray(arrays, PLACED)[np.array([3, 0, 3])]
    assert found.tolist() == [arrays[1][2].tolist(), arrays[0][0].tolist(), arrays[1][2].tolist()]


@given(
    sizes=st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40)),
    share=st.floats(0.05, 1),
    k=st.integers(1, 30),
    scope=st.none() | st.floats(0.1, 1),
)
def test_the_nearest_are_those_of_all_that_is_there(
    sizes: tuple[int, int, int], share: float, k: int, scope: float | None
) -> None:
    """However much of each segment is gone, within a scope or not; scores to the last bits."""
    chance = np.random.default_rng(sum(sizes))
    made = [unit(seed, size) for seed, size in enumerate(sizes)]
    rows = [
        (number, row)
        for number, size in enumerate(sizes)
        for row in range(size)
        if row == 0 or chance.random() < share
    ]
    chance.shuffle(rows)
    placement = placed(*rows, sizes=sizes)
    indexes = [DenseIndex.from_vectors(each, kind=IndexKind.FLAT) for each in made]
    whole = np.array([made[number][row] for number, row in rows])
    within = None if scope is None else chance.random(len(rows)) < scope
    asked = unit(9, 2)
    scores, found = ChainedVectors(indexes, placement).search(asked, k, within=within)
    expected, best = DenseIndex.from_vectors(whole, kind=IndexKind.FLAT).search(
        asked, k, within=within
    )
    assert found.tolist() == best.tolist()
    assert scores == pytest.approx(expected, abs=1e-6)
    vectors = ChainedVectors(indexes, placement).vectors(np.arange(len(rows)))
    assert np.array_equal(vectors, whole)


def terms() -> ChainedTerms:
    """Return the terms of the rows that are there, with the statistics of these."""
    stores = [TermStore.from_terms(texts) for texts in TEXTS]
    gone = [TermStore.from_terms([TEXTS[0][2]]), TermStore.from_terms([TEXTS[1][1]])]
    lengths = PLACED.gathered([each.lengths for each in stores])
    statistics = TermStatistics.total(
        [each.statistics for each in stores], [each.statistics for each in gone], lengths
    )
    return ChainedTerms(stores, PLACED, statistics)


def test_statistics_are_those_of_what_is_there() -> None:
    """Added up, and taken away, they are what counting once gives."""
    expected = TermStore.from_terms(WHOLE).statistics
    found = terms().statistics
    for name in TermStatistics.__slots__:
        assert np.array_equal(getattr(found, name), getattr(expected, name))
    assert found.idf(["gone", "cat"]).tolist() == expected.idf(["gone", "cat"]).tolist()


def test_terms_are_counted_and_searched_as_in_one_store() -> None:
    """In whichever order the rows are asked for, and within any scope."""
    chained, one = terms(), TermStore.from_terms(WHOLE)
    rows, asked = np.array([4, 1, 3, 0]), ["dog", "hen", "cat", "owl"]
    occurrences = chained.occurrences(asked, rows)
    assert occurrences.tolist() == one.occurrences(asked, rows).tolist()
    idf = one.statistics.idf(asked)
    assert (
        chained.bm25(occurrences, idf, rows).tolist() == one.bm25(occurrences, idf, rows).tolist()
    )
    for within in (np.ones(5, bool), np.array([True, False, True, True, False])):
        assert chained.search(asked, within, 3) == one.search(asked, within, 3)
    assert chained.search(asked, np.zeros(5, bool), 3) == []


def test_full_text_ranks_by_the_weights_of_the_whole(tmp_path: Path) -> None:
    """A word that is rare in its segment may be common everywhere; what is gone isn't found."""
    indexes = []
    for number, texts in enumerate(TEXTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        writer = LexicalWriter(folder)
        writer.append(texts)
        writer.close()
        indexes.append(LexicalIndex.load(folder))
    own = [TermStore.from_terms(texts).statistics for texts in TEXTS]
    chained = ChainedLexical(indexes=indexes, own=own, terms=terms(), placement=PLACED)
    one = TermStore.from_terms(WHOLE)
    for asked in (["dog"], ["hen", "cow"], ["cat", "hen"], ["gone"], ["owl"], []):
        for k in (1, 2, 5):
            assert chained.search(asked, k) == one.search(asked, np.ones(5, bool), k)


def test_tokens_are_matched_as_in_one_store() -> None:
    """Passage by passage, in the order that is asked for; one has none."""
    chance = np.random.default_rng(3)

    def store(*counts: int) -> TokenStore:
        start = np.cumsum([0, *counts])
        pieces = chance.integers(5, size=start[-1]).astype(np.int32)
        return TokenStore(
            start=start,
            words=word_records(
                chance.integers(-127, 128, (start[-1], 4)).astype(np.int8),
                chance.random(start[-1]).astype(np.float16),
                np.sort(chance.integers(2, size=start[-1])).astype(np.int16),
            ),
            pieces=pieces,
            statistics=PieceStatistics.of_pieces(start, pieces),
        )

    stores = [store(2, 3, 1, 0), store(1, 2, 4)]
    gone = [stores[0].of_rows(np.array([2])), stores[1].of_rows(np.array([1]))]
    statistics = PieceStatistics.total(
        [each.statistics for each in stores],
        [PieceStatistics.of_pieces(each.start, each.pieces) for each in gone],
    )
    whole = TokenStore.joined(
        [stores[number].of_rows(np.array([row])) for number, row in ALIVE], statistics
    )
    counted = PieceStatistics.of_pieces(whole.start, whole.pieces)
    assert statistics.frequency.tolist() == counted.frequency.tolist()
    assert int(statistics.passages) == int(counted.passages) == 5
    question, rows = unit(0, 3, 4), np.array([4, 3, 0, 1])
    found = ChainedTokens(stores, PLACED, statistics).match(question, rows)
    expected = whole.match(question, rows)
    for name in ("best", "passage", "segment"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()
