"""The buttons under an answer: other hits, context, the rest of a long passage, the document."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.delivery.sent import SentMessage
from bot.incoming import Incoming
from bot.questions.asking import Asking
from bot.questions.originals import hand_over
from bot.questions.presses import exactly
from bot.texts import texts_for

if TYPE_CHECKING:
    from telegram import CallbackQuery, Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.memory.cards import Card

__all__ = ["Pages", "changed_by"]

_PRESS = re.compile(r"(go|cx|op|cl|re|doc):([A-Za-z0-9_-]{10})((?::[0-9]{1,4}){0,2})")
_MAX_CONTEXT = 20


class Pages:
    """Presses of a card's buttons.

    What a button holds is a state to show, never a step from the last one: however often and late
    it is pressed, it leads to the same. Nobody but who asked moves an answer.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asking = Asking(desk)

    def register(self, application: AnyApplication) -> None:
        """Add the handler."""
        application.add_handler(CallbackQueryHandler(self.press, pattern=exactly(_PRESS)))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Do what a button says, if it is this person's to press."""
        query, incoming = update.callback_query, Incoming.from_update(update)
        match = _PRESS.fullmatch(query.data or "") if query is not None else None
        if query is None or incoming is None:
            return
        verb, card_id, _ = match.groups() if match else ("", "", "")  # empty data fits any pattern
        card = self._desk.cards.get(card_id)
        if card is None or not self._stands_there(card, incoming):
            await self._toast(query, incoming.texts("card-gone"))
        elif card.asker_id not in {None, incoming.user_id}:
            await self._toast(query, incoming.texts("not-yours"))
        else:
            await self._do(query, incoming, card, verb)

    async def _do(self, query: CallbackQuery, incoming: Incoming, card: Card, verb: str) -> None:
        texts = texts_for(card.language)
        if verb == "re":
            await self._toast(query)
            await self._asking.answer_anew(incoming, card.question, card, texts, is_press=True)
        elif verb == "doc":
            await self._hand_over(query, incoming, card)
        else:
            await self._toast(query)
            changed = changed_by(card, query.data or "")
            if changed != card:
                self._asking.show(
                    incoming,
                    changed,
                    texts,
                    edition=card.edition,
                    message_id=incoming.message_id,
                )

    async def _hand_over(self, query: CallbackQuery, incoming: Incoming, card: Card) -> None:
        """Send the document of the hit on the screen, once."""
        desk = self._desk
        place = desk.answering.library.place(card.on_screen[0].passage_id) if card.shown else None
        if place is None:
            await self._toast(query, incoming.texts("passage-gone"))
        elif place.document_id in card.handed:
            await self._toast(query, incoming.texts("document-sent"))
        else:
            await self._toast(query)
            if await hand_over(desk, incoming, place.source):
                changed = replace(card, handed=(*card.handed, place.document_id))
                desk.drafts.also(
                    incoming.update_id,
                    lambda c: desk.cards.change_within(c, changed, edition=card.edition),
                )

    def _stands_there(self, card: Card, incoming: Incoming) -> bool:
        """Whether the pressed message shows the card, as far as that is known."""
        tag = self._desk.sent.tag_of(SentMessage(incoming.chat_id, incoming.message_id))
        return card.chat_id == incoming.chat_id and tag in {None, card.tag}

    async def _toast(self, query: CallbackQuery, text: str | None = None) -> None:
        shown = {"text": text} if text else {}
        await self._desk.interactive.answer_press(query.id, **shown)


def changed_by(card: Card, data: str) -> Card:
    """Return the card as a button leads to it; by a state that it can't be in, as it is."""
    match = _PRESS.fullmatch(data)
    verb, _, numbers = match.groups() if match else ("", "", "")
    if verb == "cl":
        return replace(card, lists_titles=True)
    at, *rest = [int(number) for number in numbers.split(":")[1:]] or [-1]
    if not 0 <= at < len(card.pages):
        return card
    page = replace(card, at=at, before=0, after=0, part=None)
    match verb, rest:
        case "go", []:
            return page
        case "cx", [each_way] if each_way <= _MAX_CONTEXT:
            return replace(page, before=each_way, after=each_way)
        case "op", [part]:
            return replace(page, part=part)
    return card
