"""What came in, as far as handlers need to know it."""

from typing import Any

import pytest
from telegram import Update

from bot.incoming import Incoming

ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "ar"}
GROUP = {"id": -5, "type": "supergroup", "title": "Readers"}
MESSAGE = {"message_id": 3, "date": 100, "chat": GROUP, "from": ADA, "text": "why?"}


def incoming(**content: Any) -> Incoming:
    """Return what an update brings."""
    found = Incoming.from_update(Update.de_json({"update_id": 1} | content))
    assert found is not None
    return found


def test_a_message_says_where_and_from_whom() -> None:
    """And in which language the answer is to be."""
    came = incoming(message=MESSAGE)
    assert (came.chat_id, came.user_id, came.message_id, came.sent_at) == (-5, 7, 3, 100)
    assert (came.is_private, came.thread_id, came.texts.language) == (False, None, "ar")


def test_an_edited_message_is_as_old_as_its_edit() -> None:
    """Who mends a question of yesterday asks it now."""
    assert incoming(edited_message=MESSAGE | {"edit_date": 200}).sent_at == 200


def test_a_topic_is_named_where_there_is_one() -> None:
    """What replies in a group without topics has a thread, too, and stands in none."""
    thread = {"message_thread_id": 9}
    assert incoming(message=MESSAGE | thread).thread_id is None
    assert incoming(message=MESSAGE | thread | {"is_topic_message": True}).thread_id == 9


def test_who_speaks_for_a_group_is_nobody() -> None:
    """All anonymous administrators have one account, which is nobody's own."""
    assert incoming(message=MESSAGE | {"sender_chat": GROUP}).user_id is None


@pytest.mark.parametrize("date", [0, 100])
def test_a_press_is_whose_it_is(date: int) -> None:
    """Also on a message so old that no more than its number is told (date 0)."""
    bot = {"id": 42, "is_bot": True, "first_name": "Verbatim"}
    held = {"message_id": 12, "date": date, "chat": GROUP} | ({"from": bot} if date else {})
    press = {"id": "1", "from": ADA, "chat_instance": "1", "data": "x", "message": held}
    came = incoming(callback_query=press)
    assert (came.chat_id, came.user_id, came.message_id) == (-5, 7, 12)
    assert (came.is_private, came.texts.language) == (False, "ar")
