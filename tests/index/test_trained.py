"""What was learned, and what the code makes of it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import index.trained
from index.candidates import Candidates
from index.confidence import confidence_features
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.fusion import ADAPTIVE, EVIDENCE, fusion_features
from index.highlight import FEATURES
from index.tokens import SegmentMatches
from index.trained import linear_weights, trained_projection
from index.types import EncoderIdentity
from tests.fakes import FakeEncoder

FOLDER = Path(index.trained.__file__).parent
FILES = sorted(FOLDER.glob("*.json"))


def stored(path: Path) -> Any:
    """Return what a file says."""
    return json.loads(path.read_text("utf-8"))


@pytest.fixture
def candidates() -> Candidates:
    """Return two candidates of no interest."""
    return Candidates(
        rows=np.arange(2),
        evidence={name: np.array([0.5, 0.25], np.float32) for name in (*EVIDENCE, "coverage")},
        matches=SegmentMatches(
            best=np.zeros((1, 0), np.float32),
            passage=np.zeros(0, np.int64),
            segment=np.zeros(0, np.int16),
        ),
        token_matches=np.array([[0.5, 0.25]], np.float32),
        shares=np.ones(1, np.float32),
        readable=1.0,
    )


def test_these_are_all_the_files() -> None:
    """A weight file that no test knows would go unchecked."""
    assert [path.stem for path in FILES] == [
        "confidence_lexical",
        "confidence_readable",
        "fusion",
        "highlight",
        "projection",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_says_what_it_was_trained_on(path: Path) -> None:
    """Nobody may judge by what was learned from."""
    assert len(stored(path)["trained_on"].split()) >= 3


def test_fusion_weighs_exactly_the_features_that_are_computed(candidates: Candidates) -> None:
    """In their order."""
    weights = linear_weights("fusion")
    assert list(weights) == list(fusion_features(candidates))
    assert set(ADAPTIVE) <= set(EVIDENCE)


@pytest.mark.parametrize("kind", ["readable", "lexical"])
def test_confidence_weighs_exactly_the_features_that_are_computed(
    candidates: Candidates, kind: str
) -> None:
    """In their order, and a bias."""
    features = confidence_features(
        candidates, np.array([2, 1], np.float32), np.arange(2, dtype=np.int64)
    )
    assert list(linear_weights(f"confidence_{kind}")) == [*features, "bias"]


def test_the_highlight_weighs_exactly_the_features_that_are_computed() -> None:
    """In their order."""
    assert tuple(linear_weights("highlight")) == FEATURES


def test_what_the_encoder_says_has_no_weight_where_it_cannot_read() -> None:
    """Only words count in the lexical confidence."""
    lexical = {"bm25", "bm25 over next", "coverage", "coverage over next", "bias"}
    weights = linear_weights("confidence_lexical")
    assert {name for name, weight in weights.items() if weight} == lexical


@pytest.mark.parametrize("path", [path for path in FILES if "projection" not in path.stem])
def test_weights_are_numbers(path: Path) -> None:
    """Neither missing nor infinite."""
    weights = linear_weights(path.stem)
    assert weights == stored(path)["weights"]
    assert bool(np.isfinite(list(weights.values())).all())


def test_the_projection_is_for_the_default_encoder() -> None:
    """From its 384 dimensions to 128, known by its weights and not by its name."""
    identity = SentenceTransformerEncoder.from_name(DEFAULT_ENCODER).identity
    assert stored(FOLDER / "projection.json")["weights_sha256"] == identity.weights_sha256
    projection = trained_projection(identity)
    assert projection is not None
    assert projection.matrix.shape == (384, 128)
    assert projection.direction.shape == (384,)
    assert projection.bias.shape == projection.idf_slope.shape == ()
    for name in ("matrix", "direction", "bias", "idf_slope"):
        assert bool(np.isfinite(getattr(projection, name)).all())
    projected = projection.project(np.eye(384, dtype=np.float32))
    assert projected.dtype == np.float32
    assert np.linalg.norm(projected, axis=1) == pytest.approx(np.ones(384), abs=1e-5)
    renamed = EncoderIdentity(name="a/copy", revision="1", weights_sha256=identity.weights_sha256)
    assert trained_projection(renamed) is not None


def test_other_encoders_have_no_trained_projection() -> None:
    """Whatever they are called."""
    assert trained_projection(FakeEncoder().identity) is None
    posing = EncoderIdentity(name=DEFAULT_ENCODER, revision=None, weights_sha256="0" * 64)
    assert trained_projection(posing) is None
