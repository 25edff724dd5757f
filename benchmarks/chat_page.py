"""A conversation as a page of HTML, to be drawn by a browser: what Telegram's clients show."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.botapi import Entity, Message

__all__ = ["bubble", "page"]

_STYLE = Markup("""
:root { --back: #d5dfe8; --in: #fff; --out: #e3f4d7; --text: #14171a; --dim: #6f7a86;
  --link: #2481cc; --bar: #3390ec; --quote: #3390ec14; --key: #ffffffb8; --key-text: #2a4a66; }
[data-theme=dark] { --back: #0f161e; --in: #1d2733; --out: #2b5278; --text: #f2f5f7;
  --dim: #8696a5; --link: #6ab7ff; --bar: #6ab7ff; --quote: #6ab7ff1c; --key: #1d2733d0;
  --key-text: #e3edf5; }
* { box-sizing: border-box; margin: 0 }
main { width: 460px; padding: 16px 14px; background: var(--back); border-radius: 18px;
  color: var(--text); font: 15px/1.42 Inter, "Noto Sans Arabic", "Noto Color Emoji", sans-serif }
.row { display: flex; flex-direction: column; align-items: flex-start; margin-bottom: 10px }
.row:last-child { margin-bottom: 0 }
.out { align-items: flex-end }
.bubble { max-width: 400px; padding: 8px 12px; border-radius: 14px 14px 14px 4px;
  background: var(--in); white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext }
.out .bubble { background: var(--out); border-radius: 14px 14px 4px 14px }
.who { color: var(--bar); font-weight: 600; font-size: 13px; margin: 0 0 2px 12px }
blockquote { border-inline-start: 3px solid var(--bar); background: var(--quote);
  border-radius: 5px; padding: 4px 9px; unicode-bidi: plaintext }
a { color: var(--link); text-decoration: none }
.keys { width: 400px; margin-top: 3px }
.keys div { display: flex; gap: 3px; margin-top: 3px }
.keys span { flex: 1; padding: 7px 4px; border-radius: 8px; background: var(--key);
  color: var(--key-text); text-align: center; font-weight: 500; font-size: 14px }
""")
_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "code": ("<code>", "</code>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
}


def page(bubbles: Sequence[Markup], *, theme: str) -> str:
    """Return a whole page; `theme` is `light` or `dark`."""
    return Markup(
        '<!doctype html><meta charset="utf-8"><html data-theme="{}"><style>{}</style>'
        "<main>{}</main></html>"
    ).format(theme, _STYLE, Markup().join(bubbles))


def bubble(message: Message, *, is_mine: bool, who: str = "") -> Markup:
    """Return one message with its buttons under it."""
    return Markup('<div class="row {}">{}<div class="bubble">{}</div>{}</div>').format(
        "out" if is_mine else "",
        Markup('<div class="who">{}</div>').format(who) if who else "",
        _marked(message.text, message.entities),
        _keys(message),
    )


def _keys(message: Message) -> Markup:
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    if not rows:
        return Markup()
    lines = [
        Markup("<div>{}</div>").format(
            Markup().join(Markup("<span>{}</span>").format(key["text"]) for key in row)
        )
        for row in rows
    ]
    return Markup('<div class="keys">{}</div>').format(Markup().join(lines))


def _marked(text: str, entities: Sequence[Entity]) -> Markup:
    """Return the text with its entities as tags; offsets count UTF-16 units."""
    opening: dict[int, list[str]] = defaultdict(list)
    closing: dict[int, list[str]] = defaultdict(list)
    for each in sorted(entities, key=lambda each: (each.offset, -each.length)):
        if each.type == "text_link":
            begin, end = str(Markup('<a href="{}">').format(each.url)), "</a>"
        elif each.type in _TAGS:
            begin, end = _TAGS[each.type]
        else:
            continue
        opening[each.offset].append(begin)
        closing[each.end].insert(0, end)
    html, at = [], 0
    for character in text:
        html += closing.pop(at, []) + opening.pop(at, [])
        # A quote is a block by itself: the line break behind it would leave an empty line.
        if not (character == "\n" and html and html[-1] == "</blockquote>"):
            html.append(str(escape(character)))
        at += len(character.encode("utf-16-le")) // 2
    html += closing.pop(at, [])
    return Markup("".join(html))  # noqa: S704 -- every character was escaped above
