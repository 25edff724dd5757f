"""Which passages are worth a closer look, and the evidence for each."""

import math
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import candidates as candidates_module
from index.build import index_documents
from index.candidates import Candidates, find_candidates, find_rows, readability
from index.confidence import confidence
from index.documents import ParsedDocument, parse_document
from index.fusion import fused_scores
from index.generation import Generation
from index.generations import Generations
from index.readers import Block, Extract
from index.sources import Metadata
from index.types import Embedding
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder(dimension=128)  # no two words of these tests are alike to it

EVIDENCE = {
    "bm25",
    "bm25_document",
    "coverage",
    "dense",
    "dense_document",
    "sentence",
    "match",
    "match_sentence",
}


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk() -> Iterator[None]:
    """Leave out `fsync`: that builds outlive a power cut is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


def document(name: str, language: str, *paragraphs: str) -> ParsedDocument:
    """Return a document of paragraphs, in the language stated."""
    return parse_document(
        Extract(blocks=[Block(text=text) for text in paragraphs], metadata=Metadata()),
        name=f"{name}.txt",
        folder="seeds",
        stated=Metadata(language=language),
    )


def generation_of(
    folder: Path, *documents: ParsedDocument, encoder: FakeEncoder = ENCODER
) -> Generation:
    """Make a generation of documents."""
    index_documents(documents, folder, encoder, seeds={})
    return Generations(folder).load()[0]


def embedding_of(question: str) -> Embedding:
    """Return what the encoder says of a question."""
    (embedding,) = ENCODER.embed_queries([question])
    return embedding


def found_for(generation: Generation, question: str) -> Candidates:
    """Return the candidates for a question."""
    return find_candidates(generation, question, embedding_of(question))


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a generation of one passage."""
    folder = tmp_path_factory.mktemp("single")
    return generation_of(folder, document("a", "en", "Cats sleep. Dogs bark."))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a generation of one document of two passages."""
    folder = tmp_path_factory.mktemp("pair")
    return generation_of(folder, document("a", "en", "Cats sleep. Dogs bark.", "Cows sleep."))


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a generation of two documents of ten passages."""
    texts = [f"The word{at} is here. Then comes next{at}." for at in range(20)]
    return generation_of(
        tmp_path_factory.mktemp("twenty"),
        document("a", "en", *texts[:10]),
        document("b", "en", *texts[10:]),
    )


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return a generation of an English document and a German one."""
    return generation_of(
        tmp_path_factory.mktemp("bilingual"),
        document("a", "en", "Houses burn."),
        document("b", "de-DE", "Häuser brennen."),
    )


@pytest.mark.parametrize(
    ("letters", "expected"),
    [(0, 0), (1, 0), (1.2, 0), (1.35, 0.25), (1.5, 0.5), (1.8, 1), (3, 1), (40, 1)],
)
def test_readability_rises_with_the_letters_in_a_word_piece(
    letters: float, expected: float
) -> None:
    """From letter by letter to words."""
    assert readability(letters) == pytest.approx(expected)


def check(found: Candidates, *, rows: list[int], tokens: int) -> None:
    """Hold shapes, types and ranges, for any question."""
    count = len(rows)
    assert found.rows.tolist() == rows
    assert set(found.evidence) == EVIDENCE
    for name, values in found.evidence.items():
        assert values.shape == (count,), name
        assert bool(np.isfinite(values).all()), name
        lowest = 0.0 if name in {"bm25", "bm25_document", "coverage"} else -1.01
        assert lowest <= float(values.min()) <= float(values.max()) <= 1.01, name
    assert found.token_matches.shape == (tokens, count)
    assert found.shares.shape == (tokens,)
    assert float(found.shares.sum()) == pytest.approx(1 if tokens else 0, abs=1e-5)
    assert found.matches.best.shape[0] == tokens
    assert 0 <= found.readable <= 1


QUESTIONS = [
    ("Do cats sleep?", 3),
    ("zebra", 1),
    ("😀", 1),
    ("😀 👍🏽", 2),
    ("?! …", 2),
    ("¿", 1),
    ("متى غادر", 2),
    ("北京", 1),
]


@pytest.mark.parametrize(("question", "tokens"), QUESTIONS)
def test_a_corpus_of_one_passage_has_one_candidate(
    single: Generation, question: str, tokens: int
) -> None:
    """Whatever is asked, emoji and marks included."""
    check(found_for(single, question), rows=[0], tokens=tokens)


@pytest.mark.parametrize(("question", "tokens"), QUESTIONS)
def test_a_corpus_of_two_passages_has_two_candidates(
    pair: Generation, question: str, tokens: int
) -> None:
    """Each is near enough for a closer look."""
    check(found_for(pair, question), rows=[0, 1], tokens=tokens)


@pytest.mark.parametrize(("question", "tokens"), QUESTIONS)
def test_a_corpus_of_twenty_passages_has_twenty_candidates(
    twenty: Generation, question: str, tokens: int
) -> None:
    """In the order of their rows."""
    check(found_for(twenty, question), rows=list(range(20)), tokens=tokens)


def test_a_question_without_a_word_piece_finds_something_and_fails_nowhere(
    pair: Generation,
) -> None:
    """A tokenizer may make nothing of a mark; no score depends on what isn't there."""
    nothing = replace(
        embedding_of("zebra"),
        vector=np.zeros(128, np.float32),
        tokens=np.zeros((0, 128), np.float32),
        pieces=np.zeros(0, np.int32),
        spans=np.zeros((0, 2), np.int32),
    )
    found = find_candidates(pair, "\u200b", nothing)
    check(found, rows=[0, 1], tokens=0)
    scores = fused_scores(found)
    assert scores[0] == scores[1]
    assert 0 <= confidence(found, scores, np.zeros(2, np.int64)) <= 1


def test_vectors_by_hand(pair: Generation) -> None:
    """The question against "Cats sleep. Dogs bark." and "Cows sleep."; a word is an axis.

    The document's vector is the mean of its passages'.
    """
    evidence = found_for(pair, "cats bark").evidence
    dense = 2 / (math.sqrt(4) * math.sqrt(2))
    assert evidence["dense"].tolist() == pytest.approx([dense, 0], abs=1e-6)
    assert evidence["dense_document"].tolist() == pytest.approx([dense / 2] * 2, abs=1e-6)
    assert evidence["sentence"].tolist() == pytest.approx([0.5, 0], abs=1e-6)


def test_word_vectors_by_hand(tmp_path: Path) -> None:
    """Both words are in the first passage, one in each of its sentences; both weigh the same.

    Of an encoder of 128 dimensions no word's vector is cut short.
    """
    encoder = FakeEncoder(dimension=128)
    tokens = np.concatenate(
        [each.tokens for each in encoder.embed_passages("cats sleep dogs bark cows".split())]
    )
    assert np.array_equal(tokens @ tokens.T, np.eye(5))
    texts = ("Cats sleep. Dogs bark.", "Cows sleep.")
    made = generation_of(tmp_path, document("a", "en", *texts), encoder=encoder)
    (question,) = encoder.embed_queries(["cats bark"])
    found = find_candidates(made, "cats bark", question)
    assert found.shares.tolist() == pytest.approx([0.5, 0.5], abs=1e-6)
    assert found.token_matches == pytest.approx(np.array([[1, 0], [1, 0]]), abs=0.01)
    assert found.evidence["match"].tolist() == pytest.approx([1, 0], abs=0.01)
    assert found.evidence["match_sentence"].tolist() == pytest.approx([0.5, 0], abs=0.01)
    assert found.matches.passage.tolist() == [0, 0, 1]
    assert found.matches.segment.tolist() == [0, 1, 0]


def test_words_by_hand(pair: Generation) -> None:
    """Of the question, "the" is a stop word, "zebra" in neither passage, "cat" in one of two.

    The one document holds the cat, and is as long as documents are.
    """
    evidence = found_for(pair, "the cats, zebra").evidence
    cat, zebra = math.log(1 + 1.5 / 1.5), math.log(1 + 2.5 / 0.5)
    share = cat / (cat + zebra)
    assert evidence["coverage"].tolist() == pytest.approx([share, 0], abs=1e-6)
    saturated = 1 / (1 + 1.2 * (0.25 + 0.75 * 4 / 3))
    assert evidence["bm25"].tolist() == pytest.approx([share * saturated, 0], abs=1e-6)
    cat, zebra = math.log(1 + 0.5 / 1.5), math.log(1 + 1.5 / 0.5)
    document = cat / (cat + zebra) / (1 + 1.2)
    assert evidence["bm25_document"].tolist() == pytest.approx([document] * 2, abs=1e-6)


def test_each_document_is_asked_in_its_own_language(bilingual: Generation) -> None:
    """A German plural is found by its stem in the German document, and nothing in the other."""
    assert bilingual.languages.tolist() == ["en", "de"]
    german = found_for(bilingual, "Haus").evidence
    assert german["coverage"].tolist() == pytest.approx([0, 1])
    assert german["bm25"][0] == 0 < german["bm25"][1]
    english = found_for(bilingual, "the house").evidence
    assert english["coverage"].tolist() == pytest.approx([1, 0])


@pytest.mark.parametrize("question", ["متى غادر", "北京", "когда"])
def test_a_question_in_a_language_of_its_own_has_no_words_in_common(
    bilingual: Generation, question: str
) -> None:
    """Its lexical evidence is nothing, not an error."""
    evidence = found_for(bilingual, question).evidence
    for name in ("bm25", "bm25_document", "coverage"):
        assert evidence[name].tolist() == [0, 0]


def test_the_best_by_each_search_are_candidates(
    twenty: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three searches of two passages each: no more than six, the right ones among them."""
    monkeypatch.setattr(candidates_module, "PER_SEARCH", 2)
    found = found_for(twenty, "word7 next13")
    assert {7, 13} <= set(found.rows.tolist())
    assert len(found.rows) <= 6
    assert found.rows.tolist() == sorted(set(found.rows.tolist()))


def test_words_are_searched_in_a_thread_that_keeps_no_process_from_ending(
    twenty: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes wrong there, be it a panic of the engine's, is told to whoever asked."""
    threads: list[threading.Thread] = []

    def search(*_: object) -> list[int]:
        threads.append(threading.current_thread())
        raise SystemExit(3)

    monkeypatch.setattr(type(twenty.lexical), "search", search)
    with pytest.raises(SystemExit, match="3"):
        find_rows(twenty, "word7", embedding_of("word7"))
    [thread] = threads
    assert thread.daemon
    assert thread is not threading.current_thread()


def test_what_only_its_words_bring_up_has_the_evidence_of_vectors_too(
    twenty: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All evidence is computed for all candidates."""
    monkeypatch.setattr(candidates_module, "PER_SEARCH", 1)
    found = find_candidates(twenty, "word7", embedding_of("next13"))
    assert {7, 13} <= set(found.rows.tolist())
    check(found, rows=found.rows.tolist(), tokens=1)
    at = {row: place for place, row in enumerate(found.rows.tolist())}
    texts = [twenty.passages[row].text for row in (7, 13)]
    cosines = ENCODER.encode_passages(texts) @ embedding_of("next13").vector
    assert found.evidence["dense"][[at[7], at[13]]] == pytest.approx(cosines, abs=1e-6)
    assert found.evidence["coverage"][at[7]] == pytest.approx(1)
    assert found.evidence["coverage"][at[13]] == 0


def test_how_far_the_question_can_be_read_is_the_encoders_word(pair: Generation) -> None:
    """By the letters in a word piece of the question."""
    spelt = replace(embedding_of("cats"), letters_per_piece=1.5)
    assert find_candidates(pair, "cats", spelt).readable == pytest.approx(0.5)
    assert found_for(pair, "cats").readable == 1
