"""What is said of where a quote stands."""

from markupsafe import Markup

from bot.citations import also_in, link_to, source_line
from bot.texts import ENGLISH, texts_for
from index.types import Source, Span
from tests.bot.samples import make_hit


def test_a_source_line_says_all_that_is_known() -> None:
    """Publisher, authors, date, heading, page and paragraph stand in this order."""
    source = Source(
        title="The Gate",
        path="seeds/gate.txt",
        publisher="The Paper",
        authors=("A. Person", "B. Person"),
        published="2011-06",
        url="https://example.com/gate",
        language="en",
        licence="MIT",
    )
    hit = make_hit(source=source, page=4, heading="Night", number=5, of=14)
    assert source_line(hit, ENGLISH) == (
        "The Paper · A. Person, B. Person · 2011-06 · Night · p. 4 · ¶ 5 of 14"
    )


def test_a_source_line_invents_nothing() -> None:
    """With nothing known, only the paragraph is said."""
    assert source_line(make_hit(number=1, of=1), ENGLISH) == "¶ 1 of 1"


def test_authors_stand_in_for_a_publisher() -> None:
    """Where no publisher is known, the authors are named."""
    source = Source(title="T", path="seeds/t.txt", authors=("A. Person", "B. Person"))
    hit = make_hit(source=source, number=2, of=5)
    assert source_line(hit, ENGLISH) == "A. Person, B. Person · ¶ 2 of 5"


def test_page_zero_is_a_page() -> None:
    """A page is left out only when it is not known."""
    assert source_line(make_hit(page=0), ENGLISH) == "p. 0 · ¶ 2 of 5"


def test_numbers_keep_their_direction_in_arabic() -> None:
    """Each value stands between marks that isolate it (U+2068, U+2069)."""
    said = source_line(make_hit(page=4), texts_for("ar"))
    assert said == "ص \u20684\u2069 · ¶ \u20682\u2069 من \u20685\u2069"


def test_a_link_opens_the_sentence() -> None:
    """An address leads to the highlight; without one there is none."""
    source = Source(title="T", path="seeds/t.txt", url="https://example.com/t")
    hit = make_hit("One. Two is a sentence.", Span(5, 23), source=source)
    assert link_to(hit) == "https://example.com/t#:~:text=Two%20is%20a%20sentence."
    assert link_to(make_hit()) is None


def test_another_carrier_is_named_with_its_place() -> None:
    """In HTML the title may be a link; in the terminal it is plain."""
    assert also_in("The <Gate>", make_hit(), ENGLISH) == "also in: The <Gate> · ¶ 2 of 5"
    linked = also_in(Markup("<i>G</i>"), make_hit(), ENGLISH)
    assert linked == Markup("also in: <i>G</i> · ¶ 2 of 5")
