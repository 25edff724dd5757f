"""What can be looked up in a generation."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.generation import Generation
from index.library import Library, Place
from index.live import LiveRetriever
from index.retriever import LocalRetriever
from index.types import Span
from tests.index.made import ENCODER, document, make

STORY = "The ferry ran aground on Monday night. Nobody was hurt, and tugs pulled it free at dawn."
DOCUMENTS = (
    document("a/fall.txt", "One.", "Two two.", "Three.", "Four.", title="The Fall of Hama"),
    document("b.txt", STORY, "Two two.", title="Émigrés of Hama and Homs"),
    document("hama.txt", STORY, title="Ferries"),
    document("z.txt", "北京。", title="北京奥运会"),
)


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """Return an index of `DOCUMENTS`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield make(tmp_path_factory.mktemp("library"), *DOCUMENTS)


@pytest.fixture(scope="module")
def library(generation: Generation) -> Library:
    """Return its library."""
    return Library(generation)


def ids(library: Library, at: int) -> list[str]:
    """Return the ids of the passages of a document."""
    return [each.id for each in library.passages_of(library.documents[at].id)]


def test_documents_are_found_by_id_and_listed_by_path(
    library: Library, generation: Generation
) -> None:
    """Each is the generation's own."""
    paths = ["seeds/a/fall.txt", "seeds/b.txt", "seeds/hama.txt", "seeds/z.txt"]
    assert [each.source.path for each in library.documents] == paths
    assert library.generation == generation.name
    for each in library.documents:
        assert library.document(each.id) is each
    assert library.document("0" * 16) is None


def test_each_document_has_its_place(library: Library) -> None:
    """An unknown one has none."""
    assert [library.place_of(each.id) for each in library.documents] == [0, 1, 2, 3]
    assert library.place_of("0" * 16) is None


def test_the_newest_documents_come_first(tmp_path: Path) -> None:
    """Of one day those of the first paths, and last those without a date."""
    days = {"a": None, "b": "2011-06", "c": "2012-01-02", "d": "2011-06-01", "e": None}
    dated = [document(f"{name}.txt", f"{name}.", published=day) for name, day in days.items()]
    library = Library(make(tmp_path, *dated))
    for count in (0, 2, 5, 9):
        names = [each.source.path[-5] for each in library.newest(count)]
        assert names == ["c", "b", "d", "a", "e"][:count]


def test_passages_are_listed_by_document_in_order(library: Library) -> None:
    """Together they are all there are."""
    texts = [
        [passage.text for passage in library.passages_of(each.id)] for each in library.documents
    ]
    assert texts == [
        ["One.", "Two two.", "Three.", "Four."],
        [STORY, "Two two."],
        [STORY],
        ["北京。"],
    ]
    assert list(library.passages_of("0" * 16)) == []


def test_every_passage_has_its_place(library: Library, generation: Generation) -> None:
    """Equal texts of two documents have two ids, and two places."""
    for each in library.documents:
        for index, passage in enumerate(library.passages_of(each.id)):
            assert library.place(passage.id) == Place(
                passage=passage, source=each.source, document_id=each.id, index=index
            )
    first, last = min(p.id for p in generation.passages), max(p.id for p in generation.passages)
    for unknown in ("", "0" * 16, "g", first + "0", last + "0"):
        assert library.place(unknown) is None


@pytest.mark.parametrize(
    ("index", "before", "after", "expected"),
    [
        (1, 0, 0, [1]),
        (1, 1, 1, [0, 1, 2]),
        (0, 2, 1, [0, 1]),
        (3, 1, 9, [2, 3]),
        (2, 99, 99, [0, 1, 2, 3]),
        (2, -1, -1, [2]),
    ],
)
def test_neighbours_end_with_their_document(
    library: Library, index: int, before: int, after: int, expected: list[int]
) -> None:
    """The passage itself is always among them."""
    own = ids(library, 0)
    found = library.around(own[index], before=before, after=after)
    assert [passage.id for passage in found] == [own[at] for at in expected]


def test_an_unknown_passage_has_no_neighbours(library: Library) -> None:
    """Nor is there a hit of it."""
    assert list(library.around("0" * 16, before=3, after=3)) == []
    assert library.hit_of("0" * 16) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("hama", ["seeds/hama.txt", "seeds/a/fall.txt", "seeds/b.txt"]),
        ("HAMA, of", ["seeds/a/fall.txt", "seeds/b.txt"]),
        ("emigres", ["seeds/b.txt"]),
        ("homs émigrés", ["seeds/b.txt"]),
        ("fall.txt", ["seeds/a/fall.txt"]),
        ("ferries hama", []),
        ("hamas", []),
        ("北京", ["seeds/z.txt"]),
        ("", []),
        ("?!", []),
    ],
)
def test_titles_are_found_by_their_words(
    library: Library, words: str, expected: list[str]
) -> None:
    """All of them, folded, in the title or in the file name; the shortest title first."""
    assert [each.source.path for each in library.titled(words)] == expected


def test_a_passage_becomes_a_hit(library: Library) -> None:
    """With the documents that carry the same, and nothing highlighted."""
    (story,) = ids(library, 2)
    hit = library.hit_of(story)
    assert hit is not None
    assert (hit.passage.id, hit.rank, hit.score, hit.highlight) == (story, 1, 0.0, Span(0, 0))
    assert hit.source == library.documents[2].source
    assert [(each.source.path, each.highlight) for each in hit.also_in] == [
        ("seeds/b.txt", Span(0, 0))
    ]


@pytest.mark.parametrize(
    ("highlight", "expected"),
    [
        (Span(0, 38), Span(0, 38)),
        (Span(0, len(STORY)), Span(0, len(STORY))),
        (Span(5, len(STORY) + 1), Span(0, 0)),
        (Span(-1, 5), Span(0, 0)),
        (Span(7, 5), Span(0, 0)),
    ],
)
def test_a_highlight_is_kept_if_it_is_one(
    library: Library, highlight: Span, expected: Span
) -> None:
    """One that lies outside of the text, as an old link may have it, is none."""
    hit = library.hit_of(ids(library, 2)[0], highlight)
    assert hit is not None
    assert hit.highlight == expected
    assert [each.highlight for each in hit.also_in] == [expected]


def test_what_is_not_in_its_document_is_not_handed_out(generation: Generation) -> None:
    """As with hits: a changed document loses all of its passages, a changed passage itself."""
    documents = list(generation.documents)
    documents[1] = replace(documents[1], text=documents[1].text + " ")
    passages = list(generation.passages)
    false = passages[1] = replace(passages[1], text="Two, two.")
    library = Library(replace(generation, documents=documents, passages=passages))
    assert library.place(false.id) is None
    assert library.hit_of(false.id) is None
    assert list(library.around(false.id, before=1, after=1)) == []
    assert [each.text for each in library.around(passages[0].id, before=0, after=2)] == [
        "One.",
        "Three.",
    ]
    assert list(library.passages_of(documents[1].id)) == []
    hit = library.hit_of(library.passages_of(documents[2].id)[0].id)
    assert hit is not None
    assert hit.also_in == ()


def test_a_library_outlives_its_generation(tmp_path: Path) -> None:
    """Whoever holds one goes on; whoever asks again gets the next."""
    first = make(tmp_path, DOCUMENTS[0])
    live = LiveRetriever(tmp_path, ENCODER)
    before = live.library
    second = make(tmp_path, DOCUMENTS[2])
    with live:
        while live.generation != second.name:
            pass
    assert (before.generation, live.library.generation) == (first.name, second.name)
    assert before.place(first.passages[0].id) is not None
    assert live.library.place(first.passages[0].id) is None


def test_a_retriever_has_one_library(generation: Generation) -> None:
    """So that nothing is worked out twice."""
    retriever = LocalRetriever(generation, ENCODER)
    assert retriever.library is retriever.library
    assert retriever.library.generation == generation.name
