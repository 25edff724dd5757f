"""What is known of a document's origin."""

import datetime as dt
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.errors import SourcesFileError
from index.sources import SOURCES_FILE, Metadata, load_sources


def refusal(seeds_dir: Path, text: str) -> str:
    """Return the message with which this `sources.toml` is refused, its path taken off."""
    path = seeds_dir / SOURCES_FILE
    path.write_text(text, "utf-8")
    with pytest.raises(SourcesFileError) as refused:
        load_sources(seeds_dir)
    message = str(refused.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def test_every_field_can_be_stated(seeds_dir: Path) -> None:
    """A table says all that is known of its file."""
    (seeds_dir / SOURCES_FILE).write_text(
        '["news/gate.txt"]\n'
        'title = " The Gate "\n'
        'publisher = "The Town Paper"\n'
        'authors = ["A. Guard", "B. Smith"]\n'
        "published = 2011-06-10\n"
        'url = "https://example.org/gate?a=1"\n'
        'language = "en-GB"\n'
        'licence = "CC BY 4.0"\n'
        '["well.md"]\n'
        'authors = "A. Guard"\n'
        "published = 2011\n",
        "utf-8",
    )
    assert load_sources(seeds_dir) == {
        "news/gate.txt": Metadata(
            title="The Gate",
            publisher="The Town Paper",
            authors=("A. Guard", "B. Smith"),
            published="2011-06-10",
            url="https://example.org/gate?a=1",
            language="en-GB",
            licence="CC BY 4.0",
        ),
        "well.md": Metadata(authors=("A. Guard",), published="2011"),
    }


def test_the_file_is_optional(seeds_dir: Path) -> None:
    """Without it nothing is stated."""
    assert load_sources(seeds_dir) == {}


def test_an_empty_file_states_nothing(seeds_dir: Path) -> None:
    """A file of comments is valid."""
    (seeds_dir / SOURCES_FILE).write_text("# nothing yet\n")
    assert load_sources(seeds_dir) == {}


def test_a_byte_order_mark_is_no_part_of_it(seeds_dir: Path) -> None:
    """Editors of some systems write one."""
    (seeds_dir / SOURCES_FILE).write_bytes(b'\xef\xbb\xbf["a.txt"]\ntitle = "A"\n')
    assert load_sources(seeds_dir) == {"a.txt": Metadata(title="A")}


def test_an_unknown_key_is_refused_with_the_known_ones(seeds_dir: Path) -> None:
    """A misspelt key is named, and so are the keys there are."""
    assert refusal(seeds_dir, '["a.txt"]\ntitel = "A"\n') == (
        "[\"a.txt\"] has the unknown key 'titel'; "
        "known are title, publisher, authors, published, url, language, licence"
    )


def test_a_bad_value_is_refused_by_the_name_of_its_key(seeds_dir: Path) -> None:
    """The message says which file, which key and what it should be."""
    message = refusal(seeds_dir, '["a.txt"]\ntitle = "A"\npublished = "June 2011"\n')
    assert message.startswith('["a.txt"] published: should match pattern')


def test_a_value_at_the_top_is_refused(seeds_dir: Path) -> None:
    """Everything stands in a file's table, and the message shows how one looks."""
    assert refusal(seeds_dir, 'title = "A"\n') == (
        "'title' must be a table named after a file, as in [\"title.txt\"]"
    )


def test_what_is_not_toml_is_refused_with_its_line(seeds_dir: Path) -> None:
    """The parser's own message says where."""
    assert "line 2" in refusal(seeds_dir, '["a.txt"]\ntitle = A\n')


def test_a_file_that_is_not_utf_8_is_refused(seeds_dir: Path) -> None:
    """TOML is UTF-8."""
    (seeds_dir / SOURCES_FILE).write_bytes(b'["a.txt"]\ntitle = "caf\xe9"\n')
    with pytest.raises(SourcesFileError, match="utf-8"):
        load_sources(seeds_dir)


def test_a_folder_of_that_name_is_refused(seeds_dir: Path) -> None:
    """A folder can't be read as a file."""
    (seeds_dir / SOURCES_FILE).mkdir()
    with pytest.raises(SourcesFileError, match="not a regular file"):
        load_sources(seeds_dir)


@pytest.mark.parametrize(
    ("published", "iso"),
    [
        ("2011", "2011"),
        (2011, "2011"),
        ("2011-06", "2011-06"),
        ("2011-06-10", "2011-06-10"),
        (dt.date(2011, 6, 10), "2011-06-10"),
        (dt.datetime(2011, 6, 10, 12, tzinfo=dt.UTC), "2011-06-10T12:00:00+00:00"),
    ],
)
def test_a_date_is_iso_8601(published: object, iso: str) -> None:
    """A year, a month, a day or a time of day, as text or as the parser's own value."""
    assert Metadata.model_validate({"published": published}).published == iso


@pytest.mark.parametrize(
    "published",
    ["10.06.2011", "June 2011", "11-06-10", "", True, 11, "2011-13", "2011-02-30", "2011-06-99"],
)
def test_what_is_no_date_is_refused(published: object) -> None:
    """Another order, a month's name or a day that no calendar has."""
    with pytest.raises(ValidationError):
        Metadata.model_validate({"published": published})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "  "),
        ("title", "two\nlines"),
        ("title", "x" * 501),
        ("title", 12),
        ("authors", [""]),
        ("authors", [12]),
        ("url", "example.org"),
        ("url", "javascript:alert(1)"),
        ("url", "https://example.org/a b"),
        ("url", 'https://example.org/"><b>'),
        ("url", "https://example.org/" + "x" * 2000),
        ("language", "English"),
        ("language", "e"),
        ("language", "en_GB"),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(field: str, value: object) -> None:
    """Texts are one line of up to 500 characters, addresses are web addresses, tags are tags."""
    with pytest.raises(ValidationError):
        Metadata.model_validate({field: value})


def test_of_two_sources_the_stronger_wins_field_by_field() -> None:
    """What is stated here stays, the rest comes from there."""
    stated = Metadata(title="The Gate", authors=("A. Guard",))
    found = Metadata(title="gate", authors=("B. Smith", "C. Jones"), language="en")
    assert stated.over(found) == Metadata(title="The Gate", authors=("A. Guard",), language="en")
    assert found.over(stated) == found


def test_loose_values_are_taken_where_they_are_valid() -> None:
    """The first valid value under any of a field's names is taken."""
    assert Metadata.from_loose(
        {"lang": "not a tag", "language": "en", "AUTHOR": "A. Guard", 3: "x", "title": None}
    ) == Metadata(language="en", authors=("A. Guard",))
