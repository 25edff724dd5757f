"""The evidence for candidates, weighed into one score."""

import numpy as np
import pytest

from index.candidates import Candidates
from index.fusion import ADAPTIVE, EVIDENCE, fused_scores, fusion_features
from index.tokens import SegmentMatches
from index.trained import linear_weights


def candidates_of(*, readable: float = 1.0, **evidence: list[float]) -> Candidates:
    """Return two candidates with this evidence; what is not named is 0."""
    columns = {name: [0.0, 0.0] for name in (*EVIDENCE, "coverage")} | evidence
    return Candidates(
        rows=np.arange(2),
        evidence={name: np.array(values, np.float32) for name, values in columns.items()},
        matches=SegmentMatches(
            best=np.zeros((0, 0), np.float32),
            passage=np.zeros(0, np.int64),
            segment=np.zeros(0, np.int16),
        ),
        token_matches=np.zeros((0, 2), np.float32),
        shares=np.zeros(0, np.float32),
        readable=readable,
    )


def test_all_evidence_counts_and_some_twice() -> None:
    """The second time by how much the best candidate covers."""
    found = fusion_features(
        candidates_of(bm25=[0.5, 0.2], dense=[0.4, 0.8], coverage=[0.25, 0.5], match=[1, 0])
    )
    assert list(found) == [*EVIDENCE, *(f"{name} x coverage" for name in ADAPTIVE)]
    assert found["bm25"].tolist() == pytest.approx([0.5, 0.2])
    assert found["bm25 x coverage"].tolist() == pytest.approx([0.25, 0.1])
    assert found["dense x coverage"].tolist() == pytest.approx([0.2, 0.4])
    assert found["match x coverage"].tolist() == pytest.approx([0.5, 0])
    assert found["sentence"].tolist() == [0, 0]


def test_what_the_encoder_says_counts_as_far_as_it_can_read() -> None:
    """Words count in full."""
    found = fusion_features(
        candidates_of(
            readable=0.5,
            bm25=[0.5, 0.2],
            bm25_document=[0.6, 0.6],
            dense=[0.4, 0.8],
            dense_document=[0.2, 0.2],
            sentence=[0.4, 0],
            match=[0.8, 0],
            match_sentence=[0.6, 0],
            coverage=[1, 0],
        )
    )
    assert {name: values.tolist()[0] for name, values in found.items()} == pytest.approx(
        {
            "bm25": 0.5,
            "bm25_document": 0.6,
            "dense": 0.2,
            "dense_document": 0.1,
            "sentence": 0.2,
            "match": 0.4,
            "match_sentence": 0.3,
            "bm25 x coverage": 0.5,
            "dense x coverage": 0.2,
            "sentence x coverage": 0.2,
            "match x coverage": 0.4,
        }
    )


def test_an_unreadable_question_still_breaks_ties_by_vectors() -> None:
    """A fiftieth of their weight is left."""
    found = fusion_features(candidates_of(readable=0, dense=[0.5, 1], bm25=[0.5, 1]))
    assert found["dense"].tolist() == pytest.approx([0.01, 0.02])
    assert found["bm25"].tolist() == [0.5, 1]


def test_a_score_is_the_weighted_sum() -> None:
    """With the weights of `fusion.json`."""
    weights = linear_weights("fusion")
    found = fused_scores(candidates_of(bm25=[0.5, 0], match_sentence=[0, 0.25], coverage=[0.5, 0]))
    expected = [
        0.5 * weights["bm25"] + 0.25 * weights["bm25 x coverage"],
        0.25 * weights["match_sentence"],
    ]
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("name", [name for name in EVIDENCE if name != "dense"])
@pytest.mark.parametrize("covered", [0.0, 1.0])
def test_more_of_a_kind_of_evidence_is_better(name: str, covered: float) -> None:
    """All else equal. Only the passage's own vector may count for less, beside its sentences'."""
    found = fused_scores(
        candidates_of(readable=1.0, **{name: [0.4, 0.6], "coverage": [covered, covered]})
    )
    assert found[0] < found[1]


def test_candidates_alike_in_all_have_one_score() -> None:
    """Ties are broken elsewhere."""
    found = fused_scores(candidates_of(bm25=[0.3, 0.3], dense=[0.2, 0.2], coverage=[1, 1]))
    assert found[0] == found[1]
