"""Do the best passages state different numbers or dates for the thing that was asked for?

English only, and cautious: to say that sources differ where they don't is worse than to miss that
they do. The rules are listed in docs/retrieval.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.analysis import word_matches
from index.dates import PartialDate, do_dates_differ
from index.quantities import Quantity, do_quantities_differ
from index.queries import days_of
from index.sought import base_terms, sought_by
from index.statements import statement_in
from index.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.sought import Sought
    from index.statements import Statement, Value
    from index.types import Answer, Hit

__all__ = ["differing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Witness:
    """A hit, what its highlighted sentence states, and which sought terms are names in it."""

    hit: Hit
    statement: Statement
    names: frozenset[str]


def differing(answer: Answer) -> tuple[Hit, ...]:
    """Return the hits that state different values for what was asked, newest first; often none.

    The first hit is among them. All are of different documents, and each states another value; the
    undated come last. Only the highlighted sentences are compared. A question that goes on from
    others asks for what it was understood as: by itself it may not say of what.
    """
    sought = sought_by(answer.query)
    if sought is None or answer.verdict == Verdict.NO_ANSWER or not answer.hits:
        return ()
    first = _witness(answer.hits[0], sought)
    if first is None:
        return ()
    chosen = [first]
    for hit in answer.hits[1:]:
        if any(each.hit.passage.document_id == hit.passage.document_id for each in chosen):
            continue
        other = _witness(hit, sought)
        if other is not None and all(_do_differ(each, other, sought) for each in chosen):
            chosen.append(other)
    return _newest_first([each.hit for each in chosen]) if len(chosen) > 1 else ()


def _newest_first(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    def age(hit: Hit) -> tuple[bool, int]:
        published = hit.source.published
        return published is None, -days_of(published)[0]

    return tuple(sorted(hits, key=age))


def _witness(hit: Hit, sought: Sought) -> _Witness | None:
    """Return what a hit states, if its passage speaks of everything that was asked about."""
    passage, title = hit.passage, f"{hit.source.title}. {hit.passage.heading or ''}"
    stated = {*base_terms(passage.text), *base_terms(title)}
    if not stated.issuperset(sought.terms):
        return None
    sentence = passage.text[slice(*hit.highlight)]
    statement = statement_in(sentence, sought)
    if statement is None:
        return None
    names = _names_in(f"{title} {passage.text}", sought)
    is_about = names & set(base_terms(sentence)) or not statement.names
    return _Witness(hit=hit, statement=statement, names=names) if is_about else None


def _names_in(text: str, sought: Sought) -> frozenset[str]:
    """Return the sought terms that are always written with a capital or in digits."""
    capitals: dict[str, bool] = {}
    for match in word_matches(text):
        is_name = not match.group()[:1].islower()
        for term in base_terms(match.group()):
            capitals[term] = capitals.get(term, True) and is_name
    return frozenset(term for term in sought.terms if capitals.get(term))


def _do_differ(one: _Witness, other: _Witness, sought: Sought) -> bool:
    """Whether two hits state values that can't both be right, of the same thing."""
    mine, its = one.statement, other.statement
    names = one.names & other.names
    common = set(sought.terms) - names
    return (
        bool(names)
        and common <= mine.near
        and common <= its.near
        and mine.modifiers == its.modifiers
        and mine.longer_names == its.longer_names
        and mine.unreal == its.unreal
        and not _are_apart(mine.names, its.names)
        and not _are_apart(mine.weekdays, its.weekdays)
        and _is_same_time(mine, its)
        and _do_values_differ(mine.value, its.value)
    )


def _are_apart(mine: frozenset[str], its: frozenset[str]) -> bool:
    """Whether both say something of the kind, and nothing in common."""
    return bool(mine) and bool(its) and mine.isdisjoint(its)


def _is_same_time(mine: Statement, its: Statement) -> bool:
    """Whether the other dates of two sentences are no reason for different numbers."""
    if isinstance(mine.value, PartialDate):
        return True
    years = [{date.first_year for date in each.dates} - {None} for each in (mine, its)]
    return years[0] == years[1] and not any(
        do_dates_differ(date, another) for date in mine.dates for another in its.dates
    )


def _do_values_differ(one: Value, other: Value) -> bool:
    if isinstance(one, PartialDate) and isinstance(other, PartialDate):
        return do_dates_differ(one, other)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return do_quantities_differ(one, other)
    return False
