"""Where a quote comes from, as it stands under it: title, origin, place, and who else has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from bot.cards.markup import address, linked
from bot.cards.windows import clipped
from bot.citations import also_in, link_to, origin, place
from bot.questions.permalinks import permalink

if TYPE_CHECKING:
    from bot.texts import Texts
    from index.types import Hit

__all__ = ["source_lines"]

_TITLE = Markup("— <i>{}</i>")
_MAX_ORIGIN_UNITS = 300
_MAX_ALSO_IN = 3
_MAX_ALSO_TITLE_UNITS = 100


def source_lines(
    hit: Hit, texts: Texts, *, me: str, has_links: bool = True, has_also_in: bool = True
) -> Markup:
    """Return the lines under a quote; the title leads to the very words, the place to the bot."""
    known = clipped(origin(hit, texts), _MAX_ORIGIN_UNITS)
    here = place(hit, texts)
    paragraph = linked(here, permalink(me, hit.passage.id) if has_links else None)
    lines = [
        _TITLE.format(linked(hit.source.title, _opening(hit) if has_links else None)),
        Markup(" · ").join([escape(known), paragraph] if known else [paragraph]),
    ]
    for other in hit.also_in[:_MAX_ALSO_IN] if has_also_in else ():
        url = _opening(other) if has_links else None
        title = linked(other.source.title, url, units=_MAX_ALSO_TITLE_UNITS)
        lines.append(escape(also_in(title, other, texts)))
    return Markup("\n").join(lines)


def _opening(hit: Hit) -> str | None:
    """Return the link to the sentence, or to the document where that is too long."""
    return address(link_to(hit)) or address(hit.source.url)
