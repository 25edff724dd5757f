"""Terms of texts: counts, BM25 and coverage."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import TermStore, coverage
from index.word_writers import TermWriter

TEXTS = [["cat", "dog", "cat"], ["dog"], ["cat", "hen", "hen", "hen", "hen"], []]
ROWS = np.arange(4)


@pytest.fixture
def store() -> TermStore:
    """Return the store of `TEXTS`: nine terms in four texts."""
    return TermStore.from_terms(TEXTS)


def test_there_are_as_many_as_texts(store: TermStore) -> None:
    """Empty texts count."""
    assert len(store) == 4
    assert store.lengths.tolist() == [3, 1, 5, 0]


def test_distinct_terms_are_kept_with_their_counts(store: TermStore) -> None:
    """Two, one, two and none."""
    assert store.start.tolist() == [0, 2, 3, 5, 5]
    assert sorted(store.counts[0:2].tolist()) == [1, 2]
    assert sorted(store.counts[3:5].tolist()) == [1, 4]
    assert sorted(store.statistics.frequency.tolist()) == [1, 2, 2]


def test_idf_is_that_of_bm25(store: TermStore) -> None:
    """The logarithm of 1 + (N - n + 0.5) / (n + 0.5), with N = 4 texts."""
    assert store.statistics.idf(["cat", "hen", "owl"]).tolist() == pytest.approx(
        [math.log(1 + 2.5 / 2.5), math.log(1 + 3.5 / 1.5), math.log(1 + 4.5 / 0.5)], abs=1e-6
    )
    assert store.statistics.idf([]).shape == (0,)


def test_occurrences_are_counted_by_text_and_term(store: TermStore) -> None:
    """Rows as asked for, in any order; unknown terms occur nowhere."""
    found = store.occurrences(["hen", "cat", "owl"], np.array([2, 0, 3]))
    assert found.tolist() == [[4, 1, 0], [0, 2, 0], [0, 0, 0]]


WORDS = st.sampled_from(["cat", "dog", "hen", "owl", "rat", "sow"])


@given(
    texts=st.lists(st.lists(WORDS, max_size=9), max_size=6),
    asked=st.lists(WORDS, unique=True, max_size=6),
    data=st.data(),
)
def test_any_term_of_any_text_is_counted(
    texts: list[list[str]], asked: list[str], data: st.DataObject
) -> None:
    """As reading every text would."""
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=8)) if texts else []
    found = TermStore.from_terms(texts).occurrences(asked, np.array(rows, np.int64))
    assert found.shape == (len(rows), len(asked))
    assert found.tolist() == [[texts[row].count(term) for term in asked] for row in rows]


def test_bm25_is_a_share_of_the_most_there_could_be(store: TermStore) -> None:
    """Worked out for "cat hen" with k1 = 1.2, b = 0.75 and a mean length of 9 / 4."""
    idf = store.statistics.idf(["cat", "hen"])
    found = store.bm25(store.occurrences(["cat", "hen"], ROWS), idf, ROWS)
    cat, hen = math.log(2), math.log(10 / 3)
    first = 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 2.25))
    third = 1.2 * (0.25 + 0.75 * 5 / 2.25)
    expected = [
        first * cat / (cat + hen),
        0,
        (cat / (1 + third) + hen * 4 / (4 + third)) / (cat + hen),
        0,
    ]
    assert found.tolist() == pytest.approx(expected, abs=1e-6)


def test_coverage_is_the_share_of_the_weight_that_occurs(store: TermStore) -> None:
    """How often doesn't matter; unknown terms weigh too."""
    asked = ["cat", "dog", "owl"]
    idf = store.statistics.idf(asked)
    weights = [math.log(2), math.log(2), math.log(10)]
    both, one = (weights[0] + weights[1]) / sum(weights), weights[0] / sum(weights)
    assert coverage(store.occurrences(asked, ROWS), idf).tolist() == pytest.approx(
        [both, one, one, 0], abs=1e-6
    )


def test_no_terms_score_zero_for_every_text(store: TermStore) -> None:
    """A question of emoji is no division by zero."""
    none = store.occurrences([], ROWS)
    assert none.shape == (4, 0)
    assert store.bm25(none, store.statistics.idf([]), ROWS).tolist() == [0, 0, 0, 0]
    assert coverage(none, store.statistics.idf([])).tolist() == [0, 0, 0, 0]


def test_texts_without_a_term_are_no_error() -> None:
    """A corpus of emoji has none at all."""
    store = TermStore.from_terms([[], []])
    rows = np.arange(2)
    idf = store.statistics.idf(["cat"])
    assert idf.tolist() == pytest.approx([math.log(1 + 2.5 / 0.5)])
    assert store.bm25(store.occurrences(["cat"], rows), idf, rows).tolist() == [0, 0]


def test_no_texts_are_no_error() -> None:
    """The store is empty."""
    assert len(TermStore.from_terms([])) == 0


def test_a_count_past_what_is_stored_stays_at_the_most() -> None:
    """Never round the clock to zero."""
    store = TermStore.from_terms([["cat"] * 65_540])
    assert store.occurrences(["cat"], np.array([0])).tolist() == [[65_535]]
    assert store.lengths.tolist() == [65_540]


def test_saved_and_loaded_it_is_the_same(store: TermStore, tmp_path: Path) -> None:
    """Array by array."""
    writer = TermWriter(tmp_path, "terms")
    writer.append(TermStore.from_terms(TEXTS[:1]))
    writer.append(TermStore.from_terms(TEXTS[1:]))
    writer.close()
    loaded = TermStore.load(tmp_path, "terms")
    for before, after in (
        (store.start, loaded.start),
        (store.hashes, loaded.hashes),
        (store.counts, loaded.counts),
        (store.lengths, loaded.lengths),
        (store.statistics.texts, loaded.statistics.texts),
        (store.statistics.mean_length, loaded.statistics.mean_length),
        (store.statistics.vocabulary, loaded.statistics.vocabulary),
        (store.statistics.frequency, loaded.statistics.frequency),
    ):
        assert before.dtype == after.dtype
        assert np.array_equal(before, after)
    asked = ["cat", "owl"]
    assert loaded.statistics.idf(asked).tolist() == store.statistics.idf(asked).tolist()
    assert np.array_equal(loaded.occurrences(asked, ROWS), store.occurrences(asked, ROWS))


@given(
    texts=st.lists(st.lists(st.sampled_from("abcde"), max_size=12), min_size=1, max_size=6),
    asked=st.lists(st.sampled_from("abcdef"), unique=True),
)
def test_shares_are_shares(texts: list[list[str]], asked: list[str]) -> None:
    """BM25 and coverage lie in [0, 1], and one is above zero where the other is."""
    store = TermStore.from_terms(texts)
    rows = np.arange(len(texts))
    idf, found = store.statistics.idf(asked), store.occurrences(asked, rows)
    assert found.tolist() == [[text.count(term) for term in asked] for text in texts]
    score, covered = store.bm25(found, idf, rows), coverage(found, idf)
    assert bool(np.all((score >= 0) & (score < 1) & (covered >= 0) & (covered <= 1 + 1e-6)))
    assert np.array_equal(score > 0, covered > 0)


_WORDS = st.sampled_from(["cat", "dog", "hen", "owl", "emu"])


@given(
    texts=st.lists(st.tuples(st.lists(_WORDS, max_size=5), st.booleans()), min_size=1, max_size=8),
    terms=st.lists(_WORDS, unique=True, max_size=4),
    k=st.integers(1, 9),
)
def test_the_search_finds_the_best_of_those_let_in(
    texts: list[tuple[list[str], bool]], terms: list[str], k: int
) -> None:
    """By the same BM25 as anywhere, ties by row; a text without any of the terms is not found."""
    store = TermStore.from_terms([words for words, _ in texts])
    within = np.array([is_in for _, is_in in texts])
    rows = np.flatnonzero(within)
    scores = store.bm25(store.occurrences(terms, rows), store.statistics.idf(terms), rows).round(5)
    found = store.search(terms, within, k)
    holding = [row for row in rows.tolist() if set(terms) & set(texts[row][0])]
    score_of = dict(zip(rows.tolist(), scores.tolist(), strict=True))
    assert [score_of[row] for row in found] == [
        score_of[row] for row in sorted(holding, key=lambda row: -score_of[row])[:k]
    ]
    assert set(found) <= set(holding)
    assert len(set(found)) == len(found)


def test_equal_texts_are_found_in_the_order_of_their_rows(store: TermStore) -> None:
    """Worked out: the second text is the shortest that has a dog."""
    assert store.search(["dog"], np.ones(4, bool), 9) == [1, 0]
    twins = TermStore.from_terms([["cat"], ["dog"], ["cat"], ["cat"]])
    assert twins.search(["cat"], np.array([False, True, True, True]), 9) == [2, 3]
    assert twins.search(["cat"], np.zeros(4, bool), 9) == []
    assert twins.search([], np.ones(4, bool), 9) == []
