"""From what a bot passes as `text` to what stands in the chat: parsed, cleaned, trimmed, limited.

Source: TDLib, MessageEntity.cpp, fix_formatted_text; telegram-bot-api, Client.cpp,
get_formatted_text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from tests.botapi.entities import MARKED_BY_BOT, Entity, resolved, utf16_length
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.links import found_entities
from tests.botapi.markup import parse_html

MAX_TEXT_CHARS = 4096  # code points, after parsing
MAX_CAPTION_CHARS = 1024
MAX_MARKUP_BYTES = 32_768
_TRIMMED = " \n"
_REMOVED = frozenset("\r\u0333\u033f\u030a") | {chr(code) for code in range(0x2028, 0x202F)}
_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\u0333\u033f\u030a\u2028-\u202e]")
_FOUND_BY_TELEGRAM = {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bank_card_number",
}


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text as it stands in a chat, with its entities in order."""

    text: str
    entities: tuple[Entity, ...] = ()


def formatted_text(
    raw: str, *, parse_mode: str = "", entities: Iterable[Mapping[str, Any]] = ()
) -> FormattedText:
    """Return what Telegram makes of a bot's text.

    Raises:
        ApiError: 400 for markup it can't parse, nothing to show, or too much of it; 501 for a
            parse mode that this server does not read.
    """
    if not raw:
        raise bad_request("Message text is empty")
    if len(raw.encode()) > MAX_MARKUP_BYTES:
        raise bad_request("Text is too long")
    text, marked = _parsed(raw, parse_mode.lower(), entities)
    result = cleaned(text, marked)
    if not _is_visible(result.text):
        raise bad_request("Text must be non-empty")
    if len(result.text) > MAX_TEXT_CHARS:
        raise bad_request("Message is too long")
    return result


def formatted_caption(
    raw: str, *, parse_mode: str = "", entities: Iterable[Mapping[str, Any]] = ()
) -> FormattedText:
    """Return what Telegram makes of a caption, which may be empty.

    Raises:
        ApiError: 400 for markup it can't parse, or over 1024 characters of caption.
    """
    if len(raw.encode()) > MAX_MARKUP_BYTES:
        raise bad_request("Text is too long")
    result = cleaned(*_parsed(raw, parse_mode.lower(), entities))
    if len(result.text) > MAX_CAPTION_CHARS:
        raise bad_request("message caption is too long")
    return result


def cleaned(text: str, marked: Iterable[Entity] = ()) -> FormattedText:
    """Return the text without control characters and outer white space, links found in it."""
    whole = resolved(marked)
    text, kept = _without_controls(text, whole)
    text, kept = _trimmed(text, kept if kept == whole else resolved(kept))
    free = [each for each in found_entities(text) if not _is_inside_link_or_code(each, kept)]
    return FormattedText(text, tuple(resolved([*kept, *free]) if free else kept))


def _parsed(
    raw: str, parse_mode: str, entities: Iterable[Mapping[str, Any]]
) -> tuple[str, list[Entity]]:
    match parse_mode:
        case "html":
            return parse_html(raw)
        case "" | "none":
            return raw, [marked for each in entities if (marked := _marked(each))]
        case "markdown" | "markdownv2":
            raise ApiError(501, "Not Implemented: the test server reads HTML only")
    raise bad_request("Unsupported parse_mode")


def _marked(entity: Mapping[str, Any]) -> Entity | None:
    if entity["type"] in _FOUND_BY_TELEGRAM:
        return None
    if entity["type"] not in MARKED_BY_BOT:
        raise bad_request("Can't parse MessageEntity: Unsupported type specified")
    for name in ("offset", "length"):
        if entity[name] < 0:
            raise bad_request(f"Receive an entity with incorrect {name} {entity[name]}")
    return Entity(**entity)


def _is_visible(text: str) -> bool:
    blank = {"\u2060", "\u2800", "\ufffc"} | {chr(code) for code in range(0x200B, 0x2010)}
    return any(not character.isspace() and character not in blank for character in text)


def _without_controls(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Turn control characters into spaces, drop some others, and move the entities along."""
    is_clean = not _UNWANTED.search(text)
    if not entities or (is_clean and max(text, default="") <= "\uffff"):
        # The common cases, at a tenth of the cost: nothing to move, or nowhere to move it to.
        plain = text if is_clean else _UNWANTED.sub(_replacement, text)
        return plain, [_moved(each, range(len(text) + 1), len(text)) for each in entities]
    kept: list[str] = []
    moved = {}  # UTF-16 offset before -> after, for every place where a character begins
    before = after = 0
    for character in text:
        moved[before] = after
        width = 2 if character > "\uffff" else 1
        before += width
        if character not in _REMOVED:
            is_control = character < " " and character != "\n"
            kept.append(" " if is_control else character)
            after += width
    moved[before] = after
    return "".join(kept), [_moved(each, moved, before) for each in entities]


def _replacement(match: re.Match[str]) -> str:
    return "" if match.group() in _REMOVED else " "


def _moved(entity: Entity, moved: Mapping[int, int] | range, end: int) -> Entity:
    if entity.offset > end:
        raise bad_request(
            f"Entity begins after the end of the text at UTF-16 offset {entity.offset}"
        )
    if entity.end > end:
        raise bad_request(
            f"Entity beginning at UTF-16 offset {entity.offset} ends after the end of the text "
            f"at UTF-16 offset {entity.end}"
        )
    if entity.offset not in moved or entity.end not in moved:
        raise bad_request(
            f"Entity beginning at UTF-16 offset {entity.offset} begins or ends in a middle of "
            "a UTF-16 symbol"
        )
    start, length = moved[entity.offset], moved[entity.end] - moved[entity.offset]
    if (start, length) == (entity.offset, entity.length):
        return entity
    return replace(entity, offset=start, length=length)


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Trim the end altogether, but the beginning only as far as the first entity."""
    text = text.rstrip(_TRIMMED)
    end = utf16_length(text)
    clipped = [
        each if each.end <= end else replace(each, length=end - each.offset)
        for each in entities
        if each.offset < end
    ]
    first = min((each.offset for each in clipped), default=end)
    cut = sum(1 for _ in takewhile(lambda character: character in _TRIMMED, text[:first]))
    if not cut:
        return text, clipped
    return text[cut:], [replace(each, offset=each.offset - cut) for each in clipped]


def _is_inside_link_or_code(found: Entity, kept: Iterable[Entity]) -> bool:
    return any(
        each.type in {"pre", "code", "text_link", "text_mention", "custom_emoji"}
        and found.offset < each.end
        and each.offset < found.end
        for each in kept
    )
