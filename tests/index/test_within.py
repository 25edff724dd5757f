"""Which passages a scope lets in, and that the search finds the best of them."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.candidates import find_candidates
from index.fusion import fused_scores
from index.queries import Query, Scope
from index.retriever import LocalRetriever
from index.types import Timings, Verdict
from index.within import passages_within
from tests.index.made import ENCODER, document, make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.generation import Generation
    from index.types import Answer

STORY = "The ferry ran aground on Monday night. Nobody was hurt, and tugs pulled it free at dawn."
DATED = {"2010": "2010", "june": "2011-06", "day": "2011-06-12", "2011": "2011", "never": None}
UNTIMED = Timings(encode_ms=0, search_ms=0, rerank_ms=0, total_ms=0)


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return an index of documents of different dates, each with the story and a line of its own.

    Between them stand passages on something else, far more than any search looks at.
    """
    return make(
        tmp_path_factory.mktemp("within"),
        *(
            document(f"{name}.txt", f"The {name} paper.", STORY, published=date)
            for name, date in DATED.items()
        ),
        document("much.txt", *(f"The ferry {at} sailed." for at in range(150))),
    )


@pytest.fixture(scope="module")
def retriever(generation: Generation) -> LocalRetriever:
    """Return a retriever over the generation."""
    return LocalRetriever(generation, ENCODER)


def scope_of(generation: Generation, *names: str) -> Scope:
    """Return the scope of these files."""
    paths = {f"seeds/{name}.txt" for name in names}
    return Scope(
        documents=frozenset(each.id for each in generation.documents if each.source.path in paths)
    )


def asked(retriever: LocalRetriever, text: str, scope: Scope, *, k: int = 9) -> Answer:
    """Return the answer to one query, without what differs from time to time."""
    (answer,) = retriever.retrieve_many([Query(text=text, scope=scope)], k=k)
    return replace(answer, timings=UNTIMED)


def names(answer: Answer) -> set[str]:
    """Return the files of the hits and of what they are also in."""
    hits = [each for hit in answer.hits for each in (hit, *hit.also_in)]
    return {Path(hit.source.path).stem for hit in hits}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(after="2011"), {"june", "day", "2011"}),
        (Scope(after="2011-06"), {"june", "day"}),
        (Scope(after="2011-06-01"), {"june", "day"}),
        (Scope(after="2011-06-02"), {"day"}),
        (Scope(after="2011-06-12"), {"day"}),
        (Scope(after="2011-06-13"), set()),
        (Scope(before="2011"), {"2010"}),
        (Scope(before="2011-06-12"), {"2010"}),
        (Scope(before="2011-07"), {"2010", "june", "day"}),
        (Scope(before="2012"), {"2010", "june", "day", "2011"}),
        (Scope(after="2011-06", before="2012"), {"june", "day"}),
        (Scope(after="1900"), {"2010", "june", "day", "2011"}),
        (Scope(documents=frozenset()), set()),
        (Scope(documents=frozenset({"0" * 16})), set()),
    ],
)
def test_dates_let_in_what_lies_wholly_between(
    generation: Generation, retriever: LocalRetriever, scope: Scope, expected: set[str]
) -> None:
    """From the first day on, until the day before; what has no date is left out."""
    within = passages_within(generation, scope)
    assert within is not None
    owners = {generation.passages[row].document_id for row in np.flatnonzero(within).tolist()}
    assert {
        Path(each.source.path).stem for each in generation.documents if each.id in owners
    } == expected
    assert names(asked(retriever, "when did the ferry run aground", scope)) == expected


def test_documents_and_dates_narrow_each_other(
    generation: Generation, retriever: LocalRetriever
) -> None:
    """Only what fits both."""
    scope = replace(scope_of(generation, "june", "2010"), after="2011")
    assert names(asked(retriever, "ferry", scope)) == {"june"}


def test_a_scope_of_everything_is_no_scope(
    generation: Generation, retriever: LocalRetriever
) -> None:
    """The same answer, whether nothing is said or every document is named."""
    every = Scope(documents=frozenset(each.id for each in generation.documents))
    plain = asked(retriever, "when did the ferry run aground", Scope())
    assert passages_within(generation, Scope()) is None
    assert passages_within(generation, every) is None
    assert asked(retriever, "when did the ferry run aground", every) == plain
    assert replace(retriever.retrieve(plain.question, k=9), timings=UNTIMED) == plain


def test_what_nothing_fits_has_no_answer(retriever: LocalRetriever) -> None:
    """No hits, no confidence."""
    answer = asked(retriever, "ferry", Scope(after="2030"))
    assert (answer.hits, answer.verdict, answer.confidence) == ((), Verdict.NO_ANSWER, 0.0)


def test_a_small_document_is_found_among_many(
    generation: Generation, retriever: LocalRetriever
) -> None:
    """However many passages elsewhere are nearer to the question."""
    answer = asked(retriever, "the ferry 7 sailed", scope_of(generation, "june"))
    assert {hit.passage.text for hit in answer.hits} == {"The june paper.", STORY}


def test_copies_out_of_scope_are_not_named(
    generation: Generation, retriever: LocalRetriever
) -> None:
    """Where a story stands elsewhere is said only of where was searched."""
    answer = asked(
        retriever, "when did the ferry run aground", scope_of(generation, "june", "day")
    )
    (hit,) = [hit for hit in answer.hits if hit.passage.text == STORY]
    assert len(hit.also_in) == 1
    assert names(answer) == {"june", "day"}


def test_each_query_of_a_batch_has_its_own_scope(
    generation: Generation, retriever: LocalRetriever
) -> None:
    """They are encoded together, and answered apart."""
    scopes = [scope_of(generation, "june"), Scope(), Scope(after="2030")]
    queries = [Query(text="when did the ferry run aground", scope=scope) for scope in scopes]
    answers = [replace(each, timings=UNTIMED) for each in retriever.retrieve_many(queries, k=9)]
    assert answers == [asked(retriever, query.text, query.scope) for query in queries]


_WORDS = st.sampled_from(["cats", "cows", "sleep", "run", "gold", "tin", "is", "heavy"])
_PARAGRAPHS = st.lists(_WORDS, min_size=1, max_size=6).map(" ".join)


@settings(max_examples=25)
@given(
    corpus=st.lists(
        st.tuples(
            st.lists(_PARAGRAPHS, min_size=1, max_size=4),
            st.sampled_from([None, "2010", "2011-06", "2011-06-12"]),
        ),
        min_size=1,
        max_size=6,
    ),
    question=_PARAGRAPHS,
    chosen=st.none() | st.sets(st.integers(0, 5)),
    after=st.sampled_from([None, "2010", "2011", "2011-06-12"]),
)
def test_a_scope_gives_the_best_of_all_within_it(
    corpus: list[tuple[list[str], str | None]],
    question: str,
    chosen: set[int] | None,
    after: str | None,
) -> None:
    """As does weighing every passage of the scope, without any search."""
    with tempfile.TemporaryDirectory() as folder:
        made = make(
            Path(folder),
            *(
                document(f"{at}.txt", *paragraphs, published=date)
                for at, (paragraphs, date) in enumerate(corpus)
            ),
        )
    ids = [each.id for each in made.documents]
    documents = None if chosen is None else frozenset(ids[at] for at in chosen if at < len(ids))
    scope = Scope(documents=documents, after=after)
    answer = asked(LocalRetriever(made, ENCODER), question, scope, k=100)

    def is_within(row: int) -> bool:
        at = int(made.document_rows[row])
        date = corpus[at][1]
        is_chosen = chosen is None or at in chosen
        return is_chosen and (after is None or (date is not None and date >= after))

    rows = np.array([row for row in range(len(made.passages)) if is_within(row)], np.int64)
    shown = [each for hit in answer.hits for each in (hit, *hit.also_in)]
    assert {hit.passage.id for hit in shown} == {made.passages[row].id for row in rows}
    assert len(shown) == len(rows)
    if len(rows):
        (embedding,) = ENCODER.embed_queries([question])
        every = find_candidates(made, question, embedding)  # so few that all are candidates
        assert every.rows.tolist() == list(range(len(made.passages)))
        evidence = {name: values[rows] for name, values in every.evidence.items()}
        scores = fused_scores(replace(every, rows=rows, evidence=evidence)).tolist()
        score_of = {made.passages[row].id: score for row, score in zip(rows, scores, strict=True)}
        assert answer.hits[0].score == pytest.approx(max(scores), rel=2e-6)
        for hit in shown:
            assert hit.score == pytest.approx(score_of[hit.passage.id], rel=2e-6)
