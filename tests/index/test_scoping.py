"""Operators within a question."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.library import Library
from index.queries import Query, Scope
from index.scoping import Reason, ScopeProblem, parse_scope
from tests.index.made import document, make

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLES = {
    "a.txt": "Syrian army defector: I was ordered to commit genocide",
    "b.txt": "Soldiers in Syria defect",
    "c.txt": "The Fall of Hama",
    "d.txt": "Émigrés",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Return a library of documents with `TITLES`."""
    documents = [document(name, "Text.", title=title) for name, title in TITLES.items()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield Library(make(tmp_path_factory.mktemp("scoping"), *documents))


def scope_of(
    library: Library, *names: str, after: str | None = None, before: str | None = None
) -> Scope:
    """Return the scope of these files and dates."""
    paths = {f"seeds/{name}" for name in names}
    chosen = frozenset(each.id for each in library.documents if each.source.path in paths)
    return Scope(documents=chosen if names else None, after=after, before=before)


@pytest.mark.parametrize(
    ("text", "question", "files"),
    [
        ("in:hama who fled?", "who fled?", ["c.txt"]),
        ("who fled in:hama", "who fled", ["c.txt"]),
        ("who fled in:hama?", "who fled", ["c.txt"]),
        ("in:syrian army who is harmoush", "who is harmoush", ["a.txt"]),
        ("in:army syrian who is harmoush", "who is harmoush", ["a.txt"]),
        ("who in:syrian army is harmoush", "who is harmoush", ["a.txt"]),
        ("IN:Hama who fled", "who fled", ["c.txt"]),
        ("in:emigres who fled", "who fled", ["d.txt"]),
        ('in:"syrian army" defector', "defector", ["a.txt"]),
        ("in:“Syrian army” defector", "defector", ["a.txt"]),
        ("in:«Syrian army» defector", "defector", ["a.txt"]),
        ('in:"syrian army who', "who", ["a.txt"]),
        ("in:syrian, army strength", "army strength", ["a.txt"]),
        ("in:hama hama killed", "hama killed", ["c.txt"]),
        ("in:the fall of hama the killed", "the killed", ["c.txt"]),
        ("in:syrian I saw him", "I saw him", ["a.txt"]),
        ("in:b.txt who", "who", ["b.txt"]),
        ("in:hama in:syria who", "who", ["b.txt", "c.txt"]),
        ("in:hama", "", ["c.txt"]),
        ("in:txt who", "who", ["a.txt", "b.txt", "c.txt", "d.txt"]),
    ],
)
def test_a_title_ends_where_the_question_begins(
    library: Library, text: str, question: str, files: list[str]
) -> None:
    """Anywhere, quoted or not; what is left is asked of the documents that fit."""
    scoped = parse_scope(text, library)
    assert scoped.query == Query(text=question, scope=scope_of(library, *files))
    assert set(scoped.named) == {TITLES[name] for name in files}
    assert (scoped.problems, scoped.unknown) == ((), None)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("after:2011 who fled", Scope(after="2011")),
        ("who fled after:2011-06", Scope(after="2011-06")),
        ("Before:2011-06-12 who fled", Scope(before="2011-06-12")),
        ("who AFTER:2011-6, fled before:2012.", Scope(after="2011-06", before="2012")),
        ('after:"2011-06" who fled', Scope(after="2011-06")),
        ("after:٢٠١١-٠٦ who fled", Scope(after="2011-06")),
        ("after:2010 who after:2011-06-01 fled", Scope(after="2011-06-01")),
        ("before:2012 who before:2011-06-02 fled", Scope(before="2011-06-02")),
    ],
)
def test_dates_bound_the_scope(library: Library, text: str, scope: Scope) -> None:
    """Written as ISO 8601 has them, and the narrowest counts."""
    scoped = parse_scope(text, library)
    assert scoped.query == Query(text="who fled", scope=scope)
    assert (scoped.problems, scoped.named) == ((), ())


def test_titles_and_dates_go_together(library: Library) -> None:
    """In any order."""
    scoped = parse_scope("before:2012 who in:syrian army after:2011-06 fled", library)
    scope = scope_of(library, "a.txt", after="2011-06", before="2012")
    assert scoped.query == Query(text="who fled", scope=scope)


@pytest.mark.parametrize(
    "text",
    [
        "who fled Hama at 10:30?",
        "https://example.com/in:hama?after:2011",
        "see in: hama",
        "(in:hama)",
        "what happened after: 2011",
        "built-in:hama thereafter:2011",
        "after:",
        "  two  spaces\nand lines ",
        "",
    ],
)
def test_a_text_without_operators_is_left_alone(library: Library, text: str) -> None:
    """Character for character."""
    assert parse_scope(text, library).query == Query(text=text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("who in:cairo fled", ("in:cairo", "cairo", Reason.NO_SUCH_DOCUMENT)),
        ('who in:"hama cairo" fled', ('in:"hama cairo"', "hama cairo", Reason.NO_SUCH_DOCUMENT)),
        ('who in:"" fled', ('in:""', "", Reason.NO_SUCH_DOCUMENT)),
        ("who in:?! fled", ("in:?!", "", Reason.NO_SUCH_DOCUMENT)),
        ("who after:June fled", ("after:June", "June", Reason.NO_DATE)),
        ("who before:2011-13 fled", ("before:2011-13", "2011-13", Reason.NO_DATE)),
        ("who before:2011-02-30? fled", ("before:2011-02-30?", "2011-02-30", Reason.NO_DATE)),
        ("who after:11 fled", ("after:11", "11", Reason.NO_DATE)),
        ("who after:0000 fled", ("after:0000", "0000", Reason.NO_DATE)),
        (
            "who after:2012 fled before:2012",
            ("after:2012 before:2012",) * 2 + (Reason.NOTHING_BETWEEN,),
        ),
    ],
)
def test_what_cannot_be_followed_is_said(
    library: Library, text: str, problem: tuple[str, str, Reason]
) -> None:
    """Which part, what it names and why; and nothing is searched in its place."""
    scoped = parse_scope(text, library)
    part, value, reason = problem
    assert scoped.problems == (ScopeProblem(part=part, value=value, reason=reason),)
    assert scoped.unknown == (value if reason == Reason.NO_SUCH_DOCUMENT else None)
    assert scoped.query.text == "who fled"
    assert scoped.query.scope.documents == frozenset()


def test_every_problem_is_said_in_order(library: Library) -> None:
    """And what could be followed is still named."""
    scoped = parse_scope("in:cairo in:hama after:then who", library)
    assert [each.part for each in scoped.problems] == ["in:cairo", "after:then"]
    assert scoped.named == ("The Fall of Hama",)


_PARTS = st.sampled_from(
    [
        *("in:", "after:", "before:", "IN:", '"', "“", " ", " ", "hama", "syrian", "army", "who"),
        *("2011", "-06", "10:30", "?", "\n", "—", "北京", "the", "of"),
    ]
)


@given(st.lists(_PARTS, max_size=20).map("".join) | st.text(max_size=60))
def test_any_text_is_read(library: Library, text: str) -> None:
    """Nothing is added to a question, and words keep their order."""
    scoped = parse_scope(text, library)
    asked = scoped.query.text
    if text != asked:
        words = iter(text.split())
        assert all(any(word in whole for whole in words) for word in asked.split())
        assert len(asked) < len(text)
        assert not scoped.query.scope.is_everything
    assert all(problem.value in problem.part for problem in scoped.problems)
    assert all(
        problem.part in text or problem.reason == Reason.NOTHING_BETWEEN
        for problem in scoped.problems
    )


@given(
    before=st.lists(st.sampled_from(["who", "fled", "10:30"]), max_size=3),
    after=st.lists(st.sampled_from(["when", "why?", "http://a.b/in:c"]), max_size=3),
    date=st.dates(),
)
def test_an_operator_may_stand_anywhere(
    library: Library, before: list[str], after: list[str], date: object
) -> None:
    """The rest is the question, in its own order."""
    scoped = parse_scope(" ".join([*before, f"after:{date}", *after]), library)
    scope = Scope(after=str(date))
    assert scoped.query == Query(text=" ".join([*before, *after]), scope=scope)
    scoped = parse_scope(" ".join([*before, 'in:"fall of hama"', *after]), library)
    assert scoped.query == Query(
        text=" ".join([*before, *after]), scope=scope_of(library, "c.txt")
    )
