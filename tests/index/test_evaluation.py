"""How good are the answers?"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

import pytest

from index.errors import EvaluationError
from index.evaluation import evaluate, judge, write_run
from index.types import Answer, Hit, Passage, Source, Span, Timings, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def test_one_query_is_judged_as_by_hand() -> None:
    """The relevant one of two stands second: half the recall, half the reciprocal rank."""
    metrics = judge({"q": {"d1": 0.9, "d2": 0.8, "d3": 0.7}}, {"q": {"d2": 1, "d9": 1}})
    ideal = 1 / log2(2) + 1 / log2(3)
    assert metrics == pytest.approx(
        {
            "ndcg@10": (1 / log2(3)) / ideal,
            "recall@10": 0.5,
            "mrr@10": 0.5,
            "success@1": 0.0,
        }
    )


def test_a_perfect_ranking_is_one_in_all() -> None:
    """Graded documents in the order of their grades."""
    metrics = judge({"q": {"d1": 3.0, "d2": 2.0, "d3": 1.0}}, {"q": {"d1": 2, "d2": 1}})
    assert metrics == {"ndcg@10": 1.0, "recall@10": 1.0, "mrr@10": 1.0, "success@1": 1.0}


def test_grades_count_in_ndcg_alone() -> None:
    """The lesser document first: the gain is linear in the grade."""
    metrics = judge({"q": {"d2": 0.9, "d1": 0.8}}, {"q": {"d1": 2, "d2": 1}})
    assert metrics == pytest.approx(
        {
            "ndcg@10": (1 + 2 / log2(3)) / (2 + 1 / log2(3)),
            "recall@10": 1.0,
            "mrr@10": 1.0,
            "success@1": 1.0,
        }
    )


def test_nothing_below_the_cutoff_counts() -> None:
    """The relevant one stands third, the cutoff is two."""
    metrics = judge({"q": {"d1": 0.9, "d2": 0.8, "d3": 0.7}}, {"q": {"d3": 1}}, k=2)
    assert metrics == {"ndcg@2": 0.0, "recall@2": 0.0, "mrr@2": 0.0, "success@1": 0.0}


def test_a_query_without_a_ranking_counts_as_zero() -> None:
    """Means are over the queries that have an answer, found or not."""
    run = {"q1": {"d1": 0.9}, "q2": {}, "q9": {"d1": 0.9}}
    qrels = {"q1": {"d1": 1}, "q2": {"d1": 1}, "q3": {"d1": 1}, "q4": {"d1": 1}}
    metrics = judge(run, qrels)
    assert metrics == {"ndcg@10": 0.25, "recall@10": 0.25, "mrr@10": 0.25, "success@1": 0.25}
    assert run == {"q1": {"d1": 0.9}, "q2": {}, "q9": {"d1": 0.9}}


@pytest.mark.parametrize(("relevant", "rank"), [("a", 1), ("b", 2), ("c", 3)])
def test_ties_break_by_id_in_every_metric(relevant: str, rank: int) -> None:
    """Of equal scores the smaller id stands first, as in the ranking that is shown."""
    metrics = judge({"q": {"b": 0.5, "c": 0.5, "a": 0.5}}, {"q": {relevant: 1}})
    assert metrics == pytest.approx(
        {
            "ndcg@10": 1 / log2(rank + 1),
            "recall@10": 1.0,
            "mrr@10": 1 / rank,
            "success@1": float(rank == 1),
        }
    )


def test_without_judgements_there_are_no_metrics() -> None:
    """Questions without answers have nothing to be ranked."""
    assert judge({"q": {"d1": 0.9}}, {}) == {}


def test_a_run_is_written_as_trec_has_it(tmp_path: Path) -> None:
    """Best first, ties by id, ranks from 1, six decimals."""
    path = tmp_path / "run.txt"
    write_run({"q2": {"b": 0.25, "c": 0.5, "a": 0.25}, "q1": {}, "q0": {"d": -1 / 3}}, path)
    assert path.read_text("utf-8") == (
        "q2 Q0 c 1 0.500000 verbatim\n"
        "q2 Q0 a 2 0.250000 verbatim\n"
        "q2 Q0 b 3 0.250000 verbatim\n"
        "q0 Q0 d 1 -0.333333 verbatim\n"
    )


def test_a_run_may_have_a_tag(tmp_path: Path) -> None:
    """The last column tells runs apart."""
    write_run({"q": {"d": 1.0}}, tmp_path / "run.txt", tag="words")
    assert (tmp_path / "run.txt").read_text() == "q Q0 d 1 1.000000 words\n"


def test_an_empty_run_is_an_empty_file(tmp_path: Path) -> None:
    """Nothing found, nothing written."""
    write_run({}, tmp_path / "run.txt")
    assert (tmp_path / "run.txt").read_bytes() == b""


def test_a_run_that_can_not_be_written_is_an_error(tmp_path: Path) -> None:
    """The message names the file and the reason."""
    path = tmp_path / "missing" / "run.txt"
    with pytest.raises(EvaluationError) as error:
        write_run({"q": {"d": 1.0}}, path)
    assert str(error.value) == f"{path}: can't be written (No such file or directory)"


def hit(passage_id: str, document_id: str, rank: int, score: float) -> Hit:
    """Return a hit of which only ids, rank and score matter."""
    return Hit(
        passage=Passage(
            id=passage_id, document_id=document_id, number=1, of=1, start=0, end=1, text="x"
        ),
        source=Source(title="x", path="seeds/x.txt"),
        rank=rank,
        score=score,
        highlight=Span(0, 1),
    )


class PreparedRetriever:
    """Gives to each question the answer that was prepared for it."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers
        self.depths: set[int] = set()

    def warm_up(self) -> None:
        """Be ready already."""

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Return the prepared answer."""
        self.depths.add(k)
        return self.answers[question]


def answer(question: str, verdict: Verdict, total_ms: float, *hits: Hit) -> Answer:
    """Return an answer."""
    timings = Timings(encode_ms=0, search_ms=0, rerank_ms=0, total_ms=total_ms)
    return Answer(
        question=question,
        query=question,
        verdict=verdict,
        confidence=0.5,
        hits=hits,
        generation="g",
        timings=timings,
    )


def test_every_query_is_asked_judged_and_timed() -> None:
    """A document's score is that of its best passage; verdicts are counted by kind."""
    first = answer(
        "open?",
        Verdict.ANSWERED,
        10,
        hit("p1", "d1", 1, 0.9),
        hit("p2", "d2", 2, 0.8),
        hit("p3", "d1", 3, 0.7),
    )
    second = answer("france?", Verdict.NO_ANSWER, 20)
    third = answer("late?", Verdict.UNSURE, 30, hit("p2", "d2", 1, -0.5))
    retriever = PreparedRetriever({"open?": first, "france?": second, "late?": third})
    progress: list[tuple[int, int]] = []
    found = evaluate(
        retriever,
        {"q1": "open?", "q2": "france?", "q3": "late?"},
        {"q1": {"d2": 1}, "q3": {"d2": 1}},
        documents=7,
        unit_of=lambda hit: hit.passage.document_id,
        depth=50,
        progress=lambda done, of: progress.append((done, of)),
    )
    assert found.run == {"q1": {"d1": 0.9, "d2": 0.8}, "q2": {}, "q3": {"d2": -0.5}}
    assert found.answers == {"q1": first, "q2": second, "q3": third}
    assert (found.queries, found.documents) == (3, 7)
    assert found.metrics == pytest.approx(
        {
            "ndcg@10": (1 / log2(3) + 1) / 2,
            "recall@10": 1.0,
            "mrr@10": 0.75,
            "success@1": 0.5,
        }
    )
    assert found.verdicts == {
        "answerable": {"answered": 1, "unsure": 1, "no_answer": 0},
        "unanswerable": {"answered": 0, "unsure": 0, "no_answer": 1},
    }
    assert found.latency_ms == pytest.approx({"p50": 20.0, "p95": 29.0, "p99": 29.8})
    assert retriever.depths == {50}
    assert progress == [(1, 3), (2, 3), (3, 3)]
