"""What a question asks for, and what a sentence offers."""

import pytest

from index.asking import Asked, Offer, asked_for, offer_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did he leave?", {Asked.DATE}),
        ("in which year was it built", {Asked.DATE}),
        ("What time period was it?", {Asked.DATE}),
        ("How many soldiers defected?", {Asked.NUMBER}),
        ("HOW OLD is he?", {Asked.NUMBER}),
        ("What percentage of them left?", {Asked.NUMBER}),
        ("What is the population?", set()),
        ("what total population lives there", {Asked.NUMBER}),
        ("Who is Harmoush?", {Asked.NAME}),
        ("Where is it?", {Asked.NAME}),
        ("Which city fell?", {Asked.NAME}),
        ("which organisation said so", {Asked.NAME}),
        ("which organization said so", {Asked.NAME}),
        ("Why did they leave?", {Asked.REASON}),
        ("What caused the fire?", {Asked.REASON}),
        ("What is it called?", {Asked.TERM}),
        ("What is the name of the general?", {Asked.TERM}),
        ("When and why did who go?", {Asked.DATE, Asked.REASON, Asked.NAME}),
        ("Tell me about the siege", set()),
        ("whenever somewhere whoever", set()),
        ("Wann ging er?", set()),
        ("متى غادر؟", set()),
        ("", set()),
        ("😀", set()),
    ],
)
def test_the_kinds_of_things_a_question_asks_for(question: str, expected: set[Asked]) -> None:
    """Several at once, or none that can be told; case doesn't matter, words are whole."""
    assert asked_for(question) == expected


def test_a_sentence_offers_dates_numbers_names_reasons_and_terms() -> None:
    """All of it, counted by hand."""
    sentence = "On 4 June 2011 Hussein Harmoush, known as the Colonel, left because of two orders."
    assert offer_of(sentence, "What happened?") == Offer(
        dates=2,  # June, 2011
        numbers=3,  # 4, 2011, two
        names=4,  # June, Hussein, Harmoush, Colonel
        reasons=True,
        terms=True,
    )


def test_what_the_question_said_is_no_offer() -> None:
    """Case, accents and possessives aside."""
    assert offer_of(
        "Then Harmoush met René in JUNE 2011.", "Did rene see Harmoush's June 2011?"
    ) == (Offer(dates=0, numbers=0, names=0, reasons=False, terms=False))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It was in 1923.", 1),
        ("It was in the 1920s.", 1),
        ("It was in 923.", 0),
        ("It was in 2150.", 0),
        ("They came on Friday, in March.", 2),
        ("They came on May 5.", 1),
        ("They may come.", 0),
        ("It was in the last century, for two decades.", 2),
    ],
)
def test_dates(sentence: str, expected: int) -> None:
    """Years from 1000 to 2099, months, days of the week, centuries and decades."""
    assert offer_of(sentence, "When?").dates == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He had 4,500 men.", 2),
        ("He had twenty men and a dozen women.", 2),
        ("The 3rd of them.", 1),
        ("It was done once.", 1),
        ("There were ٣ men.", 1),
        ("He had none.", 0),
    ],
)
def test_numbers(sentence: str, expected: int) -> None:
    """Words with a digit, of any script, and words that are numbers."""
    assert offer_of(sentence, "How many?").numbers == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Harmoush left.", 0),
        ("He met Harmoush in Damascus.", 2),
        ("Yesterday I said that He left.", 0),
        ("They heard Élan sing.", 1),
        ("He met nobody.", 0),
        ("", 0),
    ],
)
def test_names(sentence: str, expected: int) -> None:
    """Capitals within the sentence, stop words apart; the first word has one anyway."""
    assert offer_of(sentence, "Who?").names == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He left because of it.", True),
        ("DUE TO the rain it ended.", True),
        ("It was to avoid harm.", True),
        ("It resulted in harm.", True),
        ("He becaused.", False),
        ("He left.", False),
    ],
)
def test_reasons(sentence: str, *, expected: bool) -> None:
    """The words that give one, whole and in any case."""
    assert offer_of(sentence, "Why?").reasons is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It is called a siege.", True),
        ("It is “the siege”.", True),
        ('It is "the siege".', True),
        ("It is referred to as a siege.", True),
        ("It is so-called.", True),
        ("He recalled it.", False),
        ("It's a siege.", False),
    ],
)
def test_terms(sentence: str, *, expected: bool) -> None:
    """Quotation marks, or the words that introduce a name; an apostrophe is neither."""
    assert offer_of(sentence, "What is it called?").terms is expected
