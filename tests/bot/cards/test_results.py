"""Results of inline mode: listed within the limits, and posted verbatim."""

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.cards.results import article
from bot.cards.windows import utf16_units
from bot.texts import texts_for
from index.types import Hit, Source, Span
from tests.bot.carding import ME, hits, holds, languages, taken
from tests.bot.samples import make_hit
from tests.botapi.checking import typed_arguments
from tests.botapi.inline import check_results

NAMELESS = make_hit(source=Source(title=" ", path="seeds/ .txt"))
LONGEST = make_hit(
    "&" * 9000,
    Span(10, 5000),
    source=Source(title="&" * 500, path="seeds/a.txt", url="https://example.com/?" + "&" * 1900),
)


def checked(result: dict[str, Any]) -> dict[str, Any]:
    """Return a result, and hold that Telegram would list it."""
    given = {"inline_query_id": "1", "results": json.dumps([result])}
    check_results(typed_arguments("answerInlineQuery", given)["results"])
    return result


@given(hit=hits(), is_document=st.booleans(), language=languages)
@example(hit=NAMELESS, is_document=True, language="en")
@example(hit=LONGEST, is_document=False, language="ar")
@settings(max_examples=50)
def test_any_passage_makes_a_result_that_telegram_takes(
    *, hit: Hit, is_document: bool, language: str
) -> None:
    """Its title and description are short; what is posted quotes it, whole where that is short."""
    result = checked(article(hit, texts_for(language), me=ME, is_document=is_document))
    assert utf16_units(result["title"]) <= 100
    assert utf16_units(result["description"]) <= 200
    posted = result["input_message_content"]
    assert posted["parse_mode"] == "HTML"
    html = Markup(posted["message_text"])  # noqa: S704 -- as it is posted
    [quote] = taken(html).quotes
    assert holds(quote, hit.passage.text)
    if utf16_units(hit.passage.text) <= 1400:
        assert quote == hit.passage.text
