"""What is said of builds, and of how old an index is."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.cards.builds import progress_text, report_text
from bot.cards.states import ago
from bot.maintenance.events import BuildEnd, BuildEvent, Progress
from bot.texts import ENGLISH, LANGUAGES, texts_for
from index.outline import Difference
from index.promotion import GoldenResult, Judgement


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_fits_into_a_message(language: str) -> None:
    """Whatever is in it, with lists that say how much more there is."""
    texts = texts_for(language)
    long = "\u202e" + "wide " * 1000
    result = GoldenResult(question=long, is_right=False, is_held=True, path=long, text=long)
    judgement = Judgement(
        against="g",
        difference=Difference(
            documents_added=(long,) * 100,
            documents_changed=(long,) * 100,
            documents_removed=(long,) * 100,
            passages_added=1,
            passages_changed=2,
            passages_removed=3,
        ),
        right=0,
        asked=100,
        broken=(result,) * 100,
    )
    event = BuildEvent(end=BuildEnd.WITHHELD, generation="g", problems=(long,) * 100)
    text = report_text(event, texts, manifest=None, judgement=judgement)
    assert len(text) <= 4000
    assert texts("and-more", count=90) in text
    assert "\u202e" not in text


def test_every_stage_has_its_words() -> None:
    """One that a later version adds is no error."""
    assert progress_text(None, ENGLISH) == ENGLISH("rebuild-starting")
    stage = Progress(stage="polishing", done=1, of=2)
    assert progress_text(stage, ENGLISH) == ENGLISH("rebuild-starting")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "a minute ago"),
        (7199, "an hour ago"),
        (7200, "2 hours ago"),
        (86_400, "a day ago"),
        (259_200, "3 days ago"),
    ],
)
def test_age_is_said_in_its_largest_unit(seconds: int, said: str) -> None:
    """Rounded down."""
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    moment = (now - dt.timedelta(seconds=seconds)).isoformat()
    assert ago(moment, now, ENGLISH) == said
