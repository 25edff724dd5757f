"""What deep links carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questions.payloads import PayloadKind, key_in, start_link
from bot.questions.permalinks import permalink

_KEYS = st.text("abcXYZ019_-", min_size=1, max_size=63)


@given(st.sampled_from(PayloadKind), _KEYS)
def test_a_link_carries_its_key_there(kind: PayloadKind, key: str) -> None:
    """Of its own kind alone, with the bot named or not, within what Telegram lets through."""
    link = start_link("verbatim_bot", kind, key)
    address, _, payload = link.partition("?start=")
    assert address == "https://t.me/verbatim_bot"
    assert len(payload) <= 64
    for text in (f"/start {payload}", f"/start@verbatim_bot {payload}", f"/start {payload}\n"):
        assert {each: key_in(text, each) for each in PayloadKind} == {
            each: key if each == kind else None for each in PayloadKind
        }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "p12",
        "/start",
        "/start p",
        "/startp12",
        "start p12",
        "/start p12 x",
        "/start pé",
        "/start q12",
        "/start P12",
        "/start p" + 64 * "a",
    ],
)
def test_other_texts_carry_nothing(text: str) -> None:
    """Least of all what no link can carry."""
    assert key_in(text, PayloadKind.PASSAGE) is None


def test_a_passage_has_its_address() -> None:
    """Made of its id, which stays the same for as long as its text does."""
    assert permalink("me_bot", "0123456789abcdef") == (
        "https://t.me/me_bot?start=p0123456789abcdef"
    )
