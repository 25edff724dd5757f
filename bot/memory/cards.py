"""Answer cards, kept so that their buttons go on working after a restart and a rebuild."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from bot.database.keeping import insert_or_replace
from bot.database.tables import cards
from bot.delivery.sent import Sent, SentMessage
from bot.errors import CardChangedError
from bot.people.retention import SENT_S
from index.types import Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select

    from bot.database.store import Store

__all__ = ["Card", "Cards", "Shown", "new_card_id"]

_ID_CHARS = 10
_PREFIX = "card:"
_PLACE = ("id", "chat_id", "question_id", "asker_id")

_OF_BOT = cards.c.bot_id == bindparam("bot")
_IT = _OF_BOT & (cards.c.id == bindparam("card"))
_ROWS = select(*(cards.c[name] for name in (*_PLACE, "body")))

_ADD = insert_or_replace(cards)
_CHANGE = update(cards).where(_IT)
_CHANGE_OF_EDITION = _CHANGE.where(cards.c.edition == bindparam("expected"))
_GET = _ROWS.where(_IT)
_GET_SOME = _ROWS.where(_OF_BOT, cards.c.id.in_(bindparam("some", expanding=True)))
_OF_QUESTION = (
    _ROWS.where(
        _OF_BOT,
        cards.c.chat_id == bindparam("chat"),
        cards.c.question_id == bindparam("question"),
    )
    .order_by(cards.c.changed_at.desc())
    .limit(1)
)
_FORGET = delete(cards).where(_OF_BOT, cards.c.asker_id == bindparam("user"))
_PRUNE = delete(cards).where(cards.c.changed_at < bindparam("before"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A passage that a card has, and the span of it that answers."""

    passage_id: str
    highlight: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One answer in a chat: what was found, and what of it is on the screen now.

    `question_id` is the number of the message that asked; `understood` is what was searched for
    where that is more than what was typed, `limits` says where alone. `asker_id` is None where the
    asker is not known: then anybody may press.

    `shown` are the hits, best first. The first `together` of `differing` state different things
    and are shown side by side on the first page; each hit has a page of its own. `at` is the page
    on the screen, from 0. `before` and `after` are the context paragraphs around the passage, and
    `part` is which part of a long passage is read, None at first. `edition` tells what was found
    at one time from what was found when the question was edited, or asked again.
    """

    id: str
    chat_id: int
    thread_id: int | None
    asker_id: int | None
    question_id: int
    question: str
    understood: str
    verdict: Verdict
    generation: str
    shown: tuple[Shown, ...]
    differing: tuple[int, ...] = ()
    at: int = 0
    before: int = 0
    after: int = 0
    part: int | None = None
    limits: str = ""
    lists_titles: bool = False
    handed: tuple[str, ...] = ()
    edition: int = 0
    language: str

    @property
    def tag(self) -> str:
        """The tag of the message that shows it."""
        return _PREFIX + self.id

    @property
    def pages(self) -> tuple[tuple[Shown, ...], ...]:
        """What each page shows; of a refusal there are none."""
        if self.verdict == Verdict.NO_ANSWER:
            return ()
        together = tuple(self.shown[at] for at in self.differing)
        return (*([together] if together else []), *((each,) for each in self.shown))

    @property
    def on_screen(self) -> tuple[Shown, ...]:
        """What the page on the screen shows."""
        pages = self.pages
        return pages[min(self.at, len(pages) - 1)] if pages else ()


class Cards:
    """One bot's cards."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._sent = Sent(store, bot_id)
        self._bot_id = bot_id

    def add_within(self, connection: Connection, card: Card) -> None:
        """Keep a card as part of a larger transaction."""
        place = {name: getattr(card, name) for name in _PLACE}
        connection.execute(_ADD, _changing(card) | place | {"bot_id": self._bot_id})

    def change_within(
        self, connection: Connection, card: Card, *, edition: int | None = None
    ) -> None:
        """Put a changed card in the place of what it was; one that is forgotten stays so.

        Raises:
            CardChangedError: it is not of this edition any more, if one is named.
        """
        row = _changing(card) | {"bot": self._bot_id, "card": card.id}
        if edition is None:
            connection.execute(_CHANGE, row)
        elif not connection.execute(_CHANGE_OF_EDITION, row | {"expected": edition}).rowcount:
            raise CardChangedError

    def get(self, card_id: str) -> Card | None:
        """Return a card, None for one that is not there, or no more.

        Raises:
            StoreError: the file can't be read.
        """
        return self._one(_GET, card=card_id)

    def get_all(self, card_ids: Sequence[str]) -> list[Card]:
        """Return those of some cards that are there, in their order.

        Raises:
            StoreError: the file can't be read.
        """
        if not card_ids:
            return []
        rows = self._store.read(_GET_SOME, {"bot": self._bot_id, "some": card_ids})
        found = {card.id: card for card in (_card(*row) for row in rows)}
        return [found[card_id] for card_id in card_ids if card_id in found]

    def of_message(self, chat_id: int, message_id: int) -> Card | None:
        """Return the card that a message of the bot shows.

        Raises:
            StoreError: the file can't be read.
        """
        tag = self._sent.tag_of(SentMessage(chat_id, message_id)) or ""
        return self.get(tag.removeprefix(_PREFIX)) if tag.startswith(_PREFIX) else None

    def of_question(self, chat_id: int, message_id: int) -> Card | None:
        """Return the card that answers a message.

        Raises:
            StoreError: the file can't be read.
        """
        return self._one(_OF_QUESTION, chat=chat_id, question=message_id)

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Forget what a person has asked."""
        connection.execute(_FORGET, {"bot": self._bot_id, "user": user_id})

    def prune_within(self, connection: Connection) -> None:
        """Forget the cards that nobody has touched for as long as messages are known."""
        connection.execute(_PRUNE, {"before": time.time() - SENT_S})

    def _one(self, statement: Select[Any], **values: object) -> Card | None:
        rows = self._store.read(statement, {"bot": self._bot_id, **values})
        return _card(*rows[0]) if rows else None


def new_card_id() -> str:
    """Return an id that nobody can guess."""
    return secrets.token_urlsafe(_ID_CHARS)[:_ID_CHARS]


def _changing(card: Card) -> dict[str, Any]:
    return {"edition": card.edition, "body": _body(card), "changed_at": time.time()}


def _body(card: Card) -> str:
    rest = {name: getattr(card, name) for name in Card.__slots__ if name not in _PLACE}
    rest["shown"] = [(each.passage_id, *each.highlight) for each in card.shown]
    return json.dumps(rest)


def _card(*row: Any) -> Card:
    *place, body = row
    rest = json.loads(body)
    rest["verdict"] = Verdict(rest["verdict"])
    rest["shown"] = tuple(
        Shown(passage_id=passage_id, highlight=Span(start, end))
        for passage_id, start, end in rest["shown"]
    )
    for name in ("differing", "handed"):
        rest[name] = tuple(rest[name])
    return Card(**dict(zip(_PLACE, place, strict=True)), **rest)
