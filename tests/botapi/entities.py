"""Message entities: their units, their order, and what may stand inside what.

Offsets and lengths are in UTF-16 code units (Bot API, MessageEntity).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

BLOCKQUOTES = frozenset({"blockquote", "expandable_blockquote"})
# These may overlap anything; two of one kind that touch become one.
SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
_HOLDS_NOTHING = frozenset({"pre", "code"})
# TDLib, MessageEntity.cpp, get_type_priority: the outer of two equal spans comes first.
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
MARKED_BY_BOT = frozenset(_PRIORITY)
_FOUND_PRIORITY = 50  # mentions, commands, links and the like, which nobody marks by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A marked span of a text, [offset, offset + length) in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str = ""
    language: str = ""
    user_id: int = 0
    custom_emoji_id: str = ""

    @property
    def end(self) -> int:
        """The offset just behind the span."""
        return self.offset + self.length

    def to_json(self) -> dict[str, Any]:
        """Return the MessageEntity, without the `user` that only the world can add."""
        entity: dict[str, Any] = {
            "offset": self.offset,
            "length": self.length,
            "type": self.type,
        }
        for name in ("url", "language", "custom_emoji_id"):
            if value := getattr(self, name):
                entity[name] = value
        return entity


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units: two for what lies beyond U+FFFF."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Return the part of `text` that an entity's offset and length name."""
    units = text.encode("utf-16-le")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities by offset, the longer and the outer first."""
    return sorted(
        entities,
        key=lambda each: (
            each.offset,
            -each.length,
            _PRIORITY.get(each.type, _FOUND_PRIORITY),
        ),
    )


def resolved(entities: Iterable[Entity]) -> list[Entity]:
    """Return the entities that remain once what can't stand together has been dropped.

    Blockquotes don't intersect, nor do links, code and the other unsplittable kinds; pre and code
    hold nothing; touching spans of one splittable kind become one. Where TDLib would also cut a
    bold span at the borders of others, the span is left whole: it marks the same characters.
    Source: TDLib, MessageEntity.cpp, fix_entities.
    """
    ordered = in_order(each for each in entities if each.length > 0)
    if len(ordered) < 2:
        return ordered
    quotes = _without_intersecting([each for each in ordered if each.type in BLOCKQUOTES])
    whole = _without_intersecting(
        [each for each in ordered if each.type not in BLOCKQUOTES and each.type not in SPLITTABLE]
    )
    opaque = [each for each in whole if each.type in _HOLDS_NOTHING]
    merged = [
        span
        for kind in SPLITTABLE
        for span in _merged([each for each in ordered if each.type == kind], opaque)
    ]
    return in_order([*quotes, *whole, *merged])


def _without_intersecting(ordered: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in ordered:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _merged(spans: list[Entity], opaque: list[Entity]) -> list[Entity]:
    """Merge touching spans of one kind, then take out what pre and code cover."""
    merged: list[Entity] = []
    for span in spans:
        if merged and span.offset <= merged[-1].end:
            last = merged[-1]
            merged[-1] = replace(last, length=max(last.end, span.end) - last.offset)
        else:
            merged.append(span)
    for hole in opaque:
        merged = [part for span in merged for part in _outside(span, hole)]
    return merged


def _outside(span: Entity, hole: Entity) -> list[Entity]:
    before = replace(span, length=min(span.end, hole.offset) - span.offset)
    start = max(span.offset, hole.end)
    after = replace(span, offset=start, length=span.end - start)
    if span.end <= hole.offset or span.offset >= hole.end:
        return [span]
    return [part for part in (before, after) if part.length > 0]
