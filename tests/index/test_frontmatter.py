"""The YAML block at the head of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.frontmatter import split_front_matter
from index.sources import Metadata


def test_what_is_known_is_taken() -> None:
    """Every field under its own name, dates as ISO text."""
    metadata, body = split_front_matter(
        "---\n"
        "title: 'The Gate: a report'\n"
        "publisher: The Town Paper\n"
        "authors: [A. Guard, B. Smith]\n"
        "published: 2011-06-10\n"
        "url: https://example.org/gate\n"
        "language: en-GB\n"
        "licence: CC BY 4.0\n"
        "---\n"
        "\n"
        "It was open.\n"
    )
    assert metadata == Metadata(
        title="The Gate: a report",
        publisher="The Town Paper",
        authors=("A. Guard", "B. Smith"),
        published="2011-06-10",
        url="https://example.org/gate",
        language="en-GB",
        licence="CC BY 4.0",
    )
    assert body == "It was open."


def test_usual_other_names_are_known() -> None:
    """What other programs write is taken under our names."""
    metadata, _ = split_front_matter(
        "---\nTitle: The Gate\nauthor: A. Guard\ndate: 2011\nlang: en\n"
        "license: MIT\nsite: The Town Paper\nlink: http://example.org\n---\nText."
    )
    assert metadata == Metadata(
        title="The Gate",
        publisher="The Town Paper",
        authors=("A. Guard",),
        published="2011",
        url="http://example.org",
        language="en",
        licence="MIT",
    )


def test_unknown_keys_and_wrong_values_are_passed_over() -> None:
    """Other programs' keys and strange values lose neither the file nor what is good."""
    metadata, body = split_front_matter(
        "---\nlayout: post\ntitle: The Gate\ntags: [a, b]\nurl: none\nlanguage: 12\n"
        "published: last year\nauthors: {a: b}\n---\nText."
    )
    assert metadata == Metadata(title="The Gate")
    assert body == "Text."


@pytest.mark.parametrize("date", ["0000-00-00", "2011-02-30"])
def test_a_date_that_is_none_is_passed_over(date: str) -> None:
    """An impossible date costs the date, not the title."""
    metadata, body = split_front_matter(f"---\ntitle: The Gate\ndate: {date}\n---\nText.")
    assert metadata == Metadata(title="The Gate")
    assert body == "Text."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Text.",
        "Text.\n---\ntitle: The Gate\n---\n",
        "---\ntitle: The Gate\n",
        "---\nThe gate was open.\n---\nIt was late.",
        "---\n- one\n- two\n---\nText.",
        "---\ntitle: [open\n---\nText.",
        "---\na: b: c\n---\nText.",
        "--\ntitle: The Gate\n--\nText.",
    ],
)
def test_a_block_that_is_no_mapping_is_text(text: str) -> None:
    """Text between two rules, a block that never ends or broken YAML stays as it is."""
    assert split_front_matter(text) == (Metadata(), text)


def test_a_head_of_twenty_thousand_characters_is_text() -> None:
    """No page's metadata is that long."""
    text = "---\ntitle: The Gate\nnote: " + "x" * 20_000 + "\n---\nText."
    assert split_front_matter(text) == (Metadata(), text)


def test_aliases_that_multiply_are_harmless() -> None:
    """A small block that would stand for a billion values is read like any other."""
    steps = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    metadata, body = split_front_matter(
        f"---\na0: &a0 [x]\n{steps}title: The Gate\nauthors: *a9\n---\nText."
    )
    assert metadata == Metadata(title="The Gate")
    assert body == "Text."


def test_no_code_is_run() -> None:
    """YAML tags of Python objects are not followed: such a value says nothing."""
    text = "---\ntitle: !!python/object/apply:os.getcwd []\n---\nText."
    assert split_front_matter(text) == (Metadata(), "Text.")


@given(st.text())
def test_any_block_is_read_or_left(head: str) -> None:
    """Whatever stands between the rules, the body after it is there."""
    _, body = split_front_matter(f"---\n{head}\n---\nThe body.")
    assert body.endswith("The body.")
