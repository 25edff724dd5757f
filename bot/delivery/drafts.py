"""What the handling of an update leads to, kept until all of it is written in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from bot.delivery.outgoing import Outgoing

    Work: TypeAlias = Callable[[Connection], None]

__all__ = ["Draft", "Drafts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The messages that answer one update, in order, and what else is to be written with them.

    One that `is_put_off` is nothing of the kind: the update is to be handled again.
    """

    messages: list[Outgoing] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    is_put_off: bool = False


class Drafts:
    """What handlers want to say and to remember, by update.

    It is written with the mark that the update is done: all of it once, or nothing and the update
    is handled again. So a handler must change nothing by any other way.
    """

    def __init__(self) -> None:
        self._by_update: dict[int, Draft] = {}

    def add(self, update_id: int, message: Outgoing) -> None:
        """Keep a message that answers an update."""
        self._of(update_id).messages.append(message)

    def also(self, update_id: int, work: Work) -> None:
        """Keep a change of the bot's database that belongs to the answer.

        `work` runs in the store's thread, within the transaction. What it raises undoes all of it:
        then the person gets an apology in place of the answer.
        """
        self._of(update_id).works.append(work)

    def put_off(self, update_id: int) -> None:
        """Have an update handled again in a while, as what its answer depends on can't be read."""
        self._by_update[update_id] = Draft(is_put_off=True)

    def take(self, update_id: int) -> Draft:
        """Return what an update led to, and forget it."""
        return self._by_update.pop(update_id, Draft())

    def _of(self, update_id: int) -> Draft:
        return self._by_update.setdefault(update_id, Draft())
