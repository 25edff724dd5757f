"""A document read passage by passage: verbatim and whole, whatever stands in it."""

from typing import TYPE_CHECKING, cast

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cards.reading import READ_PRESS, Bookmark, reading
from bot.texts import texts_for
from index.types import Hit
from tests.bot.carding import ME, Shown, boundaries, hits, languages, taken
from tests.bot.samples import ScriptedLibrary, make_hit

if TYPE_CHECKING:
    from index.library import Library


@st.composite
def documents(draw: st.DrawFn) -> list[Hit]:
    """Draw a document, as its passages in order."""
    return [draw(hits(rank)) for rank in range(1, draw(st.integers(1, 3)) + 1)]


def opened(passages: list[Hit], at: Bookmark, language: str) -> Shown:
    """Return a document opened at a place."""
    library = cast("Library", ScriptedLibrary(passages))
    found = reading(library, at, texts_for(language), me=ME)
    assert found is not None
    return taken(*found)


def turned(shown: Shown, label: str) -> Bookmark | None:
    """Return where a button leads, None where there is no such button."""
    for button in (button for row in shown.rows for button in row if button["text"] == label):
        pressed = READ_PRESS.fullmatch(button["callback_data"])
        assert pressed is not None
        return Bookmark.from_press(pressed)
    return None


def check_whole(parts: list[str], text: str) -> None:
    """Hold that the parts are the text in order, but for white space between them."""
    end = 0
    cuts = boundaries(text)
    for part in parts:
        start = text.index(part, end)
        assert not text[end:start].strip()
        end = start + len(part)
        assert {start, end} <= cuts
    assert not text[end:].strip()


@given(passages=documents(), language=languages)
@example(passages=[make_hit("سلام <b> 👩‍👩‍👧‍👦 " * 5000)], language="ar")
@settings(max_examples=25)
def test_any_document_is_read_from_its_beginning_to_its_end(
    passages: list[Hit], language: str
) -> None:
    """Page after page is taken; together they are every passage, word for word."""
    places = [Bookmark(document_id="d1")]
    pages = [opened(passages, places[0], language)]
    while (place := turned(pages[-1], "▶")) is not None:
        places.append(place)
        pages.append(opened(passages, place, language))
    assert [turned(page, "◀") for page in pages] == [None, *places[:-1]]
    for number, hit in enumerate(passages):
        of_it = [page for at, page in zip(places, pages, strict=True) if at.index == number]
        assert all(page.links[-1].endswith(f"?start=p{hit.passage.id}") for page in of_it)
        check_whole([quote for page in of_it for quote in page.quotes], hit.passage.text)


@given(
    passages=documents(),
    index=st.integers(0, 9) | st.just(9_999_999),
    part=st.integers(0, 99) | st.just(9999),
    language=languages,
)
@settings(max_examples=25)
def test_any_place_of_any_document_can_be_opened(
    passages: list[Hit], index: int, part: int, language: str
) -> None:
    """The nearest one is, where the document does not go so far; its buttons lead on."""
    shown = opened(passages, Bookmark(document_id="d1", index=index, part=part), language)
    nearest = passages[min(index, len(passages) - 1)]
    assert all(quote in nearest.passage.text for quote in shown.quotes)
