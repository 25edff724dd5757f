"""The golden questions get the same answers from the engine as from the index here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.golden import load_golden
from index.queries import Query
from index.served.engine import Engine
from index.served.retriever import ServedRetriever
from tests.served.serving import publish, shown

if TYPE_CHECKING:
    from index.encoder import SentenceTransformerEncoder
    from index.retriever import LocalRetriever
    from tests.served.serving import Server

pytestmark = [pytest.mark.milvus, pytest.mark.model]

GOLDEN = Path(__file__).parent.parent / "golden" / "seeds.jsonl"


def test_golden_questions_are_answered_the_same(
    server: Server,
    real_state: Path,
    real_retriever: LocalRetriever,
    model_encoder: SentenceTransformerEncoder,
) -> None:
    """Verdicts, passages, their order, highlights and near-duplicates agree, for each of them."""
    queries = [Query(text=each.question) for each in load_golden(GOLDEN)]
    here = real_retriever.retrieve_many(queries, k=10)
    with Engine(server.database(), timeout_s=30) as engine:
        publish(engine, real_state)
        served = ServedRetriever(engine, model_encoder)
        there = list(served.retrieve_many(queries, k=10))
    assert [shown(answer) for answer in there] == [shown(answer) for answer in here]
