"""HTML markup, rule by rule. The source of all of them: TDLib, MessageEntity.cpp, parse_html."""

import pytest

from tests.botapi import ApiError, Entity
from tests.botapi.markup import parse_html


def spans(markup: str) -> list[tuple[str, int, int]]:
    """Return the kinds, offsets and lengths of the entities of `markup`."""
    return [(each.type, each.offset, each.length) for each in parse_html(markup)[1]]


def refusal(markup: str) -> str:
    """Return what the server says to `markup`, without what all refusals begin with."""
    with pytest.raises(ApiError) as caught:
        parse_html(markup)
    assert caught.value.code == 400
    return caught.value.description.removeprefix("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("u", "underline"),
        ("ins", "underline"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_each_tag_marks_its_kind(tag: str, kind: str) -> None:
    """The tags of Bot API, "HTML style", in any case."""
    assert parse_html(f"a<{tag}>bc</{tag}>") == ("abc", [Entity(type=kind, offset=1, length=2)])


def test_offsets_count_utf16_units() -> None:
    """Offsets and lengths are in UTF-16 code units (Bot API, MessageEntity)."""
    assert spans("😀<b>é😀</b>") == [("bold", 2, 3)]


def test_nested_tags_come_outer_first() -> None:
    """Entities are sorted by offset, the longer one first."""
    assert spans("<i>a<b>b</b></i>") == [("italic", 0, 2), ("bold", 1, 1)]


def test_only_four_named_references_are_decoded() -> None:
    """&lt; &gt; &amp; and &quot; are known, all others stay as they are."""
    text, _ = parse_html("&lt;&gt;&amp;&quot;&nbsp;&apos;&copy;")
    assert text == '<>&"&nbsp;&apos;&copy;'


def test_numeric_references_are_decoded() -> None:
    """Decimal and hexadecimal references are decoded, also beyond U+FFFF."""
    assert parse_html("&#65;&#x42;<b>&#128512;</b>") == (
        "AB😀",
        [Entity(type="bold", offset=2, length=2)],
    )


def test_a_reference_needs_no_semicolon() -> None:
    """The semicolon may be missing; a lone ampersand stands for itself."""
    assert parse_html("a &lt b & c &#0;")[0] == "a < b & c &#0;"


def test_half_a_surrogate_pair_is_refused() -> None:
    """References must not make an invalid text."""
    assert refusal("&#xD83D;").startswith("Text contains invalid Unicode characters")


def test_links_are_normalised() -> None:
    """A link gets a scheme and a path (TDLib, LinkManager.cpp, check_link)."""
    _, [entity] = parse_html('<a href="Example.com?a=1&amp;b=2">x</a>')
    assert entity == Entity(
        type="text_link", offset=0, length=1, url="http://example.com/?a=1&b=2"
    )


@pytest.mark.parametrize("href", ["seeds/file.txt", "javascript:alert(1)", "nothing", "http://"])
def test_a_link_to_nowhere_is_text(href: str) -> None:
    """An address that is none leaves the text without an entity."""
    assert parse_html(f'<a href="{href}">x</a>') == ("x", [])


def test_a_link_without_href_points_at_its_text() -> None:
    """The text of the tag is the address when there is no other."""
    _, [entity] = parse_html("<a>https://example.com/x</a>")
    assert entity.url == "https://example.com/x"


def test_a_user_link_is_a_mention() -> None:
    """A link to tg://user?id=... makes a text_mention."""
    _, [entity] = parse_html('<a href="tg://user?id=1001">Ada</a>')
    assert (entity.type, entity.user_id) == ("text_mention", 1001)


def test_code_in_pre_gives_the_language() -> None:
    """Of pre around code with a class, one pre with a language remains."""
    assert parse_html('<pre><code class="language-python">x</code></pre>')[1] == [
        Entity(type="pre", offset=0, length=1, language="python")
    ]


def test_code_alone_has_no_language() -> None:
    """A language outside pre is dropped."""
    assert parse_html('<code class="language-python">x</code>')[1] == [
        Entity(type="code", offset=0, length=1)
    ]


def test_a_blockquote_may_be_expandable() -> None:
    """The attribute needs no value."""
    assert spans("<blockquote expandable>x</blockquote>") == [("expandable_blockquote", 0, 1)]


def test_a_spoiler_may_be_a_span() -> None:
    """The class tg-spoiler makes a span a spoiler."""
    assert spans('<span class="tg-spoiler">x</span>') == [("spoiler", 0, 1)]


def test_an_empty_tag_marks_nothing() -> None:
    """An entity of no length is not made."""
    assert parse_html("a<b></b>") == ("a", [])


def test_an_end_tag_may_have_no_name() -> None:
    """A nameless end tag closes the last one."""
    assert spans("<b>x</>") == [("bold", 0, 1)]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("é<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("a<br/>b", 'Unsupported start tag "br/" at byte offset 1'),
        ("2 < 3", 'Unsupported start tag "" at byte offset 2'),
        ("a<b", "Unclosed start tag at byte offset 1"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a "x">', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">e</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_faulty_markup_is_refused_with_the_place(markup: str, text: str) -> None:
    """Errors name the tag and its byte offset in UTF-8."""
    assert refusal(markup) == text


def test_blockquotes_do_not_nest() -> None:
    """Blockquotes can't be nested (Bot API, "Formatting options"); stricter than TDLib here."""
    assert refusal("<blockquote>a<blockquote>b</blockquote></blockquote>") == (
        'Nested "blockquote" at byte offset 13'
    )
