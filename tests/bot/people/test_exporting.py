"""`verbatim feedback export`: votes become lines of a golden file."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store
from bot.memory.votes import Quoted, Vote, Votes
from bot.settings import Settings
from index.generations import Generations
from index.golden import GoldenQuestion, load_golden
from index.library import Library
from index.types import Span, Verdict
from tests.bot.conftest import Command

GATE = "The old gate at the north end stood open all night."
USER = 987654321


@pytest.fixture
def up(documents: Path, verbatim: Command) -> Vote:
    """Build the index; return a thumb up for the sentence about the gate."""
    assert documents.is_dir()
    assert verbatim("build")[0] == 0
    library = Library(Generations(Path(".verbatim")).load()[0])
    passages = [p for d in library.documents for p in library.passages_of(d.id)]
    [gate] = [passage for passage in passages if passage.text == GATE]
    return Vote(
        card_id="c1",
        user_id=USER,
        asker_id=USER,
        question="was the gate open?",
        verdict=Verdict.ANSWERED,
        is_up=True,
        judged=Quoted(passage_id=gate.id, highlight=Span(0, len(GATE))),
        is_first=True,
    )


def cast(*votes: Vote) -> None:
    """Keep votes in the bot's file, of two bots in turn."""
    store = Store(SqliteDatabase(Path(".verbatim/bot.db")))

    async def write() -> None:
        for number, vote in enumerate(votes):
            of_bot = Votes(store, number % 2)
            await store.write(lambda c, v=vote, b=of_bot: b.cast_within(c, v))  # type: ignore[misc]

    asyncio.run(write())
    store.close()


def test_confirmed_answers_become_golden_questions(verbatim: Command, up: Vote) -> None:
    """In the form of the golden file, each once, and with nobody's number."""
    cast(
        up,
        replace(up, card_id="c2", user_id=2),
        replace(
            up, card_id="c3", question="who «left»?", is_up=False, judged=None, is_none_right=True
        ),
    )
    status, out, err = verbatim("feedback", "export")
    assert (status, err) == (0, "")
    assert out == (
        '{"question": "was the gate open?", '
        f'"quotes": ["{GATE}"], "note": "feedback"}}\n'
        '{"question": "who «left»?", "quotes": [], "note": "feedback"}\n'
    )
    assert str(USER) not in out


def test_what_is_written_is_a_golden_file(verbatim: Command, up: Vote) -> None:
    """It can be measured with, and once it is a part of the golden file it is not repeated."""
    cast(up)
    status, out, err = verbatim("feedback", "export", "--output", "new.jsonl")
    assert (status, out) == (0, "")
    assert err == "1 golden questions written to new.jsonl\n"
    golden = GoldenQuestion(question="was the gate open?", quotes=(GATE,), note="feedback")
    assert load_golden(Path("new.jsonl")) == [golden]
    assert verbatim("eval", "--golden", "new.jsonl")[0] == 0
    Settings.from_flags().golden_file.parent.mkdir(parents=True)
    Path("new.jsonl").rename(Settings.from_flags().golden_file)
    assert verbatim("feedback", "export") == (0, "", "")


def test_what_is_left_out_is_named(verbatim: Command, up: Vote) -> None:
    """Votes that conflict, and passages that are gone."""
    gone = Quoted(passage_id="no-such-passage", highlight=Span(0, 5))
    cast(
        up,
        replace(up, card_id="c2", user_id=2, is_up=False),
        replace(up, card_id="c3", question="who left?", judged=gone),
    )
    status, out, err = verbatim("feedback", "export")
    assert (status, out) == (0, "")
    assert err == (
        "verbatim: left out, votes conflict: was the gate open?\n"
        "verbatim: left out, the passage is gone: who left?\n"
    )


def test_without_a_bot_there_is_no_feedback(verbatim: Command, own_folder: Path) -> None:
    """The error says what is missing, and nothing is made."""
    status, out, err = verbatim("feedback", "export")
    assert (status, out) == (1, "")
    assert (
        err == "verbatim: .verbatim/bot.db does not exist: no bot has run with this state folder\n"
    )
    assert list(own_folder.iterdir()) == []


def test_a_file_that_can_not_be_written_is_named(verbatim: Command, up: Vote) -> None:
    """With the reason."""
    cast(up)
    status, _, err = verbatim("feedback", "export", "--output", "no/such/folder.jsonl")
    assert status == 1
    assert err.startswith("verbatim: no/such/folder.jsonl: can't be written (")
