"""Sentence boundaries."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import SentenceTable, sentence_spans
from index.types import Span


def sentences(text: str, language: str | None = None) -> list[str]:
    """Return the sentences themselves."""
    return [text[start:end] for start, end in sentence_spans(text, language)]


def test_spans_are_in_order_and_without_the_space_around_them() -> None:
    """Offsets count code points, an emoji as one."""
    assert sentence_spans(" 🙂 One.  Two 🙂 here.\n") == [Span(1, 7), Span(9, 20)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("No mark at all", ["No mark at all"]),
        ("Is it? Yes! No.", ["Is it?", "Yes!", "No."]),
        ("Mr. Smith went home. He left.", ["Mr. Smith went home.", "He left."]),
        ("It is 3.5 miles. He ran.", ["It is 3.5 miles.", "He ran."]),
        (
            "“We saw no gang. We did not.” He left.",
            ["“We saw no gang. We did not.”", "He left."],
        ),
    ],
)
def test_english_is_the_default(text: str, expected: list[str]) -> None:
    """Abbreviations, numbers and quotations don't end a sentence."""
    assert sentences(text) == expected
    assert sentences(text, "en") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("ja", "今日は。元気ですか？", ["今日は。", "元気ですか？"]),
        ("hi", "हम चले। वे आए।", ["हम चले।", "वे आए।"]),
        (
            "de",
            "Das Tor war z.B. offen. Es war spät.",
            ["Das Tor war z.B. offen.", "Es war spät."],
        ),
    ],
)
def test_other_languages_have_their_own_rules(
    language: str, text: str, expected: list[str]
) -> None:
    """Marks and abbreviations are those of the language."""
    assert sentences(text, language) == expected


@pytest.mark.parametrize("language", ["en-GB", "EN-us", "xx", "tlh-Latn"])
def test_any_tag_will_do(language: str) -> None:
    """Only the primary language counts, and an unknown one has general rules."""
    assert sentences("One came. Two left.", language) == ["One came.", "Two left."]


@given(st.text(), st.sampled_from([None, "en", "de", "ja", "ar", "xx"]))
def test_every_character_is_in_exactly_one_sentence(text: str, language: str | None) -> None:
    """Spans don't overlap, none begins or ends with space, and only space is outside them."""
    outside = list(text)
    last = 0
    for start, end in sentence_spans(text, language):
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        outside[start:end] = [""] * (end - start)
        last = end
    assert "".join(outside).strip() == ""


def test_a_table_keeps_the_sentences_of_every_passage(tmp_path: Path) -> None:
    """Written and mapped again, each passage has its spans, one without sentences included."""
    passages = [[Span(0, 4), Span(5, 9)], [], [Span(1, 3)]]
    SentenceTable.from_spans(passages).save(tmp_path, "sentences")
    table = SentenceTable.load(tmp_path, "sentences")
    assert len(table) == 3
    assert [table.of_passage(row) for row in range(3)] == passages
    assert table.start.tolist() == [0, 2, 2, 3]
    assert table.owner.tolist() == [0, 0, 2]


def test_a_table_of_nothing_is_empty(tmp_path: Path) -> None:
    """No passages, no sentences."""
    SentenceTable.from_spans([]).save(tmp_path, "sentences")
    assert len(SentenceTable.load(tmp_path, "sentences")) == 0
