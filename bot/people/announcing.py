"""Asks again what was not answered whenever another index is live, and tells who waits for it."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.cards.making import card_of
from bot.cards.markup import fits
from bot.cards.rendering import render
from bot.database.store import StoreError
from bot.delivery.outgoing import Outgoing
from bot.errors import NobodyWaitsError
from bot.incoming import Incoming
from bot.memory.waiting import Waiting
from bot.questions.querying import Querying
from bot.replies import content
from bot.texts import texts_for
from index.disagreement import differing
from index.errors import EngineError, GenerationError, VerbatimError
from index.types import Verdict

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.desk import Desk
    from bot.memory.waiting import WaitingFor
    from index.types import Answer

__all__ = ["Announcer"]

_EVERY_S = 1.0
_BATCH = 4  # at once: whoever asks meanwhile waits for no more than these

_log = logging.getLogger(__name__)


class Announcer:
    """Tells once, also when the process is killed at any time.

    What was asked in reply to a document is asked again of all documents: any may answer it now.
    Each row names the index that was asked last, so it does not matter when another became live,
    nor whether the bot was running then. The message and the removal of the row are one
    transaction.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting = Waiting(desk.store, desk.bot_id)
        self._querying = Querying(desk)

    async def run(self) -> None:
        """Look for another index for as long as the bot runs."""
        while True:
            try:
                await self.announce()
            except (StoreError, EngineError, GenerationError) as error:
                _log.warning("who waits for an answer can't be told now: %s", error)
            await asyncio.sleep(_EVERY_S)

    async def announce(self) -> None:
        """Ask the live index all that it was not asked yet, and tell of what it answers.

        Raises:
            StoreError: the file can't be used now.
            EngineError: the index can't be.
            GenerationError: the same.
        """
        while True:
            generation = self._desk.answering.library.generation
            batch = self._waiting.not_asked(generation, most=_BATCH)
            if not batch:
                return
            answers = await asyncio.gather(*map(self._answer, batch))
            for waiting, answer in zip(batch, answers, strict=True):
                await self._settle(waiting, answer, generation)

    async def _settle(self, waiting: WaitingFor, answer: Answer | None, generation: str) -> None:
        def remove(connection: Connection) -> None:
            self._waiting.remove_within(connection, waiting)

        def note(connection: Connection) -> None:
            self._waiting.asked_within(connection, waiting, generation)

        if not self._may_be_told(waiting):
            await self._desk.store.write(remove)
        elif answer is None or answer.verdict != Verdict.ANSWERED:
            await self._desk.store.write(note)
        else:
            await self._tell(waiting, answer)

    async def _answer(self, waiting: WaitingFor) -> Answer | None:
        understood = self._querying.of_text(waiting.question)
        if not understood.is_askable:  # a document that it was limited to is gone
            return None
        try:
            return await self._desk.answering.answer(understood.query)
        except (EngineError, GenerationError):
            raise  # nobody was asked
        except VerbatimError:
            return None
        except Exception:  # noqa: BLE001 -- whatever it is, the others are still asked
            _log.exception("a question that is waited for could not be asked")
            return None

    def _may_be_told(self, waiting: WaitingFor) -> bool:
        """Whether somebody may still ask; he may have been shown out since."""
        return self._desk.access.is_allowed(user_id=waiting.user_id, chat_id=waiting.chat_id)

    async def _tell(self, waiting: WaitingFor, answer: Answer) -> None:
        """Send the card as a reply to the question, to all who wait for it there."""
        desk, texts = self._desk, texts_for(waiting.language)
        limits = self._querying.of_text(waiting.question).limits(texts)
        card = card_of(
            answer, _asked(waiting), differing=differing(answer), question=waiting.question
        )
        card = replace(card, limits=limits)
        html, keyboard = render(card, desk.answering.library, texts, me=desk.me)
        told = texts.html("now-answered") + Markup("\n\n") + html
        arguments = content(told if fits(told) else html, keyboard)
        arguments["reply_parameters"] = {
            "message_id": waiting.question_id,
            "allow_sending_without_reply": True,
        }
        if waiting.thread_id is not None:
            arguments["message_thread_id"] = waiting.thread_id

        def also(connection: Connection) -> None:
            self._waiting.tell_within(connection, waiting)
            desk.cards.add_within(connection, card)

        message = Outgoing(chat_id=waiting.chat_id, arguments=arguments, tag=card.tag)
        with suppress(NobodyWaitsError):  # forgotten meanwhile, or told with another
            await desk.notices.send(message, also=also)


def _asked(waiting: WaitingFor) -> Incoming:
    """Return the question as if it had come in now."""
    return Incoming(
        update_id=0,
        chat_id=waiting.chat_id,
        is_private=waiting.chat_id == waiting.asker_id,
        thread_id=waiting.thread_id,
        user_id=waiting.asker_id,
        message_id=waiting.question_id,
        reply_to_id=None,
        sent_at=time.time(),
        text=waiting.question,
        texts=texts_for(waiting.language),
    )
