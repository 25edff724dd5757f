"""Worker processes: limits hold, the dead are replaced, and other files are none the worse."""

import os
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from index.errors import MissingExtraError, UnreadableFileError
from index.reading import Limits, ReaderPool
from index.reading.frames import Task
from index.reading.worker import outcome_of
from index.sources import Metadata

LIMITS = Limits(clock_s=20.0, cpu_s=1, memory_bytes=1 << 30)


@pytest.fixture
def pool() -> Iterator[ReaderPool]:
    """One worker whose reader does what its file says."""
    with ReaderPool(limits=LIMITS, workers=1, module="tests.index.hostile") as hostile:
        yield hostile


def _read(pool: ReaderPool, text: str) -> str:
    return pool.read("file.txt", text.encode(), folder="seeds").document.text


@pytest.mark.skipif(sys.platform != "linux", reason="which limits there are depends on the system")
@pytest.mark.parametrize(
    ("misdeed", "reason"),
    [
        ("crash", r"made its reader crash \(SIGSEGV\)"),
        ("stop", r"made its reader stop \(status 3\)"),
        ("spin", "takes more than 1 s of processor time"),
        ("fill", "needs more memory than a file may take"),
        ("recurse", "is nested too deep"),
        ("raise", r"can't be read, its reader failed \(KeyError: 'first line\\nsecond line'\)"),
    ],
)
def test_a_misdeed_is_one_line_about_its_file_and_the_next_is_read(
    pool: ReaderPool, misdeed: str, reason: str
) -> None:
    """Before it and after it a file is read as ever."""
    assert _read(pool, "before").startswith("before")
    with pytest.raises(UnreadableFileError, match=f"^file.txt: {reason}$"):
        _read(pool, misdeed)
    assert _read(pool, "after").startswith("after")


def test_a_file_that_takes_too_long_is_given_up() -> None:
    """By the clock, since sleeping takes no processor time."""
    limits = Limits(clock_s=3.0)
    with ReaderPool(limits=limits, workers=1, module="tests.index.hostile") as pool:
        with pytest.raises(UnreadableFileError, match=r"^file\.txt: was not read within 3 s$"):
            _read(pool, "sleep")
        assert _read(pool, "after").startswith("after")


def test_one_process_reads_many_files(pool: ReaderPool) -> None:
    """Starting one costs more than reading a hundred small files."""
    assert len({_read(pool, "same") for _ in range(10)}) == 1


def test_a_worker_that_died_of_earlier_files_is_replaced_for_the_next(pool: ReaderPool) -> None:
    """A file is blamed for what a fresh worker dies of."""
    first = _read(pool, "first")
    os.kill(int(first.split()[-1]), 9)
    assert _read(pool, "first") != first


def test_what_a_library_prints_is_no_reply(pool: ReaderPool) -> None:
    """Replies go through a pipe that nothing else knows of."""
    assert _read(pool, "print").startswith("print")


def test_a_worker_sees_no_secrets(pool: ReaderPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment it has is a list of names that can hold none."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:secret")
    assert "PYTHONPATH" in _read(pool, "tell").split()
    assert "TELEGRAM_BOT_TOKEN" not in _read(pool, "tell").split()


def test_closing_gives_up_what_is_being_read(pool: ReaderPool) -> None:
    """Ctrl-C must not wait for a file that takes its time."""
    problems: list[UnreadableFileError] = []

    def read() -> None:
        try:
            _read(pool, "sleep")
        except UnreadableFileError as problem:
            problems.append(problem)

    thread = threading.Thread(target=read)
    thread.start()
    time.sleep(0.5)
    started = time.monotonic()
    pool.close()
    thread.join()
    assert time.monotonic() - started < 10
    assert [problem.reason for problem in problems] == ["was not read: the pool is closed"]


def test_results_come_in_order_and_ahead_of_the_last_file() -> None:
    """As files do, whichever worker is done first."""
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with ReaderPool(workers=2) as pool:
        results = pool.in_order(lambda number: number * number, numbers())
        assert next(results) == 0
        assert len(taken) < 20
        assert list(results) == [number * number for number in range(1, 100)]


def test_leaving_results_half_way_stops_the_rest() -> None:
    """The files that were not begun are not read."""
    begun: list[int] = []
    with ReaderPool(workers=1) as pool:
        results = pool.in_order(begun.append, range(1000))
        next(results)
        del results
    assert len(begun) < 20


def test_what_is_stated_of_a_file_wins_over_what_it_says() -> None:
    """`sources.toml`, then the file's front matter."""
    data = b"---\ntitle: Of its own\nauthor: Ada Thorne\n---\nIt rained all day at the pier.\n"
    with ReaderPool(workers=1) as pool:
        source = pool.read(
            "a/b.md", data, folder="seeds", stated=Metadata(title="Stated")
        ).document.source
    assert (source.title, source.authors, source.path) == (
        "Stated",
        ("Ada Thorne",),
        "seeds/a/b.md",
    )


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "index.readers.docx", raising=False)
    from index import readers  # noqa: PLC0415 - its cache is what this is about

    readers._reader.cache_clear()
    task = Task(name="a.docx", folder="seeds", stated=Metadata(), cpu_s=1)
    outcome = outcome_of(task, b"PK")
    readers._reader.cache_clear()
    assert getattr(outcome, "extra", None) == "docx"
    assert getattr(outcome, "reason", None) == (
        "needs more: .venv/bin/pip install -c constraints.txt -e '.[docx]'"
    )
    assert str(MissingExtraError("a.docx", "needs more", extra="docx")) == "a.docx: needs more"
