"""Articles that several papers printed: one hit, and the others are named with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.build import build
from index.cache import BuildCache
from index.duplicates import bands_of
from index.placement import Placement
from index.resemblance import Links
from index.retriever import LocalRetriever
from index.types import Passage
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WIRE = (
    "A ferry with 214 passengers ran aground off the northern cape on Monday night after its "
    "captain had fallen asleep, the coast guard said. Nobody was hurt, and tugs pulled the ship "
    "free at dawn."
)
EDITED = WIRE.replace("ran aground", "was stranded").replace(
    "the coast guard said", "officials say"
)
SHORTENED = WIRE.replace(", and tugs pulled the ship free at dawn", "")
OTHER_NIGHT = WIRE.replace("214", "98").replace("Monday", "Friday")
PAPERS = {
    "morning": WIRE,
    "evening": EDITED,
    "weekly": SHORTENED,
    "archive": OTHER_NIGHT,
    "harvest": "The harvest of wheat in the southern plains was the poorest for thirty years.",
}
QUESTION = "how many passengers were on the ferry that ran aground on Monday night"


def near_duplicates(texts: Sequence[str], cache: BuildCache | None = None) -> list[int]:
    """Return for each text the row of the first that says the same, or its own."""
    bands = bands_of(texts, cache).T
    rows = np.arange(len(texts))
    placement = Placement.of(np.zeros(len(texts), np.int32), rows, [len(texts)])
    passages = [
        Passage(id=str(row), document_id="d", number=1, of=1, start=0, end=len(text), text=text)
        for row, text in enumerate(texts)
    ]
    links = Links.found([bands], placement, passages, None)
    return [int(row) for row in links.first_alike(len(texts))]


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    with reading_here():
        yield


@pytest.fixture
def retriever(seeds_dir: Path, state_dir: Path) -> LocalRetriever:
    """Build the papers, each article after a paragraph of the paper's own."""
    for name, article in PAPERS.items():
        own = f"This is the {name} paper."
        (seeds_dir / f"{name}.txt").write_text(f"{own}\n\n{article}\n", "utf-8")
    build(seeds_dir, state_dir, FakeEncoder())
    return LocalRetriever.from_state(state_dir, FakeEncoder())


def test_an_answer_shows_one_and_names_the_others(retriever: LocalRetriever) -> None:
    """The first hit is one of the copies; every other copy is in it, and in no other hit."""
    hits = retriever.retrieve(QUESTION, k=10).hits
    copies = {"seeds/morning.txt", "seeds/evening.txt", "seeds/weekly.txt"}
    first = hits[0]
    assert {first.source.path, *(other.source.path for other in first.also_in)} == copies
    assert len(first.also_in) == 2
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    shown = [hit for hit in hits[1:] if hit.source.path in copies]
    assert all(hit.passage.text.startswith("This is the ") for hit in shown)
    assert all(hit.also_in == () for hit in hits[1:])


def test_another_event_in_the_same_words_is_no_copy(retriever: LocalRetriever) -> None:
    """Its numbers differ, so it is a hit of its own."""
    hits = retriever.retrieve(QUESTION, k=10).hits
    assert sum(hit.passage.text == OTHER_NIGHT for hit in hits) == 1


def test_each_copy_is_quoted_from_its_own_document(retriever: LocalRetriever) -> None:
    """Every word of it stands there, and its best sentence lies within it."""
    documents = {document.id: document for document, _ in retriever.documents()}
    first = retriever.retrieve(QUESTION, k=1).hits[0]
    for hit in (first, *first.also_in):
        text = documents[hit.passage.document_id].text
        assert text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert 0 <= hit.highlight.start < hit.highlight.end <= len(hit.passage.text)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (WIRE, WIRE, True),
        (WIRE, WIRE.upper(), True),
        (WIRE, EDITED, True),
        (WIRE, SHORTENED, True),
        (WIRE, OTHER_NIGHT, False),
        (WIRE, PAPERS["harvest"], False),
        ("Open on Monday.", "Open on Monday!", True),
        ("We are open on Monday.", "We are open on Tuesday.", False),
        ("***", "—", False),
        ("***", "***", True),
    ],
)
def test_what_counts_as_the_same(one: str, other: str, *, is_same: bool) -> None:
    """Few words changed in a long text; none but marks and case in a short one."""
    assert near_duplicates([one, other]) == [0, 0 if is_same else 1]


def test_a_cache_changes_nothing(state_dir: Path) -> None:
    """Signatures from before give the groups that fresh ones do."""
    texts = [*PAPERS.values(), WIRE]
    expected = near_duplicates(texts)
    assert expected == [0, 0, 0, 3, 4, 0]
    for _ in range(2):
        with BuildCache.open(state_dir) as cache:
            assert near_duplicates(texts, cache) == expected


def test_nothing_has_no_duplicates() -> None:
    """Not even of itself."""
    assert near_duplicates([]) == []
