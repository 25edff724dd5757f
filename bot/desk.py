"""What all handlers work with, put together once in `bot.app`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.memory.cards import Cards
from bot.memory.invites import Invites
from bot.memory.linked import Linked
from bot.memory.turns import Turns
from bot.memory.uses import Uses
from bot.people.access import Access
from bot.people.quotas import Quotas
from bot.replies import Replies

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.database.store import Store
    from bot.delivery.downloads import Downloads
    from bot.delivery.drafts import Drafts
    from bot.delivery.health import Health
    from bot.delivery.interactive import Interactive
    from bot.delivery.notices import Notices
    from bot.delivery.sent import Sent
    from bot.delivery.service import Service
    from bot.questions.answering import Answering
    from bot.settings import Settings
    from bot.sharing.claims import Duty

__all__ = ["Desk", "desk_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One bot's services, for its handlers.

    `replies` and `drafts` write what an update leads to, `interactive` answers at once whoever
    waits at the screen; `store` is the bot's own file, and `sent` finds messages again.
    `access` knows who may ask, `invites` who was let in, `quotas` how much. `me` is the bot's
    username. `notices` say what answers no update, `downloads` fetch files that people send, and
    what is handed to `beside` is done as long as the bot runs, by one of its processes.
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
    access: Access
    invites: Invites
    quotas: Quotas
    notices: Notices
    health: Health
    downloads: Downloads
    beside: Callable[[Duty, Callable[[], Coroutine[Any, Any, None]]], None]


def desk_of(settings: Settings, answering: Answering, drafts: Drafts, service: Service) -> Desk:
    """Return what the handlers work with."""
    store, replies = service.store, Replies(drafts)
    invites = Invites(store, service.bot_id)
    access = Access(settings, invites)
    uses = Uses(store, service.bot_id)
    return Desk(
        bot_id=service.bot_id,
        me=service.bot_username,
        settings=settings,
        answering=answering,
        drafts=drafts,
        replies=replies,
        interactive=service.interactive,
        store=store,
        sent=service.sent,
        notices=service.notices,
        health=service.health,
        downloads=service.downloads,
        beside=service.beside,
        cards=Cards(store, service.bot_id),
        linked=Linked(store, service.bot_id),
        turns=Turns(store, service.bot_id),
        access=access,
        invites=invites,
        quotas=Quotas(settings, access, uses, drafts, replies),
    )
