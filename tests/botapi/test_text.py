"""What becomes of a bot's text between the call and the chat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.botapi import ApiError, Entity
from tests.botapi.entities import utf16_length
from tests.botapi.text import FormattedText, formatted_text


def html(markup: str) -> FormattedText:
    """Return what stands in the chat after `markup`."""
    return formatted_text(markup, parse_mode="HTML")


def refusal(raw: str, **options: object) -> str:
    """Return what the server says to a text it does not take."""
    with pytest.raises(ApiError) as caught:
        formatted_text(raw, **options)  # type: ignore[arg-type]
    return caught.value.description


def test_4096_code_points_are_the_most() -> None:
    """The limit counts code points (TDLib, utf8_length), so 4096 emoji pass."""
    assert len(formatted_text("😀" * 4096).text) == 4096
    assert refusal("😀" * 4097) == "Bad Request: message is too long"


def test_the_limit_counts_after_parsing() -> None:
    """A message holds 1-4096 characters after entities parsing (Bot API, sendMessage)."""
    assert len(html("<b>" + "&lt;" * 4096 + "</b>").text) == 4096


def test_markup_over_32_kib_is_refused() -> None:
    """Raw text is limited to 32,768 bytes (telegram-bot-api, Client.cpp, get_formatted_text)."""
    assert refusal("é" * 16_385) == "Bad Request: text is too long"
    assert refusal("é" * 16_384) == "Bad Request: message is too long"


def test_no_text_is_refused() -> None:
    """An empty text is refused before it is parsed (Client.cpp, get_input_message_text)."""
    assert refusal("") == "Bad Request: message text is empty"


@pytest.mark.parametrize("raw", [" \n ", "<b></b>", "<b> </b>", "\u200b", "\0"])
def test_nothing_to_show_is_refused(raw: str) -> None:
    """A text must show something (TDLib, fix_formatted_text)."""
    assert refusal(raw, parse_mode="HTML") == "Bad Request: text must be non-empty"


def test_white_space_is_trimmed() -> None:
    """Spaces and line feeds go at the end, and at the start up to the first entity."""
    assert html("\n a <b> b </b>\n ") == FormattedText(
        "a  b", (Entity(type="bold", offset=2, length=2),)
    )
    assert html(" <b> b</b>") == FormattedText(" b", (Entity(type="bold", offset=0, length=2),))


def test_control_characters_become_spaces() -> None:
    """Control characters turn into spaces, carriage returns vanish (TDLib, clean_input_string)."""
    assert html("a\0b\tc\r\n<b>d\re</b>") == FormattedText(
        "a b c\nde", (Entity(type="bold", offset=6, length=2),)
    )


def test_direction_overrides_are_dropped() -> None:
    """U+2028 to U+202E are removed; right-to-left letters themselves stay."""
    assert formatted_text("\u202eשלמה\u2028").text == "שלמה"


def test_pre_and_code_hold_nothing() -> None:
    """Entities inside pre and code are dropped (Bot API, "Formatting options")."""
    assert html("<pre>a<b>b</b>/c</pre>").entities == (Entity(type="pre", offset=0, length=4),)


def test_touching_spans_of_one_kind_are_one() -> None:
    """Adjacent and nested spans of one kind are merged (TDLib, fix_entities)."""
    assert html("<b>a</b><b>b<b>c</b></b>").entities == (Entity(type="bold", offset=0, length=3),)


def test_commands_and_addresses_are_found() -> None:
    """Telegram marks commands, mentions, hashtags and addresses by itself."""
    content = formatted_text("/help @ada_l #tag see https://example.com/a.")
    assert [(each.type, each.offset, each.length) for each in content.entities] == [
        ("bot_command", 0, 5),
        ("mention", 6, 6),
        ("hashtag", 13, 4),
        ("url", 22, 21),
    ]


def test_a_path_is_no_command() -> None:
    """A slash inside a word or a tag-like text starts no command (TDLib, find_bot_commands)."""
    assert formatted_text("and/or a/b </b").entities == ()


def test_entities_may_come_ready_made() -> None:
    """Instead of a parse mode, entities may be given (Bot API, sendMessage)."""
    given_entity = {"type": "bold", "offset": 3, "length": 1}
    assert formatted_text("  😀b", entities=[{**given_entity, "offset": 4}]) == FormattedText(
        "😀b", (Entity(type="bold", offset=2, length=1),)
    )


def test_entities_outside_the_text_are_refused() -> None:
    """An entity must lie within the text and not split a character (TDLib)."""
    late = {"type": "bold", "offset": 9, "length": 1}
    long = {"type": "bold", "offset": 0, "length": 9}
    half = {"type": "bold", "offset": 1, "length": 1}
    assert "begins after the end of the text" in refusal("ab", entities=[late])
    assert "ends after the end of the text" in refusal("ab", entities=[long])
    assert "in a middle of a UTF-16 symbol" in refusal("😀", entities=[half])


def test_unread_parse_modes_are_not_ignored() -> None:
    """A parse mode must be known (Client.cpp); Markdown exists, but is not modelled here."""
    assert refusal("x", parse_mode="bbcode") == "Bad Request: unsupported parse_mode"
    assert refusal("x", parse_mode="MarkdownV2").startswith("Not Implemented")


@given(st.text(alphabet=st.sampled_from("ab😀 \n\r\0<>&/bi#@\u202e"), max_size=40))
def test_every_entity_lies_within_the_text(raw: str) -> None:
    """Whatever is sent is refused or leaves a trimmed text with entities inside it."""
    try:
        content = html(raw)
    except ApiError:
        content = FormattedText("")  # refused, as it may be
    assert content.text == content.text.rstrip(" \n")
    for entity in content.entities:
        assert 0 <= entity.offset < entity.end <= utf16_length(content.text)


@given(st.text(max_size=60).filter(str.isprintable))
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    """Printable text whose <, > and & are escaped stands in the chat unchanged."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    removed = str.maketrans(dict.fromkeys("\u0333\u033f\u030a"))
    assert html(f"x{escaped}x").text == f"x{text.translate(removed)}x"
