"""What each method does: from checked arguments to a result."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.botapi.account import Account
from tests.botapi.errors import conflict
from tests.botapi.sending import edit_message_text, send_chat_action, send_message
from tests.botapi.updates import MAX_TIMEOUT_S
from tests.botapi.webhooks import checked_webhook, webhook_info

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ok:
    """A call's result, with the description that some methods add."""

    result: Any
    description: str = ""

    def envelope(self) -> dict[str, Any]:
        """Return the JSON object that answers the call."""
        answer = {"ok": True, "result": self.result}
        return answer | {"description": self.description} if self.description else answer


async def _get_me(account: Account, _: Arguments) -> Ok:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return Ok(account.world.bot.to_json() | abilities)


async def _get_updates(account: Account, arguments: Arguments) -> Ok:
    if account.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    account.updates.allow(arguments.get("allowed_updates"))
    return Ok(
        await account.updates.poll(
            offset=arguments.get("offset", 0),
            limit=arguments.get("limit", 100),
            timeout_s=min(max(arguments.get("timeout", 0), 0), MAX_TIMEOUT_S),
        )
    )


async def _set_webhook(account: Account, arguments: Arguments) -> Ok:
    webhook = checked_webhook(arguments)
    account.updates.end_poll("terminated by setWebhook request")
    account.updates.allow(arguments.get("allowed_updates"))
    if arguments.get("drop_pending_updates"):
        account.updates.clear()
    account.webhook = webhook
    return Ok(result=True, description="Webhook was set")


async def _delete_webhook(account: Account, arguments: Arguments) -> Ok:
    was_set = bool(account.webhook)
    account.webhook = {}
    if arguments.get("drop_pending_updates"):
        account.updates.clear()
    return Ok(
        result=True,
        description="Webhook was deleted" if was_set else "Webhook is already deleted",
    )


async def _get_webhook_info(account: Account, _: Arguments) -> Ok:
    return Ok(webhook_info(account.webhook, account.updates))


async def _send_message(account: Account, arguments: Arguments) -> Ok:
    return Ok(send_message(account.world, arguments).to_json())


async def _edit_message_text(account: Account, arguments: Arguments) -> Ok:
    return Ok(edit_message_text(account.world, arguments).to_json())


async def _send_chat_action(account: Account, arguments: Arguments) -> Ok:
    send_chat_action(account.world, arguments)
    return Ok(result=True)


async def _answer_callback_query(account: Account, arguments: Arguments) -> Ok:
    account.presses.answer(arguments)
    return Ok(result=True)


async def _set_my_commands(account: Account, arguments: Arguments) -> Ok:
    account.commands.set(arguments["commands"], arguments)
    return Ok(result=True)


async def _get_my_commands(account: Account, arguments: Arguments) -> Ok:
    return Ok(account.commands.get(arguments))


async def _delete_my_commands(account: Account, arguments: Arguments) -> Ok:
    account.commands.delete(arguments)
    return Ok(result=True)


ANSWERS: Mapping[str, Callable[[Account, Arguments], Awaitable[Ok]]] = {
    "getMe": _get_me,
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "sendMessage": _send_message,
    "sendChatAction": _send_chat_action,
    "editMessageText": _edit_message_text,
    "answerCallbackQuery": _answer_callback_query,
    "setMyCommands": _set_my_commands,
    "getMyCommands": _get_my_commands,
    "deleteMyCommands": _delete_my_commands,
}
