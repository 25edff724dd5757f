"""Text to index terms, by language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import ENGLISH_STOP_WORDS, Analyser, fold, word_matches


def terms(language: str, text: str) -> list[str]:
    """Return the terms of a text in a language."""
    return Analyser.for_language(language).terms(text)


def asked(language: str, text: str) -> list[str]:
    """Return the terms of a question in a language."""
    return Analyser.for_language(language).query_terms(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("😀 !! — …", []),
        ("The soldiers were running.", ["soldier", "run"]),
        ("RUNNING Run runs", ["run", "run", "run"]),
        ("It is 4,500 or 3.5", ["4", "500", "3", "5"]),
        ("over-long state-of-the-art", ["long", "state", "art"]),
    ],
)
def test_english_is_lowered_stemmed_and_without_stop_words(text: str, expected: list[str]) -> None:
    """Terms stand in order and are repeated as in the text."""
    assert terms("en", text) == expected


@pytest.mark.parametrize("text", ["Syria's", "SYRIA'S", "Syria’s", "Syria"])
def test_the_english_possessive_is_dropped(text: str) -> None:
    """With a typewriter's apostrophe or a printer's."""
    assert terms("en", text) == ["syria"]


def test_apostrophes_within_a_word_stay() -> None:
    """Only the possessive goes; both kinds of apostrophe are one."""
    assert fold("O’Neill") == fold("O'Neill") == "o'neill"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Résumé", "resume"),
        ("naïve", "naive"),
        ("ÅNGSTRÖM", "angstrom"),
        ("Straße", "strasse"),
        ("ﬁnal", "final"),
        ("ＡＢＣ１２", "abc12"),
        ("Élan’s", "elan"),
        ("أسد", "اسد"),
    ],
)
def test_case_accents_and_widths_are_folded(word: str, expected: str) -> None:
    """Compatible characters become their plain ones."""
    assert fold(word) == expected


def test_precomposed_and_decomposed_text_have_the_same_terms() -> None:
    """An accent is an accent, in the letter or after it."""
    assert terms("en", "re\u0301sume\u0301") == terms("en", "r\u00e9sum\u00e9") == ["resum"]


def test_german_is_stemmed_as_german() -> None:
    """The stop words are German too; an umlaut falls with its stem."""
    assert terms("de", "Die Häuser der Soldaten") == ["haus", "soldat"]
    assert terms("de", "das Haus des Soldaten") == ["haus", "soldat"]


def test_arabic_is_stemmed_as_arabic() -> None:
    """The article goes with the stem, so that a word is found with it and without."""
    assert terms("ar", "الضابط في الجيش") == ["ضابط", "جيش"]
    assert terms("ar", "ضابط جيش") == ["ضابط", "جيش"]


def test_arabic_vowel_marks_make_no_difference() -> None:
    """Vocalised text is found by the plain spelling that people type."""
    assert terms("ar", "مُحَمَّد") == terms("ar", "محمد")


def test_hindi_words_stay_whole() -> None:
    """Vowel signs are part of a word; it is two words here, not five consonants."""
    assert len(terms("und", "हिन्दी लिखा")) == 2


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "北京大学", ["北京", "京大", "大学"]),
        ("zh", "北京，大学。", ["北京", "大学"]),
        ("ja", "東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("ja", "ひと", ["ひと"]),
        ("th", "ประเทศไทย", ["ปร", "ระ", "ะเ", "เท", "ทศ", "ศไ", "ไท", "ทย"]),
        ("zh", "水", ["水"]),
    ],
)
def test_writing_without_spaces_becomes_pairs_of_characters(
    language: str, text: str, expected: list[str]
) -> None:
    """Pairs overlap within a run; marks end a run; a character alone is a term."""
    assert terms(language, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北京2008年奥运", ["北京", "2008", "年奥", "奥运"]),
        ("在ABC公司", ["abc", "公司"]),
    ],
)
def test_numbers_and_latin_words_among_chinese_are_terms_of_their_own(
    text: str, expected: list[str]
) -> None:
    """A date or a name doesn't make one long word of the characters around it."""
    found = terms("zh", text)
    assert [term for term in found if term in expected] == expected
    assert max(map(len, found)) <= 4


def test_thai_tone_and_vowel_marks_dont_part_a_word() -> None:
    """A question's word is found within the running text that holds it."""
    word = set(terms("th", "ที่นี่"))
    assert all(len(term) == 2 for term in word)
    assert word <= set(terms("th", "เขาอยู่ที่นี่วันนี้"))


def test_chinese_within_an_english_text_is_paired_too() -> None:
    """The script tells, not the language of the document."""
    assert terms("en", "The city of 北京大学") == ["citi", "北京", "京大", "大学"]


@pytest.mark.parametrize("language", ["und", "xx", "", "tlh"])
def test_words_of_an_unknown_language_are_only_folded(language: str) -> None:
    """No stemmer and no stop words, and no error."""
    assert terms(language, "The Élan runs") == ["the", "elan", "runs"]


def test_a_language_with_stop_words_and_no_stemmer_is_folded_and_thinned() -> None:
    """Ukrainian has no Snowball stemmer here; its stop words are known."""
    assert terms("uk", "він був Київ") == ["киів"]


def test_a_question_has_each_term_once() -> None:
    """In the order of their first places."""
    assert asked("en", "Runs the dog or the cat? The DOG runs!") == ["run", "dog", "cat"]


def test_a_question_of_stop_words_alone_keeps_them() -> None:
    """Something is better than nothing to search for."""
    assert asked("en", "Who is he?") == ["who", "is", "he"]
    assert terms("en", "Who is he?") == []


def test_a_question_with_one_other_word_loses_its_stop_words() -> None:
    """The usual case."""
    assert asked("en", "Who is Harmoush?") == ["harmoush"]


@pytest.mark.parametrize("language", ["en", "de", "ar", "zh", "und"])
def test_a_question_without_a_word_has_no_terms(language: str) -> None:
    """Emoji, marks and space are no words."""
    assert asked(language, "😀?! … ") == []


def test_every_english_stop_word_is_written_as_it_is_looked_up() -> None:
    """A word that folding changes would never be found in the list."""
    assert {word for word in ENGLISH_STOP_WORDS if fold(word) != word} == set()


def test_english_contractions_are_stop_words() -> None:
    """They are made of nothing but stop words."""
    assert terms("en", "They didn't, I'm, we've, you’re, isn't, won't") == []


def test_words_stand_where_they_say() -> None:
    """Matches carry offsets into the text."""
    assert [match.span() for match in word_matches("It's 😀 a dog’s life")] == [
        (0, 4),
        (7, 8),
        (9, 14),
        (15, 19),
    ]


def test_an_analyser_is_made_once() -> None:
    """Loading stop words costs time."""
    assert Analyser.for_language("en") is Analyser.for_language("en")


@pytest.mark.parametrize("text", ["ﷺ", "ͺ", "ﷺ ﷻ"])
def test_a_term_never_holds_white_space(text: str) -> None:
    """The search engine parts terms at white space, so such a term could never be found."""
    assert [term for term in terms("ar", text) if term.split() != [term]] == []


@given(text=st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """Possessives aside, which go one at a time."""
    for match in word_matches(text):
        once = fold(match.group())
        if not once.endswith("'s"):
            assert fold(once) == once


@given(text=st.text(), language=st.sampled_from(["en", "de", "ar", "zh", "ja", "th", "und"]))
def test_the_same_words_in_upper_case_are_the_same_question(text: str, language: str) -> None:
    """For text whose upper case comes back as itself."""
    if text.upper().lower() == text:
        assert asked(language, text.upper()) == asked(language, text)
