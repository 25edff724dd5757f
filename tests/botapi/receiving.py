"""The bot itself and how it gets its updates: getMe, getUpdates, webhooks, logOut and close."""

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.botapi.account import Account
from tests.botapi.answering import Ok
from tests.botapi.errors import ApiError, conflict
from tests.botapi.rates import too_many_requests
from tests.botapi.updates import MAX_TIMEOUT_S
from tests.botapi.webhooks import checked_webhook, webhook_info

_CLOSABLE_AFTER_S = 600
Arguments = Mapping[str, Any]


async def _get_me(account: Account, _: Arguments) -> Ok:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": not account.privacy.is_on,
        "supports_inline_queries": account.inline.is_on,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return Ok(account.world.bot.to_json() | abilities)


async def _get_updates(account: Account, arguments: Arguments) -> Ok:
    if account.webhook is not None:
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
    account.updates.end_poll(conflict("terminated by setWebhook request"))
    account.updates.allow(arguments.get("allowed_updates"))
    if arguments.get("drop_pending_updates"):
        account.updates.clear()
    account.webhook = webhook
    if webhook is None:
        await account.delivery.stop()
    else:
        await account.delivery.start(webhook)
    return Ok(result=True, description="Webhook was set")


async def _delete_webhook(account: Account, arguments: Arguments) -> Ok:
    was_set = account.webhook is not None
    account.webhook = None
    await account.delivery.stop()
    if arguments.get("drop_pending_updates"):
        account.updates.clear()
    return Ok(
        result=True,
        description="Webhook was deleted" if was_set else "Webhook is already deleted",
    )


async def _get_webhook_info(account: Account, _: Arguments) -> Ok:
    return Ok(webhook_info(account.webhook, account.updates))


async def _log_out(account: Account, _: Arguments) -> Ok:
    """Leave the cloud server, for good as far as a test is concerned (Bot API, logOut)."""
    account.is_logged_out = True
    account.updates.end_poll(ApiError(400, "Logged out"))
    return Ok(result=True)


async def _close(account: Account, _: Arguments) -> Ok:
    """Close the bot instance, but not in its first 10 minutes (Bot API, close)."""
    left_s = account.started_at + _CLOSABLE_AFTER_S - account.clock.now()
    if left_s > 0:
        raise too_many_requests(math.ceil(left_s))
    account.started_at = account.clock.now()  # a closed instance starts anew with the next call
    return Ok(result=True)


RECEIVING: Mapping[str, Callable[[Account, Arguments], Awaitable[Ok]]] = {
    "getMe": _get_me,
    "logOut": _log_out,
    "close": _close,
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
}
