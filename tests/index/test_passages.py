"""Paragraphs to passages."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from index.documents import ParsedDocument, parse_document
from index.passages import TokenCounter, context_of, passages_of
from index.readers import Block, BlockKind, Extract, ReadingError
from index.readers.plain import PlainTextReader
from index.sources import Metadata
from index.types import Passage, Source
from tests.fakes import FakeEncoder

NAME = "x1.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCounter:
    """Counts every character that is not white space as `size` tokens, and two around the text."""

    max_tokens: int
    size: Callable[[str], int] = len

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text."""
        return [self.size("".join(text.split())) + 2 for text in texts]


def utf8_length(text: str) -> int:
    """Count bytes, as some tokenizers do."""
    return len(text.encode())


def document(*paragraphs: str, title: str = "x1") -> ParsedDocument:
    """Return a document with these paragraphs; its usual title is the file's name."""
    return parse_document(
        Extract(blocks=[Block(text=text) for text in paragraphs]),
        name=NAME,
        folder="seeds",
        stated=Metadata(title=title),
    )


def texts(passages: Sequence[Passage]) -> list[str]:
    """Return the passages' texts."""
    return [passage.text for passage in passages]


def expected_id(text: str, earlier: int = 0) -> str:
    """Compute a passage's id from its definition."""
    document_id = hashlib.sha256(NAME.encode()).hexdigest()[:16]
    return hashlib.sha256(f"{document_id}\0{earlier}\0{text}".encode()).hexdigest()[:16]


def test_a_paragraph_that_fits_is_one_passage(fake_encoder: FakeEncoder) -> None:
    """All fields, exactly."""
    parsed = parse_document(
        Extract(
            blocks=[
                Block(text="North", kind=BlockKind.HEADING, level=2),
                Block(text="It was open.", page=3),
                Block(text="gate\nwell", kind=BlockKind.LINES, page=4),
            ]
        ),
        name=NAME,
        folder="seeds",
        stated=Metadata(),
    )
    document_id = hashlib.sha256(NAME.encode()).hexdigest()[:16]
    assert passages_of(parsed, fake_encoder) == [
        Passage(
            id=expected_id("It was open."),
            document_id=document_id,
            number=1,
            of=2,
            start=7,
            end=19,
            text="It was open.",
            page=3,
            heading="North",
        ),
        Passage(
            id=expected_id("gate\nwell"),
            document_id=document_id,
            number=2,
            of=2,
            start=21,
            end=30,
            text="gate\nwell",
            page=4,
            heading="North",
        ),
    ]


def test_a_paragraph_of_exactly_the_limit_is_whole() -> None:
    """Six words and two special tokens fit into eight."""
    text = "One two three. Four five six."
    assert texts(passages_of(document(text), FakeEncoder(max_tokens=8))) == [text]


def test_a_longer_paragraph_is_parted_at_sentence_ends() -> None:
    """As many whole sentences go into a part as fit, and the parts share a number."""
    text = "One two three. Four five six. Seven eight."
    passages = passages_of(document("Short.", text), FakeEncoder(max_tokens=8))
    assert texts(passages) == ["Short.", "One two three. Four five six.", "Seven eight."]
    assert [(p.number, p.of, p.start, p.end) for p in passages] == [
        (1, 2, 0, 6),
        (2, 2, 8, 37),
        (2, 2, 38, 50),
    ]


def test_a_longer_sentence_is_parted_between_words() -> None:
    """Two words and two special tokens fit into four."""
    passages = passages_of(document("One two three four five."), FakeEncoder(max_tokens=4))
    assert texts(passages) == ["One two", "three four", "five."]


def test_a_longer_word_is_parted_within() -> None:
    """A word of ten letters in parts of four, its neighbours where there is room."""
    passages = passages_of(document("It abcdefghij is."), LetterCounter(max_tokens=6))
    assert texts(passages) == ["It", "abcd", "efgh", "ij", "is."]


def test_neighbouring_pieces_share_a_part_where_both_fit() -> None:
    """The rest of a long word goes together with the word after it."""
    passages = passages_of(document("abcdefghij is. No."), LetterCounter(max_tokens=8))
    assert texts(passages) == ["abcdef", "ghij", "is. No."]


def test_a_counter_that_leaves_no_room_still_ends() -> None:
    """Where the special tokens alone fill the limit, every word is a part."""
    passages = passages_of(document("One two. Three."), FakeEncoder(max_tokens=1))
    assert texts(passages) == ["One", "two.", "Three."]


def test_the_language_of_the_document_decides_where_sentences_end() -> None:
    """Japanese sentences end without a space after them."""
    parsed = document("今日は。元気ですか？")
    japanese = replace(parsed, document=replace(parsed.document, language="ja"))
    assert texts(passages_of(japanese, LetterCounter(max_tokens=8))) == [
        "今日は。",
        "元気ですか？",
    ]


def test_title_and_heading_count_against_the_limit() -> None:
    """What is encoded before a part's text leaves less room for it."""
    text = "One two three. Four five six."
    parsed = document(text, title="The Gate")
    assert texts(passages_of(parsed, FakeEncoder(max_tokens=10))) == [text]
    assert texts(passages_of(parsed, FakeEncoder(max_tokens=9))) == [
        "One two three.",
        "Four five six.",
    ]


def test_a_title_never_crowds_the_text_out() -> None:
    """A title that alone fills the limit does not make a passage of every letter."""
    parsed = document("門は一晩中開いていた。", title="門" * 150)
    assert texts(passages_of(parsed, LetterCounter(max_tokens=128))) == ["門は一晩中開いていた。"]


@pytest.mark.parametrize(
    ("title", "heading", "context"),
    [
        ("The Gate", None, "The Gate. "),
        ("The Gate", "North › Keys", "The Gate. North › Keys. "),
        ("gate", None, ""),
        ("gate", "North", "North. "),
        ("x" * 198, None, "x" * 198 + ". "),
        ("x" * 199, None, ""),
        ("x" * 190, "y" * 10, ""),
    ],
)
def test_the_context_is_title_and_heading(title: str, heading: str | None, context: str) -> None:
    """A title that is only the file's name, and anything over 200 characters, is left out."""
    assert context_of(Source(title=title, path="seeds/news/gate.txt"), heading) == context


def test_equal_paragraphs_have_ids_of_their_own(fake_encoder: FakeEncoder) -> None:
    """The second of two equal paragraphs is told apart by the first."""
    passages = passages_of(document("It was open.", "No.", "It was open."), fake_encoder)
    assert [passage.id for passage in passages] == [
        expected_id("It was open."),
        expected_id("No."),
        expected_id("It was open.", earlier=1),
    ]


def test_an_encoder_and_a_plain_counter_both_do() -> None:
    """Only the limit and the count are asked for."""
    counters: list[TokenCounter] = [FakeEncoder(), LetterCounter(max_tokens=100)]
    parsed = document("It was open.")
    assert [texts(passages_of(parsed, counter)) for counter in counters] == [
        ["It was open."],
        ["It was open."],
    ]


words_and_marks = st.lists(
    st.sampled_from([*"aÉ門🙂", "gate", "Nobody came.", ". ", "? ", " ", "\n", "\n\n", "”", "- "]),
    max_size=60,
).map("".join)
counters = st.one_of(
    st.builds(FakeEncoder, max_tokens=st.integers(4, 12)),
    st.builds(LetterCounter, max_tokens=st.integers(6, 12)),
    st.builds(LetterCounter, max_tokens=st.integers(9, 16), size=st.just(utf8_length)),
)


def read(text: str) -> ParsedDocument:
    """Read a text as a file would be, under the title "A1", which is three letters of context."""
    try:
        extract = PlainTextReader().read(text.encode())
    except ReadingError:
        reject()
    return parse_document(extract, name=NAME, folder="seeds", stated=Metadata(title="A1"))


@given(st.text() | words_and_marks, counters)
def test_passages_are_verbatim_complete_and_short_enough(text: str, counter: TokenCounter) -> None:
    """Any text, any counter: passages stand in their document, in order, and nothing is lost."""
    parsed = read(text)
    passages = passages_of(parsed, counter)
    whole = parsed.document.text
    bodies = {at for paragraph in parsed.paragraphs for at in range(*paragraph.span)}
    last = 0
    for passage in passages:
        assert last <= passage.start < passage.end
        assert whole[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()
        last = passage.end
    covered = {at for passage in passages for at in range(passage.start, passage.end)}
    assert covered <= bodies
    assert "".join(whole[at] for at in sorted(bodies - covered)).strip() == ""
    encoded = ["A1. " + passage.text for passage in passages]
    assert all(count <= counter.max_tokens for count in counter.count_tokens(encoded))
    assert len({passage.id for passage in passages}) == len(passages)


@given(st.text() | words_and_marks)
def test_numbers_count_the_paragraphs(text: str) -> None:
    """Numbers begin at 1, never skip, and end at the number of paragraphs."""
    parsed = read(text)
    passages = passages_of(parsed, FakeEncoder(max_tokens=4))
    numbers = [passage.number for passage in passages]
    assert sorted(set(numbers)) == list(range(1, len(parsed.paragraphs) + 1))
    assert numbers == sorted(numbers)
    assert {passage.of for passage in passages} <= {len(parsed.paragraphs)}


sentence = st.lists(
    st.sampled_from(["gate", "guard", "river", "town", "open"]), min_size=1, max_size=9
).map(lambda chosen: " ".join(chosen).capitalize() + ".")


@given(st.lists(sentence, min_size=1, max_size=6), sentence, st.data())
def test_ids_stay_when_a_paragraph_is_added_anywhere(
    paragraphs: list[str], added: str, data: st.DataObject
) -> None:
    """Every passage of before is found again under its id, with its text."""
    at = data.draw(st.integers(0, len(paragraphs)))
    encoder = FakeEncoder(max_tokens=6)
    before = passages_of(document(*paragraphs), encoder)
    after = passages_of(document(*paragraphs[:at], added, *paragraphs[at:]), encoder)
    now = {passage.id: passage.text for passage in after}
    assert [now.get(passage.id) for passage in before] == texts(before)


def test_an_id_is_the_same_in_every_version(fake_encoder: FakeEncoder) -> None:
    """Feedback and links name passages by id: these are never to change."""
    (passage,) = passages_of(document("It was open."), fake_encoder)
    assert passage.id == "75fc8a621ada9913"
