"""Questions and answers, one pair a line of JSON or a row of CSV: each answer is a paragraph.

A pair's question is the heading its answer stands under. The fields are named `question` and
`answer`, or `q` and `a`, `prompt` and `response`, `title` and `text`, in any case; other fields
are passed over. Every pair must have both: an FAQ that is half-read would give half the answers,
and nobody would know.
"""

from __future__ import annotations

import csv
import io
import json
from itertools import islice
from typing import TYPE_CHECKING

from index.readers.base import Block, BlockKind, Extract, ReadingError, tidy
from index.readers.plain import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["CsvReader", "JsonLinesReader"]

_FIELDS = (("question", "answer"), ("q", "a"), ("prompt", "response"), ("title", "text"))
_KNOWN = ", ".join(f"{question}/{answer}" for question, answer in _FIELDS)
_DELIMITERS = ",;\t|"
_QUESTION_LEVEL = 2  # below the document's title
_MAX_FIELD_CHARS = 10_000_000


class JsonLinesReader:
    """Reads `.jsonl`: an object a line."""

    def read(self, data: bytes) -> Extract:
        """Extract the pairs; a line that is none is named in the error."""
        return _extract(_json_rows(decoded(data)))


class CsvReader:
    """Reads `.csv`: a header and a row for each pair, parted by `,`, `;`, `|` or tabs."""

    def read(self, data: bytes) -> Extract:
        """Extract the pairs; a row that is none is named in the error."""
        return _extract(_csv_rows(decoded(data)))


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ReadingError(f"line {number}: is not valid JSON") from error
        if not isinstance(row, dict):
            raise ReadingError(f"line {number}: is no JSON object with a question and an answer")
        yield number, {str(key).strip().lower(): value for key, value in row.items()}


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    csv.field_size_limit(_MAX_FIELD_CHARS)
    header, _, _ = text.lstrip("\n").partition("\n")
    delimiter = max(_DELIMITERS, key=header.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    names: list[str] | None = None
    try:
        for row in rows:
            if not any(map(str.strip, row)):
                continue
            if names is None:
                names = [name.strip().lower() for name in row]
                _fields_in(dict.fromkeys(names), rows.line_num)
            elif len(row) > len(names):
                raise ReadingError(
                    f"line {rows.line_num}: has {len(row)} fields, the header {len(names)}; "
                    "put a field with the delimiter in it between quotes"
                )
            else:
                yield rows.line_num, dict(zip(names, row, strict=False))
    except csv.Error as error:
        raise ReadingError(f"line {rows.line_num}: is not valid CSV ({error})") from error


def _extract(rows: Iterator[tuple[int, Mapping[str, object]]]) -> Extract:
    blocks: list[Block] = []
    for number, row in rows:
        names = _fields_in(row, number)
        question, answer = (_text(row, name, number) for name in names)
        blocks += [
            Block(text=" ".join(question.split()), kind=BlockKind.HEADING, level=_QUESTION_LEVEL),
            Block(text=answer, kind=BlockKind.LINES),
        ]
    return Extract(blocks=blocks, is_page=False)


def _fields_in(row: Mapping[str, object], number: int) -> tuple[str, str]:
    for names in _FIELDS:
        if all(name in row for name in names):
            return names
    found = ", ".join(map(repr, islice(row, 5))) or "none"
    raise ReadingError(
        f"line {number}: needs the fields of a question and its answer ({_KNOWN}), has {found}"
    )


def _text(row: Mapping[str, object], name: str, number: int) -> str:
    value = row[name]
    text = tidy(value) if isinstance(value, str) else ""
    if not text:
        raise ReadingError(f"line {number}: its {name!r} is empty or no text")
    return text
