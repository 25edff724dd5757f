"""What admins are told of builds, documents and the state: taken, whatever files are called."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.builds import progress_text, report_text
from bot.cards.reviews import review_text
from bot.cards.states import state_text
from bot.maintenance.events import WAITING, BuildEnd, BuildEvent, Progress
from bot.maintenance.filenames import safe_name
from bot.maintenance.reviewing import Review
from bot.texts import texts_for
from index.outline import Difference
from index.promotion import GoldenResult, Judgement
from index.types import Stage
from tests.bot.carding import any_text, html_text, languages, long_text, mixed, taken

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
GENERATION = "20260101T000000Z-00000000"

counts = st.integers(0, 10**9)
lines = st.just("") | any_text | mixed | html_text | long_text
many_lines = st.builds(
    lambda few, times: tuple(few * times), st.lists(lines, max_size=2), st.integers(0, 12)
)
differences = st.builds(
    Difference,
    documents_added=many_lines,
    documents_changed=many_lines,
    documents_removed=many_lines,
    passages_added=counts,
    passages_changed=counts,
    passages_removed=counts,
)
results = st.builds(
    GoldenResult,
    question=lines,
    is_right=st.booleans(),
    is_held=st.booleans(),
    path=lines,
    text=lines,
)
judgements = st.builds(
    Judgement,
    against=st.none() | st.just(GENERATION),
    difference=differences,
    right=counts,
    asked=counts,
    broken=st.builds(lambda each, count: (each,) * count, results, st.integers(0, 7)),
)
events = st.builds(
    BuildEvent,
    end=st.sampled_from(BuildEnd),
    generation=st.none() | st.just(GENERATION),
    problems=many_lines,
    error=lines,
)


@given(event=events, judgement=st.none() | judgements, language=languages)
@settings(max_examples=30)
def test_any_build_makes_a_report_that_telegram_takes(
    event: BuildEvent, judgement: Judgement | None, language: str
) -> None:
    """Whatever files, questions and errors it names; what came of it is said first."""
    texts = texts_for(language)
    shown = taken(report_text(event, texts, manifest=None, judgement=judgement))
    said = {BuildEnd.CURRENT: "rebuild-current", BuildEnd.WITHHELD: "rebuild-withheld"}
    assert event.end is not None
    assert shown.text.split("\n")[0] == texts(said.get(event.end, "rebuild-failed"))


@given(
    stage=st.sampled_from([*Stage, WAITING]) | lines,
    done=counts,
    total=counts,
    language=languages,
)
@settings(max_examples=25)
def test_any_progress_makes_a_message_that_telegram_takes(
    stage: str, done: int, total: int, language: str
) -> None:
    """Also of a stage that is not known."""
    texts = texts_for(language)
    taken(progress_text(Progress(stage=stage, done=done, of=total), texts))


@given(
    name=lines,
    title=lines,
    begins=st.lists(lines, max_size=3).map(tuple),
    paragraphs=counts,
    language=languages,
)
@settings(max_examples=30)
def test_any_document_makes_a_review_that_telegram_takes(
    name: str, title: str, begins: tuple[str, ...], paragraphs: int, language: str
) -> None:
    """Whatever it is called and begins with, under the name that it is kept by."""
    texts = texts_for(language)
    found = Review(title=title, language="ar", paragraphs=paragraphs, begins=begins)
    headline = texts("added", file=safe_name(name))
    shown = taken(review_text(headline, found, texts)).text.split("\n")
    assert shown[0] == headline
    assert len(shown) == len(texts("review-title", title="x").split("\n")) + 5 + len(begins)


@given(
    encoder=lines,
    others=st.lists(st.sampled_from(["withheld", "kept", "live"]), max_size=9),
    stale=many_lines,
    problems=st.dictionaries(st.text(max_size=9), lines, max_size=12),
    built=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
    is_building=st.booleans(),
    language=languages,
)
@settings(max_examples=30)
def test_any_state_makes_a_message_that_telegram_takes(
    *,
    encoder: str,
    others: list[str],
    stale: tuple[str, ...],
    problems: dict[str, str],
    built: dt.datetime | None,
    is_building: bool,
    language: str,
) -> None:
    """Whatever is stale and ails it."""
    state = {
        "generation": GENERATION if built else None,
        "created": built.isoformat() if built else None,
        "documents": 2,
        "passages": 3,
        "encoder": {"name": encoder},
        "generations": [{"is": each, "generation": GENERATION} for each in others],
        "rolled_back_from": GENERATION if others else None,
        "stale": list(stale),
    }
    texts = texts_for(language)
    taken(state_text(state, problems, texts, now=NOW, is_building=is_building))
