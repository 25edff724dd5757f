"""The buttons under a card: each names the state that it leads to, so twice pressed is once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.cards.markup import address
from index.types import Verdict

if TYPE_CHECKING:
    from bot.memory.cards import Card
    from bot.replies import Keyboard
    from bot.texts import Texts
    from index.types import Source

__all__ = ["Ways", "keyboard"]

Button = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Where one can go on from what is on the screen; None and False where one can't.

    `context` is a number of paragraphs each way; `opening`, `earlier` and `further` are parts of a
    long passage.
    """

    source: Source | None = None
    context: int | None = None
    opening: int | None = None
    earlier: int | None = None
    further: int | None = None
    is_gone: bool = False


def keyboard(card: Card, texts: Texts, ways: Ways) -> Keyboard:
    """Return the rows of buttons, those that lead nowhere left out."""
    if card.verdict == Verdict.NO_ANSWER:
        titles = [] if card.lists_titles or not card.shown else [_to(texts("closest"), "cl", card)]
        rows = [titles, [_to(texts("tell-me"), "tell", card)]]
    elif ways.is_gone:
        again = [_to(texts("ask-again"), "re", card)] if card.question else []
        rows = [_paging(card, texts), again]
    else:
        is_answer = bool(card.question)  # and not what a link opened
        thumbs = [_to("👍", "up", card), _to("👎", "dn", card)] if is_answer else []
        rows = [_paging(card, texts), _reading(card, texts, ways)]
        rows.append([*_source(card, texts, ways.source), *thumbs])
    return [row for row in rows if row]


def _paging(card: Card, texts: Texts) -> list[Button]:
    last = len(card.pages) - 1
    at = min(card.at, last)
    if last == 0:
        return []
    row = [_to(texts("page-of", number=at + 1, total=last + 1), "go", card, at)]
    if at > 0:
        row.insert(0, _to("◀", "go", card, at - 1))
    if at < last:
        row.append(_to("▶", "go", card, at + 1))
    return row


def _reading(card: Card, texts: Texts, ways: Ways) -> list[Button]:
    parts = {"show-more": ways.opening, "earlier": ways.earlier, "further": ways.further}
    row = [
        _to(texts(name), "op", card, card.at, part)
        for name, part in parts.items()
        if part is not None
    ]
    if ways.context is not None:
        name = "more-context" if card.before or card.after else "context"
        row.insert(0, _to(texts(name), "cx", card, card.at, ways.context))
    if card.before or card.after or card.part is not None:
        row.append(_to(texts("less"), "go", card, card.at))
    return row


def _source(card: Card, texts: Texts, source: Source | None) -> list[Button]:
    if source is None:
        return []
    if url := address(source.url):
        return [{"text": texts("source"), "url": url}]
    return [_to(texts("source"), "doc", card, card.at)]


def _to(label: str, verb: str, card: Card, *state: int) -> Button:
    return {"text": label, "callback_data": ":".join((verb, card.id, *map(str, state)))}
