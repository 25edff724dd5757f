"""Reads HTML markup as TDLib does: the same tags, the same references, the same errors.

Source: TDLib, MessageEntity.cpp, parse_html. It works on UTF-8 bytes, because the byte offsets
in its error texts are part of what a bot's author sees.
"""

import re
from dataclasses import dataclass, replace

from tests.botapi.entities import BLOCKQUOTES, Entity, in_order, utf16_length
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.links import checked_url, mentioned_user_id
from tests.botapi.references import decode_reference

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
# The one attribute of each tag that matters, and the prefix its value needs to have.
_ATTRIBUTES = {
    "a": ("href", ""),
    "code": ("class", "language-"),
    "span": ("class", "tg-"),
    "tg-emoji": ("emoji-id", ""),
}
_SPACES = b" \t\r\n\0\v"  # TDLib, is_space; the NUL behind the text is one as well
_PLAIN = re.compile(rb"[^<&]+")
_TOKEN = re.compile(rb"[A-Za-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class _OpenTag:
    name: str
    argument: str
    offset: int  # UTF-16 code units
    start: int  # bytes of output


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """Return the text and its entities, in order, not yet checked against each other.

    Raises:
        ApiError: 400 "can't parse entities: ...", with TDLib's text.
    """
    return _Parser(markup).parse()


def _cannot_parse(message: str) -> ApiError:
    return bad_request(f"Can't parse entities: {message}")


class _Parser:
    def __init__(self, markup: str) -> None:
        self._data = markup.encode() + b"\0"
        self._at = 0
        self._out = bytearray()
        self._offset = 0
        self._open: list[_OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        end = len(self._data) - 1
        while self._at < end:
            if plain := _PLAIN.match(self._data, self._at, end):
                self._emit(plain.group())
                self._at = plain.end()
            elif self._data[self._at] == ord("&"):
                self._emit(self._reference())
            elif self._data[self._at + 1] == ord("/"):
                self._end_tag()
            else:
                self._start_tag()
        if self._open:
            raise _cannot_parse(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"'
            )
        return self._text(), in_order(self._without_lone_languages())

    def _emit(self, encoded: bytes) -> None:
        self._out += encoded
        self._offset += utf16_length(encoded.decode(errors="surrogatepass"))

    def _text(self) -> str:
        try:
            return self._out.decode()
        except UnicodeDecodeError:
            raise _cannot_parse(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            ) from None

    def _without_lone_languages(self) -> list[Entity]:
        """Drop the languages of code outside pre, where they don't count."""
        return [
            replace(each, language="") if each.language and each.type == "code" else each
            for each in self._entities
        ]

    def _reference(self) -> bytes:
        decoded, self._at = decode_reference(self._data, self._at)
        return decoded

    def _word(self, stops: bytes) -> bytes:
        start = self._at
        while self._data[self._at] not in _SPACES + stops:
            self._at += 1
        return self._data[start : self._at]

    def _skip_spaces(self) -> None:
        while self._data[self._at] and self._data[self._at] in _SPACES:
            self._at += 1

    def _start_tag(self) -> None:
        begin = self._at
        self._at += 1
        name = self._word(b">").decode(errors="replace").lower()
        if not self._data[self._at]:
            raise _cannot_parse(f"Unclosed start tag at byte offset {begin}")
        if name not in _TYPES:
            raise _cannot_parse(f'Unsupported start tag "{name}" at byte offset {begin}')
        argument = ""
        while self._data[self._at] != ord(">"):
            self._skip_spaces()
            if self._data[self._at] != ord(">"):
                attribute, value = self._attribute(name, begin)
                argument = _argument(name, attribute, value, argument)
        self._at += 1
        if name == "span" and argument != "spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        if name in BLOCKQUOTES and any(tag.name in BLOCKQUOTES for tag in self._open):
            # Stricter than TDLib, which drops the inner one without a word.
            raise _cannot_parse(f'Nested "blockquote" at byte offset {begin}')
        self._open.append(_OpenTag(name, argument, self._offset, len(self._out)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        unclosed = f'Unclosed start tag "{tag}" at byte offset {begin}'
        name = self._word(b"=>/\"'").decode(errors="replace")
        if not name:
            raise _cannot_parse(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self._skip_spaces()
        has_value = self._data[self._at] == ord("=")
        if has_value:
            self._at += 1
            self._skip_spaces()
        if not self._data[self._at]:
            raise _cannot_parse(unclosed)
        if not has_value:
            return name, ""
        value = self._quoted() if self._data[self._at] in b"\"'" else self._token()
        if not self._data[self._at]:
            raise _cannot_parse(f"Unclosed start tag at byte offset {begin}")
        return name, value.decode(errors="replace")

    def _token(self) -> bytes:
        start = self._at
        if match := _TOKEN.match(self._data, start):
            self._at = match.end()
        if self._data[self._at] not in _SPACES + b">":
            raise _cannot_parse(f"Unexpected end of name token at byte offset {start}")
        return self._data[start : self._at].lower()

    def _quoted(self) -> bytes:
        quote = self._data[self._at]
        self._at += 1
        value = bytearray()
        while self._data[self._at] and self._data[self._at] != quote:
            if self._data[self._at] == ord("&"):
                value += self._reference()
            else:
                value.append(self._data[self._at])
                self._at += 1
        if self._data[self._at]:
            self._at += 1
        return bytes(value)

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise _cannot_parse(f"Unexpected end tag at byte offset {begin}")
        self._at += 2
        name = self._word(b">").decode(errors="replace").lower()
        self._skip_spaces()
        if self._data[self._at] != ord(">"):
            raise _cannot_parse(f"Unclosed end tag at byte offset {begin}")
        self._at += 1
        tag = self._open.pop()
        if name and name != tag.name:
            raise _cannot_parse(
                f'Unmatched end tag at byte offset {begin}, expected "</{tag.name}>", '
                f'found "</{name}>"'
            )
        if self._offset > tag.offset:
            self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
        span = Entity(type=_TYPES[tag.name], offset=tag.offset, length=self._offset - tag.offset)
        match tag.name:
            case "a":
                self._close_link(tag, span)
            case "pre" | "code":
                self._close_code(tag, span)
            case "tg-emoji":
                if not tag.argument.isdecimal() or not int(tag.argument):
                    raise _cannot_parse("Invalid custom emoji identifier specified")
                self._entities.append(replace(span, custom_emoji_id=tag.argument))
            case "blockquote" if tag.argument:
                self._entities.append(replace(span, type="expandable_blockquote"))
            case _:
                self._entities.append(span)

    def _close_link(self, tag: _OpenTag, span: Entity) -> None:
        url = tag.argument or self._out[tag.start :].decode(errors="replace")
        if user_id := mentioned_user_id(url):
            self._entities.append(replace(span, type="text_mention", user_id=user_id))
        elif url := checked_url(url):
            self._entities.append(replace(span, url=url))

    def _close_code(self, tag: _OpenTag, span: Entity) -> None:
        """Make one pre with a language of pre around code, or of code around pre."""
        inner = self._entities[-1] if self._entities else None
        if inner and {inner.type, tag.name} == {"pre", "code"}:
            language = tag.argument or inner.language
            if language and (inner.offset, inner.length) == (span.offset, span.length):
                self._entities[-1] = replace(span, type="pre", language=language)
                return
        self._entities.append(replace(span, language=tag.argument))


def _argument(tag: str, attribute: str, value: str, current: str) -> str:
    """Return what the tag keeps: the attribute's value if it is the one that counts."""
    if tag == "blockquote" and attribute == "expandable":
        return "expandable"
    name, prefix = _ATTRIBUTES.get(tag, ("", ""))
    if attribute == name and value.startswith(prefix):
        return value.removeprefix(prefix)
    return current
