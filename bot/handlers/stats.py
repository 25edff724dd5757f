"""How the bot is doing, for its admins: above all, which document is missing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, ContextTypes, filters

from bot.cards.windows import clipped
from bot.incoming import Incoming
from bot.memory.asked import Asked
from bot.memory.votes import Votes
from bot.people.admins import sent_by_admins
from bot.people.grouping import alike
from bot.people.retention import DAY_S
from index.types import Verdict

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.texts import Texts

__all__ = ["Stats"]

_DAYS = 30
_MOST_SLOW = 3
_MOST_GROUPS = 8
_MOST_UNANSWERED = 300
_ALIKE = 0.75
_QUESTION_UNITS = 150


class Stats:
    """/stats, in private: others' questions are not for a group. Nobody else has the command."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked = Asked(desk.store, desk.bot_id)
        self._votes = Votes(desk.store, desk.bot_id)

    def register(self, application: AnyApplication) -> None:
        """Add the handler."""
        by_admin = sent_by_admins(self._desk.settings) & filters.ChatType.PRIVATE
        application.add_handler(CommandHandler("stats", self.stats, filters=by_admin))

    async def stats(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what was asked lately, how it went, and what had no answer."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        since = time.time() - _DAYS * DAY_S
        unanswered = self._asked.unanswered(since=since, most=_MOST_UNANSWERED)
        vectors = await self._desk.answering.vectors(unanswered)
        groups = [(len(group), unanswered[group[0]]) for group in alike(vectors, threshold=_ALIKE)]
        paragraphs = (
            self._numbers(incoming.texts, since),
            self._slowest(incoming.texts, since),
            _missing(incoming.texts, groups[:_MOST_GROUPS]),
        )
        self._desk.replies.say(incoming, "\n\n".join(filter(None, paragraphs)))

    def _numbers(self, texts: Texts, since: float) -> str:
        now = time.time()
        day, week = (sum(self._asked.count(since=now - n * DAY_S).values()) for n in (1, 7))
        count = self._asked.count(since=since)
        month = sum(count.values())
        up, down = self._votes.count(since=since)
        lines = [texts("stats-questions", day=day, week=week, month=month)]
        if month:
            refused, unsure = (
                round(100 * count[verdict] / month)
                for verdict in (Verdict.NO_ANSWER, Verdict.UNSURE)
            )
            lines.append(texts("stats-verdicts", refused=refused, unsure=unsure))
        lines.append(texts("stats-thumbs", up=up, down=down))
        return "\n".join(lines)

    def _slowest(self, texts: Texts, since: float) -> str:
        slowest = self._asked.slowest(since=since, most=_MOST_SLOW)
        lines = [
            texts(
                "stats-slow", ms=round(each.ms), question=clipped(each.question, _QUESTION_UNITS)
            )
            for each in slowest
        ]
        return "\n".join([texts("stats-slowest"), *lines]) if lines else ""


def _missing(texts: Texts, groups: list[tuple[int, str]]) -> str:
    lines = [
        texts("stats-group", count=count, question=clipped(question, _QUESTION_UNITS))
        for count, question in groups
    ]
    return "\n".join([texts("stats-unanswered"), *lines]) if lines else ""
