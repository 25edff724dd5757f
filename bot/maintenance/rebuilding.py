"""Builds that admins ask for: one after another, shown as they go on, and reported at the end."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.cards.builds import progress_text, report_text
from bot.delivery.outgoing import Outgoing
from bot.delivery.store import StoreError
from bot.maintenance.building import build_apart
from bot.maintenance.events import BuildEnd, BuildEvent
from bot.memory.rebuilds import Rebuilds
from bot.replies import content
from bot.texts import texts_for
from index.errors import GenerationError
from index.generations import Generations
from index.promotion import read_judgement

if TYPE_CHECKING:
    from bot.delivery.sent import SentMessage
    from bot.desk import Desk
    from bot.maintenance.events import Progress
    from bot.memory.rebuilds import Rebuild
    from bot.texts import Texts

__all__ = ["Rebuilder", "live_name"]

_LOOK_S = 0.5
_LOOKS = 10
_EDIT_EVERY_S = 3.0  # Telegram answers a flood of edits with waits of hours; so later less often
_LESS_OFTEN = 1.25
_EDIT_AT_LEAST_EVERY_S = 30.0

_log = logging.getLogger(__name__)


class Rebuilder:
    """Does what stands in `Rebuilds`.

    What came of a build is told by the index itself, so it does not matter whose build it was:
    where documents are watched, the watcher's may have come first.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rebuilds = Rebuilds(desk.store, desk.bot_id)
        self._generations = Generations(desk.settings.state_dir)

    async def run(self) -> None:
        """Say what came of the build that the bot's last end interrupted; then do the others."""
        for rebuild in self._waiting():
            if rebuild.is_begun:
                await self._report(rebuild, self._come_of(rebuild, BuildEvent()))
        while True:
            # An update's transaction can't wake us; looking costs nothing.
            for rebuild in self._waiting()[:1]:
                await self._rebuild(rebuild)
            await asyncio.sleep(_LOOK_S)

    def _waiting(self) -> list[Rebuild]:
        try:
            return self._rebuilds.all()
        except StoreError as error:
            _log.error("the builds to do can't be read: %s", error)
            return []

    async def _rebuild(self, rebuild: Rebuild) -> None:
        texts = texts_for(rebuild.language)
        shown = _message(rebuild, progress_text(None, texts), tag=rebuild.tag)
        await self._desk.notices.send(
            shown, also=lambda connection: self._rebuilds.begin_within(connection, rebuild)
        )
        showing = _Showing(self._desk, rebuild, texts)
        task = asyncio.create_task(showing.run())
        try:
            event = await build_apart(self._desk.settings, showing.tell)
        except TimeoutError:
            minutes = self._desk.settings.rebuild_timeout_s // 60
            event = BuildEvent(end=BuildEnd.FAILED, error=texts("rebuild-timeout", count=minutes))
        except Exception as error:  # noqa: BLE001 -- whoever asked must hear of it
            _log.exception("a build could not be started")
            event = BuildEvent(end=BuildEnd.FAILED, error=type(error).__name__)
        finally:
            showing.stop()
            await task
        await self._report(rebuild, self._come_of(rebuild, event))

    def _come_of(self, rebuild: Rebuild, event: BuildEvent) -> BuildEvent:
        """Return what came of a build: also where another did it, or nobody was left to say."""
        if event.end in {None, BuildEnd.CURRENT}:
            live = live_name(self._generations)
            if live not in {None, rebuild.before}:
                return BuildEvent(end=BuildEnd.PROMOTED, generation=live)
        return event

    async def _report(self, rebuild: Rebuild, event: BuildEvent) -> None:
        texts = texts_for(rebuild.language)
        text = await asyncio.to_thread(self._report_text, event, texts)
        await self._desk.notices.send(
            _message(rebuild, text, edits=await self._message_id(rebuild)),
            also=lambda connection: self._rebuilds.end_within(connection, rebuild),
        )

    async def _message_id(self, rebuild: Rebuild) -> int | None:
        """Return the message that shows how a build goes on, None if it is not sent for a while.

        After a short build it may not have left yet.
        """
        for _ in range(_LOOKS):
            if message := _shown(self._desk, rebuild):
                return message.message_id
            await asyncio.sleep(_LOOK_S)
        return None

    def _report_text(self, event: BuildEvent, texts: Texts) -> str:
        if event.end is None:
            return texts("rebuild-interrupted")
        manifest = judgement = None
        if event.generation is not None:
            judgement = read_judgement(self._generations.folder_of(event.generation))
            try:
                manifest = self._generations.manifest(event.generation)
            except GenerationError as error:
                _log.warning("what was built can't be read: %s", error)
        return report_text(event, texts, manifest=manifest, judgement=judgement)


class _Showing:
    """Shows how a build goes on, in one message."""

    def __init__(self, desk: Desk, rebuild: Rebuild, texts: Texts) -> None:
        self._desk = desk
        self._rebuild = rebuild
        self._texts = texts
        self._latest: Progress | None = None
        self._is_over = asyncio.Event()

    def tell(self, progress: Progress) -> None:
        """Take note of how far it is."""
        self._latest = progress

    def stop(self) -> None:
        """Show nothing more, after an edit that is being made."""
        self._is_over.set()

    async def run(self) -> None:
        """Edit the message now and then, until `stop`."""
        shown, wait_s = progress_text(None, self._texts), _EDIT_EVERY_S
        while not await self._is_over_within(wait_s):
            text = progress_text(self._latest, self._texts)
            message = _shown(self._desk, self._rebuild)
            if text == shown or message is None:
                continue
            await self._desk.interactive.edit(*message, **content(text))
            shown, wait_s = text, min(_LESS_OFTEN * wait_s, _EDIT_AT_LEAST_EVERY_S)

    async def _is_over_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._is_over.wait()
        except TimeoutError:
            return False


def _shown(desk: Desk, rebuild: Rebuild) -> SentMessage | None:
    """Return the message that shows how a build goes on, None where it can't be told."""
    try:
        messages = desk.sent.tagged(rebuild.tag)
    except StoreError as error:
        _log.error("the message of a build can't be found: %s", error)
        return None
    return messages[-1] if messages else None


def live_name(generations: Generations) -> str | None:
    """Return the live generation's name, None where there is none that can be told."""
    try:
        return generations.current()
    except GenerationError:
        return None


def _message(
    rebuild: Rebuild, text: str, *, edits: int | None = None, tag: str | None = None
) -> Outgoing:
    arguments = content(text)
    if edits is not None:
        arguments["message_id"] = edits
    elif rebuild.thread_id is not None:
        arguments["message_thread_id"] = rebuild.thread_id
    method = "sendMessage" if edits is None else "editMessageText"
    return Outgoing(chat_id=rebuild.chat_id, method=method, arguments=arguments, tag=tag)
