"""An answer as a card: what of it is kept, so that it can be shown again at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.memory.cards import Card, Shown, new_card_id
from bot.selection import within_reach
from index.types import Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.incoming import Incoming
    from index.types import Answer, Hit

__all__ = ["card_of", "card_of_link"]

_MAX_DIFFERING = 3


def card_of(
    answer: Answer,
    incoming: Incoming,
    *,
    differing: Sequence[Hit] = (),
    question: str | None = None,
    understood: str | None = None,
) -> Card:
    """Return the card for an answer to what came in.

    Args:
        answer: what was found.
        incoming: the message that asked.
        differing: hits that state different things, in the order to show them.
        question: what was typed, where it was not all searched for.
        understood: how it was understood, where that is to be said.
    """
    typed = question or answer.question
    is_answered = answer.verdict != Verdict.NO_ANSWER and bool(answer.hits)
    hits = within_reach(answer) if is_answered else answer.hits
    rows = {hit.passage.id: row for row, hit in enumerate(hits)}
    apart = [rows[hit.passage.id] for hit in differing if hit.passage.id in rows]
    return Card(
        id=new_card_id(),
        chat_id=incoming.chat_id,
        thread_id=incoming.thread_id,
        asker_id=incoming.user_id,
        question_id=incoming.message_id,
        question=typed,
        understood=understood or typed,
        verdict=answer.verdict if is_answered else Verdict.NO_ANSWER,
        generation=answer.generation,
        shown=tuple(Shown(passage_id=hit.passage.id, highlight=hit.highlight) for hit in hits),
        differing=tuple(apart[:_MAX_DIFFERING]) if len(apart) > 1 else (),
        edition=incoming.update_id,
        language=incoming.texts.language,
    )


def card_of_link(hit: Hit, incoming: Incoming, *, generation: str) -> Card:
    """Return the card for a passage that was opened by its link: nothing was asked for it."""
    return Card(
        id=new_card_id(),
        chat_id=incoming.chat_id,
        thread_id=incoming.thread_id,
        asker_id=incoming.user_id,
        question_id=incoming.message_id,
        question="",
        understood="",
        verdict=Verdict.ANSWERED,
        generation=generation,
        shown=(Shown(passage_id=hit.passage.id, highlight=Span(0, 0)),),
        before=1,
        after=1,
        language=incoming.texts.language,
    )
