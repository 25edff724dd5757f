"""What each method does: from checked arguments to a result."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.botapi.account import Account
from tests.botapi.answering import Ok
from tests.botapi.chats import Chat
from tests.botapi.editing import (
    delete_messages,
    edit_message_reply_markup,
    edit_message_text,
    set_message_reaction,
)
from tests.botapi.membership import (
    administrators,
    chat_member,
    full_info,
    leave_chat,
    member_count,
)
from tests.botapi.messages import Message
from tests.botapi.rates import COUNTED
from tests.botapi.receiving import RECEIVING
from tests.botapi.sending import (
    copy_message,
    forward_message,
    send_chat_action,
    send_document,
    send_message,
)
from tests.botapi.world import World

Arguments = Mapping[str, Any]
Answer = Callable[[Account, Arguments], Awaitable[Ok]]


def _message(act: Callable[[World, Arguments], Message]) -> Answer:
    """Answer with the message that `act` returns, or True for an inline message."""

    async def answer(account: Account, arguments: Arguments) -> Ok:
        message = act(account.world, arguments)
        return Ok(True if "inline_message_id" in arguments else message.to_json())

    return answer


def _true(act: Callable[[Account, Arguments], None]) -> Answer:
    async def answer(account: Account, arguments: Arguments) -> Ok:
        act(account, arguments)
        return Ok(result=True)

    return answer


def _result(act: Callable[[Account, Arguments], Any]) -> Answer:
    async def answer(account: Account, arguments: Arguments) -> Ok:
        return Ok(act(account, arguments))

    return answer


def _leave_chat(account: Account, arguments: Arguments) -> None:
    account.updates.put("my_chat_member", leave_chat(account.world, arguments["chat_id"]))


ANSWERS: Mapping[str, Answer] = {
    **RECEIVING,
    "sendMessage": _message(send_message),
    "sendDocument": _message(send_document),
    "forwardMessage": _message(forward_message),
    "copyMessage": _result(
        lambda account, given: {"message_id": copy_message(account.world, given).message_id}
    ),
    "sendChatAction": _true(lambda account, given: send_chat_action(account.world, given)),
    "editMessageText": _message(edit_message_text),
    "editMessageReplyMarkup": _message(edit_message_reply_markup),
    "deleteMessage": _true(
        lambda account, given: delete_messages(
            account.world, given["chat_id"], [given["message_id"]]
        )
    ),
    "deleteMessages": _true(
        lambda account, given: delete_messages(
            account.world, given["chat_id"], given["message_ids"]
        )
    ),
    "setMessageReaction": _true(lambda account, given: set_message_reaction(account.world, given)),
    "answerCallbackQuery": _true(lambda account, given: account.presses.answer(given)),
    "answerInlineQuery": _true(lambda account, given: account.inline.answer(given)),
    "getFile": _result(
        lambda account, given: account.world.files.link(given["file_id"], now=account.clock.now())
    ),
    "getChat": _result(lambda account, given: full_info(account.world, given["chat_id"])),
    "getChatMember": _result(
        lambda account, given: chat_member(account.world, given["chat_id"], given["user_id"])
    ),
    "getChatMemberCount": _result(
        lambda account, given: member_count(account.world, given["chat_id"])
    ),
    "getChatAdministrators": _result(
        lambda account, given: administrators(account.world, given["chat_id"])
    ),
    "leaveChat": _true(_leave_chat),
    "setMyCommands": _true(lambda account, given: account.commands.set(given["commands"], given)),
    "getMyCommands": _result(lambda account, given: account.commands.get(given)),
    "deleteMyCommands": _true(lambda account, given: account.commands.delete(given)),
}


async def answer_call(account: Account, method: str, arguments: Arguments) -> Ok:
    """Do what the method does, at the published rates if they are enforced.

    Raises:
        ApiError: any refusal.
    """
    if account.rates is not None and method in COUNTED and "chat_id" in arguments:
        account.rates.admit(_chat(account, arguments))
    return await ANSWERS[method](account, arguments)


def _chat(account: Account, arguments: Arguments) -> Chat:
    return account.world.chat(arguments["chat_id"])
