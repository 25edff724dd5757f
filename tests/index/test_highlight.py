"""Which sentence of a passage answers."""

import math
import os
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import index_documents
from index.candidates import Candidates, find_candidates
from index.documents import parse_document
from index.generation import Generation
from index.generations import Generations
from index.highlight import (
    FEATURES,
    SentenceEvidence,
    _matches_of,
    best_sentence,
    highlight,
    highlight_features,
)
from index.readers import Block, Extract
from index.sources import Metadata
from index.tokens import CONTEXT, SegmentMatches
from index.types import Span
from tests.fakes import FakeEncoder

LONG = "Iron melts late. Water boils early. Gold is heavy."
SHORT = "Tin is light."


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Leave out `fsync`: that builds outlive a power cut is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


def evidence_of(*sentences: str, asked: str = "", readable: float = 1.0) -> SentenceEvidence:
    """Return evidence that tells nothing but the words: no vectors, idf 1."""
    terms = asked.split()
    return SentenceEvidence(
        sentences=sentences,
        matches=np.zeros((1, len(sentences)), np.float32),
        shares=np.ones(1, np.float32),
        cosines=np.zeros(len(sentences), np.float32),
        terms=[sentence.rstrip(".").lower().split() for sentence in sentences],
        asked=terms,
        idf=np.ones(len(terms), np.float32),
        readable=readable,
    )


def column(question: str, evidence: SentenceEvidence, name: str) -> list[float]:
    """Return one feature of each sentence."""
    found = highlight_features(question, evidence)[:, FEATURES.index(name)]
    return [float(value) for value in found]


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a generation of two passages, of three sentences and of one."""
    document = parse_document(
        Extract(blocks=[Block(text=LONG), Block(text=SHORT)], metadata=Metadata()),
        name="metals.txt",
        folder="seeds",
        stated=Metadata(language="en"),
    )
    folder = tmp_path_factory.mktemp("highlight")
    index_documents([document], folder, FakeEncoder(dimension=200), seeds={})
    return Generations(folder).load()[0]


def test_vectors_count_by_weight_and_evenly() -> None:
    """Two tokens of weights 3/4 and 1/4, by hand."""
    evidence = SentenceEvidence(
        sentences=("One.", "Two."),
        matches=np.array([[0.8, 0.4], [0.2, 1.0]], np.float32),
        shares=np.array([0.75, 0.25], np.float32),
        cosines=np.array([0.5, -0.1], np.float32),
        terms=[["one"], ["two", "two"]],
        asked=[],
        idf=np.zeros(0, np.float32),
        readable=1.0,
    )
    assert column("", evidence, "match") == pytest.approx([0.65, 0.55])
    assert column("", evidence, "match_even") == pytest.approx([0.5, 0.7])
    assert column("", evidence, "sentence") == pytest.approx([0.5, -0.1])
    assert column("", evidence, "length") == pytest.approx([math.log(2), math.log(3)])


def test_vectors_count_as_far_as_the_question_can_be_read() -> None:
    """Words count in full."""
    evidence = SentenceEvidence(
        sentences=("One.", "Two."),
        matches=np.array([[0.8, 0.4]], np.float32),
        shares=np.ones(1, np.float32),
        cosines=np.array([0.5, 0.1], np.float32),
        terms=[["one"], ["two"]],
        asked=["one"],
        idf=np.ones(1, np.float32),
        readable=0.5,
    )
    assert column("", evidence, "match") == pytest.approx([0.4, 0.2])
    assert column("", evidence, "match_even") == pytest.approx([0.4, 0.2])
    assert column("", evidence, "sentence") == pytest.approx([0.25, 0.05])
    assert column("", evidence, "rare_words") == pytest.approx([1, 0])


def test_words_that_tell_the_sentences_apart_weigh_more() -> None:
    """Of three sentences two hold "a", one "b", none "z"; "b" is rarer in the corpus."""
    evidence = SentenceEvidence(
        sentences=("A.", "A b.", "C."),
        matches=np.zeros((0, 3), np.float32),
        shares=np.zeros(0, np.float32),
        cosines=np.zeros(3, np.float32),
        terms=[["a"], ["a", "b"], ["c"]],
        asked=["a", "b", "z"],
        idf=np.array([1, 2, 5], np.float32),
        readable=1.0,
    )
    a, b = math.log(1 + 3 / 2), 2 * math.log(1 + 3)
    assert column("", evidence, "rare_words") == pytest.approx([a / (a + b), 1, 0])
    assert column("", evidence, "rare_words_before") == pytest.approx([0, a / (a + b), 1])


def test_no_shared_words_are_no_division_by_zero() -> None:
    """Nor is a question without terms or tokens."""
    evidence = evidence_of("One.", "Two.", asked="other")
    assert column("", evidence, "rare_words") == [0, 0]
    assert column("", evidence_of("One.", "Two."), "rare_words") == [0, 0]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When?", {"date": 1, "numbers": math.log(3)}),
        ("How many?", {"number": 1, "numbers": math.log(3)}),
        ("Who?", {"name": 1, "names": math.log(3)}),
        ("Why?", {"reason": 1}),
        ("How is it called?", {"term": 1, "names": math.log(3)}),
        ("Well?", {"names": math.log(3)}),
        ("When, and how many?", {"date": 1, "numbers": math.log(3)}),
        ("Who, and when?", {"date": 1, "numbers": math.log(3)}),
    ],
)
def test_what_is_asked_for_is_held_against_what_is_offered(
    question: str, expected: dict[str, float]
) -> None:
    """The sentence offers two numbers, one of them a date, two names, a reason and a term."""
    offering = "He met Ali, called Omar, in 2011 with nine men because of it."
    evidence = evidence_of(offering, "Nothing here.")
    kinds = ("date", "number", "name", "reason", "term", "names", "numbers")
    found = {kind: column(question, evidence, kind) for kind in kinds}
    assert {kind: values[0] for kind, values in found.items() if values[0]} == pytest.approx(
        expected
    )
    assert [values[1] for values in found.values()] == [0] * len(kinds)


def test_each_sentence_has_every_feature() -> None:
    """One row a sentence, one column a feature."""
    evidence = evidence_of("One.", "Two.", "Three.", asked="two")
    assert highlight_features("two?", evidence).shape == (3, len(FEATURES))


def test_a_lone_sentence_is_the_best() -> None:
    """Whatever it says."""
    assert best_sentence("When?", evidence_of("Nothing.")) == 0


def test_the_sentence_with_the_words_of_the_question_is_the_best() -> None:
    """All else equal."""
    evidence = evidence_of("iron melts.", "water boils.", "gold shines.", asked="water boils")
    assert best_sentence("water boils", evidence) == 1


def test_a_number_is_what_a_question_of_quantity_is_after() -> None:
    """All else equal."""
    evidence = evidence_of("he had some men.", "he had nine men.", "he had good men.", asked="men")
    assert best_sentence("how many men", evidence) == 1


def test_of_sentences_alike_the_first_is_taken() -> None:
    """The same question gets the same highlight."""
    assert best_sentence("other", evidence_of("same here.", "same here.", "same here.")) == 0


@given(st.lists(st.sampled_from(["One.", "Two 2011.", "Ali met Omar.", "😀", "—"]), min_size=1))
def test_the_best_sentence_is_one_of_them(sentences: list[str]) -> None:
    """Whatever the sentences are, marks and emoji included."""
    found = best_sentence("Who met Ali in 2011?", evidence_of(*sentences, asked="ali met 2011"))
    assert 0 <= found < len(sentences)


def test_a_sentence_is_matched_within_its_context() -> None:
    """The better of both by token; other candidates' segments and empty sentences are apart."""
    candidates = Candidates(
        rows=np.array([3, 8]),
        evidence={},
        matches=SegmentMatches(
            best=np.array([[0.9, 0.4, 0.1, 0.6], [0.9, 0.2, 0.8, 0.1]], np.float32),
            passage=np.array([0, 1, 1, 1]),
            segment=np.array([0, CONTEXT, 0, 2], np.int16),
        ),
        token_matches=np.zeros((2, 2), np.float32),
        shares=np.array([0.5, 0.5], np.float32),
        readable=1.0,
    )
    assert _matches_of(candidates, 1, 3) == pytest.approx(
        np.array([[0.4, 0.4, 0.6], [0.8, 0.2, 0.2]], np.float32)
    )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When does water boil?", "Water boils early."),
        ("iron melts", "Iron melts late."),
        ("Is gold heavy?", "Gold is heavy."),
    ],
)
def test_the_highlight_is_a_sentence_of_the_passage(
    generation: Generation, question: str, expected: str
) -> None:
    """As offsets into the passage's text."""
    (embedding,) = FakeEncoder(dimension=200).embed_queries([question])
    candidates = find_candidates(generation, question, embedding)
    at = [generation.passages[row].text for row in candidates.rows].index(LONG)
    start, end = highlight(generation, question, embedding, candidates, at)
    assert LONG[start:end] == expected


@pytest.mark.parametrize("question", ["Is tin light?", "water", "😀", "?!", "متى؟"])
def test_a_passage_of_one_sentence_is_highlighted_whole(
    generation: Generation, question: str
) -> None:
    """There is nothing to choose from."""
    (embedding,) = FakeEncoder(dimension=200).embed_queries([question])
    candidates = find_candidates(generation, question, embedding)
    at = [generation.passages[row].text for row in candidates.rows].index(SHORT)
    assert highlight(generation, question, embedding, candidates, at) == Span(0, len(SHORT))
