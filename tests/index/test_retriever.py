"""From a question to verified, cited hits."""

import logging
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.confidence import Thresholds
from index.dense import DenseIndex
from index.documents import parse_document
from index.encoded import Recipes
from index.encoding import PassageText, encode_corpus
from index.errors import EncoderMismatchError, NoGenerationError, QuestionError
from index.generation import Generation
from index.generations import Generations
from index.questions import MAX_QUESTION_CHARS
from index.readers import Block, Extract
from index.retriever import LocalRetriever
from index.sentences import SentenceTable, sentence_spans
from index.sources import Metadata
from index.stores import Lexical
from index.types import Answer, Embedding, Timings, Verdict
from tests.fakes import FakeEncoder
from tests.index.made import ENCODER, document, make

if TYPE_CHECKING:
    from index.encoder import CrossEncoderReranker

PARAGRAPHS = (
    "Iron melts late. Water boils early.",
    "Gold is heavy.",
    "Tin is light.",
    "Cats sleep.",
)


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Leave out `fsync`: that builds outlive a power cut is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state folder with an index of two documents, of four passages and of one."""
    folder = tmp_path_factory.mktemp("retriever")
    make(folder, document("a.txt", *PARAGRAPHS), document("b.txt", "Cows run."))
    return folder


@pytest.fixture(scope="module")
def generation(state: Path) -> Generation:
    """Return the generation."""
    return Generations(state).load()[0]


@pytest.fixture(scope="module")
def retriever(generation: Generation) -> LocalRetriever:
    """Return a retriever over the generation."""
    return LocalRetriever(generation, ENCODER)


def texts(answer: Answer) -> list[str]:
    """Return the texts of the hits."""
    return [hit.passage.text for hit in answer.hits]


def timeless(answer: Answer) -> Answer:
    """Return an answer without what differs from time to time."""
    none = Timings(encode_ms=0, search_ms=0, rerank_ms=0, total_ms=0)
    return replace(answer, timings=none)


def test_the_passage_that_answers_comes_first_with_its_sentence(
    retriever: LocalRetriever, generation: Generation
) -> None:
    """With all that is known of where it comes from."""
    answer = retriever.retrieve("When does water boil?", k=3)
    assert answer.question == "When does water boil?"
    assert answer.generation == generation.name
    first = answer.hits[0]
    assert first.passage == generation.passages[0]
    assert first.source == generation.documents[0].source
    assert first.passage.text[slice(*first.highlight)] == "Water boils early."
    assert first.also_in == ()


def test_hits_are_ranked_from_one_and_scores_fall(retriever: LocalRetriever) -> None:
    """Higher is better."""
    hits = retriever.retrieve("Is gold heavy or tin light?", k=5).hits
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage.id for hit in hits}) == 5


@pytest.mark.parametrize(("k", "expected"), [(1, 1), (2, 2), (5, 5), (100, 5)])
def test_no_more_than_k_hits_come(retriever: LocalRetriever, k: int, expected: int) -> None:
    """They are the best, whatever k is; confidence does not depend on it."""
    answer = retriever.retrieve("Is gold heavy?", k=k)
    every = retriever.retrieve("Is gold heavy?", k=100)
    assert answer.hits == every.hits[:expected]
    assert len(answer.hits) == expected
    assert answer.confidence == every.confidence


def test_equal_scores_are_ordered_by_passage_id(tmp_path: Path) -> None:
    """Six documents that differ in a word, of which the question and its scores know nothing."""
    names = ("Rome", "Paris", "London", "Madrid", "Berlin", "Vienna")
    made = make(
        tmp_path,
        *(
            parse_document(
                Extract(blocks=[Block(text=f"Cats sleep in {name}.")], metadata=Metadata()),
                name=f"{name}.txt",
                folder="seeds",
                stated=Metadata(language="en"),
            )
            for name in names
        ),
    )
    hits = LocalRetriever(made, ENCODER).retrieve("Do cats sleep?", k=6).hits
    assert len({hit.score for hit in hits}) == 1
    assert [hit.also_in for hit in hits] == [()] * 6
    ids = [passage.id for passage in made.passages]
    assert ids != sorted(ids)
    assert [hit.passage.id for hit in hits] == sorted(ids)


@pytest.mark.parametrize("question", ["", " ", "\n\t", "\u3000\u00a0"])
def test_a_blank_question_is_a_typed_error(retriever: LocalRetriever, question: str) -> None:
    """White space of any kind is no question."""
    with pytest.raises(QuestionError, match="the question is empty"):
        retriever.retrieve(question, k=1)


def test_a_question_may_be_as_long_as_a_message(retriever: LocalRetriever) -> None:
    """One character more is a typed error; white space that doesn't count is not counted."""
    longest = "cats ".ljust(MAX_QUESTION_CHARS, "x")
    assert retriever.retrieve(longest, k=1).hits
    assert retriever.retrieve(f"cats{' ' * 2 * MAX_QUESTION_CHARS}sleep\n", k=1).hits
    with pytest.raises(QuestionError, match=f"over {MAX_QUESTION_CHARS} characters"):
        retriever.retrieve(f"{longest}x", k=1)


def test_white_space_makes_no_difference_and_the_question_is_given_back_as_asked(
    retriever: LocalRetriever,
) -> None:
    """Line ends of a message included."""
    plain = retriever.retrieve("Do cats sleep?", k=3)
    spaced = retriever.retrieve("  Do\n\ncats \t sleep? ", k=3)
    assert spaced.question == "  Do\n\ncats \t sleep? "
    assert spaced.hits == plain.hits
    assert spaced.confidence == plain.confidence


def test_a_question_that_is_no_valid_text_is_a_typed_error(retriever: LocalRetriever) -> None:
    """Bytes that are not UTF-8 come from a command line as lone surrogates."""
    with pytest.raises(QuestionError):
        retriever.retrieve("do cats \udcff sleep", k=1)


@pytest.mark.parametrize(
    "question", ["😀", "?!", "—", "متى", "zebra", "the", "0", "'", "a" * 4096]
)
def test_any_question_is_answered_somehow(retriever: LocalRetriever, question: str) -> None:
    """Highlights are spans of their passages; the confidence is a probability."""
    answer = retriever.retrieve(question, k=5)
    assert len(answer.hits) == 5
    assert 0 <= answer.confidence <= 1
    for hit in answer.hits:
        assert 0 <= hit.highlight.start < hit.highlight.end <= len(hit.passage.text)


def test_the_verdict_is_the_thresholds(generation: Generation) -> None:
    """The same confidence, three verdicts."""
    sureness = LocalRetriever(generation, ENCODER).retrieve("Do cats sleep?", k=1).confidence
    assert 0 < sureness < 1
    for thresholds, expected in (
        (Thresholds(answered=sureness, unsure=0), Verdict.ANSWERED),
        (Thresholds(answered=1, unsure=sureness), Verdict.UNSURE),
        (Thresholds(answered=1, unsure=1), Verdict.NO_ANSWER),
    ):
        answer = LocalRetriever(generation, ENCODER, thresholds=thresholds).retrieve(
            "Do cats sleep?", k=1
        )
        assert answer.verdict == expected
        assert answer.hits  # the closest passages come with a refusal too


def test_timings_add_up(retriever: LocalRetriever) -> None:
    """In milliseconds."""
    timings = retriever.retrieve("Do cats sleep?", k=3).timings
    parts = (timings.encode_ms, timings.search_ms, timings.rerank_ms)
    assert min(parts) >= 0
    assert sum(parts) == pytest.approx(timings.total_ms)


def forged(generation: Generation, row: int, text: str) -> Generation:
    """Return the generation with another text for one passage."""
    passages = list(generation.passages)
    passages[row] = replace(passages[row], text=text)
    return replace(generation, passages=passages)


def test_a_passage_that_is_not_in_its_document_is_dropped_and_logged(
    generation: Generation, caplog: pytest.LogCaptureFixture
) -> None:
    """The quote is proof: the others move up a rank, and as many come as were asked for."""
    false = forged(generation, 3, "Cats sleep!")
    with caplog.at_level(logging.ERROR, "index.quoting"):
        answer = LocalRetriever(false, ENCODER).retrieve("Do cats sleep?", k=4)
    assert "Cats sleep!" not in texts(answer)
    assert [hit.rank for hit in answer.hits] == [1, 2, 3, 4]
    (record,) = caplog.records
    assert generation.passages[3].id in record.getMessage()
    assert "Cats" not in record.getMessage()


def test_a_passage_moved_within_its_document_is_dropped(generation: Generation) -> None:
    """The same words elsewhere are not what is cited."""
    passages = list(generation.passages)
    passages[3] = replace(passages[3], start=passages[3].start + 1, end=passages[3].end + 1)
    answer = LocalRetriever(replace(generation, passages=passages), ENCODER).retrieve(
        "Do cats sleep?", k=5
    )
    assert "Cats sleep." not in texts(answer)


def test_passages_of_a_document_that_was_changed_are_dropped(generation: Generation) -> None:
    """Even where the passage itself still stands: the text is not what was read."""
    first, second = generation.documents
    changed = replace(first, text=first.text.replace("heavy", "light"))
    answer = LocalRetriever(replace(generation, documents=[changed, second]), ENCODER).retrieve(
        "Do cats sleep?", k=5
    )
    assert texts(answer) == ["Cows run."]


def test_where_every_passage_is_dropped_there_is_no_answer(generation: Generation) -> None:
    """And no confidence in it."""
    false = replace(
        generation,
        documents=[replace(each, content_hash="0" * 64) for each in generation.documents],
    )
    answer = LocalRetriever(false, ENCODER).retrieve("Do cats sleep?", k=5)
    assert (answer.hits, answer.verdict, answer.confidence) == ((), Verdict.NO_ANSWER, 0.0)


def test_the_confidence_is_in_the_first_hit_that_is_shown(generation: Generation) -> None:
    """What was dropped gives none to the passage that moved up."""
    sure = LocalRetriever(generation, ENCODER).retrieve("Cats sleep", k=1)
    false = forged(generation, 3, "Cats sleep!")
    unsure = LocalRetriever(false, ENCODER).retrieve("Cats sleep", k=1)
    assert sure.hits[0].passage.id != unsure.hits[0].passage.id
    assert unsure.confidence < sure.confidence


def test_documents_come_with_their_numbers_of_passages(retriever: LocalRetriever) -> None:
    """In the order of their paths."""
    found = [(each.source.path, count) for each, count in retriever.documents()]
    assert found == [("seeds/a.txt", 4), ("seeds/b.txt", 1)]


def test_passages_come_document_by_document(retriever: LocalRetriever) -> None:
    """All of them."""
    assert [passage.text for passage in retriever.passages] == [*PARAGRAPHS, "Cows run."]


def test_an_index_of_another_encoder_is_refused(state: Path) -> None:
    """With both names and the command that mends it."""
    with pytest.raises(EncoderMismatchError, match="run `verbatim build`") as caught:
        LocalRetriever.from_state(state, FakeEncoder(name="other", dimension=200))
    assert "fake" in str(caught.value)
    assert "other" in str(caught.value)
    with pytest.raises(EncoderMismatchError):
        LocalRetriever.from_state(state, FakeEncoder(dimension=128))


def test_without_an_index_there_is_a_typed_error(state_dir: Path) -> None:
    """It says what to do."""
    with pytest.raises(NoGenerationError, match="run `verbatim build`"):
        LocalRetriever.from_state(state_dir, ENCODER)


def test_warming_up_makes_the_encoder_read_a_question(generation: Generation) -> None:
    """That is what loads a model."""
    asked: list[str] = []

    class Listening(FakeEncoder):
        """Notes what it is asked."""

        def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
            """Note the questions."""
            asked.extend(texts)
            return FakeEncoder.embed_queries(self, texts)

    LocalRetriever(generation, Listening(dimension=200)).warm_up()
    assert len(asked) == 1


class LikesCows:
    """A reranker that holds one passage likely, and the others not."""

    def logits(self, _question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return 2 for cows and -3 for anything else."""
        return np.array([2 if "Cows" in text else -3 for text in passages], np.float32)


def test_a_reranker_has_the_last_word(generation: Generation) -> None:
    """Its score is a logit, and the confidence its probability."""
    reranker = cast("CrossEncoderReranker", LikesCows())
    answer = LocalRetriever(generation, ENCODER, reranker=reranker).retrieve("Cats sleep", k=5)
    assert texts(answer)[0] == "Cows run."
    assert [hit.score for hit in answer.hits] == [2, -3, -3, -3, -3]
    assert answer.confidence == pytest.approx(1 / (1 + np.exp(-2)))


def in_memory(generation: Generation, lexical: Lexical) -> Generation:
    """Make the stores of a generation anew from its passages, without a disk between."""
    passages = [
        PassageText("", passage.text, sentence_spans(passage.text, "en"))
        for passage in generation.passages
    ]
    recipes = Recipes.from_encoder(ENCODER, None)
    encoded = encode_corpus(passages, recipes)
    return replace(
        generation,
        vectors=DenseIndex.from_vectors(encoded.passages),
        sentences=SentenceTable.from_spans([each.sentences for each in passages]),
        sentence_vectors=DenseIndex.from_vectors(encoded.sentences),
        tokens=encoded.tokens,
        projection=recipes.projection,
        lexical=lexical,
    )


_WORDS = st.sampled_from("cats dogs cows sleep bark run heavy light water 😀 2011".split())
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=5).map(
    lambda words: " ".join(words).capitalize() + "."
)
_PARAGRAPHS = st.lists(_SENTENCES, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=6)
@given(
    corpus=st.lists(st.lists(_PARAGRAPHS, min_size=1, max_size=3), min_size=1, max_size=3),
    question=st.lists(_WORDS, min_size=1, max_size=4).map(" ".join),
)
def test_saved_and_loaded_an_index_gives_identical_answers(
    corpus: list[list[str]], question: str
) -> None:
    """Loaded twice, and made without a disk: hits, scores, highlights and confidence."""
    documents = [
        parse_document(
            Extract(blocks=[Block(text=text) for text in paragraphs], metadata=Metadata()),
            name=f"{at}.txt",
            folder="seeds",
            stated=Metadata(language="en"),
        )
        for at, paragraphs in enumerate(corpus)
    ]
    with tempfile.TemporaryDirectory() as folder:
        loaded = make(Path(folder), *documents)
        again = LocalRetriever.from_state(Path(folder), ENCODER)
        answer = timeless(LocalRetriever(loaded, ENCODER).retrieve(question, k=9))
        assert timeless(again.retrieve(question, k=9)) == answer
        made = LocalRetriever(in_memory(loaded, loaded.lexical), ENCODER)
        assert timeless(made.retrieve(question, k=9)) == answer
    for hit in answer.hits:
        text = next(
            parsed.document.text
            for parsed in documents
            if parsed.document.id == hit.passage.document_id
        )
        assert text[hit.passage.start : hit.passage.end] == hit.passage.text
