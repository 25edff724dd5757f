"""Bytes to characters."""

import codecs
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.decoding import UndecodableError, decode
from index.text import sha256_hex, words

FRENCH = (
    "Le gardien de la vieille porte n’était pas rentré à l’heure prévue ; où était-il passé ?\n"
    "« Je l’ai vu près du café », répondit la boulangère, « il était déjà très fatigué. »\n"
    "L’été dernier, la mairie avait dépensé plus de 3 000 € pour réparer cette même porte.\n"
)
PORTUGUESE = (
    "A porta não estava fechada; o guarda não viu ninguém até à manhã.\n"
    "Então foi para casa, já cansado, e não voltou.\n"
)
ITALIAN = (
    "Perché il guardiano non è tornato? Così la porta è rimasta aperta, già da più notti.\n"
    "Nella città nessuno sapeva dov’era, né perché.\n"
)
SWEDISH = (
    "Vakten gick hem tidigt på kvällen och kom åter först när det blev ljust över ån.\n"
    "Ingen såg något, sade han, och porten stod öppen hela natten.\n"
)
ENGLISH = (
    "“We saw no one,” said the guard. He didn’t even hear the bell — not once.\n"
    "The café at the gate was closed, he said, and the street was empty until the morning.\n"
)
GERMAN = (
    "Über die Brücke führt eine schmale Straße bis zum Tor am nördlichen Ende der Stadt.\n"
    "Der Wächter öffnete es früh am Morgen und schloß es erst, wenn die Glocke läutete.\n"
)
RUSSIAN = (
    "Старые ворота на северном конце города всю ночь стояли открытыми, и никто их не закрыл.\n"
    "Сторож ушёл домой поздно вечером и вернулся только утром, когда уже рассвело.\n"
)


def test_utf_8_is_kept_as_it_is() -> None:
    """Quotes, accents, rare spaces and emoji come out untouched."""
    text = "“Qué?” — ﬁne, l’été\u00a0: naïve 🙂\tx\n"
    assert decode(text.encode()) == text


def test_nothing_decodes_to_nothing() -> None:
    """No bytes are no text, not an error."""
    assert decode(b"") == ""


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"one\r\ntwo\r\n", "one\ntwo\n"),
        (b"one\rtwo\r", "one\ntwo\n"),
        (b"one\r\n\r\ntwo", "one\n\ntwo"),
        (b"one\r\rtwo", "one\n\ntwo"),
        (b"one\n\rtwo", "one\n\ntwo"),
        (b"one\x0btwo", "one\ntwo"),
        ("one\u2028two\x85three".encode(), "one\ntwo\nthree"),
        (b"one\x0ctwo", "one\n\ntwo"),
        ("one\u2029two".encode(), "one\n\ntwo"),
    ],
)
def test_every_line_end_becomes_a_newline(data: bytes, text: str) -> None:
    """Line ends of all systems are one newline, page and paragraph ends are two."""
    assert decode(data) == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_names_the_encoding_and_goes(mark: bytes, encoding: str) -> None:
    """Each Unicode encoding with its mark is read, and the mark is no part of the text."""
    assert decode(mark + "Porte à Šid 🙂\r\n".encode(encoding)) == "Porte à Šid 🙂\n"


def test_a_marked_text_that_is_damaged_is_refused() -> None:
    """Half a UTF-16 character is no text, and the reason names the encoding."""
    with pytest.raises(UndecodableError, match=r"^is damaged: not valid utf-16$"):
        decode(codecs.BOM_UTF16_LE + b"a\x00b")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        (FRENCH, "cp1252"),
        (GERMAN, "latin-1"),
        (ITALIAN, "cp1252"),
        (PORTUGUESE, "latin-1"),
        (SWEDISH, "latin-1"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_an_older_encoding_is_detected(text: str, encoding: str) -> None:
    """A few lines in an encoding from before Unicode come out as they were written."""
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x06\x00\x00\x00",
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00\x01\x00\x00\x00",
        bytes(100),
        bytes(range(256)) * 4,
    ],
)
def test_a_binary_file_is_refused(data: bytes) -> None:
    """Pictures, programs and zeros are no text."""
    with pytest.raises(UndecodableError, match=r"^looks like a binary file, not text$"):
        decode(data)


def test_a_stray_control_character_is_left_out() -> None:
    """One control character in a text does not make it a binary file."""
    assert decode(b"The gate\x07 was open.") == "The gate was open."


def test_a_mark_within_the_text_is_left_out() -> None:
    """A byte-order mark left between joined files goes as well."""
    assert decode("One.\n\ufeffTwo.".encode()) == "One.\nTwo."


def _assert_clean(text: str) -> None:
    controls = {c for c in text if unicodedata.category(c) == "Cc"}
    assert controls <= {"\t", "\n"}
    assert "\ufeff" not in text
    text.encode()  # no half of a character pair


@given(st.text().map(str.encode))
def test_no_control_character_comes_out_of_utf_8(data: bytes) -> None:
    """Tabs and newlines are the only control characters of any text, C1 controls included."""
    try:
        text = decode(data)
    except UndecodableError:
        return
    _assert_clean(text)


@settings(max_examples=40)
@given(st.binary(max_size=80))
def test_no_control_character_comes_out_of_any_bytes(data: bytes) -> None:
    """Whatever the bytes are, they are refused or come out clean."""
    try:
        text = decode(data)
    except UndecodableError:
        return
    _assert_clean(text)


@given(st.text())
def test_what_was_decoded_decodes_to_itself(text: str) -> None:
    """A clean text is not changed again."""
    try:
        once = decode(text.encode())
    except UndecodableError:
        return
    assert decode(once.encode()) == once


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ],
)
def test_the_hash_is_the_published_one(text: str, digest: str) -> None:
    """The digests are those of FIPS 180's examples."""
    assert sha256_hex(text) == digest


def test_the_hash_is_over_utf_8() -> None:
    """A character outside ASCII counts as its UTF-8 bytes."""
    assert sha256_hex("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("—!?", []),
        ("The GATE, the gate.", ["the", "gate", "the", "gate"]),
        ("Don't; don’t 'quoted'", ["don't", "don’t", "quoted"]),
        ("Straße 21-year-old 4,500", ["strasse", "21", "year", "old", "4", "500"]),
        ("Ворота открыты", ["ворота", "открыты"]),
    ],
)
def test_words_are_folded_and_without_marks(text: str, expected: list[str]) -> None:
    """Words are runs of letters and digits, inner apostrophes kept, case folded."""
    assert words(text) == expected
