"""What Telegram recognises in a text by itself, and which addresses it accepts as links."""

import re
from urllib.parse import parse_qs, urlsplit

from tests.botapi.entities import Entity, utf16_length

# TDLib, MessageEntity.cpp, find_bot_commands and find_mentions. Of addresses, only those that
# carry their scheme are found here: enough for what a bot must not rely on.
_FOUND = {
    "bot_command": re.compile(
        r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"
    ),
    "mention": re.compile(r"(?<!\w)@[a-zA-Z0-9_]{2,32}\b"),
    "hashtag": re.compile(r"(?<!\w)#\w*[^\W\d]\w*"),
    "url": re.compile(r"(?<!\w)https?://[^\s<>\"]*[^\s<>\".,:;!?)]"),
}


def found_entities(text: str) -> list[Entity]:
    """Return the commands, mentions, hashtags and addresses that stand in `text`."""
    return [
        Entity(
            type=kind,
            offset=utf16_length(text[: match.start()]),
            length=utf16_length(match.group()),
        )
        for kind, pattern in _FOUND.items()
        for match in pattern.finditer(text)
    ]


def mentioned_user_id(url: str) -> int:
    """Return the user of a tg://user?id=... link, 0 for any other."""
    parts = urlsplit(url.strip())
    if parts.scheme.lower() != "tg" or parts.netloc.lower() != "user":
        return 0
    number = parse_qs(parts.query).get("id", [""])[0]
    return int(number) if number.isdecimal() else 0


def checked_url(url: str) -> str:
    """Return the address as Telegram stores it, empty when it accepts none.

    Without a scheme it is http; a host needs a dot; an empty path becomes a slash.
    Source: TDLib, LinkManager.cpp, check_link_impl.
    """
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() in {"tg", "ton"}:
        return url
    if parts.scheme.lower() not in {"http", "https"} or "." not in host.strip("."):
        return ""
    if any(character.isspace() for character in host):
        return ""
    netloc = f"{host}:{port}" if port else host
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme.lower()}://{netloc}{path}{query}{fragment}"
