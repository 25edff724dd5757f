"""The bot at work: inbox, lanes and outbox around the handlers, from start to stop."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from telegram import Update

from bot.delivery.beside import keep_up, prune
from bot.delivery.downloads import Downloads
from bot.delivery.handling import Handling
from bot.delivery.health import Health
from bot.delivery.inbox import Inbox
from bot.delivery.interactive import Interactive
from bot.delivery.notices import Notices
from bot.delivery.ordering import Lanes
from bot.delivery.outbox import Outbox
from bot.delivery.outgoing import Messages
from bot.delivery.pacing import Pacing
from bot.delivery.polling import Poller
from bot.delivery.sent import Sent
from bot.delivery.uploads import Uploads
from bot.delivery.web import WebServer, health_app, webhook_app
from bot.sharing.claims import Duty
from bot.sharing.membership import Reactions, Shared, Single
from bot.sharing.replica import Replica

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path

    from telegram.request import BaseRequest

    from bot.database.store import Store
    from bot.delivery.drafts import Drafts
    from bot.delivery.inbox import Received
    from bot.handlers import AnyApplication
    from bot.sharing.membership import Membership

__all__ = ["KINDS", "Service"]

KINDS = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.CHOSEN_INLINE_RESULT,
    Update.MY_CHAT_MEMBER,
)
"""The kinds of updates that the bot asks for; what no handler takes is received and done."""

# Updates handled at once: most of them wait for the search, and /help must not wait with them.
_WIDTH = 512
_SUSPECT_ATTEMPTS = 3
_ALONE_S = 30.0
_SENDING_SHARE = 0.25  # of the time to stop: what is answered last is to be sent, too

_log = logging.getLogger(__name__)


class Service:
    """Everything between Telegram and the handlers; `application` must be initialised.

    Handlers say through `drafts` what must not be lost, call through `interactive` what can't
    wait, and find in `sent` what they have said. Files are sent from `files_dir` alone. The store
    is closed with the rest.

    The order of stopping is the order in which messages pass: take nothing more, finish what is
    at work, send what may be sent, and close the file last.
    """

    def __init__(
        self,
        application: AnyApplication,
        drafts: Drafts,
        *,
        store: Store,
        per_s: int,
        chat_per_s: int,
        files_dir: Path | None = None,
        index_problem: Callable[[], str] = lambda: "",
    ) -> None:
        self._application = application
        self.store = store
        bot = application.bot
        self.bot_id = bot.id
        self.bot_username = bot.username
        self._membership: Membership = Single()
        if store.is_shared:
            self._membership = Shared(Replica(bot.id), self.store)
        claims = self._membership.claims
        self.sent = Sent(self.store, bot.id)
        self._messages = Messages(self.store, self.sent, bot.id, claims)
        self._inbox = Inbox(self.store, self._messages, bot.id, claims)
        self._beside: list[tuple[Duty, Callable[[], Coroutine[Any, Any, None]]]] = []
        self._receiving: list[asyncio.Task[None]] = []
        self._servers: list[WebServer] = []
        self._poller: Poller | None = None
        self.refused = asyncio.Event()
        self.health = Health(
            file_problem=lambda: self.store.problem,
            index_problem=index_problem,
            lease_problem=lambda: self._membership.problem,
        )
        self._pacing = pacing = Pacing(per_s=per_s, chat_per_s=chat_per_s)
        self.outbox = Outbox(
            bot,
            self._messages,
            pacing,
            Uploads(files_dir),
            on_refused=self.refused.set,
            claims=claims,
        )
        self._handling = Handling(application, drafts, self._inbox, wake=self.outbox.wake)
        self._lanes = Lanes(self._handling.handle, width=_WIDTH)
        self.interactive = Interactive(bot, self.outbox, pacing)
        self.downloads = Downloads(bot)
        self.notices = Notices(self.store, self._messages, self.outbox)

    def beside(self, duty: Duty, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have something done, by one process of several, as long as updates are taken.

        It is cancelled first of all.
        """
        self._beside.append((duty, work))

    async def join(self, *, is_polling: bool, patience_s: float) -> None:
        """Wait until no other process is in the way.

        Raises:
            StateFolderError: one is, and does not end.
        """
        reactions = Reactions(
            on_live=self._pacing.share,
            told={Duty.HANDLING: self._handle_new, Duty.SENDING: self._send_new},
            take_up=self._take_up,
            on_held=self.outbox.start,
        )
        await self._membership.join(reactions, is_polling=is_polling, patience_s=patience_s)

    async def resume(self) -> None:
        """Take up what was left when the bot ended last."""
        self._run(keep_up(self.health.watch))
        self.outbox.start()
        await self._resume(self._inbox.unfinished())
        self._run(keep_up(self._membership.run))
        self.beside(Duty.PRUNING, partial(prune, self.store, self._inbox, self.sent, self.bot_id))
        for duty, work in self._beside:
            self._run(keep_up(partial(self._membership.while_mine, duty, work)))

    async def _take_up(self) -> bool:
        """Go on with what other processes left, and leave them what is at rest here."""
        left = await self._inbox.take_up()
        were_chats = await self._messages.take_up()
        await self.outbox.rest()
        self.outbox.start()
        await self._resume(left)
        return bool(left) or were_chats

    async def _resume(self, left: Sequence[Received]) -> None:
        """Handle what waits; among it, what was begun before and not finished.

        What was so again and again is taken up first and alone: should it end the process once
        more, nothing else was begun by then that could be taken for the cause.
        """
        if left:
            _log.info("%d updates were left unfinished: resuming", len(left))
        self._handling.take_up(update_id for update_id, _ in left)
        for each in self._inbox.suspects(attempts=_SUSPECT_ATTEMPTS):
            if each in left:
                await self._lanes.alone(each.lane, patience_s=_ALONE_S)
                self.outbox.start()  # broken off in its last moment, it may have left an answer
        self._lanes.look_through(each.lane for each in self._inbox.unfinished())

    def _receive(self, received: Sequence[Received]) -> None:
        self._lanes.add(each.lane for each in received)

    def _handle_new(self, lane: int) -> bool:
        self._lanes.add([lane])
        return self._inbox.first_of(lane) is not None

    def _send_new(self, chat_id: int) -> bool:
        self.outbox.wake(chat_id)
        return self._messages.first_of(chat_id) is not None

    def poll(self, request: BaseRequest) -> asyncio.Task[None]:
        """Begin to poll; the task ends only by an error."""
        self._poller = Poller(
            request,
            self._application.bot.base_url,
            self._inbox,
            self.health,
            kinds=KINDS,
            on_received=self._receive,
        )
        return self._run(self._membership.while_mine(Duty.POLLING, self._poller.run))

    async def listen(self, host: str, port: int, *, path: str, secret: str) -> None:
        """Begin to take updates from a webhook.

        Raises:
            ConfigurationError: the address can't be used.
        """
        app = webhook_app(path, secret, self._inbox, on_received=self._receive)
        await self._serve(WebServer(app, host, port))
        self.health.is_receiving = True

    async def show_health(self, host: str, port: int) -> None:
        """Serve `/healthz` and `/readyz`.

        Raises:
            ConfigurationError: the address can't be used.
        """
        await self._serve(WebServer(health_app(self.health), host, port))

    async def stop(self, *, deadline_s: float) -> None:
        """Take nothing more, finish what is in flight until the deadline, and close."""
        ends_at = time.monotonic() + deadline_s
        self.health.is_stopping = True
        for task in self._receiving:
            task.cancel()
        await asyncio.gather(*self._receiving, return_exceptions=True)
        for server in self._servers:
            await server.stop()
        left_s = max(0.0, ends_at - time.monotonic())
        is_done = await self._lanes.stop(deadline_s=left_s * (1 - _SENDING_SHARE))
        left_s = max(0.0, ends_at - time.monotonic())
        is_done &= await self.outbox.stop(deadline_s=left_s)
        if self._poller is not None and not self.refused.is_set():
            await self._poller.confirm()
        await self._membership.leave()
        self.store.close()
        if not is_done:
            _log.warning("not everything was finished in time: the rest waits for the next start")

    async def _serve(self, server: WebServer) -> None:
        await server.start()
        self._servers.append(server)

    def _run(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._receiving.append(task)
        return task
