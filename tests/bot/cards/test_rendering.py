"""Answers as Telegram messages: exact, verbatim, and within every limit, in every state."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cards.windows import utf16_units
from bot.handlers.pages import changed_by
from index.types import Hit, Source, Span, Verdict
from tests.bot.carding import Screen, card_for, hits, holds, languages, press, screen, unmarked
from tests.bot.samples import HIGHLIGHT, TEXT, make_answer, make_hit

MAX_LIMITS_CHARS = 160
"""Two UTF-16 units each: how long the line on what a question was limited to may be."""
WHOLE_UNITS = 1400
"""Up to this length a passage is quoted whole."""

PLACE = "\n— The Gate\n¶ 2 of 5"
THUMBS = ["👍", "👎"]


def shown(*hits: Hit, verdict: Verdict = Verdict.ANSWERED, **given: Any) -> Screen:
    """Return the first screen of an answer with these hits."""
    return screen(card_for(make_answer(*hits, verdict=verdict), **given), hits)


def many(count: int, **details: Any) -> list[Hit]:
    """Return hits on "One.", "Two." and so on, each a paragraph of the same document."""
    words = ["One.", "Two.", "Three.", "Four.", "Five."][:count]
    return [
        make_hit(word, Span(0, len(word)), rank=rank, number=rank, **details)
        for rank, word in enumerate(words, 1)
    ]


def test_an_answer_is_a_quote_over_its_source() -> None:
    """The passage stands in a blockquote, its best sentence bold, its place under it."""
    only = shown(make_hit())
    assert only.html == (
        "<blockquote>It was late. "
        "<b>The gate &lt;A&gt; stood open.</b> Nobody came.</blockquote>\n"
        "— <i>The Gate</i>\n"
        '<a href="https://t.me/verbatim_test_bot?start=pp1">¶ 2 of 5</a>'
    )
    assert only.labels == [["Source", *THUMBS]]
    assert [each.partition(":")[0] for each in only.presses] == ["doc", "up", "dn"]


def test_a_known_source_is_named_and_linked() -> None:
    """All that is known stands under the quote, and an address is behind title and button."""
    source = Source(
        title='The "Gate" & more',
        path="seeds/gate.txt",
        publisher="Paper & Co",
        authors=("A. Person",),
        published="2011",
        url="https://example.com/?a=1&b='2'",
    )
    only = shown(make_hit("Yes.", Span(0, 4), source=source, page=3, heading="Night"))
    assert only.html == (
        "<blockquote><b>Yes.</b></blockquote>\n"
        '— <i><a href="https://example.com/?a=1&amp;b=&#39;2&#39;#:~:text=Yes.">'
        "The &#34;Gate&#34; &amp; more</a></i>\n"
        "Paper &amp; Co · A. Person · 2011 · Night · p. 3 · "
        '<a href="https://t.me/verbatim_test_bot?start=pp1">¶ 2 of 5</a>'
    )
    assert only.rows[0][0] == {"text": "Source", "url": "https://example.com/?a=1&b='2'"}


def test_others_with_the_same_passage_are_named() -> None:
    """Three of them at most."""
    others = [
        make_hit(rank=rank, source=Source(title=f"Other {rank}", path=f"seeds/{rank}.txt"))
        for rank in range(2, 6)
    ]
    lines = shown(make_hit(also_in=tuple(others))).text.split("\n")
    assert lines[-3:] == [f"also in: Other {rank} · ¶ 2 of 5" for rank in (2, 3, 4)]


def test_hits_are_paged_through() -> None:
    """Previous and next lead to the neighbours; the middle button to where one is."""
    hits = many(3)
    first = shown(*hits)
    assert (first.quotes, first.labels[0]) == (["One."], ["1 of 3", "▶"])
    second = press(first, "▶", hits)
    assert (second.quotes, second.labels[0]) == (["Two."], ["◀", "2 of 3", "▶"])
    third = press(second, "▶", hits)
    assert (third.quotes, third.labels[0]) == (["Three."], ["◀", "3 of 3"])
    assert press(third, "◀", hits) == second
    assert press(second, "2 of 3", hits) == second


def test_hits_far_behind_are_not_paged_to() -> None:
    """What is a tenth as likely as the first is not worth a press."""
    hits = [make_hit(score=0.0), make_hit("No.", Span(0, 3), rank=2, score=-2.4)]
    assert shown(*hits).labels == [["Context"], ["Source", *THUMBS]]


def test_context_grows_by_a_paragraph_each_way() -> None:
    """The paragraphs around are quotes of their own, under their numbers, never bold."""
    hits = many(5)
    card = card_for(make_answer(hits[2]))
    first = screen(card, hits)
    assert first.labels[0] == ["Context"]
    more = press(first, "Context", hits)
    assert more.text.split("\n")[:6] == ["¶ 2", "Two.", "¶ 3", "Three.", "¶ 4", "Four."]
    assert (more.bold, more.labels[0]) == (["Three."], ["More context", "Less"])
    all_of_it = press(more, "More context", hits)
    assert all_of_it.quotes == ["One.", "Two.", "Three.", "Four.", "Five."]
    assert all_of_it.labels[0] == ["Less"]
    assert press(all_of_it, "Less", hits) == first


def test_parts_of_one_paragraph_stand_under_one_number() -> None:
    """An over-long paragraph is several passages, and its number is said once."""
    hits = [make_hit(word, Span(0, 0), rank=rank) for rank, word in enumerate(["A.", "B."], 1)]
    more = press(screen(card_for(make_answer(hits[0])), hits), "Context", hits)
    assert more.text.startswith("¶ 2\nA.\nB.\n— The Gate")


def test_context_ends_where_the_message_is_full() -> None:
    """Of the last paragraph that has room, the nearer part is shown, and no button is left."""
    hits = [
        make_hit(" ".join([f"word{rank}"] * 180), Span(0, 5), rank=rank, number=rank, of=9)
        for rank in range(1, 10)
    ]
    at = screen(card_for(make_answer(hits[4])), hits)
    at = press(at, "Context", hits)
    assert at.quotes == [each.passage.text for each in hits[3:6]]
    full = screen(changed_by(at.card, f"cx:{at.card.id}:0:2"), hits)
    assert full.labels[0] == ["Less"]
    assert full.quotes[0].startswith("[…] word3 word3")
    assert utf16_units(full.text) <= 4096


def test_an_unsure_answer_says_so() -> None:
    """The doubt comes first; every hit is called no more than close."""
    hits = many(2)
    first = shown(*hits, verdict=Verdict.UNSURE)
    doubt = "I'm not sure the documents answer this."
    assert first.text.startswith(f"{doubt} The closest passage:\n\nOne.\n— The Gate")
    second = press(first, "▶", hits)
    assert second.text.startswith(f"{doubt} Another close passage:\n\nTwo.\n— The Gate")


def test_a_refusal_has_titles_behind_a_button() -> None:
    """Nothing is quoted; each title is named once, with its address."""
    hits = [
        make_hit(),
        make_hit(rank=2),
        make_hit(
            rank=3, source=Source(title="A < B", path="seeds/a.txt", url="https://example.com")
        ),
    ]
    refusal = shown(*hits, verdict=Verdict.NO_ANSWER)
    assert (refusal.text, refusal.quotes) == ("Not in these documents.", [])
    assert refusal.labels == [["Closest documents"], ["Tell me when this is answered"]]
    assert refusal.presses[1] == f"tell:{refusal.card.id}"
    listed = press(refusal, "Closest documents", hits)
    assert listed.text == "Not in these documents. The closest are:\n• The Gate\n• A < B"
    assert listed.links == ["https://example.com/"]
    assert listed.labels == [["Tell me when this is answered"]]


@pytest.mark.parametrize("verdict", Verdict)
def test_an_answer_without_any_hit_is_a_refusal(verdict: Verdict) -> None:
    """With nothing close, only the refusal is said."""
    only = shown(verdict=verdict)
    assert (only.text, only.labels) == (
        "Not in these documents.",
        [["Tell me when this is answered"]],
    )


def test_sources_that_differ_stand_side_by_side() -> None:
    """They come in the order given, newest first, before the pages of each hit alone."""
    hits = many(3)
    first = shown(*hits, differing=(hits[2], hits[0]))
    assert first.text.startswith("The sources differ. The newest comes first:\n\nThree.\n— ")
    assert first.quotes == first.bold == ["Three.", "One."]
    assert first.labels == [["1 of 4", "▶"], THUMBS]
    alone = press(first, "▶", hits)
    assert (alone.quotes, alone.labels[0]) == (["One."], ["◀", "2 of 4", "▶"])


def test_an_unsure_answer_says_so_where_sources_differ() -> None:
    """They may differ on something that was not asked."""
    hits = many(2)
    card = card_for(make_answer(*hits, verdict=Verdict.UNSURE), differing=hits)
    said = "I'm not sure the documents answer this. The sources differ. The newest comes first:"
    assert screen(card, hits).text.startswith(f"{said}\n\n")


def test_hits_that_are_not_shown_do_not_differ() -> None:
    """One hit alone has nothing to differ from."""
    hits = many(2)
    assert shown(hits[0], differing=hits).quotes == ["One."]


def test_how_a_question_was_understood_is_said() -> None:
    """Only where it is not what was typed."""
    only = shown(make_hit(), understood="was the <old> gate open?")
    assert only.text.startswith("Understood as: was the <old> gate open?\n\nIt was late.")


def test_a_passage_that_is_gone_says_so() -> None:
    """The other hits can still be read, and the question asked again."""
    hits = many(2)
    first = screen(card_for(make_answer(*hits)), hits[1:])
    assert first.text == "This passage is no longer in the documents."
    assert first.labels == [["1 of 2", "▶"], ["Ask again"]]
    assert first.presses[-1] == f"re:{first.card.id}"
    assert press(first, "▶", hits[1:]).quotes == ["Two."]


def test_titles_that_are_gone_say_so() -> None:
    """Nothing is named that is no longer there."""
    card = changed_by(
        card_for(make_answer(make_hit(), verdict=Verdict.NO_ANSWER)), "cl:" + "x" * 10
    )
    assert screen(card, []).text == (
        "Not in these documents. This passage is no longer in the documents."
    )


def test_arabic_cards_are_in_arabic() -> None:
    """A card goes on in the language it was asked in; the quote stays as it is."""
    hits = many(2)
    only = shown(*hits, verdict=Verdict.UNSURE, language="ar")
    assert only.quotes == ["One."]
    assert only.labels[1] == ["السياق"]
    assert "أقرب فقرة" in only.text


def long_hit() -> Hit:
    """Return a hit on a sentence in the middle of a long passage."""
    sentence = "The gate stood open."
    text = " ".join(["before"] * 300 + [sentence] + ["behind"] * 300)
    start = text.index(sentence)
    return make_hit(text, Span(start, start + len(sentence)))


def test_a_long_passage_is_shown_around_its_highlight() -> None:
    """Whole words around the best sentence are shown, and the rest is marked as left out."""
    hit = long_hit()
    only = shown(hit)
    [quote] = only.quotes
    assert "<blockquote expandable>[…] before before " in only.html
    assert quote.endswith(" behind behind […]")
    assert unmarked(quote) in hit.passage.text
    assert WHOLE_UNITS - 30 < len(unmarked(quote)) <= WHOLE_UNITS
    assert only.bold == ["The gate stood open."]
    assert only.labels[0] == ["Show more"]


def test_short_quotes_are_not_collapsed() -> None:
    """Up to 700 units a quote is open; beyond, three lines of it are."""
    assert "<blockquote>" in shown(make_hit("x" * 700, Span(0, 1))).html
    assert "<blockquote expandable>" in shown(make_hit("x" * 701, Span(0, 1))).html


def test_a_long_passage_is_read_through() -> None:
    """More of it first, then part after part to its end, back to its beginning, and closed."""
    hit = long_hit()
    first = shown(hit)
    opened = press(first, "Show more", [hit])
    assert opened.bold == ["The gate stood open."]
    assert len(opened.quotes[0]) > len(first.quotes[0])
    assert opened.labels[0] == ["↑ Earlier", "↓ Further", "Less"]
    last = press(opened, "↓ Further", [hit])
    assert last.labels[0] == ["↑ Earlier", "Less"]
    assert (last.quotes[0].endswith(" behind"), last.bold) == (True, [])
    assert press(last, "↑ Earlier", [hit]) == opened
    beginning = press(opened, "↑ Earlier", [hit])
    whole = [unmarked(each.quotes[0]) for each in (beginning, opened, last)]
    assert " ".join(whole) == hit.passage.text
    assert press(last, "Less", [hit]) == first


def test_a_hundred_kilobytes_are_read_through() -> None:
    """However long, a passage is read to its end, button by button."""
    text = " ".join(f"word{n}" for n in range(12_000))
    hits = [make_hit(text, Span(40_000, 40_010))]
    at = press(shown(*hits), "Show more", hits)
    while "↑ Earlier" in at.labels[0]:
        at = press(at, "↑ Earlier", hits)
    read = [unmarked(at.quotes[0])]
    while "↓ Further" in at.labels[0]:
        at = press(at, "↓ Further", hits)
        read.append(unmarked(at.quotes[0]))
    assert " ".join(read) == text
    assert len(text) > 100_000


@pytest.mark.parametrize("before", [0, 100, 1000, 3000])
def test_a_highlight_survives_where_words_are_not_parted_by_spaces(before: int) -> None:
    """In a text almost without spaces, the best sentence is shown and bold all the same."""
    sentence = "门是开着的。"
    text = "夜里 " + "很" * before + sentence + "晚" * 3000
    start = text.index(sentence)
    only = shown(make_hit(text, Span(start, start + len(sentence))))
    assert only.bold == [sentence]
    assert unmarked(only.quotes[0]) in text


def test_a_highlight_longer_than_the_window_is_cut() -> None:
    """Of an over-long best sentence the beginning is shown, bold throughout."""
    text = "word " * 600
    only = shown(make_hit(text, Span(0, len(text))))
    assert text.startswith(only.bold[0])
    assert unmarked(only.quotes[0]) == only.bold[0]
    assert WHOLE_UNITS - 5 <= len(only.bold[0]) <= WHOLE_UNITS


def test_bold_keeps_characters_whole() -> None:
    """A highlight that would begin within a character begins before it."""
    assert shown(make_hit("a👍🏽b", Span(2, 3))).bold == ["👍🏽"]


def test_an_empty_highlight_is_not_bold() -> None:
    """Where no sentence answers, none is."""
    assert shown(make_hit(TEXT, Span(3, 3))).bold == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://host", "http://[x", "https://a.b/ c", "tg://user?id=1"]
)
def test_an_address_that_telegram_refuses_is_none(url: str) -> None:
    """A button with it would have the whole message refused; the file is sent instead."""
    only = shown(make_hit(source=Source(title="T", path="seeds/t.txt", url=url)))
    assert only.links == ["https://t.me/verbatim_test_bot?start=pp1"]
    assert only.presses[0].startswith("doc:")


def test_long_addresses_leave_the_markup_within_its_limit() -> None:
    """Telegram refuses over 32,768 bytes of markup, and addresses count there."""
    url = "https://example.com/?" + "&" * 1990
    source = Source(title="T", path="seeds/t.txt", url=url)
    others = tuple(make_hit(rank=rank, source=source) for rank in (2, 3, 4))
    only = shown(make_hit("&" * 1400, Span(0, 1), source=source, also_in=others))
    assert only.links == []
    assert only.quotes == ["&" * 1400]


@st.composite
def answers(draw: st.DrawFn) -> list[Hit]:
    """Draw up to five hits, the first also carried by others."""
    drawn = [draw(hits(rank)) for rank in range(1, draw(st.integers(1, 5)) + 1)]
    others = tuple(draw(hits(rank)) for rank in range(6, draw(st.integers(6, 9))))
    first = drawn[0]
    return [
        make_hit(
            first.passage.text,
            first.highlight,
            source=first.source,
            heading=first.passage.heading,
            also_in=others,
        ),
        *drawn[1:],
    ]


def check_verbatim(at: Screen, all_hits: Sequence[Hit]) -> None:
    """Hold that every quote is verbatim, and that short passages are quoted whole."""
    texts = {hit.passage.id: hit.passage.text for hit in all_hits}
    on_screen = [texts[each.passage_id] for each in at.card.on_screen if each.passage_id in texts]
    for quote in at.quotes:
        assert any(holds(quote, text) for text in texts.values())
    if len(on_screen) == 1 and utf16_units(on_screen[0]) <= WHOLE_UNITS:
        assert on_screen[0] in at.quotes


@given(
    drawn=answers(),
    verdict=st.sampled_from(Verdict),
    differing=st.lists(st.integers(0, 4), max_size=5, unique=True),
    language=languages,
    data=st.data(),
)
@settings(deadline=None, max_examples=60)
def test_any_passage_makes_a_card_that_telegram_takes(
    drawn: list[Hit], verdict: Verdict, differing: list[int], language: str, data: st.DataObject
) -> None:
    """Whatever text, highlight, title and address, whatever is pressed: taken, and verbatim."""
    apart = [drawn[at] for at in differing if at < len(drawn)]
    answer = make_answer(*drawn, verdict=verdict)
    card = card_for(
        answer, language=language, differing=apart, understood=data.draw(st.text(max_size=500))
    )
    at = screen(replace(card, limits=data.draw(st.text(max_size=MAX_LIMITS_CHARS))), drawn)
    check_verbatim(at, drawn)
    for _ in range(data.draw(st.integers(0, 6))):
        at = screen(changed_by(at.card, data.draw(st.sampled_from(at.presses))), drawn)
        check_verbatim(at, drawn)


@given(drawn=answers(), gone=st.sets(st.integers(0, 4)), verdict=st.sampled_from(Verdict))
@settings(deadline=None, max_examples=25)
def test_whatever_is_gone_leaves_a_card_that_telegram_takes(
    drawn: list[Hit], gone: set[int], verdict: Verdict
) -> None:
    """After a rebuild, any of the passages may be missing, on any page."""
    left = [hit for at, hit in enumerate(drawn) if at not in gone]
    card = card_for(make_answer(*drawn, verdict=verdict), differing=drawn)
    for at in range(len(card.pages) or 1):
        shown_now = screen(changed_by(card, f"go:{card.id}:{at}"), left)
        check_verbatim(shown_now, left)


@given(data=st.text(max_size=64) | st.from_regex(r"\A(go|cx|op|cl|re|doc):.{10}(:\d{1,5}){0,3}\Z"))
@example("go:0123456789:9999")
@example("cx:0123456789:0:9999")
@example("op:0123456789:0:9999")
@settings(deadline=None)
def test_whatever_a_press_says_leaves_a_card_that_telegram_takes(data: str) -> None:
    """What no button has ever held does no harm."""
    hits = [long_hit(), make_hit(rank=2)]
    check_verbatim(screen(changed_by(card_for(make_answer(*hits)), data), hits), hits)


def test_the_sample_says_what_it_marks() -> None:
    """The highlight of the made-up passage is its second sentence."""
    assert TEXT[slice(*HIGHLIGHT)] == "The gate <A> stood open."
