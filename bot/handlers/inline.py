"""Inline mode: `@bot question` in any chat lists passages, and choosing one posts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telegram.ext import ContextTypes, InlineQueryHandler

from bot.cards.results import article
from bot.incoming import as_text
from bot.memory.inline import InlineQueries
from bot.questions.querying import Querying
from bot.questions.recent import recent_documents
from bot.texts import texts_for
from index.errors import QuestionError
from index.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import InlineQuery, Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.texts import Texts
    from index.types import Hit

__all__ = ["Inline", "open_chat_button"]

MAX_RESULTS = 50  # Bot API, answerInlineQuery; and as many in all pages together
_PER_PAGE = 10
_CACHE_S = 60  # documents change, and so does who may ask
_MAX_DIGITS = 3
_DOUBTS = {Verdict.UNSURE: "inline-unsure", Verdict.NO_ANSWER: "inline-no-answer"}
_START_PARAMETER = "ask"  # no payload of any kind: the bot says what it is for


class Inline:
    """Answers what was typed last; of the rest, and of what is too old, it takes no notice.

    A person's queries are handled one after another, as all updates of a lane are, so that
    nobody's typing holds up the chats of others.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._querying = Querying(desk)
        self._queries = InlineQueries(desk.store, desk.bot_id)

    def register(self, application: AnyApplication) -> None:
        """Add the handler."""
        application.add_handler(InlineQueryHandler(self.ask))

    async def ask(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """List a page of passages for what was typed, or of documents where nothing was."""
        query = update.inline_query
        if query is None or not self._queries.is_current(update.update_id):
            return
        texts = texts_for(query.from_user.language_code)
        start = _start_of(query.offset)
        typed = as_text(query.query).strip()
        found, verdict = await self._found(typed, until=start + _PER_PAGE + 1)
        if not self._queries.is_current(update.update_id):  # the search took its time
            return
        if not found:
            await self._say_nothing(query, texts)
            return
        doubt = _DOUBTS.get(verdict)
        desk = self._desk
        hits = found[start : start + _PER_PAGE]
        end = start + len(hits)
        await desk.interactive.answer_inline(
            query.id,
            results=[article(hit, texts, me=desk.me, is_document=not typed) for hit in hits],
            # Who is shown out must not go on finding what Telegram has kept for him.
            cache_time=_CACHE_S if desk.access.is_open else 0,
            is_personal=True,
            next_offset=str(end) if end < len(found) else "",
            **({"button": open_chat_button(texts(doubt))} if doubt else {}),
        )
        passages = [hit.passage for hit in hits]
        desk.drafts.also(update.update_id, lambda c: desk.linked.note_within(c, passages))

    async def _found(self, typed: str, *, until: int) -> tuple[Sequence[Hit], Verdict]:
        """Return the passages for what was typed, best first, `until` of them at most.

        Beside them stands whether they answer it.
        """
        most = min(until, MAX_RESULTS)
        if not typed:
            return recent_documents(self._desk.answering.library, most), Verdict.ANSWERED
        understood = self._querying.of_text(typed)
        if not understood.is_askable:
            return (), Verdict.NO_ANSWER
        try:
            answer = await self._desk.answering.answer(understood.query, hits=most)
        except QuestionError:
            return (), Verdict.NO_ANSWER
        return answer.hits, answer.verdict

    async def _say_nothing(self, query: InlineQuery, texts: Texts) -> None:
        button = open_chat_button(texts("inline-nothing"))
        await self._desk.interactive.answer_inline(
            query.id, results=[], cache_time=0, is_personal=True, button=button
        )


def open_chat_button(text: str) -> dict[str, Any]:
    """Return a line above the results; pressed, it opens the chat with the bot."""
    return {"text": text, "start_parameter": _START_PARAMETER}


def _start_of(offset: str) -> int:
    """Return at which result a page begins; whoever makes up an offset sees the first one."""
    start = int(offset[:_MAX_DIGITS]) if offset.isdecimal() else 0
    return start if start < MAX_RESULTS else 0
