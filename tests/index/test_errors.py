"""Everything that can go wrong in a way a person can mend."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import errors
from index.errors import (
    EmptyCorpusError,
    EncoderMismatchError,
    GenerationDamagedError,
    GenerationFormatError,
    NoGenerationError,
    UnreadableFileError,
    VerbatimError,
    printable,
)


def drawn_tree() -> dict[str, str]:
    """Return each error's parent as the module's docstring draws it."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^([ │├└─]*)(\w+Error)\b", line)
        if found:
            depth, name = len(found[1]), found[2]
            above = [(left, parent) for left, parent in above if left < depth]
            parents[name] = above[-1][1] if above else "Exception"
            above.append((depth, name))
    return parents


def test_the_tree_is_as_it_is_drawn() -> None:
    """The drawing at the top of the module names every class under its parent."""
    classes = {name: getattr(errors, name) for name in errors.__all__}
    assert {name: class_.__bases__[0].__name__ for name, class_ in classes.items()} == drawn_tree()


def test_every_error_is_one_of_ours() -> None:
    """Catching the root catches all of them, and each says what it is."""
    for name in errors.__all__:
        assert issubclass(getattr(errors, name), VerbatimError)
        assert getattr(errors, name).__doc__


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            UnreadableFileError("news/gate.txt", "is empty"),
            "news/gate.txt: is empty",
        ),
        (
            EmptyCorpusError(Path("seeds"), []),
            (
                "seeds holds no document that can be read: nothing was built, "
                "an index built before stays live"
            ),
        ),
        (
            NoGenerationError(Path(".verbatim")),
            "there is no index in .verbatim yet: run `verbatim build`",
        ),
        (
            GenerationFormatError("g1", 9, 1),
            "the index g1 has format 9, this version reads 1: run `verbatim build --full`",
        ),
        (
            GenerationDamagedError(Path("g1/vectors"), "is missing"),
            "the index is damaged (g1/vectors: is missing): run `verbatim build --full`",
        ),
        (
            EncoderMismatchError("one", "another"),
            (
                "the index was built with the encoder one, but another is loaded: "
                "run `verbatim build`"
            ),
        ),
    ],
)
def test_a_message_says_what_is_wrong_and_what_to_do(error: VerbatimError, message: str) -> None:
    """One line, exactly."""
    assert str(error) == message


def test_an_error_carries_what_is_needed_to_mend_it() -> None:
    """Paths, reasons and problems are there beside the message."""
    problem = UnreadableFileError("news/gate\n.txt", "is empty")
    assert (problem.path, problem.reason) == ("news/gate\n.txt", "is empty")
    assert EmptyCorpusError(Path("seeds"), [problem]).problems == (problem,)
    assert GenerationDamagedError(Path("g1"), "is missing").path == Path("g1")


def test_a_file_name_can_not_break_the_line() -> None:
    """A newline in a name is shown as an escape."""
    assert str(UnreadableFileError("a\nb.txt", "is empty")) == "a\\nb.txt: is empty"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("news/Ворота ½.txt", "news/Ворота ½.txt"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("txt.\u202egpj", "txt.\\u202egpj"),
        ("a\u2028b", "a\\u2028b"),
        ("caf\udce9", "caf\\udce9"),
    ],
)
def test_what_is_printed_can_not_move_the_cursor(text: str, shown: str) -> None:
    """Control and direction marks are escaped, letters of all scripts are not."""
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_what_is_printed_is_printable(text: str) -> None:
    """Any text, half characters included, comes out fit for a terminal."""
    shown = printable(text)
    assert shown.isprintable()
    shown.encode()
