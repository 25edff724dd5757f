"""Names that strangers give are made safe."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.maintenance.filenames import safe_name

CASES = {
    "report.txt": "report.txt",
    "تقرير من حماة.txt": "تقرير من حماة.txt",
    "../../etc/passwd.txt": "passwd.txt",
    "C:\\Users\\me\\notes.md": "notes.md",
    ".hidden.txt": "hidden.txt",
    "...": "document",
    "": "document",
    ".txt": "txt",
    "a\x00b\nc\u202etxt.md": "abctxt.md",
    "e\u0301.txt": "é.txt",
    'a<b>:"|?*.txt': "a_b______.txt",
    "con.txt": "_con.txt",
    "Com1.tar.txt": "_Com1.tar.txt",
    "console.txt": "console.txt",
    "name . txt": "name. txt",
    "trailing. .txt": "trailing.txt",
    "two\u200cparts.txt": "two\u200cparts.txt",
    "half \ud83d.txt": "half.txt",
}


@pytest.mark.parametrize(("name", "kept"), CASES.items())
def test_a_name_is_made_safe(name: str, kept: str) -> None:
    """Without folders, hidden dots, unseen characters and names that Windows keeps for itself."""
    assert safe_name(name) == kept


def test_a_long_name_keeps_its_ending() -> None:
    """It is cut between characters, to 200 bytes of UTF-8."""
    kept = safe_name("م" * 300 + ".txt")
    assert kept == "م" * 98 + ".txt"
    assert len(kept.encode()) == 200


@given(st.text(max_size=300))
@example("a" * 195 + " " * 10 + ".txt")
@example("0." + "é" * 150)
@example("nul. .txt")
def test_a_safe_name_is_safe(name: str) -> None:
    """Whatever is given, what comes is one part, seen, bounded, normalised, and stays as it is."""
    kept = safe_name(name)
    assert kept == safe_name(kept)
    assert kept
    assert not kept.startswith(".")
    assert not set(kept) & set('/\\<>:"|?*\0\n')
    assert len(kept.encode()) <= 200
    assert unicodedata.is_normalized("NFC", kept)
