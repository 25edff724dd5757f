"""Answers as Telegram messages: exact, verbatim, and within every limit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import rendering
from bot.cards.rendering import utf16_units
from bot.texts import ENGLISH
from index.types import Answer, Document, Hit, Source, Span, Verdict
from tests.bot.samples import TEXT, make_answer, make_document, make_hit
from tests.botapi.entities import Entity, utf16_length, utf16_slice
from tests.botapi.markup import parse_html
from tests.botapi.text import formatted_text

WINDOW_CHARS = 1400
"""Up to this length a passage is quoted whole."""

any_text = st.text(min_size=1, max_size=300)
long_text = st.builds(
    lambda part, count: part * count,
    st.text(min_size=3, max_size=40),
    st.integers(min_value=40, max_value=600),
)
optional_text = st.none() | st.text(max_size=300)
addresses = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Z"], exclude_characters='<>"'), max_size=300
).map("https://example.org/{}".format)


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    """Draw a hit of any text, highlight and source."""
    text = draw(any_text | long_text)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    source = Source(
        title=draw(st.text(min_size=1, max_size=500)),
        path="seeds/a.txt",
        publisher=draw(optional_text),
        published=draw(optional_text),
        url=draw(st.none() | addresses),
    )
    return make_hit(text, Span(start, end), source=source, heading=draw(optional_text))


def answer_card(answer: Answer) -> str:
    """Return a card in English."""
    return str(rendering.answer_card(answer, ENGLISH))


def sources_messages(documents: list[tuple[Document, int]]) -> list[str]:
    """Return the list of documents in English."""
    return [str(message) for message in rendering.sources_messages(documents, ENGLISH)]


def parts(card: str, kind: str) -> list[tuple[Entity, str]]:
    """Return the marked parts of a card before Telegram cleans it, with their text."""
    text, entities = parse_html(card)
    return [
        (each, utf16_slice(text, each.offset, each.length))
        for each in entities
        if each.type == kind
    ]


def quoted(card: str) -> str:
    """Return the only quote of a card, the marks of what was left out taken off."""
    [(_, quote)] = parts(card, "blockquote")
    return quote.removeprefix("[…] ").removesuffix(" […]")


def test_an_answer_is_a_quote_over_its_source() -> None:
    """The passage stands in a blockquote, its best sentence bold, its place under it."""
    assert answer_card(make_answer(make_hit())) == (
        "<blockquote>It was late. "
        "<b>The gate &lt;A&gt; stood open.</b> Nobody came.</blockquote>\n"
        "— <i>The Gate</i>\n"
        "¶ 2 of 5"
    )


def test_a_known_source_is_named_and_linked() -> None:
    """All that is known stands under the quote, and an address is behind the title."""
    source = Source(
        title='The "Gate" & more',
        path="seeds/gate.txt",
        publisher="Paper & Co",
        published="2011",
        url="https://example.com/?a=1&b='2'",
    )
    assert answer_card(make_answer(make_hit("Yes.", Span(0, 4), source=source))) == (
        "<blockquote><b>Yes.</b></blockquote>\n"
        '— <i><a href="https://example.com/?a=1&amp;b=&#39;2&#39;#:~:text=Yes.">'
        "The &#34;Gate&#34; &amp; more</a></i>\n"
        "Paper &amp; Co · 2011 · ¶ 2 of 5"
    )


def test_several_hits_stand_apart() -> None:
    """A blank line parts one quote from the next."""
    card = answer_card(
        make_answer(make_hit("One.", Span(0, 4)), make_hit("Two.", Span(0, 4), rank=2))
    )
    assert card == (
        "<blockquote><b>One.</b></blockquote>\n— <i>The Gate</i>\n¶ 2 of 5\n\n"
        "<blockquote><b>Two.</b></blockquote>\n— <i>The Gate</i>\n¶ 2 of 5"
    )


def test_an_unsure_answer_says_so_above_one_quote() -> None:
    """The doubt comes first, then the closest passage alone."""
    hit = make_hit("One.", Span(0, 4))
    assert answer_card(make_answer(hit, hit, verdict=Verdict.UNSURE)) == (
        "I'm not sure the documents answer this. The closest passage:\n\n"
        "<blockquote><b>One.</b></blockquote>\n— <i>The Gate</i>\n¶ 2 of 5"
    )


def test_a_refusal_names_the_closest_titles() -> None:
    """Without an answer, the titles are listed and nothing is quoted."""
    source = Source(title="A < B", path="seeds/a.txt", url="https://example.com")
    answer = make_answer(make_hit(), make_hit(source=source), verdict=Verdict.NO_ANSWER)
    assert answer_card(answer) == (
        "Not in these documents. The closest are:\n• The Gate\n• A &lt; B"
    )


def test_a_refusal_without_any_hit_stands_alone() -> None:
    """With nothing close, only the refusal is said."""
    card = answer_card(make_answer(verdict=Verdict.NO_ANSWER))
    assert card == ENGLISH("not-in-documents") == "Not in these documents."


def test_a_long_passage_is_quoted_around_its_highlight() -> None:
    """Whole words around the best sentence are shown, and the rest is marked as left out."""
    sentence = "The gate stood open."
    text = " ".join(["before"] * 300 + [sentence] + ["behind"] * 300)
    start = text.index(sentence)
    card = answer_card(make_answer(make_hit(text, Span(start, start + len(sentence)))))
    [(_, quote)] = parts(card, "blockquote")
    assert quote.startswith("[…] before before ")
    assert quote.endswith(" behind behind […]")
    assert quoted(card) in text
    assert WINDOW_CHARS - 20 < len(quoted(card)) <= WINDOW_CHARS
    assert [marked for _, marked in parts(card, "bold")] == [sentence]


def test_the_beginning_and_the_end_are_marked_only_where_they_are_missing() -> None:
    """A window that touches an end of the passage has no mark there."""
    text = " ".join(["word"] * 600)
    first = answer_card(make_answer(make_hit(text, Span(0, 4))))
    last = answer_card(make_answer(make_hit(text, Span(len(text) - 4, len(text)))))
    assert parts(first, "blockquote")[0][1].startswith("word ")
    assert parts(first, "blockquote")[0][1].endswith(" word […]")
    assert parts(last, "blockquote")[0][1].startswith("[…] word ")
    assert parts(last, "blockquote")[0][1].endswith(" word")


@pytest.mark.parametrize("before", [0, 100, 1000, 3000])
def test_a_highlight_survives_where_words_are_not_parted_by_spaces(before: int) -> None:
    """In a text almost without spaces, the best sentence is shown and bold all the same."""
    sentence = "门是开着的。"
    text = "夜里 " + "很" * before + sentence + "晚" * 3000
    start = text.index(sentence)
    card = answer_card(make_answer(make_hit(text, Span(start, start + len(sentence)))))
    assert [marked for _, marked in parts(card, "bold")] == [sentence]
    assert quoted(card) in text


def test_a_space_inside_the_highlight_does_not_cut_it() -> None:
    """The window ends behind the best sentence, never within it."""
    sentence = "门是 开着的。"
    text = sentence + "晚" * 2000
    card = answer_card(make_answer(make_hit(text, Span(0, len(sentence)))))
    assert [marked for _, marked in parts(card, "bold")] == [sentence]


def test_a_highlight_longer_than_the_window_is_cut() -> None:
    """Of an over-long best sentence the beginning is shown, bold throughout."""
    text = "word " * 600
    card = answer_card(make_answer(make_hit(text, Span(0, len(text)))))
    [(_, bold)] = parts(card, "bold")
    assert text.startswith(bold)
    assert quoted(card) == bold
    assert WINDOW_CHARS - 5 <= len(bold) <= WINDOW_CHARS


@given(hit=hits(), verdict=st.sampled_from([Verdict.ANSWERED, Verdict.UNSURE]))
@settings(deadline=None)
def test_any_passage_makes_a_card_that_telegram_takes(hit: Hit, verdict: Verdict) -> None:
    """Whatever passage, highlight, title and address: accepted, in limits, verbatim, bold."""
    card = answer_card(make_answer(hit, verdict=verdict))
    formatted_text(card, parse_mode="HTML")
    text, highlight = hit.passage.text, hit.highlight
    assert utf16_length(parse_html(card)[0]) <= 4096
    [(quote_at, quote)] = parts(card, "blockquote")
    [(bold_at, bold), *_] = parts(card, "bold")
    assert quote_at.offset <= bold_at.offset
    assert bold_at.end <= quote_at.end
    if len(text) <= WINDOW_CHARS:
        assert quote == text
    assert quote == text or quoted(card) in text
    if highlight.end - highlight.start <= WINDOW_CHARS:
        assert bold == text[slice(*highlight)]
    else:
        assert text[slice(*highlight)].startswith(bold)


@given(drawn=st.lists(hits(), min_size=1, max_size=10))
@settings(deadline=None, max_examples=50)
def test_any_number_of_hits_fits_one_message(drawn: list[Hit]) -> None:
    """However many hits there are, as many quotes as fit are sent, best first."""
    card = answer_card(make_answer(*drawn))
    formatted_text(card, parse_mode="HTML")
    assert utf16_length(parse_html(card)[0]) <= 4096
    assert 1 <= len(parts(card, "blockquote")) <= len(drawn)


def test_long_addresses_leave_the_markup_within_its_limit() -> None:
    """Telegram refuses over 32,768 bytes of markup, and addresses count there."""
    url = "https://example.com/?" + "&".join(["a=1"] * 490)
    source = Source(title="T", path="seeds/t.txt", url=url)
    ten = [make_hit("Yes.", Span(0, 4), source=source, rank=rank) for rank in range(1, 11)]
    assert parts(answer_card(make_answer(*ten)), "blockquote")
    formatted_text(answer_card(make_answer(*ten)), parse_mode="HTML")


def test_a_card_shows_as_many_hits_as_fit() -> None:
    """Of ten passages of 1,100 characters, the first three fit one message."""
    ten = [make_hit("x" * 1100, Span(0, 5), rank=rank) for rank in range(1, 11)]
    assert len(parts(answer_card(make_answer(*ten)), "blockquote")) == 3


@given(title=st.text(min_size=1, max_size=600))
def test_any_title_can_be_refused_with(title: str) -> None:
    """A refusal names any title in one message."""
    source = Source(title=title, path="seeds/t.txt")
    answer = make_answer(*[make_hit(source=source)] * 3, verdict=Verdict.NO_ANSWER)
    formatted_text(answer_card(answer), parse_mode="HTML")


def test_a_list_of_documents_is_exactly_this() -> None:
    """Each document has a line of its own, its address behind its title."""
    documents = [
        (make_document(title="A < B"), 1),
        (make_document(2, title="C", url="https://example.com/?a&b"), 14),
    ]
    [message] = sources_messages(documents)
    assert message == (
        "<b>I answer from 2 documents:</b>\n"
        "1. A &lt; B – 1 passage\n"
        '2. <a href="https://example.com/?a&amp;b">C</a> – 14 passages'
    )


def test_500_documents_are_listed_within_limits() -> None:
    """Every document is listed once and in order, in messages that Telegram takes."""
    documents = [(make_document(n, title=f"Document {n} & more"), n) for n in range(1, 501)]
    messages = sources_messages(documents)
    shown = [formatted_text(each, parse_mode="HTML").text for each in messages]
    assert max(map(utf16_length, shown)) <= 4096
    lines = "\n".join(shown).split("\n")
    assert lines[:2] == [
        "I answer from 500 documents:",
        "1. Document 1 & more – 1 passage",
    ]
    assert lines[2:] == [f"{n}. Document {n} & more – {n} passages" for n in range(2, 501)]
    assert len(messages) == 5  # of 19,022 characters


def test_500_linked_documents_are_listed_within_limits() -> None:
    """Addresses count towards Telegram's limit on markup, and every message stays within it."""
    url = "https://example.com/" + "a" * 200
    documents = [(make_document(n, title=f"D{n}", url=url), 1) for n in range(1, 501)]
    lines = [
        line
        for message in sources_messages(documents)
        for line in formatted_text(message, parse_mode="HTML").text.split("\n")
    ]
    assert lines[1:] == [f"{n}. D{n} – 1 passage" for n in range(1, 501)]


@given(st.text())
def test_units_are_those_of_telegram(text: str) -> None:
    """A length is counted in UTF-16 units, as the server counts it."""
    assert utf16_units(text) == utf16_length(text)


def test_the_sample_says_what_it_marks() -> None:
    """The highlight of the made-up passage is its second sentence."""
    assert TEXT[slice(*make_hit().highlight)] == "The gate <A> stood open."
