"""From the evidence to a probability and a verdict."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.candidates import Candidates
from index.confidence import Thresholds, confidence, confidence_features
from index.tokens import SegmentMatches
from index.trained import linear_weights
from index.types import Verdict

EVIDENCE = ("bm25", "coverage", "dense", "match", "match_sentence")


def candidates_of(
    *,
    token_matches: list[list[float]],
    shares: list[float],
    readable: float = 1.0,
    **evidence: list[float],
) -> Candidates:
    """Return candidates with this evidence."""
    return Candidates(
        rows=np.arange(len(evidence["dense"])),
        evidence={name: np.array(values, np.float32) for name, values in evidence.items()},
        matches=SegmentMatches(
            best=np.zeros((len(shares), 0), np.float32),
            passage=np.zeros(0, np.int64),
            segment=np.zeros(0, np.int16),
        ),
        token_matches=np.array(token_matches, np.float32).reshape(
            len(shares), len(evidence["dense"])
        ),
        shares=np.array(shares, np.float32),
        readable=readable,
    )


def three_candidates(*, readable: float = 1.0) -> Candidates:
    """Return three candidates for a question of two tokens."""
    return candidates_of(
        bm25=[0.5, 0.6, 0.1],
        coverage=[0.75, 1, 0.25],
        dense=[0.5, 0.4, 0.2],
        match=[0.6, 0.1, 0.2],
        match_sentence=[0.7, 0.9, 0.3],
        token_matches=[[0.9, 0.5, 0.6], [0.4, 1, 0.8]],
        shares=[0.25, 0.75],
        readable=readable,
    )


def array(*values: float) -> NDArray[np.float32]:
    """Return scores."""
    return np.array(values, np.float32)


def rows(*values: int) -> NDArray[np.int64]:
    """Return the rows of documents."""
    return np.array(values, np.int64)


@pytest.mark.parametrize(
    ("sureness", "expected"),
    [
        (1.0, Verdict.ANSWERED),
        (0.5, Verdict.ANSWERED),
        (0.4999, Verdict.UNSURE),
        (0.12, Verdict.UNSURE),
        (0.1199, Verdict.NO_ANSWER),
        (0.0, Verdict.NO_ANSWER),
    ],
)
def test_the_usual_thresholds(sureness: float, expected: Verdict) -> None:
    """A threshold itself is enough."""
    assert Thresholds().verdict(sureness) == expected


def test_thresholds_can_be_set() -> None:
    """Equal ones leave no room for doubt."""
    strict = Thresholds(answered=0.9, unsure=0.9)
    assert strict.verdict(0.9) == Verdict.ANSWERED
    assert strict.verdict(0.89) == Verdict.NO_ANSWER
    assert Thresholds(answered=0, unsure=0).verdict(0.0) == Verdict.ANSWERED


def test_the_best_candidate_is_compared_with_those_of_other_documents() -> None:
    """Every feature by hand: only the third candidate is from elsewhere."""
    found = confidence_features(three_candidates(), array(3, 2, 1), rows(0, 0, 1))
    assert found == pytest.approx(
        {
            "dense": 0.5,
            "dense over others": 0.3,
            "coverage": 0.75,
            "coverage over next": 0.5,
            "match": 0.6,
            "match over next": 0.4,  # of match_sentence
            "match over others": 0.4,
            "lead": 2,
            "lead over next": 2,
            "lead over others": 2,
            "gain": 0.25 * 0.3 - 0.75 * 0.4,
            "loss": -0.75 * 0.4,
            "unmet": 0.25 * 0.1**2 + 0.75 * 0.6**2,
            "least met": 0.4,
            "bm25": 0.5,
            "bm25 over next": 0.4,
        },
        abs=1e-6,
    )


def test_within_a_single_document_it_is_compared_with_all_the_rest() -> None:
    """There is no other document to compare with."""
    found = confidence_features(three_candidates(), array(3, 2, 1), rows(4, 4, 4))
    assert found["dense over others"] == pytest.approx(0.5 - 0.3)
    assert found["lead"] == pytest.approx(1)
    assert found["lead over others"] == pytest.approx(1.5)
    assert found["gain"] == pytest.approx(0.25 * 0.3 - 0.75 * 0.6)
    assert found["bm25 over next"] == pytest.approx(0.5 - 0.35)


def test_a_lone_candidate_is_compared_with_itself() -> None:
    """It leads nobody."""
    alone = candidates_of(
        bm25=[0.5],
        coverage=[1],
        dense=[0.5],
        match=[0.8],
        match_sentence=[0.8],
        token_matches=[[0.8]],
        shares=[1],
    )
    found = confidence_features(alone, array(7), rows(0))
    assert {name for name, value in found.items() if value == 0} == {
        "dense over others",
        "coverage over next",
        "match over next",
        "match over others",
        "lead",
        "lead over next",
        "lead over others",
        "gain",
        "loss",
        "bm25 over next",
    }
    assert 0 <= confidence(alone, array(7), rows(0)) <= 1


def test_the_best_candidate_is_the_one_with_the_best_score() -> None:
    """Wherever it stands."""
    found = confidence_features(three_candidates(), array(1, 2, 3), rows(0, 0, 1))
    assert found["dense"] == pytest.approx(0.2)
    assert found["dense over others"] == pytest.approx(0.2 - 0.45)
    assert found["lead"] == pytest.approx(1)
    assert found["lead over others"] == pytest.approx(1.5)


def test_next_are_the_five_best_of_the_others() -> None:
    """By each kind of evidence for itself; the sixth and seventh don't count."""
    found = confidence_features(
        candidates_of(
            bm25=[0.9, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5],
            coverage=[1.0] * 8,
            dense=[0.1] * 8,
            match=[0.2] * 8,
            match_sentence=[0.3] * 8,
            token_matches=[[0.5] * 8],
            shares=[1],
        ),
        array(10, 9, 8, 7, 6, 5, 0, 0),
        rows(0, 1, 2, 3, 4, 5, 6, 7),
    )
    assert found["bm25 over next"] == pytest.approx(0.4)
    assert found["lead over next"] == pytest.approx(10 - 7)
    assert found["lead over others"] == pytest.approx(10 - 5)


def test_a_question_without_tokens_has_no_word_left_unmet() -> None:
    """Nothing can be said of words that the encoder doesn't see."""
    found = confidence_features(
        candidates_of(
            token_matches=[], shares=[], readable=1.0, **{name: [0.0, 0.0] for name in EVIDENCE}
        ),
        array(0, 0),
        rows(0, 1),
    )
    assert [found[name] for name in ("gain", "loss", "unmet", "least met")] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("readable", "kind"), [(1.0, "readable"), (0.5, "readable"), (0.49, "lexical"), (0, "lexical")]
)
def test_the_probability_is_logistic_in_the_features(readable: float, kind: str) -> None:
    """With the weights for what the encoder can read, or for what it can't."""
    candidates = three_candidates(readable=readable)
    weights = linear_weights(f"confidence_{kind}")
    features = confidence_features(candidates, array(3, 2, 1), rows(0, 0, 1))
    logit = weights["bias"] + sum(weights[name] * features[name] for name in features)
    assert confidence(candidates, array(3, 2, 1), rows(0, 0, 1)) == pytest.approx(
        1 / (1 + math.exp(-logit))
    )


def test_where_the_encoder_cannot_read_only_words_count() -> None:
    """Other vectors and scores of the same order, the same confidence."""
    words = {"bm25": [0.5, 0.1], "coverage": [0.75, 0.25]}
    vectors = {name: [0.9, 0.1] for name in ("dense", "match", "match_sentence")}
    others = {name: [-0.2, 0.3] for name in vectors}
    one = candidates_of(**words, **vectors, token_matches=[[0.9, 0]], shares=[1], readable=0)
    two = candidates_of(**words, **others, token_matches=[[0.1, 1]], shares=[1], readable=0.4)
    expected = confidence(one, array(5, 1), rows(0, 1))
    assert confidence(two, array(9, 8), rows(0, 1)) == pytest.approx(expected)


@pytest.mark.parametrize("lead", [1e30, -1e30])
def test_even_absurd_evidence_gives_a_probability(lead: float) -> None:
    """And no overflow."""
    assert 0 <= confidence(three_candidates(), array(lead, 0, 0), rows(0, 1, 2)) <= 1


_SHARE = st.floats(0, 1, width=32)
_COSINE = st.floats(-1, 1, width=32)


@given(data=st.data(), count=st.integers(1, 7), tokens=st.integers(0, 3))
def test_it_is_always_a_probability(data: st.DataObject, count: int, tokens: int) -> None:
    """For any evidence, any documents and any number of candidates."""

    def drawn(values: st.SearchStrategy[float]) -> list[float]:
        return data.draw(st.lists(values, min_size=count, max_size=count))

    candidates = candidates_of(
        bm25=drawn(_SHARE),
        coverage=drawn(_SHARE),
        dense=drawn(_COSINE),
        match=drawn(_COSINE),
        match_sentence=drawn(_COSINE),
        token_matches=[drawn(_COSINE) for _ in range(tokens)],
        shares=[1 / tokens] * tokens if tokens else [],
        readable=data.draw(_SHARE),
    )
    scores = array(*drawn(st.floats(-50, 50, width=32)))
    documents = rows(*data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    found = confidence(candidates, scores, documents)
    assert isinstance(found, float)
    assert 0 <= found <= 1
