"""Plain text to blocks: which line ends are paragraph ends?"""

import random
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers import Block, BlockKind, ReadingError, reader_for, suffixes
from index.readers.plain import PlainTextReader, blocks_of
from index.sources import Metadata

VOCABULARY = """
the a of to and in was by on with from that which when until after before over under
gate guard river town bridge morning evening winter market council letter number street
soldier farmer window harbour village officer answer question silence mountain garden
old new quiet narrow early heavy distant broken open closed northern ordinary careful
went came said stood kept found left carried watched opened crossed waited answered
"""
WORDS = VOCABULARY.split()

WRAPPED = """\
The old gate at the north end of the town stood open all night, and
nobody came to close it before the morning, when the guard returned
from the village over the river and found it as he had left it.

He said that he had been told to leave it open by an officer whom he
did not know, and that he had waited for a letter which never came
to the guard house, neither on that day nor on the next one.
"""


def paragraphs(text: str) -> list[str]:
    """Return the text of every block, each of which must be a paragraph."""
    blocks = list(blocks_of(text))
    assert {block.kind for block in blocks} <= {BlockKind.PARAGRAPH}
    return [block.text for block in blocks]


def test_a_blank_line_ends_a_paragraph() -> None:
    """One or more blank lines, with or without spaces in them, part paragraphs."""
    text = "\nThe gate was open.\n\nIt was late.\n \t\n\u00a0\n\nNobody came.\n"
    assert paragraphs(text) == ["The gate was open.", "It was late.", "Nobody came."]


def test_each_line_that_ends_as_a_sentence_is_a_paragraph() -> None:
    """Without blank lines, sentences at line ends make paragraphs of lines."""
    text = "The gate was open. It was late.\nNobody came.\n“Shut it,” he said.\nHeadline here\n"
    assert paragraphs(text) == [
        "The gate was open. It was late.",
        "Nobody came.",
        "“Shut it,” he said.",
        "Headline here",
    ]


def test_a_file_may_mix_both_conventions() -> None:
    """Blank lines and line ends both part paragraphs, as one of the seeds does it."""
    text = "Title\n\nThe gate was open.\nIt was late.\n\nNobody came."
    assert paragraphs(text) == ["Title", "The gate was open.", "It was late.", "Nobody came."]


def test_wrapped_lines_are_joined() -> None:
    """Lines wrapped at a fixed width come back as the paragraphs they were."""
    assert paragraphs(WRAPPED) == [
        " ".join(paragraph.split()) for paragraph in WRAPPED.split("\n\n")
    ]


def test_indented_wrapped_lines_are_joined() -> None:
    """Space at the ends of lines is no part of a paragraph."""
    assert paragraphs(textwrap.indent(WRAPPED, "    ")) == paragraphs(WRAPPED)


def test_a_title_above_wrapped_text_stays_alone() -> None:
    """A short line over a blank line is not drawn into the paragraph below it."""
    assert paragraphs("The Gate\n\n" + WRAPPED) == ["The Gate", *paragraphs(WRAPPED)]


def test_a_hyphen_at_a_wrapped_line_end_joins_without_a_space() -> None:
    """A word parted after its hyphen is one word again."""
    text = (
        "The old gate at the north end of the town stood open in Jisr al-\n"
        "Shughour all through the night, and nobody came to close it until\n"
        "the guard returned from the village over the river and found it\n"
        "just as he had left it on the evening before that.\n"
    )
    joined = " ".join(text.split()).replace("al- Shughour", "al-Shughour")
    assert paragraphs(text) == [joined]


def test_a_dash_at_a_wrapped_line_end_keeps_its_space() -> None:
    """A hyphen that stands alone is a dash: the space after it belongs to the sentence."""
    text = (
        "The old gate at the north end of the town stood open all night -\n"
        "so the guard said - and nobody came to close it before the early\n"
        "morning, when he returned from the village over the river to it\n"
        "and found it just as he had left it on the evening before that.\n"
    )
    assert paragraphs(text) == [" ".join(text.split())]


def test_a_dash_at_a_wrapped_line_start_is_no_list_mark() -> None:
    """A sentence that goes on after a dash is not cut there."""
    text = (
        "The old gate at the north end of the town stood open all the night\n"
        "– so the guard said later – and nobody came to close it before the\n"
        "morning, when he returned from the village over the river to it\n"
        "and found it just as he had left it on the evening before that.\n"
    )
    assert paragraphs(text) == [" ".join(text.split())]


def test_a_number_that_ends_a_wrapped_sentence_is_no_list_mark() -> None:
    """A date at a line start does not begin a list."""
    text = (
        "The old gate at the north end of the town stood open since June\n"
        "10. Nobody came to close it in all that time, so the guard said,\n"
        "until he returned from the village over the river to it and found\n"
        "it just as he had left it on the evening before all that.\n"
    )
    assert paragraphs(text) == [" ".join(text.split())]


def test_wrapped_lines_without_spaces_between_words_are_joined_without_a_space() -> None:
    """Chinese and Japanese lines join with nothing between them."""
    line = "門は一晩中開いていたが誰も閉めに来なかったと番人は言い、それから川を渡って"
    text = f"{line}\n{line}\n{line}\n村へ帰った。"
    assert [block.text for block in blocks_of(text)] == [f"{line}{line}{line}村へ帰った。"]


def test_short_lines_stay_together_as_lines() -> None:
    """An address, a list or a poem is one block with its lines."""
    assert list(blocks_of("Guard House\n12 North Street\nOld Town\n\nThe gate was open.")) == [
        Block(text="Guard House\n12 North Street\nOld Town", kind=BlockKind.LINES),
        Block(text="The gate was open."),
    ]


def test_a_list_keeps_its_entries_apart() -> None:
    """Entries under each other are lines of one block, never one long sentence."""
    text = "- a lamp\n- two keys\n- the bell of the guard"
    assert list(blocks_of(text)) == [Block(text=text, kind=BlockKind.LINES)]


def test_long_lines_of_headlines_are_not_joined() -> None:
    """Lines that each begin anew were not wrapped, though they are of like length."""
    lines = [
        "Guards at the northern gate say nobody was there",
        "Council of the old town to meet again in spring",
        "Bridge over the river closed until next Saturday",
        "Market moves to the harbour for the cold months",
    ]
    assert [block.text for block in blocks_of("\n".join(lines))] == ["\n".join(lines)]


def test_text_without_anything_has_no_blocks() -> None:
    """White space alone gives nothing."""
    assert list(blocks_of(" \n\n\t\n")) == []


def prose(rng: random.Random) -> list[str]:
    """Return a few paragraphs of several sentences each, of words as long as English ones.

    No sentence ends with "a", which at a line start would look like an entry of a list.
    """

    def sentence() -> str:
        chosen = rng.choices(WORDS, k=rng.randint(10, 22))
        at = rng.randrange(3, len(chosen) - 3)
        chosen[at] += ","
        chosen[-1] = rng.choice([word for word in WORDS if len(word) > 3])
        return " ".join(chosen).capitalize() + "."

    return [
        " ".join(sentence() for _ in range(rng.randint(3, 6))) for _ in range(rng.randint(4, 8))
    ]


@given(seed=st.integers(0, 2**32), width=st.integers(40, 100))
def test_wrapping_is_undone_at_any_width(seed: int, width: int) -> None:
    """Prose that was wrapped comes back as the paragraphs it was wrapped from."""
    originals = prose(random.Random(seed))
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in originals)
    assert paragraphs(wrapped) == originals


@given(seed=st.integers(0, 2**32))
def test_unwrapped_prose_is_left_alone(seed: int) -> None:
    """Paragraphs on lines of their own come back as they are, with blank lines and without."""
    originals = prose(random.Random(seed))
    assert paragraphs("\n\n".join(originals)) == originals
    assert paragraphs("\n".join(originals)) == originals


@given(st.text())
def test_no_word_is_lost_or_moved(text: str) -> None:
    """The blocks hold the text's characters in order, white space aside."""
    joined = "".join(block.text for block in blocks_of(text))
    assert "".join(joined.split()) == "".join(text.split())


def test_front_matter_is_metadata() -> None:
    """A text file may open with front matter, as a Markdown file may."""
    extract = PlainTextReader().read(b"---\ntitle: The Gate\n---\n\nIt was open.\n")
    assert extract.metadata == Metadata(title="The Gate")
    assert list(extract.blocks) == [Block(text="It was open.")]


def test_windows_line_ends_and_marks_are_read() -> None:
    """Bytes are decoded before they are divided."""
    extract = PlainTextReader().read(b"\xef\xbb\xbfOne.\r\n\r\nTwo.\r\n")
    assert list(extract.blocks) == [Block(text="One."), Block(text="Two.")]


def test_bytes_that_are_no_text_are_refused() -> None:
    """A binary file is a reading error with the reason."""
    with pytest.raises(ReadingError, match=r"^looks like a binary file, not text$"):
        PlainTextReader().read(bytes(50))


def test_readers_are_found_by_file_name_ending_in_any_case() -> None:
    """Every ending has its reader; an unknown ending has none."""
    assert suffixes() == sorted(suffixes())
    assert {".txt", ".text", ".md", ".markdown"} <= set(suffixes())
    assert isinstance(reader_for(".TXT"), PlainTextReader)
    assert reader_for(".xyz") is None
    assert reader_for("") is None
