"""What all handlers work with, put together once in `bot.app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.answering import Answering
    from bot.drafts import Drafts
    from bot.interactive import Interactive
    from bot.memory.cards import Cards
    from bot.memory.linked import Linked
    from bot.memory.turns import Turns
    from bot.replies import Replies
    from bot.sent import Sent
    from bot.settings import Settings
    from bot.store import Store

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One bot's services, for its handlers.

    `replies` and `drafts` write what an update leads to, `interactive` answers at once whoever
    waits at the screen; `store` is the bot's own file, and `sent` finds messages again. `me` is
    the bot's username.
    """

    bot_id: int
    me: str
    settings: Settings
    answering: Answering
    drafts: Drafts
    replies: Replies
    interactive: Interactive
    store: Store
    sent: Sent
    cards: Cards
    linked: Linked
    turns: Turns
