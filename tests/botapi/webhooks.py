"""The webhook's settings (Bot API, setWebhook, getWebhookInfo)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.botapi.errors import bad_request
from tests.botapi.updates import UpdateQueue

PORTS = (443, 80, 88, 8443)
_MAX_SECRET_CHARS = 256
_MAX_CONNECTIONS = 100
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(slots=True, kw_only=True)
class Webhook:
    """Where updates are sent to, and what went wrong there last."""

    url: str
    secret_token: str = ""
    ip_address: str = ""
    max_connections: int = 40
    last_error_date: int = 0
    last_error_message: str = ""


def checked_webhook(arguments: Mapping[str, Any]) -> Webhook | None:
    """Return the webhook that setWebhook asks for, None for none.

    Raises:
        ApiError: 400 for a URL, a port or a secret that Telegram does not accept.
    """
    if "url" not in arguments:
        return None
    try:
        url = urlsplit(arguments["url"])
        port = url.port or 443
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if url.scheme != "https" or not url.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = arguments.get("secret_token", "")
    if len(secret) > _MAX_SECRET_CHARS:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = min(max(arguments.get("max_connections", 40), 1), _MAX_CONNECTIONS)
    return Webhook(
        url=arguments["url"],
        secret_token=secret,
        ip_address=arguments.get("ip_address", ""),
        max_connections=connections,
    )


def webhook_info(webhook: Webhook | None, updates: UpdateQueue) -> dict[str, Any]:
    """Return the WebhookInfo, which never tells the secret."""
    info: dict[str, Any] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": updates.pending_count,
    }
    for name in ("ip_address", "last_error_date", "last_error_message", "max_connections"):
        if webhook and (value := getattr(webhook, name)):
            info[name] = value
    if updates.allowed is not None:
        info["allowed_updates"] = updates.allowed
    return info
