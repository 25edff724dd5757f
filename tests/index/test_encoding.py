"""What the encoder says of a corpus."""

from collections.abc import Sequence

import numpy as np
import pytest

from index import encoding
from index.encoding import EncodedCorpus, PassageText, encode_corpus
from index.sentences import sentence_spans
from index.tokens import CONTEXT, Projection
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
    return encode_corpus(texts, FakeEncoder(dimension=dimension), projection)


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
    assert tokens.segment.tolist() == [
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
    frequency = encoded(TEXTS).tokens.frequency
    assert frequency[two] == 2
    assert frequency[six] == 1
    assert unseen >= len(frequency) or frequency[unseen] == 0


def test_the_stored_vectors_are_those_of_the_tokens() -> None:
    """A token of the fake encoder has a single one, which 8 bits keep."""
    tokens = encoded(TEXTS).tokens
    stored = tokens.codes.astype(np.float32) * tokens.scales.astype(np.float32)[:, None]
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
    for name in ("start", "codes", "scales", "segment", "frequency"):
        assert np.array_equal(getattr(found.tokens, name), getattr(expected.tokens, name))


def test_progress_is_told_in_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last call says that all are done."""
    monkeypatch.setattr(encoding, "_BATCH", 3)
    calls: list[tuple[int, int]] = []
    encode_corpus(TEXTS, FakeEncoder(), None, lambda done, of: calls.append((done, of)))
    assert calls == [(3, 4), (4, 4)]


def test_a_projection_that_was_made_for_the_encoder_is_used() -> None:
    """And handed on, to be stored beside the vectors."""
    projection = Projection.from_sample(np.eye(64, dtype=np.float32)[:8])
    assert encode_corpus(TEXTS, FakeEncoder(), projection).projection is projection


def test_without_one_it_is_taken_from_the_passages() -> None:
    """The corpus's own words span it: projected, they keep their lengths."""
    found = encode_corpus(TEXTS, FakeEncoder(dimension=200), None)
    assert found.projection.matrix.shape == (200, 128)
    (embedding,) = FakeEncoder(dimension=200).embed_passages(["One two three. Four five."])
    kept = np.linalg.norm(embedding.tokens @ found.projection.matrix, axis=1)
    assert kept == pytest.approx(np.ones(5), abs=1e-4)


@pytest.mark.parametrize(("enough", "sampled"), [(1, ["word0"]), (4, ["word0", "word10"])])
def test_a_large_corpus_is_sampled_for_a_projection(
    monkeypatch: pytest.MonkeyPatch, enough: int, sampled: list[str]
) -> None:
    """Evenly, and no further than there are tokens enough."""
    monkeypatch.setattr(encoding, "_BATCH", 2)
    monkeypatch.setattr(encoding, "_SAMPLE_TOKENS", enough)
    texts = [PassageText("", f"word{at}", sentence_spans(f"word{at}")) for at in range(20)]
    found = encode_corpus(texts, FakeEncoder(), None).projection
    expected = Projection.from_sample(FakeEncoder().encode_passages(sampled))
    assert np.array_equal(found.matrix, expected.matrix)


def test_a_passage_without_a_word_piece_keeps_its_row() -> None:
    """An encoder that reads two tokens reads none of the words."""
    projection = Projection.from_sample(np.eye(64, dtype=np.float32))
    found = encode_corpus(TEXTS, FakeEncoder(max_tokens=2), projection)
    assert found.tokens.start.tolist() == [0, 0, 0, 0, 0]
    assert found.passages.shape == (4, 64)
    assert found.sentences.shape == (8, 64)
