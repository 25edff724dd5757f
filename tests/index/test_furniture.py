"""Page furniture: the lines of a saved page that are about the page, not the story."""

import pytest

from index.furniture import furniture_of, is_link_line, same_words
from index.readers import Block, BlockKind

STORY = (
    "The old gate at the north end of the town stood open all night, the guard said on Saturday.",
    "Nobody came to close it before the morning, when he returned from the village.",
)


def set_aside(*texts: str) -> list[str]:
    """Return those of these paragraphs that are furniture."""
    blocks = [Block(text=text) for text in texts]
    return [texts[at] for at in sorted(furniture_of(blocks))]


@pytest.mark.parametrize(
    "line",
    [
        "https://example.org/gate",
        "<https://example.org/gate>",
        "www.example.org",
        "HTTP://EXAMPLE.ORG",
        "Connect to share and comment",
        "Click for full coverage of the gate",
        "» Read more",
        "Share",
        "Share this story",
        "Sign up for our newsletter",
        "ADVERTISEMENT",
        "Related stories",
        "See also: the well",
        "Watch: the gate at night",
        "Follow @townpaper",
        "Skip to main content",
    ],
)
def test_an_address_or_an_invitation_to_press_is_a_link_line(line: str) -> None:
    """A bare web address, or the words with which buttons and links begin."""
    assert is_link_line(line)
    assert set_aside(line, *STORY) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "See https://example.org/gate for the story.",
        "https://example.org/gate says so",
        "Click here to open the gate.",
        "Shareholders of the mill met at noon",
        "Watchmen at the gate",
        "The guard signed up for the night",
        "Share " + "and share alike " * 5,
        "Click\nfor more",
    ],
)
def test_a_sentence_or_another_word_is_no_link_line(line: str) -> None:
    """A full stop, a long line, or a word that only begins alike."""
    assert not is_link_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "Photo: A. Person",
        "Photo by A. Person / Agency",
        "Image credit: Agency",
        "Photograph courtesy of the Agency",
        "File photo: the gate in winter",
        "© Agency",
        "(c) The Town Paper",
        "Copyright The Town Paper",
        "(photo credit: REUTERS)",
        "[Photo: Agency]",
        "The guard looks over the river from the old gate 311 R (photo credit: REUTERS)",
    ],
)
def test_a_picture_credit_is_furniture(line: str) -> None:
    """Whoever took the picture is named in one of the usual ways."""
    assert set_aside(line, *STORY) == [line]


def test_a_credit_is_furniture_in_notes_as_well() -> None:
    """Credits and links need no prose around them."""
    assert set_aside("gate open", "two keys", "(photo credit: REUTERS)", "www.example.org") == [
        "(photo credit: REUTERS)",
        "www.example.org",
    ]


def test_the_caption_of_a_credited_picture_is_furniture() -> None:
    """A caption that stands once with its credit and once without goes both times."""
    credited = "The guard looks over the river 311 R (photo credit: REUTERS)"
    caption = "The guard looks over the river 311 R"
    assert set_aside(credited, caption, *STORY) == [credited, caption]


def test_a_sentence_about_pictures_is_no_credit() -> None:
    """A full stop makes it a part of the story."""
    line = "The photo (credit: REUTERS) shows the old gate as it stood on the day before."
    assert set_aside(line, *STORY) == []


@pytest.mark.parametrize(
    "line",
    [
        "Town urges its citizens to stay at home",
        "'Dozens seen at the gate as bell rings, guards deployed'",
        "Home",
        "News Sport Weather",
        "ворота открыты всю ночь",
    ],
)
def test_a_loose_line_in_prose_is_furniture(line: str) -> None:
    """A headline of another story or a menu entry stands between sentences."""
    assert set_aside(STORY[0], line, STORY[1]) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Gate 12",
        "guard@example.org",
        "Opening hours: all night",
        "- a lamp",
        "• two keys",
        "By Hugh Macleod",
        "From our correspondent",
        "By the staff of the Town Paper",
        "Hugh Macleod and Annasofie Flamand reported from Beirut, Lebanon with reporters in Syria",
        "A. Guard contributed to this story",
        "Translated from the Arabic",
        "Our correspondent in Beirut",
        "Edited by B. Smith",
        "This line has sixteen words in all and so is far too long for a headline",
        "Guard House\nNorth Street\nOld Town",
    ],
)
def test_a_line_that_carries_a_fact_stays(line: str) -> None:
    """Digits, addresses, named values, list marks, bylines and long or several lines stay."""
    assert set_aside(STORY[0], line, STORY[1]) == []


def test_notes_keep_their_loose_lines() -> None:
    """Where little ends as a sentence does, such lines are the text."""
    assert set_aside("gate open", "two keys on the board", "The bell is broken.") == []


def test_prose_is_where_six_tenths_are_sentences() -> None:
    """At six tenths of the characters the rule applies, below it doesn't."""
    assert set_aside("Sixes.", "four") == ["four"]
    assert set_aside("Fives", "fives") == []
    assert set_aside("Five.", "four") == []


def test_headings_and_lines_are_never_furniture() -> None:
    """What the format itself marks as a heading or a list is kept."""
    blocks = [
        Block(text="Share", kind=BlockKind.HEADING, level=2),
        Block(text=STORY[0]),
        Block(text="Share\nTweet", kind=BlockKind.LINES),
    ]
    assert furniture_of(blocks) == frozenset()


def test_nothing_has_no_furniture() -> None:
    """No blocks, nothing to set aside."""
    assert furniture_of([]) == frozenset()


def test_the_same_words_are_the_same_in_any_case_and_marks() -> None:
    """Case and marks don't count; order and number do."""
    assert same_words("'The GATE'", "the gate")
    assert not same_words("the gate", "gate the")
    assert not same_words("the gate", "the gate gate")


def test_a_line_of_signs_is_no_caption() -> None:
    """A line without any word, such as a rating, repeats no credit."""
    notes = ["(photo credit: REUTERS)", "two keys", "★★★☆☆", "gate open"]
    assert set_aside(*notes) == ["(photo credit: REUTERS)"]
