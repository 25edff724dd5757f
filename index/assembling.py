"""Writes what a generation says of all its documents together; see `index.generation`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.arrays import save_arrays
from index.chained import ChainedRecords
from index.placement import GONE
from index.resemblance import Links
from index.terms import TermStatistics
from index.tokens import PieceStatistics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.assembly import Assembly
    from index.placement import Placement
    from index.terms import TermStore
    from index.tokens import Projection

__all__ = ["Before", "assemble"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A generation to go on from: what it is made of, and which passages were found alike."""

    assembly: Assembly
    links: Links


def assemble(
    folder: Path, assembly: Assembly, projection: Projection, before: Before | None = None
) -> None:
    """Write a generation of these documents into a folder.

    With `before`, only passages that came or went since are looked at for near-duplicates.
    """
    segments, passages, documents = assembly.segments, assembly.passages, assembly.documents
    assembly.save(folder)
    projection.save(folder, "projection")
    _terms([each.terms for each in segments], passages).save(folder, "terms")
    _terms([each.document_terms for each in segments], documents).save(folder, "document_terms")
    PieceStatistics.total(
        [each.tokens.statistics for each in segments],
        [
            each.tokens.statistics_of(rows)
            for each, rows in zip(segments, _gone(passages), strict=True)
        ],
    ).save(folder, "tokens")
    links = _links(assembly, before)
    links.save(folder, "links")
    save_arrays(folder, "groups", {"first": links.first_alike(len(passages))})


def _gone(placement: Placement) -> Iterator[NDArray[np.int64]]:
    """Give for each segment the rows that are no part of the whole."""
    for rows in placement.rows:
        yield np.flatnonzero(rows == GONE)


def _terms(stores: Sequence[TermStore], placement: Placement) -> TermStatistics:
    gone = [store.of_rows(rows) for store, rows in zip(stores, _gone(placement), strict=True)]
    return TermStatistics.total(
        [each.statistics for each in stores],
        [TermStatistics.of_texts(each.lengths, each.hashes) for each in gone],
        placement.gathered([each.lengths for each in stores]),
    )


def _links(assembly: Assembly, before: Before | None) -> Links:
    segments, now = assembly.segments, assembly.passages
    passages = ChainedRecords([each.passages for each in segments], now)
    bands = [each.bands for each in segments]
    if before is None:
        return Links.found(bands, now, passages, None)
    moved = _moved(before.assembly, assembly)
    came = np.ones(len(now), bool)
    came[moved[moved != GONE]] = False
    if came.all():
        return Links.found(bands, now, passages, None)
    changed = [np.zeros(0, np.uint64)]
    changed += [
        each[:, (rows != GONE) & came[rows]].ravel()
        for each, rows in zip(bands, now.rows, strict=True)
    ]
    went = before.assembly.passages
    changed += [
        each.bands[:, (rows != GONE) & (moved[rows] == GONE)].ravel()
        for each, rows in zip(before.assembly.segments, went.rows, strict=True)
    ]
    distinct = np.unique(np.concatenate(changed))
    kept = before.links.without(distinct, moved)
    if not len(distinct):
        return kept
    return kept.joined(Links.found(bands, now, passages, distinct))


def _moved(before: Assembly, now: Assembly) -> NDArray[np.int64]:
    """Return for each passage from before its row now, or `GONE`."""
    moved = np.full(len(before.passages), GONE, np.int64)
    numbers = {each.name: number for number, each in enumerate(now.segments)}
    for segment, rows in zip(before.segments, before.passages.rows, strict=True):
        if segment.name in numbers:
            was = rows != GONE
            moved[rows[was]] = now.passages.rows[numbers[segment.name]][was]
    return moved
