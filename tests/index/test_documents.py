"""From a file's blocks to a document."""

import hashlib

import pytest

from index.documents import Paragraph, ParsedDocument, document_id, parse_document
from index.readers import Block, BlockKind, Extract
from index.sources import Metadata
from index.types import Document, Source, Span

FIRST = "The old gate at the north end of the town stood open all night, the guard said."
SECOND = "Nobody came to close it before the morning, when he returned from the village."


def parsed(
    *blocks: Block | str,
    stated: Metadata | None = None,
    own: Metadata | None = None,
    name: str = "news/gate.txt",
    folder: str = "seeds",
) -> ParsedDocument:
    """Parse a document of these blocks; a plain string is a paragraph."""
    made = [Block(text=block) if isinstance(block, str) else block for block in blocks]
    return parse_document(
        Extract(blocks=made, metadata=own or Metadata()),
        name=name,
        folder=folder,
        stated=stated or Metadata(),
    )


def heading(text: str, level: int) -> Block:
    """Return a heading."""
    return Block(text=text, kind=BlockKind.HEADING, level=level)


def bodies(document: ParsedDocument) -> list[str]:
    """Return the text of each paragraph."""
    return [document.document.text[start:end] for start, end in _spans(document)]


def _spans(document: ParsedDocument) -> list[Span]:
    return [paragraph.span for paragraph in document.paragraphs]


def test_a_document_is_its_blocks_with_a_blank_line_between() -> None:
    """Text, spans, hash, id, source: all of it, exactly."""
    text = "The Gate\n\nShare\n\nIt was open.\n\nNobody came."
    assert parsed(
        "The Gate", "Share", "It was open.", Block(text="Nobody came.", page=2)
    ) == ParsedDocument(
        document=Document(
            id=hashlib.sha256(b"news/gate.txt").hexdigest()[:16],
            source=Source(title="The Gate", path="seeds/news/gate.txt"),
            text=text,
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
        ),
        paragraphs=(
            Paragraph(span=Span(17, 29), heading=None, page=None),
            Paragraph(span=Span(31, 43), heading=None, page=2),
        ),
        furniture=("Share",),
    )


def test_the_id_depends_on_the_path_below_the_folder_alone() -> None:
    """Another folder, text or title leaves the id as it is; another path does not."""
    id_ = parsed("It was open.").document.id
    assert id_ == document_id("news/gate.txt")
    assert parsed(FIRST, folder="other", stated=Metadata(title="x")).document.id == id_
    assert parsed("It was open.", name="gate.txt").document.id != id_


def test_without_a_folder_name_the_path_stands_alone() -> None:
    """The working folder itself has no name to cite."""
    assert parsed("It was open.", folder="").document.source.path == "news/gate.txt"


def test_a_stated_title_wins_and_its_line_is_no_paragraph() -> None:
    """The line with the same words, whatever its marks, is the title's."""
    document = parsed("Share", "'THE GATE'", FIRST, SECOND, stated=Metadata(title="The Gate"))
    assert document.document.source.title == "The Gate"
    assert bodies(document) == [FIRST, SECOND]
    assert document.furniture == ("Share",)


def test_a_stated_title_that_is_not_shown_takes_no_line() -> None:
    """Where the text does not show it, every sentence stays."""
    document = parsed(FIRST, SECOND, stated=Metadata(title="The Gate"))
    assert document.document.source.title == "The Gate"
    assert bodies(document) == [FIRST, SECOND]


def test_the_files_own_title_is_taken_where_none_is_stated() -> None:
    """Front matter names the title, the stated fields go over the others."""
    document = parsed(
        FIRST,
        own=Metadata(title="The Gate", language="de", authors=("A. Guard",)),
        stated=Metadata(language="en"),
    )
    assert document.document.source == Source(
        title="The Gate", path="seeds/news/gate.txt", authors=("A. Guard",), language="en"
    )


def test_the_first_heading_of_level_one_is_the_title() -> None:
    """A heading above the text, even below a line of furniture."""
    document = parsed("Share", heading("The Gate", 1), FIRST, heading("Later", 1), SECOND)
    assert document.document.source.title == "The Gate"
    assert [paragraph.heading for paragraph in document.paragraphs] == [None, "Later"]


def test_a_loose_first_line_is_the_title() -> None:
    """A headline over prose, links before it passed over."""
    document = parsed("Connect to share", "The gate stood open", FIRST, SECOND)
    assert document.document.source.title == "The gate stood open"
    assert document.furniture == ("Connect to share",)
    assert bodies(document) == [FIRST, SECOND]


def test_a_loose_first_line_of_notes_is_the_title_as_well() -> None:
    """Notes open with what they are about."""
    document = parsed("Keys on the board", "gate, two", "well, one")
    assert document.document.source.title == "Keys on the board"
    assert bodies(document) == ["gate, two", "well, one"]


def test_a_title_with_a_version_in_it_is_a_title() -> None:
    """A point within a number does not make the headline a sentence."""
    document = parsed("What is new in Python 3.11", FIRST, SECOND)
    assert document.document.source.title == "What is new in Python 3.11"
    assert bodies(document) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "first",
    [
        FIRST,
        "gate " * 41,
        Block(text="gate\nwell", kind=BlockKind.LINES),
        heading("North", 2),
    ],
)
def test_without_a_title_the_file_name_is_it(first: Block | str) -> None:
    """A sentence, an over-long line, a list or a lesser heading is no title."""
    document = parsed(first, SECOND)
    assert document.document.source.title == "gate"


def test_a_single_line_is_text_and_no_title() -> None:
    """The only line of a file is what can be quoted."""
    document = parsed("gate open, well closed")
    assert document.document.source.title == "gate"
    assert bodies(document) == ["gate open, well closed"]


def test_each_paragraph_knows_the_headings_above_it() -> None:
    """Headings nest by level; the title is none of them, and headings are no paragraphs."""
    document = parsed(
        heading("The Gate", 1),
        FIRST,
        heading("North", 2),
        heading("Keys", 3),
        SECOND,
        heading("South", 2),
        "It is closed.",
        Block(text="gate\nwell", kind=BlockKind.LINES),
    )
    assert [paragraph.heading for paragraph in document.paragraphs] == [
        None,
        "North › Keys",
        "South",
        "South",
    ]
    assert bodies(document) == [FIRST, SECOND, "It is closed.", "gate\nwell"]


def test_a_document_of_furniture_has_no_paragraph() -> None:
    """Everything is set aside; that is for the corpus to say."""
    document = parsed("Share", "www.example.org")
    assert document.paragraphs == ()
    assert document.furniture == ("Share", "www.example.org")


def test_nothing_is_deleted_from_the_text() -> None:
    """Titles, headings and furniture stand in the text; only no paragraph points at them."""
    texts = ["The Gate", "Share", FIRST, "(photo credit: REUTERS)", SECOND]
    assert parsed(*texts).document.text == "\n\n".join(texts)


def test_a_document_without_blocks_is_empty() -> None:
    """No text, no paragraph, and the file's name as title."""
    document = parsed()
    assert document.document.text == ""
    assert document.document.source.title == "gate"
    assert document.paragraphs == ()
