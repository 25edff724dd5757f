"""Names and noun phrases, told by small words and capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.mentions import names_of, noun_phrases, text_of, words_of
from tests.index.talk import ENGLISH, is_name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Who was Teodor Maas?", ["Teodor Maas"]),
        ("who was teodor maas", ["teodor maas"]),
        ("Maas's wife left Brack", ["Maas", "Brack"]),
        ("Tell me about Runa Brekke of Hallvar Ropeworks", ["Runa Brekke of Hallvar Ropeworks"]),
        ("How wide is The Morning Boat?", ["The Morning Boat"]),
        ("Did it open on Monday in May?", []),
        ("Was Ann-Marie in Bad Aussee, Graz?", ["Ann-Marie", "Bad Aussee", "Graz"]),
        ("why", []),
    ],
)
def test_names_are_runs_of_capitals_or_of_known_words(text: str, names: list[str]) -> None:
    """The first word counts only if it is known, and days and months never do."""
    assert [text_of(text, run) for run in names_of(text, ENGLISH, is_name)] == names


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("How long is the Tessel viaduct?", ["the Tessel viaduct"]),
        ("When did the Kesten dam break?", ["the Kesten dam"]),
        ("When was the rope walk built?", ["the rope walk"]),
        ("How high is the spire of the church in Brack?", ["the spire of the church in Brack"]),
        ("Who was Maas's wife?", ["Maas's wife"]),
        ("Has it ever had a fire?", ["a fire"]),
        ("the", []),
    ],
)
def test_noun_phrases_begin_at_a_definite_word(text: str, phrases: list[str]) -> None:
    """The verb at a question's end is none of theirs; what a preposition ties on is."""
    assert [text_of(text, run) for run in noun_phrases(text, ENGLISH, is_name)] == phrases


@given(st.text(alphabet=st.sampled_from("Aa theofin'’s-,.?é ")))
def test_whatever_is_found_stands_in_the_text(text: str) -> None:
    """Names and phrases are runs of the text's own words, in order."""
    words = words_of(text)
    for find in (names_of, noun_phrases):
        for run in find(text, ENGLISH, is_name):
            at = words.index(run[0])
            assert words[at : at + len(run)] == run
