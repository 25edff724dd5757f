"""A question on its way: searched, answered with a card, and answered anew when it changes."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cards.making import card_of
from bot.cards.rendering import render
from bot.memory.asked import Asked
from bot.questions.querying import Querying, talk_of
from index.disagreement import differing
from index.errors import QuestionError

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.incoming import Incoming
    from bot.memory.cards import Card
    from bot.questions.querying import Understood
    from bot.texts import Texts
    from index.types import Answer

__all__ = ["Asking"]

_log = logging.getLogger(__name__)


class Asking:
    """Answers questions with cards; one asked too long ago gets an apology instead."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked = Asked(desk.store, desk.bot_id)
        self._querying = Querying(desk)

    async def answer(self, incoming: Incoming, question: str) -> None:
        """Answer a message."""
        desk = self._desk
        if time.time() - incoming.sent_at > desk.settings.stale_after_s:
            desk.replies.say(incoming, incoming.texts("too-late"), is_reply=True)
            return
        if not desk.quotas.admits(incoming):
            return
        understood = self._querying.of_message(incoming, question)
        if not understood.is_askable:
            await self._say_problem(incoming, understood, incoming.texts)
            return
        card = await self._card(incoming, question, understood)
        if card is None:
            desk.replies.say(incoming, incoming.texts("ask-usage"))
            return
        html, keyboard = render(card, desk.answering.library, incoming.texts, me=desk.me)
        desk.replies.say(incoming, html, keyboard=keyboard, tag=card.tag)
        desk.drafts.also(incoming.update_id, lambda c: desk.cards.add_within(c, card))
        self._note_links(incoming, card)
        if (talk := talk_of(incoming)) is not None:
            after = understood.after
            desk.drafts.also(
                incoming.update_id, lambda c: desk.turns.add_within(c, talk, card.id, after=after)
            )

    async def answer_anew(
        self, incoming: Incoming, question: str, old: Card, texts: Texts, *, is_press: bool = False
    ) -> None:
        """Put the answer to a question in the place of a card that answered an earlier one.

        A question that can't be asked leaves the card as it was, and a reply says why. By a press
        of `old` it is not put over an edited question's answer.
        """
        if not self._desk.quotas.admits(incoming):
            return
        understood = self._querying.of_message(incoming, question, again=old)
        if not understood.is_askable:
            await self._say_problem(incoming, understood, texts, is_reply=True)
            return
        found = await self._card(incoming, question, understood)
        if found is None:
            self._desk.replies.say(incoming, texts("ask-usage"), is_reply=True)
            return
        card = replace(
            found,
            id=old.id,
            asker_id=old.asker_id,
            question_id=old.question_id,
            thread_id=old.thread_id,
            language=texts.language,
        )
        self._note_links(incoming, card)
        self.show(incoming, card, texts, edition=old.edition if is_press else None)

    def show(
        self,
        incoming: Incoming,
        card: Card,
        texts: Texts,
        *,
        edition: int | None,
        message_id: int | None = None,
    ) -> None:
        """Show a changed card where it stands: in a message, or in the one that has its tag.

        Presses and messages are handled side by side: where the card is of another edition by
        then, the press has come too late and nothing happens.
        """
        desk = self._desk
        html, keyboard = render(card, desk.answering.library, texts, me=desk.me)
        desk.replies.edit(incoming, message_id, html, keyboard=keyboard, tag=card.tag)
        desk.drafts.also(
            incoming.update_id, lambda c: desk.cards.change_within(c, card, edition=edition)
        )

    async def _say_problem(
        self, incoming: Incoming, understood: Understood, texts: Texts, *, is_reply: bool = False
    ) -> None:
        """Say why a question can't be asked."""
        said, buttons = await self._querying.problem(understood, texts)
        self._desk.replies.say(incoming, said, keyboard=buttons, is_reply=is_reply)

    def _note_links(self, incoming: Incoming, card: Card) -> None:
        """Remember how the passages of a card begin, whose links it shows."""
        desk = self._desk
        hits = [desk.answering.library.hit_of(each.passage_id) for each in card.shown]
        passages = [hit.passage for hit in hits if hit is not None]
        desk.drafts.also(incoming.update_id, lambda c: desk.linked.note_within(c, passages))

    async def _card(
        self, incoming: Incoming, question: str, understood: Understood
    ) -> Card | None:
        """Return the card for an askable question, None for one that is refused."""
        desk = self._desk
        began_at = time.monotonic()
        try:
            async with desk.interactive.typing(incoming.chat_id, incoming.thread_id):
                answer = await desk.answering.answer(understood.query)
                self._note(incoming, answer, ms=1000 * (time.monotonic() - began_at))
        except QuestionError:
            return None
        card = card_of(
            answer,
            incoming,
            differing=differing(answer),
            question=question,
            understood=answer.query if answer.is_followup else None,
        )
        return replace(card, limits=understood.limits(incoming.texts))

    def _note(self, incoming: Incoming, answer: Answer, *, ms: float) -> None:
        """Keep what was asked and how it went; only where a setting says so it is logged, too."""
        desk = self._desk
        desk.drafts.also(
            incoming.update_id,
            lambda connection: self._asked.add_within(connection, incoming, answer, ms=ms),
        )
        if desk.settings.log_questions:  # as a literal: no line of the log is made up by anybody
            verdict, sureness = answer.verdict, answer.confidence
            _log.info("%s (%.2f) in %.0f ms: %r", verdict, sureness, ms, answer.query)
