"""What the encoder says of a corpus."""

from collections.abc import Sequence

import numpy as np
import pytest

from index import encoding
from index.encoded import Recipes
from index.encoding import EncodedCorpus, PassageText, encode_corpus
from index.sample import SAMPLE
from index.sentences import sentence_spans
from index.tokens import CONTEXT, Projection
from index.types import Vectors
from tests.fakes import FakeEncoder

TEXTS = [
    PassageText("", "One two three. Four five.", sentence_spans("One two three. Four five.")),
    PassageText("The Gate. ", "Six.", sentence_spans("Six.")),
    PassageText("", "Two two. Seven! Two?", sentence_spans("Two two. Seven! Two?")),
    PassageText("A. B. ", "Eight nine. Ten.", sentence_spans("Eight nine. Ten.")),
]


def encoded(texts: Sequence[PassageText], *, dimension: int = 64) -> EncodedCorpus:
    """Encode with an encoder and a projection that changes nothing."""
    projection = Projection(
        matrix=np.eye(dimension, dtype=np.float32),
        direction=np.zeros(dimension, np.float32),
        bias=np.array(1.0, np.float32),
        idf_slope=np.array(0.5, np.float32),
    )
    return encode_corpus(texts, Recipes.from_encoder(FakeEncoder(dimension=dimension), projection))


def test_passages_stand_in_their_order_with_their_context() -> None:
    """Row i is the vector of context and text together."""
    expected = FakeEncoder().encode_passages([each.context + each.text for each in TEXTS])
    assert np.array_equal(encoded(TEXTS).passages, expected)


def test_sentences_stand_in_their_order_without_context() -> None:
    """Passage by passage."""
    expected = FakeEncoder().encode_passages(
        "One two three.|Four five.|Six.|Two two.|Seven!|Two?|Eight nine.|Ten.".split("|")
    )
    assert np.array_equal(encoded(TEXTS).sentences, expected)


def test_segments_are_the_sentences_that_tokens_stand_in() -> None:
    """The title's and the heading's words are in the context's segment."""
    tokens = encoded(TEXTS).tokens
    assert tokens.start.tolist() == [0, 5, 8, 12, 17]
    assert tokens.words["segment"].tolist() == [
        *[0, 0, 0, 1, 1],
        *[CONTEXT, CONTEXT, 0],
        *[0, 0, 1, 2],
        *[CONTEXT, CONTEXT, 0, 0, 1],
    ]


def test_word_pieces_are_counted_once_a_passage() -> None:
    """The word "two" is in two passages, three times in one of them."""
    (two, six, unseen) = (
        int(FakeEncoder().embed_passages([word])[0].pieces[0]) for word in ("two", "six", "absent")
    )
    frequency = encoded(TEXTS).tokens.statistics.frequency
    assert frequency[two] == 2
    assert frequency[six] == 1
    assert unseen >= len(frequency) or frequency[unseen] == 0


def test_the_stored_vectors_are_those_of_the_tokens() -> None:
    """A token of the fake encoder has a single one, which 8 bits keep."""
    words = encoded(TEXTS).tokens.words
    stored = words["codes"].astype(np.float32) * words["scale"].astype(np.float32)[:, None]
    expected = np.concatenate(
        [
            embedding.tokens
            for embedding in FakeEncoder().embed_passages([t.context + t.text for t in TEXTS])
        ]
    )
    assert stored == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("batch", [1, 2, 3, 128])
def test_rows_are_the_same_whatever_the_batch(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """Texts of like length share a batch, and nobody sees it."""
    expected = encoded(TEXTS)
    monkeypatch.setattr(encoding, "_BATCH", batch)
    found = encoded(TEXTS)
    assert np.array_equal(found.passages, expected.passages)
    assert np.array_equal(found.sentences, expected.sentences)
    for name in ("start", "words", "pieces"):
        assert np.array_equal(getattr(found.tokens, name), getattr(expected.tokens, name))
    ours, theirs = found.tokens.statistics, expected.tokens.statistics
    assert np.array_equal(ours.frequency, theirs.frequency)


def test_progress_is_told_in_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last call says that all are done."""
    monkeypatch.setattr(encoding, "_BATCH", 3)
    calls: list[tuple[int, int]] = []
    recipes = Recipes.from_encoder(FakeEncoder(), None)
    encode_corpus(TEXTS, recipes, lambda done, of: calls.append((done, of)))
    assert calls == [(3, 4), (4, 4)]


def test_a_projection_that_was_made_for_the_encoder_is_used() -> None:
    """And handed on, to be stored beside the vectors."""
    projection = Projection.from_sample(np.eye(64, dtype=np.float32)[:8])
    assert Recipes.from_encoder(FakeEncoder(), projection).projection is projection


def tokens_of(texts: Sequence[str], *, dimension: int) -> Vectors:
    """Return the vectors of all the tokens of texts."""
    embeddings = FakeEncoder(dimension=dimension).embed_passages(texts)
    return np.concatenate([embedding.tokens for embedding in embeddings])


def test_without_one_it_follows_from_the_encoder_alone() -> None:
    """Whatever the corpus, so that what was cached of a passage holds in the next one too."""
    found = Recipes.from_encoder(FakeEncoder(dimension=200), None).projection
    expected = Projection.from_sample(tokens_of(SAMPLE, dimension=200))
    assert found.matrix.shape == (200, 128)
    for name in Projection.__slots__:
        assert np.array_equal(getattr(found, name), getattr(expected, name))


def test_a_projection_keeps_what_the_sample_says_most_often() -> None:
    """Of 200 axes the 128 with the most tokens: those keep their lengths, the others are lost."""
    sample = tokens_of(SAMPLE, dimension=200)
    shares = np.sort(sample.sum(axis=0))[::-1]
    projected = sample @ Recipes.from_encoder(FakeEncoder(dimension=200), None).projection.matrix
    assert float((projected**2).sum()) == pytest.approx(float(shares[:128].sum()), abs=1e-2)


@pytest.mark.parametrize("dimension", [3, 64, 128])
def test_an_encoder_of_few_dimensions_loses_nothing(dimension: int) -> None:
    """As many directions as there are dimensions: no angle between words changes."""
    projection = Recipes.from_encoder(FakeEncoder(dimension=dimension), None).projection
    assert projection.matrix.shape == (dimension, dimension)
    tokens = tokens_of([each.context + each.text for each in TEXTS], dimension=dimension)
    projected = projection.project(tokens)
    assert projected @ projected.T == pytest.approx(tokens @ tokens.T, abs=1e-5)


def test_a_passage_without_a_word_piece_keeps_its_row() -> None:
    """An encoder that reads two tokens reads none of the words."""
    projection = Projection.from_sample(np.eye(64, dtype=np.float32))
    found = encode_corpus(TEXTS, Recipes.from_encoder(FakeEncoder(max_tokens=2), projection))
    assert found.tokens.start.tolist() == [0, 0, 0, 0, 0]
    assert found.passages.shape == (4, 64)
    assert found.sentences.shape == (8, 64)
