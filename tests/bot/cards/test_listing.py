"""The list of documents: every page of it is taken, whatever they are called."""

from typing import cast

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cards.listing import closest_sources, sources_page
from bot.cards.reading import PER_PAGE
from bot.texts import texts_for
from index.library import Library
from index.types import Document, Source
from tests.bot.carding import languages, sources, taken
from tests.bot.samples import ScriptedLibrary

LONGEST = Source(
    title="&" * 500,
    path="seeds/a.txt",
    published="2011-08-03T" + "0" * 5000,
    url="https://example.com/?" + "&" * 1900,
)


def library_of(listed: list[Source]) -> Library:
    """Return a library of documents with these sources."""
    documents = [
        Document(id=f"{number:032x}", source=source, text="", content_hash="0" * 64)
        for number, source in enumerate(listed)
    ]
    return cast("Library", ScriptedLibrary([], documents))


@given(listed=st.lists(sources, max_size=25), language=languages, number=st.integers(0, 10**9 - 1))
@example(listed=[LONGEST] * 11, language="ar", number=0)
@settings(max_examples=40)
def test_any_documents_make_a_page_that_telegram_takes(
    listed: list[Source], language: str, number: int
) -> None:
    """Each has its line and its button, or is on another page."""
    library, texts = library_of(listed), texts_for(language)
    for at in (*range(0, len(listed), PER_PAGE), number):
        shown = taken(*sources_page(library, at, texts))
        numbers = [label for row in shown.labels for label in row if label.isdecimal()]
        first = min(at // PER_PAGE, max(0, len(listed) - 1) // PER_PAGE) * PER_PAGE
        assert numbers == [str(each) for each in range(first + 1, len(listed) + 1)][:PER_PAGE]
        assert [line.partition(".")[0] for line in shown.text.split("\n")[1:][: len(numbers)]] == (
            numbers
        )


@given(
    listed=st.lists(sources, max_size=12),
    said=st.text(max_size=100),
    language=languages,
)
@settings(max_examples=25)
def test_any_documents_to_choose_from_make_a_message_that_telegram_takes(
    listed: list[Source], said: str, language: str
) -> None:
    """Whatever they were looked for by."""
    library = library_of(listed)
    texts = texts_for(language)
    said = texts("title-unknown", words=said)
    shown = taken(*closest_sources(said, library, library.documents, texts))
    assert sum(map(len, shown.labels)) == min(len(listed), PER_PAGE)
