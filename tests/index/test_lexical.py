"""Full-text search."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.lexical import LexicalIndex, LexicalWriter


def index_of(folder: Path, *texts: Sequence[str]) -> LexicalIndex:
    """Write an index of texts, given as terms, and open it."""
    writer = LexicalWriter(folder)
    writer.append(texts[:1])
    writer.append(texts[1:])
    writer.close()
    return LexicalIndex.load(folder)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    """Return an index of five texts."""
    return index_of(
        tmp_path_factory.mktemp("lexical"),
        ["cat", "dog", "cow", "hen"],
        ["cat", "cat", "dog", "cow"],
        ["fox"],
        ["dog", "hen", "owl", "ant"],
        [],
    )


def test_more_occurrences_in_texts_of_one_length_come_first(lexical: LexicalIndex) -> None:
    """Row 1 holds the cat twice, row 0 once."""
    assert lexical.search(["cat"], 10) == [1, 0]


def test_a_rare_term_counts_for_more_than_a_common_one(lexical: LexicalIndex) -> None:
    """The owl is in one text, the dog in three."""
    assert lexical.search(["dog", "owl"], 1) == [3]


def test_any_term_is_enough(lexical: LexicalIndex) -> None:
    """A text need not hold them all; those that hold none are not found."""
    assert sorted(lexical.search(["fox", "owl", "bee"], 10)) == [2, 3]


def test_the_shorter_of_two_texts_comes_first(tmp_path: Path) -> None:
    """BM25 takes length into account."""
    index = index_of(tmp_path, ["cat", "a", "b", "c", "d", "e"], ["cat"], ["dog"])
    assert index.search(["cat"], 10) == [1, 0]


@pytest.mark.parametrize(("k", "expected"), [(0, []), (-1, []), (1, [1]), (2, [1, 0])])
def test_no_more_than_k_are_found(lexical: LexicalIndex, k: int, expected: list[int]) -> None:
    """The best ones."""
    assert lexical.search(["cat"], k) == expected


def test_no_terms_find_nothing(lexical: LexicalIndex) -> None:
    """A question of emoji has none."""
    assert lexical.search([], 10) == []


def test_an_unknown_term_finds_nothing(lexical: LexicalIndex) -> None:
    """Nor is it an error."""
    assert lexical.search(["bee"], 10) == []


@pytest.mark.parametrize("term", ["AND", "cat*", "terms:cat", '"cat"', "-cat", "(", "c t"])
def test_a_term_is_never_a_query_language(lexical: LexicalIndex, term: str) -> None:
    """What people type is searched for, never run."""
    assert lexical.search([term], 10) == []


@pytest.mark.parametrize("term", ["北京", "ضابط", "o'neill", "4", "elan_1"])
def test_terms_of_every_script_are_found(tmp_path: Path, term: str) -> None:
    """They are parted at white space and nowhere else."""
    assert index_of(tmp_path, ["other"], ["before", term]).search([term], 10) == [1]


def test_case_is_left_as_it_was_given(tmp_path: Path) -> None:
    """Folding is the analyser's work."""
    index = index_of(tmp_path, ["Cat"])
    assert index.search(["cat"], 10) == []
    assert index.search(["Cat"], 10) == [0]


def test_rows_are_the_places_of_the_texts(tmp_path: Path) -> None:
    """Three hundred texts, each with a term of its own."""
    index = index_of(tmp_path, *([f"t{row}", "all"] for row in range(300)))
    assert [index.search([f"t{row}"], 5) for row in (0, 1, 150, 299)] == [[0], [1], [150], [299]]
    assert sorted(index.search(["all"], 1000)) == list(range(300))


def test_an_index_opened_again_answers_the_same(tmp_path: Path) -> None:
    """Two processes may read one generation."""
    first = index_of(tmp_path, ["cat", "dog"], ["cat"], ["dog"])
    assert LexicalIndex.load(tmp_path).search(["cat", "dog"], 9) == first.search(["cat", "dog"], 9)


def test_an_empty_folder_is_no_index(tmp_path: Path) -> None:
    """Who loads a generation makes it a typed error."""
    with pytest.raises(ValueError, match=r"meta\.json"):
        LexicalIndex.load(tmp_path)
