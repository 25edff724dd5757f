"""Documents are found by words of their titles, or of their file names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyser
from index.titles import TitleStore
from index.types import Document, Source


def named(title: str, path: str) -> Document:
    """Return a document of a title."""
    source = Source(path=path, title=title)
    return Document(id=path, source=source, text="", content_hash="0" * 64)


STORE = TitleStore.from_documents(
    [
        named("The Fall of Hama", "a/fall.txt"),
        named("Émigrés of Hama and Homs", "b.txt"),
        named("Ferries", "hama.txt"),
        named("Hama", "z.txt"),
    ]
)


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("hama", [3, 2, 0, 1]),  # of 4, 7, 16 and 24 characters
        ("HOMS emigres", [1]),
        ("txt fall", [0]),  # both are in the file's name
        ("fall hama", [0]),  # both are in the title
        ("ferries hama", []),  # one of them is in each
        ("hama hama", [3, 2, 0, 1]),
        ("nowhere", []),
        ("hama nowhere", []),
        ("…", []),
        ("", []),
    ],
)
def test_all_words_are_in_one_name(words: str, rows: list[int]) -> None:
    """In any order; the shortest title comes first."""
    assert STORE.holding(words).tolist() == rows


def test_an_index_without_documents_names_none() -> None:
    """And it has their number."""
    empty = TitleStore.from_documents([])
    assert empty.holding("hama").tolist() == []
    assert (len(empty), len(STORE)) == (0, 4)


WORDS = st.lists(st.sampled_from(["a1", "b2", "C3", "é4", "d"]), max_size=4).map(" ".join)


@given(names=st.lists(st.tuples(WORDS, WORDS), max_size=6), asked=WORDS)
def test_it_finds_what_reading_every_name_finds(names: list[tuple[str, str]], asked: str) -> None:
    """For any names and words."""
    fold = Analyser.for_language("und").terms
    store = TitleStore.from_documents([named(title, path) for title, path in names])
    words = set(fold(asked))
    fitting = [
        row
        for row, name in enumerate(names)
        if words and any(words <= set(fold(each)) for each in name)
    ]
    fitting.sort(key=lambda row: len(names[row][0]))
    assert store.holding(asked).tolist() == fitting
