"""What the sources say of each sentence of a claim, as few messages as hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from bot.cards.markup import fits
from bot.cards.results import quoted
from bot.cards.windows import clipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.questions.claims import Checked
    from bot.texts import Texts

__all__ = ["claim_messages"]

_SENTENCE_UNITS = 300
_QUOTE_UNITS = 500


def claim_messages(
    checked: Sequence[Checked], texts: Texts, *, me: str, sentences: int
) -> list[Markup]:
    """Return the messages; `sentences` is how many the claim has, those left out included."""
    messages: list[Markup] = []
    for block in _blocks(checked, texts, me=me, sentences=sentences):
        longer = messages[-1] + "\n\n" + block if messages else block
        if messages and fits(longer):
            messages[-1] = longer
        else:
            messages.append(block)
    return messages


def _blocks(
    checked: Sequence[Checked], texts: Texts, *, me: str, sentences: int
) -> Iterator[Markup]:
    for number, each in enumerate(checked, 1):
        said = Markup("<b>{}.</b> <i>{}</i>").format(
            number, clipped(each.sentence, _SENTENCE_UNITS)
        )
        if each.hit is None:
            yield Markup("{}\n{}").format(said, texts("claim-nothing"))
            continue
        lead = texts("closest-passage" if each.is_sure else "claim-unsure")
        quote = quoted(each.hit, texts, me=me, units=_QUOTE_UNITS)
        yield Markup("{}\n{}\n{}").format(said, lead, quote)
    note = texts("claim-note")
    if sentences > len(checked):
        note += " " + texts("claim-first", count=len(checked), sentences=sentences)
    yield escape(note)
