"""Word vectors: quantised, weighed and compared."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import tokens
from index.tokens import CONTEXT, PieceStatistics, Projection, TokenStore, quantise, word_records
from index.word_writers import TokenWriter

FLOATS = st.floats(-1, 1, width=32)


def floats(*rows: list[float]) -> NDArray[np.float32]:
    """Return an array of 32-bit numbers."""
    return np.array(rows, np.float32)


def store_of(*passages: list[tuple[list[float], int]], pieces: list[int]) -> TokenStore:
    """Return a store of passages, each a list of vectors with their segments.

    `pieces` is the frequency of each word piece.
    """
    tokens = [token for passage in passages for token in passage]
    codes, scales = quantise(floats(*[vector for vector, _ in tokens]).reshape(len(tokens), -1))
    return TokenStore(
        start=np.cumsum([0, *map(len, passages)]),
        words=word_records(codes, scales, np.array([segment for _, segment in tokens], np.int16)),
        pieces=np.zeros(len(tokens), np.int32),
        statistics=PieceStatistics(
            passages=np.array(len(passages)), frequency=np.array(pieces, np.int32)
        ),
    )


def plain_projection(dimension: int) -> Projection:
    """Return a projection that changes nothing, with weights of softplus(0) each."""
    return Projection(
        matrix=np.eye(dimension, dtype=np.float32),
        direction=np.zeros(dimension, np.float32),
        bias=np.array(0.0, np.float32),
        idf_slope=np.array(0.0, np.float32),
    )


@pytest.fixture
def store() -> TokenStore:
    """Return three passages: of a context and two sentences, of nothing, and of one sentence."""
    return store_of(
        [([1, 0], CONTEXT), ([0, 1], 0), ([-1, 0], 0), ([0, -1], 1)],
        [],
        [([0.6, 0.8], 0)],
        pieces=[2, 0, 1],
    )


@given(st.lists(st.lists(FLOATS, min_size=4, max_size=4), min_size=1, max_size=5))
def test_quantised_numbers_are_off_by_little(rows: list[list[float]]) -> None:
    """Half a step of rounding, and what a 16-bit scale loses over 127 steps (one part in 2048).

    A row's step is its largest number / 127. Below 2^-14 such a scale counts in steps of 2^-24.
    """
    vectors = floats(*rows)
    codes, scales = quantise(vectors)
    assert codes.dtype == np.int8
    assert scales.dtype == np.float16
    step = np.abs(vectors).max(axis=1, keepdims=True).astype(float) / 127
    bound = step / 2 + 127 * np.maximum(step / 2048, 2.0**-25)
    error = np.abs(codes.astype(float) * scales.astype(float)[:, None] - vectors)
    assert bool((error <= bound * 1.001).all())


def test_quantising_by_hand() -> None:
    """The largest number becomes 127, a row of zeros stays so."""
    codes, scales = quantise(floats([1, -0.5, 0], [0, 0, 0], [-0.25, 0.125, 0.25]))
    assert codes.tolist() == [[127, -64, 0], [0, 0, 0], [-127, 64, 127]]
    assert scales.tolist() == pytest.approx([1 / 127, 0, 0.25 / 127], rel=1e-3)


def test_no_vectors_are_quantised_to_none() -> None:
    """A passage without a word piece has none."""
    codes, scales = quantise(np.zeros((0, 3), np.float32))
    assert codes.shape == (0, 3)
    assert scales.shape == (0,)


def test_each_segment_has_its_best_match(store: TokenStore) -> None:
    """MaxSim by hand: the cosines with each question token, the greatest of each segment."""
    matches = store.match(floats([1, 0], [0, 1]), np.array([0, 2]))
    assert matches.passage.tolist() == [0, 0, 0, 1]
    assert matches.segment.tolist() == [CONTEXT, 0, 1, 0]
    assert matches.best == pytest.approx(floats([1, 0, 0, 0.6], [0, 1, -1, 0.8]), abs=0.005)


def test_passages_are_numbered_by_their_place_among_those_asked_for(store: TokenStore) -> None:
    """Not by their rows; one without tokens has no segment."""
    matches = store.match(floats([0.6, 0.8]), np.array([2, 1, 0]))
    assert matches.passage.tolist() == [0, 2, 2, 2]
    assert matches.segment.tolist() == [0, CONTEXT, 0, 1]
    assert matches.best == pytest.approx(floats([1, 0.6, 0.8, -0.8]), abs=0.005)


def test_neighbouring_passages_with_one_sentence_number_are_told_apart() -> None:
    """The last segment of one and the first of the next are both number 0."""
    store = store_of([([1, 0], 0)], [([0, 1], 0)], pieces=[2])
    matches = store.match(floats([1, 0]), np.array([0, 1]))
    assert matches.passage.tolist() == [0, 1]
    assert matches.best == pytest.approx(floats([1, 0]), abs=0.005)


def test_passages_without_tokens_have_no_segments(store: TokenStore) -> None:
    """There is nothing to compare with."""
    matches = store.match(floats([1, 0]), np.array([1]))
    assert matches.best.shape == (1, 0)
    assert matches.passage.tolist() == []
    assert matches.segment.tolist() == []


def test_a_question_without_tokens_matches_nothing(store: TokenStore) -> None:
    """The segments are there all the same."""
    matches = store.match(np.zeros((0, 2), np.float32), np.array([0, 2]))
    assert matches.best.shape == (0, 4)
    assert matches.passage.tolist() == [0, 0, 0, 1]


def test_idf_is_by_passages_and_word_pieces(store: TokenStore) -> None:
    """Three passages; piece 0 is in two, 1 in none, 2 in one, 7 is past what was ever seen."""
    found = store.statistics.idf(np.array([0, 1, 2, 7], np.int32))
    expected = [1 + 1.5 / 2.5, 1 + 3.5 / 0.5, 1 + 2.5 / 1.5, 1 + 3.5 / 0.5]
    assert found.tolist() == pytest.approx([math.log(each) for each in expected], abs=1e-6)
    assert store.statistics.idf(np.zeros(0, np.int32)).shape == (0,)


def test_idf_where_no_passage_has_a_word_piece() -> None:
    """A tokenizer may make nothing of a corpus of marks."""
    statistics = PieceStatistics(passages=np.array(2), frequency=np.zeros(0, np.int32))
    found = statistics.idf(np.array([5], np.int32))
    assert found.tolist() == pytest.approx([math.log(1 + 2.5 / 0.5)], abs=1e-6)


def test_a_store_is_as_long_as_there_are_passages(store: TokenStore) -> None:
    """Empty ones count."""
    assert len(store) == 3


def test_a_saved_store_loads_the_same(store: TokenStore, tmp_path: Path) -> None:
    """Array by array."""
    writer = TokenWriter(tmp_path, "tokens")
    for rows in (np.arange(1), np.arange(1, 3)):
        # The statistics of all three stand for the first ones, and nothing is added to them.
        counted = store.statistics if len(rows) == 1 else PieceStatistics.total((), ())
        writer.append(replace(store.of_rows(rows), statistics=counted))
    writer.close()
    loaded = TokenStore.load(tmp_path, "tokens")
    for before, after in (
        (store.start, loaded.start),
        (store.words, loaded.words),
        (store.pieces, loaded.pieces),
        (store.statistics.passages, loaded.statistics.passages),
        (store.statistics.frequency, loaded.statistics.frequency),
    ):
        assert before.dtype == after.dtype
        assert np.array_equal(before, after)


def test_passages_are_taken_from_a_store_and_joined_again(store: TokenStore) -> None:
    """In the order that they are asked for in, each with all that is kept of its words."""
    parts = [store.of_rows(np.array(rows)) for rows in ([2, 1], [0])]
    joined = TokenStore.joined(parts, store.statistics)
    assert joined.start.tolist() == [0, 1, 1, 5]
    assert joined.words.dtype == store.words.dtype
    assert np.array_equal(joined.words, store.words[[4, 0, 1, 2, 3]])


def test_what_is_taken_from_a_store_is_fetched_ahead(
    store: TokenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all passages at once: so it is where candidates stand in several segments."""
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(tokens, "fetch_ahead", lambda *given: asked.append(given))
    store.of_rows(np.array([2, 0]))
    assert asked == [(store.words, [4, 0], [5, 4]), (store.pieces, [4, 0], [5, 4])]


def test_to_count_passages_pieces_takes_nothing_else(store: TokenStore) -> None:
    """Of a large index's vectors, those of what is gone may be more than memory holds."""
    counted = replace(
        store, words=store.words[:0], pieces=np.array([3, 1, 3, 0, 1], np.int32)
    ).statistics_of(np.array([2, 0]))
    assert int(counted.passages) == 2
    assert counted.frequency.tolist() == [1, 2, 0, 1]


def test_projected_vectors_are_of_unit_length() -> None:
    """The plane of the first two axes, by hand; what lies outside it becomes zero."""
    projection = Projection(
        matrix=floats([1, 0], [0, 1], [0, 0]),
        direction=np.zeros(3, np.float32),
        bias=np.array(0.0, np.float32),
        idf_slope=np.array(0.0, np.float32),
    )
    projected = projection.project(floats([0.3, 0.4, 0.5], [0, 0, 1]))
    assert projected == pytest.approx(floats([0.6, 0.8], [0, 0]), abs=1e-6)
    assert projected.dtype == np.float32


def test_weights_by_hand() -> None:
    """The shares of softplus(bias + slope (idf - 4) / 2 + x . direction)."""
    projection = Projection(
        matrix=np.eye(2, dtype=np.float32),
        direction=np.array([1, -2], np.float32),
        bias=np.array(0.5, np.float32),
        idf_slope=np.array(3.0, np.float32),
    )
    found = projection.weights(floats([1, 0], [0, 1]), np.array([4, 6], np.float32))
    raw = [math.log(1 + math.exp(0.5 + 1)), math.log(1 + math.exp(0.5 + 3 - 2))]
    assert found.tolist() == pytest.approx([each / sum(raw) for each in raw], abs=1e-6)


@given(
    st.lists(
        st.tuples(st.lists(FLOATS, min_size=3, max_size=3), st.floats(0, 20, width=32)),
        min_size=1,
        max_size=8,
    )
)
def test_weights_are_shares(tokens: list[tuple[list[float], float]]) -> None:
    """They are never negative and sum up to 1."""
    projection = Projection(
        matrix=np.eye(3, dtype=np.float32),
        direction=np.array([0.5, -1, 2], np.float32),
        bias=np.array(1.0, np.float32),
        idf_slope=np.array(0.5, np.float32),
    )
    weights = projection.weights(
        floats(*[vector for vector, _ in tokens]), np.array([idf for _, idf in tokens], np.float32)
    )
    assert weights.shape == (len(tokens),)
    assert float(weights.min()) >= 0
    assert float(weights.sum()) == pytest.approx(1, abs=1e-5)


def test_no_tokens_have_no_weights() -> None:
    """And no division by zero."""
    none = np.zeros((0, 2), np.float32)
    assert plain_projection(2).weights(none, np.zeros(0, np.float32)).shape == (0,)
    assert plain_projection(2).project(none).shape == (0, 2)


def test_without_training_the_principal_directions_are_taken() -> None:
    """The one with the greatest share comes first; rarer words weigh more."""
    projection = Projection.from_sample(floats([3, 0, 0], [0, 1, 0], [-3, 0, 0], [0, 0, 2]))
    assert np.abs(projection.matrix) == pytest.approx(
        floats([1, 0, 0], [0, 0, 1], [0, 1, 0]), abs=1e-6
    )
    weights = projection.weights(floats([1, 0, 0], [1, 0, 0]), np.array([2, 8], np.float32))
    assert weights[0] < weights[1]


@pytest.mark.parametrize(("dimension", "expected"), [(4, 4), (128, 128), (200, 128)])
def test_a_projection_has_128_dimensions_at_most(dimension: int, expected: int) -> None:
    """Fewer where the encoder has fewer."""
    matrix = Projection.from_sample(np.eye(dimension, dtype=np.float32)).matrix
    assert matrix.shape == (dimension, expected)
    assert matrix.T @ matrix == pytest.approx(np.eye(expected), abs=1e-5)


def test_a_saved_projection_loads_the_same(tmp_path: Path) -> None:
    """Single numbers too."""
    before = Projection.from_sample(floats([3, 0, 1], [0, 1, 0]))
    before.save(tmp_path, "projection")
    after = Projection.load(tmp_path, "projection")
    for name in Projection.__slots__:
        assert np.array_equal(getattr(before, name), getattr(after, name))
        assert getattr(after, name).dtype == np.float32
    tokens = floats([0.6, 0.8, 0])
    assert np.array_equal(before.project(tokens), after.project(tokens))


SEGMENTS = st.lists(st.integers(CONTEXT, 2), max_size=5).map(sorted)
TOKENS = st.lists(st.lists(FLOATS, min_size=3, max_size=3), min_size=1, max_size=3)


@given(
    data=st.data(), passages=st.lists(SEGMENTS, min_size=1, max_size=4).filter(any), asked=TOKENS
)
def test_each_token_finds_its_best_match_in_each_segment(
    data: st.DataObject, passages: list[list[int]], asked: list[list[float]]
) -> None:
    """For any passages, whichever of them are asked for, as comparing each pair would."""
    vectors = [
        [(data.draw(st.lists(FLOATS, min_size=3, max_size=3)), segment) for segment in segments]
        for segments in passages
    ]
    store = store_of(*vectors, pieces=[])
    rows = data.draw(st.lists(st.integers(0, len(passages) - 1), min_size=1, max_size=5))
    found = store.match(floats(*asked), np.array(rows))
    expected: dict[tuple[int, int], list[float]] = {}
    for place, row in enumerate(rows):
        for segment in sorted(set(passages[row])):
            at = [
                int(store.start[row]) + token
                for token, its in enumerate(passages[row])
                if its == segment
            ]
            words = store.words[at]
            kept = words["codes"] * words["scale"][:, None].astype(np.float32)
            expected[place, segment] = (kept @ floats(*asked).T).max(axis=0).tolist()
    columns = zip(found.passage.tolist(), found.segment.tolist(), strict=True)
    assert list(columns) == list(expected)
    assert np.allclose(found.best.T.tolist(), list(expected.values()), atol=1e-6)
