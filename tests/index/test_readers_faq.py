"""Questions and answers: which fields count, and errors that name the line."""

import pytest

from index.readers import Block, BlockKind, ReadingError
from index.readers.faq import CsvReader, JsonLinesReader

PAIRS = [
    Block(text="When does the ferry leave?", kind=BlockKind.HEADING, level=2),
    Block(text="Every hour from six.\nOn Sundays never.", kind=BlockKind.LINES),
    Block(text="What is a ticket?", kind=BlockKind.HEADING, level=2),
    Block(text="Two pounds fifty", kind=BlockKind.LINES),
]


@pytest.mark.parametrize(
    ("question", "answer"),
    [("question", "answer"), ("Q", "A"), ("prompt", "response"), ("Title", "Text")],
)
def test_json_lines_give_a_block_for_each_pair(question: str, answer: str) -> None:
    """Under its question; other fields and empty lines are passed over."""
    data = (
        f'{{"id": 1, "{question}": "When does the\\n ferry leave?", '
        f'"{answer}": "Every hour from six.\\nOn Sundays never."}}\n\n'
        f'{{"{answer}": "Two pounds fifty", "{question}": "What is a ticket?"}}\n'
    )
    assert JsonLinesReader().read(data.encode()).blocks == PAIRS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_gives_a_block_for_each_row(delimiter: str) -> None:
    """Excel's byte-order mark and line ends are no matter, nor is the delimiter."""
    rows = [
        ["\ufeffTopic", "Question", "Answer"],
        ["times", "When does the ferry leave?", '"Every hour from six.\r\nOn Sundays never."'],
        ["", "", ""],
        ["fares", "What is a ticket?", "Two pounds fifty"],
    ]
    data = "\r\n".join(delimiter.join(row) for row in rows)
    assert CsvReader().read(data.encode("utf-8")).blocks == PAIRS


def test_a_short_answer_is_no_page_furniture() -> None:
    """Every line of a list of answers was written to be read."""
    assert not JsonLinesReader().read(b'{"q": "Dogs?", "a": "Sign in at the pier"}').is_page


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ('{"q": "a", "a": "b"}\n{"q": "a"', "line 2: is not valid JSON"),
        ("[" * 100_000, "line 1: is not valid JSON"),
        ('\n["q", "a"]', "line 2: is no JSON object"),
        ('{"q": "a", "answer": "b"}', r"line 1: needs the fields .* has 'q', 'answer'"),
        ('{"q": "a", "a": " "}', "line 1: its 'a' is empty or no text"),
        ('{"q": 7, "a": "b"}', "line 1: its 'q' is empty or no text"),
    ],
)
def test_a_line_of_json_that_is_no_pair_is_named(data: str, reason: str) -> None:
    """By its number in the file, empty lines counted."""
    with pytest.raises(ReadingError, match=reason):
        JsonLinesReader().read(data.encode())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("name,town\nA,B", r"line 1: needs the fields .* has 'name', 'town'"),
        ('question,answer\nA,"B\nC"\nD,', "line 4: its 'answer' is empty"),
        ("question,answer\nA,B,C", "line 2: has 3 fields, the header 2"),
        ("question,answer\nA", "line 2: needs the fields"),
        ('question,answer\nA,"B', "line 2: is not valid CSV"),
    ],
)
def test_a_row_of_csv_that_is_no_pair_is_named(data: str, reason: str) -> None:
    """By its last line in the file, since an answer may have several."""
    with pytest.raises(ReadingError, match=reason):
        CsvReader().read(data.encode())
