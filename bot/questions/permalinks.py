"""The address of a passage: it opens the passage in context, in a chat with the bot.

A passage's id stays the same for as long as its document and its text do, so the address does.
"""

from __future__ import annotations

from bot.questions.payloads import PayloadKind, start_link

__all__ = ["permalink"]


def permalink(me: str, passage_id: str) -> str:
    """Return the address of a passage; `me` is the bot's user name."""
    return start_link(me, PayloadKind.PASSAGE, passage_id)
