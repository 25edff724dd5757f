"""Operators within a question that say where to look: `in:title words after:2011-06 before:2012`.

An operator stands at the start of the text or after white space, and its value follows at once:
`10:30`, addresses and "in: " are left alone. Operators may come anywhere and in any order. Several
`in:` mean any of those documents; of several dates the narrowest count.

Without quotes a title goes on for as long as the words match one title together, so that the
question may follow: `in:syrian army who is harmoush`. It ends at a punctuation mark, before a word
that it has already, and before words such as "who" or "the" that no other word of it follows.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.analysis import ENGLISH_STOP_WORDS, fold, word_matches
from index.queries import Query, Scope, days_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.library import Library
    from index.types import Document

__all__ = ["Reason", "ScopeProblem", "Scoped", "parse_scope"]

_OPERATOR = re.compile(r"(?<!\S)(in|after|before):(?=\S)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]*)[\"“”»]")
_WORD = re.compile(r"\S+")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_ENDS = ".,;:!?…،؛؟"


class Reason(StrEnum):
    """Why an operator can't be followed."""

    NO_SUCH_DOCUMENT = "no document has these words in its title"
    NO_DATE = "not a date like 2011, 2011-06 or 2011-06-12"
    NOTHING_BETWEEN = "no time lies between these dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeProblem:
    """An operator that can't be followed: `part` as it was written, `value` what it names."""

    part: str
    value: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoped:
    """A question without its operators, and what they amount to.

    `named` are the titles of the documents that `in:` chose. With any problem the scope holds no
    document, so that one that is overlooked gives no answer rather than a wrong one.
    """

    query: Query
    named: tuple[str, ...] = ()
    problems: tuple[ScopeProblem, ...] = ()

    @property
    def unknown(self) -> str | None:
        """The first title words that fit no document."""
        return next(
            (each.value for each in self.problems if each.reason == Reason.NO_SUCH_DOCUMENT), None
        )


def parse_scope(text: str, library: Library) -> Scoped:
    """Read the operators of a question; a text without any is returned as it is.

    The query's text may be left blank: where to look was said, and nothing was asked.
    """
    asked: list[str] = []
    chosen: dict[str, Document] = {}
    dates: dict[str, list[str]] = {"in": [], "after": [], "before": []}
    problems: list[ScopeProblem] = []
    at = 0
    while (operator := _OPERATOR.search(text, at)) is not None:
        asked.append(text[at : operator.start()])
        name = operator[1].lower()
        if name == "in":
            value, at = _title(text, operator.end(), library)
            found = library.titled(value)
            chosen |= {document.id: document for document in found}
            reason = None if found else Reason.NO_SUCH_DOCUMENT
        else:
            value, at = _plain(text, operator.end())
            date = _iso_date(value)
            dates[name] += [date] if date else []
            reason = None if date else Reason.NO_DATE
        if reason is not None:
            part = text[operator.start() : at]
            problems.append(ScopeProblem(part=part, value=value, reason=reason))
    if not at:
        return Scoped(query=Query(text=text))
    asked.append(text[at:])
    after = max(dates["after"], key=days_of, default=None)
    before = min(dates["before"], key=days_of, default=None)
    if after and before and days_of(after)[0] >= days_of(before)[0]:
        part = f"after:{after} before:{before}"
        problems.append(ScopeProblem(part=part, value=part, reason=Reason.NOTHING_BETWEEN))
    documents = frozenset(chosen) if chosen and not problems else None
    scope = Scope(documents=frozenset() if problems else documents, after=after, before=before)
    return Scoped(
        query=Query(text=_joined(asked), scope=scope),
        named=tuple(document.source.title for document in chosen.values()),
        problems=tuple(problems),
    )


def _joined(parts: Iterable[str]) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def _plain(text: str, start: int) -> tuple[str, int]:
    """Return the word at `start` without the marks that end it, and where it ends."""
    quoted = _QUOTED.match(text, start)
    found = quoted or _WORD.match(text, start)
    if found is None:
        return "", start
    return (quoted[1] if quoted else found[0].rstrip(_ENDS)), found.end()


def _title(text: str, start: int, library: Library) -> tuple[str, int]:
    """Return the words of a title from `start` on, and where they end."""
    value, end = _plain(text, start)
    if _QUOTED.match(text, start) or not library.titled(value):
        return value, end
    seen: set[str] = set()
    for word in _WORD.finditer(text, start):
        folded = {fold(match.group()) for match in word_matches(word[0])}
        is_over = folded <= seen or _OPERATOR.match(text, word.start())
        if is_over or not library.titled(text[start : word.end()]):
            break
        seen |= folded
        if not folded <= ENGLISH_STOP_WORDS:
            end = word.end()
        if word[0][-1] in _ENDS:
            break
    return text[start:end].rstrip(_ENDS), end


def _iso_date(value: str) -> str | None:
    """Return a date, year or month as ISO 8601; digits may be of any script."""
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    parts = [int(part) for part in found.groups() if part is not None]
    try:
        date = dt.date(*(*parts, 1, 1)[:3])
    except ValueError:
        return None
    return date.isoformat()[: 1 + 3 * len(parts)]
