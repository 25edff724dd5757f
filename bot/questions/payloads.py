"""What `t.me/<bot>?start=…` links carry: one letter says what kind of thing, the rest which one.

A payload holds at most 64 of `A-Za-z0-9_-` (Bot API, "Deep linking"), and anybody can write one:
whoever takes it looks the key up.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from telegram.ext import filters

if TYPE_CHECKING:
    from telegram import Message

__all__ = ["Carrying", "PayloadKind", "key_in", "start_link"]

_START = re.compile(r"/start(?:@\w+)? ([A-Za-z])([A-Za-z0-9_-]{1,63})")


class PayloadKind(StrEnum):
    """What a payload may name, by its letter."""

    PASSAGE = "p"
    INVITATION = "i"


class Carrying(filters.MessageFilter):
    """Lets `/start` through when it carries a payload of this kind."""

    def __init__(self, kind: PayloadKind) -> None:
        super().__init__(name=f"Carrying({kind.name})")
        self._kind = kind

    def filter(self, message: Message) -> bool:
        """Whether it does."""
        return key_in(message.text or "", self._kind) is not None


def key_in(text: str, kind: PayloadKind) -> str | None:
    """Return the key in the text of a `/start` message, None where it carries no such payload."""
    found = _START.fullmatch(text.rstrip())
    return found[2] if found and found[1] == kind else None


def start_link(me: str, kind: PayloadKind, key: str) -> str:
    """Return the address that starts a chat with the bot named `me` and hands it the key."""
    return f"https://t.me/{me}?start={kind}{key}"
