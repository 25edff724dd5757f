"""A claim that is checked: each sentence with the passage closest to it, verbatim."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cards.claims import claim_messages
from bot.cards.windows import cuts_of, utf16_units
from bot.questions.claims import MAX_SENTENCES, Checked
from bot.texts import texts_for
from index.types import Source, Span
from tests.bot.carding import ME, any_text, hits, holds, html_text, languages, taken
from tests.bot.samples import make_hit

QUOTE_UNITS = 500

checked_sentences = st.builds(
    Checked,
    sentence=any_text | html_text,
    hit=st.none() | hits(),
    is_sure=st.booleans(),
)
LONGEST = Checked(
    sentence="&" * 4096,
    hit=make_hit(
        "&" * 9000,
        Span(10, 5000),
        source=Source(
            title="&" * 500, path="seeds/a.txt", url="https://example.com/?" + "&" * 1900
        ),
    ),
)


@given(
    checked=st.lists(checked_sentences, min_size=1, max_size=MAX_SENTENCES),
    left_out=st.integers(0, 5),
    language=languages,
)
@example(checked=[LONGEST] * MAX_SENTENCES, left_out=1, language="ar")
@settings(max_examples=30)
def test_any_claim_makes_messages_that_telegram_takes(
    checked: list[Checked], left_out: int, language: str
) -> None:
    """Every sentence is there, in order, over a quote that holds what is closest to it."""
    texts = texts_for(language)
    sentences = len(checked) + left_out
    messages = [taken(each) for each in claim_messages(checked, texts, me=ME, sentences=sentences)]
    quotes = [quote for each in messages for quote in each.quotes]
    found = [each.hit for each in checked if each.hit is not None]
    for quote, hit in zip(quotes, found, strict=True):
        text = hit.passage.text
        assert holds(quote, text)
        best = cuts_of(text).around(hit.highlight)
        if utf16_units(text[slice(*best)]) <= QUOTE_UNITS:
            assert text[slice(*best)] in quote
    bold = iter([each for message in messages for each in message.bold])
    assert all(f"{number}." in bold for number in range(1, len(checked) + 1))
    assert texts("claim-note") in messages[-1].text
