"""One update from the inbox to what it leads to, handled to its end or set aside."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from telegram import Update

from bot.database.store import StoreError, insist
from bot.delivery.drafts import Draft
from bot.delivery.instead import apology_to
from bot.errors import DoneByAnotherError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from bot.delivery.drafts import Drafts
    from bot.delivery.inbox import Inbox
    from bot.handlers import AnyApplication

__all__ = ["Handling"]

_MAX_ATTEMPTS = 10  # a start each; one that ends the process every time must not do so for ever

_log = logging.getLogger(__name__)


class Handling:
    """Has the handlers handle updates, and writes down what each led to in one transaction.

    `wake` is told of each chat that there is something to send to.
    """

    def __init__(
        self,
        application: AnyApplication,
        drafts: Drafts,
        inbox: Inbox,
        *,
        wake: Callable[[int], None],
    ) -> None:
        self._application = application
        self._drafts = drafts
        self._inbox = inbox
        self._wake = wake
        self._resumed: set[int] = set()

    def take_up(self, update_ids: Iterable[int]) -> None:
        """Know these for updates that were begun before, and count how often they are."""
        self._resumed |= set(update_ids)

    async def handle(self, lane: int) -> bool:
        """Handle the first update of a lane; tell whether there was one.

        Whatever happens, it is done or set aside.
        """
        first = await insist(lambda: self._first(lane))
        if first is None:
            return False
        update_id, body = first
        try:
            if await self._may_begin(update_id, body):
                await self._answer(update_id, body)
        except DoneByAnotherError:
            _log.info("update %d was done by another process meanwhile", update_id)
        except Exception:  # noqa: BLE001 -- whatever it is, its lane must go on
            _log.exception("update %d could not be handled, set aside", update_id)
            await insist(lambda: self._inbox.set_aside(update_id))
        return True

    async def _first(self, lane: int) -> tuple[int, dict[str, Any]] | None:
        return self._inbox.first_of(lane)

    async def _answer(self, update_id: int, body: dict[str, Any]) -> None:
        try:
            update = Update.de_json(body, self._application.bot)
        except Exception as error:  # noqa: BLE001 -- whatever a parser raises for nonsense
            name = type(error).__name__
            _log.error("update %d can't be read (%s), set aside", update_id, name)
            await insist(lambda: self._inbox.set_aside(update_id))
            return
        draft = await insist(lambda: self._handled(update, update_id))
        try:
            await insist(lambda: self._inbox.finish(update_id, draft))
        except DoneByAnotherError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever a work of the draft raises
            draft = await self._draft(self._application.process_error(update, error), update_id)
            apology = Draft(messages=draft.messages)
            await insist(lambda: self._inbox.finish(update_id, apology))
        for chat_id in {message.chat_id for message in draft.messages}:
            self._wake(chat_id)

    async def _handled(self, update: Update, update_id: int) -> Draft:
        """Return what the handlers say to an update.

        Raises:
            StoreError: what they depend on can't be read now.
        """
        draft = await self._draft(self._application.process_update(update), update_id)
        if draft.is_put_off:
            raise StoreError("an update is put off")
        return draft

    async def _draft(self, handling: Awaitable[object], update_id: int) -> Draft:
        """Wait for the handling of an update and return what it led to."""
        try:
            await handling
        finally:
            draft = self._drafts.take(update_id)
        return draft

    async def _may_begin(self, update_id: int, body: dict[str, Any]) -> bool:
        """Whether an update is to be handled; one that ends the process again and again isn't."""
        if update_id not in self._resumed:
            return True
        attempts = await insist(lambda: self._inbox.begin_again(update_id))
        self._resumed.discard(update_id)
        if attempts <= _MAX_ATTEMPTS:
            return True
        _log.error("update %d was never finished, set aside", update_id)
        apology = apology_to(body)
        await insist(lambda: self._inbox.set_aside(update_id, apology))
        for message in apology:
            self._wake(message.chat_id)
        return False
