"""How a question leans on what was said before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.followups import Leaning, Refers, read_question
from index.grammar import grammar_of
from tests.index.talk import ENGLISH, is_name


def leaning(question: str) -> Leaning:
    """Return how a question leans."""
    return read_question(question, grammar_of(question), is_name).leaning


@pytest.mark.parametrize(
    "question",
    [
        "When was he born?",
        "what did critics say about it?",
        "how many children did they have",
        "Who lives there?",
        "Why was this forbidden?",
        "Who lives in that city?",
        "What was the name of his wife?",
        "When did the harbour there freeze over?",
        "من هي رئيسة البلدية هناك؟",
        "ومن هو رئيس البلدية؟",
        "من هو؟",
        "أين هو الآن؟",
    ],
)
def test_a_word_that_stands_for_something_said_before_refers(question: str) -> None:
    """The question does not say what it stands for."""
    assert leaning(question) == Leaning.REFERS


@pytest.mark.parametrize(
    "question",
    ["and in Brack?", "What about Dunmere?", "in Brack?", "and a strike?", "وفي حماة؟"],
)
def test_a_part_of_a_question_is_a_fragment(question: str) -> None:
    """It has an opening or a preposition, and no verb."""
    assert leaning(question) == Leaning.FRAGMENT


@pytest.mark.parametrize(
    "question", ["why?", "When?", "how many?", "and when?", "in what year?", "ومتى؟"]
)
def test_a_question_that_only_asks(question: str) -> None:
    """It has nothing of its own to ask about."""
    assert leaning(question) == Leaning.ASKING


@pytest.mark.parametrize("question", ["من هو هرموش؟", "ما هي الخطة؟"])
def test_an_arabic_pronoun_may_be_no_more_than_is(question: str) -> None:
    """Unless "and" says that the question goes on from what was said."""
    assert leaning(question) == Leaning.LOOSE


@pytest.mark.parametrize("question", ["How many are left?", "how many drowned"])
def test_a_question_that_only_counts(question: str) -> None:
    """It does not say what is counted."""
    assert leaning(question) == Leaning.COUNTING


@pytest.mark.parametrize(
    "question",
    [
        "When was Teodor Maas born?",
        "Who was Teodor Maas and when was he born?",
        "what did runa brekke do before she led hallvar ropeworks",
        "Is there a museum in Dunmere?",
        "Is it true that Teodor Maas was born in Brack?",
        "How does Hallvar Ropeworks make its ropes?",
        "Who discovered the comet that bears Maas's name?",
    ],
)
def test_a_question_that_names_what_it_is_about_stands_alone(question: str) -> None:
    """What its pronouns stand for is in it."""
    assert leaning(question) == Leaning.ALONE


@pytest.mark.parametrize(
    "question",
    [
        "who is in charge of the fair?",
        "is there a memorial?",
        "the colonel who defected, whose side did he join?",
        "Did the spinners get their boss to listen?",
        "best recipe for lasagna",
    ],
)
def test_a_question_without_a_name_may_be_about_anything(question: str) -> None:
    """Whether it leans is told by what is found."""
    assert leaning(question) == Leaning.LOOSE


def test_a_long_question_stands_alone() -> None:
    """Nothing in it is looked for in the conversation, so that reading it takes no time."""
    assert leaning("why did he " + "really " * 40 + "leave?") == Leaning.ALONE


@pytest.mark.parametrize(
    ("question", "word", "kind"),
    [
        ("who paid her?", "her", Refers.PERSON),
        ("how old is it?", "it", Refers.THING),
        ("who built those bridges?", "those", Refers.POINTED),
        ("what happened in that city?", "that", Refers.PLACE),
        ("who shot that man?", "that", Refers.PERSON),
    ],
)
def test_what_a_word_may_stand_for(question: str, word: str, kind: Refers) -> None:
    """A noun after "that" tells what it points at."""
    reading = read_question(question, ENGLISH, is_name)
    assert [(each.text, its) for each, its in reading.references] == [(word, kind)]


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    """Marks, other scripts and nothing at all included."""
    assert read_question(text, grammar_of(text), is_name).text == text
