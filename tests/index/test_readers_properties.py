"""What holds of every reader, whatever is in the file."""

import json
import unicodedata
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.readers import FORMATS, Extract, ReadingError, reader_for, suffixes

FILES = Path(__file__).parent / "files"
MADE = sorted(
    path for path in FILES.iterdir() if path.suffix in {".html", ".pdf", ".docx", ".epub"}
)


def _is_clean(extract: Extract) -> bool:
    """No block is blank, and none holds a control character other than a line's end or a tab."""
    return all(
        block.text.strip()
        and all(
            unicodedata.category(character) not in {"Cc", "Cs"} or character in "\n\t"
            for character in block.text
        )
        for block in extract.blocks
    )


def _extract_or_refusal(suffix: str, data: bytes) -> Extract | None:
    reader = reader_for(suffix)
    assert reader is not None
    try:
        return reader.read(data)
    except ReadingError as error:
        reason = str(error)
    assert reason.isprintable()
    return None


@pytest.mark.parametrize("suffix", [name for known in FORMATS for name in known.suffixes[:1]])
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_a_line(suffix: str, data: bytes) -> None:
    """Nothing else is raised, and nothing blank or invisible comes out."""
    extract = _extract_or_refusal(suffix, data)
    assert extract is None or _is_clean(extract)


@given(texts=st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=6))
def test_any_text_in_html_comes_out_clean(texts: list[str]) -> None:
    """As paragraphs of an article, with the marks of HTML escaped."""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in texts)
    page = f"<html><body><article>{paragraphs}</article></body></html>"
    extract = _extract_or_refusal(".html", page.encode("utf-8"))
    assert extract is None or _is_clean(extract)


@given(question=st.text(max_size=40), answer=st.text(max_size=80))
def test_any_pair_comes_out_clean(question: str, answer: str) -> None:
    """JSON can escape any character at all, halves of surrogate pairs too."""
    row = json.dumps({"q": question + "\ud83d", "a": "\x00" + answer})
    extract = _extract_or_refusal(".jsonl", row.encode())
    assert extract is None or _is_clean(extract)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("path", MADE, ids=lambda path: path.name)
def test_a_damaged_file_is_read_or_refused_in_a_line(path: Path, data: st.DataObject) -> None:
    """A few bytes changed anywhere."""
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    extract = _extract_or_refusal(path.suffix, bytes(content))
    assert extract is None or _is_clean(extract)


def test_every_ending_has_a_reader() -> None:
    """In any case, and no other ending has."""
    assert all(reader_for(suffix.upper()) is not None for suffix in suffixes())
    assert reader_for(".exe") is None
