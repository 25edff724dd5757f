"""What follow-ups are understood as: words of the conversation put where others lean on them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.antecedents import Said
from index.followups import Leaning, read_question
from index.grammar import grammar_of
from index.mentions import words_of
from index.resolving import expanded, resolve
from tests.index.talk import ENGLISH, KNOWING, is_name

FOUNDED = Said(
    question="Who leads Hallvar Ropeworks?",
    answer="Since 2012 it has been led by Runa Brekke.",
    title="Hallvar Ropeworks",
)
KILLED = Said(
    question="How many people were killed in Brack?",
    answer="In Brack nine people died.",
    title="The Kesten dam disaster",
)
BORN = Said(
    question="Where was Teodor Maas born?",
    answer="He was born in a house outside Brack.",
    title="Teodor Maas",
)
DAM = Said(question="When did the Kesten dam break?")


def understood(question: str, said: Said) -> list[str]:
    """Return what a question is understood as."""
    return resolve(read_question(question, ENGLISH, is_name), said, ENGLISH, KNOWING)


@pytest.mark.parametrize(
    ("said", "question", "first"),
    [
        (BORN, "When did he die?", "When did Teodor Maas die?"),
        (BORN, "Who was his wife?", "Who was Teodor Maas's wife?"),
        (BORN, "Who else lived there?", "Who else lived in Brack?"),
        (FOUNDED, "What did she do before?", "What did Runa Brekke do before?"),
        (FOUNDED, "When was it founded?", "When was Hallvar Ropeworks founded?"),
        (FOUNDED, "What is its turnover?", "What is Hallvar Ropeworks's turnover?"),
        (DAM, "Who paid for it?", "Who paid for the Kesten dam?"),
        (KILLED, "and in Dunmere?", "How many people were killed in Dunmere?"),
        (KILLED, "what about Dunmere?", "How many people were killed in Dunmere?"),
        (KILLED, "why?", "why were killed in Brack?"),
        (DAM, "why?", "why did the Kesten dam break?"),
        (BORN, "and Runa Brekke?", "Where was Runa Brekke born?"),
        (KILLED, "How many drowned?", "How many drowned (Brack)?"),
    ],
)
def test_a_question_is_understood(said: Said, question: str, first: str) -> None:
    """The likeliest way comes first."""
    assert understood(question, said)[0] == first


def test_a_person_who_was_asked_for_comes_before_one_who_was_named() -> None:
    """The question is answered with a name, and "she" is that one."""
    said = Said(question="Who taught Teodor Maas?", answer="He was taught by Runa Brekke.")
    assert understood("When did she die?", said) == [
        "When did Runa Brekke die?",
        "When did Teodor Maas die?",
    ]


def test_nobody_is_made_up() -> None:
    """Where no person was named, the turn before may have one."""
    assert understood("When did he die?", DAM) == []


def test_a_question_can_be_put_beside_the_words_of_the_one_before() -> None:
    """What is left where nothing better is found."""
    reading = read_question("When did he die?", ENGLISH, is_name)
    assert expanded(reading, DAM, ENGLISH) == "When did he die (Kesten dam break)?"


def test_arabic_takes_over_the_question_before() -> None:
    """It has no capitals to tell names by."""
    question = "ومتى؟"
    grammar = grammar_of(question)
    said = Said(question="من أسس مصنع الزجاج في تل زهرة؟")
    reading = read_question(question, grammar, is_name)
    assert resolve(reading, said, grammar, KNOWING) == ["ومتى أسس مصنع الزجاج في تل زهرة؟"]


def test_arabic_has_its_own_word_for_in() -> None:
    """A place is put in its own language."""
    question = "من يسكن هناك؟"
    grammar = grammar_of(question)
    said = Said(question="كم عدد السكان؟", title="تل زهرة")
    reading = read_question(question, grammar, is_name)
    assert resolve(reading, said, grammar, KNOWING) == ["من يسكن في تل زهرة؟"]


@given(
    st.lists(st.sampled_from("and why when he it there Maas that the in of Brack? his".split())),
    st.lists(st.sampled_from("Who was the Maas built Brack in did he 's , of his".split())),
)
def test_no_word_is_invented(asked: list[str], before: list[str]) -> None:
    """Whatever is understood is made of words that were said, "in" and the possessive apart."""
    question, said = " ".join(asked), Said(question=" ".join(before), title="Teodor Maas")
    reading = read_question(question, ENGLISH, is_name)
    if reading.leaning is Leaning.ALONE:
        return
    spoken = {
        word.folded
        for text in (question, said.question, said.answer, said.title)
        for word in words_of(text)
    }
    ways = [*resolve(reading, said, ENGLISH, KNOWING), expanded(reading, said, ENGLISH)]
    for way in ways:
        assert {word.folded for word in words_of(way)} <= spoken | {"in", "and", "s"}
