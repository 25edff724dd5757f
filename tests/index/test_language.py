"""Which language a text is in."""

import pytest

from index.language import detect_language, primary, settle

ENGLISH = (
    "The officer said that he left the army because he had been ordered to fire on people "
    "in the town, and that many of his men went with him."
)
GERMAN = (
    "Der Offizier sagte, dass er die Armee verlassen habe, weil er auf die Menschen in der "
    "Stadt schießen sollte, und dass viele seiner Männer mit ihm gingen."
)
ARABIC = (
    "قال الضابط إنه ترك الجيش لأنه تلقى أمرا بإطلاق النار على الناس في المدينة وإن كثيرا من "
    "رجاله ذهبوا معه إلى الحدود"
)
CHINESE = (
    "这名军官说，他离开军队是因为上级命令他向城里的人开枪，他的许多士兵也跟着他一起离开了。"
    "他们走了三天三夜，最后到达了边境，当地的居民给了他们食物和水，并且帮助他们继续前进，直到第二天早上。"
)
JAPANESE = (
    "その将校は、町の人々に発砲するよう命じられたために軍を離れたと語り、多くの部下が彼と共に"
    "去ったと述べた。彼らは三日三晩歩き続け、ようやく国境にたどり着いた。住民が水をくれた。"
)
THAI = (
    "นายทหารคนนั้นกล่าวว่าเขาออกจากกองทัพเพราะได้รับคำสั่งให้ยิงประชาชนในเมือง "
    "และทหารจำนวนมากก็ออกไปกับเขาด้วย พวกเขาเดินเท้าสามวันสามคืนจนถึงชายแดน"
)


def languages_of(texts: list[str]) -> list[str]:
    """Return what a corpus of these texts is taken to be in."""
    return settle([detect_language(text) for text in texts])


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN-us", "en"),
        ("zh-Hant-TW", "zh"),
        ("zh-cn", "zh"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("arz", "ar"),
        ("und", "und"),
    ],
)
def test_the_primary_language_of_a_tag(tag: str, expected: str) -> None:
    """Region and script don't matter; near relations share one set of rules."""
    assert primary(tag) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (ARABIC, "ar"),
        (CHINESE, "zh"),
        (JAPANESE, "ja"),
        (THAI, "th"),
    ],
)
def test_a_text_of_some_length_is_recognised(text: str, expected: str) -> None:
    """Two sentences are enough."""
    assert languages_of([text]) == [expected]


def test_each_text_has_its_own_language() -> None:
    """In the order of the texts."""
    assert languages_of([GERMAN, ENGLISH, ARABIC]) == ["de", "en", "ar"]


def test_a_short_text_is_taken_for_what_most_others_are() -> None:
    """Nobody can tell the language of two words."""
    assert languages_of(["Bonjour.", GERMAN, ENGLISH, GERMAN]) == ["de", "de", "en", "de"]


def test_of_equally_usual_languages_the_first_by_name_is_taken() -> None:
    """The same texts in another order get the same language."""
    assert languages_of([ENGLISH, GERMAN, "So."]) == ["en", "de", "de"]
    assert languages_of([GERMAN, "So.", ENGLISH]) == ["de", "de", "en"]


@pytest.mark.parametrize("text", ["", "Hello.", "1234567890 " * 50, "😀" * 200, "a" * 79])
def test_nothing_to_go_by_is_undetermined(text: str) -> None:
    """Digits and emoji are in no language; 79 letters are too few."""
    assert languages_of([text]) == ["und"]


def test_eighty_letters_are_enough() -> None:
    """The shortest text that is looked at."""
    letters = "theofficersaidthathe" * 4
    assert len(letters) == 80
    assert languages_of([letters]) != ["und"]


def test_only_the_beginning_of_a_long_text_is_looked_at() -> None:
    """Its first 1,000 characters."""
    assert languages_of([GERMAN.ljust(1000) + ENGLISH * 50]) == ["de"]


def test_no_texts_have_no_languages() -> None:
    """An empty corpus is no error here."""
    assert languages_of([]) == []
