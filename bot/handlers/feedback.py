"""Thumbs under an answer, and which passage was right."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.cards.windows import clipped
from bot.incoming import Incoming
from bot.memory.votes import Quoted, Vote, Votes
from bot.questions.presses import exactly
from bot.questions.querying import Querying
from index.errors import QuestionError
from index.types import Span, Verdict

if TYPE_CHECKING:
    from telegram import CallbackQuery, Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.memory.cards import Card, Shown
    from bot.replies import Keyboard

__all__ = ["Feedback"]

_PRESS = re.compile(
    r"(?:(?P<thumb>up|dn)|right):(?P<card>[A-Za-z0-9_-]{10})"
    r"(?(thumb)|:(?:none|(?P<passage>[A-Za-z0-9_-]{1,20}):(?P<start>[0-9]{1,5}):(?P<end>[0-9]{1,5})))"
)
_MOST_OFFERED = 4
_LABEL_UNITS = 45


class Feedback:
    """Presses of thumbs. Everybody who may ask has one vote on a card; the last one counts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._votes = Votes(desk.store, desk.bot_id)
        self._querying = Querying(desk)

    def register(self, application: AnyApplication) -> None:
        """Add the handler."""
        application.add_handler(CallbackQueryHandler(self.press, pattern=exactly(_PRESS)))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Count a vote, or what somebody who voted says was right."""
        query, incoming = update.callback_query, Incoming.from_update(update)
        match = _PRESS.fullmatch(query.data or "") if query is not None else None
        if query is None or incoming is None or match is None:
            return
        card = self._desk.cards.get(match["card"])
        vote = before = None
        if card is not None and card.chat_id == incoming.chat_id and incoming.user_id is not None:
            before = self._votes.get(card.id, incoming.user_id)
            if match["thumb"]:
                thumb = _thumb(card, incoming.user_id, is_up=match["thumb"] == "up")
                vote = before if _is_same(before, thumb) else thumb
            else:
                vote = self._corrected(before, card, match)
        if card is None or vote is None:
            await self._toast(query, incoming.texts("card-gone"))
            return
        await self._toast(query, incoming.texts("vote-noted"))
        self._desk.drafts.also(
            incoming.update_id, lambda connection: self._votes.cast_within(connection, vote)
        )
        if not match["thumb"]:
            self._close(incoming)
        elif match["thumb"] == "dn" and vote is not before:
            await self._ask(incoming, card, vote)

    def _corrected(self, vote: Vote | None, card: Card, match: re.Match[str]) -> Vote | None:
        """Return a vote with what was right, None where that can't be said of it."""
        if vote is None or vote.question != card.understood:
            return None
        if match["passage"] is None:
            return replace(vote, is_up=False, right=None, is_none_right=True)
        right = Quoted(
            passage_id=match["passage"], highlight=Span(int(match["start"]), int(match["end"]))
        )
        if right.passage_id == _judged(vote) or not self._words_of(right):
            return None
        return replace(vote, is_up=False, right=right, is_none_right=False)

    async def _ask(self, incoming: Incoming, card: Card, vote: Vote) -> None:
        """Ask which passage was right, once for all who vote: it costs a search."""
        desk, tag = self._desk, f"right:{card.id}"
        if desk.sent.tagged(tag):
            return
        keyboard: Keyboard = []
        for quoted in await self._offered(card):
            words = self._words_of(quoted)
            if words and quoted.passage_id != _judged(vote) and len(keyboard) < _MOST_OFFERED:
                start, end = quoted.highlight
                data = f"right:{card.id}:{quoted.passage_id}:{start}:{end}"
                label = clipped(words, _LABEL_UNITS)
                keyboard.append([{"text": label, "callback_data": data}])
        none = {"text": incoming.texts("none-right"), "callback_data": f"right:{card.id}:none"}
        keyboard.append([none])
        text = incoming.texts("which-right")
        desk.replies.say(incoming, text, keyboard=keyboard, is_reply=True, tag=tag)

    async def _offered(self, card: Card) -> list[Quoted]:
        """Return the card's hits and those that come next, which were not worth showing."""
        offered = {each.passage_id: _quoted(each) for each in card.shown}
        understood = self._querying.of_text(card.understood)
        with suppress(QuestionError):
            answer = await self._desk.answering.answer(understood.query)
            for hit in answer.hits:
                quoted = Quoted(passage_id=hit.passage.id, highlight=hit.highlight)
                offered.setdefault(hit.passage.id, quoted)
        return list(offered.values())

    def _words_of(self, quoted: Quoted) -> str:
        """Return what would be the answer, in one line; nothing where the passage is gone."""
        place = self._desk.answering.library.place(quoted.passage_id)
        start, end = quoted.highlight
        if place is None or not start < end <= len(place.passage.text):
            return ""
        return " ".join(place.passage.text[start:end].split())

    def _close(self, incoming: Incoming) -> None:
        """In private there is nobody else to ask."""
        if incoming.is_private:
            text = incoming.texts("right-noted")
            self._desk.replies.edit(incoming, incoming.message_id, text)

    async def _toast(self, query: CallbackQuery, text: str) -> None:
        await self._desk.interactive.answer_press(query.id, text=text)


def _thumb(card: Card, user_id: int, *, is_up: bool) -> Vote | None:
    """Return a vote on what the card shows, None for a card that shows nothing."""
    is_answer = bool(card.understood)  # and not what a link opened
    if not is_answer or card.verdict == Verdict.NO_ANSWER or not card.on_screen:
        return None
    alone = card.on_screen[0] if len(card.on_screen) == 1 else None
    return Vote(
        card_id=card.id,
        user_id=user_id,
        asker_id=card.asker_id,
        question=card.understood,
        verdict=card.verdict,
        is_up=is_up,
        judged=_quoted(alone) if alone is not None else None,
        is_limited=bool(card.limits),
        is_first=alone is not None and alone.passage_id == card.shown[0].passage_id,
    )


def _is_same(before: Vote | None, vote: Vote | None) -> bool:
    """Whether a thumb says again what was said before, to the same."""
    said = before and replace(before, right=None, is_none_right=False)
    return said is not None and said == vote


def _judged(vote: Vote) -> str | None:
    return vote.judged.passage_id if vote.judged is not None else None


def _quoted(shown: Shown) -> Quoted:
    return Quoted(passage_id=shown.passage_id, highlight=shown.highlight)
