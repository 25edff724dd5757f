"""From what a person writes to what is searched for: which words, and where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markupsafe import escape

from bot.cards.limits import limits_line, problem_line
from bot.cards.listing import closest_sources
from bot.cards.reading import Bookmark
from bot.sent import SentMessage
from bot.titles import closest_documents
from index.scoping import Reason, parse_scope

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.desk import Desk
    from bot.incoming import Incoming
    from bot.replies import Keyboard
    from bot.texts import Texts
    from index.queries import Query
    from index.scoping import ScopeProblem
    from index.types import Document

__all__ = ["Querying", "Understood"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What is to be searched for; with `problems` it can't be, and they are to be said instead.

    `named` are the titles of the documents that alone may answer.
    """

    query: Query
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
    """Reads questions: `in:`, `after:` and `before:`, and which document they reply to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_text(self, text: str) -> Understood:
        """Return what is asked by words alone."""
        scoped = parse_scope(text, self._desk.answering.library)
        return Understood(query=scoped.query, named=scoped.named, problems=scoped.problems)

    def of_message(self, incoming: Incoming, text: str) -> Understood:
        """Return what is asked in a chat; in reply to a document it is asked of that one.

        Raises:
            StoreError: the file can't be read.
        """
        understood = self.of_text(text)
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

    def _document_replied_to(self, incoming: Incoming) -> Document | None:
        """Return the document that the message shows that was replied to."""
        if incoming.reply_to_id is None:
            return None
        tag = self._desk.sent.tag_of(SentMessage(incoming.chat_id, incoming.reply_to_id))
        document_id = Bookmark.document_of(tag or "")
        return self._desk.answering.library.document(document_id) if document_id else None
