"""Which format yields which metadata and text, from files made by other programs; and its cost.

python -m benchmarks.formats           a Markdown table of tests/index/files
python -m benchmarks.formats --cost    milliseconds a file, in a worker process and without one
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.readers import BlockKind, ReadingError, reader_for
from index.reading import ReaderPool
from index.reading.frames import Task
from index.reading.worker import outcome_of
from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.readers import Extract

FILES = Path(__file__).parent.parent / "tests" / "index" / "files"
MADE_BY = {
    "article": "a text editor",
    "chromium": "Chromium, print to PDF",
    "encrypted": "qpdf, with a password",
    "ferry": "a text editor",
    "groff": "pandoc, groff, Ghostscript",
    "libreoffice": "LibreOffice",
    "pandoc": "pandoc",
}
FIELDS = ("title", "authors", "published", "publisher", "url", "language", "licence")
COST_FILES = ("article.md", "pandoc.html", "libreoffice.pdf", "pandoc.docx", "pandoc.epub")
COST_REPEATS = 300


def main() -> None:
    """Print the table, or the cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cost", action="store_true", help="time the readers instead")
    rows = _cost_rows() if parser.parse_args().cost else _format_rows()
    for row in rows:
        print("| " + " | ".join(row) + " |")


def _format_rows() -> list[list[str]]:
    rows = [["file", "made by", *FIELDS, "pages", "headings", "paragraphs", "lists, tables"]]
    rows.append(["---"] * len(rows[0]))
    for path in sorted(FILES.iterdir(), key=lambda path: (path.suffix, path.name)):
        reader = reader_for(path.suffix)
        if reader is None or path.name == "README.md":
            continue
        name = [path.name, MADE_BY.get(path.stem, "")]
        try:
            rows.append(name + _cells(reader.read(path.read_bytes())))
        except ReadingError as error:
            rows.append([*name, f"refused: {error}"] + [""] * (len(rows[0]) - len(name) - 1))
    return rows


def _cells(extract: Extract) -> list[str]:
    values = extract.metadata.model_dump()
    kinds = [block.kind for block in extract.blocks]
    pages = {block.page for block in extract.blocks} - {None}
    counts = (BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LINES)
    return [
        *(_shown(values[field]) for field in FIELDS),
        str(len(pages) or ""),
        *(str(kinds.count(kind)) for kind in counts),
    ]


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value or "")


def _cost_rows() -> list[list[str]]:
    rows = [["file", "first file (ms)", "in a worker (ms)", "without (ms)", "worker's share (ms)"]]
    rows.append(["---"] * len(rows[0]))
    for name in COST_FILES:
        data = (FILES / name).read_bytes()
        task = Task(name=name, folder="seeds", stated=Metadata(), cpu_s=60)
        with ReaderPool(workers=1) as pool:
            in_worker = partial(pool.read, name, data, folder="seeds")
            first, warm = _milliseconds(in_worker, 1), _milliseconds(in_worker, COST_REPEATS)
        without = partial(outcome_of, task, data)
        without()
        alone = _milliseconds(without, COST_REPEATS)
        rows.append([name, *(f"{each:.2f}" for each in (first, warm, alone, warm - alone))])
    return rows


def _milliseconds(action: Callable[[], object], repeats: int) -> float:
    """Return the least time of an action: what it costs when nothing else is in the way."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return 1000 * min(times)


if __name__ == "__main__":
    main()
