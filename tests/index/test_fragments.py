"""Text fragments: percent-encoding and syntax as the specification says."""

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from index.fragments import text_fragment_url
from index.types import Span

URL = "https://courier.example/ferry"
SENTENCE = "The crossing takes twenty-six minutes, dogs & pianos included."


def _link(text: str, part: str | None = None, url: str = URL) -> str:
    start = text.index(part) if part is not None else 0
    return text_fragment_url(
        url, text, Span(start, start + len(part if part is not None else text))
    )


def test_syntax_within_the_words_is_encoded() -> None:
    """Dashes, commas and ampersands would end or part the directive."""
    assert _link(SENTENCE) == (
        f"{URL}#:~:text=The%20crossing%20takes%20twenty%2Dsix%20minutes%2C%20dogs%20%26%20pianos"
        "%20included."
    )


def test_letters_of_all_scripts_are_encoded_as_utf_8() -> None:
    """As RFC 3986 has it."""
    assert _link("Zoë misst die Höhe.") == f"{URL}#:~:text=Zo%C3%AB%20misst%20die%20H%C3%B6he."


def test_a_fragment_of_the_address_is_kept() -> None:
    """Where the browser doesn't find the words it goes there."""
    assert _link("Take the second boat.", url=f"{URL}#fares") == (
        f"{URL}#fares:~:text=Take%20the%20second%20boat."
    )


def test_a_directive_of_the_address_is_replaced() -> None:
    """A link that was copied with one leads elsewhere."""
    assert _link("Take the second boat.", url=f"{URL}#:~:text=pier") == (
        f"{URL}#:~:text=Take%20the%20second%20boat."
    )


def test_a_long_sentence_is_a_range() -> None:
    """From its first words to its last."""
    words = [f"w{number}" for number in range(60)]
    assert _link(" ".join(words)) == (
        f"{URL}#:~:text=w0%20w1%20w2%20w3%20w4%20w5,w54%20w55%20w56%20w57%20w58%20w59"
    )


def test_few_words_are_told_apart_by_their_neighbours() -> None:
    """`prefix-,textStart,-suffix`."""
    assert _link("The boat takes 26 minutes to Gull Point.", "26 minutes") == (
        f"{URL}#:~:text=The%20boat%20takes-,26%20minutes,-to%20Gull%20Point."
    )


def test_lines_of_a_list_are_a_range_without_our_marks() -> None:
    """An exact match may not span blocks of the page, and the page has its own bullets."""
    assert _link("- Saturday: from eight\n- Sunday: no service") == (
        f"{URL}#:~:text=Saturday%3A%20from%20eight,Sunday%3A%20no%20service"
    )


def test_cells_of_a_row_are_a_range() -> None:
    """What stands between them here doesn't there."""
    assert _link("Gull Point | Weir Bridge | 41") == f"{URL}#:~:text=Gull%20Point,41"


def test_text_without_spaces_is_a_range_of_characters() -> None:
    """Chinese and the like have no words to count."""
    text = "潮" * 100 + "汐" * 100
    assert unquote(_link(text)) == f"{URL}#:~:text={'潮' * 30},{'汐' * 30}"


def test_a_blank_span_leaves_the_address_as_it_is() -> None:
    """There is nothing to lead to."""
    assert text_fragment_url(f"{URL}#fares", "a  b", Span(1, 3)) == f"{URL}#fares"


@given(st.text(min_size=1), st.data())
def test_every_link_is_one_ascii_word_with_four_parts_at_most(
    text: str, data: st.DataObject
) -> None:
    """Whatever the text, nothing of it can be taken for syntax."""
    start = data.draw(st.integers(0, len(text)))
    link = text_fragment_url(URL, text, Span(start, data.draw(st.integers(start, len(text)))))
    assert link.isascii()
    assert link.startswith(URL)
    directive = link.removeprefix(URL).removeprefix("#:~:text=")
    assert not set(directive) & set(' &#"<>\n')
    assert directive.count(",") <= 2
    assert directive.count("-") <= 2
