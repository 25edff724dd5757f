"""From what a person writes to what is searched for: which words, where, and after what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import escape

from bot.cards.limits import limits_line, problem_line
from bot.cards.listing import closest_sources
from bot.cards.reading import Bookmark
from bot.delivery.sent import SentMessage
from bot.memory.turns import Talk
from bot.questions.titles import closest_documents
from index.queries import Turn
from index.scoping import Reason, parse_scope

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.desk import Desk
    from bot.incoming import Incoming
    from bot.memory.cards import Card
    from bot.replies import Keyboard
    from bot.texts import Texts
    from index.queries import Query
    from index.scoping import ScopeProblem
    from index.types import Document

__all__ = ["Querying", "Understood", "talk_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What is to be searched for; with `problems` it can't be, and they are to be said instead.

    `named` are the titles of the documents that alone may answer. `after` is the card of the turn
    that the question goes on from.
    """

    query: Query
    after: str | None = None
    named: tuple[str, ...] = ()
    problems: tuple[ScopeProblem, ...] = ()

    @property
    def is_askable(self) -> bool:
        """Whether there is something to search for, as far as the limits say."""
        has_limits = not self.query.scope.is_everything
        return not self.problems and (bool(self.query.text.strip()) or not has_limits)

    def limits(self, texts: Texts) -> str:
        """Return where alone it is looked for, in one line; empty for everywhere."""
        return limits_line(self.query.scope, self.named, texts)


class Querying:
    """Reads questions: `in:`, `after:` and `before:`, what they reply to, and what was before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_text(self, text: str) -> Understood:
        """Return what is asked by words alone."""
        scoped = parse_scope(text, self._desk.answering.library)
        return Understood(query=scoped.query, named=scoped.named, problems=scoped.problems)

    def of_message(
        self, incoming: Incoming, text: str, *, again: Card | None = None
    ) -> Understood:
        """Return what is asked in a chat, with what was said before.

        In reply to an answer that is the answer's conversation, otherwise that of who asks, in
        this chat and topic. In reply to a document it is asked of that one alone. `again` is the
        answer that is to be made anew.

        Raises:
            StoreError: the file can't be read.
        """
        understood = self._going_on(incoming, self.of_text(text), again)
        document = self._document_replied_to(incoming)
        if document is None or understood.query.scope.documents is not None:
            return understood
        scope = replace(understood.query.scope, documents=frozenset({document.id}))
        query = replace(understood.query, scope=scope)
        return replace(understood, query=query, named=(document.source.title,))

    async def problem(self, understood: Understood, texts: Texts) -> tuple[Markup, Keyboard]:
        """Return what is said in place of an answer to what can't be asked."""
        if not understood.problems:
            return escape(texts("limits-only")), []
        first = understood.problems[0]
        said = problem_line(first, texts)
        if first.reason is not Reason.NO_SUCH_DOCUMENT:
            return escape(said), []
        closest = await closest_documents(self._desk.answering, first.value)
        return closest_sources(said, self._desk.answering.library, closest, texts)

    def _going_on(
        self, incoming: Incoming, understood: Understood, again: Card | None
    ) -> Understood:
        cards, turns, talk = self._desk.cards, self._desk.turns, talk_of(incoming)
        replied = None
        if incoming.reply_to_id is not None:
            replied = cards.of_message(incoming.chat_id, incoming.reply_to_id)
        if replied is not None:
            after: str | None = replied.id
        elif again is not None:
            after = turns.before(again.id)
        else:
            after = turns.last(talk) if talk is not None else None
        found = cards.get_all(turns.until(after) if after else [])
        history = tuple(map(self._turn, found))
        query = replace(understood.query, history=history, is_reply=replied is not None)
        return replace(understood, query=query, after=after)

    def _turn(self, card: Card) -> Turn:
        """Return what a card was asked and shows; of one that a link opened, its document."""
        passages = tuple(each.passage_id for each in card.on_screen[:1])
        asked = self.of_text(card.understood).query.text
        if not asked and passages:
            place = self._desk.answering.library.place(passages[0])
            asked = place.source.title if place is not None else ""
        return Turn(query=asked, passages=passages)

    def _document_replied_to(self, incoming: Incoming) -> Document | None:
        """Return the document that the message shows that was replied to."""
        if incoming.reply_to_id is None:
            return None
        tag = self._desk.sent.tag_of(SentMessage(incoming.chat_id, incoming.reply_to_id))
        document_id = Bookmark.document_of(tag or "")
        return self._desk.answering.library.document(document_id) if document_id else None


def talk_of(incoming: Incoming) -> Talk | None:
    """Return which conversation a message belongs to, None where nobody is named."""
    if incoming.user_id is None:
        return None
    return Talk(chat_id=incoming.chat_id, thread_id=incoming.thread_id, user_id=incoming.user_id)
