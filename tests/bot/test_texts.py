"""What Verbatim says, and what it says of a source."""

import pytest

from bot import texts
from index.types import Source
from tests.bot.samples import make_hit
from tests.botapi.commands import CommandLists
from tests.botapi.text import formatted_text


def test_a_source_line_says_all_that_is_known() -> None:
    """Publisher, date, heading, page and paragraph stand in this order."""
    source = Source(
        title="The Gate",
        path="seeds/gate.txt",
        publisher="The Paper",
        authors=("A. Person", "B. Person"),
        published="2011-06",
        url="https://example.com/gate",
        language="en",
        licence="MIT",
    )
    hit = make_hit(source=source, page=4, heading="Night", number=5, of=14)
    assert texts.source_line(hit) == (
        "The Paper · A. Person, B. Person · 2011-06 · Night · p. 4 · ¶ 5 of 14"
    )


def test_a_source_line_invents_nothing() -> None:
    """With nothing known, only the paragraph is said."""
    assert texts.source_line(make_hit(number=1, of=1)) == "¶ 1 of 1"


def test_authors_stand_in_for_a_publisher() -> None:
    """Where no publisher is known, the authors are named."""
    source = Source(title="T", path="seeds/t.txt", authors=("A. Person", "B. Person"))
    hit = make_hit(source=source, number=2, of=5)
    assert texts.source_line(hit) == "A. Person, B. Person · ¶ 2 of 5"


def test_page_zero_is_a_page() -> None:
    """A page is left out only when it is not known."""
    assert texts.source_line(make_hit(page=0)) == "p. 0 · ¶ 2 of 5"


def test_numbers_are_said_in_words() -> None:
    """One is singular, all others are plural."""
    assert [texts.passages(n) for n in (0, 1, 2)] == ["0 passages", "1 passage", "2 passages"]
    assert texts.sources_heading(1) == "I answer from one document:"
    assert texts.sources_heading(2) == "I answer from 2 documents:"


def test_the_menu_keeps_the_limits_of_telegram() -> None:
    """The server takes the commands as they are (Bot API, BotCommand)."""
    lists = CommandLists()
    menu = [{"command": name, "description": said} for name, said in texts.COMMANDS.items()]
    lists.set(menu, {})
    assert lists.get({}) == menu
    assert list(texts.COMMANDS) == ["ask", "sources", "help"]


@pytest.mark.parametrize(
    "name", ["START", "HELP", "ASK_USAGE", "ONLY_TEXT", "UNKNOWN_COMMAND", "FAILED"]
)
def test_every_message_can_be_sent_as_it_is(name: str) -> None:
    """Telegram changes nothing in a text and takes it whole."""
    text = getattr(texts, name)
    assert formatted_text(text).text == text


def test_help_names_the_commands_of_the_menu() -> None:
    """/help says what each other command is for."""
    for name in texts.COMMANDS:
        assert name == "help" or f"/{name}" in texts.HELP


def test_all_names_are_handed_on_sorted() -> None:
    """`__all__` holds every public name of the module, capitals first."""
    public = [name for name in vars(texts) if not name.startswith("_")]
    assert sorted(texts.__all__) == list(texts.__all__)
    assert set(texts.__all__) == set(public) - {"TYPE_CHECKING", "annotations", "fragments"}
