"""What users do in inline mode: type a query, and choose one of the results.

Source: Bot API, InlineQuery, ChosenInlineResult; core.telegram.org/bots/inline.
"""

from typing import Any

from tests.botapi.account import Account
from tests.botapi.chats import Chat, Group
from tests.botapi.inline import InlineQuery, inline_content
from tests.botapi.messages import Message
from tests.botapi.people import User

MAX_QUERY_CHARS = 256


def ask_inline(account: Account, user: User, text: str, offset: str, chat: Chat) -> InlineQuery:
    """Send a query to the bot, unless the server has its answer cached.

    Raises:
        ValueError: when the bot has no inline mode or the query is too long.
    """
    if not account.inline.is_on:
        raise ValueError("the bot has no inline mode: enable_inline() turns it on")
    if len(text) > MAX_QUERY_CHARS:
        raise ValueError(f"a client sends at most {MAX_QUERY_CHARS} characters")
    query = account.inline.new(user.id, text, offset)
    if not query.answer.done():
        update = {
            "id": query.query_id,
            "from": user.to_json(),
            "query": text,
            "offset": offset,
            "chat_type": chat.type if isinstance(chat, Group) else "sender",
        }
        account.updates.put("inline_query", update)
    return query


def choose_result(
    account: Account, user: User, query: InlineQuery, result_id: str, chat: Chat
) -> Message:
    """Post a result via the bot, and tell the bot if it asked for feedback.

    Raises:
        ValueError: when the bot has offered no such result.
    """
    answer = query.answer.result() if query.answer.done() else {"results": []}
    offered = {each["id"]: each for each in answer["results"]}
    if result_id not in offered:
        raise ValueError(f"no result {result_id!r} among {sorted(offered)}")
    markup = offered[result_id].get("reply_markup")
    message = account.world.post(
        chat,
        user,
        inline_content(offered[result_id]),
        via_bot=account.world.bot,
        reply_markup=markup,
    )
    chosen: dict[str, Any] = {
        "result_id": result_id,
        "from": user.to_json(),
        "query": query.text,
    }
    if markup:  # an inline message can be edited only if it has a keyboard
        number = len(account.world.inline_messages) + 1
        message.inline_message_id = f"AgAAATestInlineMessage{number:06}"
        account.world.inline_messages[message.inline_message_id] = message
        chosen["inline_message_id"] = message.inline_message_id
    if account.inline.gives_feedback:
        account.updates.put("chosen_inline_result", chosen)
    account.deliver(message)
    return message
