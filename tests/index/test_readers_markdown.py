"""Markdown to blocks: the words without the marks."""

import pytest

from index.readers import Block, BlockKind, ReadingError, reader_for
from index.readers.markdown import MarkdownReader
from index.sources import Metadata


def blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text."""
    return list(MarkdownReader().read(text.encode()).blocks)


def heading(text: str, level: int) -> Block:
    """Return a heading."""
    return Block(text=text, kind=BlockKind.HEADING, level=level)


def lines(text: str) -> Block:
    """Return lines that belong together."""
    return Block(text=text, kind=BlockKind.LINES)


def test_headings_keep_their_level() -> None:
    """Both ways to write a heading give its words and its level."""
    text = "# The *Gate* #\n\nNorth\n=====\n\nSouth\n-----\n\n### `Key` room\n\n#\n"
    assert blocks(text) == [
        heading("The Gate", 1),
        heading("North", 1),
        heading("South", 2),
        heading("Key room", 3),
    ]


def test_a_paragraph_is_unwrapped() -> None:
    """Line ends within a paragraph are spaces; a hard break stays a line end."""
    assert blocks("The gate\nwas\n   open.\n\nIt was late.  \nNobody came.\\\nNobody.") == [
        Block(text="The gate was open."),
        Block(text="It was late.\nNobody came.\nNobody."),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The **old** _gate_ was ***open***.", "The old gate was open."),
        ("See [the gate](https://example.org 'north') now.", "See the gate now."),
        ("See [the gate][1] now.\n\n[1]: https://example.org", "See the gate now."),
        ("See <https://example.org/gate>.", "See https://example.org/gate."),
        ("Run `gate --open` *twice*.", "Run gate --open twice."),
        ("Bread &amp; salt &copy; 4 \\* 5", "Bread & salt © 4 * 5"),
        ("The <b>old</b> gate<!-- north --> was open.", "The old gate was open."),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("“It’s open…” — he said", "“It’s open…” — he said"),
    ],
)
def test_marks_within_a_paragraph_go_and_words_stay(text: str, expected: str) -> None:
    """Emphasis, links, code, entities and raw HTML leave their words."""
    assert blocks(text) == [Block(text=expected)]


def test_raw_html_comments_and_rules_are_left_out() -> None:
    """A block of HTML, a comment and a line across the page are no text."""
    text = "<div>\nmenu\n</div>\n\n<!-- note -->\n\nThe gate was open.\n\n---\n\nIt was late.\n"
    assert blocks(text) == [Block(text="The gate was open."), Block(text="It was late.")]


def test_a_list_is_one_block_of_lines() -> None:
    """Each entry stands on its line with its mark; an inner list is indented."""
    text = "* a **lamp**\n* two\n  keys\n  1. small\n  2. large\n* the bell\n"
    assert blocks(text) == [lines("- a lamp\n- two keys\n  1. small\n  2. large\n- the bell")]


def test_an_ordered_list_keeps_its_numbers() -> None:
    """A list that begins at 3 goes on from there, and its entries' paragraphs line up."""
    text = "3. open the gate\n\n   wide\n\n4. close it\n"
    assert blocks(text) == [lines("3. open the gate\n   wide\n4. close it")]


def test_a_loose_list_is_one_block_as_well() -> None:
    """Blank lines between entries don't part the list."""
    assert blocks("- a lamp\n\n- two keys\n") == [lines("- a lamp\n- two keys")]


def test_a_table_is_one_block_a_row_a_line() -> None:
    """Cells are parted by bars, the head row comes first."""
    text = "| gate | state |\n|:---|---:|\n| **north** | open |\n| south | |\n"
    assert blocks(text) == [lines("gate | state\nnorth | open\nsouth | ")]


def test_code_is_kept_as_it_is() -> None:
    """Fenced and indented code keeps its lines, its blank lines and its indentation."""
    text = "```sh\nif open; then\n\n    close *gate*\nfi\n```\n\nText.\n\n    ring bell\n"
    assert blocks(text) == [
        lines("if open; then\n\n    close *gate*\nfi"),
        Block(text="Text."),
        lines("ring bell"),
    ]


def test_a_quotation_gives_its_own_blocks() -> None:
    """What stands in a block quote is read as if it stood outside."""
    text = "> ## North\n>\n> The gate\n> was open.\n>\n> - a lamp\n>\n> > It was late.\n"
    assert blocks(text) == [
        heading("North", 2),
        Block(text="The gate was open."),
        lines("- a lamp"),
        Block(text="It was late."),
    ]


def test_front_matter_is_metadata_and_no_text() -> None:
    """The YAML block at the head of the file says what the file is."""
    extract = MarkdownReader().read(
        b"---\ntitle: The Gate\nauthor: A. Guard\n---\n# North\n\nIt was open.\n"
    )
    assert extract.metadata == Metadata(title="The Gate", authors=("A. Guard",))
    assert list(extract.blocks) == [heading("North", 1), Block(text="It was open.")]


def test_windows_line_ends_are_read() -> None:
    """CRLF and a byte-order mark make no difference."""
    extract = MarkdownReader().read(b"\xef\xbb\xbf# North\r\n\r\nIt was\r\nopen.\r\n")
    assert list(extract.blocks) == [heading("North", 1), Block(text="It was open.")]


def test_an_empty_text_has_no_blocks() -> None:
    """No text, no blocks."""
    assert blocks("\n\n") == []


def test_bytes_that_are_no_text_are_refused() -> None:
    """A binary file is a reading error with the reason."""
    with pytest.raises(ReadingError, match=r"^looks like a binary file, not text$"):
        MarkdownReader().read(bytes(50))


def test_the_reader_is_found_by_its_endings() -> None:
    """Both usual endings are Markdown, in any case."""
    assert isinstance(reader_for(".md"), MarkdownReader)
    assert isinstance(reader_for(".Markdown"), MarkdownReader)
