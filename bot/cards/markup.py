"""HTML as the Bot API takes it: within its limits, with links that it accepts.

Limits (Bot API, sendMessage and "Formatting options"): 4096 characters after the markup is
parsed, counted here in UTF-16 units, which is never too few; and 32,768 bytes of markup.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from bot.cards.windows import clipped, utf16_units

__all__ = ["MAX_BYTES", "MAX_UNITS", "address", "fits", "linked", "units_of"]

MAX_UNITS = 4096
MAX_BYTES = 32_768
_MAX_FIELD_UNITS = 200
_MAX_LINK_BYTES = 2048  # beyond, browsers and clients differ
_TAG = re.compile(r"<[^>]*>|&(?:lt|gt|amp|#34|#39);")  # an entity counts as its one character
_NO_LINK = re.compile(r"[\s\x00-\x1f\x7f]")


def units_of(html: Markup) -> int:
    """Return the length of the text that the markup makes, in UTF-16 units."""
    return utf16_units(_TAG.sub(lambda tag: "" if tag[0].startswith("<") else "x", html))


def fits(html: Markup) -> bool:
    """Whether one message holds it."""
    return units_of(html) <= MAX_UNITS and len(html.encode()) <= MAX_BYTES


def linked(title: str, url: str | None, *, units: int = _MAX_FIELD_UNITS) -> Markup:
    """Return a title on one line and not too long, a link where there is an address for one."""
    shown = escape(clipped(title, units))
    found = address(url)
    return Markup('<a href="{}">{}</a>').format(found, shown) if found else shown


def address(url: str | None) -> str | None:
    """Return an address of the web that Telegram takes, None for any other.

    A button with an address that it does not take has the whole message refused.
    """
    if url is None or _NO_LINK.search(url) or len(url.encode()) > _MAX_LINK_BYTES:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        has_port = parts.port != 0
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and has_port
    return url if is_web and "." in host.strip(".") and parts.username is None else None
