"""The JSON that scripts rely on."""

import json

from bot.jsonview import answer_object, dumps, evaluation_object
from index.evaluation import Evaluation
from index.types import Source, Span, Verdict
from tests.bot.samples import TEXT, make_answer, make_hit

CONTRACT_HIT = {
    "title",
    "path",
    "paragraph",
    "paragraphs",
    "start",
    "end",
    "publisher",
    "authors",
    "published",
    "url",
}
"""The keys of a source that the command line promises; more may come with it."""


def test_an_answer_is_exactly_this_object() -> None:
    """Everything of an answer stands under its promised name."""
    full = Source(
        title="Café",
        path="seeds/a.txt",
        publisher="The Paper",
        authors=("A. Person",),
        published="2011",
        url="https://example.com",
        language="fr",
        licence="MIT",
    )
    twin = make_hit("Ja.", Span(0, 3), rank=1, score=0.812345)
    hit = make_hit(
        source=full, number=5, of=14, page=2, heading="Night", score=0.812345, also_in=(twin,)
    )
    found = answer_object(make_answer(hit, confidence=0.9311111))
    assert found == {
        "question": "was the gate open?",
        "verdict": "answered",
        "confidence": 0.9311,
        "generation": "20260101T000000Z-00000000",
        "hits": [
            {
                "rank": 1,
                "score": 0.8123,
                "passage_id": "p1",
                "text": TEXT,
                "highlight": {"start": 13, "end": 37},
                "source": {
                    "title": "Café",
                    "path": "seeds/a.txt",
                    "paragraph": 5,
                    "paragraphs": 14,
                    "start": 100,
                    "end": 150,
                    "page": 2,
                    "heading": "Night",
                    "publisher": "The Paper",
                    "authors": ["A. Person"],
                    "published": "2011",
                    "url": "https://example.com",
                    "language": "fr",
                    "licence": "MIT",
                },
                "also_in": [
                    {
                        "title": "The Gate",
                        "path": "seeds/gate.txt",
                        "paragraph": 2,
                        "paragraphs": 5,
                        "start": 100,
                        "end": 103,
                        "page": None,
                        "heading": None,
                        "publisher": None,
                        "authors": [],
                        "published": None,
                        "url": None,
                        "language": None,
                        "licence": None,
                    }
                ],
            }
        ],
        "timings_ms": {"encode": 6.123, "search": 0.4, "rerank": 21.0, "total": 27.523},
    }
    assert json.loads(dumps(found)) == found


def test_an_answer_keeps_the_contract_of_the_command_line() -> None:
    """The names and their order are those that the design promises to scripts."""
    found = answer_object(make_answer(make_hit()))
    assert list(found) == [
        "question",
        "verdict",
        "confidence",
        "generation",
        "hits",
        "timings_ms",
    ]
    [hit] = found["hits"]
    assert list(hit) == [
        "rank",
        "score",
        "passage_id",
        "text",
        "highlight",
        "source",
        "also_in",
    ]
    assert set(hit["source"]) >= CONTRACT_HIT
    assert list(found["timings_ms"]) == ["encode", "search", "rerank", "total"]
    span = hit["highlight"]
    assert hit["text"][span["start"] : span["end"]] == "The gate <A> stood open."


def test_verdicts_are_plain_words() -> None:
    """A verdict is its word, and a refusal still holds its hits."""
    for verdict in Verdict:
        found = answer_object(make_answer(make_hit(), verdict=verdict))
        assert type(found["verdict"]) is str
        assert found["verdict"] in {"answered", "unsure", "no_answer"}
        assert len(found["hits"]) == 1


def test_a_line_of_json_is_one_line_in_its_own_script() -> None:
    """Line feeds are escaped, letters of every script stay."""
    assert dumps({"text": "“Grüße”\nسوريا"}) == '{"text": "“Grüße”\\nسوريا"}'


def test_an_evaluation_is_exactly_this_object() -> None:
    """Metrics have four places, milliseconds three."""
    verdicts = {
        "answerable": {"answered": 1, "unsure": 0, "no_answer": 0},
        "unanswerable": {"answered": 0, "unsure": 0, "no_answer": 1},
    }
    evaluation = Evaluation(
        queries=2,
        documents=3,
        metrics={"ndcg@10": 0.66666666},
        latency_ms={"p50": 1.23456},
        verdicts=verdicts,
        run={"q1": {"p1": 0.5}},
        answers={},
    )
    assert evaluation_object(evaluation) == {
        "queries": 2,
        "documents": 3,
        "metrics": {"ndcg@10": 0.6667},
        "latency_ms": {"p50": 1.235},
        "abstention": verdicts,
    }
