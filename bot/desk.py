"""What all handlers work with, put together once in `bot.app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.answering import Answering
    from bot.downloads import Downloads
    from bot.drafts import Drafts
    from bot.health import Health
    from bot.interactive import Interactive
    from bot.notices import Notices
    from bot.replies import Replies
    from bot.sent import Sent
    from bot.settings import Settings
    from bot.store import Store

__all__ = ["Desk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One bot's services, for its handlers.

    `replies` and `drafts` write what an update leads to, `interactive` answers at once whoever
    waits at the screen; `store` is the bot's own file, and `sent` finds messages again. `notices`
    say what answers no update, `downloads` fetch files that people send, and what is handed to
    `beside` is done as long as the bot runs.
    """

    bot_id: int
    settings: Settings
    answering: Answering
    drafts: Drafts
    replies: Replies
    interactive: Interactive
    store: Store
    sent: Sent
    notices: Notices
    health: Health
    downloads: Downloads
    beside: Callable[[Callable[[], Coroutine[Any, Any, None]]], None]
